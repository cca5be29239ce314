"""What is kept about people goes when its time is over, and the doctor says so."""

import dataclasses
import time

import pytest

from standfirst.kit import keeping
from standfirst.kit.statefile import write_json
from standfirst.ops import doctor
from standfirst.ops.housekeeping import housekeeping

pytestmark = pytest.mark.django_db


def entered(monkeypatch, key, forget_due):
    holding = keeping.Holding(
        key, "x", "y", "z", keeping.CONSENT, keeping.nothing_given, keeping.nothing_erased, forget_due
    )
    monkeypatch.setitem(keeping._HOLDINGS, key, holding)


def test_the_daily_job_asks_every_holding_and_one_that_fails_stops_no_other(tmp_path, monkeypatch):
    def broken():
        raise RuntimeError("the room is on fire")

    entered(monkeypatch, "aaa.broken", broken)
    entered(monkeypatch, "zzz.due", lambda: 3)

    house = housekeeping(tmp_path)

    # Upkeep of the database fails inside a test's transaction.
    assert "what is due of aaa.broken: the room is on fire" in house.failed
    assert house.forgotten["zzz.due"] == 3
    assert set(house.forgotten) == {one.key for one in keeping.holdings() if one.forget_due} - {"aaa.broken"}


@pytest.mark.parametrize(
    ("said", "state", "words"),
    [
        (None, "ok", "has not run yet"),
        ({"age": 60, "forgotten": {"letterbox.letters": 3, "readers.codes": 0}}, "ok", ": 3 of letterbox.letters"),
        ({"age": 60, "forgotten": {}}, "ok", "nothing was due"),
        ({"age": 4 * 86_400, "forgotten": {}}, "problem", "some of it is kept too long"),
    ],
)
def test_the_doctor_says_what_was_deleted(tmp_path, settings, said, state, words):
    newsroom = dataclasses.replace(settings.NEWSROOM, folder=tmp_path)
    (newsroom.data / "run").mkdir(parents=True)
    if said:
        file = newsroom.data / "run" / "housekeeping.json"
        write_json(file, {"at": time.time() - said["age"], "forgotten": said["forgotten"]})

    [finding] = doctor._privacy(newsroom)

    assert (finding.what, finding.state) == ("privacy", state)
    assert words in finding.seen
