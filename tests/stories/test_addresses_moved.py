"""Addresses that could move or meet: each keeps leading readers to the story."""

import datetime as dt

from wagtail.contrib.redirects.models import Redirect

from standfirst.fronts.models import StandingPage
from standfirst.stories import services
from standfirst.stories.services import section_add


def kyiv(*parts):
    from zoneinfo import ZoneInfo

    return dt.datetime(*parts, tzinfo=ZoneInfo("Europe/Kyiv"))


def test_the_account_behind_a_byline_is_in_no_address(draft, byline, reporter):
    services.story_publish(story=draft())

    assert byline.get_absolute_url() == "/authors/olena-marchuk/"
    assert "reporter" not in byline.get_absolute_url()


def test_moving_to_another_section_keeps_the_address(draft):
    story = draft()
    services.story_publish(story=story)
    address = story.public_path
    story.section = section_add(title="Courts")
    story.save_revision()

    services.story_publish(story=story)

    assert story.public_path == address


def test_a_changed_slug_moves_the_story_and_leads_the_old_address_and_text_edition_to_it(draft, client):
    story = draft(first_published_at=kyiv(2026, 11, 3, 9, 0))
    services.story_publish(story=story)
    story.slug = "bridge-vote"
    story.save_revision()

    services.story_publish(story=story)

    assert story.public_path == "/2026/11/03/bridge-vote/"
    old = client.get("/2026/11/03/council-votes-on-the-bridge/")
    assert (old.status_code, old["Location"]) == (301, "/2026/11/03/bridge-vote/")
    assert client.get("/2026/11/03/council-votes-on-the-bridge/text/")["Location"] == "/2026/11/03/bridge-vote/text/"


def test_changing_the_slug_back_leaves_no_circle(draft, client):
    story = draft(first_published_at=kyiv(2026, 11, 3, 9, 0))
    services.story_publish(story=story)
    for slug in ("bridge-vote", "council-votes-on-the-bridge"):
        story.slug = slug
        story.save_revision()
        services.story_publish(story=story)

    assert client.get("/2026/11/03/council-votes-on-the-bridge/").status_code == 200
    assert client.get("/2026/11/03/bridge-vote/")["Location"] == "/2026/11/03/council-votes-on-the-bridge/"
    assert not Redirect.objects.filter(old_path="/2026/11/03/council-votes-on-the-bridge").exists()


def test_two_stories_of_one_day_and_headline_get_two_addresses(draft):
    when = kyiv(2026, 11, 3, 9, 0)
    first, second = draft(first_published_at=when), draft(first_published_at=when)

    services.story_publish(story=first)
    services.story_publish(story=second)

    assert first.public_path == "/2026/11/03/council-votes-on-the-bridge/"
    assert second.public_path == "/2026/11/03/council-votes-on-the-bridge-2/"


def test_drafts_of_two_months_published_on_one_day_do_not_collide(draft):
    early = draft(first_published_at=kyiv(2026, 10, 3, 9, 0))
    late = draft(first_published_at=kyiv(2026, 11, 3, 9, 0))
    services.story_publish(story=late)
    early.first_published_at = kyiv(2026, 11, 3, 10, 0)
    early.save_revision()
    early.save()

    services.story_publish(story=early)

    assert early.public_path != late.public_path


def test_a_reserved_name_never_becomes_a_section_address(homes):
    assert section_add(title="Search").slug != "search"
    assert section_add(title="UK").slug != "uk"


def test_an_address_of_long_ago_still_leads_there_in_one_hop(draft, client):
    story = draft(first_published_at=kyiv(2026, 11, 3, 9, 0))
    services.story_publish(story=story)
    for slug in ("bridge-vote", "bridge-vote-result"):
        story.slug = slug
        story.save_revision()
        services.story_publish(story=story)

    first = client.get("/2026/11/03/council-votes-on-the-bridge/")

    assert (first.status_code, first["Location"]) == (301, "/2026/11/03/bridge-vote-result/")


def test_no_new_story_takes_an_address_that_leads_readers_of_another(draft):
    story = draft(first_published_at=kyiv(2026, 11, 3, 9, 0))
    services.story_publish(story=story)
    story.slug = "bridge-vote"
    story.save_revision()
    services.story_publish(story=story)

    other = draft(first_published_at=kyiv(2026, 11, 3, 10, 0))
    services.story_publish(story=other)

    assert other.public_path == "/2026/11/03/council-votes-on-the-bridge-2/"


def led(client, *addresses):
    return [client.get(address).headers.get("Location") for address in addresses]


def test_a_section_with_another_address_leads_its_old_ones_on_in_every_language(newsroom, client):
    newsroom.publish()
    section = newsroom.city

    section.slug = "town"
    section.save()

    old = ("/city/", "/uk/city/", "/city/text/", "/city/feed/rss", "/city/page/1/")
    assert led(client, *old)[:3] == ["/town/", "/uk/town/", "/town/text/"]
    assert all(address.startswith("/town/") for address in led(client, *old)[3:])
    assert client.get("/town/").status_code == 200


def test_an_address_that_is_taken_back_leads_nowhere_else(newsroom, client):
    newsroom.publish()
    section = newsroom.city
    for slug in ("town", "borough", "city"):
        section.slug = slug
        section.save()

    assert client.get("/city/").status_code == 200
    assert led(client, "/town/", "/borough/") == ["/city/", "/city/"]


def test_bylines_tags_and_standing_pages_lead_on_too(newsroom, client):
    story = newsroom.publish(tags=["Trams"])
    tag, byline = story.tags.get(), newsroom.byline
    page = StandingPage.objects.get(path_in_language="privacy", locale__language_code="en")
    before = [tag.get_absolute_url(), byline.get_absolute_url(), page.public_address]

    tag.slug, byline.slug, page.path_in_language = "tramways", "o-marchuk", "your-data"
    for row in (tag, byline, page):
        row.save()

    assert led(client, *before) == ["/tags/tramways/", "/authors/o-marchuk/", "/your-data/"]


def test_a_name_that_changes_moves_nothing(newsroom):
    newsroom.publish()
    newsroom.city.title = "The city"

    newsroom.city.save()

    assert not Redirect.objects.exists()
