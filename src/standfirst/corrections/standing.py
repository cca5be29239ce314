"""Where the words of a case stand in the newest public version, for an editor who decides about them."""

from __future__ import annotations

from dataclasses import dataclass

from standfirst.corrections.models import Case, Suggestion
from standfirst.kit.anchoring import NotPlaced, Place, Quote, Text, carry, place
from standfirst.stories.models import PublicVersion
from standfirst.stories.passages import text_of_version

# So much around the words is shown; a passage is mostly shorter.
AROUND = 420


@dataclass(frozen=True)
class Standing:
    """how: "there" (the words as they were reported), "changed" (other words now), "picked" (a passage that an editor
    chose), "lost" or "withheld".

    place: where they stand, or where what seems to have become of them stands; None when nothing is found that could
    be put right from here. before, words, after: the passage as it is now. version: the newest one's number.
    """

    how: str
    version: int
    place: Place | None = None
    before: str = ""
    words: str = ""
    after: str = ""

    @property
    def is_there(self) -> bool:
        return self.how == "there"


def standing_of(case: Case) -> Standing:
    """Look for the words of a case where readers see the story now. Never guesses: see kit.anchoring."""
    newest = newest_version(case.story_id)
    text = text_of_version(newest) if newest is not None else None
    if newest is None or text is None:
        return Standing("withheld", newest.number if newest else 0)
    found = _carried(case, newest, text)
    if found is not None:
        return _shown("there", newest, text, found)
    like = place(Quote(exact=case.exact, prefix=case.prefix, suffix=case.suffix, block=case.block), text, strict=True)
    if isinstance(like, Place) and case.exact:
        return _shown("there" if like.exact == case.exact else "changed", newest, text, like)
    block = case.block or _block_reported(case)
    passage = text.passage(block) if block else None
    if passage is not None:
        return Standing("changed", newest.number, None, passage.text)
    return Standing("lost", newest.number)


def standing_in(case: Case, block: str) -> Standing:
    """The whole passage that an editor picked, where it was not found for her or is another one than was meant."""
    newest = newest_version(case.story_id)
    text = text_of_version(newest) if newest is not None else None
    if newest is None or text is None:
        return Standing("withheld", newest.number if newest else 0)
    passage, begin = text.passage(block), text.begin(block)
    if passage is None or begin is None:
        return Standing("lost", newest.number)
    return Standing("picked", newest.number, text.place(begin, begin + len(passage.text)), words=passage.text)


def newest_version(story_id: int) -> PublicVersion | None:
    return PublicVersion.objects.filter(story_id=story_id).select_related("text").order_by("-number").first()


def _carried(case: Case, newest: PublicVersion, text: Text) -> Place | None:
    if case.start is None or case.end is None or not case.exact:
        return None
    there = Place(case.block, case.start, case.end, case.exact, case.prefix, case.suffix, "there")
    if case.version == newest.number:
        return there if text.words(there) == case.exact else None
    was = PublicVersion.objects.filter(story_id=case.story_id, number=case.version).select_related("text").first()
    old = text_of_version(was) if was is not None else None
    found = carry(there, old, text) if old is not None else NotPlaced("absent")
    return found if isinstance(found, Place) else None


def _block_reported(case: Case) -> str:
    """The passage in which somebody saw these words; the case itself forgets it when they are gone."""
    found = Suggestion.objects.filter(case=case).exclude(block="").values_list("block", flat=True).first()
    return str(found or "")


def _shown(how: str, newest: PublicVersion, text: Text, there: Place) -> Standing:
    span = text.span(there)
    if span is None:
        return Standing("lost", newest.number)
    first, last = span
    before, after = _around(text.whole, first, last)
    return Standing(how, newest.number, there, before, text.whole[first:last], after)


def _around(whole: str, first: int, last: int) -> tuple[str, str]:
    """The rest of the passage before and behind these words, cut between words where it is long."""
    begin, end = whole.rfind("\n", 0, first) + 1, whole.find("\n", last)
    before, after = whole[begin:first], whole[last : len(whole) if end < 0 else end]
    if len(before) > AROUND:
        before = "… " + before[-AROUND:].partition(" ")[2]
    if len(after) > AROUND:
        after = after[:AROUND].rpartition(" ")[0] + " …"
    return before, after
