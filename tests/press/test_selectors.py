"""How the press is doing can be asked: what waits, what fails and why, how far a change of the frame has come."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.db import transaction
from django.utils import timezone

from standfirst.press import heartbeat, queue, selectors, store
from standfirst.press.models import PressedPage, Refresh
from standfirst.press.services import refresh, try_again
from standfirst.press.shown import FRAME
from tests.press.conftest import Press

pytestmark = pytest.mark.django_db


def change(*keys: str) -> None:
    with transaction.atomic():
        refresh(keys=keys)
    queue.drain()


def test_a_paper_at_rest_waits_for_nothing(press: Press) -> None:
    state = selectors.press_state()

    assert state.stored > 50
    assert (state.waiting, state.unfresh, state.failing, state.late) == (0, 0, 0, 0)
    assert state.progress is None


def test_what_changed_waits_and_serves_as_it_was(press: Press) -> None:
    change(press.newsroom.noise[0].press_key)

    state = selectors.press_state()

    assert 0 < state.waiting < state.stored
    assert state.unfresh == state.waiting
    assert state.waiting_since is not None
    assert state.progress is None
    press.run()
    assert selectors.press_state().waiting == 0


def test_a_change_of_the_frame_is_counted_until_it_is_done(press: Press) -> None:
    change(FRAME)
    queue.run(most=5)
    change(press.newsroom.noise[0].press_key)

    progress = selectors.press_state().progress

    assert progress is not None
    assert (progress.done, progress.total) == (5, PressedPage.objects.count())
    press.run()
    assert selectors.press_state().progress is None


def test_a_page_that_fails_is_named_with_the_last_line_of_its_cause(press: Press, broken: str) -> None:
    state = selectors.press_state()

    failing = {one.path: one for one in state.failures}[broken]

    assert failing.cause == "ValueError: The lead picture has no edges."
    assert failing.next_at is not None
    assert failing.next_at > timezone.now()
    assert not state.disk_refuses
    assert state.waiting == 0
    assert press.text(broken) != ""
    assert selectors.page_state(broken).failing == failing


def test_trying_again_presses_what_failed_and_leaves_the_rest(press: Press, broken: str) -> None:
    assert try_again(path="/privacy/") == 0
    assert try_again(path=broken) == 1

    press.run()

    assert selectors.page_state(broken).failing is None


def test_a_full_disk_is_told_from_a_mistake(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device", "/somewhere/new/abc")

    monkeypatch.setattr(store.Store, "write", full)
    story = press.newsroom.publish("The tram runs again")
    press.run()

    state = selectors.press_state()

    assert state.disk_refuses
    failing = {one.path: one for one in state.failures}[story.public_path]
    assert failing.is_disk_full
    assert failing.cause == "No space left on device"


def test_the_pages_that_show_a_story_are_known(press: Press) -> None:
    story = press.newsroom.publish("The tram runs again", tags=["Trams"])
    press.run()

    paths = set(selectors.pages_showing(story.press_key).values_list("path", flat=True))

    assert {story.public_path, "/", "/city/", "/tags/trams/", "/authors/taras-melnyk/", "/feed/rss"} <= paths
    assert not paths & {"/privacy/", "/world/", "/uk/"}
    page = selectors.page_state(story.public_path)
    assert page.pressed_at is not None
    assert page.waits_since is None


def test_a_page_nobody_presses_is_late_and_a_long_queue_that_moves_is_not(press: Press) -> None:
    change(press.newsroom.noise[0].press_key)
    long_ago = timezone.now() - dt.timedelta(minutes=5)
    PressedPage.objects.update(pressed_at=timezone.now())
    PressedPage.objects.filter(wanted_at__isnull=False).update(wanted_at=long_ago)
    assert selectors.press_state().late == 0

    PressedPage.objects.update(pressed_at=long_ago)

    state = selectors.press_state()
    assert state.late == state.waiting
    assert state.late_since == long_ago


def test_a_moment_that_passed_and_a_change_nobody_looked_at_are_late(press: Press) -> None:
    long_ago = timezone.now() - dt.timedelta(minutes=5)
    PressedPage.objects.update(pressed_at=long_ago)
    PressedPage.objects.filter(path="/").update(valid_until=long_ago)
    assert selectors.press_state().late == 1

    press.run()
    PressedPage.objects.update(pressed_at=long_ago)
    Refresh.objects.create(keys=["story:1"], created_at=long_ago)
    assert selectors.press_state().late == 1


def test_the_heartbeat_is_silent_after_two_minutes_but_not_right_after_a_start(tmp_path) -> None:
    now = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
    run = tmp_path / "data" / "run"
    run.mkdir(parents=True)

    def say(file: str, **said: object) -> None:
        (run / file).write_text(json.dumps(said), encoding="utf-8")

    assert heartbeat.heard(tmp_path).is_silent(now)
    say(heartbeat.FILE, at=now.timestamp() - 100)
    assert not heartbeat.heard(tmp_path).is_silent(now)
    say(heartbeat.FILE, at=now.timestamp() - 121, trouble={"press": "OperationalError: gone"})
    heard = heartbeat.heard(tmp_path)
    assert heard.is_silent(now)
    assert heard.trouble == {"press": "OperationalError: gone"}
    say("newsroom.lock", pid=1, since=now.timestamp() - 5)
    assert not heartbeat.heard(tmp_path).is_silent(now)
