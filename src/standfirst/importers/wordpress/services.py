"""Moving in: two readings of the file, then batches, each its own transaction, so that it can be stopped anywhere."""

from __future__ import annotations

import hashlib
import html
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from standfirst.fronts.intake import free_standing_path, standing_page_take_in
from standfirst.fronts.models import StandingPage
from standfirst.importers.media import MediaFolder
from standfirst.importers.memory import Memory
from standfirst.importers.models import ImportedItem
from standfirst.importers.report import Report
from standfirst.importers.wordpress.arrivals import Arrivals, Coming, left_out_because, old_addresses
from standfirst.importers.wordpress.content import ContentReader
from standfirst.importers.wordpress.names import Names
from standfirst.importers.wordpress.pictures import Pictures
from standfirst.importers.wordpress.reader import WxrReader
from standfirst.importers.wordpress.records import Item
from standfirst.importers.wordpress.survey import Survey, survey
from standfirst.kit.html import clean_passage, text_of
from standfirst.kit.links import split
from standfirst.kit.slugs import is_reserved
from standfirst.stories.canonical import story_bytes
from standfirst.stories.models import StoryPage
from standfirst.stories.services import old_addresses_lead, stories_take_in, story_take_again

BATCH = 100
# Kinds that hold nothing of the paper's own; counted together instead of being listed one by one.
_MACHINERY = frozenset(
    {
        *("attachment", "nav_menu_item", "wp_block", "revision", "custom_css", "customize_changeset", "oembed_cache"),
        *("wp_template", "wp_template_part", "wp_global_styles", "wp_navigation", "wp_font_family", "wp_font_face"),
        *("guest-author", "user_request", "acf-field", "acf-field-group", "elementor_library"),
    }
)

# What one entry's strange content may make the libraries below raise; it must not end the whole move.
UNREADABLE = (
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    RecursionError,
    DatabaseError,
    OSError,
)
logger = logging.getLogger(__name__)

Step = Callable[[int], None]


def export_move_in(
    *, file: Path, media: Path | None = None, surveyed: Callable[[Survey], Step | None] | None = None
) -> Report:
    """Bring a WordPress export into this newsroom.

    The whole file is read once before anything is written. Then batches of a hundred, each all or nothing: stop it
    anywhere and start it again, and it goes on. What came before is brought up to date unless it was changed here.

    surveyed: called after the first reading; returns what to call with the number of items done.
    Raises ImportRefused when the file or the folder cannot be used; nothing has been changed then.
    """
    folder = MediaFolder(media)
    reader = WxrReader(file)
    found = survey(reader)
    step = surveyed(found) if surveyed else None
    parts = split(reader.site.url)
    source = f"wordpress:{parts.netloc or file.name}{parts.path.rstrip('/')}"[:200]
    report = Report(source=source)
    if reader.mended:
        report.note(
            ngettext(
                "%(n)d character that XML does not allow was mended on the way.",
                "%(n)d characters that XML does not allow were mended on the way.",
                reader.mended,
            )
            % {"n": reader.mended}
        )
    move = _Move(reader, found, folder, Memory(source), report)
    move.all(step)
    if found.comments:
        report.count("comments", found.comments)
    report.done()
    return report


class _Move:
    def __init__(self, reader: WxrReader, found: Survey, media: MediaFolder, memory: Memory, report: Report) -> None:
        self.reader = reader
        self.memory = memory
        self.report = report
        pictures = Pictures(found, media, memory, report)
        content = ContentReader(
            site_url=reader.site.url,
            reusable=found.reusable,
            gallery_of=lambda post: found.by_parent.get(post, []),
        )
        self.arrivals = Arrivals(reader, content, Names(reader, found, memory, report), pictures)

    def all(self, step: Step | None) -> None:
        done = 0
        for batch in _batches(self.reader.items()):
            with transaction.atomic():
                self.batch(batch)
            done += len(batch)
            if step:
                step(done)

    def batch(self, items: list[Item]) -> None:
        wanted = []
        for item in items:
            why = left_out_because(item)
            if why is None:
                wanted.append(item)
            elif item.kind not in _MACHINERY:
                self._leave_out(item, why)
        before = self.memory.get_many(("post", "page"), [item.key for item in wanted])
        new: dict[str, Coming] = {}
        for item in wanted:
            if item.key in new:
                self._leave_out(item, _("Another entry of this file has the same number; the first one was taken."))
                continue
            known = before.get((item.kind, item.key))
            try:
                with transaction.atomic():
                    coming = self.arrivals.coming(item)
                    if known is not None and known.object_id is not None:
                        self._again(coming, known)
                    elif item.kind == "page":
                        self._page(coming, None)
                    else:
                        new[item.key] = coming
            except UNREADABLE as error:
                self._unreadable(item, error)
        self._stories(list(new.values()))

    def _leave_out(self, item: Item, why: str) -> None:
        self.report.count("left_out")
        entry = {"id": item.foreign_id, "kind": item.kind, "title": text_of(item.title), "why": why}
        self.report.left_out.append(entry)

    def _unreadable(self, item: Item, error: Exception) -> None:
        logger.warning("Item %s of line %s could not be taken in.", item.key, item.line, exc_info=error)
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
            ("post", coming.item.key, story, coming.digest, _fingerprint(story)) for coming, story in pairs
        )
        leads: list[tuple[str, StoryPage]] = []
        for coming, story in pairs:
            if story.live:
                leads += self._leads(coming, story)
            self.report.count("published" if story.live else "drafts")
            self._report(coming, story.public_path, story.live)
        self._lead(leads)

    def _page(self, coming: Coming, page: StandingPage | None) -> None:
        arrival, item = coming.arrival, coming.item
        path = page.path_in_language if page else ""
        if page is None:
            wanted = split(item.link).path.strip("/") or arrival.slug or arrival.headline
            path = free_standing_path(language=arrival.language, wanted=wanted)
        written = standing_page_take_in(
            language=arrival.language,
            title=arrival.headline,
            path=path,
            body=_page_html(arrival.body, coming.changes),
            live=not arrival.held_because,
            page=page,
        )
        self.memory.remember("page", item.key, written, coming.digest, _page_fingerprint(written))
        if written.live:
            self._lead(self._leads(coming, written))
        if page is None:
            self.report.count("pages")
            if arrival.held_because:
                coming.changes.append(arrival.held_because)
            self._report(coming, written.public_address if written.live else None, written.live)

    def _again(self, coming: Coming, known: ImportedItem) -> None:
        """Something that came before: leave it, bring it up to date, or name it because it was changed here."""
        if known.digest == coming.digest:
            self.report.count("unchanged")
            return
        ours = known.object
        if isinstance(ours, StandingPage):
            touched = ours.latest_revision_id is not None or _page_fingerprint(ours) != known.written
        else:
            touched = ours is None or ours.latest_revision_id is not None or _fingerprint(ours) != known.written
        if touched:
            self.report.count("changed_here")
            self.report.changed_here.append(_both_versions(coming, ours))
            return
        self.report.count("updated")
        if isinstance(ours, StandingPage):
            self._page(coming, ours)
            return
        assert isinstance(ours, StoryPage)
        story = story_take_again(story=ours, arrival=coming.arrival)
        self.memory.remember("post", coming.item.key, story, coming.digest, _fingerprint(story))
        if story.live:
            self._lead(self._leads(coming, story))
        self._report(coming, story.public_path, story.live)

    def _leads(self, coming: Coming, page: Any) -> list[tuple[str, Any]]:
        leads = []
        base = split(self.reader.site.url).path.rstrip("/")
        for old in old_addresses(coming.item, base):
            if old.strip("/") == (page.public_address or "").strip("/"):
                continue  # it is where it was
            first = old.strip("/").split("/")[0].split("?")[0]
            if first and is_reserved(first) and not first.isdigit():
                coming.changes.append(
                    _("Its old address %(address)s now belongs to the paper itself.") % {"address": old}
                )
                continue
            leads.append((old, page))
        return leads

    def _lead(self, leads: list[tuple[str, Any]]) -> None:
        elsewhere = old_addresses_lead(leads=leads)
        self.report.count("addresses", len(leads) - len(elsewhere))
        for path in elsewhere:
            self.report.note(_("The old address %(path)s already leads elsewhere and was left so.") % {"path": path})

    def _report(self, coming: Coming, address: str | None, live: bool) -> None:
        item, arrival = coming.item, coming.arrival
        changes = list(coming.changes)
        if arrival.held_because and item.kind == "post":
            changes.insert(0, arrival.held_because)
        self.report.stories.append(
            {
                "id": item.foreign_id,
                "kind": item.kind,
                "title": arrival.headline,
                "was": item.link,
                "now": address if live else None,
                "status": "public" if live else "draft",
                "changes": changes,
            }
        )


def _batches(items: Iterator[Item]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    for item in items:
        batch.append(item)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _fingerprint(story: StoryPage) -> str:
    """What a story says and whether it is public, in one figure."""
    return hashlib.sha256(story_bytes(story) + (b"live" if story.live else b"draft")).hexdigest()


def _page_fingerprint(page: StandingPage) -> str:
    return hashlib.sha256("\0".join([page.title, page.body, str(page.live)]).encode()).hexdigest()


def _both_versions(coming: Coming, ours: Any) -> dict[str, Any]:
    body = ours.body if isinstance(ours, StandingPage) else _running_text(ours.body.raw_data) if ours else ""
    return {
        "id": coming.item.foreign_id,
        "ours": ours.title if ours else _("(deleted here)"),
        "theirs": coming.arrival.headline,
        "address": (getattr(ours, "public_address", None) or "—") if ours else "—",
        "our_text": text_of(body),
        "their_text": text_of(_running_text(coming.arrival.body)),
    }


def _running_text(blocks: Any) -> str:
    return "".join(block["value"] for block in blocks if block["type"] == "text")


def _page_html(blocks: Any, changes: list[str]) -> str:
    """A standing page's text: it holds no pictures, so those are named in the report instead."""
    out = []
    for block in blocks:
        value = block["value"]
        if block["type"] == "text":
            out.append(value)
        elif block["type"] == "embed":
            words = html.escape(value["caption"] or value["url"])
            out.append(f'<p><a href="{html.escape(value["url"])}">{words}</a></p>')
        elif block["type"] == "table":
            headings = [column["heading"] for column in value["table"]["columns"]]
            rows = [headings, *(row["values"] for row in value["table"]["rows"])]
            lines = (" | ".join(cell for cell in row if cell) for row in rows)
            out += [f"<p>{html.escape(line)}</p>" for line in lines if line]
        else:
            changes.append(_("A picture was left out: standing pages hold text alone."))
    return clean_passage("".join(out))
