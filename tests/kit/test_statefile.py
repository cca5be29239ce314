"""Small files that programs leave each other."""

import errno
from pathlib import Path

import pytest

from standfirst.kit.statefile import read_json, write_json


def test_what_was_written_is_read(tmp_path):
    file = tmp_path / "said.json"
    file.write_text('{"at": 1}')

    write_json(file, {"at": 2, "who": "Олена"})

    assert read_json(file) == {"at": 2, "who": "Олена"}
    assert [one.name for one in tmp_path.iterdir()] == ["said.json"]


@pytest.mark.parametrize(
    "damaged",
    [b"", b"{", b'{"at": 1', b"\xff\xfe{}", b"[1, 2]", b'"at"', b"null", b"[" * 100_000],
    ids=["empty", "cut", "cut later", "no UTF-8", "a list", "a text", "nothing", "too deep"],
)
def test_a_damaged_file_says_nothing(tmp_path, damaged):
    file = tmp_path / "said.json"
    file.write_bytes(damaged)

    assert read_json(file) == {}


def test_a_missing_file_says_nothing(tmp_path):
    (tmp_path / "folder").mkdir()

    assert read_json(tmp_path / "nowhere" / "said.json") == {}
    assert read_json(tmp_path / "folder") == {}


def test_a_private_file_is_its_owners_alone(tmp_path):
    write_json(tmp_path / "said.json", {}, mode=0o600)

    assert (tmp_path / "said.json").stat().st_mode & 0o777 == 0o600


def test_what_cannot_be_written_leaves_the_old_one(tmp_path):
    file = tmp_path / "said.json"
    write_json(file, {"at": 1})

    with pytest.raises(TypeError):
        write_json(file, {"at": object()})

    assert read_json(file) == {"at": 1}
    assert [one.name for one in tmp_path.iterdir()] == ["said.json"]


def test_a_full_disk_leaves_the_old_one_and_nothing_half(tmp_path, monkeypatch):
    file = tmp_path / "said.json"
    write_json(file, {"at": 1})

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)

    with pytest.raises(OSError, match="No space left"):
        write_json(file, {"at": 2})

    assert read_json(file) == {"at": 1}
    assert [one.name for one in tmp_path.iterdir()] == ["said.json"]
