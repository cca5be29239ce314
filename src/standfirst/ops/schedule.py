"""What goes out or comes down at a set time, item by item and to the moment."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone
from wagtail.models import DraftStateMixin, Page, Revision

log = logging.getLogger("standfirst.ops.schedule")

# After a failure an item is tried again after so many minutes, then every hour, until somebody helps.
TRY_AGAIN_MINUTES = (1, 5, 15, 60)
_LONGEST = dt.timedelta(minutes=TRY_AGAIN_MINUTES[-1])


@dataclass
class Failure:
    title: str
    reason: str
    since: dt.datetime
    attempts: int
    again_at: dt.datetime

    def is_waiting(self, now: dt.datetime) -> bool:
        """Whether it is too early to try again. Later than any pause: the clock was ahead."""
        return now < self.again_at <= now + _LONGEST


@dataclass
class Schedule:
    """One run of the house's clock; remembers what failed, so that one bad item never holds up the others."""

    failures: dict[str, Failure] = field(default_factory=dict)

    def next_at(self) -> dt.datetime | None:
        """The next moment at which something is due (it may have passed already); None when nothing is planned."""
        due = [*_goes_out(), *_comes_down()]
        moments = [self.failures[key].again_at if key in self.failures else at for key, at, _ in due]
        return min(moments, default=None)

    def run_due(self) -> int:
        """Publish and take down what is due, each in a transaction of its own. Returns how many succeeded."""
        now = timezone.now()
        pending = [*_comes_down(), *_goes_out()]
        for key in set(self.failures) - {key for key, _, _ in pending}:
            del self.failures[key]
        succeeded = 0
        for key, at, act in sorted(pending, key=lambda item: item[1]):
            failure = self.failures.get(key)
            if at > now or (failure and failure.is_waiting(now)):
                continue
            try:
                with transaction.atomic():
                    act()
            except Exception as error:
                self._remember(key, error)
            else:
                self.failures.pop(key, None)
                succeeded += 1
        return succeeded

    def _remember(self, key: str, error: Exception) -> None:
        now = timezone.now()
        before = self.failures.get(key)
        attempts = before.attempts + 1 if before else 1
        minutes = TRY_AGAIN_MINUTES[min(attempts, len(TRY_AGAIN_MINUTES)) - 1]
        self.failures[key] = Failure(
            title=key,
            reason=f"{type(error).__name__}: {error}",
            since=before.since if before else now,
            attempts=attempts,
            again_at=now + dt.timedelta(minutes=minutes),
        )
        log.exception("The scheduled item %s failed; it is tried again in %s minutes.", key, minutes)


Item = tuple[str, dt.datetime, Callable[[], Any]]


def _goes_out() -> list[Item]:
    revisions = Revision.objects.filter(approved_go_live_at__isnull=False).only(
        "pk", "approved_go_live_at", "object_str"
    )
    return [
        (f"{revision.object_str} (revision {revision.pk})", revision.approved_go_live_at, _publisher(revision.pk))
        for revision in revisions.order_by("approved_go_live_at")[:500]
    ]


def _publisher(pk: int) -> Callable[[], None]:
    def publish() -> None:
        # Read again under a lock: an editor may have cancelled or moved it in this very second.
        revision = Revision.objects.select_for_update().filter(pk=pk, approved_go_live_at__lte=timezone.now()).first()
        if revision is not None:
            revision.publish(log_action="wagtail.publish.scheduled")

    return publish


def _comes_down() -> list[Item]:
    items: list[Item] = []
    for model in _models_that_expire():
        expiring = model._default_manager.filter(live=True, expire_at__isnull=False)
        for pk, at in expiring.order_by("expire_at").values_list("pk", "expire_at")[:500]:
            items.append((f"{model._meta.verbose_name} {pk} (to come down)", at, _taker_down(model, pk)))
    return items


def _taker_down(model: type[models.Model], pk: Any) -> Callable[[], None]:
    def take_down() -> None:
        found = (
            model._default_manager.select_for_update().filter(pk=pk, live=True, expire_at__lte=timezone.now()).first()
        )
        if found is not None:
            specific: Any = found.specific if isinstance(found, Page) else found
            specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")

    return take_down


def _models_that_expire() -> list[type[models.Model]]:
    others = [m for m in apps.get_models() if issubclass(m, DraftStateMixin) and not issubclass(m, Page)]
    return [Page, *others]
