"""What the tests of moving in share."""

import pytest
from django.test import Client

from standfirst.importers.download import Downloads, Limits
from standfirst.importers.reach import Reach
from tests.importers.oldsite import old_site

QUICK = Limits(pause=0, seconds=5, picture_bytes=3_000_000, free_bytes=0)


@pytest.fixture
def unhurried(settings):
    """The background process has not come round yet."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


@pytest.fixture
def client():
    """A reader."""
    return Client()


@pytest.fixture
def site():
    with old_site() as served:
        yield served


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "pictures"
    made.mkdir()
    return made


@pytest.fixture
def make(site, folder):
    """Downloads of the site; everything made is closed after the test."""
    made = []

    def new(*, limits=QUICK, **options):
        reach = Reach(
            user_agent="Standfirst test",
            is_allowed=options.pop("is_allowed", site.allow),
            resolve=options.pop("resolve", site.resolve),
            connect_seconds=2,
            silent_seconds=options.pop("silent_seconds", 2),
        )
        options.setdefault("sleep", lambda seconds: None)
        made.append(Downloads(folder, reach=reach, site_url=site.url, limits=limits, **options))
        return made[-1]

    yield new
    for one in made:
        one.close()
