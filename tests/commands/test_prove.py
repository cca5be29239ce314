"""`make prove` takes hours: it can be broken off, and goes on with what has not passed yet."""

import importlib.util
import sys
from pathlib import Path

import pytest

CHECK = Path(__file__).resolve().parents[2] / "tools" / "check.py"


@pytest.fixture
def check(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("check", CHECK)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "check", module)
    spec.loader.exec_module(module)
    module.ran = []
    module.broken = set()

    def part(name):
        def run(tally):
            module.ran.append(name)
            if name in module.broken:
                tally.failed.append(name)

        return run

    module.PROVED = tmp_path / "cache" / "prove.json"
    module.PARTS = {name: part(name) for name in ("lint", "sqlite", "browser")}
    module.code = "today's"
    module.code_key = lambda: module.code
    return module


def ran(check, *wanted):
    check.ran.clear()
    status = check.main("prove", list(wanted))
    return check.ran.copy(), status


def test_what_passed_is_left_out_until_the_code_changes(check, capsys):
    check.broken = {"sqlite"}
    assert ran(check) == (["lint", "sqlite", "browser"], 1)

    check.broken = set()
    assert ran(check) == (["sqlite"], 0)
    assert ran(check) == ([], 0)
    assert "browser: passed on" in capsys.readouterr().out

    check.code = "tomorrow's"
    assert ran(check) == (["lint", "sqlite", "browser"], 0)


def test_a_part_that_is_named_runs_whatever_was_written_down(check):
    ran(check)

    assert ran(check, "browser") == (["browser"], 0)


def test_a_part_that_failed_this_time_runs_again(check):
    ran(check)
    check.broken = {"lint"}

    assert ran(check, "lint") == (["lint"], 1)
    assert ran(check) == (["lint"], 1)
