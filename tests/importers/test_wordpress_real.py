"""The real export, whole and cut down: what an independent reader of the file finds is what readers here meet."""

import datetime as dt
import shutil

import pytest
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from standfirst.importers.models import ImportedItem
from standfirst.kit.canonical import salted_digest
from standfirst.people.models import Byline
from standfirst.stories.models import PublicVersion, Section, StoryPage, Tag
from standfirst.stories.selectors import story_at
from standfirst.stories.services import story_publish, story_withdraw
from tests.importers.moving import imported, move_in, words_of
from tests.importers.wxr import REAL, plain, sample, seen_in
from tests.newsroom import picture_file

pytestmark = pytest.mark.django_db


def test_the_real_export_moves_in_whole_and_only_once(newsroom, unhurried):
    before = newsroom.publish("The same month", first_published_at=dt.datetime(2024, 11, 2, tzinfo=dt.UTC))

    report = move_in(REAL)

    posts = [post for post in seen_in(REAL) if post.kind == "post"]
    public = [post for post in posts if post.public]
    assert (len(posts), len(public)) == (1008, 1004)
    assert report["totals"]["published"] == len(public)
    assert report["totals"]["drafts"] == len(posts) - len(public)
    assert report["totals"]["pages"] == 2
    assert_every_public_post_is_here(public)
    assert_nothing_comes_twice()
    assert_the_house_can_work_with_it(newsroom, before)


def assert_every_public_post_is_here(public):
    """Words, date, author and old address of each post are what an independent reader of the file found."""
    stories = StoryPage.objects.prefetch_related("story_bylines__byline", "public_versions__text").in_bulk()
    items = {row.foreign_id: row.object_id for row in ImportedItem.objects.filter(kind="post")}
    redirects = {row.old_path: row.redirect_page_id for row in Redirect.objects.all()}
    for post in public:
        story = stories[items[str(post.number)]]
        assert story.live
        assert f"{story.first_published_at:%Y-%m-%d %H:%M:%S}" == post.date
        assert story.public_path == story.address_on(timezone.localtime(story.first_published_at).date())
        assert [line.byline.name for line in story.story_bylines.all()] == [post.author]
        assert plain(story.standfirst) == post.excerpt
        for old in (post.path, f"/?p={post.number}"):
            assert redirects[Redirect.normalise_path(old)] == story.pk
        if "Hostile" not in post.title:
            assert plain(story.title) == post.title
        if "![CDATA[" not in post.text:
            assert words_of(story) == post.text
        version = story.public_versions.get()
        content = bytes(version.text.canonical)
        assert (version.number, version.digest) == (1, salted_digest(content, salt=bytes(version.salt)))
        assert version.published_at == story.first_published_at


def assert_nothing_comes_twice():
    models = (StoryPage, PublicVersion, Redirect, Section, Tag, Byline, ImportedItem)
    before = {model: list(model.objects.order_by("pk").values_list()) for model in models}

    report = move_in(REAL)

    assert report["totals"] == {"unchanged": 1010}
    assert {model: list(model.objects.order_by("pk").values_list()) for model in models} == before


def assert_the_house_can_work_with_it(newsroom, before):
    """Written in bulk, yet no different from a story published by hand: tree, versions, withdrawal."""
    assert StoryPage.find_problems() == ([], [], [], [], [])
    story = imported(1025)
    folder = story.get_parent().specific
    assert before.get_parent().pk == folder.pk
    assert folder.numchild == folder.get_children().count() == story.get_siblings().count()
    story.title = "Changed by hand"
    story.save_revision(user=newsroom.editor)
    story_publish(story=story, editor=newsroom.editor)
    story.refresh_from_db()
    assert (story.title, story.public_versions.count()) == ("Changed by hand", 2)
    newsroom.publish("Another of that month", first_published_at=dt.datetime(2024, 11, 3, tzinfo=dt.UTC))
    assert StoryPage.find_problems() == ([], [], [], [], [])
    story_withdraw(story=story, editor=newsroom.editor)
    assert story_at(story.public_path) is None


def test_a_reader_meets_the_posts_of_the_real_export_at_their_old_addresses(newsroom, tmp_path, client):
    folder = tmp_path / "uploads"
    folder.mkdir()
    for name in ("00.jpg", "01.jpg", "02.jpg"):
        with (folder / name).open("wb") as out:
            shutil.copyfileobj(picture_file(colour=f"#{name[1]}8a"), out)
    file = sample(tmp_path)
    move_in(file, folder)

    public = [post for post in seen_in(file) if post.public]
    assert len(public) == 25
    for post in public:
        response = client.get(post.path)
        # A page stays where it was; a story moves to its day, in one hop.
        assert response.status_code == (200 if post.kind == "page" else 301), post.path
        page = client.get(response["Location"]) if post.kind == "post" else response
        assert page.status_code == 200, post.path
        html = page.content.decode()
        said = plain(html)
        assert "alert(" not in html
        if "Hostile" not in post.title:
            assert post.title in said
        if post.kind == "post":
            assert plain(post.author) in said
            local = timezone.localtime(dt.datetime.fromisoformat(f"{post.date}+00:00"))
            assert local.isoformat(timespec="seconds")[:16] in html
            assert post.excerpt in said
    blocks = client.get("/blocks-caption-and-gallery/", follow=True).content.decode()
    classic = client.get("/classic-shortcodes-and-autop/", follow=True).content.decode()
    assert "Crane at dawn. Photo: O. Example" in blocks
    assert 'alt="Harbour"' in blocks
    assert "The quay. Photo: agency" in classic
    assert 'alt="Quay"' in classic
    assert "/m/" in classic
    for number in (1029, 1030, 1031, 1032, 3):
        for name in ("p", "page_id"):
            page = client.get(f"/?{name}={number}")
            assert page.status_code == 200
            assert not {"Guarded", "Behind a password", "Private note"} & set(page.content.decode().split("<"))
    for path in ("/behind-a-password/", "/private-note/", "/scheduled-for-later/", "/privacy-policy/"):
        assert client.get(path).status_code == 404
