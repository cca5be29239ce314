"""A newsroom with one of everything, its export, and an empty newsroom in its place."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings

from standfirst.ops.exporting.export import export
from tests.exporting.paper import filled


@pytest.fixture
def unhurried(settings):
    """The background process has not come round yet."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


@pytest.fixture
def paper(newsroom):
    """The small newsroom with one of everything in it."""
    return filled(newsroom)


@pytest.fixture
def exported(tmp_path):
    """Export the newsroom of the test: exported("name", private=…) gives the folder."""

    def make(name: str = "export", *, again: bool = False, **how) -> Path:
        folder = tmp_path / name
        how.setdefault("with_site", False)
        make.written = export(newsroom=settings.NEWSROOM, folder=folder, **how)
        return folder

    return make


@pytest.fixture(autouse=True)
def _files_of_this_test_alone():
    """Originals of one test are no originals of the next."""
    yield
    for folder in (settings.NEWSROOM.originals, settings.NEWSROOM.renditions):
        shutil.rmtree(folder, ignore_errors=True)
