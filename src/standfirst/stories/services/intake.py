"""Taking in an archive: many finished stories at once, each as if it had been published on its own day.

Wagtail saves a page at a time, with a revision, an index entry and a dozen queries each. An archive of twenty
thousand stories comes here in batches instead: the same rows, written together. What takes long and hurries nobody
(related stories, the index of references) is left to the background process.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import secrets
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files import File
from django.core.files.images import ImageFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from modelsearch.backends import get_search_backends
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from standfirst.kit.canonical import salted_digest
from standfirst.kit.slugs import slugify_ascii
from standfirst.people.models import Byline
from standfirst.press.services import refresh
from standfirst.stories import tasks
from standfirst.stories.canonical import story_bytes, story_data
from standfirst.stories.changed import newest_version
from standfirst.stories.lists import (
    EVERY,
    REDIRECTS,
    changes_in,
    end_of,
    of_month,
    standing_of_arrival,
    translations_of,
)
from standfirst.stories.models import (
    ChangeLabel,
    MonthPage,
    NewsDocument,
    NewsImage,
    PublicVersion,
    Section,
    StoryByline,
    StoryPage,
    StoryTag,
    Tag,
    VersionText,
)
from standfirst.stories.richtext import repair_stream
from standfirst.stories.selectors import fronts_of
from standfirst.stories.services.pictures import picture_prepare
from standfirst.stories.services.publication import story_record_publication, story_record_withdrawal
from standfirst.stories.services.record import record_versions
from standfirst.stories.services.writing import month_folder

# One statement of SQLite takes some thousand parameters; a page row has about thirty.
_ROWS_AT_ONCE = 25


@dataclass
class Arrival:
    """A story as it comes from another system.

    body: blocks as plain data, pictures already as ids. held_because: why it stays a draft; "" lets it go out.
    published_at: its original date, which its address and its month follow.
    translation_key: the same for every language of one story; None for one of its own.
    number: the page's number where one was kept for it; None for the next.
    """

    language: str
    headline: str
    section: Section | None
    published_at: dt.datetime
    slug: str = ""
    standfirst: str = ""
    changed_at: dt.datetime | None = None
    bylines: Sequence[Byline] = ()
    tags: Sequence[Tag] = ()
    lead_image: NewsImage | None = None
    lead_alt: str = ""
    lead_caption: str = ""
    body: Sequence[dict[str, Any]] = ()
    search_title: str = ""
    search_description: str = ""
    held_because: str = ""
    translation_key: uuid.UUID | None = None
    number: int | None = None


@dataclass
class _Folder:
    page: MonthPage
    slugs: set[str] = field(default_factory=set)
    last: int = 0
    added: int = 0


def stories_take_in(*, arrivals: Sequence[Arrival]) -> list[StoryPage]:
    """Write a batch of arriving stories: pages, bylines, tags, first public versions, search entries.

    All or nothing. Those without `held_because` are public from this moment, dated as they were, with version 1;
    the others are drafts. Returns the stories in the order given.
    """
    with transaction.atomic():
        folders: dict[tuple[str, str], _Folder] = {}
        stories = [_story(arrival, _folder(folders, arrival)) for arrival in arrivals]
        _settle_addresses([story for story in stories if story.live])
        pages_insert(stories, [arrival.number for arrival in arrivals])
        for folder in folders.values():
            Page.objects.filter(pk=folder.page.pk).update(numchild=F("numchild") + folder.added)
        StoryByline.objects.bulk_create([line for story in stories for line in _owned(story, "story_bylines")])
        StoryTag.objects.bulk_create([line for story in stories for line in _owned(story, "tagged_items")])
        _freeze([story for story in stories if story.live])
        for backend in get_search_backends(with_auto_update=True):
            backend.add_bulk(StoryPage, stories)
        tasks.news_of_intake.enqueue([story.pk for story in stories])
        _refresh([story for story in stories if story.live])
    return stories


def _refresh(stories: Sequence[StoryPage]) -> None:
    """Old stories arrive anywhere in their lists, so every page of these is another one now."""
    keys: set[str] = set()
    paths: set[str] = set()
    for story in stories:
        names = standing_of_arrival(story)
        keys |= {*names, *map(end_of, names), EVERY, changes_in(story.language), translations_of(story.translation_key)}
        keys.add(of_month(timezone.localtime(story.first_published_at).date()))
        paths |= {f"{story.public_path}", story.text_path, *fronts_of(story)}
    refresh(keys=keys, paths=paths)


def story_take_again(*, story: StoryPage, arrival: Arrival) -> StoryPage:
    """Bring a story that nobody touched here up to what its old system says now. All or nothing.

    Its address stays; what changed of a public story makes its next public version, labelled an update: what its old
    system changed is not ours to judge. Where readers' words stay the same, because only a picture was found that was
    missing before, it does not count as changed since.
    """
    with transaction.atomic():
        words, changed_at = _words(story), story.changed_at
        _fill(story, arrival)
        was_live = story.live
        story.live = not arrival.held_because
        if story.live and story.first_published_at is None:
            story.first_published_at = arrival.published_at
        story.has_unpublished_changes = not story.live
        story.held_because = arrival.held_because[:255]
        story.change_label, story.change_note = ChangeLabel.UPDATE, ""
        story.change_from = getattr(newest_version(story), "number", None)
        # Already clean, and not to be held up by a rule of the story form that came after its time.
        story.save(clean=False)
        if story.live:
            story.last_published_at = timezone.now()
            story_record_publication(story=story)
            if was_live and _words(story) == words:
                story.changed_at = changed_at
                StoryPage.objects.filter(pk=story.pk).update(changed_at=changed_at)
        elif was_live:
            story_record_withdrawal(story=story)
    return story


def _words(story: StoryPage) -> list[str]:
    """All that readers read of a story, word by word, wherever it stands: a caption without its picture is a line."""
    said = story_data(story)
    texts = [said["headline"], said["kicker"], said["standfirst"], *_texts(said["body"]), *_texts(said["sources"])]
    return re.sub(r"<[^>]*>", " ", " ".join(texts)).split()


def _texts(value: Any) -> Iterator[str]:
    """Every text in plain data, but descriptions of pictures and what only machines read."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, below in value.items():
            if name not in ("id", "type", "alt", "credit"):
                yield from _texts(below)
    elif isinstance(value, list):
        for below in value:
            yield from _texts(below)


def document_take_in(*, file: Path, name: str, title: str) -> NewsDocument:
    """A file that an archive offered for download. name: what it is called for whoever downloads it.

    Raises OSError for a file that cannot be read.
    """
    with file.open("rb") as opened:
        document = NewsDocument(title=title[:255] or name[:255], file=File(opened, name=name))
        document.save()
    return document


def picture_take_in(
    *, file: Path, title: str, credit: str = "", description: str = "", at_once: bool = True
) -> NewsImage:
    """A picture of an archive. It was public before, so it may stand without credit; the desk gets it on its list.

    at_once: make what pages need of it now; otherwise the background process does, in its own time.
    Raises OSError, or what the imaging library raises, for a file that is no picture.
    """
    data = file.read_bytes()
    with file.open("rb") as opened:
        image = NewsImage(
            title=title[:255] or file.stem[:255],
            credit=credit[:255],
            description=description[:255],
            is_imported=True,
            file=ImageFile(opened, name=file.name),
            file_size=len(data),
            file_hash=hashlib.sha1(data, usedforsecurity=False).hexdigest(),
        )
        with transaction.atomic():
            image.save()
            if not at_once:
                tasks.picture_prepared.enqueue(image.pk)
    if at_once:
        picture_prepare(image=image, needed_only=True)
    return image


def old_addresses_lead(*, leads: Iterable[tuple[str, Page | str]]) -> list[str]:
    """Lead old addresses (a path, with its query if it had one) to a page of ours or to a path.

    An address that already leads somewhere keeps its target. Returns those that lead elsewhere than asked.
    """
    wanted: dict[str, Page | str] = {}
    for old, target in leads:
        path = Redirect.normalise_path(old)
        if len(path) <= 255:
            wanted.setdefault(path, target)
    existing = {row.old_path: row for row in Redirect.objects.filter(old_path__in=list(wanted), site=None)}
    elsewhere, new = [], []
    for path, target in wanted.items():
        row = existing.get(path)
        link, page_id = (target, None) if isinstance(target, str) else ("", target.pk)
        if row is None:
            new.append(Redirect(old_path=path, redirect_link=link, redirect_page_id=page_id, is_permanent=True))
        elif (row.redirect_link, row.redirect_page_id) != (link, page_id):
            elsewhere.append(path)
    with transaction.atomic():
        Redirect.objects.bulk_create(new)
        refresh(keys={REDIRECTS})
    return elsewhere


def _folder(folders: dict[tuple[str, str], _Folder], arrival: Arrival) -> _Folder:
    day = timezone.localtime(arrival.published_at).date()
    key = (arrival.language, f"{day:%Y-%m}")
    if key not in folders:
        page = month_folder(language=arrival.language, day=day)
        page = MonthPage.objects.select_for_update().get(pk=page.pk)
        children = page.get_children()
        last = children.order_by("-path").values_list("path", flat=True).first()
        folders[key] = _Folder(
            page,
            slugs=set(children.values_list("slug", flat=True)),
            last=Page._str2int(last[-Page.steplen :]) if last else 0,
        )
    return folders[key]


def _story(arrival: Arrival, folder: _Folder) -> StoryPage:
    live = not arrival.held_because
    folder.last += 1
    folder.added += 1
    base = slugify_ascii(arrival.slug or arrival.headline, max_length=94)
    slug, number = base, 1
    while slug in folder.slugs:
        number += 1
        slug = f"{base}-{number}"
    folder.slugs.add(slug)
    story = StoryPage(
        slug=slug,
        locale=folder.page.locale,
        translation_key=arrival.translation_key or uuid.uuid4(),
        path=Page._get_path(folder.page.path, folder.page.depth + 1, folder.last),
        depth=folder.page.depth + 1,
        url_path=f"{folder.page.url_path}{slug}/",
        content_type=ContentType.objects.get_for_model(StoryPage),
        live=live,
        has_unpublished_changes=not live,
        first_published_at=arrival.published_at if live else None,
        last_published_at=arrival.published_at if live else None,
        latest_revision_created_at=arrival.changed_at or arrival.published_at,
        held_because=arrival.held_because[:255],
    )
    _fill(story, arrival)
    changed = arrival.changed_at or arrival.published_at
    story.changed_at = max(changed, arrival.published_at) if live else None
    return story


def _fill(story: StoryPage, arrival: Arrival) -> None:
    story.title = story.draft_title = arrival.headline[:255]
    story.standfirst = arrival.standfirst
    story.section = arrival.section
    story.lead_image = arrival.lead_image
    story.lead_alt = arrival.lead_alt[:250]
    story.lead_caption = arrival.lead_caption[:500]
    story.seo_title = arrival.search_title
    story.search_description = arrival.search_description
    story.body = json.dumps(repair_stream(list(arrival.body)), cls=DjangoJSONEncoder)
    story.story_bylines = [StoryByline(byline=byline, sort_order=n) for n, byline in enumerate(arrival.bylines)]
    story.tagged_items = [StoryTag(tag=tag) for tag in arrival.tags]
    if not story.pk:
        # Said, so that freezing the version asks the database for none of them.
        story.based_on, story.sources, story.related_by_hand = [], [], []


def _address(story: StoryPage) -> str:
    return story.address_on(timezone.localtime(story.first_published_at).date())


def _settle_addresses(stories: Sequence[StoryPage]) -> None:
    wanted = {story.url_path: _address(story) for story in stories}
    paths = list(wanted.values())
    taken = set(StoryPage.objects.filter(public_path__in=paths).values_list("public_path", flat=True))
    by_old = {Redirect.normalise_path(path): path for path in paths}
    led = Redirect.objects.filter(old_path__in=list(by_old)).values_list("old_path", flat=True)
    taken |= {by_old[path] for path in led}
    for story in stories:
        path = wanted[story.url_path]
        if path in taken:
            # Somebody's old address: a reader who follows it must not land on a stranger's story.
            story.slug = f"{story.slug[:90]}-{secrets.token_hex(3)}"
            story.url_path = story.url_path.rstrip("/").rsplit("/", 1)[0] + f"/{story.slug}/"
            path = _address(story)
        story.public_path = path


def pages_insert(pages: Sequence[Any], numbers: Sequence[int | None] = ()) -> None:
    """Both rows of each page: Django writes only one table in bulk, so the second is written by its columns.

    All of one class, with their place in the tree. numbers: one for each; without them each keeps its own, if any.
    """
    numbers = numbers or [page.pk for page in pages]
    parent_fields = [f for f in Page._meta.local_concrete_fields if not f.primary_key]
    for start in range(0, len(pages), _ROWS_AT_ONCE):
        part = pages[start : start + _ROWS_AT_ONCE]
        rows = [
            Page(id=number, **{f.attname: getattr(page, f.attname) for f in parent_fields})
            for page, number in zip(part, numbers[start : start + _ROWS_AT_ONCE], strict=True)
        ]
        for page, row in zip(part, Page._base_manager.bulk_create(rows), strict=True):
            page.pk = page.id = row.pk
            page.page_ptr_id = row.pk
            page._state.adding = False
            page._state.db = connection.alias
    if not pages:
        return
    own = type(pages[0])._meta.local_concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(f.column) for f in own)
    marks = ", ".join(["%s"] * len(own))
    values = [[f.get_db_prep_save(f.pre_save(page, True), connection=connection) for f in own] for page in pages]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(type(pages[0])._meta.db_table)} ({columns}) VALUES ({marks})",  # noqa: S608
            values,
        )


def _owned(story: StoryPage, name: str) -> list[Any]:
    """The lines a story holds in memory, now that it has a number."""
    lines = list(getattr(story, name).all())
    for line in lines:
        setattr(line, "story" if name == "story_bylines" else "content_object", story)
    return lines


def _freeze(stories: Sequence[StoryPage]) -> None:
    versions, texts = [], []
    for story in stories:
        content, salt = story_bytes(story), secrets.token_bytes(16)
        texts.append((content, salt))
        versions.append(
            PublicVersion(
                story=story,
                number=1,
                published_at=story.first_published_at,
                digest=salted_digest(content, salt=salt),
            )
        )
    made = PublicVersion.objects.bulk_create(versions)
    VersionText.objects.bulk_create(
        [
            VersionText(version=version, canonical=content, salt=salt)
            for version, (content, salt) in zip(made, texts, strict=True)
        ]
    )
    record_versions(versions=made)
