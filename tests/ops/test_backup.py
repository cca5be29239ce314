"""One file with everything, and back again: checked before anything is touched, whole after any kill."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import sqlite3
import stat
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest

from tests.ops.conftest import EDITOR, environ, fetch, standfirst


def contents(folder: Path) -> dict[str, str]:
    """Digest of every file that a backup keeps, and of what the database holds."""
    found = {}
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        left_out = name.startswith(("data/run", "data/static", "data/cache", "data/backups", "data/standfirst.sqlite3"))
        if file.is_file() and not left_out:
            found[name] = hashlib.sha256(file.read_bytes()).hexdigest()
    with sqlite3.connect(folder / "data" / "standfirst.sqlite3") as database:
        dump = "\n".join(database.iterdump())
    database.close()
    found["database"] = hashlib.sha256(dump.encode()).hexdigest()
    return found


@pytest.fixture
def filled(newsroom: Path) -> Path:
    for name, text in {"originals/photo.jpg": "original", "public/photo.width-800.jpg": "rendition"}.items():
        file = newsroom / "data" / "media" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return newsroom


def backup(newsroom: Path, file: Path, *more: str) -> dict:
    done = standfirst("--newsroom", newsroom, "backup", file, "--json", *more)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", ["lantern.tar", "lantern.tar.gz"])
def test_a_backup_restored_elsewhere_is_the_same_newsroom(filled, tmp_path, name):
    file = tmp_path / name

    said = backup(filled, file)
    restored = standfirst("--newsroom", tmp_path / "other", "restore", file)

    assert restored.returncode == 0, restored.stderr
    assert contents(tmp_path / "other") == contents(filled)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "other" / "standfirst.toml").stat().st_mode) == 0o600
    assert said["files"] == len(contents(filled))
    assert EDITOR in standfirst("--newsroom", tmp_path / "other", "people", "list").stdout


def test_a_running_newsroom_is_backed_up_and_its_backup_runs(filled, tmp_path, serving):
    running = serving(filled)

    backup(filled, tmp_path / "lantern.tar")
    refused = standfirst("--newsroom", filled, "restore", tmp_path / "lantern.tar", "--yes")
    assert standfirst("--newsroom", tmp_path / "other", "restore", tmp_path / "lantern.tar").returncode == 0
    other = serving(tmp_path / "other")

    assert refused.returncode == 1
    assert refused.stderr == f"The newsroom in {filled} is running. Stop it first.\n"
    assert fetch(f"{running.url}/healthz")[0] == fetch(f"{other.url}/healthz")[0] == 200


def test_restoring_over_a_newsroom_wants_yes_and_keeps_the_old_one(filled, tmp_path):
    backup(filled, tmp_path / "lantern.tar")
    then = contents(filled)
    (filled / "data" / "media" / "originals" / "later.jpg").write_text("later", encoding="utf-8")
    standfirst("--newsroom", filled, "people", "add", "later@lantern.example")
    now = contents(filled)

    refused = standfirst("--newsroom", filled, "restore", tmp_path / "lantern.tar")
    assert refused.returncode == 1
    assert "Say --yes" in refused.stderr
    assert contents(filled) == now

    done = standfirst("--newsroom", filled, "restore", tmp_path / "lantern.tar", "--yes", "--json")
    assert done.returncode == 0, done.stderr
    assert contents(filled) == then
    assert contents(Path(json.loads(done.stdout)["before"])) == now


def rewritten(source: Path, target: Path, change) -> Path:
    """A backup with something changed on the way."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for entry in old:
            body = old.extractfile(entry).read()
            for name, text in change(entry.name, body):
                made = tarfile.TarInfo(name)
                made.size, made.mode = len(text), 0o600
                new.addfile(made, io.BytesIO(text))
    return target


def _one_byte(name, body):
    return [(name, b"X" + body[1:] if name.endswith("photo.jpg") else body)]


def _less(name, body):
    return [] if name.endswith("photo.jpg") else [(name, body)]


def _more(name, body):
    return [(name, body), ("data/media/public/extra.html", b"!")] if name == "standfirst.toml" else [(name, body)]


def _outside(name, body):
    return [("../../escaped", b"!"), (name, body)] if name == "standfirst.toml" else [(name, body)]


def _absolute(name, body):
    return [("/escaped", b"!"), (name, body)] if name == "standfirst.toml" else [(name, body)]


def _no_list(name, body):
    return [] if name == "manifest.json" else [(name, body)]


def _newer(name, body):
    if name != "manifest.json":
        return [(name, body)]
    return [(name, json.dumps({**json.loads(body), "format": 99, "standfirst": "9.0"}).encode())]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_one_byte, "data/media/originals/photo.jpg is not what was put in"),
        (_less, "data/media/originals/photo.jpg is missing from it"),
        (_more, "data/media/public/extra.html is not what was put in"),
        (_outside, "which leads outside"),
        (_absolute, "which leads outside"),
        (_no_list, "its list of contents is missing"),
        (_newer, "was made by Standfirst 9.0, which is newer"),
    ],
)
def test_a_backup_that_is_not_what_was_made_touches_nothing(filled, tmp_path, change, sentence):
    backup(filled, tmp_path / "lantern.tar")
    bad = rewritten(tmp_path / "lantern.tar", tmp_path / "bad.tar", change)
    before = contents(filled)

    refused = standfirst("--newsroom", filled, "restore", bad, "--yes")

    assert refused.returncode == 1
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr
    assert contents(filled) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.9])
def test_a_backup_cut_short_touches_nothing(filled, tmp_path, kept):
    backup(filled, tmp_path / "lantern.tar")
    whole = (tmp_path / "lantern.tar").read_bytes()
    (tmp_path / "cut.tar").write_bytes(whole[: int(len(whole) * kept)])
    before = contents(filled)

    refused = standfirst("--newsroom", filled, "restore", tmp_path / "cut.tar", "--yes")

    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert contents(filled) == before


def test_a_killed_backup_leaves_no_file_and_a_killed_restore_a_whole_newsroom(filled, tmp_path):
    heavy = filled / "data" / "media" / "originals" / "heavy.bin"
    heavy.write_bytes(b"\0" * 120_000_000)
    backup(filled, tmp_path / "lantern.tar")
    before = contents(filled)

    for command, pauses in (("backup", (0.25, 0.4)), ("restore", (0.2, 0.35, 0.5, 0.8))):
        for pause in pauses:
            file = tmp_path / ("never.tar" if command == "backup" else "lantern.tar")
            words = [sys.executable, "-m", "standfirst.cli", "--newsroom", str(filled), command, str(file), "--yes"]
            process = subprocess.Popen(words, env=environ(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(pause)
            process.kill()
            process.wait()

            if command == "backup" and (tmp_path / "never.tar").exists():
                assert standfirst("--newsroom", tmp_path / "n", "restore", tmp_path / "never.tar").returncode == 0
                shutil.rmtree(tmp_path / "n")
                (tmp_path / "never.tar").unlink()
            assert contents(filled) == before
    # What the killed ones left is swept up by the next.
    assert standfirst("--newsroom", filled, "restore", tmp_path / "lantern.tar", "--yes").returncode == 0
    backup(filled, tmp_path / "lantern.tar", "--yes")
    assert [path.name for path in tmp_path.glob(".*")] == []
    assert list((filled / "data" / "run").glob("backup-*")) == []


def test_a_backup_is_not_replaced_unasked_nor_laid_into_the_data_it_saves(filled, tmp_path):
    backup(filled, tmp_path / "lantern.tar")
    before = (tmp_path / "lantern.tar").read_bytes()

    again = standfirst("--newsroom", filled, "backup", tmp_path / "lantern.tar")
    inside = standfirst("--newsroom", filled, "backup", filled / "data" / "media" / "x.tar")

    assert (again.returncode, inside.returncode) == (1, 1)
    assert "exists already" in again.stderr
    assert "inside the newsroom's own data" in inside.stderr
    assert (tmp_path / "lantern.tar").read_bytes() == before
    backup(filled, tmp_path / "lantern.tar", "--yes")


def test_media_that_lay_elsewhere_come_back_into_the_newsroom(filled, tmp_path):
    elsewhere = tmp_path / "big-disk"
    shutil.move(filled / "data" / "media", elsewhere)
    settings = filled / "standfirst.toml"
    settings.write_text(f'media_store = "{elsewhere}"\n' + settings.read_text(encoding="utf-8"), encoding="utf-8")
    settings.chmod(0o600)

    backup(filled, tmp_path / "lantern.tar")
    shutil.rmtree(elsewhere)
    assert standfirst("--newsroom", tmp_path / "other", "restore", tmp_path / "lantern.tar").returncode == 0

    assert (tmp_path / "other" / "data" / "media" / "originals" / "photo.jpg").read_text() == "original"
    assert 'media_store = ""' in (tmp_path / "other" / "standfirst.toml").read_text(encoding="utf-8")
