"""What is made once per release is made anew exactly when something it was made from has changed."""

from __future__ import annotations

import sqlite3
from importlib import metadata
from pathlib import Path

from django.apps import apps

from standfirst.ops import built


def test_the_key_knows_every_package_that_brings_migrations_or_static_files():
    owner = metadata.packages_distributions()
    bringing = set()
    for app in apps.get_app_configs():
        folder = Path(app.path)
        if not app.name.startswith("standfirst.") and any(
            (folder / name).is_dir() for name in ("migrations", "static")
        ):
            bringing.update(owner[app.name.partition(".")[0]])

    assert bringing <= set(built.BRING_ALONG)


def test_a_template_is_a_migrated_database_in_one_file(tmp_path):
    for name in ("one.sqlite3", "two.sqlite3"):
        (tmp_path / f"{name}-wal").write_bytes(b"left by another")
        built.template_database(tmp_path / name)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.sqlite3", "two.sqlite3"]
    with sqlite3.connect(tmp_path / "two.sqlite3") as database:
        ((count,),) = database.execute("SELECT count(*) FROM django_migrations").fetchall()
    database.close()
    assert count > 150


def test_static_files_of_an_older_release_stay_and_compressed_copies_lie_beside(tmp_path):
    (tmp_path / "old.0123456789ab.css").write_text("old", encoding="utf-8")

    built.static_files(tmp_path)

    assert (tmp_path / "old.0123456789ab.css").exists()
    assert (tmp_path / "staticfiles.json").exists()
    script = next(file for file in tmp_path.rglob("*.js") if file.stat().st_size > 5000)
    assert script.with_name(script.name + ".br").exists()
    assert script.with_name(script.name + ".gz").exists()


def test_static_files_that_no_release_needs_go_a_month_after_the_upgrade_that_retired_them(tmp_path, monkeypatch):
    old, needed = tmp_path / "theme" / "old.0123456789ab.css", tmp_path / "staticfiles.json"
    old.parent.mkdir()
    old.write_text("old", encoding="utf-8")
    now = built.time.time()
    built.static_files(tmp_path)

    for days, is_there in ((29, True), (31, False)):
        monkeypatch.setattr(built.time, "time", lambda days=days: now + days * 86_400)
        built.static_files(tmp_path)

        assert old.exists() is is_there
    assert needed.exists()
