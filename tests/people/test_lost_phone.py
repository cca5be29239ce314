"""A lost phone, a lost password, a lost colleague: the ways back in, and who may open them."""

import re
import time
from dataclasses import replace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings

from standfirst.people.models import User
from standfirst.people.services import account_add
from tests.desk import PASSWORD, code_of, colleague, signed_in, with_app
from tests.people.test_sign_in import enter

pytestmark = pytest.mark.django_db

NEW = "another lantern entirely"


@pytest.fixture
def administrator():
    return colleague("administrator", name="Daria Kovalenko")


@pytest.fixture
def reporter():
    return colleague("reporter")


@pytest.fixture
def mail_server():
    with override_settings(NEWSROOM=replace(settings.NEWSROOM, mail_url="smtp://mail.lantern.example:587")):
        yield


def link_in(text: str) -> str:
    return re.search(r"http://testserver(/desk/password_reset/key/[^\s<]+)", text)[1]


def fresh(user: User) -> Client:
    """Signed in, and asked for the password once more a moment ago."""
    client = signed_in(user)
    session = client.session
    session["account_authentication_methods"] += [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session.save()
    return client


def choose(link: str) -> Client:
    client = Client()
    form = client.get(link, follow=True)
    done = client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert done["Location"] == "/desk/password_reset/key/done/"
    return client


def test_an_administrator_resets_a_colleague_and_a_letter_leads_her_back_in(administrator, reporter, mail_server):
    with_app(reporter)
    RecoveryCodes.activate(reporter)
    hers = signed_in(reporter)
    desk = fresh(administrator)
    assert "Lost phone or password" in desk.get(f"/desk/users/edit/{reporter.pk}/").content.decode()
    asked = desk.get(f"/desk/people/{reporter.pk}/reset/").content.decode()
    assert "First make sure that it is really she who asks" in asked
    assert Authenticator.objects.filter(user=reporter).count() == 2

    done = desk.post(f"/desk/people/{reporter.pk}/reset/", follow=True)

    (letter,) = mail.outbox
    assert letter.to == [reporter.email]
    assert f"A letter is on its way to {reporter.email}" in done.content.decode()
    assert link_in(letter.body) not in done.content.decode()
    assert hers.get("/desk/").status_code == 302
    assert not Authenticator.objects.filter(user=reporter).exists()
    assert "_auth_user_id" not in enter(Client(), reporter.email, PASSWORD).wsgi_request.session
    browser = choose(link_in(letter.body))
    enter(browser, reporter.email, NEW)
    assert browser.get("/desk/")["Location"] == "/desk/security/"


def test_a_reset_asks_for_the_password_once_more(administrator, reporter):
    answer = signed_in(administrator).post(f"/desk/people/{reporter.pk}/reset/")

    assert answer["Location"].startswith("/desk/reauthenticate/")
    assert User.objects.get(pk=reporter.pk).check_password(PASSWORD)


def test_the_link_of_a_reset_works_once(administrator, reporter, mail_server):
    fresh(administrator).post(f"/desk/people/{reporter.pk}/reset/")
    link = link_in(mail.outbox[0].body)
    choose(link)

    again = Client().get(link, follow=True).content.decode()

    assert 'name="password1"' not in again


def test_without_a_mail_server_the_link_is_handed_over(administrator, reporter):
    done = fresh(administrator).post(f"/desk/people/{reporter.pk}/reset/", follow=True).content.decode()

    assert mail.outbox == []
    assert "no mail server is set up" in done
    choose(link_in(done))


@pytest.mark.parametrize("role", ["reporter", "editor"])
def test_nobody_else_may_reset(administrator, role):
    someone = colleague(role, email="someone@lantern.example")
    other = colleague("reporter", email="other@lantern.example")
    desk = fresh(someone)

    answers = [desk.post(f"/desk/people/{one.pk}/reset/") for one in (administrator, other, someone)]

    assert {answer.status_code for answer in answers} == {302}
    assert all(one.check_password(PASSWORD) for one in User.objects.all())
    assert Client().post(f"/desk/people/{other.pk}/reset/").status_code == 302


def test_a_colleague_with_the_right_may_reset_others_but_no_administrator_and_not_herself(administrator, reporter):
    someone = colleague("editor")
    for name in ("change_user", "add_user", "delete_user"):
        someone.user_permissions.add(Permission.objects.get(codename=name, content_type__app_label="people"))
    desk = fresh(someone)

    desk.post(f"/desk/people/{reporter.pk}/reset/")
    for account in (administrator, someone):
        desk.post(f"/desk/people/{account.pk}/reset/")

    assert not User.objects.get(pk=reporter.pk).check_password(PASSWORD)
    assert User.objects.get(pk=administrator.pk).check_password(PASSWORD)
    assert User.objects.get(pk=someone.pk).check_password(PASSWORD)


def test_the_last_administrator_can_be_neither_switched_off_nor_removed(administrator):
    someone = colleague("editor")
    for name in ("change_user", "add_user", "delete_user"):
        someone.user_permissions.add(Permission.objects.get(codename=name, content_type__app_label="people"))
    form = {"email": administrator.email, "first_name": "D", "last_name": "K"}
    number = administrator.pk

    for person in (someone, administrator):
        desk = fresh(person)
        desk.post(f"/desk/users/edit/{number}/", form)  # without is_active and is_superuser: both off
        desk.post(f"/desk/users/delete/{number}/")
        desk.post(f"/desk/bulk/people/user/delete/?id={number}")
        desk.post(f"/desk/bulk/people/user/set_active_state/?id={number}", {"mark_as_active": "False"})

    left = User.objects.get(pk=number)
    assert (left.is_active, left.is_superuser) == (True, True)


def test_only_an_administrator_makes_an_administrator(administrator):
    someone = colleague("editor")
    for name in ("change_user", "add_user"):
        someone.user_permissions.add(Permission.objects.get(codename=name, content_type__app_label="people"))
    other = colleague("reporter")
    form = {"email": other.email, "first_name": "O", "last_name": "M", "is_active": "on", "is_superuser": "on"}
    desk = fresh(someone)

    desk.post(f"/desk/users/edit/{other.pk}/", form)
    desk.post("/desk/users/new/", form | {"email": "new@lantern.example"})
    del form["is_superuser"]
    desk.post("/desk/users/new/", form | {"email": "plain@lantern.example"})

    assert list(User.objects.filter(is_superuser=True)) == [administrator]
    assert not User.objects.filter(email="new@lantern.example").exists()
    assert User.objects.filter(email="plain@lantern.example").exists()


def test_a_new_colleague_gets_a_letter_and_chooses_her_password(administrator, mail_server):
    reporters = Group.objects.get(name="Reporters")
    form = {"email": "New@Lantern.example", "first_name": "Nina", "last_name": "Ivanenko", "groups": [reporters.pk]}

    fresh(administrator).post("/desk/users/new/", form)

    (letter,) = mail.outbox
    assert "you have an account at the desk of The Lantern now" in letter.body
    browser = choose(link_in(letter.body))
    enter(browser, "new@lantern.example", NEW)
    assert browser.get("/desk/")["Location"] == "/desk/security/"


def test_a_letter_that_cannot_be_sent_does_not_lose_the_colleague(administrator, reporter, mail_server, monkeypatch):
    def no_answer(*_args, **_kwargs):
        raise ConnectionRefusedError("refused")

    monkeypatch.setattr("standfirst.people.services.send_mail", no_answer)

    done = fresh(administrator).post(f"/desk/people/{reporter.pk}/reset/", follow=True).content.decode()

    assert "(refused)" in done
    choose(link_in(done))


# Recovery codes --------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_recovery_codes_come_with_the_second_factor_and_are_shown_once(reporter):
    browser = Client()
    enter(browser, reporter.email, PASSWORD)
    browser.post("/desk/reauthenticate/?next=/desk/security/totp/activate/", {"password": PASSWORD})
    secret = browser.get("/desk/security/totp/activate/").context["form"].secret

    page = browser.post("/desk/security/totp/activate/", {"code": code_of(secret)}, follow=True).content.decode()
    shown = re.findall(r"<code>(\d{4} \d{4})</code>", page)
    again = browser.get("/desk/security/recovery-codes/").content.decode()

    assert len(shown) == 10
    assert not re.search(r"\d{4} \d{4}", again)
    assert browser.get("/desk/security/recovery-codes/download/").status_code == 403
    other = Client()
    first = enter(other, reporter.email, PASSWORD)
    # As they stand on paper, with the space.
    assert other.post(first["Location"], {"code": shown[3]})["Location"] == "/desk/"
    assert "9 codes are left" in other.get("/desk/security/").content.decode()


def test_new_recovery_codes_make_the_old_ones_worthless(reporter):
    secret = with_app(reporter)
    old = RecoveryCodes.activate(reporter).get_unused_codes()
    desk = fresh(reporter)

    page = desk.post("/desk/security/recovery-codes/generate/", follow=True).content.decode()

    new = [code.replace(" ", "") for code in re.findall(r"<code>(\d{4} \d{4})</code>", page)]
    assert len(new) == 10
    assert not set(old) & set(new)
    browser = Client()
    first = enter(browser, reporter.email, PASSWORD)
    assert browser.post(first["Location"], {"code": old[0]}).status_code == 200
    assert browser.post(first["Location"], {"code": new[0]})["Location"] == "/desk/"
    assert secret


# At rest ---------------------------------------------------------------------------------------


def test_the_database_alone_opens_no_account(reporter):
    secret = with_app(reporter)
    codes = RecoveryCodes.activate(reporter)

    stored = {one.type: one.data for one in Authenticator.objects.filter(user=reporter)}

    assert stored["totp"]["secret"].startswith("sf1:")
    assert secret not in str(stored)
    assert stored["recovery_codes"]["seed"].startswith("sf1:")
    assert len(codes.get_unused_codes()) == 10


def test_second_factors_from_before_are_sealed_by_the_upgrade_and_go_on_working(reporter):
    from importlib import import_module

    from allauth.mfa.totp.internal.auth import generate_totp_secret
    from django.apps import apps

    secret = generate_totp_secret()
    totp = Authenticator.objects.create(user=reporter, type="totp", data={"secret": secret})
    upgrade = import_module("standfirst.people.migrations.0003_second_factors_sealed")

    upgrade.seal(apps, None)
    once = Authenticator.objects.get(pk=totp.pk).data["secret"]
    upgrade.seal(apps, None)

    assert once.startswith("sf1:")
    assert Authenticator.objects.get(pk=totp.pk).data["secret"] == once
    browser = Client()
    first = enter(browser, reporter.email, PASSWORD)
    assert browser.post(first["Location"], {"code": code_of(secret)})["Location"] == "/desk/"
    upgrade.unseal(apps, None)
    assert Authenticator.objects.get(pk=totp.pk).data["secret"] == secret


def test_with_another_secret_key_no_code_opens_and_nothing_breaks(reporter, caplog):
    secret = with_app(reporter)
    code = RecoveryCodes.activate(reporter).get_unused_codes()[0]

    with override_settings(SECRET_KEY="quite another key, of which nobody in this newsroom has ever heard"):
        browser = Client()
        first = enter(browser, reporter.email, PASSWORD)
        for given in (code_of(secret), code, "000000", "755224"):
            assert browser.post(first["Location"], {"code": given}).status_code == 200

    assert "standfirst people reset" in caplog.text


# Tries count for all processes -----------------------------------------------------------------


def test_tries_at_the_door_are_counted_outside_the_process(reporter):
    for _attempt in range(5):
        enter(Client(), reporter.email, "wrong")
    cache._cache.clear()  # what another web process would remember: nothing

    browser = Client()
    answer = enter(browser, reporter.email, PASSWORD)

    assert "Too many failed login attempts" in answer.content.decode()
    stored = b"".join(file.read_bytes() for file in cache._file.parent.glob("counters*"))
    assert reporter.email.encode() not in stored
    assert b"127.0.0.1" not in stored


def test_a_code_of_the_app_opens_one_door_only(reporter):
    code = code_of(with_app(reporter))
    one, two = Client(), Client()
    first = enter(one, reporter.email, PASSWORD)
    assert one.post(first["Location"], {"code": code})["Location"] == "/desk/"
    cache._cache.clear()

    second = enter(two, reporter.email, PASSWORD)

    assert two.post(second["Location"], {"code": code}).status_code == 200


def test_a_damaged_or_unwritable_counter_keeps_nobody_out(reporter):
    cache._file.parent.mkdir(exist_ok=True)
    cache._file.write_bytes(b"no database at all" * 100)
    secret = with_app(reporter)

    browser = Client()
    first = enter(browser, reporter.email, PASSWORD)

    assert browser.post(first["Location"], {"code": code_of(secret)})["Location"] == "/desk/"
    assert account_add(email="last@lantern.example")
