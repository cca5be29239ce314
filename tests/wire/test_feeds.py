"""Feeds in three forms, read by strict readers and by a usual one."""

import datetime as dt
import re

import feedparser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from standfirst.people.models import Byline
from standfirst.stories.services import story_publish, story_withdraw
from tests.printed import SLY
from tests.wire import strict

TYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}
READ = {"atom": strict.atom, "rss": strict.rss, "json": strict.json_feed}


def titles(client, address):
    return [entry.title for entry in feedparser.parse(client.get(address).content).entries]


@pytest.mark.parametrize("form", TYPES)
@pytest.mark.parametrize(
    "place",
    ["/", "/uk/", "/world/", "/uk/world/", "/authors/olena-marchuk/", "/tags/bridges/", "/uk/tags/kava/", "/courts/"],
)
def test_every_feed_keeps_to_its_standard(paper, client, place, form):
    response = client.get(f"{place}feed/{form}")

    assert response.status_code == 200
    assert response["Content-Type"] == f"{TYPES[form]}; charset=utf-8"
    assert response["X-Robots-Tag"] == "max-snippet:500"
    assert response.cookies == {}
    READ[form](response.content)
    if form != "json":
        assert feedparser.parse(response.content).bozo is False


def test_each_feed_holds_its_own_stories(paper, client):
    bridge, court, ukrainian = paper.story.title, paper.other.title, paper.ukrainian.title

    assert titles(client, "/feed/atom") == [bridge, court]
    assert titles(client, "/uk/feed/rss") == [ukrainian]
    assert titles(client, "/world/feed/atom") == [bridge]
    assert titles(client, "/uk/world/feed/atom") == [ukrainian]
    assert titles(client, "/courts/feed/rss") == [court]
    assert titles(client, "/authors/olena-marchuk/feed/atom") == [bridge]
    assert titles(client, "/tags/bridges/feed/atom") == [bridge]
    assert [item["title"] for item in client.get("/feed/json").json()["items"]] == [bridge, court]


@pytest.mark.parametrize("place", ["/nowhere/", "/authors/nobody/", "/tags/nothing/", "/de/"])
def test_a_feed_of_nothing_is_not_found(paper, client, place):
    assert client.get(f"{place}feed/atom").status_code == 404


def test_a_tag_may_be_called_feed(paper, client):
    paper.publish("What the feed says", tags=["Feed"])

    assert client.get("/tags/feed/").status_code == 200
    assert client.get("/tags/feed/feed/")["Location"] == "/tags/feed/feed/rss"
    assert titles(client, "/tags/feed/feed/rss") == ["What the feed says"]


@pytest.mark.parametrize("place", ["/", "/uk/", "/world/", "/tags/bridges/"])
def test_the_bare_address_leads_to_rss(paper, client, place):
    response = client.get(f"{place}feed/")

    assert response.status_code == 301
    assert response["Location"] == f"{place}feed/rss"


def test_reader_feeds_hold_the_whole_story_with_its_rights(paper, client):
    feed = strict.atom(client.get("/feed/atom").content)
    entry = feed.find(f"{strict.ATOM}entry")

    html = entry.find(f"{strict.ATOM}content").text
    for words in (
        "Hello",
        "<h2>Sub</h2>",
        "In short",
        "Three spans.",
        "Video of the bridge",
        "Who paid?",
        "walked over",
    ):
        assert words in html
    assert 'href="http://testserver/privacy/"' in html
    assert html.count("<img") == 2
    assert 'alt="A crane"' in html
    assert "Olena Marchuk / The Lantern" in html
    rights = "Up to 500 characters with an active link; more by written permission."
    assert feed.find(f"{strict.ATOM}rights").text == rights
    assert entry.find(f"{strict.ATOM}rights").text == rights
    assert ("license", "http://testserver/reuse/") in {
        (link.get("rel"), link.get("href")) for link in entry.findall(f"{strict.ATOM}link")
    }
    assert [name.text for name in entry.iterfind(f"{strict.ATOM}author/{strict.ATOM}name")] == [
        "Olena Marchuk",
        "The Lantern desk",
    ]
    assert {category.get("term") for category in entry.findall(f"{strict.ATOM}category")} == {
        "World",
        "Bridges",
        "Кава",
    }
    assert entry.find(f"{strict.ATOM}summary").text == "Trams run again from Monday."


def test_rss_carries_the_picture_with_credit_and_description(paper, client):
    item = strict.rss(client.get("/feed/rss").content).find("item")

    media = item.find(f"{strict.MEDIA}content")
    assert media.get("url").startswith("http://testserver/m/")
    assert media.get("medium") == "image"
    assert media.find(f"{strict.MEDIA}credit").text == "Olena Marchuk / The Lantern"
    assert media.find(f"{strict.MEDIA}description").text == "A bridge at dusk"
    assert [name.text for name in item.findall(f"{strict.DC}creator")] == ["Olena Marchuk", "The Lantern desk"]


def test_a_ukrainian_feed_speaks_ukrainian(paper, client):
    channel = strict.rss(client.get("/uk/feed/rss").content)

    assert channel.find("language").text == "uk"
    assert channel.find("item").find(f"{strict.DC}creator").text == "Олена Марчук"
    assert channel.find("item").find("category").text == "Світ"


def test_an_id_stays_when_slug_headline_and_section_change(paper, client):
    def ids():
        return [entry.id for entry in feedparser.parse(client.get("/feed/atom").content).entries]

    before = ids()
    story = paper.story
    story.title, story.slug, story.section = "Bridge open", "bridge-open", paper.courts
    story.save_revision()
    story_publish(story=story)

    assert ids() == before
    assert before[0].startswith("tag:testserver,")
    assert re.search(rf":story/{story.pk}$", before[0])


def test_a_change_moves_updated_and_not_published(paper, client):
    def entry():
        return feedparser.parse(client.get("/feed/atom").content).entries[0]

    before = entry()
    paper.story.standfirst = "Corrected."
    paper.story.save_revision()
    story_publish(story=paper.story)
    after = entry()

    assert after.published == before.published
    assert after.updated_parsed > before.updated_parsed


@pytest.mark.parametrize("form", TYPES)
def test_a_second_asking_gets_304(paper, client, form):
    first = client.get(f"/feed/{form}")

    by_tag = client.get(f"/feed/{form}", HTTP_IF_NONE_MATCH=first["ETag"])
    by_date = client.get(f"/feed/{form}", HTTP_IF_MODIFIED_SINCE=first["Last-Modified"])
    other = client.get(f"/feed/{form}", HTTP_IF_NONE_MATCH='"something else"')

    assert (by_tag.status_code, by_tag.content) == (304, b"")
    assert by_date.status_code == 304
    assert other.status_code == 200
    assert client.get(f"/feed/{form}").content == first.content
    assert client.head(f"/feed/{form}")["ETag"] == first["ETag"]


@pytest.mark.parametrize("form", TYPES)
def test_a_withdrawn_story_leaves_a_notice_and_nothing_else(paper, client, form):
    first = client.get(f"/feed/{form}")
    story_withdraw(story=paper.story)

    response = client.get(f"/feed/{form}", HTTP_IF_MODIFIED_SINCE=first["Last-Modified"])

    READ[form](response.content)
    text = response.content.decode()
    assert "This story was withdrawn." in text
    assert f"story/{paper.story.pk}" in text
    for gone in ("Bridge reopens", "Olena", paper.story.slug, "Trams"):
        assert gone not in text


def test_a_story_withdrawn_long_ago_is_not_recalled(paper, client):
    old = paper.publish("Old one", first_published_at=timezone.now() - dt.timedelta(days=400))
    story_withdraw(story=old)
    for number in range(30):
        paper.publish(f"Newer {number}", first_published_at=timezone.now() - dt.timedelta(days=number))

    feed = strict.atom(client.get("/feed/atom").content)

    assert f"story/{old.pk}" not in client.get("/feed/atom").content.decode()
    assert len(feed.findall(f"{strict.ATOM}entry")) == 30


def test_a_hostile_story_stays_words(paper, client):
    Byline.objects.filter(slug="olena-marchuk").update(name=f"Sly {SLY}")
    paper.publish(
        f"]]> {SLY}",
        standfirst=SLY,
        bylines=list(Byline.objects.all()),
        body=[
            {"type": "text", "value": f'<p onclick="x()">{SLY}<a href="javascript:alert(1)">l</a></p>'},
            {"type": "fact_box", "value": {"heading": SLY, "text": f"<p>{SLY}</p>"}},
            {"type": "embed", "value": {"url": "javascript:alert(1)", "title": SLY, "caption": SLY}},
            {"type": "unknowns", "value": {"heading": SLY, "items": [SLY]}},
            {"type": "table", "value": {"caption": SLY, "note": SLY, "table": {
                "columns": [{"type": "text", "heading": SLY}], "rows": [{"values": [SLY]}], "caption": ""}}},
        ],
    )  # fmt: skip

    for form, read in READ.items():
        read(client.get(f"/feed/{form}").content)


def test_an_empty_feed_is_valid(paper, client):
    story_withdraw(story=paper.other)

    for form, read in READ.items():
        read(client.get(f"/authors/the-lantern-desk/feed/{form}").content)
        read(client.get(f"/uk/courts/feed/{form}").content)


def test_the_number_of_queries_does_not_grow_with_the_feed(paper, client):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            client.get("/feed/atom")
        return len(queries)

    few = asked()
    for number in range(6):
        paper.publish(
            f"More {number}",
            lead_image=paper.image,
            lead_alt="A bridge",
            bylines=list(Byline.objects.all()),
            tags=[f"T{number}", "Bridges"],
            body=[{"type": "text", "value": f'<p><a linktype="page" id="{paper.other.pk}">l</a></p>'}] * 3
            + [{"type": "picture", "value": {"image": paper.image.pk, "alt": "x"}}],
        )

    assert asked() <= few + 2, "two more for links between stories"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_feeds_are_only_read(paper, client, method):
    assert getattr(client, method)("/feed/atom").status_code == 405
