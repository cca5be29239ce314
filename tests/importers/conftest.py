"""What the tests of moving in share."""

import pytest
from django.test import Client


@pytest.fixture
def unhurried(settings):
    """The background process has not come round yet."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


@pytest.fixture
def client():
    """A reader."""
    return Client()
