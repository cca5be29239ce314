"""Related stories by machine: stored rows computed at publication (decision 9)."""

from __future__ import annotations

import math
import re
from collections import Counter

from django.db import transaction

from standfirst.press.services import refresh
from standfirst.stories.models import RelatedStory, StoryPage, Tag
from standfirst.stories.selectors import live_stories, part_of, stories_about

KEEP = 4
# A new story may enter at most this many other stories' lists.
MAY_ENTER = 5
# How many recent candidates are weighed.
CANDIDATES = 400
# Below this a story has no related one; better no heading than a poor line.
FLOOR = 0.12


def _words(story: StoryPage) -> Counter[str]:
    text = f"{story.title} {story.title} {story.standfirst} {story.kicker}"
    # Stems by cutting: enough to match inflected Ukrainian and English words in headlines.
    return Counter(word[:6] for word in re.findall(r"[^\W\d_]{4,}", text.lower()))


def _score(
    words: Counter[str], tags: set[int], other: StoryPage, other_tags: set[int], weight: dict[str, float]
) -> float:
    theirs = _words(other)
    common = sum(weight.get(word, 0.0) for word in words.keys() & theirs.keys())
    size = math.sqrt(sum(weight.get(w, 0.0) for w in words) * sum(weight.get(w, 0.0) for w in theirs)) or 1.0
    shared_tags = len(tags & other_tags)
    return common / size + 0.25 * shared_tags


def related_refresh(*, story: StoryPage) -> list[RelatedStory]:
    """Compute and store the related list of `story`, and let it enter at most MAY_ENTER other lists.

    Candidates: live stories of the same language that share a tag or the section, newest first.
    """
    tags = set(story.tagged_items.values_list("tag_id", flat=True))
    about = [*Tag.objects.filter(pk__in=tags), *([story.section] if story.section else [])]
    near = {pk for subject in about for pk in stories_about(subject, story.language).newest(CANDIDATES + 1)}
    wanted = StoryPage.objects.only("title", "standfirst", "kicker", "first_published_at")
    around = live_stories().filter(pk__in=near - {story.pk})
    candidates = part_of(around, wanted.prefetch_related("tagged_items"), slice(CANDIDATES))
    documents = Counter(word for other in (story, *candidates) for word in _words(other))
    weight = {word: math.log(1 + (len(candidates) + 1) / count) for word, count in documents.items()}
    words = _words(story)
    scored = sorted(
        (
            (_score(words, tags, other, {item.tag_id for item in other.tagged_items.all()}, weight), other)
            for other in candidates
        ),
        key=lambda pair: (-pair[0], -pair[1].pk),
    )
    good = [(score, other) for score, other in scored if score >= FLOOR]
    with transaction.atomic():
        others = [other.pk for _score, other in good[:MAY_ENTER]]
        before = _lists([story.pk, *others])
        RelatedStory.objects.filter(story=story).delete()
        rows = RelatedStory.objects.bulk_create(
            [RelatedStory(story=story, related=other, score=score) for score, other in good[:KEEP]]
        )
        for score, other in good[:MAY_ENTER]:
            _enter(story, other, score)
        after = _lists([story.pk, *others])
        refresh(keys={f"related:{pk}" for pk in after if after[pk] != before[pk]})
    return rows


def _lists(pks: list[int]) -> dict[int, list[int]]:
    """What each story's list names, in order."""
    lists: dict[int, list[int]] = {pk: [] for pk in pks}
    for pk, related in RelatedStory.objects.filter(story_id__in=pks).values_list("story_id", "related_id"):
        lists[pk].append(related)
    return lists


def _enter(story: StoryPage, other: StoryPage, score: float) -> None:
    """Put `story` into `other`'s list when it is better than the weakest line there."""
    lines = list(RelatedStory.objects.filter(story=other).order_by("-score"))
    if any(line.related_id == story.pk for line in lines):
        RelatedStory.objects.filter(story=other, related=story).update(score=score)
        return
    if len(lines) >= KEEP:
        if lines[-1].score >= score:
            return
        lines[-1].delete()
    RelatedStory.objects.create(story=other, related=story, score=score)
