"""`standfirst new`, `people` and the command itself: plain lines, JSON, refusals in sentences."""

from __future__ import annotations

import json
import stat
import tomllib

import pytest

from standfirst import __version__
from tests.ops.conftest import EDITOR, in_newsroom, standfirst


def test_a_new_newsroom_is_private_and_has_a_first_sign_in(founded):
    settings = founded / "standfirst.toml"
    sign_in = founded / "data" / "secrets" / "sign-ins.txt"
    written = tomllib.loads(settings.read_text(encoding="utf-8"))

    assert stat.S_IMODE(settings.stat().st_mode) == 0o600
    assert stat.S_IMODE(sign_in.stat().st_mode) == 0o600
    assert stat.S_IMODE(founded.stat().st_mode) == 0o700
    assert (written["name"], written["languages"], written["time_zone"]) == ("The Lantern", ["en", "uk"], "Europe/Kyiv")
    assert len(written["secret_key"]) >= 50
    password = sign_in.read_text(encoding="utf-8").split("password: ")[1].strip()
    asked = (
        "from django.contrib.auth import authenticate\nfrom django.test import RequestFactory\n"
        f"user = authenticate(RequestFactory().post('/'), username={EDITOR!r}, password={password!r})\n"
        "from standfirst.fronts.models import HomePage\n"
        "print(user.name, user.is_superuser, HomePage.objects.count())"
    )
    assert in_newsroom(founded, asked).strip() == "Olena True 2"


def test_new_leaves_a_newsroom_that_is_there_alone(newsroom):
    before = (newsroom / "standfirst.toml").read_bytes()

    refused = standfirst(
        "--newsroom", newsroom, "new", "--name", "X", "--base-url", "", "--language", "en", "--editor-email", "a@b.c"
    )

    assert refused.returncode == 1
    assert refused.stderr == f"There is already a newsroom in {newsroom}. Name another folder with --newsroom.\n"
    assert (newsroom / "standfirst.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("flag", "value", "sentence"),
    [
        ("--language", "English", "language is 'English', which we cannot use."),
        ("--time-zone", "Kyiv", "time_zone is 'Kyiv', which we cannot use."),
        ("--base-url", "news.example", "base_url is 'news.example', which we cannot use."),
        ("--editor-email", "olena", "olena is no e-mail address."),
    ],
)
def test_new_refuses_a_wrong_answer_before_it_makes_anything(tmp_path, flag, value, sentence):
    answers = {
        "--name": "X",
        "--base-url": "",
        "--language": "en",
        "--time-zone": "UTC",
        "--editor-email": "a@b.example",
    }
    answers[flag] = value

    refused = standfirst("--newsroom", tmp_path / "x", "new", *(word for pair in answers.items() for word in pair))

    assert refused.returncode == 1
    assert refused.stderr.startswith(sentence)
    assert list(tmp_path.iterdir()) == []


def test_new_asks_nothing_where_nobody_can_answer(tmp_path):
    refused = standfirst("--newsroom", tmp_path / "x", "new", "--name", "X")

    assert (refused.returncode, refused.stderr) == (2, "--base-url is needed where nobody can be asked.\n")


def test_people_are_added_listed_and_reset(newsroom):
    added = standfirst("--newsroom", newsroom, "people", "add", "Taras@Lantern.example", "--role", "editor", "--json")
    assert added.returncode == 0, added.stderr
    first = json.loads(added.stdout)
    assert (first["email"], first["role"]) == ("taras@lantern.example", "editor")

    again = standfirst("--newsroom", newsroom, "people", "add", "taras@lantern.example")
    assert again.returncode == 1
    assert again.stderr.startswith("There is an account for taras@lantern.example already.")

    reset = standfirst("people", "reset", "taras@lantern.example", "--json", "--newsroom", newsroom)
    assert json.loads(reset.stdout)["password"] != first["password"]

    nobody = standfirst("--newsroom", newsroom, "people", "reset", "nobody@lantern.example")
    assert (nobody.returncode, nobody.stdout) == (1, "")
    assert nobody.stderr.startswith("No account has the address nobody@lantern.example.")

    listed = json.loads(standfirst("--newsroom", newsroom, "people", "list", "--json").stdout)["people"]
    assert [(one["email"], one["roles"]) for one in listed] == [
        (EDITOR, ["Administrators"]),
        ("taras@lantern.example", ["Editors"]),
    ]


def test_the_command_says_its_version_and_what_is_wrong_with_its_use(tmp_path):
    assert standfirst("--version").stdout == f"standfirst {__version__}\n"
    assert standfirst().returncode == 2
    assert standfirst("run", "--port", "99999").returncode == 2
    missing = standfirst("--newsroom", tmp_path, "doctor")
    assert missing.returncode == 1
    assert missing.stderr.startswith(f"There is no newsroom in {tmp_path}: it has no standfirst.toml.")
    assert "Traceback" not in missing.stderr
