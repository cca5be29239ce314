"""What strangers with bad intent, and honest people in a hurry, do at the doors of this room."""

import datetime as dt
import json

import pytest
from django.core import mail
from django.utils import timezone

from standfirst.patrons import services
from standfirst.patrons.ledger import Fact, Kind
from standfirst.patrons.models import Alarm, Event, Notice, Payment, Pledge, TierPrice
from standfirst.patrons.pages import RATES_OF_ONE
from standfirst.patrons.providers.sandbox import SIGNATURE, Sandbox, message, signed
from tests.cast import PATRON, READER, STRANGER
from tests.letterbox.conftest import clock
from tests.patrons.test_pages import became_patron, browser, joined, open_page, pressed

__all__ = ["browser", "clock", "open_page"]

HOOK = "/hooks/payments/sandbox/"


def counts():
    return Pledge.objects.count(), Payment.objects.count(), Event.objects.count(), len(mail.outbox)


# Who is a patron is nobody's business ---------------------------------------------------------------


def test_joining_with_a_patrons_address_is_answered_like_any_other_and_she_hears_of_it(browser, open_page):
    became_patron(browser)
    mail.outbox.clear()

    hers, other = joined(browser, amount="99"), joined(browser, amount="99", email=STRANGER.email)

    assert [answer.status_code for answer in (hers, other)] == [303, 303]
    pages = []
    for answer, email in ((hers, PATRON.email), (other, STRANGER.email)):
        pledge = Pledge.objects.get(email=email, state="pending")
        assert answer["Location"] == f"/support/mine/{pledge.token}/pay/"
        page = browser.client.get(answer["Location"], follow=True).content.decode()
        page += browser.client.get(f"/support/mine/{pledge.token}/").content.decode()
        pages.append(page.replace(pledge.token, "TOKEN").replace(pledge.reference, "REFERENCE"))
    assert pages[0] == pages[1]
    (letter,) = mail.outbox
    assert letter.to == [PATRON.email]
    assert "has an active one" in letter.body
    # Once an hour, however often it is tried.
    joined(browser, amount="98")
    assert len(mail.outbox) == 1


def test_a_second_pledge_that_is_paid_in_spite_of_it_is_stopped_at_the_company(browser, open_page, monkeypatch):
    first, stopped = became_patron(browser), []
    monkeypatch.setattr(Sandbox, "cancel", lambda self, pledge: stopped.append(pledge.pk))
    joined(browser, amount="99")
    second = Pledge.objects.exclude(pk=first.pk).get()

    browser.client.post(f"/support/sandbox/{second.token}/", {"act": "pay"})

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.is_double) == ("active", "cancelled", True)
    assert stopped == [second.pk]
    assert Alarm.objects.get().kind == Alarm.Kind.DOUBLE


def test_nobody_gets_anothers_page_by_typing_the_same(browser, open_page, client):
    mine = joined(browser)["Location"]

    theirs = joined(browser)["Location"]

    assert mine != theirs
    assert Pledge.objects.count() == 2


def test_the_same_form_sent_twice_is_one_pledge_and_after_paying_nothing_new(browser, open_page):
    price = TierPrice.objects.get()
    address = f"/support/join/?price={price.pk}"
    form = browser.fields(browser.client.get(address)) | {
        "email": PATRON.email,
        "name": PATRON.name,
        "provider": "sandbox",
    }
    browser.clock.now += 60

    def sent():
        return browser.client.post(address, form, HTTP_ORIGIN="http://testserver")["Location"]

    first, again = sent(), sent()
    pledge = Pledge.objects.get()
    browser.client.post(f"/support/sandbox/{pledge.token}/", {"act": "pay"})
    # The button "back", and once more.
    after = sent()

    assert first == again == after
    assert browser.client.get(after)["Location"] == f"/support/mine/{pledge.token}/"
    assert (Pledge.objects.count(), Payment.objects.count()) == (1, 1)


def test_two_tabs_are_two_pledges_of_which_one_goes_on(browser, open_page):
    one, two = joined(browser)["Location"], joined(browser)["Location"]

    for address in (one, two):
        browser.client.post(address.replace("/mine/", "/sandbox/").removesuffix("pay/"), {"act": "pay"})

    assert sorted(Pledge.objects.values_list("state", flat=True)) == ["active", "cancelled"]
    assert Payment.objects.count() == 2


# Nonsense in the form -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "amount", ["0", "-5", "NaN", "Infinity", "1e9", "99999999999999999999", "12.345.6,7,8", "$", "0.001"]
)
def test_an_amount_that_is_none_is_refused_in_a_sentence(browser, open_page, amount):
    before = counts()

    answer = joined(browser, amount=amount)

    assert answer.status_code == 422
    assert "Nothing has been begun yet" in answer.content.decode()
    assert counts() == before


@pytest.mark.parametrize(
    "typed",
    [
        {"email": "vira@readers.example\r\nBcc: all@readers.example"},
        {"email": "vira@readers.example\nSubject: x"},
        {"email": "a@b@c.example"},
        {"provider": "stripe"},
        {"period": "week"},
        {"name": "Vira\0"},
        {"currency": "XXX", "amount": "150 USD"},
    ],
)
def test_what_does_not_fit_changes_nothing(browser, open_page, typed):
    before = counts()

    assert joined(browser, **typed).status_code == 422

    assert counts() == before


def test_markup_in_a_name_is_a_name(browser, open_page):
    name = '<script>alert(1)</script> "Vira" & Co'
    joined(browser, name=name)
    pledge = Pledge.objects.get()
    browser.client.post(f"/support/sandbox/{pledge.token}/", {"act": "pay"})
    receipt = pledge.payments.get().receipt

    for address in (f"/support/mine/{pledge.token}/", f"/support/receipts/{receipt.token}/"):
        page = browser.client.get(address).content.decode()
        assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert browser.client.get(f"/support/receipts/{receipt.token}/receipt.pdf").content.startswith(b"%PDF")
    assert mail.outbox[-1].to == [PATRON.email]


def test_a_domain_in_its_own_letters_is_one_patron(browser, open_page):
    joined(browser, email="Vira@Листи.example")

    pledge = Pledge.objects.get()
    assert pledge.email == "vira@xn--h1aahzf.example"
    browser.client.post(f"/support/sandbox/{pledge.token}/", {"act": "pay"})
    assert mail.outbox[-1].to == [pledge.email]


def test_nobody_gives_to_herself(browser, open_page):
    answer = joined(browser, query="?gift=1", amount="150", period="month", friend=PATRON.email.upper())

    assert answer.status_code == 422
    assert "This is your own address." in answer.content.decode()
    assert Pledge.objects.count() == 0


# Floods, forged requests, nonsense --------------------------------------------------------------------


def test_a_flood_of_beginnings_ends_with_a_sentence(browser, open_page):
    most = RATES_OF_ONE[0][0]
    answers = [joined(browser, email=f"n{number}@readers.example") for number in range(most + 1)]

    assert [answer.status_code for answer in answers] == [303] * most + [429]
    assert answers[-1]["Retry-After"]
    assert Pledge.objects.count() == most
    assert mail.outbox == []


@pytest.mark.parametrize("way", ["mine", "withdraw", "sandbox", "join"])
def test_another_site_can_press_none_of_our_buttons(browser, open_page, way):
    pledge = became_patron(browser)
    before = counts(), pledge.entries.count()
    address, fields = {
        "mine": (f"/support/mine/{pledge.token}/", {"act": "cancel"}),
        "withdraw": (
            f"/support/mine/{pledge.token}/withdraw/",
            {"act": "confirm", "name": "V", "contact": PATRON.email},
        ),
        "sandbox": (f"/support/sandbox/{pledge.token}/", {"act": "fail"}),
        "join": ("/support/join/", {"email": READER.email, "amount": "5", "period": "once", "provider": "sandbox"}),
    }[way]

    for said in ({"HTTP_ORIGIN": "https://evil.example"}, {"HTTP_SEC_FETCH_SITE": "cross-site"}):
        assert browser.client.post(address, fields, **said).status_code == 403

    pledge.refresh_from_db()
    assert (counts(), pledge.entries.count()) == before
    assert pledge.state == "active"


@pytest.mark.parametrize("token", ["x", "..", "%00", "%2e%2e%2f", "a" * 3000, "<script>", "%F0%9F%92%A9"])
def test_a_page_that_nobody_made_is_a_missing_page(browser, open_page, token):
    for form in ("/support/mine/{}/", "/support/mine/{}/pay/", "/support/receipts/{}/", "/support/sandbox/{}/"):
        assert browser.client.get(form.format(token)).status_code == 404


@pytest.mark.parametrize(
    "asked", ["price=1e9", "price=²", "price=-1", "price=99999999999999999999", "tier=%00", "period=x"]
)
def test_nonsense_in_the_address_shows_an_empty_form(browser, open_page, asked):
    page = browser.client.get(f"/support/join/?{asked}")

    assert page.status_code == 200
    assert 'value="150"' not in page.content.decode()


def test_nobody_is_led_to_another_site(browser, open_page):
    pledge = became_patron(browser)

    for address in (f"/support/mine/{pledge.token}/pay/?next=//evil.example&back=https://evil.example",):
        assert browser.client.get(address)["Location"] == f"/support/mine/{pledge.token}/"


@pytest.mark.parametrize("size", ["nonsense", "-1", "999999999999999999999", "1e3"])
def test_a_message_that_lies_about_its_size_is_refused(browser, open_page, size):
    answer = browser.client.post(HOOK, b"{}", content_type="application/json", CONTENT_LENGTH=size)

    assert answer.status_code in (400, 413)
    assert counts() == (0, 0, 0, 0)


def test_a_huge_message_is_not_even_read(browser, open_page):
    answer = browser.client.post(HOOK, b"x" * (600 * 1024), content_type="application/json")

    assert answer.status_code == 413


def test_forged_and_replayed_messages_change_nothing(browser, open_page):
    joined(browser)
    pledge = Pledge.objects.get()
    body = message(pledge, Kind.PAID)

    def told(text, signature):
        said = {f"HTTP_{SIGNATURE.upper().replace('-', '_')}": signature}
        return browser.client.post(HOOK, text, content_type="application/json", **said).status_code

    dearer = json.dumps(json.loads(body) | {"amount_minor": 10**9}).encode()
    assert told(body, "") == 400
    assert told(body, "ü") == 400
    assert told(dearer, signed(body)) == 400
    assert counts()[1:] == (0, 0, 0)

    assert [told(body, signed(body)) for _time in range(3)] == [200, 200, 200]
    assert (Payment.objects.count(), Event.objects.count(), Notice.objects.count()) == (1, 1, 1)


def test_a_page_of_hers_is_kept_by_nobody_and_tells_other_sites_nothing(browser, open_page):
    pledge = became_patron(browser)

    page = browser.client.get(f"/support/mine/{pledge.token}/")

    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"
    assert page["X-Robots-Tag"] == "noindex"
    assert not page.cookies


def test_a_paid_gift_that_waits_for_its_day_offers_no_button_that_does_nothing(browser, open_page):
    day = (timezone.localdate() + dt.timedelta(days=30)).isoformat()
    joined(browser, query="?gift=1&tier=coffee", amount="150", period="month", friend=READER.email, day=day)
    pledge = Pledge.objects.get()
    browser.client.post(f"/support/sandbox/{pledge.token}/", {"act": "pay"})

    page = browser.client.get(f"/support/mine/{pledge.token}/").content.decode()

    assert "It is paid, and waits for its day." in page
    assert 'value="cancel"' not in page
    assert "Withdraw from contract here" in page


def test_a_missing_payment_says_by_when(browser, open_page):
    pledge = became_patron(browser)
    services.entries_add(pledge=pledge, facts=[Fact("failed:1", Kind.FAILED, timezone.now())])

    page = browser.client.get(f"/support/mine/{pledge.token}/").content.decode()

    assert "A payment is missing. Nothing ends yet." in page
    assert "If nothing comes by" in page
    assert pressed(browser, pledge, act="cancel").status_code == 303


def test_every_page_of_the_sandbox_says_that_it_is_one(browser, open_page):
    pledge = became_patron(browser)
    receipt = pledge.payments.get().receipt
    said = "Sandbox: this is for trying out. No money moves."

    for address in (
        "/support/", "/support/text/", "/support/join/", f"/support/mine/{pledge.token}/",
        f"/support/mine/{pledge.token}/withdraw/", f"/support/sandbox/{pledge.token}/",
        f"/support/receipts/{receipt.token}/",
    ):  # fmt: skip
        assert said in browser.client.get(address).content.decode(), address
    assert said in mail.outbox[-1].body


def test_once_is_chosen_beforehand_only_where_she_asked_for_once(browser, open_page):
    assert 'value="once" required id="id_period_2" checked' not in browser.client.get("/support/join/").content.decode()
    page = browser.client.get("/support/join/?period=once").content.decode()

    assert "It is paid once, and nothing follows from it." in page
    assert page.count("checked") == 1


def test_back_from_the_company_before_its_message_she_is_told_to_wait_and_not_to_pay_again(browser, open_page):
    joined(browser)
    mine = f"/support/mine/{Pledge.objects.get().token}/"

    page = browser.client.get(f"{mine}?back=1").content.decode()

    assert "One moment: we wait for the word of the payment company." in page
    assert "I have not paid yet: go on to pay" in page
    assert "Nothing has arrived yet." in browser.client.get(mine).content.decode()


def test_a_card_that_is_refused_at_the_first_payment_is_said(browser, open_page):
    joined(browser)
    pledge = Pledge.objects.get()

    answer = browser.client.post(f"/support/sandbox/{pledge.token}/", {"act": "fail"}, follow=True)

    assert "The payment did not go through. Nothing was charged." in answer.content.decode()
    assert Payment.objects.count() == 0


def test_a_company_that_is_away_names_no_bank_where_there_is_none(browser, open_page):
    open_page.iban = ""
    open_page.save()
    joined(browser)

    page = browser.client.get(f"/support/mine/{Pledge.objects.get().token}/?away=1").content.decode()

    assert "Your choice is kept: please try again in a few minutes." in page
    assert "details below" not in page
