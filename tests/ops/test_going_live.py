"""Everything that "Going live" and "A week side by side" say is done, on a small server in a folder."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from standfirst.cli import parser
from tests.ops.server import Server
from tests.programs import needs

OPERATORS = Path(__file__).resolve().parents[2] / "docs" / "operators"
GOING_LIVE = (OPERATORS / "going-live.md").read_text(encoding="utf-8")
WEEK = (OPERATORS / "moving-in-week.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"(?ms)^## (?:\d\. )?(.*?)\n(.*?)(?=^## |\Z)", GOING_LIVE))
NEXT = """
from django.db import migrations, models
class Migration(migrations.Migration):
    dependencies = [("people", "0003_second_factors_sealed")]
    operations = [migrations.AddField("user", "pigeon_post", models.CharField(max_length=20, default="", null=True))]
"""


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


def units(page: str) -> dict[str, str]:
    """systemd's units by name: each block is the file named last before it."""
    found, before = {}, ""
    for words, language, block in re.findall(r"(.*?)```(\w+)\n(.*?)```", page, re.DOTALL):
        before += words
        if language == "ini":
            found[re.findall(r"`/etc/systemd/system/([\w.-]+)`", before)[-1]] = block
    return found


@needs("caddy")
@needs("restic")
def test_the_page_is_done_from_an_empty_server_to_an_upgrade_and_back(tmp_path):
    server = Server(tmp_path / "server")
    newsroom = server.folder / "srv/standfirst/newsroom"
    server.wheel("0.1.0")
    try:
        server.follow(SECTIONS["Domain and server"])
        assert "standfirst 0.1.0" in server.follow(SECTIONS["Standfirst"])

        said = server.follow(SECTIONS["The newsroom"])
        assert f"The Example is founded in {newsroom}." in said
        assert "problem  mail: mail.example:587 did not take us: there is no host of the name mail.example." in said
        assert "proxy:" not in said  # `new` has seen to it

        server.follow(SECTIONS["A service that starts with the machine"])
        server.follow(SECTIONS["HTTPS"])
        said = server.follow(SECTIONS["The first editor"])
        assert "e-mail: editor@news.example" in said
        assert "reporter@news.example (reporter), password: " in said
        assert told(server)["schedule"] == "ok"

        backing_up, putting_back = SECTIONS["Backups"].split("### Putting one back")
        said = server.follow(backing_up)
        assert "It comes back whole." in said
        assert (told(server)["backup"], told(server)["drill"]) == ("ok", "ok")
        assert snapshots(server) == 1
        assert list((server.folder / "srv/standfirst/drill").iterdir()) == []
        stored = b"".join(file.read_bytes() for file in (server.folder / "elsewhere").rglob("*") if file.is_file())
        assert b"editor@news.example" not in stored

        (today,) = (server.folder / "srv/standfirst/backups").glob("*.tar")
        (today.parent / "Monday.tar").write_bytes(today.read_bytes())
        server.run("systemctl start standfirst-offsite.service")
        assert snapshots(server) == 1  # one a day is kept
        said = server.follow(putting_back)
        assert f"is in place in {newsroom}." in said
        assert answers(server) == 200

        upgrading, going_back = SECTIONS["Upgrades"].split("To go back")
        server.wheel("0.1.1", NEXT)
        said = server.follow(upgrading)
        assert "ok       release: brought up to this release: 1 steps" in said
        assert "The newsroom is brought up to Standfirst 0.1.1" in said
        assert "standfirst 0.1.1" in server.run("standfirst --version")
        assert answers(server) == 200

        server.run("systemctl stop standfirst")
        server.run(server.here("/opt/standfirst/bin/pip install standfirst==0.1.0"))
        older = server.refused("standfirst --newsroom /srv/standfirst/newsroom people list")
        assert "was last used by a newer Standfirst: its database has people.0999_next" in older
        server.follow(going_back)
        assert "standfirst 0.1.0" in server.run("standfirst --version")
        assert answers(server) == 200
        assert "reporter@news.example" in server.run(
            server.here("standfirst --newsroom /srv/standfirst/newsroom people list")
        )
    finally:
        server.run("systemctl stop standfirst")


def told(server: Server) -> dict[str, str]:
    """What doctor says now, by what it looked at."""
    command = "standfirst --newsroom /srv/standfirst/newsroom doctor --json || true"
    said = server.run(server.here(command))
    return {finding["what"]: finding["state"] for finding in json.loads(said)["findings"]}


def snapshots(server: Server) -> int:
    return len(json.loads(server.run("restic snapshots --json")))


def answers(server: Server) -> int:
    asked = urllib.request.Request(f"http://127.0.0.1:{server.port}/healthz", headers={"Host": "news.example"})
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return answer.status


@needs("caddy")
def test_caddy_takes_the_caddyfile(tmp_path):
    (caddyfile,) = blocks(GOING_LIVE, "caddyfile")
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


@needs("systemd-analyze")
@pytest.mark.parametrize("page", [GOING_LIVE, WEEK], ids=["going-live", "week"])
def test_systemd_takes_the_units(tmp_path, page):
    written = units(page)
    assert len(written) >= 2
    for name, unit in written.items():
        # Programs and accounts of that server are not on this machine.
        here = re.sub(r"/opt/standfirst/bin/standfirst|/usr/local/sbin/[\w-]+|/usr/bin/restic", sys.executable, unit)
        here = re.sub(r"(?m)^(User|Group)=.*\n", "", here).replace("/srv/standfirst", str(tmp_path))
        (tmp_path / name).write_text(here, encoding="utf-8")
    for name in written:
        if name.endswith(".timer"):
            assert name.replace(".timer", ".service") in written

    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / name) for name in written)],
        capture_output=True,
        text=True,
        check=False,
    )

    about_ours = [line for line in done.stderr.splitlines() if "standfirst" in line]
    assert about_ours == []


@needs("systemd-analyze")
def test_the_service_is_shut_in_well(tmp_path):
    """systemd's own score: 0 is a fortress, 10 an open door; 9.6 is a service without any of its settings."""
    (tmp_path / "standfirst.service").write_text(
        re.sub(r"(?m)^ExecStart=.*", "ExecStart=/bin/true", units(GOING_LIVE)["standfirst.service"]), encoding="utf-8"
    )

    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(tmp_path / "standfirst.service")],
        capture_output=True,
        text=True,
        check=False,
    )

    score = float(re.search(r"exposure level for standfirst\.service: ([\d.]+)", done.stdout)[1])
    sys.stdout.write(f"systemd-analyze security: {score}\n")
    assert score <= 3.0


@pytest.mark.parametrize("page", [GOING_LIVE, WEEK], ids=["going-live", "week"])
def test_every_standfirst_command_on_the_page_is_one(page):
    text = page.replace("\\\n", " ")
    commands = []
    for block in re.findall(r"```(?:console|ini)\n(.*?)```", text, re.DOTALL):
        for line in block.splitlines():
            for words in re.findall(r"(?:^|-- |'|/)standfirst (--newsroom .*|--version|run .*)", line):
                commands.append(words)
    assert len(commands) >= 3
    for words in commands:
        plain = re.sub(r"\"\$\(.*?\)\"|\$\(.*?\)", "FILE", words).rstrip("'").removesuffix(" || true")
        if words != "--version":
            parser().parse_args([word.strip('"') for word in re.findall(r'"[^"]*"|\S+', plain)])


def test_shells_understand_every_block():
    for page in (GOING_LIVE, WEEK):
        for block in [*blocks(page, "console"), *blocks(page, "sh")]:
            done = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True, check=False)
            assert (done.returncode, done.stderr) == (0, ""), block


def test_the_settings_line_of_the_switch_changes_the_address_and_nothing_else(newsroom):
    (command,) = [line for block in blocks(WEEK, "console") for line in block.splitlines() if line.startswith("sed ")]
    settings = newsroom / "standfirst.toml"
    before = settings.read_text(encoding="utf-8")

    subprocess.run(["bash", "-c", command.replace("/srv/standfirst/newsroom", str(newsroom))], check=True)

    after = settings.read_text(encoding="utf-8")
    assert after == before.replace('base_url = ""', 'base_url = "https://news.example"')
    assert after != before
