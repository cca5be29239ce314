"""The standing pages a paper begins with."""

import re

import pytest
from bs4 import BeautifulSoup

from standfirst.fronts.models import HomePage, StandingPage
from standfirst.fronts.selectors import footer_pages, standing_to_fill
from standfirst.fronts.services import paper_found, standing_found
from standfirst.fronts.standing import HERE, PATHS, default_pages
from standfirst.kit.html import clean_passage
from standfirst.kit.slugs import is_reserved


def pages(language):
    return default_pages(language=language, name="The Lantern", root="/")


@pytest.mark.parametrize("language", ["en", "uk"])
def test_texts_hold_nothing_the_editor_would_drop(language):
    for page in pages(language):
        assert clean_passage(page.body) == page.body, page.path
        assert "$" not in page.title + page.introduction + page.body
        assert page.introduction
        assert len(page.introduction) <= 600


def test_both_languages_have_the_same_pages_with_the_same_parts_and_links():
    for english, ukrainian in zip(pages("en"), pages("uk"), strict=True):
        assert english.path == ukrainian.path
        assert english.in_footer == ukrainian.in_footer
        for pattern in (r"<h2>", r"<li>", r'href="[^"]*"'):
            assert re.findall(pattern, english.body) == re.findall(pattern, ukrainian.body), english.path
        assert english.needs_newsroom == ukrainian.needs_newsroom


def test_no_text_is_left_lying_about():
    for language in ("en", "uk"):
        stored = {str(file.relative_to(HERE / language).with_suffix("")) for file in (HERE / language).rglob("*.html")}
        assert stored == set(PATHS)


def test_ukrainian_texts_are_ukrainian():
    for page in pages("uk"):
        names = r"The Lantern|robots\.txt|/desk/|WCAG|AA|GDPR|Global Privacy Control|cookie|\(f\)"
        bare = re.sub(rf"<[^>]*>|{names}", "", page.body + page.title)
        assert re.findall(r"[A-Za-zыэёъ]+", bare) == [], page.path
        assert "'" not in bare


def test_another_language_gets_english_with_a_note():
    page = default_pages(language="pl", name="Latarnia", root="/pl/")[0]

    assert page.body.startswith("<p>[Translate this page")
    assert page.needs_newsroom
    assert 'href="/pl/authors/"' in page.body


def test_a_hostile_name_of_the_paper_stays_words():
    page = default_pages(language="en", name="<script>x</script> & $name", root="/")[0]

    assert "<script>" not in page.body
    assert "&lt;script&gt;x&lt;/script&gt; &amp; $name" in page.body


def test_a_new_paper_has_its_standing_pages_in_every_language(paper):
    for language in ("en", "uk"):
        found = StandingPage.objects.filter(locale__language_code=language, live=True)
        assert set(found.values_list("path_in_language", flat=True)) == set(PATHS)
        assert [page.path_in_language for page in footer_pages(language)] == list(PATHS[:-2])
    privacy = StandingPage.objects.filter(path_in_language="privacy")
    assert len(set(privacy.values_list("translation_key", flat=True))) == 1


def test_a_page_the_newsroom_deleted_or_changed_stays_so(paper):
    StandingPage.objects.get(path_in_language="newsletter", locale__language_code="en").delete()
    StandingPage.objects.filter(path_in_language="privacy").update(title="Ours")

    paper_found(name="The Lantern", languages=["en", "uk"])

    assert not StandingPage.objects.filter(path_in_language="newsletter", locale__language_code="en").exists()
    assert StandingPage.objects.filter(title="Ours").count() == 2
    (again,) = standing_found(home=HomePage.objects.get(locale__language_code="en"), name="The Lantern")
    assert again.path_in_language == "newsletter"


def test_the_desk_knows_what_the_newsroom_must_fill_in(paper):
    waiting = {(page.language, page.path_in_language) for page in standing_to_fill()}

    assert ("en", "privacy") in waiting
    assert ("uk", "funding") in waiting
    assert ("en", "cookies") not in waiting, "there is nothing to fill in"


@pytest.mark.parametrize("language", ["en", "uk"])
def test_every_page_is_served_and_its_links_lead_somewhere(paper, client, language):
    root = "/" if language == "en" else "/uk/"
    links = set()
    for path in PATHS:
        response = client.get(f"{root}{path}/")
        assert response.status_code == 200, path
        links |= {a["href"] for a in BeautifulSoup(response.content, "html.parser").main.find_all("a")}

    for link in links:
        if link.startswith("/"):
            assert client.get(link, follow=True).status_code == 200, link


def test_no_section_can_hide_behind_a_standing_page_or_the_archive():
    for path in (*PATHS, "archive", "search", "contact", "feed"):
        assert is_reserved(path.split("/")[0]), path
