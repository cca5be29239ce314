"""Standing pages, and what leads the fronts, as they arrive from another system."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F
from wagtail.models import Page

from standfirst.fronts.models import HomePage, HomeSecond, StandingPage
from standfirst.fronts.models.pages import HOUSE_ENDING
from standfirst.kit.slugs import is_reserved, slugify_ascii
from standfirst.stories.models import Section, StoryPage


def free_standing_path(*, language: str, wanted: str, own: StandingPage | None = None) -> str:
    """An address for a standing page, as near to `wanted` as the paper's own addresses leave room for."""
    parts = [slugify_ascii(part, max_length=60) for part in wanted.strip("/").split("/") if part][:4] or ["page"]
    languages = [code for code, _name in settings.LANGUAGES]
    base = "/".join(parts)[:140].rstrip("/-")
    if is_reserved(parts[0], languages=languages) or (len(parts) == 1 and _is_section(parts[0])):
        base = f"{parts[0]}-page" + "".join(f"/{part}" for part in parts[1:])
    if HOUSE_ENDING.search(base):
        base += "-page"
    candidate, number = base, 1
    others = StandingPage.objects.filter(locale__language_code=language).exclude(pk=own.pk if own else None)
    while others.filter(path_in_language=candidate).exists():
        number += 1
        candidate = f"{base}-{number}"
    return candidate


def standing_page_take_in(
    *,
    language: str,
    title: str,
    path: str,
    body: str,
    live: bool,
    more: Sequence[dict[str, Any]] = (),
    page: StandingPage | None = None,
    number: int | None = None,
) -> StandingPage:
    """Write a standing page that comes from another system, or bring one that came before up to date.

    All or nothing. live False: a draft for an editor to open. more: pictures and the like and the text between them,
    below the body, as plain data. `path` should come from free_standing_path.
    number: a page number that was kept for it.
    """
    with transaction.atomic():
        home = HomePage.objects.get(locale__language_code=language)
        if page is None:
            page = StandingPage(locale=home.locale, slug=_free_slug(home, path.replace("/", "-")))
        page.title = page.draft_title = title[:255]
        page.path_in_language = path
        page.body = body
        page.more = json.dumps(list(more))
        page.live = live
        page.has_unpublished_changes = not live
        if page.pk:
            page.save()
        elif number is None:
            home.add_child(instance=page)
        else:
            _add_under(home, page, number)
    return page


def _add_under(home: HomePage, page: StandingPage, number: int) -> None:
    """Wagtail takes a page that has a number for one that is there: its bare rows are laid down first, as a draft's."""
    last = home.get_last_child()
    page.path = last._inc_path() if last else Page._get_path(home.path, home.depth + 1, 1)
    page.depth = home.depth + 1
    page.content_type = ContentType.objects.get_for_model(StandingPage)
    page.set_url_path(home)
    live, page.live = page.live, False
    fields = [f.attname for f in Page._meta.local_concrete_fields if not f.primary_key]
    Page.objects.bulk_create([Page(id=number, **{name: getattr(page, name) for name in fields})])
    page.pk = page.id = page.page_ptr_id = number
    page.save_base(raw=True, force_insert=True)
    page.live = live
    Page.objects.filter(pk=home.pk).update(numchild=F("numchild") + 1)
    page.save()


def front_take_in(*, stories: Sequence[StoryPage]) -> list[StoryPage]:
    """Put stories that led the front of another system on the fronts here, in their order: one leads, others follow.

    All or nothing. A front on which somebody has chosen already stays as it is. Returns the stories placed.
    """
    placed: list[StoryPage] = []
    with transaction.atomic():
        for home in HomePage.objects.select_related("locale"):
            own = [story for story in stories if story.locale_id == home.locale_id][: 1 + home.seconds_count]
            if not own or home.latest_revision_id or home.lead_id or home.seconds.exists():
                continue
            home.lead = own[0]
            home.seconds = [HomeSecond(story=story, sort_order=number) for number, story in enumerate(own[1:])]
            home.save()
            placed += own
    return placed


def _is_section(slug: str) -> bool:
    return Section.objects.filter(slug=slug).exists()


def _free_slug(home: HomePage, wanted: str) -> str:
    taken = set(home.get_children().values_list("slug", flat=True))
    slug, number = wanted, 1
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug
