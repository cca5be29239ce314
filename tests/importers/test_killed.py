"""Killed anywhere and started again: the newsroom is the same as after an import that nobody disturbed.

Real processes and kill -9, because what a dying process leaves behind is the point.
"""

import json
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from tests.importers.wxr import export, item
from tests.ops.conftest import environ

TEXTS = 330
NEW = ("new", "--name", "X", "--base-url", "", "--language", "en,uk", "--editor-email", "olena@lantern.example")


def command(folder, *arguments):
    return [sys.executable, "-m", "standfirst.cli", "--newsroom", str(folder), *map(str, arguments)]


def done(folder, *arguments):
    ran = subprocess.run(
        command(folder, *arguments), env=environ(), capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def founded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("founded") / "lantern"
    done(folder, *NEW)
    return folder


def archive(folder):
    """Texts that link forwards and backwards, some drafts, some pages, one left out."""
    items = []
    for number in range(1, TEXTS + 1):
        there = (number * 37) % TEXTS + 1
        content = f'<p>Text {number}, <a href="/post-{there}/">see {there}</a>, <a href="/page-7/">ours</a>.</p>'
        kind = "page" if number % 50 == 7 else "post"
        link = f"https://old.example/page-{number}/" if kind == "page" else None
        status = "private" if number % 40 == 3 else "publish"
        items.append(
            item(
                number,
                f"Title {number}",
                content,
                kind=kind,
                link=link,
                status=status,
                when=f"2024-{number % 12 + 1:02}-04 09:30:00",
            )
        )
    return export(folder, *items, item(9999, "An event", kind="event"))


def dump(folder):
    """All that an import made, without the numbers that may differ."""
    with closing(sqlite3.connect(folder / "data" / "standfirst.sqlite3")) as db:
        rows = lambda sql: db.execute(sql).fetchall()  # noqa: E731
        names = dict(rows("SELECT id, title FROM wagtailcore_page"))
        bodies = {
            (names[pk], path, live): re.sub(
                r'linktype=\\"page\\" id=\\"(\d+)\\"', lambda m: f"to {names.get(int(m[1]))}", _without_ids(body)
            )
            for pk, path, live, body in rows(
                "SELECT p.id, s.public_path, p.live, s.body FROM stories_storypage s "
                "JOIN wagtailcore_page p ON p.id = s.page_ptr_id"
            )
        }
        return {
            "bodies": bodies,
            "pages": sorted(rows("SELECT path_in_language FROM fronts_standingpage")),
            "versions": sorted(
                (names[story], number) for story, number in rows("SELECT story_id, number FROM stories_publicversion")
            ),
            "redirects": sorted(
                (old, link, names.get(page))
                for old, link, page in rows(
                    "SELECT old_path, redirect_link, redirect_page_id FROM wagtailredirects_redirect"
                )
            ),
            "remembered": sorted(rows("SELECT kind, foreign_id FROM importers_importeditem")),
            "children": sorted(
                numchild == count
                for numchild, count in rows(
                    "SELECT p.numchild, (SELECT COUNT(*) FROM wagtailcore_page c WHERE c.depth = p.depth + 1 "
                    "AND substr(c.path, 1, length(p.path)) = p.path) FROM wagtailcore_page p"
                )
            ),
            "sections": sorted(rows("SELECT slug FROM stories_section")),
            "bylines": sorted(rows("SELECT name FROM people_byline")),
        }


def _without_ids(body):
    return re.sub(r'data-block-key=\\"[a-z0-9]+\\"', "", re.sub(r'"id": "[0-9a-f-]{36}"', "", body))


def moves(folder):
    with closing(sqlite3.connect(folder / "data" / "standfirst.sqlite3")) as db:
        return db.execute(
            "SELECT m.state, (SELECT COUNT(*) FROM importers_moveentry e WHERE e.move_id = m.id) "
            "FROM importers_move m ORDER BY m.id"
        ).fetchall()


def test_killed_at_random_places_and_started_again_it_is_whole(founded, tmp_path):
    file = archive(tmp_path)
    undisturbed, disturbed = tmp_path / "undisturbed", tmp_path / "disturbed"
    for folder in (undisturbed, disturbed):
        shutil.copytree(founded, folder, symlinks=True)
    began = time.monotonic()
    whole = json.loads(done(undisturbed, "import", "wordpress", file, "--json"))
    took = time.monotonic() - began
    dice = random.Random(4)
    kills = 0

    while kills < 5:
        process = subprocess.Popen(
            command(disturbed, "import", "wordpress", file), env=environ(), stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            process.wait(took * dice.uniform(0.35, 0.9))
            break
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
    done(disturbed, "import", "wordpress", file)
    last = json.loads(done(disturbed, "import", "wordpress", file, "--json"))

    assert whole["totals"]["published"] + whole["totals"]["drafts"] + whole["totals"]["pages"] == TEXTS
    assert last["totals"] == {"unchanged": TEXTS, "left_out": 1}
    assert kills >= 1
    assert dump(disturbed) == dump(undisturbed)
    assert all(dump(disturbed)["children"])
    assert [state for state, _entries in moves(disturbed)][-2:] == ["finished", "finished"]
    assert "running" not in [state for state, _entries in moves(disturbed)]


def test_a_folder_of_parts_is_one_export_and_a_wrong_name_says_what_to_do(founded, tmp_path):
    folder, parts = tmp_path / "lantern", tmp_path / "parts"
    shutil.copytree(founded, folder, symlinks=True)
    parts.mkdir()
    export(parts, item(1, "Ferry", "<p>It sails.</p>"), name="site.000.xml")
    export(parts, item(2, "Quay", "<p>It stands.</p>"), name="site.001.xml")

    told = done(folder, "import", "wordpress", parts)

    assert "Ferry" in str(dump(folder))
    assert "Quay" in str(dump(folder)), told
    wrong = subprocess.run(
        command(folder, "import", "wordpress", tmp_path / "nowhere.xml"), env=environ(), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert wrong.returncode == 1
    assert wrong.stderr.strip().endswith("Look at its name with ls, or give the whole path.")


def test_a_second_import_at_once_is_refused_and_the_first_goes_on(founded, tmp_path):
    folder = tmp_path / "lantern"
    shutil.copytree(founded, folder, symlinks=True)
    file = archive(tmp_path)
    first = subprocess.Popen(
        command(folder, "import", "wordpress", file), env=environ(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 60
    while not (folder / "data" / "importing.lock").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    first.send_signal(signal.SIGSTOP)

    second = subprocess.run(
        command(folder, "import", "wordpress", file), env=environ(), capture_output=True, text=True, check=False
    )

    first.send_signal(signal.SIGCONT)
    assert first.wait(120) == 0
    first.stderr.close()
    assert second.returncode == 1
    assert "Another import is at work in this newsroom." in second.stderr
    assert "Traceback" not in second.stderr
    assert [state for state, _entries in moves(folder)] == ["finished"]
