"""Two who make a newsroom in the same place at once."""

from contextlib import ExitStack

import pytest

from standfirst.ops.create import DEMO, making
from standfirst.ops.errors import Refused


def test_the_slower_of_two_is_told_so_and_harms_nothing(tmp_path):
    folder = tmp_path / "newsroom"

    with ExitStack() as slower:
        scratch = slower.enter_context(making(folder, DEMO))
        folder.mkdir()
        (folder / "standfirst.toml").write_text("the quicker one's")
        with pytest.raises(Refused, match="There is already a newsroom in"):
            slower.close()

    assert (folder / "standfirst.toml").read_text() == "the quicker one's"
    assert not scratch.exists()
