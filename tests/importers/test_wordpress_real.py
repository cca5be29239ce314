"""The real export, whole and cut down: what an independent reader of the file finds is what readers here meet."""

import datetime as dt
import html
import json
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
from tests.importers.second_reader import read_again
from tests.importers.wxr import REAL, plain, sample, seen_in
from tests.newsroom import picture_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def uploads(tmp_path):
    """Twelve of the twenty pictures the export names."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    for number in range(12):
        with (folder / f"{number:02}.jpg").open("wb") as out:
            shutil.copyfileobj(picture_file(colour=f"#{number % 10}8a"), out)
    return folder


@pytest.mark.once
@pytest.mark.parametrize("has_media", [False, True], ids=["without pictures", "with pictures"])
def test_the_real_export_moves_in_whole_and_only_once(newsroom, unhurried, uploads, has_media):
    media = uploads if has_media else None
    before = newsroom.publish("The same month", first_published_at=dt.datetime(2024, 11, 2, tzinfo=dt.UTC))

    report = move_in(REAL, media)

    posts = [post for post in seen_in(REAL) if post.kind == "post"]
    public = [post for post in posts if post.public]
    assert (len(posts), len(public)) == (1008, 1004)
    assert report["totals"]["published"] == len(public)
    assert report["totals"]["drafts"] == len(posts) - len(public)
    assert report["totals"]["pages"] == 2
    assert_every_public_post_is_here(public)
    assert_a_second_reader_finds_the_same(report, set(range(12)) if has_media else set())
    assert_nothing_comes_twice(media)
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


def assert_a_second_reader_finds_the_same(report, pictures):
    """Drafts and pages too; sections, tags, links, pictures, slugs: as patterns alone read them from the file."""
    everything = read_again(REAL)
    files = {
        each.number: each.meta["_wp_attached_file"].rsplit("/", 1)[-1]
        for each in everything
        if each.kind == "attachment"
    }
    stories = StoryPage.objects.select_related("section", "lead_image").prefetch_related("tags").in_bulk()
    items = {(row.kind, row.foreign_id): row for row in ImportedItem.objects.filter(kind__in=["post", "page"])}
    there = {f"{number:02}.jpg" for number in pictures}
    wanted = set()
    for read in everything:
        if read.kind == "attachment":
            continue
        item = items.pop((read.kind, str(read.number)))
        if read.kind == "page":
            page = item.object
            assert (page.title, page.live) == (read.title, read.is_public)
            assert plain(page.body) == read.words
            continue
        story = stories[item.object_id]
        assert story.live == read.is_public
        assert bool(story.held_because) != read.is_public
        if "Hostile" not in read.title:
            assert story.title == read.title
        section = next(iter(read.categories), "uncategorized")
        assert story.section.slug == ("news" if section == "uncategorized" else section)
        assert {tag.name for tag in story.tags.all()} == set(read.tags.values())
        if read.slug and read.slug.isascii():
            assert story.slug == read.slug
        if not there and "Hostile" not in read.title:
            assert words_of(story) == read.words
        written = json.dumps(list(story.body.raw_data), ensure_ascii=False)
        assert all(html.escape(link).replace('"', "&quot;") in written for link in read.links)
        thumbnail = files.get(int(read.meta.get("_thumbnail_id", 0)))
        wanted |= {thumbnail} if thumbnail else set()
        assert (story.lead_image.title if story.lead_image else None) == (thumbnail if thumbnail in there else None)
    assert items == {}
    missing = {picture["picture"].rsplit("/", 1)[-1] for picture in report["missing_pictures"]}
    assert wanted - there <= missing
    assert not missing & there


def assert_nothing_comes_twice(media):
    models = (StoryPage, PublicVersion, Redirect, Section, Tag, Byline, ImportedItem)
    before = {model: list(model.objects.order_by("pk").values_list()) for model in models}

    report = move_in(REAL, media)

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
    story_publish(story=story, editor=newsroom.editor, label="update")
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
        served = page.content.decode()
        said = plain(served)
        assert "alert(" not in served
        if "Hostile" not in post.title:
            assert post.title in said
        if post.kind == "post":
            assert plain(post.author) in said
            local = timezone.localtime(dt.datetime.fromisoformat(f"{post.date}+00:00"))
            assert local.isoformat(timespec="seconds")[:16] in served
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
