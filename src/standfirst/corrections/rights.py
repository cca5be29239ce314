"""Who may do what with a case. No groups of our own: whoever writes the paper answers for it.

- Whoever may change stories sees the queue, hands cases on and answers them, in every section;
- a story of one's own only an editor answers: nobody turns down a complaint about her own words;
- whoever may publish a story accepts a correction of it; the side pile is for those who may publish at all.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from wagtail.permission_policies.pages import PagePermissionPolicy

from standfirst.people.models import User
from standfirst.people.selectors import may_publish
from standfirst.stories.models import StoryPage


def may_see(user: Any) -> bool:
    """Whether this person sees the queue."""
    return user is not None and bool(PagePermissionPolicy().user_has_any_permission(user, ["change", "publish"]))


def may_accept(user: Any, story: StoryPage) -> bool:
    return user is not None and bool(story.permissions_for_user(user).can_publish())


def may_answer(user: Any, story: StoryPage) -> bool:
    """Whether this person may say that a report about this story is no error, a duplicate or spam."""
    if may_accept(user, story):
        return True
    return may_hand_on(user, story) and not is_own(user, story)


def may_hand_on(user: Any, story: StoryPage) -> bool:
    """Whether this person may put a case to be checked."""
    return user is not None and bool(story.permissions_for_user(user).can_edit()) and may_see(user)


def is_own(user: Any, story: StoryPage) -> bool:
    """Whether a story is this person's: begun by her, or with her name under it."""
    return story.owner_id == user.pk or story.story_bylines.filter(byline__account=user).exists()


def may_tend_pile(user: Any) -> bool:
    return may_publish(user)


def colleagues() -> QuerySet[User]:
    """Those a case can be handed to, by name."""
    found: QuerySet[User] = PagePermissionPolicy().users_with_any_permission(["change", "publish"])
    return found.filter(is_active=True).order_by("first_name", "last_name", "email")


def editors() -> QuerySet[User]:
    """Those who may publish."""
    found: QuerySet[User] = PagePermissionPolicy().users_with_permission("publish")
    return found.filter(is_active=True)
