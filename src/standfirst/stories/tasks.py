"""Slow work and the delivery of news. Each task takes ids and may run twice.

A task enqueued inside a transaction is a row of that transaction: the news of a publication exists exactly
when the publication does, and the background process delivers it at least once (decision 8).
"""

from __future__ import annotations

from django_tasks import task

from standfirst.stories import signals
from standfirst.stories.models import StoryPage


@task()
def news_of_publication(story_id: int, version: int) -> None:
    from standfirst.stories.related import related_refresh

    story = StoryPage.objects.filter(pk=story_id, live=True).first()
    if story is None:
        return
    related_refresh(story=story)
    signals.story_published.send(StoryPage, story_id=story_id, version=version)


@task()
def news_of_withdrawal(story_id: int) -> None:
    from standfirst.stories.models import RelatedStory

    RelatedStory.objects.filter(related_id=story_id).delete()
    signals.story_withdrawn.send(StoryPage, story_id=story_id)


# Encoding is heavy and nobody waits for it: news goes before.
@task(priority=-10)
def pictures_of_story(story_id: int) -> None:
    """Every width, the crops for machines and AVIF of a published story's pictures."""
    from standfirst.stories.services import pictures_complete

    story = StoryPage.objects.filter(pk=story_id, live=True).first()
    if story is not None:
        pictures_complete(story=story)


@task(priority=-5)
def picture_prepared(image_id: int, remake: bool = False) -> None:
    """An uploaded or changed picture: make what any story may want of it, so that publishing finds it ready."""
    from standfirst.stories.models import NewsImage
    from standfirst.stories.services import picture_prepare, picture_remake

    image = NewsImage.objects.filter(pk=image_id).first()
    if image is None:
        return
    if remake:
        picture_remake(image=image)
    picture_prepare(image=image)


# An archive is in no hurry: whatever the paper does today goes before.
@task(priority=-20)
def news_of_intake(story_ids: list[int]) -> None:
    """What follows the arrival of an archive: references, related stories, the news. May run twice."""
    from django.db import transaction
    from wagtail.models import ReferenceIndex

    from standfirst.stories.related import related_refresh
    from standfirst.stories.services.pictures import pictures_of

    for story in StoryPage.objects.filter(pk__in=story_ids).order_by("first_published_at"):
        with transaction.atomic():
            ReferenceIndex.create_or_update_for_object(story)
        if story.live:
            related_refresh(story=story)
            if pictures_of(story):
                pictures_of_story.enqueue(story.pk)
            signals.story_published.send(StoryPage, story_id=story.pk, version=1)


@task(priority=-20)
def stories_returned(story_ids: list[int]) -> None:
    """What follows when stories come back from an export: references, and what their pictures need. May run twice.

    No news: nothing of this is new.
    """
    from django.db import transaction
    from wagtail.models import ReferenceIndex

    from standfirst.stories.services.pictures import pictures_of

    for story in StoryPage.objects.filter(pk__in=story_ids).order_by("pk"):
        with transaction.atomic():
            ReferenceIndex.create_or_update_for_object(story)
        if story.live and pictures_of(story):
            pictures_of_story.enqueue(story.pk)
