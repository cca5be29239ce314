import pytest

from tests.newsroom import TestNewsroom, found


@pytest.fixture
def newsroom(db, settings, tmp_path) -> TestNewsroom:
    """A paper with people, sections and other stories; its pictures lie in a folder of the test."""
    return found()
