"""A story with a mistake in it, and colleagues of every kind."""

import pytest
from django.contrib.auth.models import Group, Permission

from standfirst.people.models import User
from tests.corrections.reports import reported
from tests.desk import colleague

BODY = [
    {
        "type": "text",
        "value": "<p>The bridge was closed on Monday after two of nine bearings failed an inspection.</p>"
        "<p>The city hopes to open it again in May.</p>",
    }
]


@pytest.fixture
def story(newsroom):
    return newsroom.publish("A bridge is closed", body=BODY)


@pytest.fixture
def noise(newsroom):
    """A case about another story, which nobody means."""
    return reported(newsroom.noise[0], "The bridge", {"wording": "A bridge", "reply_to": "noise@readers.example"})


@pytest.fixture
def case(story, noise):
    """Two of three readers want three bearings; two left an address."""
    return reported(
        story,
        "two of nine bearings",
        {"wording": "three of nine bearings", "why": "The report says three.", "reply_to": "petro@readers.example"},
        {"wording": "three of nine bearings"},
        {"wording": "two of eight bearings", "reply_to": "vira@readers.example", "credit": "Vira Stelmakh"},
    )


@pytest.fixture
def editor(newsroom):
    return colleague("editor", name="Iryna Savchuk", email="iryna@lantern.example")


@pytest.fixture
def second_editor(newsroom):
    return colleague("editor", name="Lesia Harmash", email="lesia@lantern.example")


@pytest.fixture
def reporter(newsroom):
    """Not the one who wrote the stories."""
    return colleague("reporter", name="Danylo Horbach", email="danylo@lantern.example")


@pytest.fixture
def viewer(newsroom):
    """May open the desk and nothing in it."""
    user = User.objects.create_user("viewer@lantern.example", "a lantern on the harbour wall")
    group = Group.objects.create(name="Guests")
    group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    user.groups.add(group)
    return user
