"""The story page and its text edition, as a reader gets them."""

from __future__ import annotations

import html
import re

import brotli
import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from standfirst.fronts.models import Masthead, MastheadText
from standfirst.stories.models import StoryPage
from standfirst.stories.services import story_publish
from standfirst.theme import assets, dates

pytestmark = pytest.mark.django_db


def page(client, address: str, status: int = 200) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == status
    assert not response.cookies
    return BeautifulSoup(response.content, "html.parser")


def everything(newsroom, picture) -> list[dict]:
    """A body with every block there is."""
    use = {"image": picture.pk, "alt": "A bridge", "decorative": False, "caption": "Seen from the north.", "credit": ""}
    table = {
        "columns": [{"type": "text", "heading": "Who"}, {"type": "number", "heading": "2026"}],
        "rows": [{"values": ["City", "9"]}, {"values": ["State", "2"]}],
        "caption": "",
    }
    return [
        {"type": "text", "value": "<p>First <i>paragraph</i>.</p><h2>A subhead</h2><p>Second.</p>"},
        {"type": "update_note", "value": {"at": "2026-11-05T07:10:00+00:00", "text": "<p>It is open.</p>"}},
        {"type": "picture", "value": use},
        {"type": "gallery", "value": {"heading": "Nine bearings", "pictures": [use, use | {"caption": "South."}]}},
        {
            "type": "table",
            "value": {"caption": "Bearings", "table": table, "first_column_is_header": True, "note": "Counted twice."},
        },
        {"type": "fact_box", "value": {"heading": "What a bearing is", "text": "<p>It carries.</p>"}},
        {
            "type": "embed",
            "value": {"url": "https://www.youtube.com/watch?v=abcdefghijk", "title": "Video: the crack", "caption": ""},
        },
        {"type": "unknowns", "value": {"heading": "", "items": ["Who signed?", "Who paid?"]}},
    ]


@pytest.fixture
def story(newsroom) -> StoryPage:
    picture = newsroom.picture(source_kind="handout")
    return newsroom.publish(
        "A bridge is closed",
        kicker="Transport",
        standfirst="Two of nine bearings failed.",
        dateline="Altenried",
        lead_image=picture,
        lead_alt="A bridge at noon",
        lead_caption="The bridge at noon.",
        based_on=[("EFE", "https://efe.example/bridge")],
        body=everything(newsroom, picture),
        methods="<p>We counted.</p>",
        sources=[
            {
                "title": "Report 12",
                "publisher": "City",
                "url": "https://city.example/12",
                "published_on": "2026-11-03",
                "note": "",
            }
        ],
        tags=["bridges"],
    )


def test_first_link_leads_to_the_text_edition_and_the_second_past_the_menu(client, story):
    links = page(client, story.public_path).find_all("a")

    assert links[0]["href"] == f"{story.public_path}text/"
    assert links[1]["href"] == "#main"


def test_margin_answers_by_whom_on_what_when_and_where(client, story):
    facts = page(client, story.public_path).select_one("dl.sf-facts")

    terms = [term.get_text() for term in facts.find_all("dt")]
    assert terms == ["By", "Based on reporting by", "Reported from", "Published"]
    assert facts.find("a", rel="author").get_text() == "Taras Melnyk"
    assert facts.find("a", string="EFE")["href"] == "https://efe.example/bridge"
    assert facts.find("time")["datetime"].endswith(("+02:00", "+03:00"))
    assert facts.find("time").get_text().endswith(" Kyiv")


def test_changed_words_are_answered_for_with_date_and_version(client, newsroom, story):
    story = StoryPage.objects.get(pk=story.pk)
    story.standfirst = "Three of nine bearings failed."
    story.save_revision(user=newsroom.editor)
    story_publish(story=story, editor=newsroom.editor, label="update")

    changed = page(client, story.public_path).select_one(".sf-facts__changed")

    assert changed.dt.get_text() == "Changed"
    assert changed.find_all("dd")[1].get_text() == "Version 2"


def test_every_block_is_shown_and_every_paragraph_has_an_address(client, story):
    soup = page(client, story.public_path)

    assert soup.select_one(".sf-answer__name time")["datetime"] == "2026-11-05T09:10+02:00"
    assert len(soup.select(".sf-gallery figure")) == 2
    assert soup.select_one('.sf-table__scroll[tabindex="0"][role="region"]')["aria-label"] == "Table: Bearings"
    assert soup.select_one('th[scope="row"]').get_text() == "City"
    assert soup.select_one(".sf-unknown h2").get_text() == "What we do not know yet"
    assert soup.select_one("#sources + ul a")["href"] == "https://city.example/12"
    assert soup.select_one("#sources + ul").get_text().strip().endswith("3 Nov 2026")
    assert [heading.get_text() for heading in soup.select(".sf-text > h2")] == ["A subhead"]
    ids = [block["id"] for block in soup.select(".sf-text > p[id], .sf-text > h2[id]")]
    assert len(ids) >= 3
    assert len(set(ids)) == len(ids)


def test_handout_is_said_aloud_before_its_credit(client, story):
    caption = page(client, story.public_path).select_one(".sf-top__lead figcaption")

    assert caption.b.get_text() == "Handout: Olena Marchuk / The Lantern"


def test_credit_being_checked_is_shown(client, newsroom):
    picture = newsroom.picture(credit="", credit_pending=True)
    story = newsroom.publish(lead_image=picture, lead_alt="A bridge")

    caption = page(client, story.public_path).select_one(".sf-top__lead figcaption")

    assert caption.get_text(strip=True) == "Photo: credit being checked"


def test_archive_picture_says_when_and_where(client, newsroom):
    picture = newsroom.picture(source_kind="archive", taken_on="1998-05", taken_place="Altenried")
    story = newsroom.publish(lead_image=picture, lead_alt="A bridge")

    caption = page(client, story.public_path).select_one(".sf-top__lead figcaption")

    assert " ".join(caption.get_text().split()) == "Archive: Olena Marchuk / The Lantern (Altenried, May 1998)"


def test_picture_has_its_size_its_widths_and_its_description(client, story):
    figure = page(client, story.public_path).select_one(".sf-top__lead picture")

    assert figure.img["alt"] == "A bridge at noon"
    assert (int(figure.img["width"]), int(figure.img["height"])) == (640, 360)
    types = [source["type"] for source in figure.find_all("source")]
    assert types == ["image/avif", "image/webp"]
    assert "480w" in figure.source["srcset"]


def test_decorative_picture_has_an_empty_description(client, newsroom):
    story = newsroom.publish(lead_image=newsroom.picture(), lead_alt="Left over", lead_decorative=True)

    assert page(client, story.public_path).select_one(".sf-top__lead img")["alt"] == ""


def test_embed_is_a_link_until_it_is_asked_for(client, story):
    soup = page(client, story.public_path)
    box = soup.select_one(".sf-embed")

    assert soup.find("iframe") is None
    assert box["data-embed"] == "https://www.youtube-nocookie.com/embed/abcdefghijk"
    assert box.a["href"] == "https://www.youtube.com/watch?v=abcdefghijk"
    assert len(soup.find_all("script", src=re.compile("embed"))) == 1


def test_page_without_embed_loads_only_what_takes_a_correction_and_what_is_personal(client, newsroom):
    story = newsroom.publish()

    scripts = page(client, story.public_path).find_all("script", src=True)

    assert [re.sub(r"\.[0-9a-f]{12}", "", script["src"]) for script in scripts] == [
        "/s/corrections/suggest.js",
        "/s/corrections/since.js",
        "/s/theme/personal.js",
    ]


def test_bare_story_has_no_empty_parts(client, newsroom):
    story = newsroom.publish("Returned", bylines=[])

    soup = page(client, story.public_path)

    assert soup.select(".sf-standfirst, #sources, #methods, #tags, #related, .sf-top__lead") == []
    assert [term.get_text() for term in soup.select(".sf-facts dt")] == ["Published"]


def test_opinion_is_said_to_be_one(client, newsroom):
    story = newsroom.publish(kind=newsroom.opinion)

    soup = page(client, story.public_path)

    assert soup.select_one(".sf-kicker").get_text().startswith("Opinion")
    assert "the author’s view" in soup.select_one(".sf-top__head").get_text()


def test_nothing_is_asked_of_others_and_nothing_is_inline(client, story):
    soup = page(client, story.public_path)

    loaded = [
        tag.get("src") or tag.get("href") for tag in soup.select("img, script[src], link[rel=stylesheet], source")
    ]
    assert all(address is None or address.startswith("/") for address in loaded)
    assert soup.find_all(style=True) == []
    assert soup.find_all("style") == []
    assert [
        tag for tag in soup.find_all("script") if not tag.get("src") and tag.get("type") != "application/ld+json"
    ] == []


def test_page_and_text_edition_are_within_their_budgets(client, story):
    full = brotli.compress(client.get(story.public_path).content, quality=5)
    text = client.get(f"{story.public_path}text/").content

    assert len(full) <= 12_000
    assert len(text) <= 15_000
    css = brotli.compress((assets.OUT / "reader.css").read_bytes(), quality=5)
    script = (assets.OUT / "embed.js").stat().st_size
    faces = {
        name: (assets.OUT / "fonts" / f"brygada-1918-{name}.woff2").stat().st_size
        for name in ("latin-normal", "latin-italic", "cyrillic-normal", "cyrillic-italic")
    }
    rest = len(full) + len(css) + script
    assert rest + faces["latin-normal"] + faces["latin-italic"] <= 60_000
    assert rest + faces["cyrillic-normal"] + faces["cyrillic-italic"] + faces["latin-normal"] <= 90_000


def test_queries_do_not_grow_with_blocks(client, newsroom, story):
    long = newsroom.publish("A longer story", body=everything(newsroom, newsroom.picture()) * 4)
    few = newsroom.publish("A shorter story", body=everything(newsroom, newsroom.picture()))
    counts = []
    for address in (few.public_path, long.public_path):
        client.get(address)  # Makes the pictures' sizes.
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_text_edition_tells_the_same_in_nothing_but_type(client, story):
    soup = page(client, f"{story.public_path}text/")

    assert soup.find_all(["script", "img", "picture", "iframe", "video"]) == []
    assert soup.h1.get_text() == "A bridge is closed"
    text = " ".join(soup.main.get_text().split())
    for words in (
        "Two of nine bearings failed.",
        "First paragraph.",
        "It is open.",
        "Who signed?",
        "Counted twice.",
        "We counted.",
    ):
        assert words in text
    assert "Picture: A bridge at noon — The bridge at noon. Handout: Olena Marchuk / The Lantern" in text
    assert soup.find("link", rel="canonical")["href"].endswith(story.public_path)
    assert soup.find("a", string="With pictures")["href"] == story.public_path


def test_withdrawn_story_says_so(client, newsroom):
    from standfirst.stories.services import story_withdraw

    story = newsroom.publish()
    story_withdraw(story=story, editor=newsroom.editor)

    assert page(client, story.public_path, status=410).h1.get_text() == "This story has been withdrawn"


def test_translation_is_linked_from_the_margin_and_the_masthead(client, newsroom, story):
    other = newsroom.publish("Міст закрито", language="uk", translation_of=story)

    soup = page(client, story.public_path)

    assert soup.select_one('.sf-facts a[lang="uk"]')["href"] == other.public_path
    assert soup.select_one('.sf-tools a[lang="uk"]')["href"] == other.public_path


def test_related_stories_stand_under_a_heading(client, newsroom, story):
    other = newsroom.publish("Ferries run at night", related=[story])

    links = page(client, other.public_path).select("#related + ul a")

    assert links[0]["href"] == story.public_path


def test_appeal_and_frame_say_what_the_settings_say(client, newsroom, story):
    masthead = Masthead.objects.get()
    masthead.support_url, masthead.newsletter_url = "https://pay.example/", "https://letters.example/"
    masthead.founded_year, masthead.contact_email, masthead.accent = 2019, "desk@paper.example", "#aa0000"
    masthead.save()
    words, _ = MastheadText.objects.get_or_create(masthead=masthead, language="en")
    words.appeal_amount, words.funder_line = "One cup of coffee a month.", "Paid for by the Harbour Fund."
    words.appeal_button = "Become a patron"
    words.save()

    soup = page(client, story.public_path)

    assert soup.select_one(".sf-appeal a.sf-button").get_text() == "Become a patron"
    assert soup.select_one(".sf-appeal a.sf-button")["href"] == "https://pay.example/"
    assert "One cup of coffee a month." in soup.select_one(".sf-appeal").get_text()
    footer = soup.footer.get_text()
    assert "© 2019–" in footer
    assert "Paid for by the Harbour Fund." in footer
    assert "up to 500 characters" in footer
    assert soup.find("a", string="Newsletter")["href"] == "https://letters.example/"
    colours = soup.find("link", href=re.compile("colours"))["href"]
    assert "--sf-accent:#aa0000" in client.get(colours).content.decode()


def test_harvesters_find_no_address(client, newsroom, story):
    Masthead.objects.update(contact_email="desk@paper.example")

    source = client.get(story.public_path).content.decode()

    address = re.compile(r"[\w.+-]+\s*(?:@|\(at\)|\[at\])\s*[\w-]+(?:\.[\w-]+)+")
    bare = re.sub(r"<[^>]+>", "", source)
    for text in (source, html.unescape(source), bare, html.unescape(bare)):
        assert "desk@paper" not in text
        assert not address.search(text)
    soup = BeautifulSoup(source, "html.parser")
    for hidden in soup.select(".sf-address [hidden]"):
        hidden.decompose()
    assert soup.select_one(".sf-address").get_text() == "desk@paper.example"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "4 Nov 2024, 18:05 Kyiv"), ("uk", "4 листопада 2024 року, 18:05")],
)
def test_moments_are_absolute_in_both_languages(settings, language, words):
    import datetime as dt

    with translation.override(language):
        assert dates.moment(dt.datetime(2024, 11, 4, 16, 5, tzinfo=dt.UTC)).startswith(words)


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        ("2026-11-03", "3 Nov 2026"),
        ("2026-11", "November 2026"),
        ("2026", "2026"),
        ("spring", "spring"),
        ("2026-13-01", "2026-13-01"),
    ],
)
def test_source_dates_are_written_out(kept, words):
    assert dates.written_date(kept) == words
