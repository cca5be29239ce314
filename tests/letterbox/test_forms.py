"""Letters by the paper's forms, as a reader's browser sends them."""

import re

import pytest

from standfirst.letterbox import guards
from standfirst.letterbox.models import Letter
from tests.letterbox.conftest import words

FOREIGN = {"HTTP_ORIGIN": "https://elsewhere.example"}


@pytest.mark.parametrize("address", ["/contact/", "/uk/contact/"])
def test_a_letter_reaches_the_desk(paper, browser, address):
    response = browser.send(address, text="Привіт, desk!", sender_name="Ірина", reply_to="iryna@example.org")

    assert response.status_code == 303
    assert response["Location"] == f"{address}thanks/"
    assert browser.client.get(response["Location"]).status_code == 200
    letter = Letter.objects.get()
    assert (letter.kind, letter.state, letter.text) == ("contact", "new", "Привіт, desk!")
    assert (letter.sender_name, letter.reply_to) == ("Ірина", "iryna@example.org")
    assert letter.language == ("uk" if "/uk/" in address else "en")


def test_forms_are_never_stored_and_set_no_cookie(paper, client):
    for address in ("/contact/", "/uk/contact/"):
        response = client.get(address)

        assert response.status_code == 200
        assert response["Cache-Control"] == "no-store"
        assert response.cookies == {}
        scripts = re.findall(
            rb'<script type="module" src="([^"]*)">|<script(?! type="application/ld\+json")', response.content
        )
        assert [b"theme/personal" in script for script in scripts] == [True]


def test_a_form_sent_twice_arrives_once(paper, browser):
    values = browser.fields(browser.client.get("/contact/")) | {"text": "Once."}
    browser.clock.now += 5

    answers = [browser.client.post("/contact/", values) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [303, 303, 303]
    assert Letter.objects.count() == 1


def test_other_words_in_the_same_form_are_another_letter(paper, browser):
    values = browser.fields(browser.client.get("/contact/"))
    browser.clock.now += 5

    for text in ("First.", "I forgot to say."):
        browser.client.post("/contact/", values | {"text": text})

    assert Letter.objects.count() == 2


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"text": "  "}, "There is no message yet. Write a few words before you send it."),
        ({"text": "x" * 5001}, "Your message has 5001 characters; at most 5000 reach the desk."),
        ({"text": "Hi", "reply_to": "nobody at home"}, "This is not an e-mail address."),
        ({"text": "Hi", "reply_to": "a@b.example\nBcc: all@b.example"}, "This is not an e-mail address."),
        ({"text": "a\0b"}, "Null characters are not allowed."),
    ],
)
def test_a_mistake_is_explained_and_nothing_typed_is_lost(paper, browser, typed, sentence):
    response = browser.send("/contact/", sender_name="Iryna <b>", **typed)

    assert response.status_code == 422
    assert sentence in words(response)
    assert "Your letter has not been sent yet" in words(response)
    assert browser.fields(response)["sender_name"] == "Iryna <b>"
    assert Letter.objects.count() == 0
    corrected = browser.again(response, "/contact/", text="Better.", reply_to="")
    assert corrected.status_code == 303
    assert Letter.objects.get().text == "Better."


def test_a_form_filled_in_by_a_machine_is_put_aside(paper, browser):
    response = browser.send("/contact/", text="Buy!", homepage="https://spam.example")

    assert response.status_code == 303, "a machine learns nothing"
    letter = Letter.objects.get()
    assert letter.state == "spam"
    assert letter.closed_at is not None


def test_a_form_of_another_site_is_refused(paper, browser):
    for headers in (FOREIGN, {"HTTP_ORIGIN": "null"}, {"HTTP_SEC_FETCH_SITE": "cross-site"}):
        response = browser.send("/contact/", headers=headers, text="Kept words")

        assert response.status_code == 403
        assert "This form was sent from another site." in words(response)
        assert browser.fields(response)["text"] == "Kept words"
    assert Letter.objects.count() == 0


def test_an_old_browser_that_names_no_origin_is_believed(paper, browser, client):
    values = browser.fields(client.get("/contact/")) | {"text": "From an old phone."}
    browser.clock.now += 5

    assert client.post("/contact/", values).status_code == 303


@pytest.mark.parametrize(
    ("wait", "sentence"),
    [(0, "faster than a person writes"), (1, "faster than a person writes"), (86_401, "open for more than a day")],
)
def test_too_fast_or_too_late_costs_one_more_press_of_the_button(paper, browser, wait, sentence):
    response = browser.send("/contact/", wait=wait, text="My words")

    assert response.status_code == 422
    assert sentence in words(response)
    assert Letter.objects.count() == 0
    assert browser.again(response, "/contact/").status_code == 303
    assert Letter.objects.get().text == "My words"


@pytest.mark.parametrize("token", ["", "x", "a.b", "é.é", "." * 99, "A" * 5000, "AAAA.AAAA"])
def test_a_made_up_token_opens_nothing(paper, browser, token):
    response = browser.send("/contact/", token=token, text="Kept words")

    assert response.status_code == 422
    assert "We could not be sure that a person sent this." in words(response)
    assert Letter.objects.count() == 0
    assert browser.again(response, "/contact/").status_code == 303


def test_the_token_of_one_form_does_not_open_another(paper, browser):
    token = browser.client.get(paper.story.suggest_path, HTTP_ACCEPT="application/json").json()["token"]

    response = browser.send("/contact/", token=token, text="x")

    assert response.status_code == 422
    assert Letter.objects.count() == 0


def test_many_letters_from_one_connection_must_wait(paper, browser):
    for number in range(5):
        assert browser.send("/contact/", text=f"Letter {number}").status_code == 303

    response = browser.send("/contact/", text="One too many")

    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 601
    assert browser.fields(response)["text"] == "One too many"
    assert Letter.objects.count() == 5
    assert browser.send("/contact/", text="A neighbour", headers={"REMOTE_ADDR": "192.0.2.7"}).status_code == 303
    browser.clock.now += 601
    assert browser.send("/contact/", text="Later").status_code == 303


def test_one_household_has_one_ipv6_network():
    assert guards.network_of("2001:db8:1:2:aaaa::1") == guards.network_of("2001:db8:1:2::7")
    assert guards.network_of("2001:db8:1:3::7") != guards.network_of("2001:db8:1:2::7")
    assert guards.network_of("::ffff:192.0.2.1") == "192.0.2.1"
    assert guards.network_of("not an address") == "unknown"


def test_no_address_of_a_machine_is_kept(paper, browser):
    browser.send("/contact/", text="Hello", headers={"REMOTE_ADDR": "198.51.100.77"})

    (row,) = Letter.objects.values()
    assert "198.51.100.77" not in str(row)
    from django.core.cache import cache

    assert "198.51.100.77" not in str(cache._cache)


def test_a_flood_of_bytes_is_not_read(paper, browser):
    response = browser.send("/contact/", text="x" * 200_000)

    assert response.status_code == 413
    assert "more than a letter can hold" in words(response)
    assert Letter.objects.count() == 0


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_other_methods_are_refused(paper, client, method):
    assert getattr(client, method)("/contact/").status_code == 405


def test_the_public_address_is_hidden_from_harvesters(paper, client):
    source = client.get("/contact/").content.decode()

    assert re.findall(r"[\w.+-]+@[\w-]+\.[\w.]+", source) == []
    assert "lantern.example" not in source


def test_a_form_that_very_many_open_comes_plain_without_the_database_and_works(
    paper, browser, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(guards, "LOOKS_OF_ONE", (2, 600))
    for _look in range(2):
        assert 'class="sf-foot' in browser.client.get("/contact/", REMOTE_ADDR="10.1.2.3").content.decode()

    with django_assert_num_queries(0):
        shown = browser.client.get("/contact/", REMOTE_ADDR="10.1.2.3")
    other = browser.client.get("/contact/", REMOTE_ADDR="10.9.8.7")
    for _look in range(4):
        at_this_machine = browser.client.get("/contact/")

    assert (shown.status_code, shown["Cache-Control"]) == (200, "no-store")
    assert "its page comes plain" in words(shown)
    assert "its page comes plain" not in words(other), "somebody else's page is as ever"
    assert "its page comes plain" not in words(at_this_machine)
    assert browser.again(shown, "/contact/", text="All the same.").status_code == 303
    assert Letter.objects.get().text == "All the same."
