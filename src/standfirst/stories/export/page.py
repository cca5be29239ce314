"""A story as one HTML file that needs nothing but the pictures beside it: no style, no script, no address of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from pathlib import PurePosixPath
from posixpath import relpath
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import mark_safe
from wagtail.models import Page

from standfirst.kit.html import clean_passage
from standfirst.stories.models import MonthPage, NewsDocument, NewsImage, StoryPage
from standfirst.stories.reading import rich_texts

WIDEST = 800
_OPENING = re.compile(r"<a\b([^>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_OWN_HREF = re.compile(r'href="(/[^"]*)"')
_EMPTY = re.compile(r"<a>(.*?)</a>", re.DOTALL)
_KEY = re.compile(r'data-block-key="([a-zA-Z0-9_-]{1,40})"')


class Links:
    """Where the links of some stories lead: pages to their public address, files to theirs; and the stories' months."""

    def __init__(self, stories: Iterable[StoryPage]) -> None:
        stories = list(stories)
        self._find([text for story in stories for text in rich_texts(story)])
        related = {line.related_id for story in stories for line in story.related_by_hand.all()}
        related |= {line.related_id for story in stories for line in story.related_found.all()}
        live = StoryPage.objects.filter(pk__in=related, live=True, public_path__isnull=False).order_by()
        self.public: set[int] = set(live.values_list("pk", flat=True))
        parents = {story.path[:-4] for story in stories}
        self.months = dict(MonthPage.objects.filter(path__in=parents).values_list("path", "pk"))

    @classmethod
    def of_texts(cls, texts: Iterable[str]) -> Links:
        """Of rich text that stands elsewhere."""
        made = cls(())
        made._find(texts)
        return made

    def _find(self, texts: Iterable[str]) -> None:
        pages: set[int] = set()
        documents: set[int] = set()
        for kind, pk in _targets(texts):
            (documents if kind == "document" else pages).add(pk)
        rows = StoryPage.objects.filter(pk__in=pages, live=True, public_path__isnull=False).order_by()
        self.stories: dict[int, str] = dict(rows.values_list("pk", "public_path"))
        self.pages: dict[int, str] = dict(self.stories)
        others = Page.objects.filter(pk__in=pages - set(self.stories), live=True)
        for page in others.defer_streamfields().specific() if pages - set(self.stories) else ():
            if getattr(page, "public_address", None):
                self.pages[page.pk] = page.public_address
        self.documents = NewsDocument.objects.in_bulk(sorted(documents))

    def said(self, texts: Iterable[str]) -> dict[str, str]:
        """What the numbers in a story's links mean: "page:12" → its address; those that lead nowhere are not named."""
        found = {}
        for kind, pk in _targets(texts):
            if kind == "page" and pk in self.pages:
                found[f"page:{pk}"] = self.pages[pk]
            elif kind == "document" and pk in self.documents:
                found[f"document:{pk}"] = document_file(self.documents[pk])
        return found

    def resolve(self, html: str, *, here: str, origin: str) -> str:
        """Links to our own stories and files lead to those beside this file; all others of the paper to the paper."""

        def mend(match: re.Match[str]) -> str:
            said = dict(_ATTRIBUTE.findall(match[1]))
            kind, number = said.get("linktype"), said.get("id", "")
            if not kind:
                return match[0]
            pk = int(number) if number.isdigit() else 0
            if kind == "document":
                target = beside(document_file(self.documents[pk]), here) if pk in self.documents else ""
            elif pk in self.stories:
                target = beside(f"stories/{self.stories[pk].strip('/')}.html", here)
            else:
                target = f"{origin}{self.pages[pk]}" if pk in self.pages else ""
            return f'<a href="{escape(target)}">' if target else "<a>"

        return _OPENING.sub(mend, html)


def _targets(texts: Iterable[str]) -> Iterable[tuple[str, int]]:
    for text in texts:
        for attributes in _OPENING.findall(text):
            said = dict(_ATTRIBUTE.findall(attributes))
            if said.get("linktype") in ("page", "document") and said.get("id", "").isdigit():
                yield said["linktype"], int(said["id"])


def document_file(document: NewsDocument) -> str:
    """Where a file that stories offer lies in the export."""
    return f"media/files/{document.pk}/{PurePosixPath(document.file.name or '').name}"


def beside(target: str, here: str) -> str:
    """The address of one file of the export in another."""
    return quote(relpath(target, PurePosixPath(here).parent))


class Reader:
    """What the template asks of one story."""

    def __init__(self, *, here: str, links: Links, origin: str) -> None:
        self.here, self.links, self.origin = here, links, origin

    def rich(self, value: Any) -> str:
        # Cleaned as it is for readers' pages; then links are written, which the cleaner would not know.
        html = clean_passage(str(getattr(value, "source", value) or ""), stored=True)
        html = _EMPTY.sub(r"\1", self.links.resolve(html, here=self.here, origin=self.origin))
        return mark_safe(_KEY.sub(r'id="p-\1"', _OWN_HREF.sub(rf'href="{escape(self.origin)}\1"', html)))  # noqa: S308


def story_html(story: StoryPage, *, here: str, links: Links, origin: str) -> bytes:
    reader = Reader(here=here, links=links, origin=origin)
    language = story.language
    with translation.override(language), timezone.override(None):
        return render_to_string(
            "stories/export.html",
            {
                "page": story,
                "paper": settings.NEWSROOM.name,
                "url": f"{origin}{story.public_path}" if origin else "",
                "names": [(line.byline.name_in(language), line.note) for line in story.story_bylines.all()],
                "lead": _use(
                    story.lead_image, story.lead_alt, story.lead_decorative, story.lead_caption, story.lead_credit, here
                ),
                "blocks": blocks_for(story.body, reader),
                "sources": story.sources.all(),
                "based_on": story.based_on.all(),
                "methods": reader.rich(story.methods),
                "tags": [item.tag.name for item in sorted(story.tagged_items.all(), key=lambda item: item.pk or 0)],
                "version": len(story.public_versions.all()),
            },
        ).encode()


def _use(
    image: NewsImage | None, alt: str, decorative: bool, caption: str, credit: str, here: str
) -> dict[str, Any] | None:
    if image is None:
        return None
    from standfirst.stories.export.media import picture_file

    # There is no style sheet to make a large picture fit.
    width = min(image.width, WIDEST)
    return {
        "image": image,
        "src": beside(picture_file(image), here),
        "width": width,
        "height": round(image.height * width / max(1, image.width)),
        "alt": "" if decorative else alt,
        "caption": caption,
        "credit": credit,
    }


def blocks_for(body: Iterable[Any], reader: Reader) -> list[dict[str, Any]]:
    """What `stories/_export_blocks.html` asks of each block."""
    return [_block(block, reader) for block in body]


def _block(block: Any, reader: Reader) -> dict[str, Any]:
    kind, value = block.block_type, block.value
    said: dict[str, Any] = {"kind": kind, "value": value}
    if kind == "text":
        said["html"] = reader.rich(value)
    elif kind in ("fact_box", "update_note"):
        said["html"] = reader.rich(value["text"])
    elif kind == "picture":
        said["pictures"] = [_used(value, reader.here)]
    elif kind == "gallery":
        said["pictures"] = [_used(one, reader.here) for one in value["pictures"]]
    elif kind == "file" and value["document"] is not None:
        said["file"] = beside(document_file(value["document"]), reader.here)
    return said


def _used(value: Any, here: str) -> dict[str, Any] | None:
    return _use(
        value.get("image"), value.get("alt"), value.get("decorative"), value.get("caption"), value.get("credit"), here
    )
