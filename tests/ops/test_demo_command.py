"""`standfirst demo`: whole or not at all."""

from __future__ import annotations

import subprocess
import sys

from tests.ops.conftest import EDITOR, environ, standfirst, until


def test_a_killed_demo_leaves_no_half_newsroom_and_the_next_attempt_sweeps_up(tmp_path):
    folder = tmp_path / "newsroom"
    process = subprocess.Popen(
        [sys.executable, "-m", "standfirst.cli", "--newsroom", str(folder), "demo", "--no-run"],
        env=environ(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until(lambda: list(tmp_path.glob(".newsroom.making-*/data/media/originals/**/*.*")), 240)

    process.kill()
    process.wait()

    assert not folder.exists()
    assert len(list(tmp_path.iterdir())) == 1
    new = standfirst(
        "--newsroom", folder, "new", "--name", "X", "--base-url", "", "--language", "en", "--editor-email", EDITOR
    )
    assert new.returncode == 0, new.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["newsroom"]


def test_the_demo_leaves_a_newsroom_of_ones_own_alone(newsroom):
    refused = standfirst("--newsroom", newsroom, "demo")

    assert refused.returncode == 1
    assert refused.stderr == (
        f"{newsroom} holds a newsroom of your own, not the demo. "
        "Serve it with `standfirst run`, or name another folder.\n"
    )
