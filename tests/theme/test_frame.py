"""The frame round every page: what the settings say is what the next reader sees."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from standfirst.fronts.models import Masthead, MastheadLink, StandingPage
from standfirst.stories.models import Section, SectionText
from standfirst.theme import colours, embeds

pytestmark = pytest.mark.django_db


def frame(client, address: str = "/") -> BeautifulSoup:
    return BeautifulSoup(client.get(address).content, "html.parser")


def test_a_new_name_stands_on_the_next_page(client, newsroom):
    frame(client)

    Masthead.objects.update(name="The Beacon")

    assert frame(client).select_one("h1.sf-name").get_text(strip=True) == "The Beacon"


def test_a_renamed_section_stands_in_the_menu_of_its_language_alone(client, newsroom):
    frame(client)

    SectionText.objects.filter(section__slug="city", language="uk").update(title="Столиця")

    assert "Столиця" in frame(client, "/uk/").select_one(".sf-menu").get_text()
    assert "Столиця" not in frame(client).select_one(".sf-menu").get_text()


def test_a_section_taken_out_of_the_menu_is_gone_from_it(client, newsroom):
    frame(client)

    Section.objects.filter(slug="city").update(in_menu=False)

    assert "City" not in frame(client).select_one(".sf-menu").get_text()


def test_links_of_menu_and_footer_stand_in_their_place_and_language(client, newsroom):
    masthead = Masthead.objects.get()
    frame(client)

    MastheadLink.objects.create(masthead=masthead, place="menu", label="Tips", address="/about/tips/", language="en")
    MastheadLink.objects.create(masthead=masthead, place="footer", label="Imprint", address="/about/imprint/")

    assert frame(client).select_one(".sf-menu").find("a", string="Tips")["href"] == "/about/tips/"
    assert frame(client).footer.find("a", string="Imprint")["href"] == "/about/imprint/"
    assert frame(client, "/uk/").select_one(".sf-menu").find("a", string="Tips") is None
    assert frame(client, "/uk/").footer.find("a", string="Imprint") is not None


def test_a_footer_page_that_is_taken_down_is_gone_from_the_footer(client, newsroom):
    page = StandingPage.objects.filter(in_footer=True, live=True, locale__language_code="en").first()
    if page is None:
        home = newsroom.homes["en"]
        page = home.add_child(
            instance=StandingPage(title="Imprint", slug="imprint", path_in_language="imprint", in_footer=True)
        )
    address = page.public_address
    assert frame(client).footer.find("a", href=address) is not None

    page.unpublish()

    assert frame(client).footer.find("a", href=address) is None


def test_a_typeface_of_the_readers_own_loads_no_face_of_ours(client, newsroom):
    Masthead.objects.update(face="sans")

    soup = frame(client)

    assert soup.html["class"] == ["sf-face-sans"]
    assert soup.find("link", rel="preload") is None


def test_cyrillic_pages_ask_for_the_cyrillic_face_first(client, newsroom):
    assert "cyrillic-normal" in frame(client, "/uk/").find("link", rel="preload")["href"]
    assert "latin-normal" in frame(client).find("link", rel="preload")["href"]


@pytest.mark.parametrize("accent", ["#ff0000", "#e3000f", "#ffff66", "#000033", "#808080", "#fcfcfa", "#121417"])
def test_every_colour_of_a_newsroom_is_seen_and_carries_words_by_day_and_by_night(accent):
    for paper, ink in ((colours.PAPER, colours.INK), (colours.NIGHT_PAPER, colours.NIGHT_INK)):
        used = colours.usable(accent, paper, ink)

        assert colours.contrast(used, paper) >= 3
        assert colours.contrast(used, colours.words_on(used)) >= 4.5


def test_a_strong_red_stays_that_red_at_night_and_nothing_is_printed_in_it():
    css = colours.stylesheet("#e3000f")

    assert css.count("--sf-accent:#e3000f;--sf-on-accent:#fcfcfa") == 2
    assert css.startswith("@media screen{")
    assert css.count("@media screen") == css.count("@media") == 2


def test_colours_are_nothing_but_colours(client, newsroom):
    assert client.get("/colours-aa0000-ff8888.css")["Content-Type"].startswith("text/css")
    assert client.get("/colours-aa0000-}body{.css").status_code == 404
    with pytest.raises(ValueError, match="not a colour"):
        colours.stylesheet("#aa0000}", "#ff8888")


@pytest.mark.parametrize(
    ("pasted", "shown"),
    [
        ("https://youtu.be/abc_DEF-123", "https://www.youtube-nocookie.com/embed/abc_DEF-123"),
        ("https://www.youtube.com/watch?v=abc&t=3", "https://www.youtube-nocookie.com/embed/abc"),
        ("https://m.youtube.com/shorts/abc", "https://www.youtube-nocookie.com/embed/abc"),
        ("https://vimeo.com/12345", "https://player.vimeo.com/video/12345?dnt=1"),
        ("https://t.me/lantern/42", "https://t.me/lantern/42?embed=1"),
        ("https://datawrapper.dwcdn.net/AbC12/3/", "https://datawrapper.dwcdn.net/AbC12/3/"),
        ("https://example.org/watch?v=abc", ""),
        ("http://youtu.be/abc", ""),
        ("https://youtu.be.evil.example/abc", ""),
        ("https://www.youtube.com/watch?v=%22%3E%3Cscript", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_embeds_are_shown_from_known_hosts_alone(pasted, shown):
    assert embeds.frame_address(pasted) == shown
