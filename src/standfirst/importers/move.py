"""Moving in: batches of what a source gives, each its own transaction, so that it can be stopped anywhere."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from standfirst.fronts.intake import free_standing_path, standing_page_take_in
from standfirst.fronts.models import StandingPage
from standfirst.importers.arrivals import Arrivals, Coming, without_ids
from standfirst.importers.asides import Asides
from standfirst.importers.content import HtmlReader
from standfirst.importers.documents import Documents
from standfirst.importers.errors import UNREADABLE, stop_if_ours
from standfirst.importers.laid import LaidFiles
from standfirst.importers.leading import Leading
from standfirst.importers.leads import addresses_lead, site_addresses_lead
from standfirst.importers.links import Links
from standfirst.importers.lock import one_import
from standfirst.importers.media import MediaFolder
from standfirst.importers.memory import Memory
from standfirst.importers.models import ImportedItem, Move, MoveEntry
from standfirst.importers.names import MENU_LENGTH, Names
from standfirst.importers.oldfiles import OldFiles
from standfirst.importers.outline import Outline
from standfirst.importers.pace import Pace
from standfirst.importers.pictures import Pictures
from standfirst.importers.records import Aside, Incoming, LeftOut, Source
from standfirst.importers.report import LONGEST_TEXT, Report
from standfirst.kit.canonical import canonical_digest
from standfirst.kit.html import clean_passage, text_of
from standfirst.kit.links import split
from standfirst.stories.canonical import story_bytes
from standfirst.stories.models import StoryPage
from standfirst.stories.services import Arrival, stories_take_in, story_take_again

BATCH = 100
logger = logging.getLogger(__name__)

if TYPE_CHECKING:
    from standfirst.importers.download import Downloads

Step = Callable[[int], None]


def move_in(
    *,
    open_source: Callable[[], Source],
    file: str = "",
    media: Path | None = None,
    downloads_of: Callable[[Source], Downloads] | None = None,
    opened: Callable[[Source], Step | None] | None = None,
) -> Report:
    """Bring what an old system exported into this newsroom.

    open_source reads the whole of it once before anything is written. Then batches of at most a hundred, each all
    or nothing and written in a moment (`pace`): stop it anywhere and start it again, and it goes on. What came
    before is brought up to date unless it was changed here.

    file: its name, for the report.
    downloads_of: gives what brings pictures that are not in the folder (download.downloads_of).
    opened: called with the source; returns what to call with the number of entries done.
    Raises ImportRefused when the file or the folder cannot be used; nothing has been changed then.
    """
    with one_import(settings.NEWSROOM.data):
        folder = MediaFolder(media)
        source = open_source()
        step = opened(source) if opened else None
        # Nobody else is at work: what still says so was ended from outside.
        Move.objects.filter(state=Move.State.RUNNING).update(state=Move.State.INTERRUPTED)
        report = Report(source.name, file=file)
        downloads = downloads_of(source) if downloads_of else None
        try:
            _Move(source, folder, downloads, report).all(step)
        except BaseException:
            with contextlib.suppress(Exception):
                report.drop()
                report.end(Move.State.INTERRUPTED)
            raise
        finally:
            if downloads is not None:
                downloads.close()
        for note in getattr(source, "notes", ()):
            report.note(note)
        for what, number in getattr(source, "counts", {}).items():
            if number:
                report.count(what, number)
        report.end()
    return report


class _Move:
    def __init__(self, source: Source, media: MediaFolder, downloads: Downloads | None, report: Report) -> None:
        self.source = source
        self.downloads = downloads
        self.memory = Memory(source.name)
        self.report = report
        self.base = split(source.site_url).path.rstrip("/")
        self.asides = Asides(settings.NEWSROOM.data, source.name)
        self.names = Names(self.memory, report, base=self.base)
        known = getattr(source, "picture", None) or (lambda use: None)
        old_files = OldFiles(self.memory, site_url=source.site_url)
        self.arrivals = Arrivals(
            source=source.name,
            reader=HtmlReader(site_url=source.site_url),
            names=self.names,
            pictures=Pictures(media, self.memory, report, old_files=old_files, known=known, downloads=downloads),
            documents=Documents(media, self.memory, report, site_url=source.site_url, known=known, old_files=old_files),
            report=report,
        )
        self.outline = Outline(source, base=self.base, is_held=lambda item: bool(self.arrivals.held_because(item)))
        self.names.outline = self.outline
        self.names.menu = {key for key, _count in self.outline.sections.most_common(MENU_LENGTH)}
        self.links = Links(self.outline, self.memory, self.names)
        self.leading = Leading()
        self.laid = LaidFiles(settings.NEWSROOM.data)
        self.languages = {code for code, _name in settings.LANGUAGES}

    def all(self, step: Step | None) -> None:
        try:
            self._all(step)
        finally:
            self.outline.close()

    def _all(self, step: Step | None) -> None:
        done, pace = 0, Pace(BATCH)
        self.laid.settle()  # what an import that was killed left behind
        site_addresses_lead(self.base)
        try:
            for batch in pace.batches(self._without_asides()):
                if self.downloads is not None:
                    self._fetch_ahead(batch, done, step)
                with self.laid.watched(), pace.held(len(batch)):
                    self.batch(batch)
                    self.report.flush()
                done += len(batch)
                if step:
                    step(done)
            for kind in ("post", "page"):
                for rows in self.memory.pieces_of(kind):
                    with pace.held(len(rows)):
                        self._vanished(kind, rows)
                        self.report.flush()
            for unused in pace.batches(getattr(self.source, "unused", lambda: iter(()))()):
                with pace.held(len(unused)):
                    self._unused(unused)
                    self.report.flush()
        except BaseException:
            self.asides.drop()
            raise
        self.leading.place(self.memory, self.report)
        for kind, file in self.asides.keep().items():
            number = self.asides.counts[kind]
            sentence = ngettext(
                "%(number)d entry of the kind “%(kind)s” is kept in %(file)s.",
                "%(number)d entries of the kind “%(kind)s” are kept in %(file)s.",
                number,
            )
            self.report.note(sentence % {"number": number, "kind": kind, "file": file})

    def _fetch_ahead(self, entries: list[Incoming | LeftOut], done: int, step: Step | None) -> None:
        """The pictures of a batch, before its transaction: the desk can write while an old site takes its time."""
        for entry in entries:
            if isinstance(entry, Incoming):
                with contextlib.suppress(*UNREADABLE):  # said when it is written
                    self.arrivals.fetch_ahead(entry)
                if step:
                    step(done)

    def _without_asides(self) -> Iterator[Incoming | LeftOut]:
        for entry in self.source.entries():
            if isinstance(entry, Aside):
                self.asides.add(entry)
            else:
                yield entry

    def batch(self, entries: list[Incoming | LeftOut]) -> None:
        wanted: list[Incoming] = []
        left_out: list[LeftOut] = []
        for entry in entries:
            if isinstance(entry, LeftOut):
                left_out.append(entry)
            else:
                wanted.append(entry)
                self.leading.add(entry)
        before = self.memory.get_many(("post", "page"), [entry.foreign_id for entry in entries])
        for gone in left_out:
            still = _(" It is still here from an earlier import.") if (gone.kind, gone.foreign_id) in before else ""
            self._leave_out(gone, gone.why + still)
        comings: dict[tuple[str, str], Coming] = {}
        for item in wanted:
            key = (item.kind, item.foreign_id)
            if key in comings:
                self._leave_out(item, _("Another entry of this file has the same number; the first one was taken."))
                continue
            try:
                with transaction.atomic():
                    comings[key] = self.arrivals.coming(item)
            except UNREADABLE as error:
                stop_if_ours(error)
                self.arrivals.start_again()  # what it made for this text was taken back with it
                self._unreadable(item, error)
        for key in [key for key, coming in comings.items() if key in before and before[key].digest == coming.digest]:
            self.report.count("unchanged")
            del comings[key]
        try:
            with transaction.atomic():
                self.links.settle(list(comings.values()))
        except UNREADABLE as error:
            stop_if_ours(error)
            # Old links stay as they are, and lead on by their redirects.
            self.arrivals.start_again()
            logger.warning("The links of a batch could not be settled: %r.", error)
        awaited = self.links.awaited(comings.values())
        for key, row in awaited.items():
            comings[key].arrival.number = row.object_id
        new: list[Coming] = []
        for key, coming in comings.items():
            known = before.get(key)
            try:
                with transaction.atomic():
                    if known is not None and known.object_id is not None:
                        self._again(coming, known)
                    elif coming.item.kind == "page":
                        self._page(coming, None)
                    else:
                        new.append(coming)
            except UNREADABLE as error:
                self._unreadable(coming.item, error)
        self._own_translation_keys(new)
        self._stories(new)
        came = Page.objects.filter(pk__in=[row.object_id for row in awaited.values()]).values_list("pk", flat=True)
        here = set(came)
        self.memory.forget([row for row in awaited.values() if row.object_id in here])

    def _own_translation_keys(self, new: list[Coming]) -> None:
        """A story has one text in a language: a second one stands alone."""
        wanted = [coming for coming in new if coming.arrival.translation_key]
        taken = set(
            Page.objects.filter(translation_key__in=[coming.arrival.translation_key for coming in wanted]).values_list(
                "translation_key", "locale__language_code"
            )
            if wanted
            else ()
        )
        for coming in wanted:
            key = (coming.arrival.translation_key, coming.arrival.language)
            if key in taken:
                coming.arrival.translation_key = None
                coming.changes.append(_("Another text is its translation into this language; it stands alone."))
            taken.add(key)

    def _leave_out(self, item: Incoming | LeftOut, why: str) -> None:
        self.report.leave_out(
            foreign_id=item.foreign_id, kind=item.kind, title=text_of(item.title), why=why, link=item.link
        )

    def _unreadable(self, item: Incoming, error: Exception) -> None:
        stop_if_ours(error)
        logger.warning("Item %s of line %s could not be taken in: %r.", item.foreign_id, item.line, error)
        logger.debug("Where it failed:", exc_info=error)
        self._leave_out(
            item, _("It could not be taken in (line %(line)d: %(error)s).") % {"line": item.line, "error": error}
        )

    def _stories(self, new: list[Coming]) -> None:
        """Take a batch in; when one of it spoils it, each by itself, so that only that one stays out."""
        if not new:
            return
        try:
            with transaction.atomic():
                stories = stories_take_in(arrivals=[coming.arrival for coming in new])
        except UNREADABLE as error:
            if len(new) == 1:
                self._unreadable(new[0].item, error)
                return
            for coming in new:
                self._stories([coming])
            return
        pairs = list(zip(new, stories, strict=True))
        self.memory.remember_new(
            ("post", coming.item.foreign_id, story, coming.digest, _fingerprint(story), coming.item.changed)
            for coming, story in pairs
        )
        self._lead([(coming, story) for coming, story in pairs])
        for coming, story in pairs:
            self.report.count("published" if story.live else "drafts")
            self._report(coming, story)

    def _page(self, coming: Coming, page: StandingPage | None) -> None:
        arrival, item = coming.arrival, coming.item
        path = page.path_in_language if page else ""
        if page is None:
            wanted = split(item.link).path.strip("/")
            first, _slash, rest = wanted.partition("/")
            wanted = rest if rest and first in self.languages else wanted  # here its language stands before it anyway
            wanted = wanted or arrival.slug or arrival.headline
            path = free_standing_path(language=arrival.language, wanted=wanted)
        body, more = _page_parts(arrival)
        written = standing_page_take_in(
            language=arrival.language,
            title=arrival.headline,
            path=path,
            body=body,
            more=more,
            live=not arrival.held_because,
            page=page,
            number=arrival.number,
        )
        self.memory.remember("page", item.foreign_id, written, coming.digest, _page_fingerprint(written), item.changed)
        self._lead([(coming, written)])
        if page is None:
            self.report.count("pages")
        self._report(coming, written)

    def _again(self, coming: Coming, known: ImportedItem) -> None:
        """Something that came before: leave it, bring it up to date, or name it because it was changed here."""
        ours = known.object
        if isinstance(ours, StandingPage):
            touched = ours.latest_revision_id is not None or _page_fingerprint(ours) != known.written
        else:
            touched = ours is None or ours.latest_revision_id is not None or _fingerprint(ours) != known.written
        if touched:
            self.report.count("changed_here")
            self.report.add(_both_versions(coming, ours))
            return
        if known.changed_there and coming.item.changed and coming.item.changed < known.changed_there:
            self._leave_out(coming.item, _older(coming.item.changed, known.changed_there))
            return
        self.report.count("updated")
        if isinstance(ours, StandingPage):
            self._page(coming, ours)
            return
        assert isinstance(ours, StoryPage)
        story = story_take_again(story=ours, arrival=coming.arrival)
        self.memory.remember(
            "post", coming.item.foreign_id, story, coming.digest, _fingerprint(story), coming.item.changed
        )
        self._lead([(coming, story)])
        self._report(coming, story)

    def _lead(self, came: list[tuple[Coming, Any]]) -> None:
        """Lead the old addresses of texts that have just been written to their pages."""
        self.report.count("addresses", addresses_lead(came, self.base))

    def _report(self, coming: Coming, page: StoryPage | StandingPage) -> None:
        item, arrival = coming.item, coming.arrival
        changes = [arrival.held_because, *coming.changes] if arrival.held_because else coming.changes
        self.report.add(
            MoveEntry(
                status=MoveEntry.Status.PUBLIC if page.live else MoveEntry.Status.DRAFT,
                kind=item.kind,
                foreign_id=item.foreign_id,
                title=arrival.headline,
                was=item.link,
                now=(page.public_address or "") if page.live else "",
                page_id=page.pk,
                changes=list(dict.fromkeys(changes)),
                details={"addresses": coming.addresses},
            )
        )

    def _unused(self, files: list[LeftOut]) -> None:
        """Files of the old site that no text here uses: named, and not taken in."""
        told = self.memory.get_many(("attachment",), [one.foreign_id for one in files])
        for one in files:
            if ("attachment", one.foreign_id) in told:
                continue  # an earlier import took it in
            self.report.count("unused_files")
            self.report.add(
                MoveEntry(
                    status=MoveEntry.Status.LEFT_OUT,
                    kind=one.kind,
                    foreign_id=one.foreign_id,
                    title=one.title,
                    was=one.link,
                    changes=[one.why],
                )
            )

    def _vanished(self, kind: str, rows: list[ImportedItem]) -> None:
        """Texts that came in an earlier import and are no longer in the file: named, and left as they are."""
        gone = set(self.outline.missing(kind, [row.foreign_id for row in rows]))
        lost = [row for row in rows if row.foreign_id in gone]
        pages = Page.objects.in_bulk([row.object_id for row in lost if row.object_id])
        for row in lost:
            page = pages.get(row.object_id)
            if page is None:
                continue
            address = (page.specific.public_address or "") if page.live else ""
            self.report.count("vanished")
            self.report.add(
                MoveEntry(
                    status=MoveEntry.Status.VANISHED,
                    kind=kind,
                    foreign_id=row.foreign_id,
                    title=page.title,
                    now=address,
                    page_id=page.pk,
                )
            )


def _older(there: dt.datetime, here: dt.datetime) -> str:
    return _(
        "This file is older than one that came before: it says that the text was last changed on %(there)s, and here "
        "stands what was said on %(here)s. It was left as it is; take the newest export."
    ) % {name: f"{timezone.localtime(day):%Y-%m-%d %H:%M}" for name, day in (("there", there), ("here", here))}


def _fingerprint(story: StoryPage) -> str:
    """What a story says and whether it is public, in one figure."""
    return hashlib.sha256(story_bytes(story) + (b"live" if story.live else b"draft")).hexdigest()


def _page_fingerprint(page: StandingPage) -> str:
    more = canonical_digest(without_ids(list(page.more.raw_data)))
    return hashlib.sha256("\0".join([page.title, page.body, more, str(page.live)]).encode()).hexdigest()


def _both_versions(coming: Coming, ours: Any) -> MoveEntry:
    body = ours.body + _running_text(ours.more.raw_data) if isinstance(ours, StandingPage) else ""
    body = _running_text(ours.body.raw_data) if isinstance(ours, StoryPage) else body
    return MoveEntry(
        status=MoveEntry.Status.CHANGED_HERE,
        kind=coming.item.kind,
        foreign_id=coming.item.foreign_id,
        title=ours.title if ours else coming.arrival.headline,
        was=coming.item.link,
        now=(getattr(ours, "public_address", None) or "") if ours else "",
        page_id=ours.pk if ours else None,
        details={
            "ours": ours.title if ours else _("(deleted here)"),
            "theirs": coming.arrival.headline,
            "our_text": text_of(body)[:LONGEST_TEXT],
            "their_text": text_of(_running_text(coming.arrival.body))[:LONGEST_TEXT],
        },
    )


def _running_text(blocks: Any) -> str:
    return "".join(block["value"] for block in blocks if block["type"] == "text")


def _page_parts(arrival: Arrival) -> tuple[str, list[dict[str, Any]]]:
    """A standing page's text, and from its first picture, table or film on what follows, block by block."""
    blocks = [dict(block) for block in arrival.body]
    first = next((block for block in blocks if block["type"] == "picture"), None)
    image = arrival.lead_image
    if image is not None and (first is None or first["value"]["image"] != image.pk):
        use = {"image": image.pk, "alt": arrival.lead_alt, "decorative": False, "caption": arrival.lead_caption}
        blocks.insert(0, {"type": "picture", "value": use | {"credit": ""}})
    for block in blocks:
        if block["type"] == "text":
            block["value"] = clean_passage(block["value"], stored=True)
    body = blocks.pop(0)["value"] if blocks and blocks[0]["type"] == "text" else ""
    return body, blocks
