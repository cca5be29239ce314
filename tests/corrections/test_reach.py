"""Whoever read the wrong version learns of it: at the story, in lists, in feeds, in data and in type alone."""

import json
import re

import pytest

from standfirst.corrections.models import Correction
from standfirst.stories.services import story_publish
from tests.corrections.test_log import NINE, body_of, change
from tests.corrections.test_record_pages import words

pytestmark = pytest.mark.django_db
NOTE = "An earlier version said nine bearings failed. It is two."


@pytest.fixture
def story(newsroom):
    newsroom.publish("Another story", body=[{"type": "text", "value": NINE}])
    return newsroom.publish("A bridge is closed", body=[{"type": "text", "value": NINE}])


def data_of(page):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page.content.decode())[1])


def test_a_grave_note_stands_above_the_text_and_a_small_one_below(story, client):
    change(story, body=body_of(story, "Nine", "Two"))
    story.refresh_from_db()
    change(story, note="It was the bus.", body=body_of(story, "The tram", "The bus"))

    page = words(client.get(story.public_path)).split("<main", 1)[1]

    assert page.index(NOTE) < page.index("bearings failed on Monday") < page.index("It was the bus.")
    assert '<a href="/corrections/1/">What changed</a>' in page
    assert f'<a href="{story.public_path}versions/">Version 3</a>' in page


def test_the_text_edition_prints_the_notes(story, client):
    change(story, body=body_of(story, "Nine", "Two"))

    page = words(client.get(f"{story.public_path}text/"))

    assert NOTE in page
    assert 'href="/corrections/1/text/"' in page


def test_structured_data_hold_one_comment_for_each_entry(story, client):
    change(story, body=body_of(story, "Nine", "Two"))
    change(story, note="It was the bus.", body=body_of(story, "The tram", "The bus"))

    data = data_of(client.get(story.public_path))

    assert [one["text"] for one in data["correction"]] == [NOTE, "It was the bus."]
    assert [one["url"] for one in data["correction"]] == [f"http://testserver/corrections/{n}/" for n in (1, 2)]
    assert data["dateModified"] == data["correction"][-1]["datePublished"]
    assert data["version"] == "3"


def test_a_typo_is_told_nowhere_but_in_the_history(story, client):
    change(story, "typo", "", body=body_of(story, "goes round", "goes around"))

    assert "correction" not in data_of(client.get(story.public_path))
    assert "sf-answer" not in words(client.get(story.public_path))
    assert "Typo" in words(client.get(f"{story.public_path}versions/"))


def test_feeds_tell_of_it_in_every_form(story, client):
    change(story, body=body_of(story, "Nine", "Two"))

    for form in ("atom", "rss"):
        feed = client.get(f"/feed/{form}").content.decode()
        assert re.search(rf"Correction, \d{{4}}-\d\d-\d\d: {re.escape(NOTE)}", feed)
    items = client.get("/feed/json").json()["items"]
    told = {item["title"]: item.get("_standfirst", {}).get("corrections") for item in items}
    assert told["Another story"] is None
    [one] = told["A bridge is closed"]
    assert (one["number"], one["label"], one["text"]) == (1, "correction", NOTE)


def test_the_paper_s_feeds_are_witnesses_of_the_record(story, client):
    from standfirst.stories.record import record_head

    head = record_head()

    assert head.hash in client.get("/feed/atom").content.decode()
    assert head.hash in client.get("/feed/rss").content.decode()
    assert client.get("/feed/json").json()["_standfirst"]["record"]["hash"] == head.hash
    assert head.hash not in client.get("/city/feed/atom").content.decode()


def test_lists_say_that_a_story_was_corrected(story, client):
    change(story, body=body_of(story, "Nine", "Two"))

    for place in ("/", "/text/", "/city/", "/archive/"):
        assert "corrected</b>" in words(client.get(place)), place
    assert "Correction: A bridge is closed" in words(client.get("/"))


def test_the_label_in_lists_outlives_a_typo_and_an_older_draft(story, newsroom, client):
    change(story, body=body_of(story, "Nine", "Two"))
    change(story, "typo", "", body=body_of(story, "goes round", "goes around"))

    story.refresh_from_db()
    assert story.label_shown == "correction"
    story.save_revision()
    story_publish(story=story)
    story.refresh_from_db()
    assert (story.label_shown, story.public_versions.count()) == ("correction", 3)


def test_a_retraction_stays_on_its_page_and_says_so_everywhere(story, client):
    change(story, "retraction", "We could not confirm it.")

    page = words(client.get(story.public_path))

    assert "We could not confirm it." in page
    # Whoever searches for what it said finds that it was taken back.
    assert "noindex" not in page
    assert "retracted</b>" in words(client.get("/"))
    titles = [item["title"] for item in client.get("/feed/json").json()["items"]]
    assert titles[0] == "Retracted: A bridge is closed"


def test_a_story_is_kept_from_search_engines_by_choice(story, client):
    month = f"/sitemap-{story.first_published_at:%Y-%m}.xml"
    assert story.public_path.encode() in client.get(month).content
    draft = story.get_latest_revision_as_object()
    draft.kept_from_search = True
    draft.save_revision().publish()

    page = words(client.get(story.public_path))

    assert '<meta name="robots" content="noindex">' in page
    assert story.public_path.encode() not in client.get(month).content
    assert story.public_path.encode() not in client.get("/news-sitemap.xml").content
    assert story.public_versions.count() == 1, "no word changed"


def test_forty_corrections_do_not_bury_the_story(story, client):
    for number in range(40):
        change(story, note=f"Note {number}.", title=f"Headline {number}")

    page = words(client.get(story.public_path)).split("<main", 1)[1]

    above = page[: page.index("bearings failed on Monday")]
    assert above.count('class="sf-answer"') == 3
    assert page.count('class="sf-answer"') == 40
    assert Correction.objects.count() == 40


def test_the_page_tells_a_browser_what_changed_since_which_version(story, client):
    change(story, "typo", "", body=body_of(story, "goes round", "goes around"))
    change(story, body=body_of(story, "Nine", "Two"))

    page = client.get(story.public_path).content.decode()

    line = re.search(r"<p class=\"sf-since\"[^>]*>", page)[0]
    assert 'data-version="3"' in line
    assert 'data-changes="3"' in line
    assert " hidden" in line
    assert "2 things" not in page
