"""Moving in: through the command's own door, and looked at as readers and editors look."""

import io
import json
import re
import shutil

import pytest
from wagtail.contrib.redirects.models import Redirect

from standfirst.fronts.models import StandingPage
from standfirst.importers import move as moving
from standfirst.importers import pace
from standfirst.importers.content import HtmlReader
from standfirst.importers.models import ImportedItem
from standfirst.importers.wordpress import run
from standfirst.people.models import Byline
from standfirst.stories.models import NewsImage, Section, StoryPage, Tag
from standfirst.stories.selectors import live_stories
from standfirst.stories.services import story_withdraw
from tests.importers.moving import imported, move_in, words_of
from tests.importers.wxr import HEAD, attachment, export, item
from tests.newsroom import picture_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def media(tmp_path):
    """A folder of uploads as it is copied from a server: originals and the sizes WordPress made of them."""
    folder = tmp_path / "uploads"
    (folder / "2024" / "11").mkdir(parents=True)
    for name in ("quay.jpg", "quay-300x200.jpg", "crane-scaled.jpg"):
        with (folder / "2024" / "11" / name).open("wb") as out:
            shutil.copyfileobj(picture_file(colour="#0a8" if name == "quay.jpg" else "#333"), out)
    (folder / "2024" / "11" / "broken.jpg").write_bytes(b"\xff\xd8 no picture")
    return folder


def test_old_addresses_lead_to_the_story_in_one_hop(newsroom, tmp_path, client):
    file = export(
        tmp_path,
        item(1, link="https://old.example/2024/11/bridge/", slug="bridge"),
        item(2, "Міст", link="https://old.example/%d0%bc%d1%96%d1%81%d1%82/", slug="%d0%bc%d1%96%d1%81%d1%82"),
        item(3, "About us", kind="page", link="https://old.example/company/about-us/", slug="about-us", categories=()),
    )
    move_in(file)

    bridge, mist, page = imported(1), imported(2), imported(3, "page")
    assert bridge.public_path == "/2024/11/04/bridge/"
    assert mist.public_path == "/2024/11/04/mist/"
    assert page.public_address == "/company/about-us/"
    for old, new in [
        ("/2024/11/bridge/", bridge.public_path),
        ("/2024/11/bridge", bridge.public_path),
        ("/?p=1", bridge.public_path),
        ("/?utm_source=x&p=1", bridge.public_path),
        ("/%D0%BC%D1%96%D1%81%D1%82/", mist.public_path),
        ("/%d0%bc%d1%96%d1%81%d1%82/", mist.public_path),
        ("/?page_id=3", page.public_address),
        ("/category/world/", "/world/"),
        ("/?cat=6", "/world/"),
        ("/author/olena/", Byline.objects.get(name="Олена Приклад").get_absolute_url()),
        ("/?author=2", Byline.objects.get(name="Олена Приклад").get_absolute_url()),
    ]:
        response = client.get(old)
        assert response.status_code == 301, old
        assert response["Location"].removeprefix("http://testserver") == new


def test_what_was_not_public_is_a_draft_with_the_reason_and_nobody_reaches_it(newsroom, tmp_path, client):
    file = export(
        tmp_path,
        item(1, "Open secret", status="draft", link="https://old.example/?p=1", slug=""),
        item(2, "Open secret", status="private"),
        item(3, "Open secret", status="future", when="2030-01-01 10:00:00"),
        item(4, "Open secret", password="pw"),
        item(5, "Open secret", status="pending"),
        item(6, "Open secret", status="members-only"),
        item(7, "Open secret", when="2031-01-01 10:00:00"),
        item(8, "Open secret", kind="page", status="private", categories=()),
        item(9, "Thrown away", status="trash"),
    )
    public = live_stories().count()

    report = move_in(file)

    assert report["totals"]["drafts"] == 7
    assert report["totals"]["left_out"] == 1
    assert live_stories().count() == public
    stories = [imported(number) for number in range(1, 8)]
    assert not any(story.live or story.public_path or story.public_versions.exists() for story in stories)
    assert not any(story.go_live_at for story in stories)
    assert all(story.held_because for story in stories)
    assert "password" in stories[3].held_because
    assert "2030-01-01 12:00" in stories[2].held_because
    assert imported(8, "page").live is False
    for number in range(1, 9):
        for old in (f"/post-{number}/", f"/?p={number}"):
            response = client.get(old)
            assert response.status_code in (200, 404)
            assert b"Open secret" not in response.content
    for story in stories:
        assert client.get(story.address_on(story.latest_revision_created_at.date())).status_code == 404


def test_pictures_come_with_their_captions_and_what_is_missing_is_named(newsroom, tmp_path, media):
    file = export(
        tmp_path,
        attachment(20, "2024/11/quay.jpg", caption="The quay in May", alt="A quay"),
        attachment(21, "2024/11/crane.jpg", caption="A crane"),
        attachment(22, "2024/11/gone.jpg"),
        attachment(23, "2024/11/broken.jpg"),
        item(
            1,
            content='<p>Text</p><figure><img class="wp-image-20" '
            'src="https://old.example/wp-content/uploads/2024/11/quay-300x200.jpg" alt="Water">'
            '<figcaption>Water. Photo: O. Example</figcaption></figure>[gallery ids="20,21,22"]'
            '<figure><img src="/wp-content/uploads/2024/11/gone.jpg"><figcaption>Gone now</figcaption></figure>'
            '<p>End <img src="https://elsewhere.example/x.jpg"></p>',
            meta={"_thumbnail_id": "20"},
        ),
        item(2, meta={"_thumbnail_id": "23"}),
    )

    report = move_in(file, media)

    story = imported(1)
    quay = NewsImage.objects.get(title="quay.jpg")
    assert story.lead_image == quay
    assert (story.lead_alt, story.lead_caption) == ("A quay", "The quay in May")
    assert [block.block_type for block in story.body] == ["text", "picture", "gallery", "text"]
    assert story.body[1].value["image"] == quay
    assert (story.body[1].value["alt"], story.body[1].value["caption"]) == ("Water", "Water. Photo: O. Example")
    assert [picture["caption"] for picture in story.body[2].value["pictures"]] == ["The quay in May", "A crane"]
    assert "Gone now" in story.body[3].value.source
    assert report["totals"]["pictures"] == NewsImage.objects.filter(is_imported=True).count() == 2
    assert {missing["picture"] for missing in report["missing_pictures"]} == {
        "2024/11/gone.jpg",
        "2024/11/broken.jpg",
        "https://elsewhere.example/x.jpg",
    }
    assert imported(2).live
    assert imported(2).lead_image is None


def test_missing_pictures_come_in_when_their_folder_does(newsroom, tmp_path, media):
    file = export(
        tmp_path,
        attachment(20, "2024/11/quay.jpg"),
        item(1, meta={"_thumbnail_id": "20"}),
        item(2, content='<img class="wp-image-20" src="/wp-content/uploads/2024/11/quay.jpg">'),
    )
    move_in(file)
    assert imported(1).lead_image is None

    report = move_in(file, media)

    assert report["totals"]["updated"] == 2
    assert imported(1).lead_image.title == "quay.jpg"
    assert imported(2).body[0].block_type == "picture"
    assert move_in(file, media)["totals"] == {"unchanged": 2}


def test_the_words_of_a_missing_lead_picture_wait_at_the_desk(newsroom, tmp_path, media, client):
    file = export(
        tmp_path,
        attachment(20, "2024/11/quay.jpg", caption="The quay in May. Photo: O. Example", alt="A quay"),
        item(1, meta={"_thumbnail_id": "20"}),
    )

    report = move_in(file)

    story = imported(1)
    assert (story.lead_image, story.lead_alt) == (None, "A quay")
    assert story.lead_caption == "The quay in May. Photo: O. Example"
    assert any("The quay in May. Photo: O. Example" in change for change in report["stories"][0]["changes"])
    assert "The quay in May" not in client.get(story.public_path).content.decode()
    move_in(file, media)
    assert imported(1).lead_image.title == "quay.jpg"
    assert "The quay in May" in client.get(story.public_path).content.decode()


def test_a_table_without_a_head_and_a_name_shows_neither(newsroom, tmp_path, client):
    rows = "<tbody><tr><td>Skerry</td><td>07:10</td></tr><tr><td>Harbour</td><td>17:40</td></tr></tbody>"
    table = f'<figure class="wp-block-table"><table>{rows}</table></figure>'
    move_in(export(tmp_path, item(1, content=f"<!-- wp:table -->{table}<!-- /wp:table -->")))

    path = imported(1).public_path
    for address in (path, f"{path}text/", f"{path}versions/1/"):
        page = client.get(address).content.decode()
        assert "<td>07:10</td>" in re.sub(r"<td [^>]*>", "<td>", page)
        assert "<thead>" not in page
        assert "<caption" not in page
        assert "Table: " not in page


def test_a_story_changed_there_is_brought_up_to_date_and_one_changed_here_is_left_alone(newsroom, tmp_path):
    first = [item(1, "One"), item(2, "Two"), item(3, "Three"), item(4, "A page", kind="page", categories=())]
    move_in(export(tmp_path, *first))
    here = imported(2)
    here.title = "Two, by our editor"
    here.save_revision(user=newsroom.editor)
    story_withdraw(story=imported(3), editor=newsroom.editor)
    path = imported(1).public_path

    second = [item(1, "One anew"), item(2, "Two anew"), item(3, "Three anew"), item(5, "Five")]
    report = move_in(export(tmp_path, *second, item(4, "A page anew", kind="page", categories=())))

    assert report["totals"]["updated"] == 2
    assert report["totals"]["published"] == 1
    assert report["totals"]["changed_here"] == 2
    one, two, three = imported(1), imported(2), imported(3)
    assert (one.title, one.public_path, one.public_versions.count()) == ("One anew", path, 2)
    assert two.title == "Two"
    assert two.get_latest_revision_as_object().title == "Two, by our editor"
    assert (three.title, three.live) == ("Three", False)
    assert imported(4, "page").title == "A page anew"
    named = {entry["id"]: entry for entry in report["changed_here"]}
    assert (named[2]["ours"], named[2]["theirs"]) == ("Two", "Two anew")
    assert named[2]["their_text"] == "Two bearings failed."


def test_a_draft_published_there_since_goes_out_here_under_its_date(newsroom, tmp_path, client):
    move_in(export(tmp_path, item(1, "One", status="draft", link="https://old.example/?p=1")))
    assert not imported(1).live

    move_in(export(tmp_path, item(1, "One")))

    story = imported(1)
    assert story.live
    assert story.public_path == "/2024/11/04/post-1/"
    assert story.held_because == ""
    assert client.get("/post-1/").status_code == 301


def test_stopped_anywhere_and_started_again_it_is_whole(newsroom, tmp_path, monkeypatch):
    file = export(tmp_path, *(item(number, f"Story {number}") for number in range(1, 31)))
    monkeypatch.setattr(moving, "BATCH", 7)
    monkeypatch.setattr(pace, "HELD_SECONDS", 1_000)
    take_in, calls = moving.stories_take_in, []

    def interrupted(*, arrivals):
        calls.append(1)
        stories = take_in(arrivals=arrivals)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return stories

    monkeypatch.setattr(moving, "stories_take_in", interrupted)
    assert run(file=file, out=io.StringIO(), err=io.StringIO()) == 1
    assert ImportedItem.objects.filter(kind="post").count() == 14
    monkeypatch.setattr(moving, "stories_take_in", take_in)

    report = move_in(file)

    assert report["totals"]["unchanged"] == 14
    assert report["totals"]["published"] == 16
    assert sorted(story.title for story in StoryPage.objects.filter(title__startswith="Story ")) == sorted(
        f"Story {number}" for number in range(1, 31)
    )
    assert StoryPage.find_problems() == ([], [], [], [], [])


def test_a_refused_file_changes_nothing(newsroom, tmp_path):
    file = export(tmp_path, item(1), item(2))
    file.write_text(file.read_text(encoding="utf-8")[:-60], encoding="utf-8")
    before = (StoryPage.objects.count(), Redirect.objects.count(), Byline.objects.count())
    out, err = io.StringIO(), io.StringIO()

    assert run(file=file, out=out, err=err) == 1

    assert "ends too early, at line" in err.getvalue()
    assert out.getvalue() == ""
    assert (StoryPage.objects.count(), Redirect.objects.count(), Byline.objects.count()) == before
    assert run(file=tmp_path / "nowhere.xml", out=out, err=err) == 1
    assert run(file=export(tmp_path, item(1)), media=tmp_path / "nowhere", out=out, err=err) == 1


def test_hostile_html_is_harmless(newsroom, tmp_path):
    evil = '<script>alert(1)</script><img src=x onerror=alert(1)>"><svg onload=alert(1)>'
    file = export(
        tmp_path,
        item(
            1,
            f"Title {evil}",
            f'<p onclick="alert(1)">Text {evil}<a href="javascript:alert(1)">x</a></p>',
            excerpt=f"Excerpt {evil}",
            categories=(("category", "evil", f"Section {evil}"), ("post_tag", "t", f"Tag {evil}")),
        ),
        item(2, f"Page {evil}", f"<p>Page {evil}</p>", kind="page", categories=()),
    )

    move_in(file)

    story, page = imported(1), imported(2, "page")
    stored = " ".join([story.title, story.standfirst, json.dumps(list(story.body.raw_data)), page.title, page.body])
    stored += " ".join([*Tag.objects.values_list("name", flat=True), *Section.objects.values_list("title", flat=True)])
    assert "<script" not in stored
    assert "onerror" not in stored
    assert "javascript:" not in stored
    assert words_of(story) == 'Text">'  # what a browser shows: the rest stands inside the drawing


def test_sections_tags_authors_and_languages(newsroom, tmp_path):
    ours = Byline.objects.get(name="Taras Melnyk")
    world, asia = ("category", "world", "World"), ("category", "asia", "Asia")
    cap = ("author", "cap-iryna", "iryna")
    file = export(
        tmp_path,
        item(1, categories=(asia, world, ("post_tag", "un", "UN"))),
        item(2, categories=(world, asia), meta={"_yoast_wpseo_primary_category": "7"}),
        item(3, categories=(("category", "uncategorized", "Uncategorized"),)),
        item(4, categories=(("category", "about", "About"), cap, ("author", "cap-olena", "olena"))),
        item(5, "Українською", categories=(world, ("language", "uk", "Українська"))),
        item(6, author="Taras Melnyk"),
        item(7, kind="guest-author", slug="cap-iryna", categories=(), meta={"cap-display_name": "Ірина Гостя"}),
    )  # fmt: skip

    report = move_in(file)

    assert (imported(1).section.title, sorted(tag.name for tag in imported(1).tags.all())) == ("Asia", ["UN", "World"])
    assert imported(2).section.title == "Asia"
    assert imported(3).section.slug == "news"
    assert imported(4).section.slug == "about-section"
    assert [line.byline.name for line in imported(4).story_bylines.all()] == ["Ірина Гостя", "Олена Приклад"]
    assert imported(5).public_path == "/uk/2024/11/04/post-5/"
    assert imported(6).story_bylines.get().byline == ours
    assert imported(2).section != newsroom.world
    assert Section.objects.filter(title="World").count() == 1
    assert not Byline.objects.filter(account__isnull=False).exclude(pk=ours.pk).exists()
    assert "secret@old.example" not in json.dumps(report)
    leads = {row.old_path: row.redirect_link for row in Redirect.objects.exclude(redirect_link="")}
    assert leads["/category/world/asia"] == leads["/category/asia"] == "/asia/"


def test_addresses_that_belong_to_the_paper_are_kept_by_it(newsroom, tmp_path):
    file = export(
        tmp_path,
        item(1, "Desk", kind="page", link="https://old.example/desk/", slug="desk", categories=()),
        item(2, "World", kind="page", link="https://old.example/world/", slug="world", categories=()),
        item(3, "Privacy tips", link="https://old.example/privacy/", slug="privacy"),
        item(4, "Same", slug="same", link="https://old.example/a/"),
        item(5, "Same", slug="same", link="https://old.example/b/"),
    )

    report = move_in(file)

    assert imported(1, "page").path_in_language == "desk-page"
    assert imported(2, "page").path_in_language == "world-page"
    assert imported(3).public_path == "/2024/11/04/privacy/"
    assert [imported(4).slug, imported(5).slug] == ["same", "same-2"]
    notes = {story["id"]: story["changes"] for story in report["stories"]}
    assert any("/privacy/" in change for change in notes[3])
    assert any("/desk/" in change for change in notes[1])
    assert StandingPage.objects.filter(path_in_language__in=["desk", "world"]).count() == 0


def test_the_report_for_people_says_what_came_in_and_what_did_not(newsroom, tmp_path):
    file = export(
        tmp_path,
        item(1, content="[box_x]in[/box_x]"),
        item(2, status="private"),
        item(3, "An event", kind="event"),
        item(4, "", "<p>First words of it</p>"),
    )
    out = io.StringIO()

    assert run(file=file, out=out, err=io.StringIO()) == 0

    said = out.getvalue()
    assert "2 stories published." in said
    assert "1 story kept as a draft." in said
    assert "1 entry left out." in said
    assert "3 “An event”: It is of a kind we have no place for (event)." in said
    assert "[box_x]" in said
    assert imported(4).title == "First words of it"


def test_one_entry_that_cannot_be_taken_in_does_not_keep_the_others_out(newsroom, tmp_path, monkeypatch):
    convert = HtmlReader.convert

    def stumbling(self, content, **where):
        if "strange words" in content:
            raise ValueError("nobody foresaw this")
        return convert(self, content, **where)

    monkeypatch.setattr(HtmlReader, "convert", stumbling)
    file = export(tmp_path, item(1), item(2, "Strange", "<p>strange words</p>"), item(3), item(3, "A double"))

    report = move_in(file)

    assert report["totals"]["published"] == 2
    assert [(entry["id"], entry["title"]) for entry in report["left_out"]] == [(2, "Strange"), (3, "A double")]
    assert "nobody foresaw this" in report["left_out"][0]["why"]
    assert "same number" in report["left_out"][1]["why"]


def test_an_old_export_of_a_paper_in_a_folder(newsroom, tmp_path, client):
    head = HEAD.replace("export/1.2/", "export/1.0/").replace("https://old.example<", "https://old.example/blog<")
    old = item(
        7,
        "Old times",
        '<a href="https://old.example/blog/2009/x/">x</a>',
        link="https://old.example/blog/2009/01/old-times/",
        categories=(
            ("tag", "", "War"),
            ("tag", "war", "War"),
            ("category", "world", "World"),
            ("category", "", "World"),
        ),
    ).replace(' nicename=""', "")

    move_in(export(tmp_path, old, head=head))

    story = imported(7)
    assert (story.section.slug, [tag.name for tag in story.tags.all()]) == ("world", ["War"])
    assert 'href="/blog/2009/x/"' in story.body[0].value.source
    for address in ("/blog/2009/01/old-times/", "/blog/?p=7"):
        assert client.get(address).status_code == 301
    assert client.get("/blog/tag/war/").status_code == 301


def test_what_was_made_for_a_text_that_stays_out_is_made_again_for_the_next(newsroom, tmp_path, monkeypatch):
    from standfirst.importers.arrivals import Arrivals

    real = Arrivals._standfirst

    def stumbling(self, item, changes):
        if item.foreign_id == "1":
            self._names.section(item.section), self._names.bylines(item.authors), self._names.tags(item.tags)
            raise ValueError("nobody foresaw this")
        return real(self, item, changes)

    monkeypatch.setattr(Arrivals, "_standfirst", stumbling)
    new = (("category", "brand-new", "Brand new"), ("post_tag", "fresh", "Fresh"))

    report = move_in(export(tmp_path, item(1, categories=new), item(2, categories=new)))

    assert [entry["id"] for entry in report["left_out"]] == [1]
    assert (imported(2).section.title, [tag.name for tag in imported(2).tags.all()]) == ("Brand new", ["Fresh"])
    assert [line.byline.name for line in imported(2).story_bylines.all()] == ["Олена Приклад"]
