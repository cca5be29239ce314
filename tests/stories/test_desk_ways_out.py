"""Every way in which a story can go out meets the same gate; and what was out is withdrawn, never deleted."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from wagtail.models import Task, WorkflowState

from standfirst.stories.models import PublicVersion, StoryPage
from tests.desk import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def unready(newsroom):
    """A draft whose picture has no credit."""
    return newsroom.draft("Unready", lead_image=newsroom.picture(credit=""), lead_alt="A bridge")


def said(answer):
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def bulk(action, *stories):
    ids = "&".join(f"id={story.pk}" for story in stories)
    return reverse("wagtail_bulk_action", args=["wagtailcore", "page", action]) + f"?next=/desk/stories/&{ids}"


def test_bulk_publishing_meets_the_gate_and_says_why(newsroom, unready):
    client = signed_in(newsroom.editor)
    good = newsroom.draft("Ready")

    answer = client.post(bulk("publish", good, unready))

    assert answer.status_code == 302
    assert "has no credit" in said(answer)
    # All or nothing: what the screen said is what happened.
    assert not StoryPage.objects.filter(pk__in=[good.pk, unready.pk], live=True).exists()
    assert not PublicVersion.objects.filter(story_id__in=[good.pk, unready.pk]).exists()


def test_bulk_publishing_sends_ready_stories_out(newsroom):
    client = signed_in(newsroom.editor)
    good = newsroom.draft("Ready")

    client.post(bulk("publish", good))

    good.refresh_from_db()
    assert good.live
    assert good.public_path


def test_an_editors_approval_meets_the_gate(newsroom, unready):
    reporter, editor = signed_in(newsroom.reporter), signed_in(newsroom.editor)
    unready.get_workflow().start(unready, newsroom.reporter)
    state = WorkflowState.objects.get(object_id=str(unready.pk))
    assert "An editor reads it" in Task.objects.get(pk=state.current_task_state.task_id).name
    url = reverse("wagtailadmin_pages:workflow_action", args=[unready.pk, "approve", state.current_task_state.pk])

    refused = reporter.post(url, {})
    answer = editor.post(url, {})

    assert refused.status_code in (302, 403)
    assert "has no credit" in said(answer)
    unready.refresh_from_db()
    state.refresh_from_db()
    assert not unready.live
    assert state.status == "in_progress"


def test_an_editors_approval_sends_a_ready_story_out(newsroom):
    story = newsroom.draft("Ready")
    story.get_workflow().start(story, newsroom.reporter)
    state = WorkflowState.objects.get(object_id=str(story.pk))

    signed_in(newsroom.editor).post(
        reverse("wagtailadmin_pages:workflow_action", args=[story.pk, "approve", state.current_task_state.pk]), {}
    )

    story.refresh_from_db()
    assert story.live
    assert PublicVersion.objects.filter(story=story).count() == 1


def test_what_was_published_is_not_deleted(newsroom):
    client = signed_in(newsroom.editor)
    story = newsroom.publish()

    answer = client.post(reverse("wagtailadmin_pages:delete", args=[story.pk]))

    assert StoryPage.objects.filter(pk=story.pk, live=True).exists()
    assert "Withdraw it instead" in said(answer)
    assert answer["Location"] == reverse("wagtailadmin_pages:unpublish", args=[story.pk])


def test_what_was_withdrawn_is_not_deleted_either(newsroom):
    client = signed_in(newsroom.editor)
    story = newsroom.publish()
    client.post(reverse("wagtailadmin_pages:unpublish", args=[story.pk]))
    story.refresh_from_db()
    assert not story.live

    client.post(reverse("wagtailadmin_pages:delete", args=[story.pk]))

    assert StoryPage.objects.filter(pk=story.pk).exists()


def test_a_month_with_published_stories_is_not_deleted(newsroom):
    from standfirst.people.services import account_add

    chief = account_add(email="chief@lantern.example", role="administrator")[0]
    story = newsroom.publish()

    signed_in(chief).post(reverse("wagtailadmin_pages:delete", args=[story.get_parent().pk]))

    assert StoryPage.objects.filter(pk=story.pk).exists()


def test_bulk_deleting_spares_what_was_published(newsroom):
    client = signed_in(newsroom.editor)
    public, draft = newsroom.publish(), newsroom.draft("A draft")

    answer = client.post(bulk("delete", public, draft))

    assert StoryPage.objects.filter(pk__in=[public.pk, draft.pk]).count() == 2
    assert "Withdraw it instead" in said(answer)


def test_a_draft_nobody_saw_may_be_deleted(newsroom):
    client = signed_in(newsroom.editor)
    draft = newsroom.draft("A draft")

    client.post(reverse("wagtailadmin_pages:delete", args=[draft.pk]))

    assert not StoryPage.objects.filter(pk=draft.pk).exists()
