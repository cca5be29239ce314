"""What the press keeps in the database: pages, the keys they bear, and what was refreshed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any, ClassVar

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from standfirst.press import signals
from standfirst.press.shown import shows


def key_number(key: str) -> int:
    """A key as the table keeps it: 64 bits of its digest. Two keys that meet there only press a page too often."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)


class PressState(models.Model):
    """One row. Its lock puts drained refreshes and stored pages in one order."""

    number = models.BigIntegerField(default=0)
    # Refreshes up to this number are no longer written down.
    forgotten = models.BigIntegerField(default=0)
    # Release and settings the pages were pressed with.
    fingerprint = models.CharField(max_length=80, blank=True, default="")

    @classmethod
    def locked(cls) -> PressState:
        """The row, locked until the end of the transaction."""
        found = PressState.objects.select_for_update().filter(pk=1).first()
        if found is None:
            PressState.objects.bulk_create([PressState(pk=1)], ignore_conflicts=True)
            found = PressState.objects.select_for_update().get(pk=1)
        return found


class Refresh(models.Model):
    """Something changed. Written in the transaction of the change; numbered when it is first seen committed."""

    number = models.BigIntegerField(null=True, unique=True)
    keys = models.JSONField(default=list)
    paths = models.JSONField(default=list)
    is_urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="refresh_undrained", condition=models.Q(number__isnull=True)),
        ]


class PressedPage(models.Model):
    """One address of the store. Wanted (`wanted_at` set) means: press it anew; what is stored serves meanwhile."""

    path = models.CharField(_("address"), max_length=400, unique=True)
    # What it answered when last pressed: 200, 410; 0 for never.
    status = models.SmallIntegerField(default=0)
    wanted = models.BigIntegerField(default=0)
    wanted_at = models.DateTimeField(null=True)
    fresh = models.BigIntegerField(default=-1)
    # Refreshed with urgency at this number: nothing rendered before it may be shown any more.
    urgent = models.BigIntegerField(default=-1)
    rank = models.SmallIntegerField(default=0)
    reads = models.PositiveIntegerField(default=0)
    valid_until = models.DateTimeField(null=True, db_index=True)
    pressed_at = models.DateTimeField(null=True)
    took_ms = models.PositiveIntegerField(default=0)
    size = models.PositiveIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    failure = models.TextField(blank=True, default="")
    try_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["-rank", "-reads", "-id"],
                name="pages_wanted",
                condition=models.Q(wanted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.path


class PageKey(models.Model):
    """A page bears a key."""

    page = models.ForeignKey(PressedPage, on_delete=models.CASCADE, related_name="keys", db_index=False)
    key = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "key"], name="key_once_per_page")]
        indexes = [models.Index(fields=["key", "page"], name="pages_by_key")]


class Shown:
    """A mixin for rows that readers see: loading one while a page is pressed ties the page to it."""

    press_kind: ClassVar[str]

    @classmethod
    def from_db(cls, db: Any, field_names: Collection[str], values: Collection[Any]) -> Any:
        found = super().from_db(db, field_names, values)  # type: ignore[misc]
        shows(f"{cls.press_kind}:{found.pk}")
        return found

    @property
    def press_key(self) -> str:
        return f"{self.press_kind}:{self.pk}"  # type: ignore[attr-defined]


# What Wagtail writes on a page when a draft is saved: nothing of it is public.
_BOOKKEEPING = frozenset(
    {
        "latest_revision",
        "latest_revision_id",
        "latest_revision_created_at",
        "has_unpublished_changes",
        "draft_title",
        "locked",
        "locked_at",
        "locked_by",
        "alias_of",
    }
)


class Refreshing(Shown):
    """A mixin for rows that are saved by whatever screen: saving or deleting one refreshes what shows it."""

    def save(self, *args: Any, **kwargs: Any) -> Any:
        from standfirst.press.services import refresh

        fields = kwargs.get("update_fields")
        if fields is not None and set(fields) <= _BOOKKEEPING:
            return super().save(*args, **kwargs)  # type: ignore[misc]
        with transaction.atomic():
            pk = self.pk  # type: ignore[attr-defined]
            before = type(self)._base_manager.filter(pk=pk).first() if pk else None  # type: ignore[attr-defined]
            result = super().save(*args, **kwargs)  # type: ignore[misc]
            refresh(keys=self.press_keys(before), paths=self.press_paths())
            for old, new in zip(before.public_addresses() if before else (), self.public_addresses(), strict=False):
                if old != new:
                    signals.address_changed.send(type(self), old=old, new=new)
        return result

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        from standfirst.press.services import refresh

        with transaction.atomic():
            keys = self.press_keys(None)
            result = super().delete(*args, **kwargs)  # type: ignore[misc]
            refresh(keys=keys)
        return result

    def press_keys(self, before: Any | None) -> set[str]:
        """Keys that saving refreshes. `before`: the row as it is in the database, None for a new one."""
        return {self.press_key, f"{self.press_kind}s"}

    def press_paths(self) -> set[str]:
        """Addresses to press ahead because of this row."""
        return set()

    def public_addresses(self) -> list[str]:
        """Where readers find it, in each language of the paper; none while it is not public."""
        return []
