"""Resolve `pyproject.toml` anew into the hashed locks of `requirements/`, naming no registry address."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = [
    "--generate-hashes", "--universal", "--python-version", "3.11", "--no-header", "--quiet",
    "--no-emit-index-url", "--no-emit-find-links", "--upgrade",
]  # fmt: skip


def compile_lock(name: str, requirements: list[str], *constraints: str) -> None:
    """Write requirements/<name>.txt; versions in the locks named by `constraints` are kept."""
    with tempfile.NamedTemporaryFile("w", suffix=".in") as source:
        source.write("\n".join(requirements))
        source.flush()
        target = ROOT / "requirements" / f"{name}.txt"
        held = [word for lock in constraints for word in ("--constraints", f"requirements/{lock}.txt")]
        command = [str(Path(sys.executable).with_name("uv")), "pip", "compile", *OPTIONS, *held]
        subprocess.run([*command, "--no-annotate", "--output-file", str(target), source.name], cwd=ROOT, check=True)


def main() -> None:
    facts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    run = facts["project"]["dependencies"]
    compile_lock("dev", [*run, *facts["dependency-groups"]["dev"]])
    compile_lock("run", run, "dev")
    compile_lock("build", [*facts["build-system"]["requires"], "editables>=0.5"], "dev")


if __name__ == "__main__":
    main()
