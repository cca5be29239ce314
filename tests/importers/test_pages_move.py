"""Saved pages moved in through the command's own door, and read here as readers and editors read."""

import io
import json
import shutil

import pytest

from standfirst import cli
from standfirst.importers.command import run
from standfirst.importers.models import ImportedItem
from standfirst.stories.models import NewsImage, StoryPage
from tests.importers.moving import words_of
from tests.importers.oldsite import picture
from tests.importers.saved import PAGES
from tests.importers.test_pages_forms import WORDS, article, save

pytestmark = pytest.mark.django_db


def move(*files):
    out, err = io.StringIO(), io.StringIO()
    assert run(source="pages", file=list(files), json=True, out=out, err=err) == 0, err.getvalue()
    return json.loads(out.getvalue())


def story(foreign_id):
    return ImportedItem.objects.get(kind="post", foreign_id=foreign_id).object


@pytest.fixture
def folder(tmp_path):
    """A small paper: two stories that know each other, a picture beside one, and what is no story."""
    link = '<p>In January <a href="https://old.example/2017/01/02/fire/">a fire</a> had closed it for one week.</p>'
    body = (
        f'<figure><img src="kiosk_files/kiosk.jpg"><figcaption>Shut. Photo: Ira Noon</figcaption></figure>{WORDS}{link}'
    )
    head = '<meta property="article:section" content="City"><meta name="author" content="Ira Noon">'
    head += '<link rel="shortlink" href="/?p=7">'
    save(tmp_path, "site/kiosk.html", article(body=body, head=head))
    save(tmp_path, "site/kiosk_files/kiosk.jpg", picture())
    save(tmp_path, "site/fire.html", article(title="Fire at the kiosk", path="/2017/01/02/fire/"))
    save(tmp_path, "site/undated.html", article(title="A day nobody knows", path="/undated/", date=""))
    save(tmp_path, "site/404.html", "<html><head><title>404</title></head><body><h1>404 Not found</h1></body></html>")
    return tmp_path / "site"


def test_saved_pages_become_stories_with_their_pictures_and_old_addresses(newsroom, folder, client):
    report = move(folder)

    assert report["source"] == "pages:old.example"
    assert report["totals"]["published"] == 2
    assert report["totals"]["drafts"] == 1
    assert [entry["why"] for entry in report["left_out"]] == ["It is the page of an error, not a story."]
    kiosk, fire = story("old.example/2017/10/08/kiosk"), story("old.example/2017/01/02/fire")
    assert kiosk.public_path == "/2017/10/08/kiosk/"
    assert (kiosk.section.title, [line.byline.name for line in kiosk.story_bylines.all()]) == ("City", ["Ira Noon"])
    assert (kiosk.lead_image.credit, kiosk.lead_caption) == ("Ira Noon", "Shut.")
    assert client.get("/?p=7")["Location"].endswith(kiosk.public_path)
    text = str(kiosk.body.raw_data[0]["value"])
    assert 'linktype="page"' in text
    assert f'id="{fire.pk}"' in text
    page = client.get(kiosk.public_path).content.decode()
    assert "sold its last paper on Saturday" in page
    assert "Front door" not in page
    draft = StoryPage.objects.get(title="A day nobody knows")
    assert not draft.live
    assert draft.held_because == "It says no date. Set its date and publish it."


def test_moved_in_twice_nothing_is_doubled_and_what_was_changed_here_stays(newsroom, folder):
    move(folder)
    stories, pictures = StoryPage.objects.count(), NewsImage.objects.count()
    ours = story("old.example/2017/01/02/fire")
    ours.title = "The fire, told anew"
    ours.change_label, ours.change_from = "update", 1
    ours.save_revision().publish()

    again = move(folder)
    assert again["totals"]["unchanged"] == 3
    assert (StoryPage.objects.count(), NewsImage.objects.count()) == (stories, pictures)

    text = (folder / "fire.html").read_text().replace("a man who wanted a lighter", "a woman with a dog")
    (folder / "fire.html").write_text(text)
    text = (folder / "kiosk.html").read_text().replace("a man who wanted a lighter", "a woman with a dog")
    (folder / "kiosk.html").write_text(text)
    third = move(folder)

    assert third["totals"]["updated"] == 1
    assert [entry["ours"] for entry in third["changed_here"]] == ["The fire, told anew"]
    assert "awomanwithadog" in words_of(story("old.example/2017/10/08/kiosk"))


def test_a_picture_that_is_found_later_comes_into_the_untouched_story(newsroom, folder):
    shutil.move(folder / "kiosk_files" / "kiosk.jpg", folder / "elsewhere.jpg")
    first = move(folder / "kiosk.html")
    assert story("old.example/2017/10/08/kiosk").lead_image is None
    assert any("A picture was left out" in change for change in first["stories"][0]["changes"])

    shutil.move(folder / "elsewhere.jpg", folder / "kiosk_files" / "kiosk.jpg")
    assert move(folder / "kiosk.html")["totals"]["updated"] == 1
    assert story("old.example/2017/10/08/kiosk").lead_image is not None


def test_every_fixture_moves_in_and_no_word_of_a_menu_with_it(newsroom, client):
    report = move(PAGES)

    assert report["totals"]["published"] == 13
    assert report["totals"]["drafts"] == 3
    assert report["left_out"] == []
    menus = (
        *("Контакти редакції", "Популярне", "Читайте", "Підпи", "Реклама", "Увійти", "Архів номерів", "Погода", "Друк"),
        *("Sign", "Skip to", "Most viewed", "Follow", "Recent essays", "comment", "Older Post", "Portada", "min read"),
    )
    for item in ImportedItem.objects.filter(kind="post"):
        said = words_of(item.object) + item.object.title + item.object.standfirst
        assert [word for word in menus if word.replace(" ", "") in said] == [], item.foreign_id


def test_the_command_takes_files_folders_and_patterns_and_refuses_what_is_not_there():
    given = cli.parser().parse_args(["import", "pages", "a.html", "b", "--download"])
    out, err = io.StringIO(), io.StringIO()

    assert run(source="pages", file=["/nowhere/at/all.html"], out=out, err=err) == 1

    assert err.getvalue() == "There is nothing at /nowhere/at/all.html. Name saved pages or folders of them.\n"
    assert [str(one) for one in given.file] == ["a.html", "b"]
