"""Better wordings that readers sent, as wordings of the words a case is about. Reads only.

Readers mark the same mistake differently: one a figure, the next the whole sentence. Whose wording replaces less than
the case's words gets the rest around it; who marked more has it taken off where she left it as it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Min

from standfirst.corrections.models import Case, Suggestion
from standfirst.corrections.models.challenges import Passage
from standfirst.kit.worddiff import Piece, word_difference


@dataclass
class Wording:
    """The same better wording, by as many readers. about: the words it replaces; fits: they are the case's own."""

    words: str
    readers: int
    about: str
    fits: bool = True

    @property
    def difference(self) -> list[Piece]:
        return word_difference(self.about, self.words)


def wordings_of(cases: Iterable[Case]) -> dict[int, list[Wording]]:
    """Case → the better wordings its readers sent, those of most readers first; one question for a whole page."""
    by_key = {case.pk: case for case in cases}
    grouped = (
        Suggestion.objects.filter(case_id__in=list(by_key), is_spam=False)
        .exclude(wording="")
        .values("case_id", "wording", "exact", "block", "start", "end", "version")
        .annotate(readers=Count("pk"), first=Min("received_at"))
        .order_by("case_id", F("first").asc())
    )
    found: dict[int, dict[tuple[str, str], Wording]] = {}
    for row in grouped:
        case = by_key[row["case_id"]]
        where = {"version": row["version"], "block": row["block"], "start": row["start"], "end": row["end"]}
        marked = Suggestion(exact=row["exact"], **where)
        words = _fitted(case, marked, row["wording"])
        about = case.exact if words is not None else row["exact"]
        said = row["wording"] if words is None else words
        if said == about:
            continue
        same = found.setdefault(case.pk, {})
        one = same.setdefault((about, said), Wording(said, 0, about, fits=words is not None))
        one.readers += row["readers"]
    return {key: sorted(same.values(), key=lambda one: (not one.fits, -one.readers)) for key, same in found.items()}


def _fitted(case: Passage, marked: Passage, wording: str) -> str | None:
    """What the case's words would be; None where that cannot be said for certain."""
    if marked.exact == case.exact or not marked.exact:
        return wording
    at = _offset(case, marked)
    if at is None:
        return None
    end = at + len(marked.exact)
    if at >= 0 and case.exact[at:end] == marked.exact:
        return case.exact[:at] + wording + case.exact[end:]
    if at <= 0 and marked.exact[-at : len(case.exact) - at] == case.exact:
        head, tail = marked.exact[:-at] if at else "", marked.exact[len(case.exact) - at :]
        is_around = len(wording) >= len(head) + len(tail) and wording.startswith(head) and wording.endswith(tail)
        return wording[len(head) : len(wording) - len(tail)] if is_around else None
    return None


def _offset(case: Passage, marked: Passage) -> int | None:
    """How far behind the beginning of the case's words those that were marked begin."""
    is_same_text = case.version == marked.version and case.block == marked.block
    if is_same_text and case.start is not None and marked.start is not None:
        return marked.start - case.start
    if case.exact and marked.exact.count(case.exact) == 1:
        return -marked.exact.index(case.exact)
    return case.exact.index(marked.exact) if case.exact.count(marked.exact) == 1 else None
