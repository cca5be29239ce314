"""The real export of Ghost, whole and cut down: what an independent reader of it finds is what readers here meet."""

import shutil

import pytest
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from standfirst.fronts.models import StandingPage
from standfirst.importers.models import ImportedItem
from standfirst.people.models import Byline
from standfirst.stories.models import NewsImage, PublicVersion, Section, StoryPage, Tag
from tests.importers.ghostly import REAL, move_in, plain, sample, seen_in
from tests.importers.moving import words_of
from tests.newsroom import picture_file

pytestmark = pytest.mark.django_db
MODELS = (StoryPage, StandingPage, PublicVersion, Redirect, Section, Tag, Byline, NewsImage, ImportedItem)


@pytest.mark.once
def test_the_real_export_moves_in_whole_and_only_once(newsroom, unhurried):
    report = move_in(REAL)

    posts = [post for post in seen_in(REAL) if post.kind == "post"]
    public = [post for post in posts if post.public]
    assert (len(posts), len(public)) == (1007, 1005)
    assert report["totals"]["published"] == len(public)
    assert report["totals"]["drafts"] == len(posts) - len(public)
    assert report["totals"]["pages"] == 1
    assert_every_public_post_is_here(public)
    before = {model: list(model.objects.order_by("pk").values_list()) for model in MODELS}
    again = move_in(REAL)
    assert again["totals"] == {"unchanged": 1008, "left_out": 1}
    assert {model: list(model.objects.order_by("pk").values_list()) for model in MODELS} == before


def assert_every_public_post_is_here(public):
    """Words, date, authors, section, tags and old addresses of each post are what an independent reader found."""
    stories = StoryPage.objects.select_related("section").prefetch_related(
        "story_bylines__byline", "tagged_items__tag", "public_versions"
    )
    stories = stories.in_bulk()
    items = {row.foreign_id: row.object_id for row in ImportedItem.objects.filter(kind="post")}
    redirects = {row.old_path: row.redirect_page_id for row in Redirect.objects.all()}
    for post in public:
        story = stories[items[post.key]]
        assert story.live
        assert story.title == post.title
        assert story.first_published_at == post.published
        assert story.public_path == story.address_on(timezone.localtime(post.published).date())
        assert [line.byline.name for line in story.story_bylines.all()] == post.authors
        assert [story.section.title, *(line.tag.name for line in story.tagged_items.all())] == post.tags
        assert story.standfirst == post.excerpt
        for old in (f"/{post.slug}/", f"/p/{post.uuid}/"):
            assert redirects[Redirect.normalise_path(old)] == story.pk
        if post.slug != "embeds-and-cards":
            assert words_of(story) == post.text, post.slug
        assert story.public_versions.get().number == 1


def test_a_reader_meets_the_posts_of_the_real_export_at_their_old_addresses(newsroom, tmp_path, client):
    media = tmp_path / "images"
    (media / "bench").mkdir(parents=True)
    for name in ("00.jpg", "01.jpg"):
        with (media / "bench" / name).open("wb") as out:
            shutil.copyfileobj(picture_file(colour=f"#{name[1]}8a"), out)
    file = sample(tmp_path)
    report = move_in(file, media)

    posts = seen_in(file)
    assert report["totals"]["pictures"] == 2
    missing = {entry["picture"]: entry["in"] for entry in report["missing_pictures"]}
    assert len(missing["https://static.ghost.org/v4.0.0/images/feature-image.jpg"]) == 1
    assert {"/x", "bench/02.jpg"} < set(missing)
    for post in posts:
        response = client.get(f"/{post.slug}/")
        if not post.public:
            assert response.status_code == 404, post.slug
            continue
        # A page stays where it was; a story moves to its day, in one hop.
        assert response.status_code == (200 if post.kind == "page" else 301), post.slug
        page = client.get(response["Location"]) if post.kind == "post" else response
        assert page.status_code == 200, post.slug
        html = page.content.decode()
        said = plain(html)
        assert "alert(" not in html
        assert "<script>" not in html
        if post.kind == "post":
            assert plain(post.title.replace("<b>", "&lt;b&gt;").replace("</b>", "&lt;/b&gt;")) in said
            assert timezone.localtime(post.published).isoformat(timespec="seconds")[:16] in html
            assert plain(post.excerpt.replace("<b>", "&lt;b&gt;").replace("</b>", "&lt;/b&gt;")) in said
            assert all(plain(author) in said for author in post.authors)
    rich = client.get("/rich-one-pictures-quotes-lists/", follow=True).content.decode()
    assert "Crane at dawn. Photo: O. Example / CC BY 4.0" in rich
    assert 'alt="A harbour crane"' in rich
    assert 'alt="Alt text"' in rich
    assert "Caption with credit" in rich
    assert "/m/" in rich
    cards = client.get("/embeds-and-cards/", follow=True).content.decode()
    assert "https://www.youtube.com/watch?v=dQw4w9WgXcQ" in cards
    assert "https://twitter.com/x/status/1" in cards
    assert "<th" in cards


def test_pictures_that_come_later_find_their_places(newsroom, tmp_path):
    file = sample(tmp_path, plain_posts=1)
    first = move_in(file)
    media = tmp_path / "content" / "images" / "bench"
    media.mkdir(parents=True)
    for name in ("00.jpg", "01.jpg"):
        with (media / name).open("wb") as out:
            shutil.copyfileobj(picture_file(), out)

    second = move_in(file, tmp_path)
    third = move_in(file, tmp_path, site="https://old.example")

    assert "pictures" not in first["totals"]
    assert second["totals"]["pictures"] == 2
    assert second["totals"]["updated"] == 7
    assert NewsImage.objects.count() == 2
    assert "pictures" not in third["totals"]
    assert StoryPage.objects.filter(lead_image__isnull=False).count() == 7
