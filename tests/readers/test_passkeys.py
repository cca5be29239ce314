"""A device of the reader's signs in for her: the whole ceremony, and what must not pass."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from standfirst.readers.models import Passkey, Reader, Session
from tests.cast import READER, STRANGER
from tests.readers.authenticator import PRESENT, Authenticator
from tests.readers.conftest import SELF, words

pytestmark = pytest.mark.django_db

OFFER, ADD, ASK, SIGN_IN = (f"/account/passkeys/{name}/" for name in ("offer", "add", "ask", "sign-in"))
ACCOUNT = "/account/"


def token(browser):
    from bs4 import BeautifulSoup

    box = BeautifulSoup(browser.get(ACCOUNT).content, "html.parser").find(attrs={"data-passkey-add": True})
    return box["data-token"]


def added(browser, device):
    mark = token(browser)
    options = browser.client.post(OFFER, {"token": mark}, **SELF).json()
    return browser.client.post(ADD, {"token": mark, "answer": device.make(options)}, **SELF)


def asked(browser):
    return browser.client.post(ASK, **SELF).json()


def entered(browser, answer, **more):
    return browser.client.post(SIGN_IN, {"answer": answer, **more}, **SELF)


@pytest.fixture
def device(browser):
    device = Authenticator()
    assert added(browser.signed_in(), device).status_code == 200
    return device


def test_a_passkey_signs_in_without_a_letter(browser, other, device):
    letters = len(mail.outbox)
    response = entered(other, device.sign(asked(other)), next="/account/address/")

    assert response.json() == {"next": "/account/address/"}
    assert READER.email in words(other.get(ACCOUNT))
    assert len(mail.outbox) == letters
    assert Passkey.objects.get().used_on == timezone.localdate()
    assert Session.objects.count() == 2


def test_the_device_is_asked_for_finger_or_face_and_told_who_has_a_key_already(browser, device):
    options = browser.client.post(OFFER, {"token": token(browser)}, **SELF).json()["publicKey"]

    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["user"]["name"] == READER.email
    assert len(options["excludeCredentials"]) == 1
    assert "allowCredentials" not in asked(browser)["publicKey"], "Nobody learns who has a key."


def test_an_answer_counts_once_and_in_the_browser_that_was_asked(browser, other, device):
    answer = device.sign(asked(other))
    third = entered(browser, answer)
    assert entered(other, answer).status_code == 200

    assert third.status_code == 422
    assert entered(other, answer).status_code == 422
    assert Session.objects.count() == 2


@pytest.mark.parametrize(
    "wrong", [{"origin": "https://evil.example"}, {"rp": "evil.example"}, {"flags": PRESENT}, {"flags": 0}]
)
def test_another_site_and_a_device_nobody_touched_are_refused(browser, other, device, wrong):
    for name, value in wrong.items():
        setattr(device, name, value)

    response = entered(other, device.sign(asked(other)))

    assert response.status_code == 422
    assert response.json()["error"].startswith("The passkey did not work.")
    assert not other.is_signed_in()


@pytest.mark.parametrize(
    "answer", ["", "[]", "{}", "null", '{"id": 1}', "[" * 90_000, '{"id":"AA","rawId":"AA","response":{}}']
)
def test_nonsense_is_refused_in_words(browser, other, device, answer):
    asked(other)

    assert entered(other, answer).status_code == 422
    assert added(browser, type("Nonsense", (), {"make": lambda self, options: answer})()).status_code == 422
    assert Passkey.objects.count() == 1


def test_a_key_of_another_is_no_key(browser, other, device):
    stranger = Authenticator()
    stranger.id = device.id

    assert entered(other, stranger.sign(asked(other))).status_code == 422


def test_a_copied_device_is_noticed(browser, other, device):
    assert entered(other, device.sign(asked(other), counter=5)).status_code == 200

    assert entered(other, device.sign(asked(other), counter=5)).status_code == 422
    assert entered(other, device.sign(asked(other), counter=4)).status_code == 422
    assert entered(other, device.sign(asked(other), counter=6)).status_code == 200


def test_one_device_belongs_to_one_reader(browser, other, device):
    other.signed_in(STRANGER.email)

    assert added(other, device).status_code == 422
    assert Passkey.objects.get().reader.email == READER.email


def test_passkeys_are_named_and_removed_by_their_owner_alone(browser, other, device):
    key = Passkey.objects.get()
    address = f"/account/passkeys/{key.pk}/"
    assert key.name == "Firefox, Android"
    other.signed_in(STRANGER.email)

    renamed = browser.client.post(
        address, {"token": token(browser), "act": "rename", "name": "Синій <телефон>"}, **SELF
    )
    theirs = other.client.post(address, {"token": token(other), "act": "remove"}, **SELF)

    assert (renamed.status_code, theirs.status_code) == (303, 404)
    assert "Синій &lt;телефон&gt;" in browser.get(ACCOUNT).content.decode()
    assert browser.client.post(address, {"token": token(browser), "act": "remove"}, **SELF).status_code == 303
    assert Passkey.objects.count() == 0
    assert entered(other, device.sign(asked(other))).status_code == 422


def test_a_passkey_is_added_only_after_a_fresh_sign_in_and_by_our_own_page(browser, device):
    mark = token(browser)
    assert browser.client.post(OFFER, {"token": "x"}, **SELF).status_code == 403
    Session.objects.update(begun_at=timezone.now() - dt.timedelta(minutes=31))

    assert browser.client.post(OFFER, {"token": mark}, **SELF).status_code == 303
    assert browser.client.post(ADD, {"token": mark, "answer": "{}"}, **SELF).status_code == 303
    assert "Sign in anew to add a passkey" in words(browser.get(ACCOUNT))


def test_erasing_takes_the_passkeys_too(browser, other, device):
    assert browser.send("/account/erase/", sure="yes").status_code == 200

    assert (Reader.objects.count(), Passkey.objects.count()) == (0, 0)
    assert entered(other, device.sign(asked(other))).status_code == 422
