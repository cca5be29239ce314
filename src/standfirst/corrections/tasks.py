"""Mail that the room sends. Each task takes ids and may run twice.

A reader is told once per decision: `Suggestion.told_at` is looked at before and written after, one background process
sends all mail, and a second copy after a crash in between would carry the same Message-ID.

They are sent at once and not by the mailroom's outbox, which would keep the words in question for ninety days where a
withholding does not reach them. Its list of addresses that are not written to holds here as well, and what bounces
or is complained about joins it: each mail bears a name with the mailroom's mark over the address it goes to.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from django_tasks import default_task_backend, task
from wagtail.users.models import UserProfile

from standfirst.corrections.models import Case, Suggestion
from standfirst.kit.mailaddress import normal
from standfirst.mailroom.posting import domain, name_at_once
from standfirst.mailroom.selectors import is_suppressed
from standfirst.people.models import User

if TYPE_CHECKING:
    from django_tasks.base import Task

log = logging.getLogger("standfirst.corrections.mail")

# So long a decision can be taken back before anybody has been told of it.
GRACE = dt.timedelta(minutes=2)
# After a failure it is tried again after so many minutes; then a colleague sees that it did not work.
PAUSES = (1, 5, 30, 120, 480, 1440)
# Whoever should have been told so long ago stands on the queue's page.
LATE = dt.timedelta(minutes=30)


def reporter_tell_soon(suggestion_id: int) -> None:
    """Tell a reader what was decided, in a moment."""
    _later(reporter_tell, GRACE).enqueue(suggestion_id)


@task()
def reporter_tell(suggestion_id: int, attempt: int = 0) -> None:
    """Write to a reader what became of her suggestion, in the language she wrote in.

    An address that is not written to any more is of no use here either and goes; her private page has the answer.
    """
    told = Suggestion.objects.filter(pk=suggestion_id, told_at=None, is_spam=False).exclude(reply_to="")
    suggestion = told.select_related("case__story", "case__correction").first()
    if suggestion is None:
        return
    case = outcome_of(suggestion.case)
    if case.is_open or case.state == Case.State.SPAM:
        return
    if is_suppressed(normal(suggestion.reply_to)):
        told.update(reply_to="")
        return
    try:
        reporter_mail(suggestion, case).send()
    except OSError as error:  # smtplib's errors are among them
        log.warning(
            "Suggestion %s: its sender could not be told (attempt %s): %s", suggestion.number, attempt + 1, error
        )
        if is_suppressed(normal(suggestion.reply_to)):
            told.update(reply_to="")  # refused for good
        elif attempt < len(PAUSES) and default_task_backend.supports_defer:
            _later(reporter_tell, dt.timedelta(minutes=PAUSES[attempt])).enqueue(suggestion_id, attempt + 1)
        return
    told.update(told_at=timezone.now())


@task()
def colleague_tell(case_id: int, user_id: int, by_id: int) -> None:
    """Write to a colleague that a case waits for her."""
    case = (
        Case.objects.filter(pk=case_id, assigned_to_id=user_id, state=Case.State.CHECKING)
        .select_related("story")
        .first()
    )
    if case is None:
        return
    user, by = User.objects.get(pk=user_id), User.objects.filter(pk=by_id).first()
    if is_suppressed(user.email):
        return
    profile = UserProfile.objects.filter(user=user).first()
    with override((profile and profile.preferred_language) or settings.NEWSROOM.language):
        address = base_url() + reverse("corrections_desk:queue") + f"?show=mine&case={case.pk}"
        words = {"name": user.get_short_name(), "by": by.get_full_name() if by else "", "case": case, "link": address}
        subject = gettext("Please check: “%(headline)s”") % {"headline": one_line(case.story.title)[:80]}
        body = render_to_string("corrections/mail/check.txt", words)
    try:
        EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [user.email]).send()
    except OSError as error:
        # The case stands on her first page of the desk all the same.
        log.warning("%s could not be told of case %s: %s", user.email, case_id, error)


def reporter_mail(suggestion: Suggestion, case: Case) -> EmailMessage:
    """The letter to the one who sent a suggestion, about the case that decided it."""
    with override(suggestion.language or settings.NEWSROOM.language):
        correction = case.correction or suggestion.case.correction
        words: dict[str, Any] = {
            "paper": settings.NEWSROOM.name,
            "suggestion": suggestion,
            "headline": one_line(case.story.title) if case.story.live else gettext("a story that is not public now"),
            "case": case,
            "is_accepted": case.state == Case.State.ACCEPTED,
            "status": f"{base_url()}/suggestions/{suggestion.token}/",
            "entry": f"{base_url()}/corrections/{correction.number}/" if correction else "",
        }
        subject = gettext("%(paper)s: your suggestion %(number)s") % {
            "paper": one_line(settings.NEWSROOM.name),
            "number": suggestion.number,
        }
        body = render_to_string("corrections/mail/told.txt", words)
    decided = int(case.decided_at.timestamp()) if case.decided_at else 0
    headers = {
        "Message-ID": f"<suggestion-{suggestion.number}-{name_at_once(suggestion.reply_to, decided)}@{domain()}>",
        "Auto-Submitted": "auto-generated",
    }
    return EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [suggestion.reply_to], headers=headers)


def untold() -> QuerySet[Suggestion]:
    """Suggestions whose senders should have heard of a decision by now and have not."""
    closed = [Case.State.ACCEPTED, Case.State.DECLINED]
    found = Suggestion.objects.filter(told_at=None, is_spam=False, case__state__in=closed).exclude(reply_to="")
    return found.filter(case__decided_at__lt=timezone.now() - LATE)


def outcome_of(case: Case) -> Case:
    """The case whose decision counts: this one, or the one it repeats."""
    for _step in range(20):
        if case.duplicate_of_id is None:
            break
        case = Case.objects.select_related("story", "correction").get(pk=case.duplicate_of_id)
    return case


def base_url() -> str:
    return str(settings.NEWSROOM.base_url or settings.WAGTAILADMIN_BASE_URL).rstrip("/")


def one_line(text: str) -> str:
    return " ".join(text.split())


def _later(what: Task[Any, Any], pause: dt.timedelta) -> Task[Any, Any]:
    """The task, put off where the backend can (a test's runs at once)."""
    return what.using(run_after=timezone.now() + pause) if default_task_backend.supports_defer else what
