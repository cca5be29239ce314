"""The spool: sealed, in order, on the disk before a receipt, within its caps, and honest when it can take no more."""

import os
import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from standfirst.letterbox import spool
from standfirst.letterbox.errors import SpoolBusy, SpoolFull, SpoolShut

WORDS = {"text": "Слово до редакції", "reply_to": "iryna@example.org"}
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def data(tmp_path):
    spool.keys_make(data=tmp_path)
    return tmp_path


def put(data, **payload):
    return spool.spool_put(data=data, kind="letter", payload=payload or WORDS)


def waiting(data):
    return [spool.spool_open(data=data, file=file) for file in spool.spool_waiting(data=data)]


def numbers(data):
    return [item.payload["number"] for item in waiting(data)]


def test_what_is_put_in_comes_out_in_order(data):
    ids = [put(data, number=number) for number in range(12)]

    assert numbers(data) == list(range(12))
    assert [item.id for item in waiting(data)] == ids
    assert len(set(ids)) == 12
    assert {item.kind for item in waiting(data)} == {"letter"}


def test_order_is_kept_when_the_clock_is_set_back(data, monkeypatch):
    for number, now in enumerate((1_700_000_000, 1_600_000_000, 1_650_000_000)):
        monkeypatch.setattr(spool.time, "time", lambda now=now: now)
        put(data, number=number)

    assert numbers(data) == [0, 1, 2]


def test_nothing_of_it_can_be_read_without_the_private_key(data):
    put(data)

    (file,) = spool.spool_waiting(data=data)
    sealed = file.read_bytes()
    for word in ("Слово", "iryna", "example.org", "letter"):
        assert word.encode() not in sealed
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (data / "secrets" / "spool.key").unlink()
    with pytest.raises(spool.KeyMissing, match=r"spool\.key cannot be read: No such file"):
        spool.spool_open(data=data, file=file)


def test_the_same_words_look_different_each_time(data):
    put(data)
    put(data)

    one, other = (file.read_bytes() for file in spool.spool_waiting(data=data))
    assert one[12:] != other[12:]


def test_the_private_key_is_for_its_owner_alone_and_never_replaced(data):
    private, public = data / "secrets" / "spool.key", data / "secrets" / "spool.pub"
    before = private.read_bytes(), public.read_bytes()
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert stat.S_IMODE(private.parent.stat().st_mode) == 0o700

    assert spool.keys_make(data=data) is False
    public.unlink()
    assert spool.keys_make(data=data) is True

    assert (private.read_bytes(), public.read_bytes()) == before


def test_a_lost_key_is_not_replaced_while_items_wait_for_it(data):
    put(data)
    (data / "secrets" / "spool.key").unlink()

    assert spool.keys_make(data=data) is False
    with pytest.raises(SpoolShut, match=r"private key .* is missing"):
        put(data)
    assert "is missing" in spool.spool_state(data=data).trouble

    shutil.rmtree(data / "spool")
    assert spool.keys_make(data=data) is True
    assert spool.spool_state(data=data).trouble == ""
    put(data)


@pytest.mark.parametrize("damage", [b"", b"x" * 44, b"AAAA"])
def test_a_damaged_key_is_named_and_nothing_is_taken_for_a_damaged_public_one(data, damage):
    put(data)
    (file,) = spool.spool_waiting(data=data)
    for name in ("spool.key", "spool.pub"):
        key = data / "secrets" / name
        whole = key.read_bytes()
        key.write_bytes(damage)
        assert name in spool.spool_state(data=data).trouble
        if name == "spool.pub":
            with pytest.raises(SpoolShut, match="public key"):
                put(data)
        else:
            with pytest.raises(spool.KeyMissing, match="private key"):
                spool.spool_open(data=data, file=file)
        key.write_bytes(whole)
    assert len(waiting(data)) == 1


def test_halves_that_do_not_belong_together_are_named(data, tmp_path):
    spool.keys_make(data=tmp_path / "other")
    shutil.copy(tmp_path / "other" / "secrets" / "spool.pub", data / "secrets" / "spool.pub")

    assert "does not belong to" in spool.spool_state(data=data).trouble


@pytest.mark.parametrize("damage", ["short", "changed", "empty", "foreign", "folder", "other key"])
def test_a_file_that_cannot_be_opened_says_so(data, tmp_path, damage):
    put(data)
    (file,) = spool.spool_waiting(data=data)
    sealed = file.read_bytes()
    if damage == "folder":
        file.unlink()
        file.mkdir()
    elif damage == "other key":
        (data / "secrets" / "spool.key").unlink()
        (data / "secrets" / "spool.pub").unlink()
        file.rename(tmp_path / file.name)
        spool.keys_make(data=data)
        (tmp_path / file.name).rename(file)
    else:
        changed = {"short": sealed[:-1], "changed": sealed[:-1] + b"\0", "empty": b"", "foreign": b"x" * 300}
        file.write_bytes(changed[damage])

    with pytest.raises(spool.NotOpened):
        spool.spool_open(data=data, file=file)


def test_more_than_a_minute_holds_is_refused_and_the_next_minute_is_open(data, monkeypatch):
    monkeypatch.setattr(spool, "ITEMS_PER_MINUTE", 3)
    now = 1_700_000_000
    monkeypatch.setattr(spool.time, "time", lambda: now)
    for _ in range(3):
        put(data)

    with pytest.raises(SpoolBusy):
        put(data)

    assert len(waiting(data)) == 3
    now += 60
    put(data)
    assert len(waiting(data)) == 4


def test_more_than_the_disk_is_to_hold_is_refused(data, monkeypatch):
    monkeypatch.setattr(spool, "MEGABYTES", 1)
    monkeypatch.setattr(spool, "ITEMS_PER_MINUTE", 1000)

    for _ in range(256):
        put(data)
    with pytest.raises(SpoolFull, match="holds 1 MB"):
        put(data)

    assert len(waiting(data)) == 256, "a small letter takes a block of 4 kB on the disk"
    for file in spool.spool_waiting(data=data)[:128]:
        spool.spool_set_aside(file=file)
    with pytest.raises(SpoolFull):
        put(data)
    for file in spool.spool_waiting(data=data)[:1]:
        spool.spool_remove(file=file)
    put(data)


def test_a_disk_that_takes_nothing_is_a_refusal_and_leaves_nothing(data, monkeypatch):
    def full(_descriptor):
        raise OSError(28, "No space left on device")

    put(data)
    monkeypatch.setattr(spool.os, "fsync", full)
    with pytest.raises(SpoolShut, match="No space left on device"):
        put(data)

    assert len(list((data / "spool").iterdir())) == 1


def test_writers_in_many_threads_neither_lose_nor_exceed(data, monkeypatch):
    monkeypatch.setattr(spool, "ITEMS_PER_MINUTE", 40)
    taken, refused = [], []

    def write(writer):
        for number in range(8):
            try:
                taken.append(put(data, number=f"{writer}-{number}"))
            except SpoolBusy:
                refused.append(number)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(taken), len(refused)) == (40, 8)
    assert sorted(item.id for item in waiting(data)) == sorted(taken)
    assert [spool._number(file.name) for file in spool.spool_waiting(data=data)] == list(range(1, 41))


WRITER = """
import os, sys
from pathlib import Path
from standfirst.letterbox import spool
assert "django" not in sys.modules
data, first, die_at = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
steps = 0
def dying(act):
    def step(*args, **kwargs):
        global steps
        steps += 1
        if steps == die_at:
            os._exit(9)
        return act(*args, **kwargs)
    return step
os.fsync, os.open = dying(os.fsync), dying(os.open)
Path.rename, Path.mkdir = dying(Path.rename), dying(Path.mkdir)
for number in range(5):
    spool.spool_put(data=data, kind="letter", payload={"number": f"{first}{number}"})
    print(f"{first}{number}", flush=True)
"""


def writer(data, first, die_at=0):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(data), first, str(die_at)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_writers_in_two_processes_keep_each_its_order(data):
    both = [writer(data, first) for first in "ab"]
    for one in both:
        assert one.communicate(timeout=60)[0].count("\n") == 5

    found = numbers(data)
    assert len(found) == 10
    for first in "ab":
        assert [name for name in found if name.startswith(first)] == [f"{first}{number}" for number in range(5)]


def test_a_writer_that_dies_at_any_step_keeps_every_receipt_it_gave(data):
    die_at, codes = 1, set()
    while 0 not in codes:
        shutil.rmtree(data / "spool", ignore_errors=True)
        dying = writer(data, "a", die_at)
        receipts = dying.communicate(timeout=60)[0].split()
        codes.add(dying.returncode)

        found = numbers(data)
        assert found[: len(receipts)] == receipts
        assert len(found) <= len(receipts) + 1, "only what was in hand may be there without a receipt"
        put(data, number="after")
        assert numbers(data) == [*found, "after"]
        assert not list((data / "spool").glob(".*.partial"))
        die_at += 1
    assert codes == {0, 9}
    assert die_at > 20


def test_a_spool_is_carried_over_to_a_restored_newsroom(data, tmp_path):
    target = tmp_path / "restored"
    spool.keys_make(data=target)
    put(target, number="of the backup")
    put(data, number="since")
    put(data, number="later")

    assert spool.spool_carry_over(source=data, target=target) == 2
    assert spool.spool_carry_over(source=data, target=target) == 2

    assert numbers(target) == ["of the backup", "since", "later"]
    assert stat.S_IMODE((target / "secrets" / "spool.key").stat().st_mode) == 0o600
    put(target, number="new")
    assert numbers(target)[-1] == "new"
    assert spool.spool_state(data=target).trouble == ""
    assert spool.spool_carry_over(source=tmp_path / "nowhere", target=target) == 0
