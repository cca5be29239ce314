"""Two who make a newsroom in the same place at once."""

import pytest

from standfirst.ops.create import DEMO, making
from standfirst.ops.errors import Refused


def test_the_slower_of_two_is_told_so_and_harms_nothing(tmp_path):
    folder = tmp_path / "newsroom"

    with pytest.raises(Refused, match="There is already a newsroom in"), making(folder, DEMO) as scratch:
        folder.mkdir()
        (folder / "standfirst.toml").write_text("the quicker one's")

    assert (folder / "standfirst.toml").read_text() == "the quicker one's"
    assert not scratch.exists()
