"""A story with everything on it, as much of each as asked for: for the bench and for tests of query counts."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from standfirst.people.services import byline_add
from standfirst.stories.models import NewsDocument, NewsImage, Section, StoryPage
from standfirst.stories.services import story_draft, story_publish

PARAGRAPH = (
    "The harbour board met on <b>Tuesday</b> and heard three engineers, who had measured the quay since spring. "
    "Nobody disputed the figures, said the chair, but the <i>order</i> of the work was another matter. "
)


def picture(number: int, size: tuple[int, int] = (1600, 1000)) -> NewsImage:
    out = BytesIO()
    Image.new("RGB", size, (40 + number * 7 % 180, 90, 120)).save(out, "JPEG", quality=70)
    return NewsImage.objects.create(
        title=f"Picture {number}",
        file=ContentFile(out.getvalue(), name="p.jpg"),
        credit="Olena Marchuk / The Lantern",
    )


def block(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value}


def text(links: list[str]) -> dict[str, Any]:
    paragraphs = "".join(f"<p>{PARAGRAPH * 2}{link}</p>" for link in links)
    return block("text", f"<h2>What the board heard</h2>{paragraphs}<ul><li>First</li><li>Second</li></ul>")


def body(*, times: int, others: list[StoryPage], size: tuple[int, int]) -> list[dict[str, Any]]:
    """Every kind of block, `times` times over; links lead to `others`."""
    blocks: list[dict[str, Any]] = []
    for turn in range(times):
        images = [picture(turn * 5 + n, size) for n in range(5)]
        document = NewsDocument.objects.create(
            title=f"Minutes {turn}", file=ContentFile(b"%PDF-1.4 minutes", name="minutes.pdf")
        )
        links = [
            '<a href="https://harbour.example/">the board</a>',
            f'<a linktype="page" id="{others[turn % len(others)].pk}">our report</a>',
            f'<a linktype="document" id="{document.pk}">the minutes</a>',
        ]
        uses = [{"image": image.pk, "alt": "The quay", "caption": "The quay at low water"} for image in images]
        blocks += [
            text(links),
            block("picture", uses[0]),
            text(links[:2]),
            block("gallery", {"heading": "On the quay", "pictures": uses[1:]}),
            block("table", table()),
            block("fact_box", {"heading": "In short", "text": f"<p>{PARAGRAPH}</p>"}),
            block("embed", {"url": "https://vimeo.com/123456", "title": "Video: the session", "caption": ""}),
            block("file", {"document": document.pk, "label": "The minutes (PDF)"}),
            block("update_note", {"at": "2026-11-03T10:00:00Z", "text": "<p>The figures came later.</p>"}),
            block("unknowns", {"heading": "", "items": ["Who pays?", "When does it begin?"]}),
        ]
    return blocks


def table() -> dict[str, Any]:
    rows = [{"values": [f"Quay {n}", str(n * 12)]} for n in range(6)]
    columns = [{"type": "text", "heading": "Quay"}, {"type": "number", "heading": "Metres"}]
    return {
        "caption": "Quays and their length",
        "table": {"columns": columns, "rows": rows, "caption": ""},
        "first_column_is_header": True,
        "note": "Harbour board",
    }


def everything(
    section: Section, *, times: int, headline: str, others: list[StoryPage], size: tuple[int, int] = (1600, 1000)
) -> StoryPage:
    """Publish a story with every part filled; `others` become its related stories."""
    names = [byline_add(name=f"{headline} author {n}") for n in range(1 + times)]
    story = story_draft(
        language="en",
        headline=headline,
        section=section,
        kicker="Harbour",
        standfirst="The board heard three engineers; the order of the work remains open.",
        dateline="ODESA",
        bylines=names,
        based_on=[("Agency", "https://agency.example/")] * times,
        lead_image=picture(99, size),
        lead_alt="The harbour in the morning",
        lead_caption="The harbour in the morning",
        body=body(times=times, others=others, size=size),
        methods=f"<p>{PARAGRAPH}</p>",
        sources=[{"title": f"Report {n}", "publisher": "Board", "url": "https://board.example/"} for n in range(times)],
        tags=[f"{headline} {n}" for n in range(2 * times)],
        related=others[:4],
    )
    story_publish(story=story)
    story.refresh_from_db()
    return story
