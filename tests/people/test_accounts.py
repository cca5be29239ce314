"""Accounts, roles and bylines through the room's doors."""

import pytest
from wagtail.models import Page

from standfirst.people.errors import AlreadyThere, NobodyThere, UnknownRole
from standfirst.people.models import User
from standfirst.people.services import account_add, byline_add, password_reset, roles_found


def test_an_account_gets_a_password_nobody_chose(homes):
    user, password = account_add(email="New@Example.org", name="New", role="reporter")

    assert user.email == "new@example.org"
    assert user.check_password(password)
    assert len(password) >= 16


@pytest.mark.parametrize(
    ("role", "may_publish", "is_superuser"),
    [("reporter", False, False), ("editor", True, False), ("administrator", True, True)],
)
def test_roles_may_what_their_names_say(homes, role, may_publish, is_superuser):
    user, _password = account_add(email="a@example.org", role=role)

    assert user.has_perm("wagtailadmin.access_admin")
    home = Page.objects.get(pk=homes["en"].pk)
    assert home.permissions_for_user(user).can_publish() is may_publish
    assert user.is_superuser is is_superuser


def test_refusals_are_sentences_and_change_nothing(homes):
    account_add(email="a@example.org")
    before = User.objects.count()

    with pytest.raises(AlreadyThere, match=r"There is an account for a@example\.org already"):
        account_add(email="A@example.org")
    with pytest.raises(UnknownRole, match="There is no role “boss”"):
        account_add(email="b@example.org", role="boss")
    with pytest.raises(NobodyThere, match=r"No account has the address c@example\.org"):
        password_reset(email="c@example.org")

    assert User.objects.count() == before


def test_a_reset_makes_the_old_password_worthless(homes):
    user, old = account_add(email="a@example.org")

    user, new = password_reset(email="A@example.org")

    assert user.check_password(new)
    assert not user.check_password(old)


def test_founding_roles_twice_doubles_nothing(homes):
    first = {role: group.permissions.count() for role, group in roles_found().items()}

    assert {role: group.permissions.count() for role, group in roles_found().items()} == first


def test_two_people_of_one_name_get_two_addresses(homes):
    one, two = byline_add(name="Олег Їжак"), byline_add(name="Олег Їжак")

    assert (one.slug, two.slug) == ("oleh-yizhak", "oleh-yizhak-2")


def test_a_byline_prints_its_name_in_the_language_of_the_page(homes):
    byline = byline_add(name="Olena Marchuk", role="Reporter", texts={"uk": {"name": "Олена Марчук"}})

    assert byline.name_in("uk") == "Олена Марчук"
    assert byline.role_in("uk") == "Reporter"
    assert byline.name_in("en") == "Olena Marchuk"
