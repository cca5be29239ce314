"""A story with everything on it: its queries do not grow with its blocks, its time is that of a plain page."""

from __future__ import annotations

import statistics
import time
from typing import Any

import pytest
from django.db import connection
from django.template import engines
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from standfirst.stories.models import NewsDocument, StoryPage

pytestmark = pytest.mark.django_db

#: What Wagtail alone needs for the same words and pictures: its own tags, nothing of ours.
PLAIN = """{% load wagtailcore_tags wagtailimages_tags %}<!doctype html><html lang="en">
<head><title>{{ page.title }}</title></head><body><h1>{{ page.title }}</h1><p>{{ page.standfirst }}</p>
{% if page.lead_image %}{% picture page.lead_image format-{avif,webp,jpeg} width-{400,800,1200} %}{% endif %}
{% for line in page.story_bylines.all %}
  <a href="/authors/{{ line.byline.slug }}/">{{ line.byline.name }}</a>
{% endfor %}
{% for block in page.body %}
  {% if block.block_type == "picture" %}{% picture block.value.image format-{avif,webp,jpeg} width-{400,800,1200} %}
  {% elif block.block_type == "text" %}{{ block.value|richtext }}{% endif %}
{% endfor %}
{% for tag in page.tags.all %}<a href="/tags/{{ tag.slug }}/">{{ tag }}</a>{% endfor %}</body></html>"""


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


def milliseconds(act) -> float:
    """The median of the CPU time of one call."""
    act()
    spent = []
    for _ in range(15):
        began = time.process_time()
        act()
        spent.append((time.process_time() - began) * 1000)
    return statistics.median(spent)


def test_a_story_costs_no_more_than_a_plain_wagtail_page_with_the_same_words(client, newsroom):
    story = with_everything(newsroom, times=4)
    template = engines["django"].from_string(PLAIN)

    def plain() -> None:
        request = RequestFactory().get(story.public_path)
        template.render({"page": StoryPage.objects.get(pk=story.pk)}, request)

    def ours() -> None:
        assert client.get(story.public_path).status_code == 200

    ours_ms, plain_ms = milliseconds(ours), milliseconds(plain)

    assert ours_ms <= plain_ms, f"ours {ours_ms:.1f} ms, plain {plain_ms:.1f} ms"
