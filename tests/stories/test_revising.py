"""Words of a live story replaced at once, in what readers see and in all that colleagues are writing of it."""

import datetime as dt
import json

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone
from wagtail.models import Revision, WorkflowState
from wagtail.test.utils.form_data import rich_text

from standfirst.stories.errors import NotAllowed, NotReady, PassageMoved
from standfirst.stories.models import PublicVersion, StoryPage, WordEdit
from standfirst.stories.services import PassageEdit, story_publish, story_revise
from standfirst.stories.wording import Wording, beginnings
from tests.desk import signed_in
from tests.stories.test_desk_form import edit, filled

pytestmark = pytest.mark.django_db

BEARINGS = (
    '<p data-block-key="aaaaa">The <b>bridge</b> was closed after <i>two of <a href="https://x.example/">nine</a></i> '
    'bearings failed.</p><p data-block-key="bbbbb">It reopens on Monday &amp; stays open.</p>'
)


@pytest.fixture
def story(newsroom):
    return newsroom.publish(body=[{"type": "text", "value": BEARINGS}], standfirst="Two bearings of nine failed.")


def whole(story):
    return Wording.of(StoryPage.objects.get(pk=story.pk)).text


def edit_of(story, old, new, nth=0):
    """An edit of the words as they are live."""
    text = whole(story)
    at = -1
    for _ in range(nth + 1):
        at = text.whole.index(old, at + 1)
    begin = beginnings(text.passages)
    block = max((name for name in begin if begin[name] <= at), key=begin.__getitem__)
    return PassageEdit(block, at - begin[block], at - begin[block] + len(old), old, new)


def revise(newsroom, story, *pairs, label="correction", note="An earlier version was wrong."):
    edits = [edit_of(story, old, new) for old, new in pairs]
    return story_revise(story=story, edits=edits, label=label, note=note, editor=newsroom.editor)


def source(page):
    return page.body[0].value.source


def newest(story):
    story.refresh_from_db()
    return story.get_latest_revision_as_object()


def draft_of(newsroom, story, **fields):
    working = newest(story)
    for name, value in fields.items():
        setattr(working, name, value)
    return working.save_revision(user=newsroom.reporter)


def body(html):
    return json.dumps([{"type": "text", "value": html, "id": "1"}])


def test_words_are_replaced_and_the_markup_around_and_inside_them_stays(newsroom, story):
    made = revise(newsroom, story, ("two of nine bearings", "three of nine bearings"))

    live = StoryPage.objects.get(pk=story.pk)
    assert source(live) == BEARINGS.replace("two of", "three of")
    assert (made.version.number, made.version.label) == (2, "correction")
    assert made.version.text.note == "An earlier version was wrong."
    assert (made.drafts_changed, made.drafts_left) == ((), ())
    assert source(newest(story)) == source(live)
    assert not live.has_unpublished_changes


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("bridge was", "bridge itself was", "<b>bridge</b> itself was"),
        ("bridge was", "viaduct was", "<b>viaduct</b>"),
        ("two of nine", "two of the nine", 'two of the <a href="https://x.example/">nine</a>'),
        ("of nine bearings failed", "of ten bearings failed", 'of <a href="https://x.example/">ten</a></i> bearings'),
        ("Monday & stays", "Tuesday & <stays>", "Tuesday &amp; &lt;stays&gt; open"),
        ("was closed after", "was shut after", "was shut after"),
        ("The bridge was", "It was", "It was closed"),
    ],
)
def test_replacements_in_rich_text(newsroom, story, old, new, expected):
    revise(newsroom, story, (old, new))

    live = StoryPage.objects.get(pk=story.pk)
    assert expected in source(live)
    assert old not in whole(story).whole


def test_credits_are_revised_where_the_story_holds_them(newsroom):
    story = newsroom.publish(
        "A bridge is closed", lead_image=newsroom.picture(), lead_alt="x", based_on=[("Havas", "")]
    )
    story.story_bylines.update(note="in Kyiv")
    working = newest(story)
    for line in working.story_bylines.all():
        line.note = "in Kyiv"
    working.change_label, working.change_from = "update", 1
    working.save_revision().publish()
    draft = draft_of(newsroom, story, kicker="Later")

    revise(
        newsroom, story, ("in Kyiv", "in Odesa"), ("Havas", "Post"), ("Olena Marchuk / The Lantern", "Olena Marchuk")
    )

    live = StoryPage.objects.get(pk=story.pk)
    assert live.story_bylines.get().note == "in Odesa"
    assert (live.based_on.get().name, live.lead_credit, live.lead_image.credit) == (
        "Post",
        "Olena Marchuk",
        "Olena Marchuk / The Lantern",
    )
    draft.refresh_from_db()
    theirs = draft.as_object()
    assert (theirs.kicker, theirs.lead_credit, theirs.based_on.all()[0].name) == ("Later", "Olena Marchuk", "Post")


def test_a_name_under_a_story_is_chosen_in_its_form(newsroom):
    story = newsroom.publish("A bridge is closed")
    name = next(one.text for one in whole(story).passages if one.name == "byline-1")

    with pytest.raises(NotReady, match="choose the right one there"):
        revise(newsroom, story, (name, "Petro Hnatiuk"))

    assert story.public_versions.count() == 1


def test_plain_fields_and_blocks_are_revised_too(newsroom):
    picture = newsroom.picture().pk
    table = {
        "caption": "Bearings by year",
        "table": {
            "columns": [{"type": "text", "heading": "Year"}, {"type": "number", "heading": "Failed"}],
            "rows": [{"values": ["2024", "2"]}, {"values": ["2025", "2"]}],
            "caption": "",
        },
        "first_column_is_header": True,
        "note": "City <engineers>",
    }
    story = newsroom.publish(
        "A brigde is closed",
        standfirst="Two failed.",
        lead_image=newsroom.picture(),
        lead_alt="x",
        lead_caption="The brigde at noon",
        body=[
            {
                "type": "picture",
                "value": {"image": picture, "alt": "a", "decorative": False, "caption": "The brigde", "credit": ""},
            },
            {"type": "table", "value": table},
            {"type": "fact_box", "value": {"heading": "The brigde", "text": "<p>Built in 1965.</p>"}},
            {"type": "unknowns", "value": {"heading": "", "items": ["Who pays?", "When?"]}},
        ],
    )
    second_cell = next(p.name for p in whole(story).passages if p.name.endswith("-2-2"))
    was = Wording.of(StoryPage.objects.get(pk=story.pk)).data

    edits = [
        edit_of(story, "brigde", "bridge"),
        edit_of(story, "brigde", "bridge", 1),
        edit_of(story, "brigde", "bridge", 2),
        edit_of(story, "brigde", "bridge", 3),
        PassageEdit(second_cell, 0, 1, "2", "3"),
        edit_of(story, "<engineers>", "<engineers & co>"),
        edit_of(story, "1965", "1966"),
        edit_of(story, "Who pays", "Who paid"),
    ]
    story_revise(story=story, edits=edits, label="correction", note="It was wrong.", editor=newsroom.editor)

    live = StoryPage.objects.get(pk=story.pk)
    said = Wording.of(live).data
    assert (live.title, live.slug, live.lead_caption) == ("A bridge is closed", story.slug, "The bridge at noon")
    assert live.public_path == story.public_path
    text = json.dumps(said).replace("bridge", "brigde").replace("engineers & co", "engineers").replace("1966", "1965")
    assert json.loads(text.replace("paid", "pays").replace('["2025", "3"]', '["2025", "2"]')) == was


def test_an_edit_across_paragraphs_is_made_in_each(newsroom, story):
    text = whole(story)
    words = "bearings failed.\nIt reopens on Monday"
    at = text.whole.index(words) - beginnings(text.passages)["p-aaaaa"]
    new = "bearings broke. It reopens on Friday"

    made = story_revise(
        story=story,
        edits=[PassageEdit("p-aaaaa", at, at + len(words), words, new)],
        label="correction",
        note="Friday.",
        editor=newsroom.editor,
    )

    live = StoryPage.objects.get(pk=story.pk)
    assert source(live) == BEARINGS.replace("bearings failed", "bearings broke").replace("Monday", "Friday")
    assert made.version.number == 2


def test_an_edit_across_paragraphs_that_says_not_what_belongs_where_is_refused(newsroom, story):
    text = whole(story)
    words = "bearings failed.\nIt reopens on Monday"
    at = text.whole.index(words) - beginnings(text.passages)["p-aaaaa"]

    with pytest.raises(NotReady, match="line break where a paragraph ends"):
        story_revise(
            story=story,
            edits=[PassageEdit("p-aaaaa", at, at + len(words), words, "quite something else")],
            label="correction",
            note="x",
            editor=newsroom.editor,
        )

    assert PublicVersion.objects.filter(story=story).count() == 1


def test_words_that_have_changed_meanwhile_are_shown_and_nothing_changes(newsroom, story):
    stale = edit_of(story, "two of nine", "three of nine")
    revise(newsroom, story, ("two of nine", "four of nine"))

    with pytest.raises(PassageMoved) as caught:
        story_revise(story=story, edits=[stale], label="correction", note="x", editor=newsroom.editor)

    assert "four of nine bearings" in caught.value.now
    assert PublicVersion.objects.filter(story=story).count() == 2
    assert "four of" in source(StoryPage.objects.get(pk=story.pk))


def test_a_draft_in_progress_gets_the_same_words_and_keeps_its_own(newsroom, story):
    html = BEARINGS.replace("It reopens", "The mayor says it reopens").replace("The <b>", "Yesterday the <b>")
    draft = draft_of(newsroom, story, body=body(html), standfirst="A new standfirst.", kicker="Traffic")

    made = revise(newsroom, story, ("two of nine", "three of nine"))

    story.refresh_from_db()
    live, working = StoryPage.objects.get(pk=story.pk), newest(story)
    assert made.drafts_changed == (draft.pk,)
    assert source(live) == BEARINGS.replace("two of", "three of")
    assert (live.standfirst, live.kicker) == ("Two bearings of nine failed.", "")
    assert source(working) == html.replace("two of", "three of")
    assert (working.standfirst, working.kicker) == ("A new standfirst.", "Traffic")
    assert story.latest_revision_id == draft.pk
    assert story.has_unpublished_changes
    # Published later, nothing comes back.
    story_publish(story=story, editor=newsroom.editor, label="update")
    story.refresh_from_db()
    assert "three of" in source(story)
    assert not story.has_unpublished_changes


def test_words_a_colleague_rewrote_stay_hers_and_are_reported(newsroom, story):
    html = BEARINGS.replace("two of", "several of")
    draft = draft_of(newsroom, story, body=body(html))

    made = revise(newsroom, story, ("two of nine", "three of nine"))

    assert made.drafts_changed == ()
    assert [(left.revision_id, left.by, left.old) for left in made.drafts_left] == [
        (draft.pk, newsroom.reporter, "two of nine")
    ]
    assert source(newest(story)) == html
    assert "three of" in source(StoryPage.objects.get(pk=story.pk))


def test_a_draft_that_says_the_right_words_already_is_neither_changed_nor_reported(newsroom, story):
    html = BEARINGS.replace("two of", "three of")
    draft_of(newsroom, story, body=body(html))

    made = revise(newsroom, story, ("two of nine", "three of nine"))

    assert (made.drafts_changed, made.drafts_left) == ((), ())
    assert source(newest(story)) == html


def test_what_is_scheduled_goes_out_with_the_correction_in_it(newsroom, story):
    working = newest(story)
    working.kicker = "Traffic"
    working.go_live_at = timezone.now() + dt.timedelta(hours=1)
    working.change_label, working.change_from = "update", 1
    revision = working.save_revision(user=newsroom.editor)
    revision.publish(user=newsroom.editor)
    draft_of(newsroom, story, standfirst="Newer than what is scheduled.", go_live_at=None)

    made = revise(newsroom, story, ("two of nine", "three of nine"))

    revision.refresh_from_db()
    assert revision.pk in made.drafts_changed
    assert len(made.drafts_changed) == 2
    assert revision.approved_go_live_at is not None
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=timezone.now())
    revision.content["go_live_at"] = None
    revision.save()
    revision.publish()
    story.refresh_from_db()
    assert (story.kicker, "three of" in source(story)) == ("Traffic", True)
    assert story.public_versions.order_by("-number")[0].label == "update"


def test_a_draft_in_a_workflow_stays_in_it_with_the_correction(newsroom, story):
    draft = draft_of(newsroom, story, kicker="Traffic")
    story.refresh_from_db()
    story.get_workflow().start(story, newsroom.reporter)

    made = revise(newsroom, story, ("two of nine", "three of nine"))

    state = WorkflowState.objects.get(object_id=str(story.pk))
    assert state.status == "in_progress"
    assert state.current_task_state.revision_id == draft.pk
    assert made.drafts_changed == (draft.pk,)
    assert "three of" in source(newest(story))


def test_only_those_who_publish_may_revise(newsroom, story):
    with pytest.raises(NotAllowed):
        story_revise(
            story=story,
            edits=[edit_of(story, "two", "three")],
            label="correction",
            note="x",
            editor=newsroom.reporter,
        )

    assert PublicVersion.objects.filter(story=story).count() == 1
    assert not WordEdit.objects.exists()


@pytest.mark.parametrize(
    ("label", "note", "reason"),
    [
        ("correction", " ", "Write what readers are told"),
        ("", "x", "Say what this change"),
        ("nonsense", "x", "Say what this change"),
        ("retraction", "x", "for the editor in chief"),
    ],
)
def test_a_label_that_says_too_little_is_refused_and_changes_nothing(newsroom, story, label, note, reason):
    with pytest.raises(NotReady, match=reason):
        revise(newsroom, story, ("two of nine", "three of nine"), label=label, note=note)

    assert "two of" in source(StoryPage.objects.get(pk=story.pk))
    assert PublicVersion.objects.filter(story=story).count() == 1


def test_two_edits_of_the_same_words_are_refused(newsroom, story):
    with pytest.raises(NotReady, match="about the same words"):
        revise(newsroom, story, ("two of nine", "three of nine"), ("of nine bearings", "of ten bearings"))


def test_a_headline_cannot_be_emptied(newsroom, story):
    with pytest.raises(NotReady):
        revise(newsroom, story, ("A bridge is closed", ""))

    assert StoryPage.objects.get(pk=story.pk).title == "A bridge is closed"


# A form that was opened before and is saved after.


def opened(client, story):
    """What a browser holds of a story's form when it was opened."""
    page = client.get(edit(story))
    form = page.context["form"]
    revision = story.get_latest_revision()
    return {
        "words_seen": form["words_seen"].value(),
        "loaded_revision_id": revision.pk,
        "loaded_revision_created_at": revision.created_at.isoformat(),
    }


def sent(newsroom, story, html=BEARINGS, **fields):
    return filled(
        title=story.title,
        slug=story.slug,
        standfirst=story.standfirst,
        section=newsroom.city.pk,
        body=[("text", rich_text(html))],
        **fields,
    )


BY_ITSELF = {"accept": "application/json"}


def test_a_form_saved_after_a_correction_does_not_undo_it(newsroom, story):
    client = signed_in(newsroom.editor)
    held = opened(client, story)
    revise(newsroom, story, ("two of nine", "three of nine"), ("Two bearings", "Three bearings"))

    answer = client.post(
        edit(story), sent(newsroom, story, BEARINGS.replace("It reopens", "Perhaps it reopens")) | held
    )

    working = newest(story)
    assert answer.status_code == 302
    assert "three of" in source(working)
    assert "Perhaps it reopens" in source(working)
    assert working.standfirst == "Three bearings of nine failed."
    said = " ".join(str(message) for message in get_messages(answer.wsgi_request))
    assert "“two of nine” → “three of nine”" in said or "“two” → “three”" in said


def test_a_form_that_saves_itself_goes_on_and_is_told(newsroom, story):
    client = signed_in(newsroom.editor)
    held = opened(client, story)
    revise(newsroom, story, ("two of nine", "three of nine"))
    mine = BEARINGS.replace("It reopens", "Perhaps it reopens")

    first = client.post(edit(story), sent(newsroom, story, mine) | held, headers=BY_ITSELF).json()
    assert first["success"], first
    assert "stays corrected" in first["field_updates"]["words_kept"]
    again = sent(newsroom, story, mine.replace("Perhaps", "Probably")) | {
        "words_seen": held["words_seen"],
        "overwrite_revision_id": first["revision_id"],
    }
    second = client.post(edit(story), again, headers=BY_ITSELF).json()

    assert second["success"], second
    working = newest(story)
    assert "three of" in source(working)
    assert "Probably it reopens" in source(working)


def test_what_a_colleague_wrote_in_the_open_form_herself_stays(newsroom, story):
    client = signed_in(newsroom.editor)
    held = opened(client, story)
    revise(newsroom, story, ("two of nine", "three of nine"))

    client.post(edit(story), sent(newsroom, story, BEARINGS.replace("two of", "nearly all of")) | held)

    assert "nearly all of" in source(newest(story))


def test_who_opened_the_form_after_the_correction_may_go_back_to_the_old_words(newsroom, story):
    client = signed_in(newsroom.editor)
    revise(newsroom, story, ("two of nine", "three of nine"))
    held = opened(client, story)

    client.post(edit(story), sent(newsroom, story) | held)

    assert "two of" in source(newest(story))


def test_an_autosaved_draft_that_is_open_goes_on_saving_over_the_correction(newsroom, story):
    client = signed_in(newsroom.editor)
    held = opened(client, story)
    first = client.post(edit(story), sent(newsroom, story, kicker="T") | held, headers=BY_ITSELF).json()
    made = revise(newsroom, story, ("two of nine", "three of nine"))
    assert made.drafts_changed == (first["revision_id"],)

    second = client.post(
        edit(story),
        sent(newsroom, story, kicker="Traffic")
        | {"words_seen": held["words_seen"], "overwrite_revision_id": first["revision_id"]},
        headers=BY_ITSELF,
    ).json()

    assert second["success"], second
    working = newest(story)
    assert (working.kicker, "three of" in source(working)) == ("Traffic", True)
