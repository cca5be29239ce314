"""The first page of the desk: what waits for whoever has just come in, and what the paper still owes its readers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as written
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from laces.components import Component
from wagtail.models import Comment, TaskState
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import policy_registry

from standfirst.corrections import queue as corrections
from standfirst.corrections.rights import may_see as may_see_corrections
from standfirst.corrections.services import withholding
from standfirst.fronts.models import StandingPage
from standfirst.letterbox.models import Letter
from standfirst.mailroom import selectors as mail
from standfirst.people.selectors import may_publish
from standfirst.stories import selectors
from standfirst.stories.models import StoryPage
from standfirst.theme.press_panel import ThePress

# More than this is not a list but a reproach; the rest is one click away.
SHOWN = 6


@dataclass(frozen=True)
class Row:
    """One line of a panel. note: a few words; at: a moment, shown in the newsroom's own time."""

    title: str
    url: str
    note: str = ""
    at: datetime | None = None
    language: str = ""


def edit_url(pk: int) -> str:
    return reverse("wagtailadmin_pages:edit", args=[pk])


def story_row(story: StoryPage, note: str = "", at: datetime | None = None) -> Row:
    title = story.draft_title or story.title or _("Without a headline")
    return Row(title, edit_url(story.pk), note, at, story.language)


class Panel(Component):
    """A list with a heading. Not shown to those it does not concern."""

    template_name = "theme/desk/panel.html"
    name = ""
    heading: str | Promise = ""
    none: str | Promise = gettext_lazy("Nothing.")
    # Without anything in it, a panel that only reminds is left away.
    only_when_filled = False
    # Something is wrong, and somebody must see to it.
    is_alarm = False
    all_url = ""
    # A sentence below the heading.
    hint = ""
    order = 0

    def __init__(self, user: Any) -> None:
        self.user = user

    def rows(self) -> tuple[list[Row], int]:
        """The lines shown, and how many there are in all."""
        raise NotImplementedError

    def get_context_data(self, parent_context: Any = None) -> Mapping[str, Any]:
        rows, total = self.rows()
        return {"panel": self, "rows": rows, "total": total}

    def render_html(self, parent_context: Any = None) -> Any:
        context = self.get_context_data(parent_context)
        if self.only_when_filled and not context["rows"]:
            return ""
        from django.template.loader import render_to_string

        return render_to_string(self.template_name, dict(context))


def _light(stories: QuerySet[StoryPage]) -> QuerySet[StoryPage]:
    return stories.select_related("locale").defer("body", "methods")


class WaitsForMe(Panel):
    name = "mine"
    heading = gettext_lazy("Waits for you")
    none = gettext_lazy("Nothing waits for you.")

    def rows(self) -> tuple[list[Row], int]:
        rows = [*self._to_check(), *self._to_read(), *self._comments(), *self._drafts()]
        return rows[: 2 * SHOWN], len(rows)

    def _to_check(self) -> list[Row]:
        """What a colleague wants checked by this person."""
        mine = corrections.cases(corrections.Asked(show=corrections.MINE), self.user)
        return [
            Row(
                Truncator(case.exact or case.story.title).chars(90),
                f"{reverse('corrections_desk:queue')}?show=mine&case={case.pk}",
                _("to be checked: readers say it is wrong"),
                case.opened_at,
                case.story.language,
            )
            for case in corrections.with_story(mine)[:SHOWN]
        ]

    def _to_read(self) -> list[Row]:
        """Stories that were handed in, and wait for this person's word."""
        states = TaskState.objects.reviewable_by(self.user).select_related("revision", "task").order_by("started_at")
        found = []
        for state in states[: SHOWN * 4]:
            page = state.revision.content_object
            if page is not None and hasattr(page, "draft_title"):
                found.append(Row(page.draft_title, edit_url(page.pk), _("to be read and published"), state.started_at))
        return found

    def _comments(self) -> list[Row]:
        """Open remarks of others on what this person writes or takes part in."""
        open_ones = (
            Comment.objects.filter(resolved_at__isnull=True)
            .filter(Q(page__owner=self.user) | Q(replies__user=self.user))
            .exclude(user=self.user)
            .select_related("page", "user")
            .distinct()
            .order_by("-created_at")
        )
        return [
            Row(
                Truncator(comment.text).chars(90),
                edit_url(comment.page_id),
                _("%(name)s on “%(headline)s”") % {"name": comment.user, "headline": comment.page.draft_title},
                comment.created_at,
            )
            for comment in open_ones[:SHOWN]
        ]

    def _drafts(self) -> list[Row]:
        drafts = _light(
            StoryPage.objects.filter(owner=self.user, has_unpublished_changes=True).exclude(
                pk__in=selectors.going_out()
            )
        ).filter(Q(held_because="") | Q(live=True))
        return [
            story_row(
                story,
                _("changes not yet published") if story.live else _("draft"),
                story.latest_revision_created_at,
            )
            for story in drafts.order_by("-latest_revision_created_at")[: SHOWN * 2]
        ]


class Scheduled(Panel):
    name = "scheduled"
    heading = gettext_lazy("Goes out by itself")
    none = gettext_lazy("Nothing is scheduled.")

    def rows(self) -> tuple[list[Row], int]:
        times = selectors.going_out()
        found = [(times[s.pk], story_row(s, "", times[s.pk])) for s in _light(StoryPage.objects.filter(pk__in=times))]
        leaving = _light(StoryPage.objects.filter(live=True, expire_at__isnull=False))
        found += [(s.expire_at, story_row(s, _("leaves the paper"), s.expire_at)) for s in leaving]
        found.sort(key=lambda pair: pair[0])
        return [row for _at, row in found[:SHOWN]], len(found)


class Letters(Panel):
    name = "letters"
    heading = gettext_lazy("Letters from readers")
    none = gettext_lazy("No new letters.")

    def rows(self) -> tuple[list[Row], int]:
        new = Letter.objects.filter(state=Letter.State.NEW)
        policy = policy_registry.get_by_type(Letter)
        may_change = policy.user_has_permission(self.user, "change")
        name = "letters:edit" if may_change else "letters:inspect"
        self.all_url = reverse("letters:index") + "?state=new"
        return [
            Row(
                Truncator(letter.text or letter.wording or letter.quote or str(letter)).chars(90),
                reverse(name, args=[letter.pk]),
                str(letter.get_kind_display()),
                letter.received_at,
                letter.language,
            )
            for letter in new[:SHOWN]
        ], new.count()


class Corrections(Panel):
    """What readers say is wrong, the gravest first; how many there are, and since when the oldest waits."""

    name = "corrections"
    heading = gettext_lazy("What readers say is wrong")
    none = gettext_lazy("Every report is answered.")

    def rows(self) -> tuple[list[Row], int]:
        counts = corrections.counts(self.user)
        self.all_url = reverse("corrections_desk:queue")
        if counts.oldest and counts.waiting > 1:
            self.hint = _("The oldest waits since %(time)s.") % {
                "time": written(timezone.localtime(counts.oldest), "j E, H:i")
            }
        waiting = corrections.with_story(corrections.cases(corrections.Asked()))
        return [
            Row(
                Truncator(case.exact or case.story.title).chars(90),
                f"{self.all_url}?case={case.pk}",
                self._note(case),
                case.opened_at,
                case.story.language,
            )
            for case in waiting[:SHOWN]
        ], counts.waiting

    @staticmethod
    def _note(case: Any) -> str:
        readers = ngettext("%(count)d reader", "%(count)d readers", case.reports) % {"count": case.reports}
        return f"{case.get_gravity_display()}, {readers}"


class SecondLooks(Panel):
    name = "looks"
    heading = gettext_lazy("Corrections for a second look")
    only_when_filled = True

    def rows(self) -> tuple[list[Row], int]:
        waiting = corrections.looks_waiting()
        self.all_url = reverse("corrections_desk:looks")
        return [
            Row(
                look.correction.story.title,
                self.all_url,
                str(look.correction),
                look.waits_since,
                look.correction.story.language,
            )
            for look in waiting[:SHOWN]
        ], waiting.count()


class StuckMail(Panel):
    """Letters that do not go out: an alarm, for nobody hears of them otherwise until a reader asks."""

    name = "mail"
    heading = gettext_lazy("Mail does not go out")
    only_when_filled = True
    is_alarm = True

    def rows(self) -> tuple[list[Row], int]:
        late, url = mail.late_since(), reverse("letters_desk:index")
        rows = [Row(_("Mail to readers is stuck"), url, _("has been waiting since"), late)] if late else []
        rows += [
            Row(_("%(name)s takes no mail") % {"name": one.name}, url, one.trouble) for one in mail.suppliers_down()
        ]
        if rows:
            self.hint = _("Nothing is lost: it is tried again by itself. If it stays so, tell whoever runs the server.")
        return rows[:SHOWN], len(rows)


class Withheld(Panel):
    """What was withheld and waits for a second person; after a day it is an alarm."""

    name = "withheld"
    heading = gettext_lazy("Withheld, to be confirmed by a second person")
    only_when_filled = True

    def rows(self) -> tuple[list[Row], int]:
        waiting = withholding.unconfirmed()
        self.all_url = reverse("corrections_desk:withheld")
        if any(withholding.is_late(one) for one in waiting[:1]):
            self.hint = _("A day has passed. It stays withheld, and is not destroyed before somebody confirms it.")
        return [
            Row(
                one.story.draft_title,
                self.all_url,
                f"{one.get_kind_display()}, {one.get_category_display()}",
                one.at,
                one.story.language,
            )
            for one in waiting[:SHOWN]
        ], waiting.count()


class Pictures(Panel):
    name = "pictures"
    heading = gettext_lazy("Pictures without a settled credit")
    only_when_filled = True

    @property
    def all_url(self) -> str:  # type: ignore[override]
        return reverse("stories_desk:credits")

    def rows(self) -> tuple[list[Row], int]:
        pictures = selectors.pictures_to_credit()
        return [
            Row(
                picture.title,
                f"{reverse('stories_desk:credits')}?at={picture.pk}",
                _("credit being checked") if picture.credit_pending else _("imported without a credit"),
                picture.created_at,
            )
            for picture in pictures[:SHOWN]
        ], pictures.count()


class ToFillIn(Panel):
    name = "standing"
    heading = gettext_lazy("Pages the newsroom must still fill in")
    only_when_filled = True

    def rows(self) -> tuple[list[Row], int]:
        pages = StandingPage.objects.filter(needs_newsroom=True).select_related("locale").order_by("path")
        return [
            Row(page.title, edit_url(page.pk), page.public_address, None, page.language) for page in pages[: SHOWN * 2]
        ], len(pages)


class Held(Panel):
    name = "held"
    heading = gettext_lazy("Held back and withdrawn")
    only_when_filled = True

    def rows(self) -> tuple[list[Row], int]:
        away = _light(StoryPage.objects.filter(live=False)).filter(
            Q(held_because__gt="") | Q(public_path__isnull=False)
        )
        self.all_url = reverse("desk_stories:index") + "?state=withdrawn"
        return [
            story_row(story, story.held_because or _("withdrawn"), story.latest_revision_created_at)
            for story in away.order_by("-latest_revision_created_at")[:SHOWN]
        ], away.count()


class Head(Component):
    """Whose desk it is, what time it is in the newsroom, and the way to a new story."""

    template_name = "theme/desk/head.html"
    order = -1

    def __init__(self, user: Any) -> None:
        self.user = user

    def get_context_data(self, parent_context: Any = None) -> Mapping[str, Any]:
        return {
            "user": self.user,
            "now": timezone.now(),
            "languages": settings.LANGUAGES,
            "may_write": PagePermissionPolicy().user_has_permission(self.user, "add"),
        }


def panels_for(user: Any) -> list[Component]:
    """What this person's first page of the desk shows, in its order."""
    kinds: list[type[Head | Panel]] = [Head, WaitsForMe, Scheduled]
    if may_see_corrections(user):
        kinds.append(Corrections)
    policy = policy_registry.get_by_type(Letter)
    if policy.user_has_any_permission(user, ["view", "change"]):
        kinds.append(Letters)
    if not may_publish(user):
        return [kind(user) for kind in kinds]
    panels: list[Component] = [kind(user) for kind in (*kinds, SecondLooks, Pictures, ToFillIn, Held)]
    withheld = Withheld(user)
    panels.insert(1, withheld)
    panels.insert(1, StuckMail(user))
    press = ThePress(user)
    # What is wrong stands before everything else, what is well behind it.
    panels.insert(len(panels) if press.is_calm else 1, press)
    return panels
