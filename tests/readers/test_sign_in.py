"""Signing in by a code: for whoever holds the address and the browser, and for nobody else."""

import datetime as dt

import pytest
from django.core import mail
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from standfirst.readers.guard import CODES_FROM_ONE, CODES_TO_ONE, CODES_TO_ONE_FROM_ONE
from standfirst.readers.models import Code, Reader, Session
from standfirst.readers.services import reader_found
from tests.cast import READER, STRANGER
from tests.desk import colleague, signed_in
from tests.readers.conftest import SELF, Browser, code, words, wrong_code

pytestmark = pytest.mark.django_db

SIGN_IN, CODE, ACCOUNT = "/account/sign-in/", "/account/code/", "/account/"


def test_a_reader_signs_in_with_the_code_from_the_letter(browser):
    asked = browser.ask("Petro.Hnatiuk@READERS.example")
    [letter] = mail.outbox
    signed = browser.send(CODE, code=code())

    assert (asked.status_code, asked["Location"]) == (303, CODE)
    assert letter.to == [READER.email]
    assert "http://testserver/account/code/" in letter.body
    assert (signed.status_code, signed["Location"]) == (303, ACCOUNT)
    reader = Reader.objects.get()
    assert (reader.email, reader.language, reader.confirmed_at is not None) == (READER.email, "en", True)
    assert READER.email in words(browser.get(ACCOUNT))
    assert Session.objects.get().device == "Firefox, Android"


def test_every_language_has_its_own_door(browser):
    asked = browser.ask(at="/uk/account/sign-in/")
    signed = browser.send(asked["Location"], code=code())

    assert asked["Location"] == "/uk/account/code/"
    assert "Дійсний чверть години" in mail.outbox[0].body
    assert signed["Location"] == "/uk/account/"
    assert Reader.objects.get().language == "uk"


def test_an_address_is_answered_alike_whether_it_has_an_account_or_not(browser, other):
    reader_found(email=READER.email, name="Petro")
    other.ask("warming@readers.example")
    answers = []
    for email, one in ((READER.email, browser), (STRANGER.email, other)):
        fields = one.fields(SIGN_IN)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            response = one.client.post(SIGN_IN, fields | {"email": email}, **SELF)
        headers = sorted((name, value) for name, value in response.items())
        shown = one.get(CODE).content.replace(one.fields(CODE)["token"].encode(), b"")
        answers.append(
            (response.status_code, headers, [q["sql"].split("VALUES")[0].split("WHERE")[0] for q in asked], shown)
        )

    assert answers[0] == answers[1]
    assert not any("readers_reader" in sql for sql in answers[0][2])
    assert [letter.subject for letter in mail.outbox[-2:]] == [mail.outbox[-1].subject] * 2


def test_a_code_is_worth_nothing_in_another_browser(browser, other):
    browser.ask()
    theirs = other.send(CODE, code=code()) if other.get(CODE).content.count(b'name="code"') else None
    other.ask(STRANGER.email)
    told = mail.outbox[0].body[:9]
    response = other.send(CODE, code=told)

    assert theirs is None, "Without having asked there is no form."
    assert response.status_code == 422
    assert "This is not the code we sent. You can try 4 more times." in words(response)
    assert Reader.objects.count() == 0


def test_opening_the_link_of_a_letter_signs_nobody_in(browser):
    browser.ask()
    for _time in range(3):
        assert browser.get(CODE).status_code == 200
        assert Client().get(CODE).status_code == 200

    assert Session.objects.count() == 0
    assert browser.send(CODE, code=code()).status_code == 303


def test_a_code_opens_once(browser):
    browser.ask()
    fields = browser.fields(CODE)
    asked = browser.client.cookies["sf-asked"].value
    assert browser.client.post(CODE, fields | {"code": code()}, **SELF).status_code == 303

    again = Browser()
    again.client.cookies["sf-asked"] = asked
    response = again.client.post(CODE, fields | {"code": code()}, **SELF)

    assert response.status_code == 422
    assert "There is no code in this browser that is still good" in words(response)
    assert Session.objects.count() == 1


def test_a_code_can_be_guessed_five_times(browser):
    browser.ask()
    answers = [browser.send(CODE, code=wrong_code()) for _time in range(5)]
    right = browser.send(CODE, code=code())

    assert [answer.status_code for answer in answers] == [422] * 5
    assert "You can try 1 more time." in words(answers[3])
    assert "tried too often" in words(answers[4])
    assert right.status_code == 422
    assert Session.objects.count() == 0


def test_a_code_is_good_for_a_quarter_of_an_hour(browser):
    browser.ask()
    Code.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))

    assert browser.send(CODE, code=code()).status_code == 422
    assert Session.objects.count() == 0


def test_a_new_code_ends_the_one_before(browser):
    browser.ask()
    first = code()
    browser.ask()

    assert Code.objects.count() == 1
    assert (browser.send(CODE, code=first).status_code == 422) or first == code()
    assert browser.send(CODE, code=code()).status_code == 303


def test_a_code_may_be_typed_as_people_type(browser):
    browser.ask()
    digits = code().replace(" ", "")

    typed = " " + "-".join(digits).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")) + " "
    assert browser.send(CODE, code=typed).status_code == 303


def test_codes_are_kept_as_a_hash_alone(browser):
    browser.ask()
    row = Code.objects.get()

    kept = f"{row.mark} {row.browser} {vars(row)}"
    assert code().replace(" ", "") not in kept
    assert browser.client.cookies["sf-asked"].value not in kept


def test_whoever_knows_a_key_beforehand_gets_no_session_with_it(browser, other):
    planted = other.signed_in(STRANGER.email).client.cookies["sf-reader"].value
    browser.client.cookies["sf-reader"] = planted
    browser.signed_in()

    assert browser.client.cookies["sf-reader"].value != planted
    assert READER.email in words(browser.get(ACCOUNT))
    # The one that was planted ended with the sign-in.
    assert not other.is_signed_in()


def test_the_cookie_is_for_us_alone(browser):
    browser.signed_in()
    cookie = browser.client.cookies["sf-reader"]

    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
    assert Session.objects.filter(mark=cookie.value).count() == 0
    for address in ("/", "/uk/", "/privacy/", "/search/?q=x", "/contact/"):
        response = browser.get(address)
        assert response.cookies == {}
        assert READER.email not in response.content.decode()


@pytest.mark.parametrize("address", [ACCOUNT, SIGN_IN, CODE, "/account/address/", "/account/erase/", "/uk/account/"])
def test_nothing_of_an_account_is_kept_by_anybody(browser, address):
    response = browser.get(address)

    assert response["Cache-Control"] == "no-store, private"
    assert response["X-Robots-Tag"] == "noindex"
    assert "Cookie" in response["Vary"]


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_ORIGIN": "https://evil.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_SEC_FETCH_SITE": "same-site"},
    ],
)
@pytest.mark.parametrize(
    "address", [SIGN_IN, CODE, "/account/sign-out/", "/account/details/", "/account/passkeys/ask/"]
)
def test_forms_of_other_sites_do_nothing(browser, address, headers):
    browser.ask()
    if address in (SIGN_IN, CODE):
        fields = browser.fields(address) | {"email": STRANGER.email, "code": code()}
    else:
        browser.send(CODE, code=code())
        fields = browser.fields(ACCOUNT, "/account/sign-out/") | {"name": "Evil"}
    sessions, letters = Session.objects.count(), len(mail.outbox)

    response = browser.client.post(address, fields, **headers)

    assert response.status_code == 403
    assert (Session.objects.count(), len(mail.outbox)) == (sessions, letters)


def test_a_form_without_the_token_of_this_browser_does_nothing(browser, other):
    browser.signed_in()
    other.signed_in(STRANGER.email)
    theirs = other.fields(ACCOUNT, "/account/sign-out/")

    for fields in (theirs, {"token": ""}, {}):
        response = browser.client.post("/account/sign-out/", fields | {"where": "all"}, **SELF)
        assert response.status_code == 403
        assert "This form was not handed out to this browser." in words(response)
    # The token of one form does not send another.
    details = browser.fields(ACCOUNT, "/account/details/")
    assert browser.client.post("/account/erase/", details | {"sure": "yes"}, **SELF).status_code == 403
    assert Session.objects.count() == 2


def test_one_connection_gets_so_many_codes_and_no_more(browser, clock):
    answers = [browser.ask(f"reader{number}@readers.example").status_code for number in range(CODES_FROM_ONE[0][0] + 2)]

    assert answers == [303] * CODES_FROM_ONE[0][0] + [429] * 2
    assert len(mail.outbox) == CODES_FROM_ONE[0][0]
    clock.now += 600
    assert browser.ask("later@readers.example").status_code == 303


def test_one_address_gets_so_many_codes_from_wherever_they_are_asked(homes, clock):
    most = CODES_TO_ONE[0][0]
    answers = [Browser(where=f"203.0.113.{number}").ask(READER.email.title()) for number in range(most + 1)]

    assert [answer.status_code for answer in answers] == [303] * most + [429]
    assert "a new one can be asked for in 60 minutes" in words(answers[-1])
    assert int(answers[-1]["Retry-After"]) <= 3600
    assert len(mail.outbox) == most
    assert Browser().ask(STRANGER.email).status_code == 303


def test_one_connection_cannot_use_up_the_codes_of_somebody_else(homes, clock):
    stranger = Browser(where="203.0.113.9")
    answers = [stranger.ask(READER.email).status_code for _try in range(12)]
    hers = Browser(where="198.51.100.4").ask(READER.email)

    assert answers == [303] * CODES_TO_ONE_FROM_ONE[0] + [429] * (12 - CODES_TO_ONE_FROM_ONE[0])
    assert hers.status_code == 303
    assert len(mail.outbox) == CODES_TO_ONE_FROM_ONE[0] + 1


def test_a_machine_that_fills_in_everything_gets_the_answer_and_no_letter(browser):
    response = browser.send(SIGN_IN, email=READER.email, homepage="https://spam.example")

    assert response.status_code == 303
    assert mail.outbox == []
    assert Code.objects.count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "petro",
        "petro@",
        "petro@readers.example\nBcc: all@readers.example",
        "петро@readers.example",
        "a@b@c.example",
    ],
)
def test_what_is_no_address_gets_a_sentence_and_no_letter(browser, wrong):
    response = browser.send(SIGN_IN, email=wrong)

    assert response.status_code == 422
    assert "e-mail address" in words(response)
    assert mail.outbox == []


def test_a_domain_in_its_own_letters_is_one_address(browser):
    browser.signed_in("Petro@Приклад.укр")

    assert Reader.objects.get().email == "petro@xn--80aikifvh.xn--j1amh"
    assert mail.outbox[0].to == ["petro@xn--80aikifvh.xn--j1amh"]
    assert "petro@приклад.укр" in words(browser.get(ACCOUNT))


@pytest.mark.parametrize("on", ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)"])
def test_after_the_sign_in_nobody_is_led_away(browser, on):
    browser.ask(on=on)
    response = browser.send(CODE, code=code(), next=on)

    assert response["Location"] == ACCOUNT


def test_after_the_sign_in_she_is_where_she_wanted_to_be(browser):
    sent_away = browser.get("/account/address/")
    asked = browser.ask(on="/account/address/")
    response = browser.send(asked["Location"], code=code())

    assert sent_away["Location"] == "/account/sign-in/?next=%2Faccount%2Faddress%2F"
    assert asked["Location"] == "/account/code/?next=%2Faccount%2Faddress%2F"
    assert response["Location"] == "/account/address/"


def test_mail_that_does_not_go_out_is_said(browser, settings):
    settings.EMAIL_BACKEND = "tests.readers.test_sign_in.DeadMail"

    response = browser.ask()

    assert response.status_code == 503
    assert "Our mail did not go out just now, so no code is on its way." in words(response)


class DeadMail:
    def __init__(self, **kwargs):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError


@pytest.mark.parametrize("address", [ACCOUNT, SIGN_IN, CODE, "/account/here/"])
def test_while_the_database_is_away_she_is_told_kindly(browser, address):
    browser.signed_in()

    def gone(*_args):
        raise OperationalError("the server is gone")

    with connection.execute_wrapper(gone):
        response = browser.get(address)
        asked = browser.client.post(SIGN_IN, {"email": READER.email}, **SELF)

    assert response.status_code == asked.status_code == 503
    assert "accounts cannot be opened or changed. Nothing is lost." in words(response)
    assert len(mail.outbox) == 1
    assert browser.is_signed_in()


def test_a_reader_is_nobody_at_the_desk_and_a_colleague_nobody_here(browser, homes):
    editor = colleague("editor")
    desk = signed_in(editor)
    browser.signed_in(editor.email)

    assert browser.get("/desk/").status_code == 302
    assert b'data-reader="in"' not in desk.get(ACCOUNT).content
    # A key of ours is none of the desk's.
    browser.client.cookies["sessionid"] = browser.client.cookies["sf-reader"].value
    assert browser.get("/desk/").status_code == 302


def test_sessions_can_be_seen_and_ended(browser, other):
    browser.signed_in()
    other.signed_in()
    third = Browser().signed_in()
    page = words(browser.get(ACCOUNT))
    assert page.count("Firefox, Android: since") == 3
    assert page.count("(this browser)") == 1

    number = str(Session.objects.order_by("pk")[1].pk)
    ended = browser.send("/account/sign-out/", page=ACCOUNT, where=number)
    assert ended.status_code == 303
    assert (other.is_signed_in(), third.is_signed_in()) == (False, True)

    everywhere = browser.send("/account/sign-out/", page=ACCOUNT, where="all")
    assert everywhere["Location"] == "/account/signed-out/"
    assert everywhere.cookies["sf-reader"]["max-age"] == 0
    assert not third.is_signed_in()
    assert Session.objects.count() == 0


def test_nobody_ends_the_session_of_another(browser, other):
    browser.signed_in()
    other.signed_in(STRANGER.email)
    theirs = Session.objects.get(reader__email=STRANGER.email)

    browser.send("/account/sign-out/", page=ACCOUNT, where=str(theirs.pk))

    assert other.is_signed_in()


def test_a_session_ends_sixty_days_after_its_last_use(browser):
    browser.signed_in()
    session = Session.objects.get()
    assert session.expires_at - timezone.now() > dt.timedelta(days=59)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Session.objects.update(seen_on=yesterday, expires_at=timezone.now() + dt.timedelta(days=3))

    carried_on = browser.get(ACCOUNT)
    assert carried_on.cookies["sf-reader"]["max-age"] == 60 * 86_400
    assert browser.get(ACCOUNT).cookies == {}
    assert Session.objects.get().seen_on == timezone.localdate()

    Session.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert not browser.is_signed_in()


def test_who_reads_is_told_to_her_own_browser_alone(browser, other):
    browser.signed_in()
    Reader.objects.update(name="Petro")

    assert browser.get("/uk/account/here/").json()["links"] == [{"text": "Ваш обліковий запис", "href": "/uk/account/"}]
    assert browser.get("/account/here/").json()["name"] == "Petro"
    assert other.get("/account/here/").status_code == 401
