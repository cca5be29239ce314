"""Programs of other people that some tests want: nginx, Caddy, systemd, restic."""

from __future__ import annotations

import os
import shutil

import pytest


def needs(program: str) -> pytest.MarkDecorator:
    """Skip where the program is missing; but never in `make test`, which installs it: there the tests fail."""
    is_missing = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin") is None
    return pytest.mark.skipif(
        is_missing and not os.environ.get("STANDFIRST_TEST_ALL"), reason=f"{program} is not installed (make test does)"
    )
