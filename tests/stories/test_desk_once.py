"""One form makes one story: publishing while it is being kept, pressing twice, coming back, two tabs."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from wagtail.models import Comment

from standfirst.people.services import byline_add
from standfirst.stories.models import StoryPage
from tests.desk import signed_in
from tests.stories.test_desk_form import add_url, edit, filled

pytestmark = pytest.mark.django_db
PUBLISH = {"action-publish": "1"}
BY_ITSELF = {"accept": "application/json"}


@pytest.fixture
def sheet(newsroom):
    """An editor at a new, empty story: what her browser sends, by hand or by itself."""
    client = signed_in(newsroom.editor)
    opened = client.get("/desk/stories/new/en/")
    key = parse_qs(urlsplit(opened["Location"]).query)["form_key"][0]

    # Once: the browser, too, sends the keys of its paragraphs and blocks as they are.
    form = filled(section=newsroom.city.pk, bylines=[{"byline": newsroom.byline.pk}], form_key=key)
    form["body-0-id"] = str(uuid.uuid4())

    def send(title="Nine bearings and a river", *, to="", headers=None, **fields):
        return client.post(to or add_url(), form | {"title": title} | fields, headers=headers)

    send.client, send.address = client, opened["Location"]
    return send


def stories(title="Nine bearings and a river"):
    return list(StoryPage.objects.filter(title=title))


def test_publishing_while_the_form_is_being_kept_publishes_the_one_story(sheet, newsroom):
    kept = sheet("Nine bearings", headers=BY_ITSELF).json()

    published = sheet(**PUBLISH)

    (story,) = stories()
    assert story.pk == kept["pk"]
    assert published.status_code == 302
    assert (story.live, story.slug) == (True, "nine-bearings-and-a-river")
    assert [line.byline for line in story.story_bylines.all()] == [newsroom.byline]
    assert stories("Nine bearings") == []


def test_pressing_publish_twice_makes_one_story_with_one_public_version(sheet, newsroom):
    sheet(**PUBLISH)

    answer = sheet(**PUBLISH)

    (story,) = stories()
    assert answer.status_code == 302
    assert story.live
    assert story.public_versions.count() == 1
    assert [line.byline for line in story.story_bylines.all()] == [newsroom.byline]


def test_what_was_kept_by_itself_never_comes_after_what_was_published(sheet):
    sheet(**PUBLISH)

    late = sheet("Nine bea", headers=BY_ITSELF)

    (story,) = stories()
    assert (late.status_code, late.json()["error_code"]) == (400, "invalid_revision")
    assert not story.has_unpublished_changes
    assert StoryPage.objects.filter(title="Nine bea").count() == 0


def test_a_form_kept_twice_because_the_answer_was_lost_goes_on_as_the_storys_own(sheet, newsroom):
    first = sheet("Nine bearings", headers=BY_ITSELF).json()

    second = sheet(headers=BY_ITSELF).json()

    assert (second["success"], second["pk"], second["url"]) == (True, first["pk"], first["url"])
    third = sheet(
        to=second["url"],
        standfirst="Two of nine failed.",
        overwrite_revision_id=second["revision_id"],
        headers=BY_ITSELF,
        **{name: value for name, value in second["field_updates"].items() if name != "slug"},
    ).json()
    (story,) = stories()
    assert third["success"]
    assert story.standfirst == "Two of nine failed."
    assert [line.byline for line in story.story_bylines.all()] == [newsroom.byline]


def test_a_second_story_saved_by_hand_is_not_undone_by_what_was_kept_before(sheet):
    sheet("Nine bearings", headers=BY_ITSELF)
    sheet()

    late = sheet("Nine bea", headers=BY_ITSELF)

    (story,) = stories()
    assert late.json()["error_code"] == "invalid_revision"
    assert story.get_latest_revision_as_object().title == "Nine bearings and a river"


def test_a_refused_publication_of_a_kept_story_is_repaired_in_the_same_story(sheet, newsroom):
    sheet("Nine bearings", headers=BY_ITSELF)

    refused = sheet(section="", **PUBLISH)

    assert refused.status_code == 200
    assert "section" in refused.context["form"].errors
    page = refused.content.decode()
    assert f'action="{add_url()}"' in page
    assert page.count('name="form_key"') == 1
    sheet(**PUBLISH)
    (story,) = stories()
    assert story.live
    assert [line.byline for line in story.story_bylines.all()] == [newsroom.byline]


def test_a_refused_publication_that_came_first_leaves_room_for_keeping(sheet):
    assert "section" in sheet(section="", **PUBLISH).context["form"].errors
    late = sheet("Nine bearings", headers=BY_ITSELF).json()

    again = sheet(headers=BY_ITSELF).json()

    assert (late["success"], again["success"]) == (True, True)
    assert [story.pk for story in stories()] == [late["pk"]]


def test_coming_back_to_the_form_leads_to_the_story(sheet):
    assert sheet.client.get(sheet.address).status_code == 200
    sheet(**PUBLISH)

    back = sheet.client.get(sheet.address)

    (story,) = stories()
    assert (back.status_code, back["Location"]) == (302, edit(story))


def test_saving_again_in_a_form_that_was_come_back_to_changes_the_same_story(sheet):
    sheet(**PUBLISH)

    sheet(standfirst="Two of nine failed.")

    (story,) = stories()
    assert story.standfirst == ""
    assert story.get_latest_revision_as_object().standfirst == "Two of nine failed."


def test_two_tabs_with_new_stories_make_two(newsroom):
    client = signed_in(newsroom.reporter)
    keys = [parse_qs(urlsplit(client.get("/desk/stories/new/en/")["Location"]).query)["form_key"][0] for _ in "12"]

    for key in keys:
        client.post(add_url(), filled(title="Rain", form_key=key))

    assert len(set(keys)) == 2
    assert len(stories("Rain")) == 2


def test_a_form_opened_by_way_of_the_tree_gets_its_key_too(newsroom):
    client = signed_in(newsroom.reporter)

    opened = client.get(add_url() + "?next=/desk/")

    query = parse_qs(urlsplit(opened["Location"]).query)
    assert query["next"] == ["/desk/"]
    page = client.get(opened["Location"]).content.decode()
    assert f'name="form_key" value="{query["form_key"][0]}"' in page


def test_nobody_writes_into_a_colleagues_story_with_its_key(newsroom):
    story = newsroom.draft("Written by Taras")
    client = signed_in(newsroom.editor)

    client.post(add_url(), filled(title="Written by Iryna", form_key=str(story.translation_key)))

    story.refresh_from_db()
    (other,) = stories("Written by Iryna")
    assert story.title == "Written by Taras"
    assert other.translation_key != story.translation_key


def test_comments_of_others_stay_when_a_form_is_sent_again(sheet, newsroom):
    sheet()
    (story,) = stories()
    Comment.objects.create(page=story, user=newsroom.reporter, text="Which river?", contentpath="title")

    sheet()

    assert [comment.text for comment in stories()[0].wagtail_admin_comments.all()] == ["Which river?"]


def test_a_byline_taken_out_before_sending_again_is_out(sheet, newsroom):
    sheet()
    other = byline_add(name="Hanna Petrenko")

    sheet(**{"story_bylines-0-byline": other.pk})

    (story,) = stories()
    assert [line.byline for line in story.get_latest_revision_as_object().story_bylines.all()] == [other]


@pytest.mark.django_db(transaction=True)
def test_keeping_and_publishing_at_the_same_moment_make_one_story(newsroom):
    """Eight sendings of one form at once, as a browser with a nervous hand on Publish makes them."""
    key, start = str(uuid.uuid4()), threading.Barrier(8)
    clients = [signed_in(newsroom.editor) for _ in range(8)]

    def send(number):
        form = filled(title="Nine bearings", section=newsroom.city.pk, form_key=key)
        start.wait(20)
        try:
            if number % 2:
                return clients[number].post(add_url(), form | PUBLISH).status_code
            return clients[number].post(add_url(), form, headers=BY_ITSELF).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(send, range(8)))

    (story,) = stories("Nine bearings")
    assert (story.live, story.slug, story.has_unpublished_changes) == (True, "nine-bearings", False)
    assert set(answers[1::2]) == {302}
    assert set(answers[0::2]) <= {200, 400}
