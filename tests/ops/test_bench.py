"""Benches run from the command; what they measure is for docs/benchmarks.md, not for tests."""

import importlib
import json
import shutil

import pytest

from standfirst.cli import BENCHES
from tests.ops.conftest import standfirst


@pytest.mark.parametrize("name", BENCHES)
def test_every_bench_says_what_it_measures(name, capsys):
    bench = importlib.import_module(f"standfirst.bench.{name}")

    with pytest.raises(SystemExit) as end:
        bench.main(["--help"])

    assert end.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: standfirst bench {name}")


def test_a_bench_nobody_knows_is_wrong_usage():
    done = standfirst("bench", "everything")

    assert done.returncode == 2
    assert "serve" in done.stderr


@pytest.mark.slow
def test_the_story_bench_measures_both_pages_and_leaves_nothing_behind(tmp_path):
    done = standfirst("bench", "story", "--rounds", "1", "--json", TMPDIR=str(tmp_path))

    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert set(figures["pages"]) == {"story", "story, twice", "plain article"}
    assert figures["pages"]["story"]["queries"] == figures["pages"]["story, twice"]["queries"]
    assert figures["ratio"] > 0
    assert list(tmp_path.iterdir()) == []


def test_serving_is_not_measured_without_something_to_measure_against(tmp_path, monkeypatch):
    from standfirst.bench import serve

    monkeypatch.setattr(shutil, "which", lambda name: None if name == "nginx" else f"/usr/bin/{name}")

    with pytest.raises(SystemExit) as end:
        serve.main([])

    assert "nginx" in str(end.value.code)
