"""Signing up, confirming, leaving and choosing, as a reader's browser and her mail program do it."""

import re

import pytest
from django.db import OperationalError
from django.utils import timezone

from standfirst.letterbox import guards
from standfirst.letterbox.delivery import spool_deliver
from standfirst.letterbox.spool import spool_waiting
from standfirst.mailroom import selectors, tokens
from standfirst.mailroom.models import Delivery, Mailing, Note, Subscription, Suppression
from standfirst.mailroom.services import address_suppress, lists_forget_due, subscribe
from standfirst.mailroom.services.lists import ASK_AGAIN, LEFT, UNCONFIRMED
from tests.letterbox.conftest import Browser, clock, data, paper, printed, words

__all__ = ["clock", "data", "paper", "printed"]

ADDRESS = "olena@example.org"


@pytest.fixture
def lists(paper):
    Mailing.objects.filter(key__in=["daily", "weekly"]).update(is_open=True)
    return paper


@pytest.fixture
def browser(client, clock):
    return Browser(client, clock)


def sign_up(browser, address=ADDRESS, mailings=("daily", "weekly"), prefix=""):
    page = browser.client.get(f"{prefix}/newsletters/")
    values = browser.fields(page) | {"email": address, "mailings": list(mailings)}
    browser.clock.now += 5
    return browser.client.post(f"{prefix}/newsletters/", values, HTTP_ORIGIN="http://testserver")


def link():
    return re.search(r"http://testserver(\S+/confirm/\S+/)", Note.objects.latest("pk").text)[1]


def states():
    return dict(Subscription.objects.values_list("mailing__key", "state"))


@pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/uk", "uk")])
def test_a_reader_signs_up_and_confirms_by_a_button(lists, browser, prefix, language):
    assert sign_up(browser, prefix=prefix)["Location"] == f"{prefix}/newsletters/thanks/"
    assert browser.client.get(f"{prefix}/newsletters/thanks/").status_code == 200

    assert states() == {"daily": "pending", "weekly": "pending"}
    assert Delivery.objects.count() == 1
    assert link().startswith(f"{prefix}/newsletters/confirm/")
    # Scanners open every link, with HEAD and GET.
    for _ in range(2):
        page = browser.client.get(link())
        browser.client.head(link())
    assert set(states().values()) == {"pending"}
    assert page["Referrer-Policy"] == "no-referrer"
    assert not page.cookies

    assert browser.client.post(link()).status_code == 200
    assert states() == {"daily": "active", "weekly": "active"}
    kept = Subscription.objects.first()
    assert (kept.language, kept.page, kept.basis) == (language, f"{prefix}/newsletters/", "consent")
    assert kept.wording
    assert kept.confirmed_at


def test_the_answer_does_not_tell_whether_an_address_is_known(lists, browser):
    sign_up(browser)
    browser.client.post(link())
    notes = Note.objects.count()

    known, new = sign_up(browser), sign_up(browser, "somebody@example.org")

    assert (known.status_code, known["Location"]) == (new.status_code, new["Location"])
    assert Note.objects.count() == notes + 1


def test_a_flood_of_one_address_is_one_mail(lists, browser):
    for _ in range(3):
        sign_up(browser)

    assert Delivery.objects.filter(to=ADDRESS).count() == 1


def test_machines_and_other_sites_sign_nobody_up(lists, browser):
    page = browser.client.get("/newsletters/")
    values = browser.fields(page) | {"email": ADDRESS, "mailings": ["daily"]}
    browser.clock.now += 5

    elsewhere = browser.client.post("/newsletters/", values, HTTP_ORIGIN="https://elsewhere.example")
    machine = browser.client.post("/newsletters/", values | {guards.HONEYPOT: "x"}, HTTP_ORIGIN="http://testserver")

    assert (elsewhere.status_code, machine.status_code) == (403, 303)
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"email": "nobody"}, "This is not an e-mail address."),
        ({"email": "олена@example.org"}, "not an e-mail address"),
        ({"mailings": []}, "Nothing is ticked yet."),
        ({"mailings": ["breaking"]}, "is not there any more"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence_and_changes_nothing(lists, browser, typed, said):
    values = browser.fields(browser.client.get("/newsletters/")) | {"email": ADDRESS, "mailings": ["daily"]} | typed
    browser.clock.now += 5

    answer = browser.client.post("/newsletters/", values, HTTP_ORIGIN="http://testserver")

    assert answer.status_code == 422
    assert said in words(answer)
    assert not Subscription.objects.exists()


@pytest.fixture
def reader(lists):
    return subscribe(email=ADDRESS, mailing="daily", language="uk", page="", wording="Yes.", basis="import: old paper")


def way_out(subscription):
    return f"/u/{tokens.token_of(subscription.key, tokens.LEAVE)}"


@pytest.mark.parametrize("multipart", [True, False])
def test_one_click_leaves_without_login_cookie_or_redirect(reader, client, multipart):
    body = {"List-Unsubscribe": "One-Click"}
    kind = {} if multipart else {"content_type": "application/x-www-form-urlencoded"}

    answer = client.post(way_out(reader), body if multipart else "List-Unsubscribe=One-Click", **kind)

    assert answer.status_code == 200
    assert not answer.cookies
    assert states() == {"daily": "left"}


def test_opening_the_link_changes_nothing_and_speaks_her_language(reader, client):
    page = client.get(way_out(reader))

    assert page.status_code == 200
    assert b'<html lang="uk"' in page.content
    assert "o…@example.org" in words(page)
    assert ADDRESS.encode() not in page.content
    assert states() == {"daily": "active"}


@pytest.mark.parametrize("purpose", ["GET", "HEAD", "OPTIONS", "PUT"])
def test_scanners_and_previews_of_any_kind_neither_leave_nor_confirm(reader, client, purpose):
    """They open links, ask for heads, fetch ahead: only a POST that says what it wants counts."""
    confirm = f"/newsletters/confirm/{tokens.token_of(reader.key, tokens.CONFIRM)}/"
    for path, state in ((way_out(reader), "active"), (confirm, "pending")):
        Subscription.objects.filter(pk=reader.pk).update(state=state)
        for more in ({}, {"HTTP_SEC_PURPOSE": "prefetch"}, {"HTTP_USER_AGENT": "BarracudaSentinel/1.0"}):
            answer = client.generic(purpose, f"{path}?List-Unsubscribe=One-Click", **more)
            assert answer.status_code == (200 if purpose in ("GET", "HEAD") else 405)
            assert not answer.cookies
            assert states() == {"daily": state}


def test_she_chooses_other_letters_from_her_link(reader, client):
    client.post(way_out(reader), {"mailings": ["weekly"], "language": "en"}, HTTP_ORIGIN="http://testserver")

    assert states() == {"daily": "left", "weekly": "active"}
    assert client.post(way_out(reader), {"mailings": []}, HTTP_ORIGIN="https://elsewhere.example").status_code == 403
    assert states()["weekly"] == "active"


def test_a_link_that_nobody_made_opens_nothing(reader, client):
    for token in ("x", "a" * tokens.LENGTH, tokens.token_of("0" * 32, tokens.LEAVE)):
        assert client.get(f"/u/{token}").status_code == 404
    assert client.get(f"/newsletters/confirm/{tokens.token_of(reader.key, tokens.LEAVE)}/").status_code == 404


def test_leaving_works_while_the_database_is_away(reader, client, data, monkeypatch):
    def away(*_):
        raise OperationalError("away")

    with monkeypatch.context() as patch:
        patch.setattr(selectors, "subscription_at", away)
        answer = client.post(way_out(reader), {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert client.post("/u/" + "a" * tokens.LENGTH, {"List-Unsubscribe": "One-Click"}).status_code == 503
        # Who wanted to choose anew has not left.
        assert client.post(way_out(reader), {"mailings": ["daily"]}, HTTP_ORIGIN="http://testserver").status_code == 503
        assert len(spool_waiting(data=data)) == 1
    assert states() == {"daily": "active"}

    spool_deliver(data=data)
    assert states() == {"daily": "left"}


def test_what_nobody_confirmed_or_left_long_ago_is_forgotten(lists, reader):
    pending = subscribe(email="p@example.org", mailing="daily", language="en", page="", wording="")
    left = subscribe(email="l@example.org", mailing="daily", language="en", page="", wording="", basis="import: x")
    Subscription.objects.filter(pk=left.pk).update(state="left", left_at=left.asked_at)

    assert lists_forget_due(now=pending.asked_at + UNCONFIRMED / 2) == 0
    assert lists_forget_due(now=left.asked_at + LEFT * 1.01) == 2
    assert Subscription.objects.get() == reader


def test_who_has_left_is_not_brought_back_by_an_import_and_who_confirms_is_written_to_again(lists, browser, reader):
    browser.client.post(way_out(reader), {"List-Unsubscribe": "One-Click"})
    subscribe(email=ADDRESS, mailing="daily", language="uk", page="", wording="", basis="import: old paper again")
    assert states() == {"daily": "left"}

    address_suppress(email=ADDRESS, reason="complained")
    sign_up(browser, mailings=["daily"])
    # The mail that she has asked for goes out, or she could never show that her address works.
    assert Delivery.objects.get(note__kind="confirm").state == "queued"
    browser.client.post(link())
    assert states() == {"daily": "active"}
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(("reason", "goes"), [("bounced", ["queued", "suppressed"]), ("by-hand", ["suppressed"] * 2)])
def test_who_is_not_written_to_is_asked_once_a_day_and_never_when_the_desk_said_so(lists, reason, goes):
    address_suppress(email=ADDRESS, reason=reason)
    asked = {"email": ADDRESS, "language": "en", "page": "", "wording": ""}

    subscribe(mailing="daily", **asked)
    Subscription.objects.update(asked_at=timezone.now() - ASK_AGAIN)
    Note.objects.update(reference="ten minutes ago")
    subscribe(mailing="daily", **asked)

    notes = Delivery.objects.filter(note__kind="confirm").order_by("pk")
    assert list(notes.values_list("state", flat=True)) == goes


def test_there_is_no_page_when_no_mailing_is_open(paper, client):
    assert client.get("/newsletters/").status_code == 404
    assert b"/newsletters/" not in client.get("/contact/").content
