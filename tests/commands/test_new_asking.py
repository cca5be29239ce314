"""`standfirst new` at a terminal: it asks little, checks at once, and leaves nothing when it is ended."""

from __future__ import annotations

import json
import tomllib

import pytest

from standfirst.commands import new
from tests.commands.terminal import Terminal, leftovers
from tests.ops.conftest import standfirst


def answer(terminal: Terminal, question: str, *answers: str) -> None:
    """Give the answers one after another, each when the question is asked again."""
    for one in answers:
        terminal.hear(question)
        terminal.hear(": ")
        terminal.say(one)


def test_whoever_gives_nothing_is_asked_five_things_with_what_the_machine_knows(tmp_path):
    folder = tmp_path / "paper"
    terminal = Terminal("--newsroom", folder, "new", LANG="uk_UA.UTF-8", LC_ALL="", TZ="Europe/Kyiv")

    answer(terminal, "Name of the paper", "Ліхтар")
    answer(terminal, "public address", "news.example")
    answer(terminal, "[uk]", "")
    answer(terminal, "[Europe/Kyiv]", "")
    answer(terminal, "e-mail address", "olena@lantern.example")

    assert terminal.end() == 0, terminal.heard
    written = tomllib.loads((folder / "standfirst.toml").read_text(encoding="utf-8"))
    assert written.pop("secret_key")
    assert written == {
        "name": "Ліхтар",
        "base_url": "https://news.example",
        "language": "uk",
        "languages": ["uk"],
        "time_zone": "Europe/Kyiv",
        # The web server with the certificate stands before it on the same machine.
        "trusted_proxies": ["127.0.0.1", "::1"],
    }
    assert "Taken as https://news.example." in terminal.heard
    last = terminal.heard.strip().splitlines()[-3:]
    assert last[0].endswith(f"standfirst --newsroom {folder} run")
    assert str(folder / "data" / "secrets" / "sign-ins.txt") in last[1]
    assert last[2].endswith(f"standfirst --newsroom {folder} doctor")


def test_a_wrong_answer_is_explained_at_once_and_asked_again(tmp_path):
    terminal = Terminal("--newsroom", tmp_path / "paper", "new", LANG="C", LC_ALL="", TZ="UTC")

    answer(terminal, "Name of the paper", "", "The Lantern")
    answer(terminal, "public address", "http://news.example", "https://news.example/blog", "")
    answer(terminal, "[en]", "ua", "Ukrainian", "xx", "en,uk")
    answer(terminal, "[UTC]", "Kyiv", "Europe/Kyiv")
    answer(terminal, "e-mail address", "olena", "olena@news,example", "olena@gmial.com")
    answer(terminal, "Did you mean olena@gmail.com?", "y")

    assert terminal.end() == 0, terminal.heard
    asked = terminal.heard.partition("Founding it")[0]
    assert [line.strip() for line in asked.splitlines() if line.startswith("  ")] == [
        "The paper needs a name; it can be changed at the desk later.",
        "http://news.example would send passwords and readers' letters unencrypted. Use https://news.example; "
        "Caddy or nginx in front of Standfirst fetches the certificate (docs: Going live).",
        "base_url is 'https://news.example/blog', which we cannot use. "
        "Use scheme and host alone, such as https://news.example.",
        "language is 'ua', which we cannot use. Perhaps you mean uk; use codes such as en, uk or pt-br.",
        "language is 'Ukrainian', which we cannot use. Perhaps you mean uk; use codes such as en, uk or pt-br.",
        "language is 'xx', which we cannot use. No language has that code. Use one such as en, uk or pt-br.",
        "time_zone is 'Kyiv', which we cannot use. Perhaps you mean Europe/Kyiv.",
        "olena is no e-mail address. Give one such as editor@news.example.",
        "olena@news,example is no e-mail address. Give one such as editor@news.example.",
    ]
    sign_in = (tmp_path / "paper" / "data" / "secrets" / "sign-ins.txt").read_text(encoding="utf-8")
    assert "e-mail: olena@gmail.com\n" in sign_in


@pytest.mark.parametrize("moment", ["Language", "Founding it"])
def test_ctrl_c_leaves_nothing(tmp_path, moment):
    terminal = Terminal("--newsroom", tmp_path / "deep" / "paper", "new", LANG="C", TZ="UTC")
    answer(terminal, "Name of the paper", "The Lantern")
    answer(terminal, "public address", "")
    if moment != "Language":
        answer(terminal, "Language", "en")
        answer(terminal, "Time zone", "")
        answer(terminal, "e-mail address", "olena@lantern.example")
    terminal.hear(moment)

    terminal.interrupt()

    assert terminal.end() == 130
    assert "Traceback" not in terminal.heard
    assert terminal.heard.strip().endswith("Stopped.")
    assert leftovers(tmp_path) == []


def test_the_questions_of_a_program_stay_out_of_its_json(tmp_path):
    terminal = Terminal(
        "--newsroom", tmp_path / "paper", "new", "--json", "--name", "X", "--base-url", "", "--language", "en", TZ="UTC"
    )
    answer(terminal, "Time zone", "")
    answer(terminal, "e-mail address", "olena@lantern.example")

    assert terminal.end() == 0, terminal.heard
    said = json.loads(terminal.heard.strip().splitlines()[-1])
    assert said["next"]["doctor"] == f"standfirst --newsroom {tmp_path / 'paper'} doctor"
    assert (said["time_zone"], said["base_url"]) == ("UTC", "")


def test_four_answers_are_enough_and_the_machine_gives_the_fifth(tmp_path):
    done = standfirst(
        "--newsroom", tmp_path / "x", "new", "--json", "--name", "X", "--base-url", "", "--language", "en",
        "--editor-email", "a@b.example", TZ="Europe/Warsaw",
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["time_zone"] == "Europe/Warsaw"


def test_a_place_nothing_can_be_written_in_is_told_before_any_question(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")

    refused = standfirst("--newsroom", tmp_path / "file" / "paper", "new")

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"{tmp_path / 'file'} is a file, so no newsroom can be made")


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("https://News.Example/", "https://news.example"),
        ("https://газета.укр", "https://xn--80aahjj1e.xn--j1amh"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://192.168.1.5:8000", "http://192.168.1.5:8000"),
        ("http://newsroom.local", "http://newsroom.local"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("", ""),
    ],
)
def test_an_address_is_taken_as_browsers_will_send_it(typed, taken):
    assert new.address_checked(typed) == taken


@pytest.mark.parametrize(
    "typed",
    [
        *("news.example", "https://", "https://news..example", "https://news example", "https://news.example:x"),
        *("https://a:b@news.example", "https://news.example?x=1", "https://news.example#x", "ftp://news.example"),
        *("http://news.example", "http://8.8.8.8", "https://news", "https://news.example/blog/", "https://[::1"),
    ],
)
def test_an_address_that_cannot_work_is_refused_in_a_sentence(typed):
    with pytest.raises((new.Refused, new.config.WrongSetting), match=r"^[^\n]{20,}\.$|\)\.$"):
        new.address_checked(typed)


@pytest.mark.parametrize(
    "typed",
    [
        *("o@x", "o@@x.example", "o@x..example", "o@-x.example", ".o@x.example", "o o@x.example"),
        *("<o@x.example>", "o@x.example,", "@x.example", "o@", "o@1.2.3.4", "o@x.example."),
    ],
)
def test_a_mistyped_mail_address_is_refused(typed):
    with pytest.raises(new.Refused, match="is no e-mail address"):
        new.email_checked(typed)


def test_the_machine_is_asked_for_its_zone_and_language(tmp_path):
    (tmp_path / "localtime").symlink_to("/usr/share/zoneinfo/Europe/Kyiv")
    assert new.machine_time_zone({}, tmp_path) == "Europe/Kyiv"
    (tmp_path / "timezone").write_text("Europe/Warsaw\n", encoding="utf-8")
    assert new.machine_time_zone({}, tmp_path) == "Europe/Warsaw"
    assert new.machine_time_zone({"TZ": "Asia/Tbilisi"}, tmp_path) == "Asia/Tbilisi"
    assert new.machine_time_zone({"TZ": "CET-1CEST"}, tmp_path / "none") == "UTC"
    assert new.machine_language({"LANG": "uk_UA.UTF-8"}) == "uk"
    assert new.machine_language({"LANG": "de_DE@euro", "LC_ALL": "C.UTF-8"}) == "en"
    assert new.machine_language({}) == "en"
