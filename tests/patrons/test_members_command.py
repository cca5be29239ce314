"""`standfirst members`: lists in and out from the shell."""

import json

import pytest

from standfirst.cli import main
from standfirst.patrons.models import Pledge
from tests.patrons.listing import VIRA, standing, text


@pytest.fixture
def members(monkeypatch, tmp_path, capsys):
    """Run the command as a shell does: what it wrote, and how it ended."""
    monkeypatch.setattr("standfirst.commands.members.opened", lambda given: None)
    (tmp_path / "patreon.csv").write_text(text("patreon"))

    def run(*words):
        code = main(["members", *(str(tmp_path / word) if word.endswith(".csv") else word for word in words)])
        return code, *capsys.readouterr()

    run.folder = tmp_path
    return run


def test_a_list_is_shown_taken_in_and_given_out_as_one_from_which_all_comes_back(members, tier):
    code, shown, _problems = members("import", "patreon.csv", "--tier", "coffee", "--dry-run", "--json")
    would = json.loads(shown)
    assert (code, would["source"], would["done"], standing()) == (0, "patreon", False, {"noise": "pending"})

    code, said, _problems = members("import", "patreon.csv", "--tier", "coffee", "--json")
    assert (code, json.loads(said)["done"], json.loads(said)["changes"]) == (0, True, would["changes"])
    assert Pledge.objects.get(email=VIRA).state == "active"
    assert json.loads(members("import", "patreon.csv", "--json")[1])["changes"] == []

    assert members("export", "out.csv")[0] == 0
    out = members.folder / "out.csv"
    assert VIRA in out.read_text(encoding="utf-8-sig")
    assert out.stat().st_mode & 0o777 == 0o600
    before = out.read_bytes()
    code, _said, problems = members("export", "out.csv")
    assert (code, "--yes" in problems, out.read_bytes()) == (1, True, before)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("import", "nowhere.csv"), "nowhere.csv cannot be read"),
        (("import", "patreon.csv", "--tier", "tea"), "There is no way to support “tea”"),
        (("import", "patreon.csv", "--letters", "none"), "There is no mailing “none”"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence_and_changes_nothing(members, tier, words, sentence):
    code, _said, problems = members(*words)

    assert code == 1
    assert sentence in problems
    assert standing() == {"noise": "pending"}
