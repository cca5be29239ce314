"""The story form at the desk, asked as the browser asks it."""

import json

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from standfirst.people.services import byline_add
from standfirst.stories.models import StoryPage
from standfirst.stories.services import month_folder
from tests.desk import signed_in

pytestmark = pytest.mark.django_db


def filled(**fields):
    """A story form as the browser sends it."""
    body = fields.pop("body", [("text", rich_text("<p>The bridge was closed.</p>"))])
    lines = fields.pop("bylines", [])
    data = {
        "title": "A bridge is closed",
        "slug": "",
        "standfirst": "",
        "kicker": "",
        "kind": "",
        "section": "",
        "dateline": "",
        "lead_image": "",
        "lead_alt": "",
        "lead_caption": "",
        "lead_credit": "",
        "methods": rich_text(""),
        "tags": "",
        "seo_title": "",
        "search_description": "",
        "body": streamfield(body),
        "story_bylines": inline_formset(lines),
        "based_on": inline_formset([]),
        "sources": inline_formset([]),
        "related_by_hand": inline_formset([]),
        "comments": inline_formset([]),
    } | fields
    return nested_form_data(data)


def edit(story):
    return reverse("wagtailadmin_pages:edit", args=[story.pk])


def test_new_story_opens_in_the_months_folder_of_its_language(newsroom):
    client = signed_in(newsroom.reporter)

    answer = client.get("/desk/stories/new/uk/", follow=True)

    assert answer.status_code == 200
    assert answer.context["parent_page"].locale.language_code == "uk"
    assert "New: Story" in answer.content.decode()


def test_a_new_story_stands_under_its_writers_name(newsroom):
    byline_add(name="Somebody Else")
    client = signed_in(newsroom.reporter)

    answer = client.get("/desk/stories/new/en/", follow=True)

    forms = answer.context["form"].formsets["story_bylines"].forms
    assert [form.instance.byline for form in forms] == [newsroom.byline]
    assert answer.context["form"].initial["kind"] == newsroom.news.pk


def add_url(language="en"):
    from django.utils import timezone

    folder = month_folder(language=language, day=timezone.localdate())
    return reverse("wagtailadmin_pages:add", args=["stories", "storypage", folder.pk])


def test_a_draft_needs_a_headline_and_nothing_else(newsroom):
    client = signed_in(newsroom.reporter)

    answer = client.post(add_url(), filled(title="Мости через Дніпро"))

    story = StoryPage.objects.get(title="Мости через Дніпро")
    assert answer.status_code == 302
    assert (story.slug, story.live, story.owner) == ("mosty-cherez-dnipro", False, newsroom.reporter)


def test_a_headline_is_one_line(newsroom):
    signed_in(newsroom.reporter).post(add_url(), filled(title="Two lines\r\n of  one headline"))

    assert StoryPage.objects.filter(title="Two lines of one headline").exists()


def test_the_address_follows_the_headline_until_publication(newsroom):
    client = signed_in(newsroom.editor)
    client.post(add_url(), filled(title="A br"))
    story = StoryPage.objects.get(title="A br")
    url = edit(story)

    client.post(url, filled(title="A bridge is closed again", slug="a-br"))
    story.refresh_from_db()
    assert story.slug == "a-bridge-is-closed-again"
    client.post(url, filled(title="A bridge is open", slug="bridge-open", section=newsroom.city.pk))
    story.refresh_from_db()
    assert story.slug == "bridge-open"
    client.post(
        url,
        filled(title="Quite another headline", slug="bridge-open", section=newsroom.city.pk) | {"action-publish": "1"},
    )

    story.refresh_from_db()
    assert story.live
    assert story.public_path.endswith("/bridge-open/")


def test_autosave_makes_one_draft_and_tells_the_page_its_address(newsroom):
    client = signed_in(newsroom.reporter)
    first = client.post(add_url(), filled(title="A br"), headers={"accept": "application/json"}).json()

    second = client.post(
        first["url"],
        filled(title="A bridge", slug="a-br") | {"overwrite_revision_id": first["revision_id"]},
        headers={"accept": "application/json"},
    ).json()

    assert (first["success"], second["success"]) == (True, True)
    assert first["field_updates"]["slug"] == "a-br"
    assert second["field_updates"]["slug"] == "a-bridge"
    assert StoryPage.objects.filter(owner=newsroom.reporter, title__startswith="A br").count() == 1


def test_publishing_puts_each_reason_on_its_field(newsroom):
    client = signed_in(newsroom.editor)
    story = newsroom.draft()
    picture = newsroom.picture(credit="")

    answer = client.post(edit(story), filled(lead_image=picture.pk) | {"action-publish": "1"})

    errors = answer.context["form"].errors
    assert answer.status_code == 200
    assert any("has no credit" in message for message in errors["lead_image"])
    assert any("has no description" in message for message in errors["lead_image"])
    assert "section" in errors
    story.refresh_from_db()
    assert not story.live


def test_an_empty_text_block_does_not_hold_a_story_back(newsroom):
    client = signed_in(newsroom.editor)
    story = newsroom.draft()
    half = {"heading": "", "text": rich_text("")}
    body = [("text", rich_text("")), ("text", rich_text("<p>Words.</p>")), ("fact_box", half)]

    refused = client.post(
        edit(story), filled(body=body, section=newsroom.city.pk, slug=story.slug) | {"action-publish": "1"}
    )
    assert list(refused.context["form"].errors["body"].as_data()[0].block_errors) == [2]
    client.post(edit(story), filled(body=body[:2], section=newsroom.city.pk, slug=story.slug) | {"action-publish": "1"})

    story.refresh_from_db()
    assert story.live
    assert len(story.body) == 1


def test_a_draft_of_a_live_story_may_be_unfinished(newsroom):
    client = signed_in(newsroom.editor)
    story = newsroom.publish()

    answer = client.post(edit(story), filled(title="Half", lead_image=newsroom.picture(credit="").pk, slug=story.slug))

    story.refresh_from_db()
    assert answer.status_code == 302
    assert (story.title, story.live, story.has_unpublished_changes) == ("A bridge is closed", True, True)


def test_scheduling_meets_the_gate_now_and_not_at_night(newsroom):
    client = signed_in(newsroom.editor)
    story = newsroom.draft()

    answer = client.post(
        edit(story),
        filled(section=newsroom.city.pk, lead_image=newsroom.picture(credit="").pk, go_live_at="2031-01-01 06:00")
        | {"action-publish": "1"},
    )

    story.refresh_from_db()
    assert any("has no credit" in message for message in answer.context["form"].errors["lead_image"])
    assert not story.approved_schedule


def test_paragraph_keys_are_kept_and_mended(newsroom):
    client = signed_in(newsroom.editor)
    story = newsroom.draft()
    same = {"type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
    blocks = [{"key": "aaaaa", "text": "One.", **same}, {"key": "bbbbb", "text": "Two.", **same}]
    one = json.dumps({"entityMap": {}, "blocks": blocks})

    client.post(edit(story), filled(body=[("text", one), ("text", one)], slug=story.slug))

    draft = StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object()
    html = "".join(block["value"] for block in draft.body.raw_data)
    assert html.count('data-block-key="aaaaa"') == 1
    assert html.count('data-block-key="bbbbb"') == 1
    assert html.count("data-block-key") == 4


def test_a_credit_is_taken_from_the_last_use(newsroom):
    client = signed_in(newsroom.editor)
    picture = newsroom.picture(credit="")
    newsroom.publish("Earlier", lead_image=picture, lead_alt="A bridge", lead_credit="The council")
    story = newsroom.draft("Later")

    answer = client.post(
        edit(story), filled(title="Later", lead_image=picture.pk, lead_alt="A bridge", slug=story.slug)
    )
    assert answer.status_code == 302, answer.context["form"].errors

    assert StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object().lead_credit == "The council"


def test_a_reporter_writes_and_does_not_publish(newsroom):
    client = signed_in(newsroom.reporter)
    story = newsroom.draft()

    client.post(edit(story), filled(section=newsroom.city.pk, slug=story.slug) | {"action-publish": "1"})

    story.refresh_from_db()
    assert not story.live


def test_credit_being_checked_is_for_those_who_may_publish(newsroom):
    picture = newsroom.picture(credit="")
    url = reverse("wagtailimages:edit", args=[picture.pk])

    offered = [
        "credit_pending" in signed_in(user).get(url).context["form"].fields
        for user in (newsroom.reporter, newsroom.editor)
    ]

    assert offered == [False, True]


def test_the_preview_speaks_the_language_of_the_story(newsroom):
    client = signed_in(newsroom.editor)
    story = newsroom.draft("Міст закрито", language="uk")
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[story.pk])
    client.post(url, filled(title="Міст закрито знову", slug=story.slug))

    answer = client.get(url + "?mode=")

    assert answer.status_code == 200
    assert 'lang="uk"' in answer.content.decode()
    assert "Міст закрито знову" in answer.content.decode()
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'none'" not in answer.get("Content-Security-Policy", "")
