"""Slow work of the room. Each task takes ids and may run twice."""

from __future__ import annotations

from django_tasks import task


@task()
def event_work(event_id: int, attempt: int = 0) -> None:
    """Work on one message of a provider."""
    from standfirst.patrons.services import hooks

    hooks.event_work(event_id=event_id, attempt=attempt)


@task()
def provider_stop(pledge_id: int, attempt: int = 0) -> None:
    """Tell a provider to stop charging, after it did not answer."""
    from standfirst.patrons.services import pledging

    pledging.provider_stop(pledge_id=pledge_id, attempt=attempt)


@task()
def notice_send(notice_id: int) -> None:
    """Hand one letter over to the mailroom."""
    from standfirst.patrons import letters

    letters.notice_send(notice_id=notice_id)


@task()
def second_tell(pledge_id: int) -> None:
    """Tell whoever gives already that somebody began to give with her address."""
    from standfirst.patrons.services import pledging

    pledging.second_tell(pledge_id=pledge_id)
