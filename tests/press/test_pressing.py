"""A change presses exactly the pages that show it; what is stored is what a fresh render gives."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from standfirst.fronts.models import HomePage, Masthead, StandingPage
from standfirst.fronts.selectors import masthead
from standfirst.press import queue, verify
from standfirst.press.models import PressedPage, Refresh
from standfirst.press.pressing import demand, press_page
from standfirst.stories.models import RecordEntry, Section, StoryPage
from standfirst.stories.services import story_draft, story_publish, story_withdraw
from tests.press.conftest import Press

pytestmark = pytest.mark.django_db


def differences() -> list[str]:
    return [f"{found.kind} {found.path}: {found.told}" for found in verify.differences()]


def wanted() -> set[str]:
    queue.drain()
    return set(PressedPage.objects.filter(wanted_at__isnull=False).values_list("path", flat=True))


def file_of(press: Press, path: str, suffix: str) -> Path:
    file = press.store.file(path)
    return file.with_name(file.name + suffix)


def test_a_paper_that_was_just_founded_lies_ready(press: Press) -> None:
    story = press.newsroom.noise[0]

    assert story.title in press.text(story.public_path)
    assert story.title in press.text(f"{story.public_path}text/")
    assert story.title in press.text("/")
    assert "404" in press.text("/-/404/")
    assert '<html lang="uk"' in press.text("/-/uk/410/")
    assert press.text("/sitemap.xml").startswith("<?xml")
    assert "Sitemap:" in press.text("/robots.txt")
    assert differences() == []
    assert press.run() == 0


def test_a_published_story_appears_wherever_it_belongs_and_presses_nothing_else(press: Press) -> None:
    before = dict(PressedPage.objects.values_list("path", "pressed_at"))

    story = press.newsroom.publish("The tram runs again", section=press.newsroom.city, tags=["Trams"])
    press.run()

    for path in (
        story.public_path,
        f"{story.public_path}text/",
        "/",
        "/text/",
        "/city/",
        "/authors/taras-melnyk/",
        "/tags/trams/",
        "/archive/",
        "/feed/rss",
        "/city/feed/atom",
        "/news-sitemap.xml",
    ):
        assert "The tram runs again" in press.text(path), path
    assert story.public_path in press.text(f"/sitemap-{story.first_published_at:%Y-%m}.xml")
    assert differences() == []
    after = dict(PressedPage.objects.values_list("path", "pressed_at"))
    for path in ("/privacy/", "/world/", "/uk/", "/world/feed/rss", "/-/404/", "/robots.txt"):
        assert after[path] == before[path], path
    # The paper's own feeds tell the head of the record, which grows with every version.
    assert RecordEntry.objects.latest("number").hash in press.text("/uk/feed/atom")


def test_a_changed_headline_is_changed_on_every_page_that_shows_it(press: Press) -> None:
    story = press.newsroom.publish("The tram runs again")
    press.run()

    story.title = "The tram runs every ten minutes"
    story.save_revision()
    story_publish(story=story, editor=press.newsroom.editor, label="update")
    press.run()

    assert not [path for path in press.store.paths() if "The tram runs again" in press.text(path)]
    assert "every ten minutes" in press.text("/city/")
    assert differences() == []


def test_a_draft_of_a_public_story_presses_nothing(press: Press) -> None:
    story = press.newsroom.publish("The tram runs again")
    press.run()

    story.title = "A line nobody has approved"
    story.save_revision()

    assert wanted() == set()
    assert Refresh.objects.filter(number=None).count() == 0


def test_a_story_moved_to_another_section_leaves_no_trace_in_the_old_one(press: Press) -> None:
    story = press.newsroom.publish("The tram runs again", section=press.newsroom.city)
    press.run()

    story.section = press.newsroom.world
    story.save_revision()
    story_publish(story=story, editor=press.newsroom.editor, label="update")
    press.run()

    assert "The tram runs again" not in press.text("/city/")
    assert "The tram runs again" not in press.text("/city/feed/rss")
    assert "The tram runs again" in press.text("/world/")
    assert differences() == []


def test_a_withdrawn_story_is_gone_from_the_store_before_anything_is_pressed_anew(press: Press) -> None:
    story = press.newsroom.publish("The tram runs again")
    press.run()

    story_withdraw(story=story, editor=press.newsroom.editor)
    queue.drain()

    assert not [path for path in press.store.paths() if "The tram runs again" in press.text(path)]
    press.run()
    assert not [path for path in press.store.paths() if "The tram runs again" in press.text(path)]
    assert story.public_path in press.store.gone()
    assert demand(story.public_path).status == 410
    assert differences() == []


def test_a_story_that_comes_back_is_no_longer_among_the_withdrawn(press: Press) -> None:
    story = press.newsroom.publish("The tram runs again")
    story_withdraw(story=story, editor=press.newsroom.editor)
    press.run()

    story_publish(story=StoryPage.objects.get(pk=story.pk), editor=press.newsroom.editor)
    press.run()

    assert press.store.gone() == []
    assert "The tram runs again" in press.text(story.public_path)
    assert "The tram runs again" in press.text("/")
    assert differences() == []


def test_an_address_changed_by_its_slug_leaves_the_old_one_to_a_redirect(press: Press) -> None:
    story = press.newsroom.publish("The tram runs again")
    press.run()
    old = story.public_path

    story.slug = "tram-line-two"
    story.save_revision()
    story_publish(story=story, editor=press.newsroom.editor, label="update")
    story.refresh_from_db()
    press.run()

    assert story.public_path != old
    assert press.text(old) == "" == press.text(f"{old}text/")
    assert "The tram runs again" in press.text(story.public_path)
    assert f'"{old.rstrip("/")}" "{story.public_path}";' in press.text("/-/moved.map")
    assert not [path for path in press.store.paths() if old in press.text(path) and not path.startswith("/-/")]
    assert differences() == []


def test_translations_name_each_other_from_the_moment_both_are_public(press: Press) -> None:
    story = press.newsroom.publish("The tram runs again")
    press.run()

    twin = story_draft(
        headline="Трамвай знову ходить",
        language="uk",
        section=press.newsroom.city,
        kind=press.newsroom.news,
        translation_of=story,
        author=press.newsroom.reporter,
        bylines=[press.newsroom.byline],
        body=[{"type": "text", "value": "<p>Міст закрили в понеділок.</p>"}],
    )
    story_publish(story=twin, editor=press.newsroom.editor)
    twin.refresh_from_db()
    press.run()

    assert twin.public_path in press.text(story.public_path)
    story_withdraw(story=twin, editor=press.newsroom.editor)
    press.run()
    assert twin.public_path not in press.text(story.public_path)
    assert differences() == []


def test_the_frame_presses_everything_and_serves_the_old_pages_meanwhile(press: Press) -> None:
    paper = Masthead.objects.get()
    paper.name = "The Evening Lantern"
    paper.save()

    assert wanted() == set(PressedPage.objects.values_list("path", flat=True))
    assert "The Lantern" in press.text("/")
    press.run()
    assert "The Evening Lantern" in press.text("/privacy/")
    assert differences() == []


def test_a_section_renamed_is_renamed_in_every_menu(press: Press) -> None:
    section = Section.objects.get(slug="city")
    section.title, section.slug = "Town", "town"
    section.save()
    press.run()

    assert press.text("/city/") == ""
    assert ">Town<" in press.text("/")
    assert ">Town<" in press.text("/privacy/")
    assert differences() == []


def test_a_standing_page_changes_alone_until_its_title_does(press: Press) -> None:
    page = StandingPage.objects.get(path_in_language="privacy", locale__language_code="en")
    page.body = "<p>We keep nothing about you.</p>"
    page.save_revision().publish()
    assert wanted() == {
        "/privacy/",
        "/privacy/text/",
        # They name each other as translations.
        "/uk/privacy/",
        "/uk/privacy/text/",
        "/sitemap-pages.xml",
    }
    press.run()

    page.title = "What we know about you"
    page.in_footer = True
    page.save_revision().publish()
    press.run()

    assert "What we know about you" in press.text("/")
    assert differences() == []


def test_the_home_page_changes_by_itself_when_a_slot_runs_out(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    old = press.newsroom.noise[0]
    home = HomePage.objects.get(locale__language_code="en")
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
    home.lead, home.lead_until = old, soon
    home.save()
    press.run()

    assert PressedPage.objects.get(path="/").valid_until == soon
    assert abs(queue.next_at() - soon) < dt.timedelta(seconds=1)


def test_a_new_old_address_is_on_the_map(press: Press) -> None:
    Redirect.objects.create(old_path="/2019/old-tram", redirect_link="/city/", is_permanent=True)
    Redirect.objects.create(old_path="/?p=12", redirect_link="/world/", is_permanent=False)
    press.run()

    assert press.text("/-/moved.map") == '"/2019/old-tram" "/city/";\n'
    assert press.text("/-/moved-temporarily.map") == '"/?p=12" "/world/";\n'


def test_a_page_is_pressed_for_its_first_reader_and_kept(press: Press) -> None:
    assert press.text("/archive/page/1/") == ""

    outcome = demand("/archive/page/1/")

    assert (outcome.status, outcome.kept) == (200, True)
    assert "Parliament adjourns early" in press.text("/archive/page/1/")
    press.newsroom.publish("The tram runs again")
    press.run()
    assert "The tram runs again" in press.text("/archive/page/1/")


@pytest.mark.parametrize(
    "path", ["/nothing/", "/2026/10/05/no-such-story/", "/archive/page/99/", "/PRIVACY/", "/a b/", "/tags/none/"]
)
def test_an_address_where_nothing_stands_leaves_nothing_behind(press: Press, path: str) -> None:
    before = set(press.store.paths())
    rows = PressedPage.objects.count()

    assert demand(path).status == 404

    assert set(press.store.paths()) == before
    assert PressedPage.objects.count() == rows


def test_a_failed_render_keeps_the_page_before_it_and_is_told(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    from standfirst.fronts import selectors

    good = press.text("/")

    def broken(home: HomePage) -> None:
        raise ValueError("The bench broke")

    monkeypatch.setattr(selectors, "home_arrangement", broken)
    press.newsroom.publish("The tram runs again")
    press.run()

    assert press.text("/") == good
    row = PressedPage.objects.get(path="/")
    assert (row.failures, row.wanted_at is not None, row.try_at is not None) == (1, True, True)
    assert "The bench broke" in row.failure
    assert [found.kind for found in verify.differences() if found.path == "/"] == ["failing"]
    monkeypatch.undo()
    PressedPage.objects.update(try_at=None)
    press.run()
    assert "The tram runs again" in press.text("/")
    assert differences() == []


@pytest.mark.parametrize("behind", [(".gz", ".br"), (".br",), ("", ".br"), ("",)])
def test_a_writer_killed_between_two_of_a_pages_files_leaves_none_behind_for_good(press: Press, behind) -> None:
    old = {suffix: file_of(press, "/privacy/", suffix).read_bytes() for suffix in ("", ".gz", ".br")}
    page = StandingPage.objects.get(path_in_language="privacy", locale__language_code="en")
    page.body = "<p>We keep nothing about you.</p>"
    page.save_revision().publish()
    press.run()
    new = {suffix: file_of(press, "/privacy/", suffix).read_bytes() for suffix in old}
    assert all(old[suffix] != new[suffix] for suffix in old)

    for suffix in behind:
        file_of(press, "/privacy/", suffix).write_bytes(old[suffix])
    press_page("/privacy/")

    assert {suffix: file_of(press, "/privacy/", suffix).read_bytes() for suffix in old} == new
    assert differences() == []


def test_a_change_during_a_render_is_not_lost(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    """The slow render reads the old headline; the change is drained before its page is stored."""
    from standfirst.press import pressing

    story = press.newsroom.publish("The tram runs again")
    press.run()
    real = pressing.render
    changed = []

    def slow(path: str, query: str = "") -> pressing.Rendered:
        rendered = real(path, query)
        if path == "/" and not changed:
            changed.append(True)
            story.title = "The tram stopped"
            story.save_revision()
            story_publish(story=story, editor=press.newsroom.editor, label="update")
            queue.drain()
        return rendered

    monkeypatch.setattr(pressing, "render", slow)
    press_page("/")
    assert "The tram runs again" in press.text("/")
    assert "/" in wanted()

    press.run()
    assert "The tram stopped" in press.text("/")
    assert differences() == []


def test_a_render_that_began_before_a_withdrawal_is_never_shown(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    from standfirst.press import pressing

    story = press.newsroom.publish("A name that must go")
    press.run()
    real = pressing.render
    seen = []

    def slow(path: str, query: str = "") -> pressing.Rendered:
        rendered = real(path, query)
        if path == "/" and not seen:
            seen.append(True)
            story_withdraw(story=story, editor=press.newsroom.editor)
            # By another process, which waits for our lock: here it only marks.
            monkeypatch.setattr(queue, "_take_away", lambda path: None)
            queue.drain()
        return rendered

    monkeypatch.setattr(pressing, "render", slow)
    press_page("/")

    assert "A name that must go" not in press.text("/")


def test_masthead_pictures_tie_every_page_to_them(press: Press) -> None:
    paper = Masthead.objects.get()
    paper.logo = press.newsroom.picture("Our mark")
    paper.save()
    press.run()

    logo = masthead().logo
    logo.title = "Our new mark"
    logo.save()

    assert "/privacy/" in wanted()


def test_what_was_pressed_by_a_clock_that_was_ahead_is_pressed_again(press: Press, settings: Any) -> None:
    from standfirst.ops.pressing import PressRound

    an_hour = dt.timedelta(hours=1)
    PressedPage.objects.filter(path="/privacy/").update(pressed_at=timezone.now() + an_hour)
    PressedPage.objects.filter(path="/archive/").update(
        pressed_at=timezone.now() + an_hour, wanted_at=timezone.now() + an_hour, try_at=timezone.now() + 2 * an_hour
    )

    PressRound(settings.NEWSROOM.folder)()

    assert not PressedPage.objects.filter(pressed_at__gt=timezone.now()).exists()
    assert not PressedPage.objects.filter(wanted_at__isnull=False).exists()


def test_a_pause_longer_than_any_was_set_by_a_clock_that_was_ahead(press: Press) -> None:
    now = timezone.now()
    PressedPage.objects.filter(path="/privacy/").update(wanted_at=now, try_at=now + dt.timedelta(days=1))
    PressedPage.objects.filter(path="/archive/").update(wanted_at=now, try_at=now + dt.timedelta(minutes=30))

    queue.run()

    assert wanted() == {"/archive/"}


def test_a_clock_put_back_is_seen_between_two_rounds(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from standfirst.ops import pressing

    looked: list[int] = []
    monkeypatch.setattr(queue, "want_those_ahead", lambda: looked.append(1))
    clock = {"time": 1_000_000.0, "monotonic": 10.0}
    monkeypatch.setattr(pressing.time, "time", lambda: clock["time"])
    monkeypatch.setattr(pressing.time, "monotonic", lambda: clock["monotonic"])
    this = pressing.PressRound(settings.NEWSROOM.folder)

    seen = []
    for put in (0.0, 3_600.0, -5.0, -3_600.0, 0.0):
        clock["time"] += 60 + put
        clock["monotonic"] += 60
        this._mind_the_clock()
        seen.append(len(looked))

    assert seen == [1, 1, 1, 2, 2]
