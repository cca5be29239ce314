"""What stands on every page is read again only after something was refreshed."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from standfirst.fronts import selectors
from standfirst.fronts.models import Masthead
from standfirst.press import kept, queue, services
from standfirst.press.models import PressedPage, PressState
from standfirst.press.render import render
from standfirst.press.shown import FRAME, changes_at, collecting, shows
from standfirst.stories.selectors import in_lists
from tests.press.keeping import AsIfOutside


@pytest.fixture
def paper(transactional_db, homes):
    kept.forget()
    queue.drain()
    return homes


def rename(name):
    masthead = Masthead.objects.get()
    masthead.name = name
    masthead.save()


def queries_of(read):
    with CaptureQueriesContext(connection) as queries:
        value = read()
    return len(queries), value


def test_a_render_reads_nothing_twice_while_nothing_is_refreshed(paper):
    before = selectors.masthead()

    with collecting():
        count, after = queries_of(lambda: [selectors.masthead(), selectors.masthead()])

    assert count == 1, "the number of the newest refresh, and no more"
    assert after == [before, before]
    assert after[0] is before


def test_a_change_shows_at_once_and_after_it_was_numbered(paper):
    selectors.masthead()

    rename("The Harbour Light")

    assert selectors.masthead().name == "The Harbour Light"
    queue.drain()
    assert selectors.masthead().name == "The Harbour Light"


def test_languages_are_kept_apart(paper):
    english, ukrainian = selectors.footer_pages("en"), selectors.footer_pages("uk")

    assert english
    assert ukrainian
    assert {page.locale.language_code for page in english} == {"en"}
    assert {page.locale.language_code for page in ukrainian} == {"uk"}


def test_inside_a_transaction_everything_is_read(paper):
    selectors.masthead()
    with transaction.atomic():
        Masthead.objects.update(name="Not yet")
        assert selectors.masthead().name == "Not yet"
        transaction.set_rollback(True)

    assert selectors.masthead().name == "The Lantern"


def test_a_page_shows_what_was_read_for_the_page_before_it(paper):
    def read():
        shows("tale:1")
        changes_at(moment)
        return "once upon a time"

    from django.utils import timezone

    moment = timezone.now()
    with collecting() as first:
        kept.kept("tale", read)
    with collecting() as second:
        kept.kept("tale", lambda: pytest.fail("It is kept already."))

    assert first.keys == second.keys == {"tale:1"}
    assert first.until == second.until == moment


def test_the_frame_goes_by_its_own_key_alone(paper):
    with collecting() as first:
        selectors.menu_sections()
    with collecting() as second:
        selectors.menu_sections()

    assert first.keys == second.keys == {FRAME}


def tale(key, telling):
    def read():
        shows(key)
        return telling

    return kept.kept(key, read)


def refreshed(*keys):
    with transaction.atomic():
        services.refresh(keys=set(keys))
    queue.drain()


def test_only_what_was_refreshed_is_read_again(paper):
    tale("tale:1", "old")
    tale("tale:2", "old")

    refreshed("tale:2", "tale:3")

    assert [tale("tale:1", "new"), tale("tale:2", "new")] == ["old", "new"]


def test_the_frame_is_read_again_with_everything_else(paper):
    tale("tale:1", "old")

    refreshed(FRAME)

    assert tale("tale:1", "new") == "new"


def test_what_was_read_before_a_refresh_and_kept_after_it_is_not_trusted(paper):
    def slow():
        shows("tale:1")
        refreshed("tale:1")
        tale("tale:2", "somebody else asks, and so the refresh is looked at")
        return "old"

    kept.kept("tale:1", slow)

    assert tale("tale:1", "new") == "new"


def test_when_refreshes_were_pruned_nothing_is_trusted(paper):
    tale("tale:1", "old")
    PressState.objects.update(number=5_000, forgotten=4_000)

    assert tale("tale:1", "new") == "new"


def test_no_more_is_kept_than_fits_and_what_was_not_asked_for_longest_goes_first(paper, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 200)
    for number in range(kept.MOST + 10):
        kept.kept(number, lambda: "small")
    kept.kept("large", lambda: "large", weight=kept.MOST // 2)

    assert kept._memory.weight <= kept.MOST
    assert kept.kept("large", lambda: "again") == "large"
    assert kept.kept(kept.MOST + 9, lambda: "again") == "small"
    assert kept.kept(0, lambda: "again") == "again"

    for number in range(kept.MOST - kept.MOST // 2):
        kept.kept("large", lambda: "again")
        kept.kept(("later", number), lambda: "small")
    assert kept.kept("large", lambda: "again") == "large"
    assert kept.kept(kept.MOST + 9, lambda: "again") == "again"


def test_a_page_shows_the_same_whether_it_was_read_or_kept(press, monkeypatch):
    """What is kept has its keys with it: a page that was given it is pressed anew like the one that read it."""
    monkeypatch.setattr(kept, "connection", AsIfOutside())
    paths = list(PressedPage.objects.filter(status=200).order_by("path").values_list("path", flat=True))
    read = {}
    for path in paths:
        kept.forget()
        read[path] = render(path)
    shared = {path: render(path) for path in paths}

    assert len(paths) > 50
    for path in paths:
        assert (path, shared[path].keys ^ read[path].keys) == (path, set())
        assert (path, shared[path].until, shared[path].body) == (path, read[path].until, read[path].body)


def test_a_line_of_a_front_is_read_once_for_all_fronts(press, monkeypatch):
    monkeypatch.setattr(kept, "connection", AsIfOutside())
    pks = [story.pk for story in press.newsroom.noise[:3]]
    kept.forget()
    before = {story.pk: story for story in in_lists(pks)}

    with transaction.atomic():
        services.refresh(keys={f"story:{pks[0]}"})
    queue.drain()
    after = {story.pk: story for story in in_lists(pks)}

    assert [after[pk] is before[pk] for pk in pks] == [False, True, True]
