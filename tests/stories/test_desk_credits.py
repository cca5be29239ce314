"""The to-do list of credits: in the order of the paper, one by one or many at once, counted down, for those who may."""

import datetime as dt
import re

import pytest
from wagtail.models import GroupCollectionPermission, ReferenceIndex

from standfirst.stories.models import NewsImage, StoryPage
from standfirst.stories.services import pictures_credit
from standfirst.stories.to_credit import waiting_ids
from tests.desk import colleague, signed_in

pytestmark = pytest.mark.django_db
PLACE = "/desk/stories/credits/"


@pytest.fixture(autouse=True)
def _unhurried(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


@pytest.fixture
def archive(newsroom):
    """Four imported pictures: above a new story, in an old one, in none, and one whose credit is being checked."""

    def picture(title, **fields):
        return newsroom.picture(title, credit="", **({"is_imported": True} | fields))

    new, old, loose = picture("Quay"), picture("Crane"), picture("Loose")
    pending = picture("Doubtful", is_imported=False, credit_pending=True)
    newsroom.picture("Has one")
    body = [
        {"type": "picture", "value": {"image": old.pk, "alt": "", "decorative": False, "caption": "", "credit": ""}}
    ]
    day = dt.datetime(2012, 1, 2, 9, tzinfo=dt.UTC)
    story = newsroom.publish("An old crane", body=body, first_published_at=day)
    ReferenceIndex.create_or_update_for_object(story)  # as the background does
    newsroom.publish("A new quay", lead_image=new, lead_alt="The quay")
    return {"new": new, "old": old, "loose": loose, "pending": pending}


@pytest.fixture
def editor(newsroom):
    return colleague("editor", email="credits@lantern.example")


def titles(page):
    return re.findall(r'class="sf-credits-title"><a[^>]*>([^<]*)<', page)


def form(archive, **fields):
    shown = [str(picture.pk) for picture in archive.values()]
    was = {f"was-{picture.pk}": picture.credit for picture in archive.values()}
    return {"shown": shown, **was, **fields}


def test_pictures_stand_in_the_order_of_their_newest_story_with_the_story_named(archive, editor):
    page = signed_in(editor).get(PLACE).content.decode()

    assert titles(page) == ["Doubtful", "Quay", "Crane", "Loose"]
    assert "A new quay" in page
    assert "An old crane" in page
    assert page.count("No story shows it.") == 2
    assert 'class="sf-count">4<' in page
    assert page.count("autofocus") == 1
    assert "Has one" not in page


def test_a_credit_typed_beside_a_picture_is_saved_and_the_list_counts_down(archive, editor):
    client = signed_in(editor)

    answer = client.post(PLACE, form(archive, **{f"credit-{archive['new'].pk}": "  Ira   Noon "}), follow=True)

    archive["new"].refresh_from_db()
    assert archive["new"].credit == "Ira Noon"
    page = answer.content.decode()
    assert "1 credit saved. 3 pictures to go." in page
    assert titles(page) == ["Doubtful", "Crane", "Loose"]
    # On to the next one: what follows the one that was saved.
    assert answer.redirect_chain[0][0] == f"{PLACE}?at={archive['old'].pk}"
    assert f'id="credit-{archive["old"].pk}"' in re.search(r"<input[^>]*autofocus[^>]*>", page)[0]
    assert '<option value="Ira Noon">' in page


def test_one_credit_is_given_to_all_that_are_ticked(archive, editor):
    ticked = [str(archive[name].pk) for name in ("new", "old", "pending")]

    answer = signed_in(editor).post(PLACE, form(archive, ticked=ticked, same="Old Lantern archive"), follow=True)

    assert "3 credits saved. 1 picture to go." in answer.content.decode()
    found = NewsImage.objects.filter(pk__in=ticked).values_list("credit", "credit_pending")
    assert set(found) == {("Old Lantern archive", False)}
    archive["loose"].refresh_from_db()
    assert archive["loose"].credit == ""


def test_the_last_one_ends_the_list(archive, editor):
    client = signed_in(editor)
    everything = [str(picture.pk) for picture in archive.values()]

    page = client.post(PLACE, form(archive, ticked=everything, same="Lys"), follow=True).content.decode()

    assert "4 credits saved. Every picture has its credit." in page
    assert "<form" not in page.split('class="sf-credits"')[1]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "No credit was typed yet."),
        ({"same": "Lys"}, "Tick the pictures that have this credit."),
        ({"ticked": ["new"]}, "Type the credit of the ticked pictures."),
        ({"credit": "x" * 256}, "A credit has at most 255 characters."),
    ],
)
def test_what_is_incomplete_is_said_and_nothing_typed_is_lost(archive, editor, fields, said):
    data = dict(fields)
    if "ticked" in data:
        data["ticked"] = [str(archive["new"].pk)]
    if "credit" in data:
        data[f"credit-{archive['new'].pk}"] = data.pop("credit")

    answer = signed_in(editor).post(PLACE, form(archive, **data))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert ('value="Lys"' in page) == ("same" in fields)
    assert ("x" * 256 in page) == ("credit" in fields)
    assert not NewsImage.objects.filter(pk=archive["new"].pk).exclude(credit="").exists()


def test_a_picture_that_a_colleague_settled_meanwhile_stays_as_it_is(archive, editor):
    client = signed_in(editor)
    NewsImage.objects.filter(pk=archive["new"].pk).update(credit="Olena")

    answer = client.post(
        PLACE,
        form(archive, **{f"credit-{archive['new'].pk}": "Ira", f"credit-{archive['old'].pk}": "Ira"}),
        follow=True,
    )

    archive["new"].refresh_from_db()
    assert archive["new"].credit == "Olena"
    assert "1 picture stays as it is: it has a credit by now, or is not yours to change." in answer.content.decode()


def test_only_those_who_may_change_a_picture_see_and_credit_it(archive, newsroom, client):
    GroupCollectionPermission.objects.filter(permission__codename="change_image").delete()
    reporter = colleague("reporter", email="r@lantern.example")
    GroupCollectionPermission.objects.filter(permission__codename="change_image").delete()
    mine = newsroom.picture("Mine", credit="", credit_pending=True, uploaded_by_user=reporter)

    page = signed_in(reporter).get(PLACE).content.decode()
    signed_in(reporter).post(PLACE, {"shown": [archive["new"].pk], f"credit-{archive['new'].pk}": "Me"})

    assert titles(page) == ["Mine"]
    assert waiting_ids(reporter) == [mine.pk]
    archive["new"].refresh_from_db()
    assert archive["new"].credit == ""
    assert pictures_credit(given={archive["new"].pk: "Me"}, editor=reporter) == []
    assert client.get(PLACE).status_code == 302


def test_what_readers_see_is_pressed_anew(archive, editor, client):
    path = StoryPage.objects.get(title="A new quay").public_path
    assert "Ira Noon" not in client.get(path).content.decode()

    pictures_credit(given={archive["new"].pk: "Ira Noon"}, editor=editor)

    assert "Ira Noon" in client.get(path).content.decode()


def test_the_first_page_of_the_desk_leads_to_the_list(archive, editor):
    page = signed_in(editor).get("/desk/").content.decode()

    assert f"{PLACE}?at={archive['new'].pk}" in page


def test_the_list_does_not_ask_for_every_picture_by_itself(archive, newsroom, editor, django_assert_max_num_queries):
    client = signed_in(editor)
    client.get(PLACE)
    for number in range(12):
        newsroom.picture(f"More {number}", credit="", is_imported=True)
    client.get(PLACE)  # the small pictures are made once

    with django_assert_max_num_queries(60):
        page = client.get(PLACE).content.decode()

    assert len(titles(page)) == 16
