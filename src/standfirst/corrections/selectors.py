"""What other rooms, screens and templates ask about corrections."""

from __future__ import annotations

from wagtail.contrib.redirects.models import Redirect

from standfirst.corrections.models import Suggestion
from standfirst.kit.anchoring import Passage
from standfirst.stories.models import StoryPage
from standfirst.stories.passages import text_of_version


def suggestion_at(token: str) -> Suggestion | None:
    """The suggestion whose private page has this token."""
    found = Suggestion.objects.select_related("case__story__locale", "case__correction", "case__duplicate_of")
    return found.filter(token=token).first()


def story_meant(path: str, *, live: bool = True) -> StoryPage | None:
    """The story at an address, also at an older one that leads to it. live False: withdrawn ones too."""
    stories = StoryPage.objects.filter(live=True) if live else StoryPage.objects.all()
    stories = stories.select_related("locale", "section", "kind")
    found = stories.filter(public_path=path).first()
    if found is not None:
        return found
    moved = Redirect.objects.filter(old_path=Redirect.normalise_path(path)).first()
    return stories.filter(public_path=moved.redirect_link).first() if moved and moved.redirect_link else None


def passages_now(story: StoryPage) -> tuple[int, list[Passage]]:
    """The number of the newest public version of a story, and its passages; none when it is withheld."""
    version = story.public_versions.select_related("text").order_by("-number").first()
    text = text_of_version(version) if version else None
    return version.number if version else 0, list(text.passages) if text else []
