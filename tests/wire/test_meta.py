"""What machines read in a page's head."""

import json
import re

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.template import engines
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from standfirst.fronts.models import HomePage, Masthead, StandingPage
from standfirst.fronts.selectors import home_arrangement
from standfirst.stories.models import StoryPage
from standfirst.stories.reading import story_reading
from standfirst.stories.selectors import story_at
from tests.printed import SLY, picture
from tests.wire.terms import unknown_terms

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")


def head(call, path="/", language="en", **context):
    """The written tag as the theme would put it into a page's head."""
    request = RequestFactory().get(path)
    with translation.override(language):
        template = engines["django"].from_string("{% load wire_tags %}{% " + call + " %}")
        return BeautifulSoup(template.render({"masthead": Masthead.objects.first(), **context}, request), "html.parser")


def story_head(story, call="story_meta page reading"):
    found = story_at(story.public_path) or story
    return head(call, story.public_path or "/", story.language, page=found, reading=story_reading(found))


def data_of(soup):
    (script,) = soup.find_all("script")
    assert script["type"] == "application/ld+json"
    return json.loads(script.string)


def meta(soup, name):
    found = soup.find_all("meta", attrs={"property": name}) or soup.find_all("meta", attrs={"name": name})
    return [tag["content"] for tag in found]


def test_a_story_says_where_it_stands_and_how_it_may_be_shown(paper):
    soup = story_head(paper.story)

    url = f"http://testserver{paper.story.public_path}"
    assert soup.find("link", rel="canonical")["href"] == url
    assert meta(soup, "robots") == ["max-snippet:500, max-image-preview:large"]
    assert meta(soup, "og:url") == [url]
    assert meta(soup, "og:type") == ["article"]
    assert meta(soup, "og:title") == ["Bridge reopens after a year of repairs"]
    assert meta(soup, "og:description") == ["Trams run again from Monday."]
    assert meta(soup, "article:section") == ["World"]
    assert meta(soup, "fediverse:creator") == ["@olena@example.social"]
    assert STAMP.fullmatch(meta(soup, "article:published_time")[0])


def test_a_story_names_its_twin_in_the_other_language(paper):
    soup = story_head(paper.story)

    links = {link["hreflang"]: link["href"] for link in soup.find_all("link", hreflang=True)}
    assert links == {
        "en": f"http://testserver{paper.story.public_path}",
        "uk": f"http://testserver{paper.ukrainian.public_path}",
        "x-default": f"http://testserver{paper.story.public_path}",
    }
    assert story_head(paper.other).find_all("link", hreflang=True) == []


def test_the_card_has_a_picture_of_its_own_shape(paper):
    soup = story_head(paper.story)

    assert meta(soup, "og:image:width") == ["1200"]
    assert meta(soup, "og:image:height") == ["630"]
    assert meta(soup, "og:image:alt") == ["A bridge at dusk"]
    assert meta(soup, "og:image")[0].startswith("http://testserver/m/")
    assert meta(soup, "twitter:card") == ["summary_large_image"]
    assert meta(story_head(paper.other), "og:image") == []


def test_structured_data_has_what_search_engines_ask_for(paper):
    data = data_of(story_head(paper.story))

    assert unknown_terms(data) == []
    assert data["@context"] == "https://schema.org"
    assert data["@type"] == "NewsArticle"
    assert data["headline"] == "Bridge reopens after a year of repairs"
    assert STAMP.fullmatch(data["datePublished"])
    assert STAMP.fullmatch(data["dateModified"])
    assert [(who["@type"], who["name"], who["url"]) for who in data["author"]] == [
        ("Person", "Olena Marchuk", "http://testserver/authors/olena-marchuk/"),
        ("Organization", "The Lantern desk", "http://testserver/authors/the-lantern-desk/"),
    ]
    assert data["dateline"] == "KYIV"
    assert data["backstory"] == "We walked over it twice."
    assert data["isBasedOn"][0]["publisher"]["name"] == "Agency"
    assert data["citation"][0]["url"] == "https://city.example/r"
    assert data["citation"][0]["datePublished"] == "2026-11"
    assert data["version"] == "1"
    assert data["isAccessibleForFree"] is True
    assert "articleBody" not in data


def test_three_shapes_of_the_picture_are_large_enough_and_credited(paper):
    images = data_of(story_head(paper.story))["image"]

    assert [(image["width"], image["height"]) for image in images] == [(1200, 675), (1200, 900), (1200, 1200)]
    assert {image["creditText"] for image in images} == {"Olena Marchuk / The Lantern"}
    assert images[0]["creator"] == {"@type": "Person", "name": "Olena Marchuk"}
    assert images[0]["caption"] == "The bridge on Sunday."


def test_a_picture_too_small_to_count_is_left_out(paper):
    story = paper.publish("Small picture", lead_image=picture("Stamp", (240, 180)), lead_alt="A stamp")

    assert "image" not in data_of(story_head(story))


def test_the_account_behind_a_byline_is_nowhere(paper):
    text = str(story_head(paper.story))

    assert "Private" not in text
    assert "o.private" not in text


def test_a_hostile_headline_stays_words(paper):
    story = paper.publish(f"Sly {SLY}", standfirst=SLY, dateline='"><img src=x onerror=alert(1)>')

    soup = story_head(story)

    assert len(soup.find_all("script")) == 1
    assert soup.find_all("img") == []
    assert data_of(soup)["headline"] == story.title
    assert "</script><script>" in data_of(soup)["headline"]


def test_a_description_is_never_longer_than_an_extract(paper):
    story = paper.publish("Long", standfirst="слово " * 99 + "кінець", body=[])

    described = data_of(story_head(story))["description"]

    assert len(described) <= 500
    assert meta(story_head(story), "description") == [described]


def test_a_story_without_standfirst_is_described_by_its_first_words(paper):
    assert meta(story_head(paper.other), "description") == ["The court sat for an hour."]


def test_a_story_without_byline_is_signed_by_the_paper(paper):
    (author,) = data_of(story_head(paper.other))["author"]

    assert author["name"] == "The Lantern"
    assert author["url"] == "http://testserver/"


def test_a_draft_is_shown_to_no_search_engine(paper):
    soup = story_head(paper.draft)

    assert meta(soup, "robots") == ["noindex"]
    assert soup.find("link", rel="canonical") is None
    assert soup.find_all("script") == []


def test_a_text_edition_only_says_where_the_story_stands(paper):
    soup = story_head(paper.story, "story_meta page reading text=True")

    assert soup.find("link", rel="canonical")["href"] == f"http://testserver{paper.story.public_path}"
    assert soup.find_all("script") == []
    assert meta(soup, "og:title") == []


def test_the_number_of_queries_does_not_grow_with_the_story(paper):
    blocks = [{"type": "text", "value": "<p>More.</p>"}] * 30
    long = paper.publish(
        "Long one", lead_image=paper.image, lead_alt="A bridge", body=blocks, tags=[f"T{n}" for n in range(9)]
    )

    def asked(story):
        found = story_at(story.public_path)
        reading = story_reading(found)
        masthead = Masthead.objects.prefetch_related("texts").get()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            head("story_meta page reading", story.public_path, page=found, reading=reading, masthead=masthead)
        return len(queries)

    assert asked(long) <= asked(paper.story) <= 4


def test_the_home_page_introduces_the_paper(paper):
    home = HomePage.objects.get(locale__language_code="en")
    StandingPage.objects.filter(path_in_language="about/corrections").delete()

    soup = head("page_meta", "/", page=home, home=home_arrangement(home))

    organization, site = data_of(soup)["@graph"]
    assert unknown_terms([organization, site]) == []
    assert organization["@type"] == "NewsMediaOrganization"
    assert organization["ethicsPolicy"] == "http://testserver/about/ethics/"
    assert "correctionsPolicy" not in organization, "there is no such page"
    assert (site["@type"], site["name"]) == ("WebSite", "The Lantern")
    assert meta(soup, "og:image")[0].startswith("http://testserver/m/")
    assert {link["hreflang"] for link in soup.find_all("link", hreflang=True)} == {"en", "uk", "x-default"}


@pytest.mark.parametrize("language", ["en", "uk"])
def test_a_section_offers_its_own_feeds(paper, language):
    prefix = "" if language == "en" else "/uk"

    soup = head("page_meta", f"{prefix}/world/", language, section=paper.world)

    feeds = [link["href"] for link in soup.find_all("link", type="application/atom+xml")]
    assert feeds == [f"http://testserver{prefix}/world/feed/atom", f"http://testserver{prefix}/feed/atom"]
    assert soup.find("link", rel="canonical")["href"] == f"http://testserver{prefix}/world/"


def test_a_tag_names_only_the_languages_that_have_stories_with_it(paper):
    bridges, coffee = (StoryPage.tags.through.tag_model().objects.get(name=name) for name in ("Bridges", "Кава"))

    assert head("page_meta", "/tags/bridges/", tag=bridges).find_all("link", hreflang=True) == []
    assert len(head("page_meta", "/tags/kava/", tag=coffee).find_all("link", hreflang=True)) == 3


def test_forms_are_shown_to_no_search_engine(paper):
    soup = head('page_meta robots="noindex"', "/contact/")

    assert meta(soup, "robots") == ["noindex"]
    assert soup.find_all("link") == []


@pytest.mark.parametrize(
    ("kind", "credit", "creator"),
    [
        ("own", "Olena Marchuk / The Lantern", {"@type": "Person", "name": "Olena Marchuk"}),
        ("own", "Марія-Анна О’Ніл / Ліхтар", {"@type": "Person", "name": "Марія-Анна О’Ніл"}),
        ("own", "The Lantern", {"@type": "Organization", "name": "The Lantern"}),
        ("agency", "Reuters", {"@type": "Organization", "name": "Reuters"}),
        ("illustration", "Press service, redrawn by Mykhailo Drach / The Lantern", None),
        ("handout", "Press service of the city", None),
        ("agency", "Ann Smith / Reuters", None),
        ("own", "", None),
    ],
)
def test_a_maker_is_named_only_where_the_credit_tells(paper, kind, credit, creator):
    image = picture("Crane", source_kind=kind, credit=credit, credit_pending=True)
    story = paper.publish("A crane", lead_image=image, lead_alt="A crane")

    first = data_of(story_head(story))["image"][0]

    assert first.get("creator") == creator
    assert first.get("creditText", "") == credit
