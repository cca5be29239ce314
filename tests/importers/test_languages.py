"""In which language a text stands here, and where the lists of each language lead."""

import pytest
from django.test import Client

from tests.importers import ghostly
from tests.importers.moving import imported, move_in
from tests.importers.wxr import HEAD, export, item

pytestmark = pytest.mark.django_db

UKRAINIAN = "<p>Міст через річку відкрили для машин у понеділок, хоча ремонт іще триває.</p>"
ENGLISH = "<p>The bridge was opened to cars on Monday although the works go on below it.</p>"


def leads(old):
    response = Client().get(old)
    target = response["Location"]
    assert Client().get(target).status_code == 200, target
    return target


def test_a_site_left_at_its_first_english_is_read_by_its_letters(newsroom, tmp_path):
    report = move_in(
        export(
            tmp_path,
            item(1, "Міст", UKRAINIAN, categories=(("post_tag", "ремонт", "Ремонт"),)),
            item(2, "Bridge", ENGLISH),
            item(3, "Хліб і сіль", "<p>OK</p>", categories=(("language", "en", "English"),)),
        )
    )

    assert [imported(n).locale.language_code for n in (1, 2, 3)] == ["uk", "en", "en"]
    (told,) = [note for note in report["notes"] if "letters" in note]
    assert "“en-US”; by its letters 1 text is in “uk”" in told
    assert leads("/tag/ремонт/") == "/uk/tags/remont/"


def test_ghosts_columns_that_nobody_chose_say_nothing(newsroom, tmp_path):
    posts = [
        ghostly.post(1, "Міст", html=UKRAINIAN, language="en_US"),
        ghostly.post(2, "Міст", html=UKRAINIAN, locale="en"),
        ghostly.post(3, "Bridge", html=ENGLISH, language="en_US"),
    ]
    settings = [{"key": "title", "value": "Old"}, {"key": "defaultLang", "value": "uk"}]
    report = ghostly.move_in(ghostly.written(tmp_path / "g.json", ghostly.data(*posts, settings=settings)))

    now = {entry["title"] + str(entry["id"])[-1]: entry["now"] for entry in report["stories"]}
    assert now["Міст1"].startswith("/uk/")
    assert not now["Міст2"].startswith("/uk/")
    assert not now["Bridge3"].startswith("/uk/")


def test_lists_of_translation_plugins_lead_to_the_list_in_their_language(newsroom, tmp_path):
    head = HEAD + (
        "<wp:category><wp:term_id>17</wp:term_id><wp:category_nicename>svit</wp:category_nicename>"
        "<wp:cat_name><![CDATA[Світ]]></wp:cat_name></wp:category><wp:term><wp:term_id>34</wp:term_id>"
        "<wp:term_taxonomy>term_translations</wp:term_taxonomy><wp:term_slug>pll_6a</wp:term_slug><wp:term_description>"
        '<![CDATA[a:2:{s:2:"en";i:6;s:2:"uk";i:17;}]]></wp:term_description></wp:term>'
    )
    world, svit = ("category", "world", "World"), ("category", "svit", "Світ")
    move_in(
        export(
            tmp_path,
            item(1, categories=(world, ("language", "en", "English"), ("post_tag", "sea", "Sea"))),
            item(2, "Міст", link="https://old.example/uk/mist/", categories=(svit, ("language", "uk", "Українська"))),
            head=head,
        )
    )

    for old, new in {
        "/category/world/": "/world/",
        "/category/svit/": "/uk/world/",
        "/category/svit/feed/": "/uk/world/feed/rss",
        "/uk/category/svit/": "/uk/world/",
        "/uk/category/svit/page/3/": "/uk/world/",
        "/en/category/world/": "/world/",
        "/uk/tag/sea/": "/tags/sea/",
        "/uk/author/olena/": "/uk/authors/olena-pryklad/",
        "/en/": "/",
        "/en/feed/": "/feed/rss",
        "/uk/?p=2": imported(2).public_path,
        "/amp/uk/mist/": imported(2).public_path,
        "/sitemap_index.xml": "/sitemap.xml",
    }.items():
        assert leads(old) == new, old
    for nobodys in ("/uk/never/", "/en/never/", "/uk/tag/never/"):
        assert Client().get(nobodys).status_code == 404


def test_two_texts_at_one_path_are_told_apart_by_the_language_asked_for(newsroom, tmp_path):
    """WPML with the language as a parameter, and with a folder for each."""
    report = move_in(
        export(
            tmp_path,
            item(1, "River", ENGLISH, link="https://old.example/2020/x/"),
            item(2, "Річка", UKRAINIAN, link="https://old.example/2020/x/?lang=uk", slug="x"),
            item(
                3,
                "See",
                '<a href="/2020/x/?lang=uk">uk</a> <a href="/2020/x/?lang=en">en</a> <a href="/?lang=uk">f</a>',
            ),
            item(4, "About", kind="page", link="https://old.example/our-paper/", categories=()),
            item(5, "Про", UKRAINIAN, kind="page", link="https://old.example/uk/our-paper/", categories=()),
        )
    )

    english, ukrainian = imported(1).public_path, imported(2).public_path
    for old, new in {
        "/2020/x/": english,
        "/2020/x/?lang=en": english,
        "/2020/x/?lang=uk": ukrainian,
        "/2020/x/?utm=1&lang=uk": ukrainian,
        "/2020/x/amp/?lang=uk": ukrainian,
        "/?p=2&lang=uk": ukrainian,
        "/?lang=uk": "/uk/",
    }.items():
        assert leads(old) == new, old
    told = {entry["id"]: entry for entry in report["stories"]}
    assert told[2]["addresses"][0] == {"old": "/2020/x/?lang=uk", "now": ukrainian}
    assert [f'id="{imported(n).pk}"' in imported(3).body[0].value.source for n in (1, 2)] == [True, True]
    assert told[3]["changes"] == []
    assert [imported(n, "page").public_address for n in (4, 5)] == ["/our-paper/", "/uk/our-paper/"]
