"""From the spool to the desk: each letter exactly once, whatever dies on the way."""

import datetime as dt
import itertools

import pytest
from django.db import DataError, InterfaceError, OperationalError, connection

from standfirst.letterbox import delivery, services, spool
from standfirst.letterbox.models import Letter

pytestmark = pytest.mark.django_db


def put(data, text, **more):
    letter = {"token": "", "kind": "contact", "language": "uk", "text": text, "is_spam": False}
    return spool.spool_put(data=data, kind="letter", payload=letter | more)


def texts():
    return list(Letter.objects.order_by("pk").values_list("text", flat=True))


def broken(data):
    return list((data / "spool" / "broken").glob("*"))


class Crash(BaseException):
    """The process dies here: nothing after it is done."""


def test_letters_arrive_in_order_with_the_time_at_which_they_were_sent(data, monkeypatch):
    sent = dt.datetime(2026, 11, 1, 3, 0, tzinfo=dt.UTC)
    monkeypatch.setattr(spool.time, "time", sent.timestamp)
    ids = [put(data, text) for text in ("One", "Two", "Three")]
    monkeypatch.undo()

    assert delivery.spool_deliver(data=data) is None

    assert texts() == ["One", "Two", "Three"]
    assert list(Letter.objects.order_by("pk").values_list("spool_id", flat=True)) == ids
    assert set(Letter.objects.values_list("received_at", "language", "state")) == {(sent, "uk", "new")}
    assert spool.spool_waiting(data=data) == []
    assert delivery.spool_deliver(data=data) is None
    assert len(texts()) == 3


@pytest.mark.django_db(transaction=True)
def test_a_crash_at_any_step_neither_loses_nor_doubles_a_letter(data, monkeypatch):
    """Every call that changes anything, or is followed by one, is a place to die, before it and after it."""
    places = [
        (spool, "spool_open"),
        (services, "letter_receive"),
        (Letter.objects, "create"),
        (connection, "savepoint_commit"),
        (connection, "commit"),
        (spool, "spool_remove"),
    ]
    wanted = [f"Letter {number}" for number in range(4)]

    def deliver_dying(die_at):
        steps = itertools.count(1)

        def count():
            if next(steps) == die_at:
                connection.close()  # as the kernel does for the dead
                raise Crash

        def dying(act):
            def step(*args, **kwargs):
                count()
                value = act(*args, **kwargs)
                count()
                return value

            return step

        with monkeypatch.context() as patch:
            for owner, name in places:
                patch.setattr(owner, name, dying(getattr(owner, name)))
            delivery.spool_deliver(data=data)

    monkeypatch.setattr(spool, "ITEMS_PER_MINUTE", 1000)
    for die_at in itertools.count(1):
        Letter.objects.all().delete()
        for text in wanted:
            put(data, text)
        survived = True
        try:
            deliver_dying(die_at)
        except Crash:
            survived = False
        delivery.spool_deliver(data=data)
        assert texts() == wanted, f"after dying at step {die_at}"
        assert spool.spool_waiting(data=data) == []
        if survived:
            break
    assert die_at > 4 * 2 * len(places)


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_while_the_database_is_away_everything_waits_and_nothing_is_set_aside(data, error):
    put(data, "One")
    put(data, "Two")

    def gone(*_args):
        raise error("server closed the connection")

    with connection.execute_wrapper(gone):
        again = delivery.spool_deliver(data=data)

    assert dt.timedelta(0) < again - dt.datetime.now(dt.UTC) <= dt.timedelta(seconds=delivery.AGAIN_SECONDS)
    assert len(spool.spool_waiting(data=data)) == 2
    assert broken(data) == []
    assert delivery.spool_deliver(data=data) is None
    assert texts() == ["One", "Two"]


def test_what_cannot_be_delivered_is_set_aside_and_holds_up_no_other(data, monkeypatch, caplog):
    put(data, "Damaged words")
    (damaged,) = spool.spool_waiting(data=data)
    damaged.write_bytes(damaged.read_bytes()[:-3])
    spool.spool_put(data=data, kind="telegram", payload={})
    put(data, "x", unheard_of="field")
    put(data, "Too much for the database")
    put(data, "Good")
    receive = services.letter_receive

    def receiving(**letter):
        if letter["text"].startswith("Too much"):
            raise DataError("value too long")
        return receive(**letter)

    monkeypatch.setattr(services, "letter_receive", receiving)
    assert delivery.spool_deliver(data=data) is None

    assert texts() == ["Good"]
    assert len(broken(data)) == spool.spool_state(data=data).broken == 4
    said = caplog.text
    for why in ("it is damaged", "nobody here receives 'telegram'", "TypeError", "DataError"):
        assert why in said
    assert "words" not in said
    monkeypatch.undo()
    for file in broken(data):
        file.rename(data / "spool" / file.name)
    delivery.spool_deliver(data=data)
    assert texts() == ["Good", "Too much for the database"], "put back, it is tried again"
    assert len(broken(data)) == 3


def test_a_missing_key_is_said_and_nothing_is_set_aside(data):
    put(data, "One")
    key = data / "secrets" / "spool.key"
    kept = key.read_bytes()
    key.unlink()

    with pytest.raises(spool.KeyMissing):
        delivery.spool_deliver(data=data)

    assert len(spool.spool_waiting(data=data)) == 1
    key.write_bytes(kept)
    delivery.spool_deliver(data=data)
    assert texts() == ["One"]


def test_a_letter_that_was_saved_after_all_is_not_delivered_again(data):
    """The connection broke while the database said yes: the reader's letter is there and in the spool."""
    same = {"token": "form", "kind": "contact", "language": "en", "text": "Once", "is_spam": False}
    services.letter_receive(**same)
    put(data, **same)
    put(data, **same)

    delivery.spool_deliver(data=data)

    assert texts() == ["Once"]
    assert spool.spool_waiting(data=data) == []


def test_an_empty_spool_asks_the_database_nothing(data, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert delivery.spool_deliver(data=data) is None
