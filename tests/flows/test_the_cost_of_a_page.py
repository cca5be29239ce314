"""A story with everything on it: its queries do not grow with its blocks. `standfirst bench story` tells its time."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from standfirst.stories.models import NewsDocument, StoryPage

pytestmark = pytest.mark.django_db


def everything(room, *, times: int) -> list[dict[str, Any]]:
    """Blocks of every kind, each `times` over."""
    from django.core.files.base import ContentFile

    blocks: list[dict[str, Any]] = []
    for number in range(times):
        use = {"image": room.picture(f"Picture {number}").pk, "alt": "A bridge", "caption": "At noon", "credit": ""}
        other = use | {"image": room.picture(f"Other {number}").pk}
        document = NewsDocument.objects.create(title=f"Ruling {number}", file=ContentFile(b"%PDF-1.4", "ruling.pdf"))
        text = (
            "<p>The bridge was closed.</p><h2>What happens now</h2><ul><li>Buses</li></ul>"
            f'<p>See <a linktype="page" id="{room.noise[number % 2].pk}">the other story</a>.</p>'
        )
        table = {
            "columns": [{"type": "text", "heading": "Place"}, {"type": "number", "heading": "Bearings"}],
            "rows": [{"values": ["North", "9"]}, {"values": ["South", "7"]}],
            "caption": "",
        }
        blocks += [
            {"type": "text", "value": text},
            {"type": "picture", "value": use},
            {"type": "gallery", "value": {"heading": "More", "pictures": [use, other]}},
            {"type": "table", "value": {"caption": "Bearings", "table": table, "note": "Council"}},
            {"type": "fact_box", "value": {"heading": "Facts", "text": "<p>Built in 1974.</p>"}},
            {"type": "embed", "value": {"url": "https://youtu.be/x", "title": "Video", "caption": ""}},
            {"type": "file", "value": {"document": document.pk, "label": "The ruling"}},
            {"type": "update_note", "value": {"at": "2026-11-03T10:00:00Z", "text": "<p>Reopened.</p>"}},
            {"type": "unknowns", "value": {"heading": "", "items": ["Who pays?"]}},
        ]
    return blocks


def with_everything(room, *, times: int) -> StoryPage:
    return room.publish(
        f"Everything {times}",
        standfirst="All of it.",
        kicker="City",
        body=everything(room, times=times),
        lead_image=room.picture("Lead"),
        lead_alt="A bridge",
        tags=["Bridges", "Council"],
        based_on=[("UKRINFO", "https://agency.example/")],
        sources=[{"title": "Minutes", "publisher": "Council", "url": "https://council.example/"}],
        methods="<p>We read the minutes.</p>",
        related=[room.noise[0]],
    )


def queries_of(client, story) -> int:
    client.get(story.public_path)  # renditions are made once
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(story.public_path).status_code == 200
    return len(captured)


def test_queries_do_not_grow_with_the_blocks_of_a_story(client, newsroom):
    small, large = with_everything(newsroom, times=1), with_everything(newsroom, times=8)

    few, many = queries_of(client, small), queries_of(client, large)

    assert many == few
    assert few <= 30
