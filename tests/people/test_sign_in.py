"""The door of the desk: what opens it, what does not, and what a stranger can learn there."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import mail
from django.test import Client, override_settings
from django.urls import get_resolver

from standfirst.config.newsroom import Newsroom
from tests.desk import PASSWORD, code_of, colleague, signed_in, with_app

pytestmark = pytest.mark.django_db


def enter(client: Client, email: str, password: str, **extra):
    return client.post("/desk/login/", {"login": email, "password": password}, **extra)


@pytest.fixture
def reporter():
    colleague("editor", name="Daria Kovalenko")  # another account always exists
    return colleague("reporter")


@pytest.fixture
def at_home():
    """A newsroom without a public address."""
    private = Newsroom(folder=settings.NEWSROOM.folder, languages=("en", "uk"), secret_key=settings.SECRET_KEY)
    with override_settings(NEWSROOM=private, ALLOWED_HOSTS=["*"]):
        yield private


def test_password_and_code_open_the_desk(client, reporter):
    secret = with_app(reporter)

    first = enter(client, reporter.email, PASSWORD)
    assert first.status_code == 302
    assert first["Location"].startswith("/desk/authenticate/") or "/authenticate/" in first["Location"]
    assert client.get("/desk/").status_code == 302
    second = client.post(first["Location"], {"code": code_of(secret)})

    assert second.status_code == 302
    assert second["Location"] == "/desk/"


def test_a_password_alone_leads_to_setting_up_a_second_factor_and_nowhere_else(client, reporter):
    enter(client, reporter.email, PASSWORD)

    for path in ("/desk/", "/desk/pages/", "/desk/stories/quick/", "/desk/images/", "/desk/account/", "/desk/bulk/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, "/desk/security/"), path
    assert client.get("/desk/security/").status_code == 200


def test_every_address_of_the_desk_wants_the_second_factor(client, reporter):
    """All of Wagtail's addresses, not only those we thought of."""
    enter(client, reporter.email, PASSWORD)
    from standfirst.people.middleware import OPEN_PREFIXES

    seen = 0
    for path in _simple_paths(get_resolver().url_patterns):
        if not path.startswith("/desk/") or path.startswith(OPEN_PREFIXES):
            continue
        seen += 1
        for answer in (client.get(path), client.post(path)):
            assert (answer.status_code, answer.get("Location")) == (302, "/desk/security/"), path
    assert seen > 50


def _simple_paths(patterns, prefix="/"):
    for pattern in patterns:
        part = str(pattern.pattern).lstrip("^").rstrip("$").replace("\\Z", "")
        part = re.sub(r"<int:\w+>", "1", part)
        part = re.sub(r"<(?:\w+:)?\w+>", "x", part)
        if hasattr(pattern, "url_patterns"):
            yield from _simple_paths(pattern.url_patterns, prefix + part)
        elif not re.search(r"[(\\?*+]", part):
            yield prefix + part


@pytest.mark.django_db(transaction=True)
def test_setting_up_the_app_opens_the_desk_and_hands_out_recovery_codes(client, reporter):
    enter(client, reporter.email, PASSWORD)
    client.post("/desk/reauthenticate/?next=/desk/security/totp/activate/", {"password": PASSWORD})
    page = client.get("/desk/security/totp/activate/")
    secret = page.context["form"].secret

    answer = client.post("/desk/security/totp/activate/", {"code": code_of(secret)}, follow=True)

    assert answer.request["PATH_INFO"] == "/desk/security/recovery-codes/"
    assert Authenticator.objects.filter(user=reporter, type="totp").count() == 1
    assert client.get("/desk/").status_code == 200


def test_a_session_from_before_the_second_factor_is_ended(client, reporter):
    enter(client, reporter.email, PASSWORD)
    with_app(reporter)  # on another machine

    answer = client.get("/desk/")

    assert (answer.status_code, answer["Location"]) == (302, "/desk/login/")
    assert "_auth_user_id" not in client.session


def test_a_recovery_code_opens_the_desk_once(client, reporter):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    with_app(reporter)
    code = RecoveryCodes.activate(reporter).get_unused_codes()[0]

    first = enter(client, reporter.email, PASSWORD)
    assert client.post(first["Location"], {"code": code})["Location"] == "/desk/"
    other = Client()
    again = enter(other, reporter.email, PASSWORD)
    assert other.post(again["Location"], {"code": code}).status_code == 200

    assert other.get("/desk/").status_code == 302


def test_on_this_machine_alone_a_password_is_enough(client, reporter, at_home):
    enter(client, reporter.email, PASSWORD, headers={"host": "127.0.0.1:8000"})

    assert client.get("/desk/", headers={"host": "127.0.0.1:8000"}).status_code == 200
    # The same newsroom opened from elsewhere, or through a proxy, wants the second factor.
    for extra in (
        {"REMOTE_ADDR": "192.0.2.9", "headers": {"host": "127.0.0.1:8000"}},
        {"headers": {"host": "192.168.1.5:8000"}},
        {"headers": {"host": "127.0.0.1:8000", "x-forwarded-for": "192.0.2.9"}},
    ):
        answer = client.get("/desk/", **extra)
        assert answer.get("Location") == "/desk/security/", (extra, answer.status_code, answer.content)


def test_wrong_passwords_are_limited_per_account(client, reporter):
    for _attempt in range(5):
        assert enter(client, reporter.email, "wrong").status_code == 200

    answer = enter(client, reporter.email, PASSWORD)

    assert "_auth_user_id" not in client.session
    assert "Too many failed login attempts" in answer.content.decode()
    with_app(reporter)
    # Another account is not shut out by it, from another address.
    assert enter(Client(), "editor@lantern.example", PASSWORD, REMOTE_ADDR="192.0.2.77").status_code == 302


def test_a_forwarded_address_counts_only_from_a_trusted_proxy(client, reporter):
    for number in range(10):
        enter(client, f"nobody{number}@lantern.example", "wrong", headers={"x-forwarded-for": f"198.51.100.{number}"})

    answer = enter(client, reporter.email, PASSWORD, headers={"x-forwarded-for": "198.51.100.99"})

    assert "_auth_user_id" not in client.session
    assert answer.status_code in (200, 429)


def test_a_stranger_cannot_learn_who_has_an_account(client, reporter):
    wrong = enter(client, reporter.email, "wrong").content.decode()
    unknown = enter(client, "nobody@lantern.example", "wrong").content.decode()
    forget = re.compile(r'value="[^"]*"')
    assert forget.sub("", wrong) == forget.sub("", unknown)

    there = client.post("/desk/password_reset/", {"email": reporter.email})
    not_there = client.post("/desk/password_reset/", {"email": "nobody@lantern.example"})

    assert (there.status_code, there["Location"]) == (not_there.status_code, not_there["Location"])
    assert [message.to for message in mail.outbox] == [[reporter.email]]


def test_a_password_reset_comes_by_mail_and_does_not_open_the_desk_by_itself(client, reporter):
    secret = with_app(reporter)
    client.post("/desk/password_reset/", {"email": reporter.email})
    link = re.search(r"http://testserver(/desk/password_reset/key/\S+)", mail.outbox[0].body)[1]

    form = client.get(link, follow=True)
    new = "another lantern entirely"
    done = client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})

    assert done["Location"] == "/desk/password_reset/key/done/"
    assert "_auth_user_id" not in client.session
    first = enter(client, reporter.email, new)
    assert client.post(first["Location"], {"code": code_of(secret)})["Location"] == "/desk/"


def test_the_link_in_the_mail_leads_to_the_paper_whatever_host_was_asked(client, reporter):
    client.post("/desk/password_reset/", {"email": reporter.email}, headers={"host": "127.0.0.1:666"})

    assert "http://testserver/desk/password_reset/key/" in mail.outbox[0].body
    assert "666" not in mail.outbox[0].body.replace("\n", " ").split("key/")[0]


def test_nobody_can_make_an_account_for_himself(client):
    answer = client.post("/desk/signup/", {"email": "x@example.org", "password1": PASSWORD})

    assert answer["Location"] == "/desk/login/"
    from standfirst.people.models import User

    assert not User.objects.filter(email="x@example.org").exists()


def test_signing_in_gives_a_new_session(client, reporter):
    secret = with_app(reporter)
    client.get("/desk/login/")
    enter(client, reporter.email, PASSWORD)
    before = client.cookies["sessionid"].value

    client.post("/desk/security/authenticate/", {"code": code_of(secret)})

    after = client.cookies["sessionid"]
    assert after.value != before
    assert after["path"] == "/desk/"
    assert after["httponly"]


def test_the_door_works_without_script_and_asks_nobody_else(client):
    page = client.get("/desk/login/").content.decode()

    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", page)
    assert "onclick" not in page
    assert client.cookies["csrftoken"]["path"] == "/desk/"


def test_public_pages_set_no_cookie_for_somebody_signed_in(reporter):
    client = signed_in(reporter)

    answer = client.get("/healthz")

    assert not answer.cookies
    assert client.get("/desk/").status_code == 200


def test_an_account_that_left_cannot_enter(client, reporter):
    reporter.is_active = False
    reporter.save()

    answer = enter(client, reporter.email, PASSWORD)

    assert "_auth_user_id" not in client.session
    assert answer.status_code in (200, 302)


def test_too_many_tries_are_answered_in_a_sentence(client, reporter):
    for _attempt in range(31):
        answer = enter(client, f"somebody{_attempt}@lantern.example", "wrong")

    assert answer.status_code == 429
    assert "your password has not changed" in answer.content.decode()


def test_the_security_page_speaks_the_language_of_its_owner(reporter):
    from wagtail.users.models import UserProfile

    UserProfile.objects.update_or_create(user=reporter, defaults={"preferred_language": "uk"})

    assert '<html lang="uk"' in signed_in(reporter).get("/desk/security/").content.decode()
    assert '<html lang="en"' in Client().get("/desk/login/").content.decode()
