"""What the record's pages show, gathered for their templates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.utils.translation import pgettext_lazy

from standfirst.corrections import logbook
from standfirst.corrections.comparing import Comparison, compared
from standfirst.corrections.models import Correction
from standfirst.corrections.record.pictures import pictures_put_in
from standfirst.kit.worddiff import Difference, Piece, word_difference
from standfirst.stories.models import ChangeLabel, PublicVersion, StoryPage
from standfirst.stories.passages import version_data
from standfirst.stories.richtext import LinkTargets

# What a passage is called above its difference; a paragraph needs no name.
NAMES = {
    "headline": pgettext_lazy("part of a story", "Headline"),
    "standfirst": pgettext_lazy("part of a story", "Standfirst"),
    "kicker": pgettext_lazy("part of a story", "Kicker"),
    "lead-caption": pgettext_lazy("part of a story", "Caption of the lead picture"),
    "lead-picture": pgettext_lazy("part of a story", "Lead picture"),
    "kind": pgettext_lazy("part of a story", "Kind"),
    "section": pgettext_lazy("part of a story", "Section"),
    "dateline": pgettext_lazy("part of a story", "Reported from"),
    "bylines": pgettext_lazy("part of a story", "By"),
    "based_on": pgettext_lazy("part of a story", "Based on reporting by"),
    "source": pgettext_lazy("part of a story", "Sources"),
    "tags": pgettext_lazy("part of a story", "Filed under"),
    "pictures": pgettext_lazy("part of a story", "Pictures"),
}
_MOST_WORDS_IN_FRAGMENT = 8
_WORDS_AROUND = 3


@dataclass(frozen=True)
class ShownDifference:
    """One passage that changed: what it is called, and its words. Runs that stayed are cut."""

    name: str
    pieces: list[Piece]


@dataclass
class EntryPage:
    """An entry with all that its page shows."""

    correction: Correction
    differences: list[ShownDifference] = field(default_factory=list)
    words_url: str = ""
    before_url: str = ""
    after_url: str = ""


@dataclass
class VersionLine:
    """A version in the history of a story. is_labelled: readers were told what the change was."""

    version: PublicVersion
    url: str
    is_newest: bool
    comparison: Comparison
    differences: list[ShownDifference]
    correction: Correction | None = None

    @property
    def label(self) -> str:
        return str(ChangeLabel(self.version.label).label) if self.version.label else ""

    @property
    def note(self) -> str:
        return self.version.text.note if hasattr(self.version, "text") else ""

    @property
    def is_withheld(self) -> bool:
        return not hasattr(self.version, "text")


@dataclass
class OldVersion:
    """One version as it read. data: its frozen form; None where its words are withheld."""

    line: VersionLine
    data: dict[str, Any] | None
    targets: LinkTargets
    newest: int

    @property
    def salt(self) -> str:
        return bytes(self.line.version.salt).hex()


def shown_differences(comparison: Comparison) -> list[ShownDifference]:
    return [_shown(one) for one in comparison.differences]


def _shown(one: Difference) -> ShownDifference:
    name = "source" if one.name.startswith("source-") else one.name
    return ShownDifference(str(NAMES.get(name, "")), one.shortened())


def version_url(version: PublicVersion, story: StoryPage) -> str:
    return f"{story.public_path}versions/{version.number}/"


def entry_page(correction: Correction) -> EntryPage:
    story = correction.story
    page = EntryPage(correction)
    is_public = story.live and bool(story.public_path)
    if correction.is_withheld or not is_public:
        return page
    comparison = compared(correction.before, correction.after) if correction.after else Comparison(is_known=False)
    if comparison.is_known:
        page.differences = shown_differences(comparison)
    elif correction.text.was or correction.text.now:
        page.differences = [ShownDifference("", word_difference(correction.text.was, correction.text.now))]
    if correction.before:
        page.before_url = version_url(correction.before, story)
    if correction.after:
        page.after_url = version_url(correction.after, story)
    page.words_url = f"{story.public_path}{_fragment(page.differences)}"
    return page


def history(story: StoryPage) -> list[VersionLine]:
    """Every public version, the newest first, each compared with the one before it."""
    versions = logbook.versions_of(story)
    entries = {one.after_id: one for one in logbook.corrections_of(story)}
    lines = []
    for number, version in enumerate(versions):
        before = versions[number + 1] if number + 1 < len(versions) else None
        lines.append(_line(version, before, story, entries, is_newest=number == 0))
    return lines


def _line(
    version: PublicVersion,
    before: PublicVersion | None,
    story: StoryPage,
    entries: dict[int | None, Correction],
    *,
    is_newest: bool,
) -> VersionLine:
    comparison = compared(before, version)
    return VersionLine(
        version,
        version_url(version, story),
        is_newest,
        comparison,
        shown_differences(comparison),
        entries.get(version.pk),
    )


def old_version(version: PublicVersion) -> OldVersion:
    story = version.story
    newest = story.public_versions.order_by("-number").values_list("number", flat=True)[0]
    before = story.public_versions.filter(number=version.number - 1).select_related("text").first()
    entries = {one.after_id: one for one in logbook.corrections_of(story)}
    line = _line(version, before, story, entries, is_newest=version.number == newest)
    data = version_data(version)
    if data:
        pictures_put_in(version, data)
    texts = rich_texts_of(data) if data else []
    return OldVersion(line, data, LinkTargets(texts), newest)


def rich_texts_of(data: dict[str, Any]) -> list[str]:
    """Every rich text of a frozen version, to find what its links point to."""
    texts = [str(data.get("methods") or "")]
    for block in data.get("body") or []:
        value = block.get("value")
        texts += [value] if isinstance(value, str) else list(value.values()) if isinstance(value, dict) else []
    return [one for one in texts if isinstance(one, str) and "<a " in one]


def _fragment(differences: list[ShownDifference]) -> str:
    """A link to the words themselves (AN-08): the first that are new, else what stands beside what was taken out."""
    for difference in differences:
        pieces = [piece for piece in difference.pieces if piece.kind != "old"]
        for number, piece in enumerate(pieces):
            if piece.kind != "new":
                continue
            before = pieces[number - 1].words.split()[-_WORDS_AROUND:] if number else []
            after = pieces[number + 1].words.split()[:_WORDS_AROUND] if number + 1 < len(pieces) else []
            return text_fragment(piece.words.split(), before, after)
        words = [word for piece in pieces for word in piece.words.split() if word != "…"]
        if words:
            return text_fragment(words[:_MOST_WORDS_IN_FRAGMENT], [], [])
    return ""


def text_fragment(words: list[str], before: list[str], after: list[str]) -> str:
    """ "#:~:text=[prefix-,]start[,end][,-suffix]", each part encoded so that its signs are not taken for those."""
    before = [word for word in before if word != "…"]
    after = [word for word in after if word != "…"]
    parts = []
    if before:
        parts.append(f"{_encoded(before)}-")
    if len(words) > _MOST_WORDS_IN_FRAGMENT:
        half = _MOST_WORDS_IN_FRAGMENT // 2
        parts += [_encoded(words[:half]), _encoded(words[-half:])]
    else:
        parts.append(_encoded(words))
    if after:
        parts.append(f"-{_encoded(after)}")
    return f"#:~:text={','.join(parts)}"


def _encoded(words: list[str]) -> str:
    return quote(" ".join(words), safe="").replace("-", "%2D")
