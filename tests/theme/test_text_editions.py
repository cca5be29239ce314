"""Text editions: every page for people has one, a step below it, and text pages lead to text pages."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError

from standfirst.fronts.intake import free_standing_path
from standfirst.fronts.models import MastheadLink, StandingPage
from standfirst.people.services import byline_add
from standfirst.theme.editions import text_address, with_text_links

pytestmark = pytest.mark.django_db

#: One page of each kind, with an author, a tag and a second page of a list.
PAGES = ["/", "/city/", "/city/page/1/", "/authors/", "/authors/taras-melnyk/", "/authors/taras-melnyk/page/1/",
         "/tags/bridges/", "/tags/bridges/page/1/", "/archive/", "/archive/page/1/", "/archive/page/2/",
         "/privacy/", "/about/ethics/", "/reuse/"]  # fmt: skip
BUDGET = 15_000
#: Longer than the demo's, which on the average have 69 and 127 characters.
HEADLINE = "Старий міст закривають на одинадцять місяців: зсунулася опорна частина {}"
STANDFIRST = (
    "Із середи через річку не проїде жодне авто. Чому, пояснює звіт, який рада тримала при собі: одна опорна "
    "частина зсунулася до річки, і сусідня несе за двох."
)


def page(client, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200, address
    return BeautifulSoup(response.content, "html.parser")


@pytest.fixture
def paper(newsroom):
    """Two languages with more stories than one page of a list holds."""
    first = dt.datetime(2026, 9, 1, 9, 0, tzinfo=dt.UTC)
    for number in range(22):
        when = first + dt.timedelta(days=number)
        common = {"first_published_at": when, "section": newsroom.city, "tags": ["Bridges"]}
        newsroom.publish(f"Story {number}", standfirst="Two of nine bearings failed.", **common)
        newsroom.publish(HEADLINE.format(number), standfirst=STANDFIRST, language="uk", **common)
    return newsroom


def test_every_page_leads_first_and_last_to_its_own_text_edition_and_that_leads_back(client, paper):
    for address in [*PAGES, *(f"/uk{address}" for address in PAGES)]:
        whole, text = page(client, address), page(client, f"{address}text/")

        assert whole.a["href"] == f"{address}text/"
        assert whole.footer.find("a", href=f"{address}text/") is not None
        assert text.nav.a["href"] == address
        assert text.find("link", rel="canonical")["href"] == f"http://testserver{address}"
        assert text.h1.get_text(strip=True) == (whole.h1 or whole).get_text(strip=True)


def test_text_pages_hold_nothing_but_type_and_lead_to_text_pages(client, paper):
    story = paper.publish(tags=["Bridges"], related=[paper.noise[0]], section=paper.city)
    met, waiting = set(), [story.text_path, "/uk/text/"]
    while waiting:
        address = waiting.pop()
        if address in met:
            continue
        met.add(address)
        soup = page(client, address)
        assert soup.find_all(["script", "img", "picture", "iframe"]) == []
        links = [link["href"] for link in soup.find_all("a", href=True) if link["href"].startswith("/")]
        # The same page with pictures, and forms, which have neither picture nor script either.
        others = [
            link
            for link in links
            if not link.endswith("/text/") and not re.search(r"/(?:contact|suggest|account|account/sign-in)/$", link)
        ]
        assert set(others) <= {address.removesuffix("text/")} | FEEDS, address
        waiting += [link for link in links if link.endswith("/text/")]

    assert {f"{address}text/" for address in PAGES} <= met
    assert {f"/uk{address}text/" for address in PAGES} <= met


#: What a standing page names that is for machines.
FEEDS = {"/feed/rss", "/uk/feed/rss"}


def test_a_page_of_twenty_stories_stays_within_the_budget(client, paper):
    for address in ("/uk/archive/page/1/text/", "/uk/city/text/", "/uk/tags/bridges/page/1/text/", "/uk/text/"):
        response = client.get(address)

        assert len(response.content) < BUDGET, address
    assert len(page(client, "/uk/city/text/").select(".sf-list > li")) == 20


def test_a_story_leads_to_the_text_of_its_author_section_and_tags(client, newsroom):
    story = newsroom.publish(tags=["Bridges"])

    links = [link["href"] for link in page(client, story.text_path).article.find_all("a")]

    assert links == ["/city/text/", "/authors/taras-melnyk/text/", story.suggest_path, "/tags/bridges/text/"]


def test_links_in_running_text_lead_to_text_where_the_page_has_one(client, newsroom):
    other = newsroom.noise[0]
    body = (
        f'<p>See <a linktype="page" id="{other.pk}">this</a>, <a href="/privacy/#letters">that</a>, '
        '<a href="/contact/">us</a> and <a href="https://elsewhere.example/city/">them</a>.</p>'
    )
    story = newsroom.publish(body=[{"type": "text", "value": body}])

    links = [link["href"] for link in page(client, story.text_path).article.find_all("a")]

    assert links[2:6] == [other.text_path, "/privacy/text/#letters", "/contact/", "https://elsewhere.example/city/"]


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("/", "/text/"),
        ("/uk/", "/uk/text/"),
        ("/uk/about/ethics/", "/uk/about/ethics/text/"),
        ("/world/page/3/", "/world/page/3/text/"),
        ("/2026/11/03/a-bridge/#p-abcde", "/2026/11/03/a-bridge/text/#p-abcde"),
        ("http://testserver/archive/", "/archive/text/"),
        ("http://testserver.evil.example/archive/", "http://testserver.evil.example/archive/"),
        ("//evil.example/archive/", "//evil.example/archive/"),
        ("/uk/contact/", "/uk/contact/"),
        ("/search/?q=bridge", "/search/?q=bridge"),
        ("/city/text/", "/city/text/"),
        ("/city/feed/atom", "/city/feed/atom"),
        ("/2026/11/03/a-bridge/suggest/", "/2026/11/03/a-bridge/suggest/"),
        ("#p-abcde", "#p-abcde"),
        ("http://[", "http://["),
    ],
)
def test_an_address_has_one_text_edition_or_none(address, text):
    assert text_address(address) == text


def test_running_text_keeps_its_words_and_loses_marks_for_machines():
    html = '<p id="p-abcde">A <a href="/uk/">b</a> &amp; <a href="/x?a=1&amp;b=2">c</a></p>'

    assert with_text_links(html) == '<p>A <a href="/uk/text/">b</a> &amp; <a href="/x?a=1&amp;b=2">c</a></p>'


def test_links_of_menu_and_footer_lead_to_text_too(client, newsroom):
    masthead = newsroom_masthead()
    MastheadLink.objects.create(masthead=masthead, place="menu", label="Ethics", address="/about/ethics/")
    MastheadLink.objects.create(masthead=masthead, place="footer", label="Shop", address="https://shop.example/")

    soup = page(client, "/text/")

    assert soup.header.find("a", string="Ethics")["href"] == "/about/ethics/text/"
    assert soup.footer.find("a", string="Shop")["href"] == "https://shop.example/"


def newsroom_masthead():
    from standfirst.fronts.models import Masthead

    return Masthead.objects.get()


@pytest.mark.parametrize("path", ["text", "about/text", "about/feed", "about/page", "about/page/2"])
def test_a_standing_page_takes_no_address_of_the_house(newsroom, path):
    standing = StandingPage(title="Plain", path_in_language=path, locale=newsroom.homes["en"].locale)

    with pytest.raises(ValidationError, match="an address the paper itself needs"):
        standing.clean()

    assert free_standing_path(language="en", wanted=path) != path


def test_an_author_named_like_the_text_edition_has_an_address_of_their_own(client, newsroom):
    author = byline_add(name="Text")

    assert author.get_absolute_url() == "/authors/text-author/"
    assert page(client, "/authors/text-author/text/").h1.get_text() == "Text"
    assert page(client, "/authors/text/").h1.get_text() == "Authors"
