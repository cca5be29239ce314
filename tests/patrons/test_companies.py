"""What Stripe and LiqPay tell us, replayed by real requests; what we ask them, answered by small fakes."""

import datetime as dt
import itertools
import json
import shutil

import pytest
from django.db import OperationalError
from django.utils import timezone

from standfirst.letterbox import delivery, spool
from standfirst.patrons import providers, services
from standfirst.patrons.errors import BadSignature, ProviderAway
from standfirst.patrons.ledger import outcome
from standfirst.patrons.models import Alarm, Event, Payment, Pledge
from standfirst.patrons.providers.liqpay import signing as liqpay
from standfirst.patrons.providers.stripe import provider as stripe_provider
from standfirst.patrons.providers.stripe import signing as stripe
from standfirst.patrons.providers.stripe.amounts import for_stripe, from_stripe
from tests.cast import PATRON, READER
from tests.patrons.companies import liqpay_sends, message, payments, stripe_sends

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 3, 15, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The middle of March 2026, for the ledger and for Stripe's tolerance."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    monkeypatch.setattr(stripe.time, "time", lambda: 1730800000)


@pytest.fixture
def noise():
    return Pledge.objects.create(email=READER.email, amount_minor=15000, currency="UAH", provider="stripe")


@pytest.fixture
def pledge(noise):
    return pledged("stripe")


def pledged(provider, **more):
    values = {"email": PATRON.email, "amount_minor": 15000, "currency": "UAH", "provider": provider, "period": "month"}
    return services.pledge_start(**(values | more), now=dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC))


def told(client, pledge, *names):
    for name in names:
        answer = stripe_sends(client, message(f"stripe-{name}", pledge.reference))
        assert (answer.status_code, answer.content) == (200, b"ok\n"), answer.content
    pledge.refresh_from_db()
    return pledge.state


# Signatures ----------------------------------------------------------------------------------------


def test_stripes_signature_is_the_one_of_the_vector():
    body = b'{"id":"evt_1","type":"invoice.paid"}'
    mark = "6042db6dd5450772b45b8584ad7482c46e3cca022b4f09b85d96458f17a43b5d"
    header = f"t=1730800000,v1={'0' * 64},v1={mark},v0=x"

    stripe.check(header=header, body=body, secret="whsec_test", now=1730800300)
    for wrong in ({"now": 1730800301}, {"now": 1730799699}, {"body": body + b" "}, {"secret": "whsec_other"}):
        with pytest.raises(BadSignature):
            stripe.check(**{"header": header, "body": body, "secret": "whsec_test", "now": 1730800000, **wrong})
    for wrong in ("", "t=1730800000", f"v1={mark}", f"t=x,v1={mark}", f"t=1,t=1730800000,v1={mark}", "v1=é,t=1"):
        with pytest.raises(BadSignature):
            stripe.check(header=wrong, body=body, secret="whsec_test", now=1730800000)


@pytest.mark.parametrize(
    ("algorithm", "mark"),
    [("sha1", "K/xNttcEYBvkjDC+eHSkDcrmcHg="), ("sha3-256", "534WpX/UT1NYP7gZ4jyOOFLlJuEUnywVeM8/144q1lI=")],
)
def test_liqpays_signature_is_the_one_of_the_vectors(algorithm, mark):
    data = (
        "eyJ2ZXJzaW9uIjozLCJhY3Rpb24iOiJzdWJzY3JpYmUiLCJhbW91bnQiOiI1LjAwIiwi"
        "Y3VycmVuY3kiOiJVQUgiLCJvcmRlcl9pZCI6Im0tMSJ9"
    )

    assert liqpay.signature(private_key="priv", data=data, algorithm=algorithm) == mark


def test_a_forged_message_changes_nothing(client, company, pledge):
    body = message("stripe-invoice-paid", pledge.reference)

    assert stripe_sends(client, body, secret="whsec_forged").status_code == 400
    assert stripe_sends(client, body, at=1730800000 - 301).status_code == 400
    assert liqpay_sends(client, message("liqpay-paid", pledge.reference), key="forged").status_code == 400
    assert client.post("/hooks/payments/stripe/", body, content_type="application/json").status_code == 400
    assert client.get("/hooks/payments/stripe/").status_code == 405
    assert client.post("/hooks/payments/nobody/", body, content_type="application/json").status_code == 404
    assert (Event.objects.count(), Payment.objects.count()) == (0, 0)


# Stripe --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_new_patron_whatever_comes_first_and_twice(client, company, pledge, noise, order):
    names = ["checkout-completed", "subscription-created", "invoice-paid"]

    assert told(client, pledge, *[names[number] for number in order], *names) == "active"

    assert (pledge.provider_pledge, pledge.provider_customer) == ("sub_1", "cus_Q1")
    assert pledge.until == dt.datetime(2026, 4, 1, 9, tzinfo=dt.UTC)
    assert list(Payment.objects.values_list("pledge", "provider_id", "amount_minor")) == [(pledge.pk, "pi_1", 15000)]
    assert Event.objects.count() == 3
    noise.refresh_from_db()
    assert noise.state == "pending"


def test_another_shop_at_the_same_company_touches_nothing(client, company, pledge):
    stripe_sends(client, message("stripe-another-shop", pledge.reference))

    assert Event.objects.get().status == "foreign"
    assert (Payment.objects.count(), Pledge.objects.count()) == (0, 2)


def test_a_payment_in_the_newer_shape_is_the_same_payment(client, company, pledge):
    company.answers["GET", "/v1/invoices/in_1"] = (200, {"id": "in_1", "payment_intent": "pi_1"})

    assert told(client, pledge, "invoice-paid-newer", "invoice-paid") == "active"

    assert Payment.objects.get().provider_id == "pi_1"
    assert company.asked[0][2] == {"expand[]": "payments"}


def test_refund_and_dispute_find_their_pledge_by_the_payment(client, company, pledge):
    assert told(client, pledge, "invoice-paid", "dispute") == "disputed"
    assert Alarm.objects.get().kind == "dispute"
    assert told(client, pledge, "refunded") == "disputed"
    assert sorted(Payment.objects.values_list("amount_minor", flat=True)) == [-15000, 15000]


def test_a_card_that_fails_and_is_repaired(client, company, pledge, monkeypatch):
    told(client, pledge, "invoice-paid")
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2026, 4, 2, tzinfo=dt.UTC))

    assert told(client, pledge, "action-required", "payment-failed", "payment-failed") == "past-due"
    assert told(client, pledge, "invoice-paid-second") == "active"
    assert told(client, pledge, "payment-failed") == "active"


def test_cancelled_at_the_company_is_asked_for_and_known(client, company, pledge):
    told(client, pledge, "invoice-paid", "subscription-created")
    object_ = json.loads(message("stripe-subscription-cancelled", pledge.reference))["data"]["object"]
    company.answers["GET", "/v1/subscriptions/sub_1"] = (200, object_)
    company.answers["GET", "/v1/invoices"] = (200, {"data": []})

    assert told(client, pledge, "subscription-cancelled") == "cancelled"

    # Taken back in the company's portal; a message that is older than what it says now.
    back = {**object_, "cancel_at": None, "cancel_at_period_end": False, "canceled_at": None}
    company.answers["GET", "/v1/subscriptions/sub_1"] = (200, back)
    stripe_sends(client, message("stripe-subscription-cancelled", pledge.reference).replace("evt_", "evt_2_"))
    pledge.refresh_from_db()
    assert pledge.state == "active"


def test_while_the_company_is_away_its_messages_own_words_count(client, company, pledge):
    told(client, pledge, "invoice-paid", "subscription-created")
    company.answers["GET", "/v1/subscriptions/sub_1"] = (500, {})

    assert told(client, pledge, "subscription-cancelled") == "cancelled"


def test_the_checkout_carries_our_reference_everywhere_and_the_same_key_when_repeated(company, pledge):
    company.answers["POST", "/v1/checkout/sessions"] = (200, {"id": "cs_1", "url": "https://checkout.stripe.com/c/1"})
    provider = providers.found("stripe")

    first = provider.start_checkout(pledge, back="http://testserver/b/", hook="")
    provider.start_checkout(pledge, back="http://testserver/b/", hook="")

    assert first.url == "https://checkout.stripe.com/c/1"
    fields = company.fields("/v1/checkout/sessions")[0]
    assert fields["client_reference_id"] == fields["metadata[standfirst_reference]"] == pledge.reference
    assert fields["subscription_data[metadata][standfirst_reference]"] == pledge.reference
    assert fields["line_items[0][price_data][unit_amount]"] == "15000"
    assert fields["line_items[0][price_data][recurring][interval]"] == "month"
    keys = {headers["Idempotency-Key"] for _m, _p, _f, headers in company.asked}
    assert len(keys) == 1
    assert keys.pop()[14] == "4"
    pledge.refresh_from_db()
    assert pledge.provider_pledge == "cs_1"


def test_cancel_change_and_refund_reach_the_company(client, company, pledge):
    told(client, pledge, "invoice-paid", "subscription-created")
    item = {"id": "si_1", "price": {"product": "prod_1"}}
    company.answers["GET", "/v1/subscriptions/sub_1"] = (200, {"id": "sub_1", "items": {"data": [item]}})
    company.answers["POST", "/v1/subscriptions/sub_1"] = (200, {"id": "sub_1"})
    company.answers["POST", "/v1/refunds"] = (200, {"id": "re_1"})

    services.pledge_change(pledge=pledge, amount_minor=20000)
    services.pledge_cancel(pledge=pledge)
    services.payment_refund(payment=Payment.objects.get(), by="editor@lantern.example", amount_minor=5000)

    change, cancel = company.fields("/v1/subscriptions/sub_1")[1:]
    assert change["items[0][price_data][unit_amount]"] == "20000"
    assert cancel == {"cancel_at_period_end": "true"}
    assert company.fields("/v1/refunds") == [{"payment_intent": "pi_1", "amount": "5000"}]
    pledge.refresh_from_db()
    assert (pledge.state, pledge.amount_minor, pledge.received_minor) == ("cancelled", 20000, 10000)


def test_a_company_that_is_away_cannot_keep_her_from_cancelling(client, company, pledge, settings):
    told(client, pledge, "invoice-paid", "subscription-created")
    settings.NEWSROOM = payments()

    services.pledge_cancel(pledge=pledge)

    pledge.refresh_from_db()
    assert pledge.state == "cancelled"
    assert Alarm.objects.get().kind == "cancel"
    with pytest.raises(ProviderAway, match=r"^Stripe does not answer"):
        providers.found("stripe").start_checkout(pledge, back="", hook="")


def test_no_key_is_shown_when_the_company_refuses(company, pledge):
    company.answers["POST", "/v1/checkout/sessions"] = (401, {"error": {"code": "x", "message": "Bad sk_test_1"}})

    with pytest.raises(ProviderAway) as refused:
        providers.found("stripe").start_checkout(pledge, back="", hook="")

    assert str(refused.value) == "Stripe refused the call with status 401 (x)."
    assert "sk_test_1" not in repr(stripe_provider.settings.NEWSROOM)


def test_stripe_counts_some_currencies_in_its_own_way():
    assert [for_stripe(500, one) for one in ("UAH", "JPY", "ISK", "MGA", "KWD")] == [500, 500, 50000, 5, 500]
    assert [from_stripe(500, one) for one in ("UAH", "JPY", "ISK", "MGA")] == [500, 500, 5, 50000]


def test_a_donation_by_card_is_given_and_makes_no_patron(client, company, noise):
    pledge = pledged("stripe", period="once", amount_minor=50000)

    assert told(client, pledge, "donation-completed", "donation-completed") == "ended"
    assert Payment.objects.get().is_donation
    assert pledge.received_minor == 50000


# LiqPay --------------------------------------------------------------------------------------------


def test_liqpay_pays_fails_and_is_repaired(client, company, noise, monkeypatch):
    pledge = pledged("liqpay")
    for name in ("subscribed", "paid", "paid", "test-key"):
        assert liqpay_sends(client, message(f"liqpay-{name}", pledge.reference)).status_code == 200
    pledge.refresh_from_db()
    assert (pledge.state, pledge.received_minor) == ("active", 15000)

    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2026, 4, 2, tzinfo=dt.UTC))
    liqpay_sends(client, message("liqpay-failed", pledge.reference))
    services.pledges_carry_on()
    pledge.refresh_from_db()
    assert pledge.state == "past-due"
    liqpay_sends(client, message("liqpay-paid-second", pledge.reference))
    liqpay_sends(client, message("liqpay-reversed", pledge.reference))

    pledge.refresh_from_db()
    assert (pledge.state, pledge.received_minor) == ("active", 15000)
    facts = [entry.fact for entry in pledge.entries.all()]
    assert outcome(reversed(facts), pledge.terms, timezone.now()).state == pledge.state


def test_liqpays_form_is_signed_and_holds_the_reference(company, noise):
    pledge = pledged("liqpay")

    checkout = providers.found("liqpay").start_checkout(
        pledge, back="http://testserver/b/", hook="http://testserver/h/"
    )

    said = liqpay.read(checkout.fields["data"])
    liqpay.check(private_key="priv", data=checkout.fields["data"], given=checkout.fields["signature"], algorithm="sha1")
    assert checkout.url == f"{company.address}/api/3/checkout"
    assert (said["order_id"], said["action"], said["amount"]) == (pledge.reference, "subscribe", "150.00")
    assert (said["subscribe_periodicity"], said["server_url"]) == ("month", "http://testserver/h/")


def test_liqpay_is_told_to_stop_and_to_pay_back(client, company, noise):
    pledge = pledged("liqpay")
    liqpay_sends(client, message("liqpay-paid", pledge.reference))
    company.answers["POST", "/api/request"] = (200, {"result": "ok", "status": "unsubscribed"})
    pledge.refresh_from_db()

    services.pledge_cancel(pledge=pledge)
    services.payment_refund(payment=Payment.objects.get(), by="desk")

    asked = [liqpay.read(fields["data"]) for fields in company.fields("/api/request")]
    assert [one["action"] for one in asked] == ["unsubscribe", "refund"]
    assert asked[1]["amount"] == "150.00"
    pledge.refresh_from_db()
    assert pledge.state == "refunded"


# The database away ---------------------------------------------------------------------------------


def test_a_message_waits_in_the_spool_while_the_database_is_away(client, company, pledge, settings, monkeypatch):
    data = settings.NEWSROOM.data
    data.mkdir(exist_ok=True)
    spool.keys_make(data=data)

    def away(**kwargs):
        raise OperationalError

    with monkeypatch.context() as patched:
        patched.setattr(services, "event_take", away)
        assert stripe_sends(client, message("stripe-invoice-paid", pledge.reference)).status_code == 200
    assert Event.objects.count() == 0

    delivery.spool_deliver(data=data)
    for name in ("spool", "secrets", "run"):
        shutil.rmtree(data / name, ignore_errors=True)

    assert Event.objects.count() == 1
