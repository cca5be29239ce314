"""Readers write while the database is away: the form works, the letter waits, and nothing untrue is said."""

from contextlib import contextmanager

import pytest
from bs4 import BeautifulSoup
from django.db import InterfaceError, OperationalError, connection

from standfirst.letterbox import delivery, errors, guards, spool
from standfirst.letterbox.models import Letter
from tests.letterbox.conftest import words
from tests.letterbox.test_forms import FOREIGN

ADDRESSES = ["/contact/", "/uk/contact/"]
WE_HAVE_IT = {
    "en": "We have it. Our database is away just now; the desk gets your letter as soon as it is back.",
    "uk": "Ваш лист у нас. Наша база даних зараз недоступна; редакція отримає його, щойно база запрацює.",
}


@contextmanager
def database_away(error=OperationalError):
    def gone(*_args):
        raise error("the server is gone")

    with connection.execute_wrapper(gone):
        yield


def waiting(data):
    return [spool.spool_open(data=data, file=file) for file in spool.spool_waiting(data=data)]


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_letter_sent_while_the_database_is_away_arrives_once_it_is_back(paper, browser, data, address, error):
    language = "uk" if address.startswith("/uk/") else "en"
    with database_away(error):
        shown = browser.client.get(address)
        response = browser.send(address, text="Довгі <words>", sender_name="Ірина", reply_to="iryna@example.org")
        thanks = browser.client.get(response["Location"])

    assert (shown.status_code, shown["Cache-Control"]) == (200, "no-store")
    assert shown.cookies == {}
    assert f'lang="{language}"' in shown.content.decode()
    assert b"<script" not in shown.content
    assert b"<style" not in shown.content
    assert (response.status_code, response["Location"]) == (303, f"{address}thanks/?waiting=1")
    assert (thanks.status_code, thanks["Cache-Control"]) == (200, "no-store")
    assert WE_HAVE_IT[language] in words(thanks)
    assert Letter.objects.count() == 0

    assert delivery.spool_deliver(data=data) is None
    letter = Letter.objects.get()
    assert (letter.text, letter.sender_name, letter.reply_to) == ("Довгі <words>", "Ірина", "iryna@example.org")
    assert (letter.language, letter.state) == (language, "new")
    links = [link["href"] for link in BeautifulSoup(thanks.content, "html.parser").find_all("a")]
    assert links == ["/uk/" if language == "uk" else "/"]


def test_a_form_opened_before_the_database_went_away_can_be_sent(paper, browser, data):
    values = browser.fields(browser.client.get("/contact/")) | {"text": "Begun before."}
    browser.clock.now += 5

    with database_away():
        response = browser.client.post("/contact/", values)
    assert response.status_code == 303

    delivery.spool_deliver(data=data)
    assert Letter.objects.get().text == "Begun before."


def test_a_form_opened_while_it_was_away_can_be_sent_when_it_is_back(paper, browser, data):
    with database_away():
        values = browser.fields(browser.client.get("/contact/")) | {"text": "Sent after."}
    browser.clock.now += 5

    assert browser.client.post("/contact/", values)["Location"] == "/contact/thanks/"

    assert Letter.objects.get().text == "Sent after."
    assert waiting(data) == []


def test_the_same_form_sent_twice_arrives_once(paper, browser, data):
    values = browser.fields(browser.client.get("/contact/")) | {"text": "Once."}
    browser.clock.now += 5
    with database_away():
        assert [browser.client.post("/contact/", values).status_code for _ in range(2)] == [303, 303]
    assert browser.client.post("/contact/", values).status_code == 303

    delivery.spool_deliver(data=data)

    assert Letter.objects.count() == 1


def test_the_guards_stand_without_the_database_too(paper, browser, data):
    with database_away():
        assert browser.send("/contact/", headers=FOREIGN, text="Kept").status_code == 403
        assert browser.send("/contact/", wait=1, text="Kept").status_code == 422
        assert browser.send("/contact/", wait=86_401, text="Kept").status_code == 422
        forged = browser.send("/contact/", token="AAAA.AAAA", text="Kept words")
        assert browser.send("/contact/", text="").status_code == 422
        assert browser.send("/contact/", text="x" * 200_000).status_code == 413
        assert browser.client.put("/contact/").status_code == 405
        assert waiting(data) == []
        for number in range(5):
            assert browser.send("/contact/", text=f"Letter {number}").status_code == 303
        refused = browser.send("/contact/", text="One too many")

    assert forged.status_code == 422
    assert "We could not be sure that a person sent this." in words(forged)
    assert browser.fields(forged)["text"] == "Kept words"
    assert refused.status_code == 429
    assert browser.fields(refused)["text"] == "One too many"
    assert len(waiting(data)) == 5


def test_what_a_machine_filled_in_is_put_aside_after_the_spool_too(paper, browser, data):
    with database_away():
        assert browser.send("/contact/", text="Buy!", homepage="https://spam.example").status_code == 303

    delivery.spool_deliver(data=data)
    assert Letter.objects.get().state == "spam"


@pytest.mark.parametrize(
    ("refusal", "sentence", "wait"),
    [
        ("busy", "very many letters are coming in", "60"),
        ("full", "the place where letters wait for it is full, so yours has not arrived", "3600"),
        ("shut", "nothing else could keep your letter, so it has not arrived", "120"),
    ],
)
def test_a_refusal_is_a_sentence_and_the_words_stay(paper, browser, data, monkeypatch, refusal, sentence, wait):
    if refusal == "shut":
        (data / "secrets" / "spool.key").unlink()
    elif refusal == "full":
        monkeypatch.setattr(spool, "MEGABYTES", 0)
    else:
        monkeypatch.setattr(spool, "ITEMS_PER_MINUTE", 0)

    with database_away():
        response = browser.send("/contact/", text="Long and <precious> words", reply_to="a@b.example")

    assert (response.status_code, response["Retry-After"]) == (503, wait)
    assert response["Cache-Control"] == "no-store"
    assert sentence in words(response)
    assert "your letter is kept" not in words(response)
    assert browser.fields(response)["text"] == "Long and <precious> words"
    assert browser.fields(response)["reply_to"] == "a@b.example"
    assert waiting(data) == []
    sent_again = browser.again(response, "/contact/")
    assert sent_again.status_code == 303
    assert Letter.objects.get().text == "Long and <precious> words"


def test_a_receipt_is_given_only_for_what_is_on_the_disk(paper, browser, data, monkeypatch):
    def full(_descriptor):
        raise OSError(28, "No space left on device")

    with database_away(), monkeypatch.context() as patch:
        patch.setattr(spool.os, "fsync", full)
        response = browser.send("/contact/", text="Kept words")

    assert response.status_code == 503
    assert browser.fields(response)["text"] == "Kept words"
    assert waiting(data) == []


@pytest.mark.parametrize("address", ["/contact/thanks/", "/uk/contact/thanks/"])
def test_thanks_need_no_database(paper, client, address):
    with database_away():
        response = client.get(address)

    assert response.status_code == 200
    assert WE_HAVE_IT["uk" if "/uk/" in address else "en"] in words(response)


def test_every_refusal_has_words_of_its_own():
    from standfirst.letterbox.views import words_for

    said = {words_for(kind()) for kind in (errors.SpoolBusy, errors.SpoolFull, errors.SpoolShut)}

    assert len(said) == 3
    assert guards.RATE_OF_ALL[0] <= spool.ITEMS_PER_MINUTE
