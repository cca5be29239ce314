"""Telling operations that something waits in the outbox."""

from __future__ import annotations

from django.db import transaction

from standfirst.mailroom.models import Delivery
from standfirst.mailroom.signals import posted


def wake() -> None:
    """Wake the background process after the commit."""
    transaction.on_commit(lambda: posted.send(Delivery))
