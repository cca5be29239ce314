"""What waits at the desk, in the order in which it is looked at. Reads only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max, Min, Q, QuerySet

from standfirst.corrections.models import Case, Correction, SecondLook, Suggestion
from standfirst.corrections.wordings import Wording, wordings_of
from standfirst.people.models import User

WAITING, CHECKING, MINE, DECIDED = "waiting", "checking", "mine", "decided"
SHOWS = (WAITING, CHECKING, MINE, DECIDED)
PAGE = 25
# Of the wordings and reasons of one case, so many are shown; a case may have five hundred.
WORDINGS, REASONS = 8, 12


@dataclass(frozen=True)
class Asked:
    """What somebody looks at: which cases, and of what."""

    show: str = WAITING
    section: int | None = None
    story: int | None = None
    gravity: int | None = None
    words: str = ""

    @classmethod
    def of(cls, asked: Any) -> Asked:
        """From the address of the page; what makes no sense is left out."""

        def number(name: str) -> int | None:
            value = asked.get(name, "")
            return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None

        show = asked.get("show", "")
        return cls(
            show if show in SHOWS else WAITING,
            number("section"),
            number("story"),
            number("gravity"),
            " ".join(asked.get("words", "").split())[:100],
        )

    def address(self, **more: Any) -> str:
        """The query of the same page, with something added or (None) taken away."""
        found = urlencode({key: value for key, value in (self.fields | more).items() if value not in (None, "")})
        return f"?{found}" if found else "?"

    @property
    def fields(self) -> dict[str, Any]:
        """The same as fields of a form."""
        named = {"show": self.show if self.show != WAITING else None, "section": self.section, "story": self.story}
        named |= {"gravity": self.gravity, "words": self.words}
        return {key: value for key, value in named.items() if value not in (None, "")}

    @property
    def is_narrowed(self) -> bool:
        return self != replace(Asked(), show=self.show)


@dataclass(frozen=True)
class Counts:
    waiting: int = 0
    checking: int = 0
    mine: int = 0
    aside: int = 0
    aside_until: dt.datetime | None = None
    oldest: dt.datetime | None = None


@dataclass
class Voices:
    """What the readers of one case said."""

    wordings: list[Wording] = field(default_factory=list)
    more_wordings: int = 0
    reasons: list[Suggestion] = field(default_factory=list)
    more_reasons: int = 0
    wants_answer: int = 0
    credits: list[str] = field(default_factory=list)


def counts(user: Any = None) -> Counts:
    """How many wait; one question."""
    calm = Q(is_aside=False)
    found = Case.objects.filter(state__in=Case.OPEN).aggregate(
        waiting=Count("pk", filter=calm & Q(state=Case.State.NEW)),
        checking=Count("pk", filter=calm & Q(state=Case.State.CHECKING)),
        mine=Count("pk", filter=calm & Q(state=Case.State.CHECKING, assigned_to=user))
        if user
        else Count("pk", filter=Q(pk=None)),
        aside=Count("pk", filter=Q(is_aside=True)),
        aside_until=Max("opened_at", filter=Q(is_aside=True)),
        oldest=Min("opened_at", filter=calm & Q(state=Case.State.NEW)),
    )
    return Counts(**found)


def cases(asked: Asked, user: User | None = None) -> QuerySet[Case]:
    """The cases somebody asked for, in their order; rows alone."""
    found = Case.objects.all()
    if asked.show == DECIDED:
        found = found.exclude(state__in=Case.OPEN).order_by("-decided_at", "-pk")
    else:
        state = Case.State.NEW if asked.show == WAITING else Case.State.CHECKING
        found = found.filter(state=state, is_aside=False).order_by("-gravity", "opened_at", "pk")
    if asked.show == MINE:
        found = found.filter(assigned_to=user)
    if asked.section:
        found = found.filter(story__section_id=asked.section)
    if asked.story:
        found = found.filter(story_id=asked.story)
    if asked.gravity:
        found = found.filter(gravity=asked.gravity)
    if asked.words:
        found = found.filter(Q(exact__icontains=asked.words) | Q(story__title__icontains=asked.words))
    return found


def with_story(rows: QuerySet[Case]) -> QuerySet[Case]:
    """With what a line says of the story; never its text."""
    heavy = ("story__body", "story__methods", "story__search_description")
    return rows.select_related("story__section", "story__locale", "assigned_to", "decided_by", "correction").defer(
        *heavy
    )


def before(case: Case, asked: Asked) -> Q:
    """The rows that stand before this one in that order."""
    if asked.show == DECIDED:
        return Q(decided_at__gt=case.decided_at) | Q(decided_at=case.decided_at, pk__gt=case.pk)
    return (
        Q(gravity__gt=case.gravity)
        | Q(gravity=case.gravity, opened_at__lt=case.opened_at)
        | Q(gravity=case.gravity, opened_at=case.opened_at, pk__lt=case.pk)
    )


def following(case: Case, asked: Asked, user: User) -> int | None:
    """The case after this one in the order it had; after the last one, the first."""
    rows = cases(asked, user).exclude(pk=case.pk)
    after = rows.exclude(before(case, asked)).values_list("pk", flat=True).first()
    return after or rows.values_list("pk", flat=True).first()


def entry_address(case: Case | None) -> str:
    """Where the public entry of a case's correction stands; "" without one."""
    return f"/corrections/{case.correction.number}/" if case is not None and case.correction is not None else ""


def with_repeats(case: Case) -> list[int]:
    """The keys of a case and of those that repeat it. Asked first: no index serves an “or” across two tables."""
    return [case.pk, *Case.objects.filter(duplicate_of=case).values_list("pk", flat=True)]


def voices_of(case: Case) -> Voices:
    """What this case's readers said, and those of the cases that repeat it."""
    theirs = Suggestion.objects.filter(case_id__in=with_repeats(case), is_spam=False)
    wordings = wordings_of([case]).get(case.pk, [])
    reasons = theirs.exclude(why="").order_by("received_at", "pk")
    # One more than are shown says whether there are more; only then they are counted.
    shown = list(reasons[: REASONS + 1])
    count = reasons.count() if len(shown) > REASONS else len(shown)
    named = theirs.exclude(credit="").order_by("received_at").values_list("credit", flat=True)
    return Voices(
        wordings=wordings[:WORDINGS],
        more_wordings=max(0, len(wordings) - WORDINGS),
        reasons=shown[:REASONS],
        more_reasons=max(0, count - REASONS),
        wants_answer=theirs.exclude(reply_to="").count(),
        credits=list(dict.fromkeys(named[:REASONS])),
    )


def near(case: Case) -> tuple[list[Case], list[Correction]]:
    """What this one may repeat: other cases about the story, and what the log says of it."""
    others = Case.objects.filter(story_id=case.story_id, duplicate_of=None).exclude(pk=case.pk)
    open_first = others.exclude(state__in=[Case.State.SPAM, Case.State.DUPLICATE]).order_by("-reported_at")[:30]
    entries = Correction.objects.filter(story_id=case.story_id).select_related("text").order_by("-number")[:30]
    return list(open_first), list(entries)


def open_of_story(story_id: int) -> QuerySet[Case]:
    """Open cases about one story, for its form."""
    rows = Case.objects.filter(story_id=story_id, state__in=Case.OPEN, is_aside=False)
    return rows.order_by("-gravity", "opened_at", "pk")


def looks_waiting() -> QuerySet[SecondLook]:
    """Corrections of authors' own stories that another editor has not looked at yet, the oldest first."""
    return (
        SecondLook.objects.filter(looked_at=None)
        .select_related("correction__text", "correction__story__locale", "author")
        .defer("correction__story__body", "correction__story__methods")
        .order_by("waits_since", "pk")
    )
