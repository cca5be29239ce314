"""The newsrooms of these tests are made by the real command, as in tests/ops."""

import os
from pathlib import Path

from tests.ops.conftest import founded, newsroom, serving  # noqa: F401 (fixtures)

if os.environ.get("STANDFIRST_TEST_DATABASE_URL"):
    # They bring their own SQLite database: once is enough for them.
    collect_ignore = [file.name for file in Path(__file__).parent.glob("test_*.py")]
