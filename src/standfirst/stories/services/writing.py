"""Writing: a new draft in its month folder."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale, Page

from standfirst.kit.slugs import slugify_ascii
from standfirst.people.models import Byline, User
from standfirst.stories.models import (
    MonthPage,
    NewsImage,
    Section,
    StoryBasedOn,
    StoryByline,
    StoryKind,
    StoryPage,
    StoryRelated,
    StorySource,
    Tag,
)
from standfirst.stories.richtext import repair_beside, repair_stream


def month_folder(*, language: str, day: dt.date) -> MonthPage:
    """The folder of that language's month, made when it is missing. Safe when two ask at once."""
    locale = Locale.objects.get(language_code=language)
    slug = f"{day:%Y-%m}"
    found = MonthPage.objects.filter(locale=locale, slug=slug).first()
    if found:
        return found
    with transaction.atomic():
        # Lock the home page: treebeard numbers children by reading the last one.
        home = Page.objects.select_for_update().get(locale=locale, depth=2, content_type__app_label="fronts")
        found = MonthPage.objects.filter(locale=locale, slug=slug).first()
        return found or home.add_child(instance=MonthPage(title=slug, slug=slug, locale=locale))


def story_draft(
    *,
    language: str,
    headline: str,
    section: Section | None,
    author: User | None = None,
    standfirst: str = "",
    kicker: str = "",
    kind: StoryKind | None = None,
    dateline: str = "",
    slug: str = "",
    bylines: Sequence[Byline] = (),
    based_on: Iterable[tuple[str, str]] = (),
    lead_image: NewsImage | None = None,
    lead_alt: str = "",
    lead_decorative: bool = False,
    lead_caption: str = "",
    lead_credit: str = "",
    body: Sequence[dict[str, Any]] = (),
    methods: str = "",
    sources: Iterable[dict[str, str]] = (),
    tags: Iterable[str] = (),
    related: Sequence[StoryPage] = (),
    first_published_at: dt.datetime | None = None,
    translation_of: StoryPage | None = None,
    held_because: str = "",
    key: uuid.UUID | None = None,
) -> StoryPage:
    """Begin a story: a draft in the month folder of its day, seen by no reader.

    All or nothing. body: blocks as plain data, [{"type": "text", "value": "<p>…"}, …].
    first_published_at: keep an original date (imports, demo); the folder and the address follow it.
    tags: names; missing ones are made.
    key: given when the same request may come twice; the second one raises IntegrityError and changes nothing.
    """
    when = first_published_at or timezone.now()
    with transaction.atomic():
        folder = month_folder(language=language, day=timezone.localtime(when).date())
        story = StoryPage(
            title=headline,
            slug=_free_slug(folder, slug or headline),
            locale=folder.locale,
            owner=author,
            live=False,
            has_unpublished_changes=True,
            kicker=kicker,
            standfirst=standfirst,
            kind=kind,
            section=section,
            dateline=dateline,
            lead_image=lead_image,
            lead_alt=lead_alt,
            lead_decorative=lead_decorative,
            lead_caption=lead_caption,
            lead_credit=lead_credit,
            first_published_at=first_published_at,
            held_because=held_because[:255],
        )
        if translation_of is not None:
            story.translation_key = translation_of.translation_key
        elif key is not None:
            story.translation_key = key
        story.body = stream = _stream(body)
        story.methods = repair_beside(methods, json.loads(stream))
        story.story_bylines = [StoryByline(byline=byline, sort_order=n) for n, byline in enumerate(bylines)]
        story.based_on = [StoryBasedOn(name=name, url=url, sort_order=n) for n, (name, url) in enumerate(based_on)]
        story.sources = [StorySource(sort_order=n, **source) for n, source in enumerate(sources)]
        story.related_by_hand = [StoryRelated(related=other, sort_order=n) for n, other in enumerate(related)]
        folder.add_child(instance=story)
        names = tags_set(tags)
        if names:
            story.tags.set(names)
            story.save()
        story.save_revision(user=author, log_action=False)
        return story


def _stream(body: Sequence[dict[str, Any]]) -> str:
    return json.dumps(repair_stream(list(body)), cls=DjangoJSONEncoder)


def _free_slug(folder: MonthPage, text: str) -> str:
    base = slugify_ascii(text, max_length=94)
    taken = set(folder.get_children().filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def tags_set(names: Iterable[str]) -> list[Tag]:
    """The tags of these names, missing ones made; names that differ in case only are one tag."""
    tags: list[Tag] = []
    for name in names:
        name = " ".join(name.split())[:100]
        if not name:
            continue
        tag = Tag.objects.filter(name__iexact=name).first() or Tag.objects.create(name=name)
        if tag not in tags:
            tags.append(tag)
    return tags
