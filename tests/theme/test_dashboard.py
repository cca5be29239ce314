"""The first page of the desk shows each colleague what waits for her, and nobody what is not hers to decide."""

import dataclasses
import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Comment

from standfirst.fronts.models import StandingPage
from standfirst.letterbox.models import Letter
from standfirst.mailroom.models import Delivery, Supplier
from standfirst.mailroom.services import note_send
from standfirst.stories.services import story_publish, story_withdraw
from tests.desk import signed_in

pytestmark = pytest.mark.django_db


def first_page(user):
    answer = signed_in(user).get("/desk/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_my_drafts_wait_for_me_and_not_for_others(newsroom):
    newsroom.draft("A bridge in waiting")

    assert "A bridge in waiting" in first_page(newsroom.reporter)
    assert "A bridge in waiting" not in first_page(newsroom.editor)


def test_a_story_handed_in_waits_for_an_editor(newsroom):
    story = newsroom.draft("Handed in")
    story.get_workflow().start(story, newsroom.reporter)

    page = first_page(newsroom.editor)

    assert "Handed in" in page
    assert "to be read and published" in page


def test_a_colleagues_remark_waits_for_the_writer(newsroom):
    story = newsroom.draft()
    Comment.objects.create(page=story, user=newsroom.editor, text="Who said so?", contentpath="body")

    assert "Who said so?" in first_page(newsroom.reporter)
    assert "Who said so?" not in first_page(newsroom.editor)


def test_what_is_scheduled_stands_with_its_time_in_the_newsroom(newsroom):
    story = newsroom.draft("At dawn")
    story.go_live_at = dt.datetime(2031, 1, 5, 4, 30, tzinfo=dt.UTC)
    story.save_revision(user=newsroom.editor).publish()

    page = first_page(newsroom.reporter)

    assert "At dawn" in page
    assert "5 January, 06:30" in page


def test_credits_being_checked_and_open_pages_remind_editors_only(newsroom):
    newsroom.picture("A disputed picture", credit="", credit_pending=True)
    newsroom.homes["en"].add_child(
        instance=StandingPage(title="Who owns us", path_in_language="ownership", slug="ownership", needs_newsroom=True)
    )

    editor, reporter = first_page(newsroom.editor), first_page(newsroom.reporter)

    assert "A disputed picture" in editor
    assert "Who owns us" in editor
    assert "A disputed picture" not in reporter
    assert "Who owns us" not in reporter


def test_new_letters_are_counted_and_old_ones_rest(newsroom):
    Letter.objects.create(token="a", text="The bridge has ten bearings.")
    Letter.objects.create(token="b", text="An old letter.", state=Letter.State.DONE)

    page = first_page(newsroom.editor)

    assert "The bridge has ten bearings." in page
    assert "An old letter." not in page


def test_withdrawn_and_held_stories_are_not_forgotten(newsroom):
    story = newsroom.publish("Taken out")
    story_withdraw(story=story, editor=newsroom.editor)
    newsroom.draft("From the archive", held_because="It was for members only.")

    page = first_page(newsroom.editor)

    assert "Taken out" in page
    assert "It was for members only." in page


def test_the_desk_asks_nobody_else(newsroom):
    page = first_page(newsroom.editor)

    assert "gravatar" not in page
    assert "https://guide.wagtail.org" not in page


def test_the_list_of_stories_is_filtered_by_state_and_section(newsroom):
    client = signed_in(newsroom.editor)
    newsroom.publish("Out in the city")
    draft = newsroom.draft("Still at the desk", section=newsroom.world)
    draft.go_live_at = timezone.now() + dt.timedelta(days=3)

    def listed(query):
        return client.get(f"/desk/stories/results/?{query}").content.decode()

    live, drafts = listed("state=live"), listed("state=draft")
    assert "Out in the city" in live
    assert "Still at the desk" not in live
    assert "Still at the desk" in drafts
    assert "Out in the city" not in listed(f"section={newsroom.world.pk}")
    draft.save_revision(user=newsroom.editor).publish()
    assert "Still at the desk" in listed("state=scheduled")
    assert "Still at the desk" not in listed("state=draft")


def test_the_explorer_does_not_show_month_folders(newsroom):
    story = newsroom.publish()
    client = signed_in(newsroom.editor)

    page = client.get(reverse("wagtailadmin_explore", args=[newsroom.homes["en"].pk])).content.decode()

    assert story.get_parent().title not in page


@pytest.mark.parametrize("which", ["masthead", "home", "standing"])
def test_the_forms_of_the_frame_open_and_save(newsroom, which):
    client = signed_in(newsroom.editor)
    if which == "masthead":
        url = client.get(reverse("wagtailsettings:edit", args=["fronts", "masthead"]))["Location"]
    elif which == "home":
        url = reverse("wagtailadmin_pages:edit", args=[newsroom.homes["en"].pk])
    else:
        page = newsroom.homes["en"].add_child(
            instance=StandingPage(title="Who owns us", path_in_language="ownership", slug="ownership")
        )
        url = reverse("wagtailadmin_pages:edit", args=[page.pk])

    assert client.get(url).status_code == 200


def test_bylines_sections_kinds_and_tags_have_their_screens(newsroom):
    client = signed_in(newsroom.editor)

    for model in ("people/byline", "stories/section", "stories/storykind", "stories/tag"):
        assert client.get(f"/desk/snippets/{model}/").status_code == 200, model
        assert client.get(f"/desk/snippets/{model}/add/").status_code == 200, model


def test_a_published_story_stays_published_when_it_is_edited_further(newsroom):
    story = newsroom.publish("Out")
    story.title = "Out, and more"
    story.save_revision(user=newsroom.reporter)

    assert "changes not yet published" in first_page(newsroom.reporter)
    story_publish(story=story, editor=newsroom.editor, label="update")


def test_mail_that_is_stuck_is_an_alarm_on_the_editors_first_page_and_on_nobody_elses(newsroom, settings):
    calm = first_page(newsroom.editor)
    note = note_send(to="a@example.org", subject="S", text="T", language="en", kind="receipt", reference="r-1")
    Delivery.objects.filter(pk=note.pk).update(next_at=timezone.now() - dt.timedelta(minutes=31))
    settings.NEWSROOM = dataclasses.replace(settings.NEWSROOM, mail_url="smtp://smtp.example:587?name=main")
    Supplier.objects.create(name="main", trouble="535 user or password is wrong")
    Supplier.objects.create(name="mail_url names it no more", trouble="421 closing")

    page = first_page(newsroom.editor)

    assert "Mail does not go out" not in calm
    assert page.index("Mail does not go out") < page.index("Waits for you")
    assert "Mail to readers is stuck" in page
    assert "main takes no mail" in page
    assert "535 user or password is wrong" in page
    assert "names it no more" not in page
    assert reverse("letters_desk:index") in page
    assert "Mail does not go out" not in first_page(newsroom.reporter)
