"""The locks answer to `pyproject.toml`, are hashed, and say nothing about where packages come from."""

import json
import re
import tomllib
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
FACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def locked(name: str) -> dict[str, list[Requirement]]:
    """What a lock pins: name → its lines; a package may have one line per interpreter."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    lines = [line.rstrip("\\ ") for line in text.splitlines() if re.match(r"[a-zA-Z0-9]", line)]
    pins: dict[str, list[Requirement]] = {}
    for line in lines:
        requirement = Requirement(line)
        pins.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return pins


def unsatisfied(wanted: list[str], lock: str) -> list[str]:
    pins = locked(lock)
    faults = []
    for text in wanted:
        requirement = Requirement(text)
        for pin in pins.get(canonicalize_name(requirement.name), [None]):
            version = next(iter(pin.specifier)).version if pin else None
            if version is None or not requirement.specifier.contains(version, prereleases=True):
                faults.append(f"{text} is locked as {pin} in requirements/{lock}.txt; run `make lock`.")
    return faults


def test_the_locks_satisfy_the_bounds_of_the_project():
    run, dev = FACTS["project"]["dependencies"], FACTS["dependency-groups"]["dev"]

    assert unsatisfied(run, "run") == []
    assert unsatisfied([*run, *dev], "dev") == []
    assert unsatisfied(FACTS["build-system"]["requires"], "build") == []


def test_every_bound_has_a_lower_end():
    wanted = [*FACTS["project"]["dependencies"], *FACTS["dependency-groups"]["dev"]]

    open_below = [text for text in wanted if ">=" not in text and "==" not in text]

    assert open_below == []


def test_developers_run_the_versions_that_newsrooms_run():
    dev = {name: sorted(map(str, pins)) for name, pins in locked("dev").items()}

    for lock in ("run", "build"):
        for name, pins in locked(lock).items():
            assert name not in dev or sorted(map(str, pins)) == dev[name], (lock, name)


def test_every_locked_package_is_pinned_and_hashed():
    for file in sorted((ROOT / "requirements").glob("*.txt")):
        blocks = re.split(r"\n(?=[a-zA-Z0-9])", "\n" + file.read_text(encoding="utf-8"))[1:]
        assert blocks, file.name
        for block in blocks:
            assert "==" in block.splitlines()[0], (file.name, block)
            assert "--hash=sha256:" in block, (file.name, block)


def test_no_lock_names_an_address():
    files = [*(ROOT / "requirements").glob("*.txt"), ROOT / "tools" / "package-lock.json"]

    named = [
        (file.name, line)
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
        if re.search(r"https?://|file:|--(extra-)?index-url|--find-links|resolved", line)
    ]

    assert named == []


def test_npm_packages_are_pinned_and_hashed():
    wanted = json.loads((ROOT / "tools" / "package.json").read_text())["devDependencies"]
    packages = json.loads((ROOT / "tools" / "package-lock.json").read_text())["packages"]

    for name, version in wanted.items():
        assert packages[f"node_modules/{name}"]["version"] == version
        assert packages[f"node_modules/{name}"]["integrity"].startswith("sha512-")


def test_the_interpreter_is_one_the_project_knows():
    known = re.findall(r"Python :: (3\.\d+)", "\n".join(FACTS["project"]["classifiers"]))

    assert default_environment()["python_version"] in known
