"""Letters to patrons: each once, at its time, with links that work."""

import datetime as dt
import re
from urllib.parse import urlsplit

from django.core import mail
from django.utils import timezone

from standfirst.mailroom.models import Delivery, Note
from standfirst.mailroom.services import address_suppress
from standfirst.patrons import services
from standfirst.patrons.ledger import Fact, Kind
from standfirst.patrons.models import Notice, Payment, Pledge
from standfirst.patrons.tasks import notice_send
from tests.cast import PATRON, READER
from tests.patrons.test_pages import became_patron, browser, clock, open_page, pressed

__all__ = ["browser", "clock", "open_page"]
DAY = dt.timedelta(days=1)


def pledged(period="year", provider="sandbox", email=PATRON.email, **more):
    return services.pledge_start(
        email=email, amount_minor=120000, currency="UAH", period=period, provider=provider, **more
    )


def paid(pledge, number="p1", at=None, now=None):
    at = at or timezone.now()
    fact = Fact(f"paid:{number}", Kind.PAID, at, number, pledge.amount_minor)
    services.entries_add(pledge=pledge, facts=[fact], now=now or at)
    return pledge


def subjects(to=PATRON.email):
    return [one.subject for one in mail.outbox if one.to == [to]]


def links_in(letter):
    return [urlsplit(one).path for one in re.findall(r"https?://\S+", letter.body)]


def test_every_payment_after_the_first_has_a_letter_with_its_own_receipt(browser, open_page):
    pledge = became_patron(browser)
    assert len(subjects()) == 1  # the welcome, with the first receipt
    first = links_in(mail.outbox[0])

    paid(pledge, "p2")
    paid(pledge, "p2")

    assert subjects()[1:] == ["Your payment to The Lantern has arrived"]
    receipt = next(one for one in links_in(mail.outbox[-1]) if "/receipts/" in one)
    assert receipt not in first
    assert receipt.split("/")[-2] == Payment.objects.get(provider_id="p2").receipt.token
    page = browser.client.get(receipt)
    assert (page.status_code, "150" in page.content.decode()) == (200, True)


def test_who_gives_a_year_is_warned_once_before_it_renews(browser, open_page):
    pledge, monthly = paid(pledged()), paid(pledged("month", email=READER.email), "m1")
    end = pledge.until
    mail.outbox.clear()

    for day in (-30, -15):
        services.pledges_carry_on(now=end + day * DAY)
    assert subjects() == []
    for day in (-14, -14, -10, -1):
        services.pledges_carry_on(now=end + day * DAY)

    (warning,) = [one for one in mail.outbox if one.to == [PATRON.email]]
    assert warning.subject.startswith("Your support of The Lantern renews on ")
    assert "1200\u00a0₴" in warning.body
    # Two clicks from the letter: the page, and its button.
    (link,) = links_in(warning)
    assert 'value="cancel"' in browser.client.get(link).content.decode()
    pressed(browser, pledge, act="cancel")
    assert pledge.state == "cancelled"
    assert not [one for one in subjects(READER.email) if "renews" in one]
    assert monthly.period == "month"


def test_of_a_bank_transfer_nobody_says_that_it_renews_by_itself(browser, open_page, monkeypatch):
    pledge = paid(pledged(provider="bank"))

    services.pledges_carry_on(now=pledge.until - 5 * DAY)

    warning = mail.outbox[-1]
    assert warning.subject.startswith("Your year with The Lantern ends on ")
    assert "charged" not in warning.body
    (link,) = links_in(warning)
    assert "UA2132231300" not in browser.client.get(link).content.decode()
    soon = pledge.until - 5 * DAY
    monkeypatch.setattr(timezone, "now", lambda: soon)
    assert "UA2132231300" in browser.client.get(link).content.decode()


def test_gifts_grants_and_what_has_been_cancelled_renew_for_nobody(browser, open_page):
    gift = paid(pledged(kind=Pledge.Kind.GIFT, payer_email=READER.email), "g1")
    now = timezone.now()
    services.pledge_grant(email="olha@readers.example", until=now + 5 * DAY, tier=None, by="x@lantern.example")
    left = paid(pledged(email="left@readers.example"), "l1")
    services.pledge_cancel(pledge=left)
    mail.outbox.clear()

    services.pledges_carry_on(now=gift.until - 3 * DAY)
    services.pledges_carry_on(now=now + 3 * DAY)

    assert [one.subject for one in mail.outbox if "renews" in one.subject] == []
    # What ends by itself ends on its day.
    services.pledges_carry_on(now=gift.until + DAY)
    assert set(Pledge.objects.values_list("state", flat=True)) == {"ended"}


def test_the_link_of_the_letter_about_a_failed_payment_leads_to_where_it_is_repaired(browser, open_page):
    pledge = became_patron(browser)
    browser.client.post(f"/support/sandbox/{pledge.token}/", {"act": "fail"})
    letter = mail.outbox[-1]
    assert "did not go through" in letter.subject

    (link,) = links_in(letter)
    page = browser.client.get(link).content.decode()
    way = re.search(r'href="([^"]+/pay/)"', page)[1]
    sandbox = browser.client.get(way)["Location"]
    browser.client.post(sandbox, {"act": "pay"}, HTTP_ORIGIN="http://testserver")

    pledge.refresh_from_db()
    assert (pledge.state, pledge.received_minor) == ("active", 30000)


def test_a_letter_is_handed_over_once_and_not_to_who_takes_no_mail(browser, open_page):
    pledge = became_patron(browser)
    (notice,) = Notice.objects.all()
    Notice.objects.update(sent_at=None)  # as if we had died right after handing it over

    notice_send.call(notice.pk)

    assert Note.objects.count() == Delivery.objects.count() == len(mail.outbox) == 1
    assert Note.objects.get().reference == notice.reference
    address_suppress(email=PATRON.email, reason="bounced")
    paid(pledge, "p2")
    assert Delivery.objects.get(note__kind="patrons-receipt").state == Delivery.State.SUPPRESSED
    assert len(mail.outbox) == 1
