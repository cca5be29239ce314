"""A changed published story goes out with a label that says what the change is, on whatever way it goes."""

import datetime as dt
import re

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.models import WorkflowState
from wagtail.test.utils.form_data import rich_text

from standfirst.people.services import account_add
from standfirst.stories.errors import NotReady
from standfirst.stories.models import PublicVersion, StoryPage
from standfirst.stories.services import Arrival, story_publish, story_take_again
from standfirst.stories.signals import version_frozen
from tests.desk import signed_in
from tests.stories.test_desk_form import edit, filled
from tests.stories.test_desk_ways_out import bulk, said

pytestmark = pytest.mark.django_db

TEXT = '<p data-block-key="aaaaa">Two of nine bearings failed. The bridge is closed.</p>'
PUBLISH = {"action-publish": "1"}


@pytest.fixture
def story(newsroom):
    return newsroom.publish(body=[{"type": "text", "value": TEXT}])


@pytest.fixture
def send(newsroom, story):
    """The story's form as the browser sends it, with other words in it."""

    def send(*replaced, by=None, to=None, **fields):
        html = TEXT
        for old, new in replaced:
            html = html.replace(old, new)
        data = filled(
            title=fields.pop("title", story.title),
            slug=story.slug,
            section=newsroom.city.pk,
            kind=newsroom.news.pk,
            bylines=fields.pop("bylines", [{"byline": newsroom.byline.pk, "note": ""}]),
            body=[("text", rich_text(html))],
        )
        # The line that stands already, as the browser knows it.
        data |= {"story_bylines-INITIAL_FORMS": "1", "story_bylines-0-id": story.story_bylines.get().pk}
        return signed_in(by or newsroom.editor).post(to or edit(story), data | fields)

    return send


def versions(story):
    return list(PublicVersion.objects.filter(story=story).order_by("number").values_list("label", flat=True))


def question(answer):
    return answer.context["form"].question


def answered(answer, label="", note=None):
    """The fields with which the question is answered."""
    asked = question(answer)
    return {
        "change_of": asked.mark,
        "change_label": label or asked.label,
        "change_note": asked.note if note is None else note,
    }


def test_publishing_a_change_asks_once_with_the_label_proposed(send, story):
    first = send(("is closed.", "is closed. It reopens soon."), **PUBLISH)

    asked = question(first)
    page = first.content.decode()
    assert (first.status_code, asked.label, asked.must_choose) == (200, "update", False)
    assert re.search(r'value="update"[^>]* checked', page)
    assert "<ins>It reopens soon.</ins>" in page
    assert versions(story) == [""]
    second = send(("is closed.", "is closed. It reopens soon."), **PUBLISH, **answered(first))
    assert second.status_code == 302
    assert versions(story) == ["", "update"]


def test_a_changed_number_makes_the_editor_choose_with_the_note_prefilled(send, story):
    first = send(("Two of nine", "Three of nine"), **PUBLISH)

    asked, page = question(first), first.content.decode()
    assert (asked.must_choose, asked.label) == (True, "")
    assert not re.search(r'name="change_label"[^>]* checked', page)
    assert "this changes: a number" in page
    assert asked.note == "An earlier version said “Two of nine”. It is “Three of nine”."
    nothing = send(("Two of nine", "Three of nine"), **PUBLISH, change_of=asked.mark, change_note=asked.note)
    assert "Say what this change of a published story is." in nothing.content.decode()
    assert versions(story) == [""]
    send(("Two of nine", "Three of nine"), **PUBLISH, **answered(first, "correction"))
    version = story.public_versions.get(number=2)
    assert (version.label, version.text.note) == ("correction", asked.note)


def test_the_note_laid_ready_for_a_correction_is_not_told_of_an_update(send, story):
    first = send(("Two of nine", "Three of nine"), **PUBLISH)

    send(("Two of nine", "Three of nine"), **PUBLISH, **answered(first, "update"))

    version = story.public_versions.get(number=2)
    assert (version.label, version.text.note) == ("update", "")


def test_a_correction_without_a_note_is_refused_and_what_was_chosen_stays(send, story):
    first = send(("Two of nine", "Three of nine"), **PUBLISH)

    again = send(("Two of nine", "Three of nine"), **PUBLISH, **answered(first, "correction", " "))

    page = again.content.decode()
    assert "Write what readers are told" in page
    assert re.search(r'value="correction"[^>]* checked', page)
    assert versions(story) == [""]


def test_an_answer_counts_for_no_other_change(send, story):
    first = send(("is closed.", "is closd."), **PUBLISH)
    assert question(first).label == "typo"

    second = send(("Two of nine", "Three of nine"), **PUBLISH, **answered(first))

    assert question(second).must_choose
    assert versions(story) == [""]


def test_the_next_change_is_asked_about_without_the_answer_to_the_last_one(send, story):
    first = send(("Two of nine", "Three of nine"), **PUBLISH)
    send(("Two of nine", "Three of nine"), **PUBLISH, **answered(first, "correction", "We wrote two. It is three."))
    story.refresh_from_db()

    asked = question(send(("Two of nine", "Four of nine"), **PUBLISH))

    assert (asked.label, asked.must_choose) == ("", True)
    assert "We wrote two" not in asked.note
    assert versions(story)[-1] == "correction"


def test_the_label_counts_for_its_own_version_only(send, story, newsroom):
    first = send(("is closed.", "is closd."), **PUBLISH)
    send(("is closed.", "is closd."), **PUBLISH, **answered(first))
    story.refresh_from_db()
    working = story.get_latest_revision_as_object()
    assert (working.change_label, working.change_from) == ("typo", 1)
    working.title = "Another headline"
    working.save_revision(user=newsroom.editor)

    with pytest.raises(NotReady, match="changes what readers were told"):
        story_publish(story=story, editor=newsroom.editor)

    assert versions(story) == ["", "typo"]


def test_drafts_and_what_saves_itself_never_ask(send, story):
    kept = send(("Two of nine", "Three of nine"))
    by_itself = signed_in(story.owner)

    story.refresh_from_db()
    assert kept.status_code == 302
    assert story.has_unpublished_changes
    assert by_itself.get(edit(story)).context["form"].question is None


@pytest.mark.parametrize(
    "fields",
    [
        {"tags": "Bridges, River"},
        {"slug": "bridge-shut"},
        {"seo_title": "Bridge"},
        {"section": "world"},
        {"kind": "opinion"},
    ],
)
def test_what_is_no_word_of_the_story_needs_no_label(send, story, newsroom, fields):
    fields = {
        name: getattr(newsroom, value).pk if name in ("section", "kind") else value for name, value in fields.items()
    }

    answer = send(**fields, **PUBLISH)

    assert answer.status_code == 302
    assert set(versions(story)) == {""}


def test_markup_alone_needs_no_label(send, story):
    assert send(("Two of nine", "<b>Two of nine</b>"), **PUBLISH).status_code == 302


def test_a_new_dated_update_needs_none_and_a_changed_one_does(newsroom, story):
    note = {"type": "update_note", "value": {"at": "2026-11-03T10:00:00Z", "text": "<p>It is open again.</p>"}}
    working = story.get_latest_revision_as_object()
    working.body = working.body.stream_block.to_python([*working.body.get_prep_value(), note])
    working.save_revision(user=newsroom.editor)

    story_publish(story=story, editor=newsroom.editor)

    assert versions(story) == ["", ""]
    story.refresh_from_db()
    blocks = story.body.get_prep_value()
    blocks[-1]["value"]["text"] = blocks[-1]["value"]["text"].replace("open again", "closed again")
    story.body = story.body.stream_block.to_python(blocks)
    story.save_revision(user=newsroom.editor)
    with pytest.raises(NotReady):
        story_publish(story=story, editor=newsroom.editor)


def test_another_byline_makes_the_editor_choose_and_one_more_does_not(send, newsroom):
    from standfirst.people.services import byline_add

    other = byline_add(name="Hanna Petrenko")
    mine = {"byline": newsroom.byline.pk, "note": ""}

    more = send(bylines=[mine, {"byline": other.pk, "note": ""}], **PUBLISH)
    instead = send(bylines=[{"byline": other.pk, "note": ""}], **PUBLISH)

    assert (question(more).must_choose, question(more).label) == (False, "update")
    assert question(instead).must_choose


def changed_draft(newsroom, story):
    working = story.get_latest_revision_as_object()
    working.title = "A bridge stays closed"
    return working.save_revision(user=newsroom.reporter)


def test_bulk_publishing_a_change_without_a_label_is_refused_with_a_sentence(newsroom, story):
    changed_draft(newsroom, story)

    answer = signed_in(newsroom.editor).post(bulk("publish", story))

    assert "“A bridge stays closed” changes what readers were told." in said(answer)
    assert versions(story) == [""]


def test_an_approval_of_a_change_without_a_label_is_refused_and_with_one_goes_out(newsroom, story):
    changed_draft(newsroom, story)
    story.refresh_from_db()
    story.get_workflow().start(story, newsroom.reporter)
    state = WorkflowState.objects.get(object_id=str(story.pk))
    url = reverse("wagtailadmin_pages:workflow_action", args=[story.pk, "approve", state.current_task_state.pk])

    refused = signed_in(newsroom.editor).post(url, {})

    assert "changes what readers were told" in said(refused)
    assert versions(story) == [""]
    revision = story.get_latest_revision()
    revision.content |= {"change_label": "update", "change_from": 1}
    revision.save()
    signed_in(newsroom.editor).post(url, {})
    assert versions(story) == ["", "update"]


def test_who_hands_a_change_in_is_asked_and_who_publishes_finds_her_answer(send, newsroom, story):
    handed = {"action-submit": "1"}
    first = send(("Two of nine", "Three of nine"), by=newsroom.reporter, **handed)
    assert question(first).must_choose
    done = send(
        ("Two of nine", "Three of nine"),
        by=newsroom.reporter,
        **handed,
        **answered(first, "correction", "It was three."),
    )
    assert done.status_code == 302

    shown = send(("Two of nine", "Three of nine"), **PUBLISH)

    assert (question(shown).label, question(shown).note) == ("correction", "It was three.")


def test_a_schedule_is_refused_when_it_is_set_and_not_at_night(send, story, newsroom):
    answer = send(("Two of nine", "Three of nine"), go_live_at="2031-01-01 06:00", **PUBLISH)
    assert question(answer).must_choose

    working = story.get_latest_revision_as_object()
    working.title = "A bridge stays closed"
    working.go_live_at = timezone.now() + dt.timedelta(days=1)
    revision = working.save_revision(user=newsroom.editor)
    with pytest.raises(ValidationError, match="changes what readers were told"):
        revision.publish(user=newsroom.editor)

    revision.refresh_from_db()
    assert revision.approved_go_live_at is None


def test_editors_notes_and_retractions_are_for_those_who_have_the_right(send, story, newsroom):
    first = send(("Two of nine", "Three of nine"), **PUBLISH)
    assert "retraction" not in {answer.value for answer in question(first).answers}

    refused = send(("Two of nine", "Three of nine"), **PUBLISH, **answered(first, "retraction", "We were wrong."))
    assert "for the editor in chief to issue" in refused.content.decode()
    assert versions(story) == [""]

    chief = account_add(email="chief@lantern.example", role="administrator")[0]
    send(("Two of nine", "Three of nine"), by=chief, **PUBLISH, **answered(first, "retraction", "We were wrong."))
    assert versions(story) == ["", "retraction"]


def test_what_programs_change_is_an_update(newsroom, story):
    story.title = "Changed by a program"
    story.save_revision()
    story_publish(story=story)

    assert versions(story) == ["", "update"]


def test_an_archive_moved_in_again_publishes_without_asking(newsroom, story):
    arrival = Arrival(
        language="en",
        headline="What its old system says now",
        section=newsroom.city,
        published_at=story.first_published_at,
        bylines=[newsroom.byline],
        body=[{"type": "text", "value": "<p>Other words.</p>"}],
    )

    story_take_again(story=StoryPage.objects.get(pk=story.pk), arrival=arrival)

    assert versions(story) == ["", "update"]


def test_the_newest_words_are_heard_with_who_changed_them(send, story, newsroom):
    heard = []

    def on_frozen(sender, version, before, editor, **kwargs):
        heard.append((version.number, before.number, editor))

    version_frozen.connect(on_frozen)
    try:
        first = send(("is closed.", "is closd."), **PUBLISH)
        send(("is closed.", "is closd."), **PUBLISH, **answered(first))
    finally:
        version_frozen.disconnect(on_frozen)

    assert heard == [(2, 1, newsroom.editor)]


def test_the_dialog_asks_before_anything_is_sent(send, story, newsroom):
    url = reverse("stories_desk:change", args=[story.pk])

    asked = send(("Two of nine", "Three of nine"), to=url, **PUBLISH)
    unchanged = send(to=url, **PUBLISH)
    wrong = send(("Two of nine", "Three of nine"), to=url, section="", **PUBLISH)

    assert "An earlier version said" in asked.json()["html"]
    assert unchanged.json()["html"] == ""
    assert wrong.json()["html"] == ""
    assert versions(story) == [""]
    assert StoryPage.objects.get(pk=story.pk).latest_revision_id == story.latest_revision_id
    assert not list(get_messages(asked.wsgi_request))
