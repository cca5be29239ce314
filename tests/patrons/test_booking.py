"""The ledger in the database: whatever arrives, money is exact and nobody holds two pledges."""

import datetime as dt
import json

import pytest
from django.db import Error, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standfirst.kit.exports import BadExport
from standfirst.patrons import export, privacy, selectors
from standfirst.patrons.ledger import HOLDING, Fact, Kind, outcome
from standfirst.patrons.models import (
    Alarm,
    Entry,
    LegalEntity,
    Payment,
    Pledge,
    Receipt,
    Support,
    SupportText,
    Tier,
    TierPrice,
    TierText,
)
from standfirst.patrons.selectors import standing_of
from standfirst.patrons.services import entries_add, pledges_carry_on
from standfirst.readers.models import Reader
from standfirst.readers.signals import address_changed
from standfirst.stories.guards import lifted
from tests.cast import PATRON, READER

DAY = dt.timedelta(days=1)
START = dt.datetime(2026, 3, 1, 9, 0, tzinfo=dt.UTC)


def at(days):
    return START + days * DAY


def promised(email=PATRON.email, **more):
    more = {"amount_minor": 500, "amounts": [500], "currency": "UAH", "provider": "sandbox", "made_at": START} | more
    return Pledge.objects.create(email=email, **more)


def paid(pledge, days=1, payment="p1", amount=500, now=None, **more):
    fact = Fact(f"paid:{payment}", Kind.PAID, at(days), payment, amount)
    return entries_add(pledge=pledge, facts=[fact], now=now or at(days), **more)


def said(pledge, kind, days, payment="p1", amount=0, now=None):
    fact = Fact(f"{kind}:{payment}:{amount}", kind, at(days), payment, amount)
    return entries_add(pledge=pledge, facts=[fact], now=now or at(days))


@pytest.fixture
def tier(db):
    tier = Tier.objects.create(name="A cup of coffee", slug="coffee", gives_no_sponsors=True)
    TierText.objects.create(tier=tier, language="uk", name="Чашка кави")
    TierPrice.objects.create(tier=tier, currency="UAH", amount_minor=500)
    return tier


@pytest.fixture
def noise(db):
    """Somebody else's pledge, which nothing here is about."""
    other = promised(READER.email)
    paid(other, payment="noise")
    return other


def test_a_payment_makes_a_patron_who_may_do_what_her_tier_gives(tier, noise, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: at(2))
    pledge = promised(tier=tier)
    assert standing_of(PATRON.email).state == "pending"
    assert standing_of(PATRON.email).gives == frozenset()

    paid(pledge)

    standing = standing_of(f" {PATRON.email.upper()} ")
    assert (standing.state, standing.tier, standing.is_patron) == ("active", "coffee", True)
    assert standing.gives == {"vote", "no-sponsors", "letters"}
    assert standing.until == dt.datetime(2026, 4, 2, 9, tzinfo=dt.UTC)
    assert standing_of("nobody@readers.example").state == ""
    # By the clock alone, before the daily round has written it down.
    monkeypatch.setattr(timezone, "now", lambda: at(60))
    assert standing_of(PATRON.email).is_patron is False


def test_the_same_payment_told_five_times_is_booked_once(noise):
    pledge = promised()

    for _ in range(5):
        paid(pledge)

    assert Payment.objects.filter(pledge=pledge).count() == Receipt.objects.filter(payment__pledge=pledge).count() == 1
    assert pledge.received_minor == 500


def test_a_payment_that_belongs_to_another_pledge_is_not_taken(noise):
    pledge = promised()

    paid(pledge, payment="noise")

    assert (pledge.state, pledge.entries.count()) == ("pending", 0)
    assert Payment.objects.count() == 1
    assert Alarm.objects.get().pledge == pledge


@pytest.mark.parametrize(("amount", "currency"), [(499, "UAH"), (500, "EUR")])
def test_another_amount_or_currency_buys_nothing_and_alarms_the_desk(amount, currency, noise):
    pledge = promised()

    paid(pledge, amount=amount, currency=currency)

    assert pledge.state == "pending"
    assert Payment.objects.get(pledge=pledge).amount_minor == amount
    assert Alarm.objects.get().kind == "amount"


def test_a_refund_told_before_its_payment_and_in_the_wrong_order_is_booked_once(noise):
    pledge = promised()

    said(pledge, Kind.REFUNDED, 3, amount=300)
    paid(pledge)
    said(pledge, Kind.REFUNDED, 2, amount=100, now=at(4))

    assert sorted(pledge.payments.values_list("amount_minor", flat=True)) == [-300, 500]
    assert pledge.received_minor == 200


def test_a_second_pledge_that_is_paid_does_not_go_on_and_alarms_the_desk(noise):
    first, second = promised(), promised()
    paid(second, 2, "p2")
    paid(first, 1, "p1", now=at(2))

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.is_double) == ("active", "cancelled", True)
    assert Alarm.objects.get(kind="double").pledge == second


def test_the_database_refuses_a_second_active_pledge(db):
    paid(promised())

    with pytest.raises(Error), transaction.atomic():
        promised(state="past-due")


def test_entries_and_payments_are_only_ever_added(db):
    paid(promised())

    for rows, change in ((Entry, {"amount_minor": 1}), (Payment, {"amount_minor": 1})):
        with pytest.raises(Error), transaction.atomic():
            rows.objects.update(**change)
        with pytest.raises(Error), transaction.atomic():
            rows.objects.all()._raw_delete("default")


def test_what_the_clock_changes_is_written_when_it_comes_round(noise):
    pledge = promised()
    paid(pledge)

    pledges_carry_on(now=at(35))
    pledge.refresh_from_db()
    assert pledge.state == "past-due"
    pledges_carry_on(now=at(60))

    pledge.refresh_from_db()
    assert pledge.state == "ended"


def test_receipts_have_no_gap_when_a_transaction_is_taken_back(db):
    pledge = promised()
    paid(pledge)
    with transaction.atomic():
        paid(pledge, 2, "p2")
        transaction.set_rollback(True)
    paid(pledge, 3, "p3")

    assert sorted(Receipt.objects.values_list("number", flat=True)) == [1, 2]
    assert LegalEntity.objects.get().last_receipt == 2


def test_erased_she_is_charged_no_more_and_the_books_stay(noise):
    pledge = promised(name="Vira Stelmakh")
    paid(pledge)

    erased = privacy.pledges_erase(PATRON.email)

    pledge.refresh_from_db()
    assert (erased.done, erased.until) == (1, dt.date(2036, 12, 31))
    assert (pledge.state in HOLDING, pledge.name, pledge.received_minor) == (False, "", 500)
    assert Receipt.objects.get(payment__pledge=pledge).name == ""
    assert privacy.pledges_given(PATRON.email) == []
    assert privacy.pledges_given(READER.email) != []


def test_pledges_move_to_her_new_address_and_two_that_go_on_become_one(noise):
    today = (timezone.now() - START).days
    paid(promised(), today)
    paid(noise, today, "p2")

    address_changed.send(Reader, reader=None, old=PATRON.email, new=READER.email)

    states = sorted(Pledge.objects.filter(email=READER.email).values_list("state", "is_double"))
    assert [double for _state, double in states].count(True) == 1
    assert not Pledge.objects.filter(email=PATRON.email).exists()


told = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from([Kind.PAID, Kind.PAID, *Kind]),
        st.integers(0, 60),
        st.sampled_from(["a", "b"]),
        st.integers(1, 600),
    ),
    max_size=10,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(told, st.integers(0, 120), st.randoms(use_true_random=False))
def test_whatever_is_told_in_whatever_order_money_is_exact(db, told, day, chance):
    with transaction.atomic():
        pledges = [promised(provider=f"p{number}") for number in range(3)]
        again = [*told, *told[:3]]
        chance.shuffle(again)
        now = at(day)
        for number, kind, days, payment, amount in again:
            amount = 500 if kind is Kind.PAID else amount
            name = "" if kind in (Kind.STARTED, Kind.FAILED, Kind.CANCELLED, Kind.RESUMED, Kind.ENDED) else payment
            key = f"{kind}:{payment}" if kind is Kind.PAID else f"{kind}:{payment}:{days}:{amount}"
            fact = Fact(key, kind, at(days), name, amount, at(days) if kind is Kind.GRANTED else None)
            entries_add(pledge=pledges[number], facts=[fact], now=now)

        rows = list(Pledge.objects.filter(email=PATRON.email))
        assert sum(one.state in HOLDING for one in rows) <= 1
        for one in rows:
            facts = [entry.fact for entry in one.entries.all()]
            assert outcome(facts, one.terms, now).received_minor == one.received_minor
            late = outcome(facts, one.terms, at(10_000)).received_minor
            booked = sum(row.amount_minor for row in one.payments.all())
            lost = [fact for fact in facts if fact.kind is Kind.DISPUTE_LOST]
            assert booked == late or lost
            assert booked >= 0
        numbers = sorted(Receipt.objects.values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        transaction.set_rollback(True)


# Out and in ----------------------------------------------------------------------------------------


class Files:
    """An export in memory, there and back as JSON."""

    private = True

    def __init__(self):
        self.files, self.counted = {}, {}

    def json(self, name, *value):
        if not value:
            return json.loads(self.files[name])
        self.files[name] = json.dumps(value[0])
        return None

    def has(self, name):
        return name in self.files

    def count(self, what, number=1):
        self.counted[what] = number

    def rich(self, html, where):
        return html


def all_rows():
    return {
        model._meta.model_name: list(model.objects.order_by("pk").values())
        for model in (*export._OFFER, *export._LEDGER)
    }


def emptied():
    with lifted():
        Pledge.objects.update(replaces=None)
        for model in reversed((*export._OFFER, *export._LEDGER)):
            model.objects.all()._raw_delete("default")


def test_a_private_export_brings_back_every_field(homes, tier, noise):
    from wagtail.models import Site

    support = Support.objects.create(site=Site.objects.get(), iban="UA12", account_holder="The Lantern")
    SupportText.objects.create(support=support, language="en", pays_for="<p>Work.</p>")
    old = promised(tier=tier, letters=["daily"], origin="ghost")
    new = promised(tier=tier, replaces=old)
    paid(new, payment="p9")
    said(new, Kind.DISPUTED, 2, payment="p9")
    before, files = all_rows(), Files()
    export._write(files)
    emptied()

    export._read(files)

    assert all_rows() == before
    assert selectors.pledge_by_reference(new.reference).state == "disputed"


def test_an_export_whose_payments_have_no_pledge_is_refused(homes, noise):
    files = Files()
    export._write(files)
    said_of = files.json(export.LEDGER)
    said_of["pledge"] = []
    files.json(export.LEDGER, said_of)
    emptied()

    with pytest.raises(BadExport), transaction.atomic():
        export._read(files)


def test_a_public_export_names_no_patron(homes, tier, noise):
    files = Files()
    files.private = False

    export._write(files)

    assert list(files.files) == [export.OFFER]
    assert READER.email not in str(files.files)
