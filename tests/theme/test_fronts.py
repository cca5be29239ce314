"""Fronts as readers get them: one lead, a few seconds, bands, a record; lists numbered from the oldest."""

from __future__ import annotations

import datetime as dt

import pytest
from bs4 import BeautifulSoup

from standfirst.fronts.models import HomeBand
from standfirst.stories.models import StoryPage
from standfirst.stories.services import story_publish

pytestmark = pytest.mark.django_db


def page(client, address: str, status: int = 200) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == status
    assert not response.cookies
    return BeautifulSoup(response.content, "html.parser")


def test_home_has_one_lead_with_its_standfirst_in_full_and_its_picture(client, newsroom):
    lead = newsroom.publish(
        "A bridge is closed",
        standfirst="Two of nine bearings failed.",
        lead_image=newsroom.picture(),
        lead_alt="A bridge",
    )

    soup = page(client, "/")

    (item,) = soup.select(".sf-item--lead")
    assert item.a["href"] == lead.public_path
    assert item.select_one(".sf-item__standfirst").get_text() == "Two of nine bearings failed."
    assert item.img["alt"] == "A bridge"
    assert item.img["fetchpriority"] == "high"
    assert "Olena Marchuk / The Lantern" in item.select_one(".sf-item__credit").get_text()


def test_home_shows_no_story_of_another_language_and_no_draft(client, newsroom):
    text = page(client, "/").main.get_text()

    assert "Parliament adjourns early" in text
    assert "Парламент" not in text
    assert "A draft nobody may see" not in text


def test_home_has_a_band_for_each_chosen_section(client, newsroom):
    home = newsroom.homes["en"]
    home.seconds_count = home.thirds_count = 0
    home.bands = [HomeBand(section=newsroom.world, count=3)]
    home.save_revision().publish()
    newsroom.publish("The newest of all", lead_image=newsroom.picture(), lead_alt="A bridge")

    (band,) = page(client, "/").select(".sf-band")

    assert band.h2.get_text() == "World"
    assert band.select_one(".sf-item__title").get_text() == "Parliament adjourns early"


def test_record_answers_for_what_changed_after_it_came_out(client, newsroom):
    day = dt.datetime(2026, 11, 3, 9, 0, tzinfo=dt.UTC)
    story = newsroom.publish("A bridge is closed", first_published_at=day)
    assert page(client, "/").select(".sf-record__changed") == []
    story = StoryPage.objects.get(pk=story.pk)
    story.standfirst = "Three of nine bearings failed."
    story.save_revision(user=newsroom.editor)
    story_publish(story=story, editor=newsroom.editor, label="update")

    soup = page(client, "/")

    (changed,) = soup.select(".sf-record--pencil li")
    assert changed.a["href"] == story.public_path


def test_times_are_absolute(client, newsroom):
    for moment in page(client, "/").find_all("time"):
        assert moment["datetime"]
        assert "ago" not in moment.get_text()


def test_every_front_leads_first_to_its_text_edition(client, newsroom):
    for address, text in (
        ("/", "/text/"),
        ("/uk/", "/uk/text/"),
        ("/city/", "/city/text/"),
        ("/archive/", "/archive/text/"),
    ):
        assert page(client, address).a["href"] == text


def test_list_pages_are_numbered_from_the_oldest(client, newsroom):
    first = dt.datetime(2026, 9, 1, 9, 0, tzinfo=dt.UTC)
    for number in range(22):
        newsroom.publish(
            f"Story {number}", section=newsroom.world, first_published_at=first + dt.timedelta(days=number)
        )

    front = page(client, "/world/")
    oldest = page(client, "/world/page/1/")

    assert front.select_one(".sf-pages a")["href"] in ("/world/page/1/", "/world/page/2/")
    assert [item.get_text() for item in oldest.select(".sf-item__title")][-1] == "Story 0"
    assert page(client, "/world/page/9/", status=404)


def test_byline_page_shows_the_name_in_its_language_and_no_account(client, newsroom):
    newsroom.publish("Міст закрито", language="uk")
    address = newsroom.byline.get_absolute_url()

    english, ukrainian = page(client, address), page(client, f"/uk{address}")

    assert english.h1.get_text() == "Taras Melnyk"
    assert ukrainian.h1.get_text() == "Тарас Мельник"
    assert "reporter@" not in str(english)


def test_what_is_not_printed_says_so_inside_the_frame(client, newsroom):
    soup = page(client, "/no-such-thing/", status=404)

    assert soup.h1.get_text() == "Nothing is printed here"
    assert soup.select_one("form[role=search]")["action"] == "/search/"
    assert soup.find("meta", attrs={"name": "robots"})["content"] == "noindex"


def test_languages_lead_to_the_same_front(client, newsroom):
    for address, other in (("/", "/uk/"), ("/city/", "/uk/city/")):
        assert page(client, address).select_one('.sf-tools a[lang="uk"]')["href"] == other
