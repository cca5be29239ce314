"""Standing pages: each as JSON, and as a page that reads by itself."""

from __future__ import annotations

import json
import re
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.template.loader import render_to_string
from django.utils import translation
from wagtail.models import Locale, Page

from standfirst.fronts.models import HomePage, StandingPage
from standfirst.fronts.models.pages import StandingMore
from standfirst.kit.exports import BadExport, Fields, In, Out, gettext_noop, moment
from standfirst.stories.export.body import Body
from standfirst.stories.export.page import Links, Reader, blocks_for
from standfirst.stories.export.story import documents_linked, shown_in
from standfirst.stories.services import pages_insert

FOLDER = "standing-pages/"
_PATH = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)*")


def shows() -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for page in StandingPage.objects.filter(live=True):
        found += [("document", pk) for text in _texts(page) for pk in documents_linked(text)]
        for block in page.more.raw_data:
            found += shown_in(block["type"], block["value"])
    return found


def _texts(page: StandingPage) -> list[str]:
    return [page.body, *(block["value"] for block in page.more.raw_data if block["type"] == "text")]


def holds() -> dict[str, int]:
    """Pages somebody wrote in; those a new newsroom begins with do not count."""
    return {"standing pages written at the desk": StandingPage.objects.filter(latest_revision__isnull=False).count()}


def write(out: Out) -> None:
    pages = StandingPage.objects.select_related("locale").order_by("path")
    if not out.private:
        pages = pages.filter(live=True)
    order: dict[str, int] = {}
    for page in pages:
        order[page.language] = order.get(page.language, 0) + 1
        here = f"{FOLDER}{page.language}/{page.path_in_language}"
        links = Links.of_texts(_texts(page))
        said = _standing(page, order[page.language], links)
        out.json(f"{here}.json", said)
        out.data(f"{here}.html", _html(page, f"{here}.html", links, out.origin))
        out.count("standing pages")


def _standing(page: StandingPage, order: int, links: Links) -> dict[str, Any]:
    return {
        "id": page.pk,
        "address": page.public_address,
        "path": page.path_in_language,
        "language": page.language,
        "translation_key": str(page.translation_key),
        "order": order,
        "slug": page.slug,
        "title": page.title,
        "introduction": page.introduction,
        "body": page.body,
        "more": list(page.more.raw_data),
        "links": links.said(_texts(page)),
        "in_footer": page.in_footer,
        "needs_newsroom": page.needs_newsroom,
        "is_public": page.live,
        "search_title": page.seo_title,
        "search_description": page.search_description,
        "published_at": moment(page.first_published_at),
        "last_published_at": moment(page.last_published_at),
    }


def _html(page: StandingPage, here: str, links: Links, origin: str) -> bytes:
    reader = Reader(here=here, links=links, origin=origin)
    with translation.override(page.language):
        return render_to_string(
            "fronts/export.html",
            {
                "page": page,
                "html": reader.rich(page.body),
                "blocks": blocks_for(page.more, reader),
                "url": f"{origin}{page.public_address}" if origin else "",
            },
        ).encode()


def read(inward: In) -> None:
    locales = {locale.language_code: locale for locale in Locale.objects.all()}
    homes = {home.locale_id: home for home in HomePage.objects.all()}
    said_pages = [Fields(inward.json(name), name) for name in inward.names(FOLDER, ".json")]
    pages = []
    for said in sorted(said_pages, key=lambda said: (said.text("language"), said.number("order"))):
        locale = locales.get(said.needed("language", 20))
        path, slug = said.needed("path", 150), said.needed("slug", 255)
        if locale is None or locale.pk not in homes:
            raise BadExport(
                gettext_noop("%(where)s: the language “%(language)s” is none of this newsroom's."),
                where=said.where,
                language=said.text("language"),
            )
        if not _PATH.fullmatch(path) or said.where != f"{FOLDER}{locale.language_code}/{path}.json":
            raise BadExport(
                gettext_noop("%(where)s: “path” should say where the file lies, such as about/ethics."),
                where=said.where,
            )
        if not slug.isascii() or set(slug) & set("/?#\\ <>\"'"):
            raise BadExport(
                gettext_noop("%(where)s: “slug” should be of letters, digits and hyphens."), where=said.where
            )
        home = homes[locale.pk]
        home.numchild += 1
        page = StandingPage(
            title=said.needed("title", 255),
            draft_title=said.text("title", 255),
            slug=slug,
            locale=locale,
            translation_key=said.key("translation_key"),
            path_in_language=path,
            introduction=said.text("introduction"),
            body=inward.rich(said.text("body"), said.where),
            more=json.dumps(Body(inward, said.where, stream=StandingMore(), name="more").read(said.items("more"))),
            in_footer=said.flag("in_footer"),
            needs_newsroom=said.flag("needs_newsroom"),
            live=said.flag("is_public", True),
            seo_title=said.text("search_title", 255),
            search_description=said.text("search_description"),
            first_published_at=said.moment("published_at"),
            last_published_at=said.moment("last_published_at"),
            has_unpublished_changes=not said.flag("is_public", True),
            content_type=ContentType.objects.get_for_model(StandingPage),
            path=Page._get_path(home.path, home.depth + 1, home.numchild),
            depth=home.depth + 1,
            url_path=f"{home.url_path}{slug}/",
        )
        page.pk = page.id = page.page_ptr_id = said.number("id")
        pages.append(page)
        inward.count("standing pages")
    pages_insert(pages)
    for home in homes.values():
        Page.objects.filter(pk=home.pk).update(numchild=home.numchild)
