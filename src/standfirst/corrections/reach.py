"""What a withholding reaches: every row of ours that says the words, quotes them or speaks about them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case as Case_
from django.db.models import Q, QuerySet, TextField, When
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import ReferenceIndex

from standfirst.corrections import vault
from standfirst.corrections.comparing import compared
from standfirst.corrections.models import (
    AmendmentText,
    Case,
    CorrectionLabel,
    CorrectionText,
    Suggestion,
    Withholding,
)
from standfirst.kit.anchoring import normal
from standfirst.kit.masking import Mask
from standfirst.kit.slugs import slugify_ascii
from standfirst.stories.models import NewsImage, PublicVersion, StoryPage, VersionText
from standfirst.stories.passages import text_of_version

MOST_ELSEWHERE = 20


@dataclass(frozen=True)
class Reached:
    """A row. is_whole: all of its words; fields: those; neither: wherever the withheld words stand in it."""

    table: str
    row: Any
    is_whole: bool = False
    fields: tuple[str, ...] = ()


def rows_reached(one: Withholding) -> Iterator[Reached]:
    """The rows that a withholding reaches now. A withholding that is not saved yet can be asked, too."""
    kinds = Withholding.Kind
    if one.kind == kinds.STORY:
        yield from _of_story(one)
    elif one.kind == kinds.VERSION and one.version is not None:
        yield from _of_version(one, one.version)
    elif one.kind == kinds.WORDS:
        yield from _of_words(one)
    elif one.kind == kinds.NOTE:
        yield from _of_note(one)


def listed() -> QuerySet[Withholding]:
    """Everything that was ever withheld; what waits for a second person first, then the newest."""
    waits = Case_(When(confirmed_at=None, lifted_at=None, destroyed_at=None, then=0), default=1)
    rows = Withholding.objects.select_related(
        "story__locale", "version", "entry", "by", "confirmed_by", "lifted_by"
    ).defer("story__body", "story__methods")
    return rows.order_by(waits, "-at", "-pk")


def pictures_of(story: StoryPage) -> list[NewsImage]:
    """The pictures that a story shows, or once showed in a version whose words are there."""
    found: set[int] = set()
    for text in VersionText.objects.filter(version__story=story):
        found |= pictures_in(json.loads(bytes(text.canonical)))
    return list(NewsImage.objects.filter(pk__in=found).order_by("title", "pk"))


def pictures_in(data: Any) -> set[int]:
    """The numbers of the pictures in a story's data (`stories.canonical`)."""
    if isinstance(data, dict):
        own = {data["image"]} if isinstance(data.get("image"), int) else set()
        return own.union(*(pictures_in(one) for one in data.values()))
    if isinstance(data, list):
        return set().union(*(pictures_in(one) for one in data))
    return set()


def reach_said(one: Withholding, *, is_seen_now: bool) -> Iterator[str]:
    """What a withholding reaches, in sentences for whoever is about to do it."""
    rows = list(rows_reached(one))
    numbers = sorted(row.row.version.number for row in rows if row.table == vault.VERSION)
    entries = sorted({row.row.correction.number for row in rows if row.table == vault.ENTRY})
    lines = sum(row.table == vault.LINE for row in rows)
    reports = sum(row.table == vault.SUGGESTION for row in rows)
    if is_seen_now:
        yield _("The story leaves the paper at once; its address says that it was withdrawn.")
    if one.kind == Withholding.Kind.WORDS and vault.mask_of(one).finds(_now(one.story)):
        yield _("The story as it is now: the words are replaced, in every draft too, and a new version is published.")
    if numbers:
        yield _("Public versions: %(numbers)s.") % {"numbers": ", ".join(map(str, numbers))}
    if entries:
        yield _("Entries of the log: %(numbers)s.") % {"numbers": ", ".join(map(str, entries))}
    if lines:
        yield ngettext("%(count)d line added below an entry.", "%(count)d lines added below entries.", lines) % {
            "count": lines
        }
    if reports:
        yield ngettext("%(count)d report of a reader.", "%(count)d reports of readers.", reports) % {"count": reports}
    if one.kind == Withholding.Kind.PICTURE and one.picture:
        yield _("The picture in every size and shape, and its original.")
        for story in stories_showing(one.picture):
            yield _("The story “%(headline)s”, which shows it.") % {"headline": story.draft_title}


def not_reached(one: Withholding) -> Iterator[str]:
    """What keeps saying it, and what can be done about that."""
    if one.kind == Withholding.Kind.WORDS:
        mask = vault.mask_of(one)
        slug = (one.story.public_path or "").replace("-", " ")
        if any(slugify_ascii(form).replace("-", " ") in slug for form in one.words if slugify_ascii(form)):
            yield _("The story’s address says some of these words, and stays. Withhold the whole story instead.")
        for line in one.story.story_bylines.select_related("byline"):
            if mask.finds(line.byline.name_in(one.story.language)):
                yield _("The name of an author stays below the headline. Change it at her profile.")
        if any(mask.finds(tag.name) for tag in one.story.tags.all()):
            yield _("The name of a subject stays below the story. Take the subject off it.")
    elif one.kind == Withholding.Kind.VERSION and one.version:
        for entry in _entries(one).filter(correction__before=one.version).exclude(note=""):
            yield _("The note of entry %(number)d, which speaks about this version, stays: “%(note)s”") % {
                "number": entry.correction.number,
                "note": entry.note,
            }
    elif one.kind == Withholding.Kind.PICTURE:
        yield _("What the text says of the picture. Withhold these words, too, if they say too much.")


def stories_elsewhere(one: Withholding) -> list[StoryPage]:
    """Other stories that say the same words, letter by letter; at most as many as anybody would look through."""
    if one.kind != Withholding.Kind.WORDS:
        return []
    said = Q()
    for form in one.words:
        for name in ("title", "standfirst", "blocks", "lead_caption", "methods"):
            said |= Q(**{f"{name}__icontains": form})
        # As a stream of blocks keeps letters beyond ASCII.
        said |= Q(blocks__contains=json.dumps(form)[1:-1])
    rows = (
        StoryPage.objects.annotate(blocks=Cast("body", TextField()))
        .filter(said)
        .exclude(pk=one.story_id)
        .filter(public_versions__isnull=False)
    )
    return list(rows.select_related("locale").defer("body", "methods").distinct().order_by("-pk")[:MOST_ELSEWHERE])


def stories_showing(picture: int) -> list[StoryPage]:
    """The stories, public or not, that show a picture as they are now or in a working copy."""
    held = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(NewsImage), to_object_id=str(picture)
    ).values_list("object_id", flat=True)
    pks = {int(pk) for pk in held if pk.isdecimal()}
    return list(StoryPage.objects.filter(Q(pk__in=pks) | Q(lead_image=picture)).select_related("locale").order_by("pk"))


def _now(story: StoryPage) -> Any:
    return StoryPage.objects.get(pk=story.pk).serializable_data()


def _of_story(one: Withholding) -> Iterator[Reached]:
    for text in _versions(one):
        yield Reached(vault.VERSION, text, is_whole=True)
    for entry in _entries(one):
        yield Reached(vault.ENTRY, entry, is_whole=True)
    for line in _lines(one):
        yield Reached(vault.LINE, line, is_whole=True)
    for table, row in _reports(one):
        yield Reached(table, row, is_whole=True)


def _of_version(one: Withholding, version: PublicVersion) -> Iterator[Reached]:
    for text in _versions(one).filter(version=version):
        yield Reached(vault.VERSION, text, is_whole=True)
    for entry in _entries(one).filter(Q(correction__after=version) | Q(correction__before=version)):
        if entry.correction.after_id == version.pk:
            # Its note went out with the version.
            yield Reached(vault.ENTRY, entry, is_whole=True)
        else:
            yield Reached(vault.ENTRY, entry, fields=("was", "now"))
    stays = _whole_texts(one, but=version)
    for table, row in _reports(one):
        if row.version == version.number and not any(normal(row.exact) in text for text in stays):
            yield Reached(table, row, is_whole=True)


def _of_words(one: Withholding) -> Iterator[Reached]:
    mask = vault.mask_of(one)
    bearing = set()
    for text in _versions(one):
        if vault.stands_in(mask, vault.VERSION, vault.read(vault.VERSION, text)):
            bearing.add(text.version_id)
            yield Reached(vault.VERSION, text)
    for entry in _entries(one):
        correction = entry.correction
        shows = {correction.before_id, correction.after_id} & bearing and _shows_them(mask, correction)
        if shows:
            # Cut round what changed: part of the words may stand there.
            yield Reached(vault.ENTRY, entry, fields=("was", "now"))
        if vault.stands_in(mask, vault.ENTRY, vault.read(vault.ENTRY, entry)):
            yield Reached(vault.ENTRY, entry)
    for line in _lines(one):
        if vault.stands_in(mask, vault.LINE, vault.read(vault.LINE, line)):
            yield Reached(vault.LINE, line)
    for table, row in _reports(one):
        if vault.stands_in(mask, table, vault.read(table, row)):
            yield Reached(table, row)


def _of_note(one: Withholding) -> Iterator[Reached]:
    if one.line_of_id:
        for line in _lines(one).filter(amendment=one.line_of_id):
            yield Reached(vault.LINE, line, is_whole=True)
        return
    for entry in _entries(one).filter(correction=one.note_of_id):
        yield Reached(vault.ENTRY, entry, is_whole=True)
        for text in _versions(one).filter(version=entry.correction.after_id).exclude(note=""):
            yield Reached(vault.VERSION, text, fields=("note",))


def _shows_them(mask: Mask, correction: Any) -> bool:
    """Whether a passage that an entry is about says the words."""
    if correction.after is None:
        return False
    found = compared(correction.before, correction.after)
    return any(mask.finds("".join(piece.words for piece in one.pieces)) for one in found.differences)


def _versions(one: Withholding) -> Any:
    return VersionText.objects.filter(version__story=one.story_id).select_related("version").order_by("pk")


def _entries(one: Withholding) -> Any:
    # Entries of withholdings say nothing that could be withheld.
    rows = CorrectionText.objects.filter(correction__story=one.story_id)
    return (
        rows.exclude(correction__label=CorrectionLabel.REMOVAL)
        .select_related("correction__before__text", "correction__after__text")
        .order_by("pk")
    )


def _lines(one: Withholding) -> Any:
    rows = AmendmentText.objects.filter(amendment__correction__story=one.story_id)
    return rows.exclude(amendment__correction__label=CorrectionLabel.REMOVAL).order_by("pk")


def _reports(one: Withholding) -> Iterator[tuple[str, Any]]:
    for case in Case.objects.filter(story=one.story_id).order_by("pk"):
        yield vault.CASE, case
    for suggestion in Suggestion.objects.filter(case__story=one.story_id).order_by("pk"):
        yield vault.SUGGESTION, suggestion


def _whole_texts(one: Withholding, but: PublicVersion) -> list[str]:
    """What stays readable of the story's versions."""
    rows = PublicVersion.objects.filter(story=one.story_id).exclude(pk=but.pk).select_related("text")
    return [text.whole for text in map(text_of_version, rows) if text is not None]
