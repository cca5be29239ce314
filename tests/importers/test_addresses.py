"""Old addresses: every one leads to the right place, in one hop, however it is written."""

from urllib.parse import unquote

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect

from standfirst.press import moved, pressing
from standfirst.stories.services import story_publish
from standfirst.wire import machines
from tests.importers.moving import imported, move_in
from tests.importers.wxr import HEAD, attachment, export, item

pytestmark = pytest.mark.django_db

STORY = "/2024/11/04/bridge/"
TREE = (("category", "asia", "Asia"), ("category", "world", "World"), ("post_tag", "un", "UN"))
ADDRESSES = {
    # The text's own, in all ways to write it.
    "/2019/05/bridge/": STORY,
    "/2019/05/bridge": STORY,
    "/2019/05/Bridge/": STORY,
    "/2019//05/bridge/": STORY,
    "//2019/05/bridge": STORY,
    "/index.php/2019/05/bridge/": STORY,
    "/?p=1": STORY,
    "/index.php?p=1&utm_source=x": STORY,
    "/?p=1&feed=rss2": STORY,
    # What hung on it.
    "/2019/05/bridge/feed/": STORY,
    "/2019/05/bridge/feed/rss2/": STORY,
    "/2019/05/bridge/2/": STORY,
    "/2019/05/bridge/comment-page-12/": STORY,
    "/2019/05/bridge/amp/": STORY,
    "/2019/05/bridge/?amp=1": STORY,
    "/2019/05/bridge/embed/": STORY,
    "/2019/05/bridge/trackback/": STORY,
    "/2019/05/bridge/2/amp/": STORY,
    "/2019/05/bridge/quay-jpg/": STORY,
    "/?attachment_id=20": STORY,
    # Cyrillic, written as a browser sends it, in large and small figures.
    "/%D0%BC%D1%96%D1%81%D1%82/": "/2024/11/04/mist/",
    "/%d0%bc%d1%96%d1%81%d1%82": "/2024/11/04/mist/",
    "/%D0%9C%D0%86%D0%A1%D0%A2/": "/2024/11/04/mist/",
    "/%d0%bc%d1%96%d1%81%d1%82/feed/": "/2024/11/04/mist/",
    # Lists: with their parents, without, with others', further pages, feeds.
    "/category/world/": "/world/",
    "/category/world/asia/": "/asia/",
    "/category/asia/": "/asia/",
    "/category/elsewhere/asia/": "/asia/",
    "/category/world/asia/page/17/": "/asia/",
    "/category/world/feed/": "/world/feed/rss",
    "/category/world/asia/feed/atom/": "/asia/feed/atom",
    "/Category/World/": "/world/",
    "/?cat=6": "/world/",
    "/?cat=6&paged=3": "/world/",
    "/tag/un/": "/tags/un/",
    "/tag/un/rss/": "/tags/un/feed/rss",
    "/tag/un/page/2/": "/tags/un/",
    "/author/olena/": "/authors/olena-pryklad/",
    "/author/olena/feed/": "/authors/olena-pryklad/feed/rss",
    "/author/olena/page/9/": "/authors/olena-pryklad/",
    # The whole site's.
    "/feed/": "/feed/rss",
    "/feed/rss2/": "/feed/rss",
    "/feed/atom/": "/feed/atom",
    "/rss/": "/feed/rss",
    "/rss2/": "/feed/rss",
    "/rdf/": "/feed/rss",
    "/atom/": "/feed/atom",
    "/wp-atom.php": "/feed/atom",
    "/wp-rss2.php": "/feed/rss",
    "/comments/feed/": "/feed/rss",
    "/?feed=rss2": "/feed/rss",
    "/page/3/": "/archive/",
    "/world/page/99/": "/world/",
    "/2024/": "/archive/page/1/",
    "/2024/11/": "/archive/page/1/",
    "/2024/11/04/": "/archive/page/1/",
    "/?m=2024": "/archive/page/1/",
    "/?m=202411": "/archive/page/1/",
    "/?m=20241104": "/archive/page/1/",
    "/index.php?m=202411&paged=2": "/archive/page/1/",
    # A page that stayed where it was.
    "/company/about-us/feed/": "/company/about-us/",
    "/Company/About-Us/": "/company/about-us/",
    "/?page_id=3": "/company/about-us/",
}


def path_of(written):
    """As WSGI hands a path over."""
    return unquote(written).encode().decode("latin-1")


@pytest.fixture
def moved_in(newsroom, tmp_path):
    return move_in(
        export(
            tmp_path,
            item(1, "Bridge", link="https://old.example/2019/05/bridge/", slug="bridge", categories=TREE),
            item(2, "Міст", link="https://old.example/%d0%bc%d1%96%d1%81%d1%82/", slug="%d0%bc%d1%96%d1%81%d1%82"),
            item(3, "About", kind="page", link="https://old.example/company/about-us/", slug="about-us", categories=()),
            attachment(20, "2024/11/quay.jpg", parent=1),
        )
    )


def test_every_old_address_leads_to_the_right_place_in_one_hop(moved_in):
    reader = Client()
    for old, new in ADDRESSES.items():
        # As a server hands it over: the client would take two slashes at the beginning for a host.
        path, _mark, query = old.partition("?")
        response = (
            reader.get("/", QUERY_STRING=query)
            if path == "/"
            else reader.generic("GET", "/x/", PATH_INFO=path_of(path), QUERY_STRING=query)
        )
        assert response.status_code in (301, 302), old
        assert response["Location"] == new, old
        assert reader.get(new).status_code == 200, new


@pytest.mark.parametrize(
    "path",
    [
        *("/never/", "/never/feed/", "/tags/never/feed/", "/never/page/2/", "/2019/05/never/", "/category/never/"),
        *("/1850/", "/archive/page/99/", "/PRIVACY/", "/2024/13/", "/2024/02/31/", "/a/b/c/d/e/", "/\0/feed/"),
    ],
)
def test_what_is_nobodys_stays_nobodys(moved_in, path):
    assert Client().get(path).status_code == 404


def test_the_press_answers_the_same(moved_in):
    maps = moved.read(machines.moved(is_permanent=True), machines.moved(is_permanent=False))

    assert maps.find("/2019/05/bridge/") == (301, STORY)
    assert maps.find("/міст/") == (301, "/2024/11/04/mist/")
    assert maps.find_query("/", "p=1&utm_source=x") == (301, STORY)
    assert maps.find_query("/", "feed=rss2") == (301, "/feed/rss")
    for asked, leads in (("/2019/05/bridge/amp/", STORY), ("/category/world/page/3/", "/world/")):
        outcome = pressing.demand(asked)
        assert (outcome.status, dict(outcome.headers)["location"], outcome.kept) == (301, leads, False)


def test_a_chain_is_one_hop(newsroom, moved_in):
    story = imported(1)
    story.slug = "bridge-open-again"
    story.save_revision(user=newsroom.editor)
    story_publish(story=story, editor=newsroom.editor)
    now = "/2024/11/04/bridge-open-again/"
    Redirect.add_redirect("/older-still/", "/2019/05/bridge/")
    maps = moved.read(machines.moved(is_permanent=True), "")

    for old in ("/2019/05/bridge/", "/?p=1", "/2019/05/bridge/feed/", "/2024/11/04/bridge/", "/older-still/"):
        assert Client().get(old)["Location"] == now, old
    assert maps.find("/2024/11/04/bridge/") == maps.find("/2019/05/bridge/") == (301, now)
    assert maps.find("/older-still/") == (301, now)


def test_redirects_that_lead_in_a_circle_end(newsroom):
    Redirect.add_redirect("/a/", "/b/")
    Redirect.add_redirect("/b/", "/a/")

    assert Client().get("/a/").status_code in (301, 404)
    assert '"/a"' in machines.moved(is_permanent=True)


def test_collisions_are_resolved_and_told(newsroom, tmp_path):
    report = move_in(
        export(
            tmp_path,
            item(1, "Team", kind="page", link="https://old.example/about/team/", slug="team", categories=()),
            item(2, "Contact", kind="page", link="https://old.example/contact/", slug="contact", categories=()),
            item(3, "Feed", link="https://old.example/feed/", slug="feed"),
            item(4, "Support us", link="https://old.example/support/us/", slug="support"),
            item(5, "World", kind="page", link="https://old.example/world/", slug="world", categories=()),
            item(6, "Long", link=f"https://old.example/{'x' * 300}/", slug="long"),
        )
    )

    assert Client().get("/about/team/")["Location"] == imported(1, "page").public_address == "/about-page/team/"
    entries = {entry["id"]: entry for entry in report["stories"]}
    for number, old in ((2, "/contact/"), (3, "/feed/"), (4, "/support/us/"), (5, "/world/")):
        (address,) = [one for one in entries[number]["addresses"] if one["old"] == old]
        assert address["now"] is None
        assert "belongs to the paper itself" in address["why"]
        assert address["why"] in entries[number]["changes"]
        assert entries[number]["now"]
    assert "too long" in entries[6]["addresses"][0]["why"]


def test_the_report_says_of_every_old_address_where_it_leads(moved_in):
    entries = {entry["id"]: entry for entry in moved_in["stories"]}

    assert {one["old"]: one["now"] for one in entries[1]["addresses"]} == {
        "/2019/05/bridge/": STORY,
        "/?p=1": STORY,
        "/?attachment_id=20": STORY,
        "/post-20/": STORY,
    }
    assert {one["old"]: one["now"] for one in entries[3]["addresses"]} == {
        "/company/about-us/": "/company/about-us/",
        "/?page_id=3": "/company/about-us/",
        "/?p=3": "/company/about-us/",
    }


def test_a_drafts_old_address_leads_to_it_once_it_is_public(newsroom, tmp_path):
    move_in(export(tmp_path, item(1, "One", status="draft", link="https://old.example/one/")))
    assert Client().get("/one/").status_code == 404
    assert '"/one"' not in machines.moved(is_permanent=True)

    story = imported(1)
    story.save_revision(user=newsroom.editor)
    story_publish(story=story, editor=newsroom.editor)

    assert Client().get("/one/")["Location"] == imported(1).public_path
    assert '"/one"' in machines.moved(is_permanent=True)


def test_a_paper_in_a_folder(newsroom, tmp_path):
    head = HEAD.replace("https://old.example<", "https://old.example/blog<")
    move_in(export(tmp_path, item(7, link="https://old.example/blog/2009/01/old/"), head=head))

    for old, new in {
        "/blog/": "/",
        "/blog/feed/": "/feed/rss",
        "/blog/?feed=rss2": "/feed/rss",
        "/blog/page/3/": "/",
        "/blog/2009/01/old/feed/": imported(7).public_path,
        "/blog/category/world/page/2/": "/world/",
        "/blog/2024/11/": "/archive/page/1/",
        "/blog/?m=202411": "/archive/page/1/",
        "/blog/?p=7": imported(7).public_path,
        "/blog/?utm=1&p=7": imported(7).public_path,
    }.items():
        assert Client().get(old).get("Location") == new, old
