"""Whole pages, as machines get them."""

import json

import pytest
from bs4 import BeautifulSoup

from standfirst.stories.models import NewsImage
from tests.printed import SLY
from tests.wire.terms import unknown_terms

HOST = "http://testserver"


def page(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return BeautifulSoup(response.content, "html.parser")


def inline_scripts(soup):
    return [script for script in soup.find_all("script") if not script.get("src")]


@pytest.mark.parametrize(
    "path",
    ["/", "/uk/", "/world/", "/uk/world/", "/authors/", "/authors/olena-marchuk/", "/tags/bridges/", "/archive/",
     "/archive/page/1/", "/privacy/", "/uk/about/ethics/"],
)  # fmt: skip
def test_every_page_stands_at_one_address(paper, client, path):
    soup = page(client, path)

    assert [link["href"] for link in soup.find_all("link", rel="canonical")] == [HOST + path]
    assert len(soup.find_all("meta", attrs={"name": "robots"})) == 1
    assert len(soup.find_all("meta", attrs={"name": "description"})) <= 1
    for script in inline_scripts(soup):
        assert unknown_terms(json.loads(script.string)["@graph"]) == []


@pytest.mark.parametrize(("text", "whole"), [("/text/", "/"), ("/uk/text/", "/uk/"), ("/world/text/", "/world/")])
def test_a_text_edition_names_the_usual_page(paper, client, text, whole):
    soup = page(client, text)

    assert [link["href"] for link in soup.find_all("link", rel="canonical")] == [HOST + whole]
    assert soup.find_all("script") == []


def test_a_query_is_no_other_page(paper, client):
    soup = page(client, "/world/?utm_source=x&p=%22%3E%3Cscript%3E")

    assert soup.find("link", rel="canonical")["href"] == f"{HOST}/world/"


@pytest.mark.parametrize("which", ["story", "ukrainian", "other"])
def test_a_story_has_one_block_of_data(paper, client, which):
    story = getattr(paper, which)
    soup = page(client, story.public_path)

    (script,) = inline_scripts(soup)
    data = json.loads(script.string)
    assert unknown_terms(data) == []
    assert data["url"] == HOST + story.public_path
    assert data["license"].endswith("/reuse/")
    assert client.get(data["license"].removeprefix(HOST)).status_code == 200
    for author in data["author"]:
        assert client.get(author["url"].removeprefix(HOST)).status_code == 200
    text_edition = page(client, story.text_path)
    assert text_edition.find("link", rel="canonical")["href"] == HOST + story.public_path


def test_every_policy_named_on_the_home_page_is_a_page(paper, client):
    (script,) = inline_scripts(page(client, "/uk/"))

    organization = json.loads(script.string)["@graph"][0]
    policies = {name: value for name, value in organization.items() if name.endswith(("Policy", "Principles", "Info"))}
    assert len(policies) >= 8
    for address in policies.values():
        assert client.get(address.removeprefix(HOST)).status_code == 200, address


def test_a_hostile_story_brings_nothing_of_its_own(paper, client):
    NewsImage.objects.filter(pk=paper.image.pk).update(credit=SLY, licence=SLY)
    story = paper.publish(
        f"Sly {SLY}", kicker=SLY[:80], standfirst=SLY, dateline=SLY, methods=f"<p>{SLY}</p>", tags=[SLY],
        lead_image=paper.image, lead_alt=SLY, lead_caption=SLY, based_on=[(SLY, "https://x.example/?<script>")],
        sources=[{"title": SLY, "publisher": SLY, "published_on": "2026-\"><b>"}],
    )  # fmt: skip

    for path in (story.public_path, "/", "/world/", story.text_path, f"{story.public_path}suggest/"):
        soup = page(client, path)
        for script in inline_scripts(soup):
            json.loads(script.string)
        assert not any("alert(1)" in (script.string or "") for script in soup.find_all("script", src=True))
        assert len(inline_scripts(soup)) <= 1


@pytest.mark.parametrize("path", ["/contact/", "/search/?q=bridge", "/contact/thanks/", "/uk/search/"])
def test_forms_and_search_stay_out_of_search_engines(paper, client, path):
    soup = page(client, path)

    assert soup.find("meta", attrs={"name": "robots"})["content"] == "noindex"
    assert soup.find("link", rel="canonical") is None


def test_the_feeds_a_page_names_exist(paper, client):
    for path in ("/", "/uk/world/", "/authors/olena-marchuk/", "/tags/bridges/", paper.story.public_path):
        links = page(client, path).find_all("link", type=["application/atom+xml", "application/rss+xml"])
        assert links
        for link in links:
            assert client.get(link["href"].removeprefix(HOST)).status_code == 200, link["href"]
