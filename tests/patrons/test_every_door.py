"""Whatever comes in by whatever door, in whatever order, twice or forged: the ledger and the books stay right."""

import datetime as dt
import json
from collections import defaultdict
from dataclasses import replace

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standfirst.kit import money
from standfirst.patrons.ledger import GIVING, GRACE, HOLDING
from standfirst.patrons.models import Entry, Event, Payment, Pledge, Receipt, Tier
from standfirst.patrons.providers.sandbox import SIGNATURE, signed
from standfirst.patrons.providers.stripe import signing
from standfirst.patrons.services import members_import, pledges_carry_on, statement_import
from tests.cast import PATRON, READER
from tests.desk import colleague
from tests.patrons import companies

START = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
NOW = START + dt.timedelta(days=70)
AMOUNT = 15000
#: What each door can tell of. A list from elsewhere tells who gives there; the bank, only of money.
TELLS = {
    "stripe": ("paid", "refunded", "lost", "failed", "ended"),
    "liqpay": ("paid", "refunded", "failed", "ended"),
    "sandbox": ("paid", "failed"),
    "bank": ("paid",),
    "external": ("paid", "failed", "ended", "refunded"),
}
told = st.tuples(
    st.sampled_from([(door, what) for door, whats in TELLS.items() for what in ("paid", *whats)]),
    st.integers(1, 2),  # which payment
    st.integers(0, 60),  # on which day
    st.integers(1, AMOUNT),  # how much went back
    st.sampled_from([True, True, True, True, False]),  # or forged
    st.sampled_from([PATRON.email, PATRON.email, PATRON.email, READER.email]),
)


@pytest.fixture
def house(newsroom, settings, monkeypatch):
    settings.NEWSROOM = replace(companies.payments(sandbox=True), base_url="")
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    monkeypatch.setattr(signing.time, "time", lambda: 1730800000)
    Tier.objects.create(name="A cup of coffee", slug="coffee")
    return colleague("administrator", name="Lesia Harmash", email="lesia@lantern.example")


class Doors:
    """Everybody has a pledge behind each door; what is told goes in as it does in life."""

    def __init__(self, client, treasurer):
        self.client, self.treasurer = client, treasurer
        self.pledges = {
            (email, door): Pledge.objects.create(
                email=email, amount_minor=AMOUNT, amounts=[AMOUNT], currency="UAH", provider=door, made_at=START,
                tier=Tier.objects.get(),
            )
            for email in (PATRON.email, READER.email)
            for door in ("stripe", "liqpay", "sandbox", "bank")
        }  # fmt: skip
        self.paid, self.back = {}, defaultdict(int)

    def tell(self, door, what, number, day, amount, is_true, email):
        at, pledge = START + dt.timedelta(days=day), self.pledges.get((email, door))
        # A payment has one number, one day and one amount, whoever tells of it.
        payment = f"{door}-{email[:4]}-{number}"
        if what == "paid":
            at = START + dt.timedelta(days=number * 25)
        getattr(self, door)(pledge, what, payment, at, amount, is_true, email)
        if is_true and door != "external":
            if what == "paid":
                self.paid[payment] = AMOUNT
            elif what == "refunded":
                self.back[payment] = max(self.back[payment], amount)
            elif what == "lost":
                self.back[payment] = AMOUNT

    def stripe(self, pledge, what, payment, at, amount, is_true, email):
        name = {"paid": "invoice-paid", "refunded": "refunded", "lost": "dispute-lost", "failed": "payment-failed",
                "ended": "subscription-deleted"}[what]  # fmt: skip
        said = json.loads(companies.message(f"stripe-{name}", pledge.reference))
        thing, second = said["data"]["object"], int(at.timestamp())
        said |= {"id": f"evt-{what}-{payment}-{second}-{amount}", "created": second}
        thing["id"] = f"{what}-{payment}" if what != "ended" else f"sub-{email[:4]}"
        if "payment_intent" in thing:
            thing["payment_intent"] = payment
        if what == "paid":
            thing["status_transitions"]["paid_at"] = second
            thing["lines"]["data"][0]["period"] = {"start": second, "end": second + 30 * 86400}
            thing["subscription"] = f"sub-{email[:4]}"
        elif what == "refunded":
            thing["amount_refunded"] = amount
        elif what == "ended":
            thing["ended_at"] = second
        secret = companies.STRIPE_SECRET if is_true else "whsec_forged"
        answer = companies.stripe_sends(self.client, json.dumps(said), secret=secret)
        assert answer.status_code == (200 if is_true else 400)

    def liqpay(self, pledge, what, payment, at, amount, is_true, email):
        name = {"paid": "paid", "refunded": "reversed", "failed": "failed", "ended": "unsubscribed"}[what]
        said = json.loads(companies.message(f"liqpay-{name}", pledge.reference))
        said |= {
            "payment_id": payment,
            "end_date": int(at.timestamp() * 1000),
            "create_date": int(at.timestamp() * 1000),
        }
        if what == "refunded":
            said["refund_amount"] = float(money.plain(amount, "UAH"))
        key = companies.LIQPAY_KEY if is_true else "forged"
        assert companies.liqpay_sends(self.client, json.dumps(said), key=key).status_code == (200 if is_true else 400)

    def sandbox(self, pledge, what, payment, at, amount, is_true, email):
        said = {"id": f"{what}-{payment}-{at:%j}", "kind": what, "at": at.isoformat(), "reference": pledge.reference,
                "payment": payment if what == "paid" else "", "amount_minor": AMOUNT if what == "paid" else 0,
                "currency": "UAH"}  # fmt: skip
        body = json.dumps(said).encode()
        mark = signed(body if is_true else body + b" ")
        answer = self.client.post("/hooks/payments/sandbox/", body, content_type="application/json",
                                  headers={SIGNATURE: mark})  # fmt: skip
        assert answer.status_code == (200 if is_true else 400)

    def bank(self, pledge, what, payment, at, amount, is_true, email):
        reference = pledge.reference if is_true else "SF23456789ABCD"
        text = f"Date;Amount;Currency;Purpose\n{at:%Y-%m-%d};{money.plain(AMOUNT, 'UAH')};UAH;{reference} {payment}\n"
        done = statement_import(name="b.csv", data=text.encode(), by=self.treasurer, currency="UAH")
        assert (done.matched + done.known > 0) is is_true or done.known

    def external(self, pledge, what, payment, at, amount, is_true, email):
        status = {"paid": "Active patron", "failed": "Declined patron", "ended": "Former patron",
                  "refunded": "Active patron"}[what]  # fmt: skip
        charge = {"failed": "Declined", "refunded": "Refunded"}.get(what, "Paid")
        # Forged: somebody who says that she is a patron there, and has never paid.
        lifetime, charge = ("150.00", charge) if is_true else ("0.00", "Declined")
        head = "Name,Email,Patron Status,Lifetime Amount,Pledge Amount,Charge Frequency,Tier,Last Charge Date,"
        head += "Last Charge Status,Currency,Access Expiration,Next Charge Date\n"
        due = "" if what == "ended" else f"{at + dt.timedelta(days=30):%Y-%m-%d}"
        row = f"X,{email},{status},{lifetime},150.00,monthly,coffee,{at:%Y-%m-%d},{charge},UAH,,{due}\n"
        members_import(name="p.csv", data=(head + row).encode(), by=self.treasurer.email, now=NOW)

    def rights(self):
        """What must hold at every moment."""
        totals = defaultdict(int)
        for row in Payment.objects.all():
            totals[row.pledge_id] += row.amount_minor
        for email in (PATRON.email, READER.email):
            assert Pledge.objects.filter(email=email, state__in=sorted(HOLDING)).count() <= 1
        for one in Pledge.objects.all():
            assert one.received_minor == totals[one.pk] >= 0, one.provider
            if one.state in GIVING:
                grants = one.entries.filter(kind="granted", until__gt=NOW - GRACE)
                assert totals[one.pk] > 0 or (one.provider == "external" and grants.exists())
                assert one.until + GRACE > NOW
            assert one.provider != "external" or totals[one.pk] == 0

    def sums(self):
        """What the books must show, by what was truly told alone."""
        expected = sum(amount - min(self.back[payment], amount) for payment, amount in self.paid.items())
        assert sum(Payment.objects.values_list("amount_minor", flat=True)) == expected
        assert Payment.objects.filter(amount_minor__gt=0).count() == len(self.paid)
        numbers = sorted(Receipt.objects.values_list("number", flat=True))
        assert numbers == list(range(1, Payment.objects.count() + 1))


def all_rows():
    return list(Pledge.objects.values()), Payment.objects.count(), Entry.objects.count(), Event.objects.count()


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(told, min_size=2, max_size=10), st.randoms(use_true_random=False))
def test_by_every_door_nobody_holds_two_pledges_or_one_without_money_and_sums_are_exact(client, house, events, chance):
    with transaction.atomic():
        doors = Doors(client, house)
        again = [*events, *events[:3]]
        chance.shuffle(again)
        for (door, what), number, day, amount, is_true, email in again:
            before = all_rows()
            doors.tell(door, what, number, day, amount, is_true, email)
            doors.rights()
            if not is_true and door != "external":
                assert all_rows() == before
        doors.sums()
        pledges_carry_on(now=NOW)
        doors.rights()
        transaction.set_rollback(True)


def test_what_went_back_is_known_also_when_it_is_told_before_the_payment(client, house):
    doors = Doors(client, house)

    doors.tell("stripe", "refunded", 1, 27, AMOUNT, True, PATRON.email)
    doors.tell("stripe", "paid", 1, 25, 0, True, PATRON.email)

    doors.rights()
    doors.sums()
    assert doors.pledges[PATRON.email, "stripe"].payments.count() == 2
    assert Pledge.objects.get(email=PATRON.email, provider="stripe").state == "refunded"
