"""Sitemaps, robots.txt and the files of /.well-known/."""

import datetime as dt

import pytest
from django.test import override_settings
from django.utils import timezone

from standfirst.config.newsroom import Newsroom
from standfirst.stories.services import story_publish, story_withdraw
from tests.printed import SLY
from tests.wire import strict

HOST = "http://testserver"


def test_the_sitemap_leads_to_every_public_page_once(paper, client):
    index = strict.addresses(client.get("/sitemap.xml").content)
    found = {}
    for address in index:
        response = client.get(address.removeprefix(HOST))
        assert response["Content-Type"] == "application/xml; charset=utf-8"
        part = strict.addresses(response.content)
        assert not found.keys() & part.keys()
        found |= part

    for story in (paper.story, paper.other, paper.ukrainian):
        assert HOST + story.public_path in found
    for path in (
        "/",
        "/uk/",
        "/world/",
        "/uk/world/",
        "/courts/",
        "/authors/olena-marchuk/",
        "/privacy/",
        "/uk/about/",
    ):
        assert HOST + path in found
    assert f"{HOST}/uk/courts/" not in found, "it has no story in Ukrainian"
    assert "secret" not in str(found)
    for address in found:
        assert client.get(address.removeprefix(HOST)).status_code == 200, address


def test_months_are_those_of_first_publication(paper, client):
    index = strict.addresses(client.get("/sitemap.xml").content)
    local = timezone.localtime(paper.other.first_published_at)

    part = strict.addresses(client.get(f"/sitemap-{local:%Y-%m}.xml").content)

    assert f"{HOST}/sitemap-{local:%Y-%m}.xml" in index
    assert list(part) == [HOST + paper.other.public_path]
    for nothing in ("/sitemap-1999-01.xml", "/sitemap-2026-13.xml", "/sitemap-0000-01.xml"):
        assert client.get(nothing).status_code == 404


def test_a_change_moves_lastmod(paper, client):
    def lastmod():
        local = timezone.localtime(paper.other.first_published_at)
        part = strict.addresses(client.get(f"/sitemap-{local:%Y-%m}.xml").content)
        index = strict.addresses(client.get("/sitemap.xml").content)
        return part[HOST + paper.other.public_path], index[f"{HOST}/sitemap-{local:%Y-%m}.xml"]

    before = lastmod()
    paper.other.title = "Court hears a second witness"
    paper.other.save_revision()
    story_publish(story=paper.other)

    assert all(new > old for new, old in zip(lastmod(), before, strict=True))


def test_the_news_sitemap_has_the_last_two_days_in_every_language(paper, client):
    edge = timezone.now() - dt.timedelta(hours=48)
    paper.publish("Just too old", first_published_at=edge - dt.timedelta(minutes=1))
    paper.publish(f"Sly {SLY}", first_published_at=edge + dt.timedelta(minutes=1))

    body = client.get("/news-sitemap.xml").content

    strict.addresses(body, most=1000)
    news = {}
    for item in strict.parsed(body):
        (about,) = item.findall(f"{strict.NEWS}news")
        publication = about.find(f"{strict.NEWS}publication")
        assert publication.find(f"{strict.NEWS}name").text == "The Lantern"
        assert strict.RFC3339.fullmatch(about.find(f"{strict.NEWS}publication_date").text)
        news[about.find(f"{strict.NEWS}title").text] = publication.find(f"{strict.NEWS}language").text
    assert news.pop(next(title for title in news if title.startswith("Sly"))) == "en"
    assert news == {paper.story.title: "en", paper.ukrainian.title: "uk"}


def test_a_withdrawn_story_is_in_no_sitemap(paper, client):
    story_withdraw(story=paper.story)

    local = timezone.localtime(paper.story.first_published_at)
    for address in ("/news-sitemap.xml", f"/sitemap-{local:%Y-%m}.xml", "/sitemap-pages.xml"):
        assert paper.story.slug.encode() not in client.get(address).content


def test_robots_txt_is_the_one_of_the_standards(paper, client):
    response = client.get("/robots.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == (
        "User-agent: *\n"
        "Content-Signal: search=yes, ai-train=no\n"
        "Content-Usage: train-ai=n\n"
        "Allow: /\n"
        "Disallow: /desk/\n"
        "\n"
        "Sitemap: http://testserver/sitemap.xml\n"
        "Sitemap: http://testserver/news-sitemap.xml\n"
    )


def test_without_a_base_url_the_host_served_counts(paper, client, settings):
    newsroom = Newsroom(folder=settings.NEWSROOM.folder, name="The Lantern", secret_key="x", languages=("en", "uk"))

    with override_settings(NEWSROOM=newsroom, ALLOWED_HOSTS=["*"]):
        robots = client.get("/robots.txt", HTTP_HOST="paper.example:8443").content.decode()

    assert "Sitemap: http://paper.example:8443/sitemap.xml" in robots


def test_a_foreign_host_moves_no_address(paper, client):
    assert client.get("/robots.txt", HTTP_HOST="evil.example").status_code == 421
    assert "evil" not in client.get("/feed/atom", HTTP_X_FORWARDED_HOST="evil.example").content.decode()


def test_security_txt_says_how_to_reach_us_and_until_when(paper, client):
    lines = dict(line.split(": ", 1) for line in client.get("/.well-known/security.txt").content.decode().splitlines())

    assert lines["Contact"] == "http://testserver/contact/"
    assert lines["Canonical"] == "http://testserver/.well-known/security.txt"
    assert lines["Preferred-Languages"] == "en, uk"
    expires = dt.datetime.fromisoformat(lines["Expires"])
    assert dt.timedelta(days=100) < expires - timezone.now() < dt.timedelta(days=365)
    assert client.get("/contact/").status_code == 200


def test_password_keepers_find_the_way(paper, client):
    response = client.get("/.well-known/change-password")

    assert response.status_code == 302
    assert response["Location"].startswith("/desk/")


def test_the_icon_is_found_without_reading_a_page(paper, client):
    assert client.get("/favicon.ico")["Location"] == "/s/theme/icon.svg"


@pytest.mark.parametrize("address", ["/sitemap.xml", "/news-sitemap.xml", "/sitemap-pages.xml", "/robots.txt"])
def test_files_are_asked_for_twice_and_sent_once(paper, client, address):
    first = client.get(address)

    assert client.get(address, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    assert first.cookies == {}
