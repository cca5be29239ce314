"""Programs of other people that some tests want: nginx, Caddy, systemd, restic, SpamAssassin, curl."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

PACKAGES = Path(__file__).resolve().parents[1] / "tools" / "node_modules"


def needs(program: str) -> pytest.MarkDecorator:
    """Skip where the program is missing; but never in `make test`, which installs it: there the tests fail."""
    is_missing = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin") is None
    return pytest.mark.skipif(
        is_missing and not os.environ.get("STANDFIRST_TEST_ALL"), reason=f"{program} is not installed (make test does)"
    )


def needs_package(name: str) -> pytest.MarkDecorator:
    """The same for a package of npm, which `make test` installs too."""
    return pytest.mark.skipif(
        not (PACKAGES / name).is_dir() and not os.environ.get("STANDFIRST_TEST_ALL"),
        reason=f"{name} is not installed in tools/node_modules (make test does)",
    )
