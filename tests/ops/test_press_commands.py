"""`standfirst press status`, `rebuild` and `verify`: what is stored, pressed anew, and compared."""

from __future__ import annotations

import json
from pathlib import Path

from tests.ops.conftest import fetch, in_newsroom, standfirst, until


def press(newsroom: Path, *arguments: object) -> tuple[int, dict]:
    done = standfirst("--newsroom", newsroom, "press", *arguments, "--json")
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


def stored(newsroom: Path, path: str) -> Path:
    return newsroom / "data" / "press" / "pages" / path[1:] / "index.html"


def spoil(newsroom: Path, path: str) -> None:
    """Another page lies where this one should, with compressed copies that agree."""
    program = f"from standfirst.press.pressing import the_store\nthe_store().write({path!r}, b'<p>An old page.</p>')"
    in_newsroom(newsroom, program)


def test_a_paper_that_does_not_run_is_pressed_compared_and_mended(newsroom):
    code, said = press(newsroom, "rebuild", "--now")
    assert code == 0
    assert said["pressed"] > 20
    assert "The Lantern" in stored(newsroom, "/").read_text(encoding="utf-8")

    code, said = press(newsroom, "status")
    assert code == 0
    assert said["stored"] > 20
    assert (said["waiting"], said["failing"], said["late"]) == (0, 0, 0)
    assert said["background_runs"] is False
    code, said = press(newsroom, "verify")
    assert (code, said["differences"], said["waiting"]) == (0, [], 0)

    spoil(newsroom, "/privacy/")
    done = standfirst("--newsroom", newsroom, "press", "verify")
    assert done.returncode == 1
    assert done.stdout.startswith("/privacy/  stale: It has ")
    assert "1 of " in done.stdout.splitlines()[-1]

    code, said = press(newsroom, "rebuild", "--path", "/privacy/", "--now")
    assert (code, said["pressed"]) == (0, 1)
    assert "An old page." not in stored(newsroom, "/privacy/").read_text(encoding="utf-8")


def test_a_running_paper_presses_what_it_is_asked_for_and_is_compared_at_its_own_address(newsroom, serving):
    running = serving(newsroom)
    running.wait_for_background()
    until(lambda: stored(newsroom, "/uk/privacy/").exists())
    until(lambda: press(newsroom, "status")[1]["waiting"] == 0)

    refused = standfirst("--newsroom", newsroom, "press", "rebuild", "--now")
    assert refused.returncode == 1
    assert refused.stderr == (
        "The background process of this newsroom runs and presses what is wanted. Leave --now away.\n"
    )

    # No base_url: pages name the address they are served at, which the command must know.
    assert running.url in fetch(f"{running.url}/")[2].decode()
    assert press(newsroom, "verify")[1]["differences"] == []
    spoil(newsroom, "/privacy/")
    code, said = press(newsroom, "rebuild", "--path", "/privacy/")
    assert (code, said["pressed"]) == (0, 0)
    until(lambda: "An old page." not in stored(newsroom, "/privacy/").read_text(encoding="utf-8"))


def test_what_is_no_address_and_what_nobody_shows_is_refused(newsroom):
    done = standfirst("--newsroom", newsroom, "press", "rebuild", "--path", "world")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("world is no address of a stored page.")

    done = standfirst("--newsroom", newsroom, "press", "rebuild", "--key", "story:12")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("No stored page shows story:12.")

    both = standfirst("--newsroom", newsroom, "press", "rebuild", "--key", "story:12", "--path", "/")
    assert both.returncode == 2
