"""What operations do on hearing others' news: wake the background process."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django_tasks.signals import task_enqueued

from standfirst.mailroom.signals import posted
from standfirst.ops import wake
from standfirst.press.signals import refreshed


def on_task_enqueued(sender: type, **kwargs: Any) -> None:
    """Poke once the job can be seen by others; within a transaction that is when it is committed."""
    transaction.on_commit(lambda: wake.poke(settings.NEWSROOM.folder))


def on_refreshed(sender: type, **kwargs: Any) -> None:
    """Sent after the commit: the press has work."""
    wake.poke(settings.NEWSROOM.folder)


def on_posted(sender: type, **kwargs: Any) -> None:
    """Sent after the commit: the mailroom has work."""
    wake.poke(settings.NEWSROOM.folder)


posted.connect(on_posted, dispatch_uid="standfirst.ops.mail")
refreshed.connect(on_refreshed, dispatch_uid="standfirst.ops.press")
task_enqueued.connect(on_task_enqueued, dispatch_uid="standfirst.ops.wake")
