"""Everything about a reader on one page: changed, taken along, erased."""

import datetime as dt
import io
import json
import zipfile
from html import unescape

import pytest
from django.core import mail
from django.utils import timezone

from standfirst.kit import keeping
from standfirst.kit.keeping import Erased, Holding
from standfirst.letterbox.models import Letter
from standfirst.mailroom.models import Mailing
from standfirst.mailroom.selectors import subscriptions_of
from standfirst.mailroom.services import subscribe
from standfirst.readers.models import Reader, Session
from standfirst.readers.signals import reader_erased
from tests.cast import READER, STRANGER
from tests.readers.conftest import Browser, code, words
from tests.readers.planting import PLANTED
from tests.readers.test_register import database_text

pytestmark = pytest.mark.django_db

ACCOUNT = "/account/"
NEW = "petro@elsewhere.example"


def everything(browser):
    response = browser.send("/account/everything/", page=ACCOUNT)
    assert response["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert archive.namelist() == ["everything.json", "everything.html"]
        return json.loads(archive.read("everything.json")), archive.read("everything.html").decode()


@pytest.fixture
def known(newsroom):
    """A reader who has written, suggested and signed in; and a stranger who has done the same."""
    for email in (READER.email, STRANGER.email):
        PLANTED["letterbox.Letter.reply_to"](newsroom, email)
        PLANTED["corrections.Suggestion.reply_to"](newsroom, email)
    return Browser().signed_in()


def make_old(minutes=31):
    Session.objects.update(begun_at=timezone.now() - dt.timedelta(minutes=minutes))


def test_a_reader_says_how_she_is_called_and_in_what_language(browser):
    browser.signed_in()
    saved = browser.send("/account/details/", page=ACCOUNT, name="Петро <Hnatiuk>", language="uk")

    assert saved["Location"] == "/account/?saved=details#details"
    reader = Reader.objects.get()
    assert (reader.name, reader.language) == ("Петро <Hnatiuk>", "uk")
    assert '<h1 class="sf-title">Петро &lt;Hnatiuk&gt;</h1>' in browser.get(ACCOUNT).content.decode()


@pytest.mark.parametrize("typed", [{"name": "x" * 151, "language": "en"}, {"name": "Petro", "language": "xx"}])
def test_details_that_do_not_fit_change_nothing(browser, typed):
    browser.signed_in()
    response = browser.send("/account/details/", page=ACCOUNT, **typed)

    assert response.status_code == 422
    assert "errorlist" in response.content.decode()
    assert Reader.objects.get().name == ""


def test_her_suggestions_stand_on_her_page(known):
    page = words(known.get(ACCOUNT))

    assert "What you suggested" in page
    assert page.count("We have it. No editor has decided about it yet.") == 1


def test_what_is_taken_along_is_what_the_database_holds(known):
    data, page = everything(known)

    assert data["address"] == READER.email
    kept = {one["key"]: one for one in data["kept"]}
    assert set(kept) == {"readers.account", "readers.sessions", "letterbox.letters", "corrections.suggestions"}
    [letter] = kept["letterbox.letters"]["rows"]
    assert letter["text"] == Letter.objects.get(reply_to=READER.email).text
    assert kept["letterbox.letters"]["how_long"] == "90 days after the desk has closed the letter."
    assert STRANGER.email not in json.dumps(data)
    # The page for people says the same, its dates in words.
    said = [str(value) for one in data["kept"] for row in one["rows"] for value in row.values() if value]
    missing = [value for value in said if value not in unescape(page) and not value.startswith("20")]
    assert missing == []


def test_erasing_says_what_goes_and_does_nothing_until_she_says_so(known):
    before = sorted(database_text())
    shown = words(known.get("/account/erase/"))
    not_sure = known.send("/account/erase/")

    assert "Nothing has been erased yet." in shown
    assert "Letters to the desk" in shown
    assert "Suggested corrections" in shown
    assert not_sure.status_code == 422
    assert "please tick the box first" in words(not_sure)
    assert sorted(database_text()) == before


def test_after_erasing_nothing_of_hers_is_left(known):
    heard = []

    def hear(sender, reader, **kwargs):
        heard.append((reader.email, Reader.objects.filter(pk=reader.pk).exists()))

    reader_erased.connect(hear)
    try:
        response = known.send("/account/erase/", sure="yes")
    finally:
        reader_erased.disconnect(hear)

    assert response.status_code == 200
    assert "Your account and all that belonged to it are gone." in words(response)
    assert response.cookies["sf-reader"]["max-age"] == 0
    assert heard == [(READER.email, True)]
    assert [line for line in database_text() if READER.email in line] == []
    assert len([line for line in database_text() if STRANGER.email in line]) >= 2
    assert not known.is_signed_in()


def test_what_the_law_keeps_is_named_with_its_end(known, monkeypatch):
    until = dt.date(2030, 1, 1)
    receipts = Holding(
        "test.receipts", "Receipts", "For the tax office.", "Three years.", keeping.LEGAL_OBLIGATION,
        keeping.nothing_given, lambda email: Erased(0, kept="The tax office may ask for them.", until=until),
    )  # fmt: skip
    monkeypatch.setitem(keeping._HOLDINGS, receipts.key, receipts)

    shown = words(known.get("/account/erase/"))
    done = words(known.send("/account/erase/", sure="yes"))

    for page in (shown, done):
        assert "Receipts. The tax office may ask for them. Until" in page
        assert "2030" in page


def test_a_room_that_cannot_erase_leaves_everything(known, monkeypatch):
    def broken(email):
        raise RuntimeError("no")

    bad = Holding("test.bad", "x", "y", "z", keeping.CONSENT, keeping.nothing_given, broken)
    fields = known.fields("/account/erase/")
    monkeypatch.setitem(keeping._HOLDINGS, bad.key, bad)
    before = sorted(database_text())

    with pytest.raises(RuntimeError):
        known.client.post("/account/erase/", fields | {"sure": "yes"}, HTTP_ORIGIN="http://testserver")

    assert sorted(database_text()) == before


@pytest.mark.parametrize("address", ["/account/erase/", "/account/address/"])
def test_before_something_important_she_shows_again_that_it_is_her(known, address):
    fields = known.fields(address)
    make_old()

    assert known.get(address)["Location"].startswith("/account/sign-in/?next=")
    late = known.client.post(address, fields | {"sure": "yes", "email": NEW}, HTTP_ORIGIN="http://testserver")
    assert late.status_code == 303
    assert Reader.objects.get(email=READER.email)
    assert len(mail.outbox) == 1

    again = words(known.get(f"/account/sign-in/?next={address}"))
    assert "Is it you?" in again
    known.ask(on=address)
    assert known.send("/account/code/", code=code(), next=address)["Location"] == address
    assert known.get(address).status_code == 200


def test_moving_to_another_address_takes_everything_along(known):
    elsewhere = Browser(where="198.51.100.9").signed_in()
    asked = known.send("/account/address/", email=NEW.upper())
    assert asked["Location"] == "/account/address/code/"
    assert mail.outbox[-1].to == [NEW]
    # Nothing has changed yet.
    assert Reader.objects.get().email == READER.email

    done = known.send("/account/address/code/", code=code_to(NEW))

    assert done["Location"] == "/account/?saved=address"
    assert Reader.objects.get().email == NEW
    assert [line for line in database_text() if READER.email in line] == []
    assert mail.outbox[-1].to == [READER.email]
    assert NEW not in mail.outbox[-1].body
    assert known.is_signed_in()
    assert not elsewhere.is_signed_in()
    data, _page = everything(known)
    assert {one["key"] for one in data["kept"]} >= {"letterbox.letters", "corrections.suggestions"}


def code_to(email):
    return next(letter for letter in reversed(mail.outbox) if letter.to == [email]).body[:9]


def test_a_code_for_a_new_address_signs_nobody_in(known, other):
    known.send("/account/address/", email=NEW)
    other.client.cookies["sf-asked"] = known.client.cookies["sf-asked"].value

    response = other.send("/account/code/", code=code_to(NEW))

    assert response.status_code == 422
    assert Reader.objects.get().email == READER.email


def test_an_address_with_an_account_of_its_own_is_not_swallowed(known, other):
    other.signed_in(NEW)
    known.send("/account/address/", email=NEW)
    response = known.send("/account/address/code/", code=code_to(NEW))

    assert response.status_code == 409
    assert "it has an account of its own here" in words(response)
    assert sorted(Reader.objects.values_list("email", flat=True)) == sorted([NEW, READER.email])
    assert Letter.objects.filter(reply_to=READER.email).exists()


@pytest.mark.parametrize(
    ("email", "sentence"), [(READER.email, "This is the address you have now."), ("x", "not an e-mail")]
)
def test_an_address_that_is_none_or_the_same_is_said(known, email, sentence):
    response = known.send("/account/address/", email=email)

    assert response.status_code == 422
    assert sentence in words(response)
    assert len(mail.outbox) == 1


@pytest.fixture
def mailings(homes):
    rows = (("the-day", True), ("the-week", True), ("closed", False), ("gone", False))
    return {
        key: Mailing.objects.create(key=key, names={"en": f"Letter {key}"}, is_open=is_open) for key, is_open in rows
    }


def test_she_chooses_her_letters_by_boxes_and_one_save(browser, mailings):
    browser.signed_in()
    old = subscribe(
        email=READER.email, mailing="gone", language="en", page="/", wording="", basis="import:old list, 2019"
    )
    page = browser.get(ACCOUNT).content.decode()
    assert 'value="gone" checked' in page
    assert "Letter closed" not in page

    saved = browser.send("/account/letters/", page=ACCOUNT, letters=["the-week", "closed"])

    assert saved["Location"] == "/account/?saved=letters#letters"
    rows = {one.mailing.key: one for one in subscriptions_of(READER.email)}
    assert {key: one.state for key, one in rows.items()} == {"the-week": "active", "gone": "left"}
    assert (rows["the-week"].basis, rows["the-week"].page) == ("consent", "/account/")
    assert rows["the-week"].wording.startswith("Tick the letters you would like.")
    assert old.pk == rows["gone"].pk
    assert len(mail.outbox) == 1, "She has shown already that the address is hers."


def test_letters_move_to_another_address_with_her(browser, mailings):
    browser.signed_in()
    browser.send("/account/letters/", page=ACCOUNT, letters=["the-day"])
    browser.send("/account/address/", email=NEW)
    browser.send("/account/address/code/", code=code_to(NEW))

    assert [one.mailing.key for one in subscriptions_of(NEW)] == ["the-day"]
    assert not subscriptions_of(READER.email)
