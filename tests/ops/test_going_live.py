"""The files that "Going live" asks for are taken by the programs that read them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from standfirst.cli import parser

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "operators" / "going-live.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.skipif(not shutil.which("caddy"), reason="Caddy is not installed")
def test_caddy_takes_the_caddyfile(tmp_path):
    (caddyfile,) = blocks("caddyfile")
    (tmp_path / "Caddyfile").write_text(caddyfile, encoding="utf-8")

    done = subprocess.run(
        ["caddy", "validate", "--config", str(tmp_path / "Caddyfile"), "--adapter", "caddyfile"],
        env={"HOME": str(tmp_path), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "Valid configuration" in done.stdout + done.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_takes_the_units(tmp_path):
    names = re.findall(r"`/etc/systemd/system/([\w.-]+)`", PAGE)
    units = blocks("ini")
    assert names == ["standfirst.service", "standfirst-backup.service", "standfirst-backup.timer"]
    for name, unit in zip(names, units, strict=True):
        # The program and its account are not on this machine.
        here = unit.replace("/opt/standfirst/bin/standfirst", sys.executable)
        here = re.sub(r"(?m)^(User|Group)=.*\n", "", here).replace("/srv/standfirst", str(tmp_path))
        (tmp_path / name).write_text(here, encoding="utf-8")

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / name) for name in names)],
        capture_output=True,
        text=True,
        check=False,
    )

    about_ours = [line for line in done.stderr.splitlines() if "standfirst" in line]
    assert about_ours == []


def test_every_standfirst_command_on_the_page_is_one():
    text = PAGE.replace("\\\n", " ")
    commands = []
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        for line in block.splitlines():
            for words in re.findall(r"(?:^|-- |'|/)standfirst (--newsroom .*|--version|run .*)", line):
                commands.append(words)
    assert len(commands) >= 7
    for words in commands:
        plain = re.sub(r"\"\$\(.*?\)\"|\$\(.*?\)", "FILE", words).rstrip("'")
        if words != "--version":
            parser().parse_args([word.strip('"') for word in re.findall(r'"[^"]*"|\S+', plain)])
