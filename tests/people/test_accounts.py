"""Accounts at the desk: an administrator makes them, their owners choose the password."""

import re

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client

from standfirst.people.models import User
from tests.desk import colleague, signed_in

pytestmark = pytest.mark.django_db
NEW = {"email": "new@lantern.example", "first_name": "Nadia", "last_name": "Koval", "password1": "", "password2": ""}


def test_a_new_colleague_is_invited_and_chooses_her_password(client):
    chief = signed_in(colleague("administrator"))
    reporters = Group.objects.get(name="Reporters")

    answer = chief.post("/desk/users/new/", NEW | {"groups": [reporters.pk]})

    assert answer.status_code == 302
    user = User.objects.get(email="new@lantern.example")
    assert (user.name, list(user.groups.all()), user.has_usable_password()) == ("Nadia Koval", [reporters], False)
    assert [message.to for message in mail.outbox] == [["new@lantern.example"]]
    assert "The Lantern" in mail.outbox[0].subject
    link = re.search(r"http://testserver(/desk/password_reset/key/\S+)", mail.outbox[0].body)[1]
    form = client.get(link, follow=True)
    chosen = "a lantern of my own"
    client.post(form.request["PATH_INFO"], {"password1": chosen, "password2": chosen})
    user.refresh_from_db()
    assert user.check_password(chosen)
    # The link is good once.
    assert "invalid" in Client().get(link, follow=True).content.decode()


@pytest.mark.parametrize("role", ["reporter", "editor"])
def test_only_administrators_make_accounts(role):
    client = signed_in(colleague(role))

    client.post("/desk/users/new/", NEW)

    assert not User.objects.filter(email="new@lantern.example").exists()
    assert mail.outbox == []


def test_wagtails_own_password_screens_are_closed():
    client = signed_in(colleague("reporter"))

    assert client.get("/desk/password_reset/confirm/x/y/").status_code == 404
    account = client.get("/desk/account/").content.decode()
    assert 'name="password-old_password"' not in account
    assert 'name="name_email-email"' not in account
