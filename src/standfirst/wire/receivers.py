"""What the wire does on hearing the rooms' news. Each may run twice."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from standfirst.press.services import refresh
from standfirst.stories.models import StoryPage
from standfirst.wire.sitemaps import Month


def on_story_published(sender: type, *, story_id: int, **kwargs: Any) -> None:
    """A month whose first story this is gets its sitemap."""
    first = StoryPage.objects.filter(pk=story_id).values_list("first_published_at", flat=True).first()
    if first is not None:
        with transaction.atomic():
            refresh(paths={Month(timezone.localtime(first).date().replace(day=1), first).path})
