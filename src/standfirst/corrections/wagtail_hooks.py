"""What the room adds to the desk: the queue with its number, lines in histories, and a word on a story's form."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import Page

from standfirst.corrections import queue, rights
from standfirst.corrections.desk import urls
from standfirst.stories.models import StoryPage


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    return [path("corrections/", include(urls))]


class CorrectionsMenuItem(MenuItem):
    """“Corrections (3)”: the number of those that nobody has decided."""

    def is_shown(self, request: HttpRequest) -> bool:
        return rights.may_see(request.user)

    def render_component(self, request: HttpRequest) -> Any:
        component = super().render_component(request)
        found = getattr(request, "correction_counts", None) or queue.counts(request.user)
        if waiting := found.waiting + found.mine:
            component.label = gettext("Corrections (%(count)d)") % {"count": waiting}
        return component


@hooks.register("register_admin_menu_item")
def menu_item() -> MenuItem:
    return CorrectionsMenuItem(
        _("Corrections"), reverse("corrections_desk:queue"), name="corrections", icon_name="edit", order=240
    )


@hooks.register("before_edit_page")
def named_on_the_form(request: HttpRequest, page: Page) -> None:
    """Whoever opens a story hears what readers say is wrong with it."""
    if request.method != "GET" or not rights.may_see(request.user):
        return
    rows = list(queue.open_of_story(page.pk)[:50])
    if not rows:
        return
    said = ngettext(
        "Readers say that something is wrong here: %(words)s.",
        "Readers say that %(count)d things are wrong here: %(words)s.",
        len(rows),
    )
    # Translators: the quotation marks around a reader's words.
    quoted = [gettext("“%(words)s”") % {"words": Truncator(one.named).chars(60)} for one in rows[:3]]
    words = ", ".join(quoted) + (" …" if len(rows) > 3 else "")
    button = messages.button(
        f"{reverse('corrections_desk:queue')}?story={page.pk}&case={rows[0].pk}", gettext("See what they say")
    )
    messages.warning(request, said % {"count": len(rows), "words": words}, buttons=[button])


@hooks.register("register_page_header_buttons")
def note_button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """Beside what else can be done with a story: say something about it that changes no word."""
    if page.live and page.specific_class is StoryPage and rights.may_accept(user, page.specific):
        address = reverse("corrections_desk:note", args=[page.pk])
        yield Button(_("Add a note for readers"), url=address, icon_name="comment", priority=62)


@hooks.register("register_page_header_buttons")
def withhold_button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """“Withhold …”, on every story that was ever public, for whoever may publish it."""
    story = page.specific
    if isinstance(story, StoryPage) and story.public_path and rights.may_accept(user, story):
        yield Button(
            _("Withhold …"), reverse("corrections_desk:withhold", args=[page.pk]), icon_name="lock", priority=70
        )


class _About(LogFormatter):
    """A line that names the words."""

    def __init__(self, label: Any, sentence: Any) -> None:
        self.label, self.sentence = label, sentence

    def format_message(self, log_entry: Any) -> str:
        return str(self.sentence) % {"words": Truncator((log_entry.data or {}).get("words", "")).chars(80)}


@hooks.register("register_log_actions")
def in_the_history(actions: LogActionRegistry) -> None:
    lines = [
        ("accept", _("Correction accepted"), _("Reported words put right: “%(words)s”")),
        ("decline", _("Report answered"), _("No error, and the reader was told why: “%(words)s”")),
        ("check", _("Report being checked"), _("Reported words are being checked: “%(words)s”")),
        ("duplicate", _("Report repeated"), _("Reported before: “%(words)s”")),
        ("spam", _("Report dropped"), _("A report that nobody meant: “%(words)s”")),
        ("reopen", _("Report opened again"), _("A decision was taken back: “%(words)s”")),
    ]
    for name, label, sentence in lines:
        actions.register_action(f"standfirst.corrections.{name}")(partial(_About, label, sentence))
    for name, label, sentence in (
        ("withhold", _("Withheld"), _("Something was withheld from readers")),
        ("withhold_confirm", _("Withholding confirmed"), _("A second person confirmed what is withheld")),
        ("withhold_lift", _("Withholding lifted"), _("What was withheld is public again")),
        ("withhold_destroy", _("Destroyed"), _("What was withheld was destroyed")),
    ):
        actions.register_action(f"standfirst.corrections.{name}", label, sentence)
    actions.register_action("standfirst.corrections.looked", _("Second look"), _("A correction was looked at again"))
    actions.register_action(
        "standfirst.corrections.pile_release", _("Side pile let in"), _("Reports of a flood let in")
    )
    actions.register_action("standfirst.corrections.pile_drop", _("Side pile dropped"), _("Reports of a flood dropped"))
