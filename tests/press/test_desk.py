"""The press at the desk: calm in one line, an alarm in the first place, and nothing for those it does not concern."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from wagtail.users.models import UserProfile

from standfirst.press import heartbeat, queue, store
from standfirst.press.models import PressedPage
from standfirst.press.services import refresh
from standfirst.press.shown import FRAME
from standfirst.press.signals import refreshed
from standfirst.stories.services import story_publish, story_withdraw
from tests.desk import signed_in
from tests.press.conftest import Press

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def beating() -> Path:
    """The background process was heard just now."""
    file = settings.NEWSROOM.folder / "data" / "run" / heartbeat.FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"at": time.time()}), encoding="utf-8")
    yield file
    file.unlink(missing_ok=True)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(re.sub(r"</(?:a|p|li|h\d)>", " ", html))).strip()


def first_page(user) -> str:
    return signed_in(user).get("/desk/").content.decode()


def panel(user) -> str:
    """What the panel of the press says, from its heading on."""
    found = re.search(r'<section class="sf-panel sf-press.*?</section>', first_page(user), re.DOTALL)
    return words(found[0]) if found else ""


def form(user, story) -> str:
    page = signed_in(user).get(reverse("wagtailadmin_pages:edit", args=[story.pk])).content.decode()
    found = re.search(r'<div class="sf-pressed">.*?</div>', page, re.DOTALL)
    return words(found[0]) if found else ""


def speaks(user, language: str) -> None:
    profile = UserProfile.get_for_user(user)
    profile.preferred_language = language
    profile.save()


def test_a_press_at_rest_is_two_lines_behind_everything_else(press: Press) -> None:
    page = first_page(press.newsroom.editor)

    stored = PressedPage.objects.filter(status=200).count()
    assert panel(press.newsroom.editor) == (
        f"The press All {stored} pages are pressed and up to date. Nothing is planned to go out or come down by itself."
    )
    assert page.index("sf-panel-mine") < page.index("sf-panel-press")


def test_what_waits_is_counted_and_readers_see_it_as_it_was(press: Press) -> None:
    with transaction.atomic():
        refresh(paths={"/privacy/"})
    queue.drain()

    said = panel(press.newsroom.editor)

    assert re.search(r"1 page waits to be pressed, since \d\d:\d\d Kyiv\.", said)
    assert "Readers see 1 page as it was before the last change." in said
    assert "Alarm" not in said


def test_a_change_of_the_frame_shows_how_far_it_has_come(press: Press) -> None:
    with transaction.atomic():
        refresh(keys={FRAME})
    queue.run(most=3)

    total = PressedPage.objects.count()
    assert f"What stands on every page has changed: 3 of {total} pages are pressed anew." in panel(
        press.newsroom.editor
    )


@pytest.mark.django_db(transaction=True)
def test_a_page_that_fails_stands_first_with_its_cause_and_is_tried_again_at_a_click(press: Press, broken: str) -> None:
    editor = press.newsroom.editor
    page = first_page(editor)
    assert page.index("sf-panel-press") < page.index("sf-panel-mine")
    assert f"{broken} ValueError: The lead picture has no edges. Next attempt: " in panel(editor)

    answer = signed_in(editor).post(reverse("press_desk:again"), {"path": broken}, follow=True)

    assert answer.redirect_chain[-1][0] == "/desk/"
    assert f"{broken} is pressed again." in answer.content.decode()
    assert PressedPage.objects.filter(failures__gt=0).count() == 0
    assert "up to date" in panel(editor)


def test_all_that_fails_is_tried_again_in_the_background(
    press: Press, broken: str, django_capture_on_commit_callbacks
) -> None:
    PressedPage.objects.filter(path="/privacy/").update(
        failures=1, failure="ValueError: no", wanted_at=timezone.now(), try_at=timezone.now() + dt.timedelta(hours=1)
    )
    heard = []
    refreshed.connect(hear := lambda sender, **more: heard.append(sender))

    with django_capture_on_commit_callbacks(execute=True):
        signed_in(press.newsroom.editor).post(reverse("press_desk:again"))
    refreshed.disconnect(hear)

    assert heard
    assert queue.run() >= 2
    assert PressedPage.objects.filter(failures__gt=0).count() == 0


def test_only_who_may_publish_sees_the_press_and_has_it_try_again(press: Press, broken: str) -> None:
    reporter = signed_in(press.newsroom.reporter)

    assert panel(press.newsroom.reporter) == ""
    assert reporter.get(reverse("press_desk:panel")).status_code == 302
    reporter.post(reverse("press_desk:again"), {"path": broken})
    assert Client().get(reverse("press_desk:panel"))["Location"].startswith("/desk/login/")
    assert Client().post(reverse("press_desk:again"), {"path": broken})["Location"].startswith("/desk/login/")
    assert signed_in(press.newsroom.editor).get(reverse("press_desk:again")).status_code == 405

    queue.drain()
    assert PressedPage.objects.get(path=broken).failures == 1
    assert PressedPage.objects.get(path=broken).try_at is not None


def test_the_panel_alone_can_be_asked_for(press: Press) -> None:
    answer = signed_in(press.newsroom.editor).get(reverse("press_desk:panel"))

    assert answer.status_code == 200
    assert answer.content.decode().strip().startswith("<section")
    assert "no-store" in answer["Cache-Control"]


def test_a_silent_background_process_is_an_alarm_with_what_to_do(press: Press, beating: Path) -> None:
    beating.write_text(json.dumps({"at": time.time() - 600}), encoding="utf-8")
    assert re.search(
        r"Alarm: The background process has not been heard since .* Kyiv\. Nothing goes out by itself",
        panel(press.newsroom.editor),
    )

    beating.unlink()
    assert "Alarm: The background process does not run." in panel(press.newsroom.editor)


def test_a_full_disk_is_said_in_words_and_without_names_of_files(press: Press, monkeypatch) -> None:
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device", "/somewhere/new/abc")

    with monkeypatch.context() as patch:
        patch.setattr(store.Store, "write", full)
        press.newsroom.publish("The tram runs again")
        press.run()

    said = panel(press.newsroom.editor)

    assert "Alarm: The disk does not take new pages. Readers see the last good ones. The disk is full." in said
    assert "/somewhere" not in said


def test_the_next_story_to_go_out_is_told_with_the_newsrooms_clock(press: Press) -> None:
    story = press.newsroom.draft("At dawn")
    story.go_live_at = timezone.now() + dt.timedelta(minutes=4, seconds=5)
    story.save_revision(user=press.newsroom.editor).publish()

    said = panel(press.newsroom.editor)

    local = story.go_live_at.astimezone(timezone.get_default_timezone())
    assert f"{local:%H:%M} Kyiv, in 4 minutes — “At dawn”." in said


def test_a_story_that_should_be_out_is_an_alarm_with_the_reason_when_there_is_one(press: Press, beating: Path) -> None:
    story = press.newsroom.draft("At dawn")
    story.go_live_at = timezone.now() + dt.timedelta(hours=1)
    revision = story.save_revision(user=press.newsroom.editor)
    revision.publish()
    revision.approved_go_live_at = timezone.now() - dt.timedelta(minutes=5)
    revision.save()
    assert "Alarm: “At dawn” should have gone out at" in panel(press.newsroom.editor)

    failure = {"title": f"At dawn (revision {revision.pk})", "reason": "The lead picture has no credit."}
    beating.write_text(json.dumps({"at": time.time(), "schedule_failures": [failure]}), encoding="utf-8")

    said = panel(press.newsroom.editor)
    assert "should have gone out or come down and could not: The lead picture has no credit." in said
    assert said.count("Alarm:") == 1


def test_a_story_says_when_it_was_pressed_and_which_pages_show_it(press: Press) -> None:
    story = press.newsroom.publish("The tram runs again", tags=["Trams"])
    assert "It waits to be pressed" not in form(press.newsroom.editor, press.newsroom.noise[0])
    press.run()

    said = form(press.newsroom.editor, story)

    assert re.match(r"Pressed \d\d:\d\d:\d\d, in \d+ ms\. Shown on \d+ pages ", said)
    for path in (story.public_path, "/", "/city/", "/tags/trams/"):
        assert f" {path} " in f"{said} "
    assert "/privacy/" not in said


def test_a_story_that_waits_or_fails_says_so_and_why_to_those_who_decide(press: Press, broken: str) -> None:
    story = press.newsroom.noise[0]

    editor = form(press.newsroom.editor, story)
    reporter = form(press.newsroom.reporter, story)

    assert "It could not be pressed anew: ValueError: The lead picture has no edges." in editor
    assert "Until then readers see it as it was." in editor
    assert "ValueError" not in reporter
    PressedPage.objects.filter(path=broken).update(failures=0)
    assert "It waits to be pressed, since" in form(press.newsroom.editor, story)


def test_a_story_nobody_has_read_says_nothing_and_a_withdrawn_one_says_that(press: Press) -> None:
    assert form(press.newsroom.editor, press.newsroom.draft()) == ""

    story = press.newsroom.publish("Taken out")
    press.run()
    story_withdraw(story=story, editor=press.newsroom.editor)
    press.run()

    assert form(press.newsroom.editor, story) == "Withdrawn. Its address says so."


def test_ukrainian_counts_and_dates_as_it_should(press: Press, broken: str) -> None:
    editor = press.newsroom.editor
    speaks(editor, "uk")
    story = press.newsroom.draft("На світанку")
    story.go_live_at = timezone.now() + dt.timedelta(minutes=22, seconds=5)
    story.save_revision(user=editor).publish()
    PressedPage.objects.filter(path=broken).update(pressed_at=dt.datetime(2026, 11, 3, 8, 5, 7, tzinfo=dt.UTC))

    said = panel(editor)

    assert "1 сторінку не вдалося" in said
    assert "через 22 хвилини" in said
    assert "3 листопада 2026" in form(editor, press.newsroom.noise[0])
    PressedPage.objects.filter(status=200, failures=0).update(wanted_at=timezone.now())
    waiting = PressedPage.objects.filter(failures=0, wanted_at__isnull=False).count()
    assert f"{waiting} сторін" in panel(editor)


def test_a_change_published_at_the_desk_is_pressed_when_the_form_comes_back(press: Press) -> None:
    story = press.newsroom.publish("The tram runs again")
    press.run()
    story.title = "The tram runs every ten minutes"
    story.save_revision()
    story_publish(story=story, editor=press.newsroom.editor, label="update")
    queue.drain()

    assert "It waits to be pressed, since" in form(press.newsroom.editor, story)


def test_a_full_disk_is_told_though_nobody_could_write_it_down(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(settings.NEWSROOM.data)
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: usage._replace(free=4096))

    assert "The disk does not take new pages. Readers see the last good ones. The disk is full." in panel(
        press.newsroom.editor
    )
