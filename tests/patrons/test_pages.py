"""A reader becomes a patron and all that follows, through the pages, without script."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core import mail
from django.utils import timezone
from wagtail.models import Site

from standfirst.config.newsroom import Payments
from standfirst.patrons import providers, services
from standfirst.patrons.errors import ProviderAway
from standfirst.patrons.ledger import Kind
from standfirst.patrons.models import Alarm, Pledge, Support, SupportText, Tier, TierPrice, TierText
from standfirst.patrons.providers.sandbox import Sandbox
from standfirst.patrons.urls import urlpatterns
from standfirst.press.addresses import Live
from standfirst.readers.selectors import COOKIE
from standfirst.readers.services import reader_found, session_begin
from tests.cast import PATRON, READER
from tests.letterbox.conftest import Browser, clock

__all__ = ["clock"]


@pytest.fixture
def open_page(homes, settings):
    """The support page is open, with one tier, the sandbox and a bank account."""
    settings.NEWSROOM = replace(settings.NEWSROOM, base_url="", payments=Payments(sandbox=True))
    site = Site.objects.get(is_default_site=True)
    support = Support.objects.create(
        site=site, is_open=True, currency="UAH", iban="UA213223130000026007233566001", account_holder="The Lantern"
    )
    SupportText.objects.create(support=support, language="en", heading="Keep the lamp lit", pays_for="<p>Work.</p>")
    tier = Tier.objects.create(name="A cup of coffee", slug="coffee")
    TierText.objects.create(tier=tier, language="uk", name="Чашка кави")
    TierPrice.objects.create(tier=tier, currency="UAH", amount_minor=15000, period="month")
    return support


@pytest.fixture
def browser(client, clock):
    return Browser(client, clock)


def joined(browser, query="", **typed):
    price = TierPrice.objects.get()
    typed = {"email": PATRON.email, "name": PATRON.name, "provider": "sandbox"} | typed
    return browser.send(f"/support/join/{query or f'?price={price.pk}'}", **typed)


def became_patron(browser):
    answer = joined(browser)
    assert answer.status_code == 303, answer.content.decode()
    pledge = Pledge.objects.get()
    assert answer["Location"] == f"/support/mine/{pledge.token}/pay/"
    assert browser.client.get(answer["Location"])["Location"] == f"/support/sandbox/{pledge.token}/"
    browser.client.post(f"/support/sandbox/{pledge.token}/", {"act": "pay"})
    pledge.refresh_from_db()
    return pledge


def pressed(browser, pledge, **fields):
    answer = browser.client.post(f"/support/mine/{pledge.token}/", fields, HTTP_ORIGIN="http://testserver")
    pledge.refresh_from_db()
    return answer


def test_the_page_shows_amounts_and_other_ways_in_every_language(client, open_page):
    english, ukrainian = client.get("/support/"), client.get("/uk/support/")

    assert (english.status_code, ukrainian.status_code) == (200, 200)
    assert not english.cookies
    text = english.content.decode()
    for words in ("Keep the lamp lit", "A cup of coffee", "150\u00a0₴ a month", "Another amount", "UA2132231300"):
        assert words in text, words
    assert "Чашка кави" in ukrainian.content.decode()
    assert client.get("/support/text/").status_code == 200


def test_who_is_signed_in_and_gives_already_begins_nothing_twice(browser, open_page):
    first = became_patron(browser)
    reader = reader_found(email=PATRON.email)
    browser.client.cookies[COOKIE] = session_begin(reader=reader, device="", instead="")

    answer = joined(browser, amount="99")

    assert answer["Location"] == f"/support/mine/{first.token}/?held=1"
    assert "You give already, so nothing new was begun." in browser.client.get(answer["Location"]).content.decode()
    assert Pledge.objects.count() == 1
    # A gift of money once, and one with another address, are begun as ever.
    assert "/pay/" in joined(browser, period="once")["Location"]
    assert "/pay/" in joined(browser, email="other@readers.example")["Location"]


def test_until_it_is_open_readers_find_the_standing_page(client, open_page):
    Support.objects.update(is_open=False)

    for address in ("/support/", "/uk/support/", "/support/text/"):
        closed = client.get(address)
        assert closed.status_code == 200, address
        assert "UA2132231300" not in closed.content.decode()
    assert client.get("/support/join/").status_code == 404
    Support.objects.update(is_open=True)
    assert "UA2132231300" in client.get("/support/").content.decode()


def test_all_but_the_page_and_its_text_edition_reaches_us_every_time():
    live = Live(["en", "uk"])
    for pattern in urlpatterns:
        path = "/" + str(pattern.pattern).replace("<str:token>", "abc")
        assert live(path) is live(f"/uk{path}") is (path not in {"/support/", "/support/text/"}), path


def test_she_becomes_a_patron_and_gets_a_letter_with_the_way_to_her_page(browser, open_page):
    pledge = became_patron(browser)

    assert (pledge.state, pledge.tier.slug, pledge.amount_minor) == ("active", "coffee", 15000)
    assert [one.to for one in mail.outbox] == [[PATRON.email]]
    assert f"/support/mine/{pledge.token}/" in mail.outbox[0].body
    page = browser.client.get(f"/support/mine/{pledge.token}/")
    assert "Thank you. You support the paper." in page.content.decode()
    assert "No money moves" in page.content.decode()
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store", "same-origin")


def test_nothing_is_chosen_for_her_and_what_is_wrong_is_said(browser, open_page):
    page = browser.client.get("/support/join/?tier=coffee").content.decode()
    assert "checked" not in page

    answer = browser.send("/support/join/?tier=coffee", amount="much", email="nobody", period="month")

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "This is no amount." in text
    assert "This is not an e-mail address." in text
    assert "Choose how you pay." in text
    assert 'value="much"' in text
    assert Pledge.objects.count() == 0


def test_another_site_cannot_send_the_form(browser, open_page):
    answer = joined(browser, headers={"HTTP_ORIGIN": "https://elsewhere.example"})
    pledge = services.pledge_start(
        email=READER.email, amount_minor=1, currency="UAH", period="month", provider="sandbox"
    )
    foreign = browser.client.post(
        f"/support/mine/{pledge.token}/", {"act": "cancel"}, HTTP_ORIGIN="https://elsewhere.example"
    )

    assert (answer.status_code, foreign.status_code) == (403, 403)
    pledge.refresh_from_db()
    assert (Pledge.objects.count(), pledge.state) == (1, "pending")


def test_she_cancels_with_two_clicks_and_comes_back(browser, open_page):
    pledge = became_patron(browser)

    pressed(browser, pledge, act="cancel")
    assert pledge.state == "cancelled"
    assert "Come back" in browser.client.get(f"/support/mine/{pledge.token}/").content.decode()
    pressed(browser, pledge, act="resume")

    assert pledge.state == "active"
    assert len(mail.outbox) == 2
    assert "is cancelled" in mail.outbox[1].subject


def test_a_card_fails_and_is_repaired(browser, open_page):
    pledge = became_patron(browser)
    browser.client.post(f"/support/sandbox/{pledge.token}/", {"act": "fail"})
    pledge.refresh_from_db()
    assert pledge.state == "past-due"
    assert "did not go through" in mail.outbox[-1].subject

    browser.client.post(f"/support/sandbox/{pledge.token}/", {"act": "pay"})

    pledge.refresh_from_db()
    assert (pledge.state, pledge.received_minor) == ("active", 30000)


def test_of_a_missing_payment_she_hears_three_times_in_fourteen_days(browser, open_page):
    pledge = became_patron(browser)
    end = pledge.until
    mail.outbox.clear()

    for day in range(20):
        for _ in range(2):
            services.pledges_carry_on(now=end + dt.timedelta(days=day, hours=1))

    failed = [one for one in mail.outbox if "did not go through" in one.subject]
    assert (len(failed), len(mail.outbox)) == (3, 4)
    assert "has ended" in mail.outbox[-1].subject


def test_another_amount_counts_from_the_next_payment(browser, open_page):
    pledge = became_patron(browser)

    assert pressed(browser, pledge, act="change", amount="nothing").status_code == 422
    assert pledge.amount_minor == 15000
    pressed(browser, pledge, act="change", amount="200,50")

    assert (pledge.amount_minor, pledge.amounts) == (20050, [15000, 20050])


def test_she_withdraws_in_two_steps_and_gets_a_receipt_with_the_moment(browser, open_page):
    pledge = became_patron(browser)
    address = f"/support/mine/{pledge.token}/withdraw/"
    typed = {"name": PATRON.name, "contact": PATRON.email}
    assert "Withdraw from contract here" in browser.client.get(f"/support/mine/{pledge.token}/").content.decode()

    first = browser.client.post(address, typed)
    assert "Confirm withdrawal" in first.content.decode()
    pledge.refresh_from_db()
    assert pledge.state == "active"
    browser.client.post(address, {**typed, "act": "confirm"})

    pledge.refresh_from_db()
    assert (pledge.state, pledge.received_minor) == ("refunded", 0)
    letter = mail.outbox[-1].body if "withdrawn" in mail.outbox[-1].subject else mail.outbox[-2].body
    for words in (PATRON.name, pledge.reference, f"{timezone.localtime(pledge.withdrawal.at):%Y-%m-%d %H:%M:%S}"):
        assert words in letter
    browser.client.post(address, {**typed, "act": "confirm"})
    assert pledge.payments.count() == 2


def test_after_fourteen_days_there_is_nothing_to_withdraw_from(browser, open_page):
    pledge = became_patron(browser)
    Pledge.objects.update(made_at=timezone.now() - dt.timedelta(days=14, minutes=1))

    assert browser.client.get(f"/support/mine/{pledge.token}/withdraw/").status_code == 303
    assert not Alarm.objects.exists()


def test_a_gift_waits_for_its_day_and_its_letter_comes_then(browser, open_page):
    day = timezone.localdate() + dt.timedelta(days=10)
    answer = browser.send(
        "/support/join/?gift=1", amount="300", period="year", email=PATRON.email, name=PATRON.name,
        friend=READER.email, friend_name=READER.name, day=day.isoformat(), message="For you.", provider="sandbox",
    )  # fmt: skip
    pledge = Pledge.objects.get()
    assert answer.status_code == 303
    browser.client.post(f"/support/sandbox/{pledge.token}/", {"act": "pay"})
    pledge.refresh_from_db()
    assert (pledge.state, pledge.email) == ("pending", READER.email)
    # Who pays has the receipt; of the gift nobody hears before its day.
    assert [(one.to, one.subject) for one in mail.outbox] == [
        ([PATRON.email], "Your payment to The Lantern has arrived")
    ]
    mail.outbox.clear()

    services.pledges_carry_on(now=timezone.now() + dt.timedelta(days=11))

    pledge.refresh_from_db()
    assert (pledge.state, pledge.renews) == ("active", False)
    assert sorted(one.to[0] for one in mail.outbox) == [READER.email, PATRON.email]
    assert "For you." in next(one.body for one in mail.outbox if one.to == [READER.email])


def test_a_company_that_is_away_leaves_her_choice_and_the_banks_details(browser, open_page, monkeypatch):
    def away(self, pledge, **kwargs):
        raise ProviderAway("The sandbox does not answer.")

    monkeypatch.setattr(Sandbox, "start_checkout", away)
    joined(browser)
    pledge = Pledge.objects.get()

    page = browser.client.get(f"/support/mine/{pledge.token}/pay/", follow=True).content.decode()

    assert "The payment company does not answer just now. Your choice is kept" in page
    assert pledge.reference in page
    assert "UA2132231300" in page


def test_a_bank_pledge_shows_the_details_and_for_euros_the_square(browser, open_page):
    Support.objects.update(currency="EUR")
    browser.send("/support/join/", amount="5", period="once", email=PATRON.email, provider="bank")
    pledge = Pledge.objects.get()

    page = browser.client.get(f"/support/mine/{pledge.token}/").content.decode()

    assert pledge.reference in page
    assert "sf-square" in page
    assert "style=" not in page


@pytest.mark.parametrize("language", ["en", "uk"])
def test_receipts_are_pages_and_paper_in_her_language(browser, open_page, language):
    pledge = became_patron(browser)
    receipt = pledge.payments.get().receipt
    type(receipt).objects.update(language=language)
    prefix = "" if language == "en" else "/uk"

    page = browser.client.get(f"{prefix}/support/receipts/{receipt.token}/").content.decode()
    paper = browser.client.get(f"{prefix}/support/receipts/{receipt.token}/receipt.pdf")

    assert pledge.reference in page
    assert PATRON.name in page
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert browser.client.get("/support/receipts/guessed/").status_code == 404


def test_the_sandbox_is_refused_in_public(browser, open_page, settings):
    settings.NEWSROOM = replace(settings.NEWSROOM, base_url="https://news.example")

    assert [one.name for one in providers.offered()] == ["bank"]
    assert Kind.PAID in Kind


def test_the_appeal_leads_to_the_page_once_it_is_open(client, newsroom, settings):
    story = newsroom.publish("A bridge is closed")
    site = Site.objects.get(is_default_site=True)
    Support.objects.create(site=site, is_open=True)

    assert 'class="sf-button" href="/support/"' in client.get(story.public_path).content.decode()
