"""The table of `docs/developers/patrons.md`, and what must hold whatever arrives in whatever order."""

import datetime as dt
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfirst.patrons.ledger import (
    GIVING,
    GRACE,
    HOLDING,
    Fact,
    Held,
    Kind,
    Period,
    State,
    Terms,
    after,
    outcome,
    settled,
)

DAY = dt.timedelta(days=1)
START = dt.datetime(2026, 1, 31, 12, 0, tzinfo=dt.UTC)
MONTHLY = Terms(Period.MONTH)


def at(days):
    return START + days * DAY


def paid(days, payment="p1", amount=500, **more):
    return Fact(f"paid:{payment}", Kind.PAID, at(days), payment, amount, **more)


def said(kind, days, payment="", amount=0, **more):
    return Fact(f"{kind}:{payment}:{days}", kind, at(days), payment, amount, **more)


BEGUN = said(Kind.STARTED, 0)


@pytest.mark.parametrize(
    ("facts", "day", "state"),
    [
        ([], 0, State.PENDING),
        ([BEGUN], 1, State.PENDING),
        ([BEGUN], 91, State.ENDED),
        ([BEGUN, said(Kind.CANCELLED, 1)], 2, State.ENDED),
        ([BEGUN, said(Kind.FAILED, 1)], 2, State.PENDING),
        ([BEGUN, paid(1)], 2, State.ACTIVE),
        ([BEGUN, paid(1), said(Kind.FAILED, 29)], 29, State.PAST_DUE),
        ([BEGUN, paid(1)], 30, State.PAST_DUE),
        ([BEGUN, paid(1)], 42, State.PAST_DUE),
        ([BEGUN, paid(1)], 43, State.ENDED),
        ([BEGUN, paid(1), said(Kind.FAILED, 29), paid(35, "p2")], 36, State.ACTIVE),
        ([BEGUN, paid(1), paid(60, "p2")], 61, State.ACTIVE),
        ([BEGUN, paid(1), said(Kind.CANCELLED, 5)], 6, State.CANCELLED),
        ([BEGUN, paid(1), said(Kind.CANCELLED, 5)], 30, State.ENDED),
        ([BEGUN, paid(1), said(Kind.CANCELLED, 5), said(Kind.RESUMED, 6)], 7, State.ACTIVE),
        ([BEGUN, paid(1), said(Kind.ENDED, 5)], 6, State.CANCELLED),
        ([BEGUN, paid(1), said(Kind.REFUNDED, 5, "p1", 500)], 6, State.REFUNDED),
        ([BEGUN, paid(1), said(Kind.REFUNDED, 5, "p1", 499)], 6, State.ACTIVE),
        ([BEGUN, paid(1), paid(5, "p2"), said(Kind.REFUNDED, 6, "p2", 500)], 7, State.ACTIVE),
        ([BEGUN, paid(1), said(Kind.REFUNDED, 5, "p1", 500), paid(8, "p2")], 9, State.ACTIVE),
        ([BEGUN, paid(1), said(Kind.DISPUTED, 5, "p1")], 6, State.DISPUTED),
        ([BEGUN, paid(1), said(Kind.DISPUTED, 5, "p1"), said(Kind.DISPUTE_WON, 6, "p1")], 7, State.ACTIVE),
        ([BEGUN, paid(1), said(Kind.DISPUTED, 5, "p1"), said(Kind.DISPUTE_LOST, 6, "p1")], 7, State.REFUNDED),
        ([BEGUN, paid(1, counts=False)], 2, State.PENDING),
        ([said(Kind.GRANTED, 0, until=at(10))], 5, State.ACTIVE),
        ([paid(-3)], -4, State.PENDING),
    ],
)
def test_the_state_is_the_one_of_the_table(facts, day, state):
    assert outcome(facts, MONTHLY, at(day)).state == state


def test_a_gift_waits_for_its_day_and_ends_without_a_reminder():
    gift = Terms(Period.MONTH, renews=False, starts_at=at(10))

    assert outcome([paid(1)], gift, at(9)).state == State.PENDING
    assert outcome([paid(1)], gift, at(11)).state == State.ACTIVE
    assert outcome([paid(1)], gift, at(60)).state == State.ENDED


def test_a_donation_is_given_and_makes_no_patron():
    result = outcome([BEGUN, paid(1, amount=700)], Terms(Period.ONCE, renews=False), at(2))

    assert (result.state, result.received_minor) == (State.ENDED, 700)


def test_a_month_ends_on_the_last_day_of_a_short_one():
    assert after(START, Period.MONTH) == dt.datetime(2026, 2, 28, 12, tzinfo=dt.UTC)
    assert after(dt.datetime(2028, 2, 29, tzinfo=dt.UTC), Period.YEAR) == dt.datetime(2029, 2, 28, tzinfo=dt.UTC)


def test_paying_early_loses_no_day():
    result = outcome([paid(1), paid(2, "p2")], MONTHLY, at(3))

    assert result.until == after(after(at(1), Period.MONTH), Period.MONTH)


# Whatever arrives ----------------------------------------------------------------------------------

facts = st.builds(
    lambda kind, day, payment, amount, counts: Fact(
        f"{kind}:{payment}" if kind is Kind.PAID else f"{kind}:{payment}:{day}:{amount}",
        kind,
        at(day),
        payment,
        # A payment has one amount, whoever tells of it.
        {"p1": 500, "p2": 700, "p3": 500}[payment] if kind is Kind.PAID else amount,
        at(day + amount % 60) if kind is Kind.GRANTED else None,
        counts,
    ),
    st.sampled_from(list(Kind)),
    st.integers(0, 120),
    st.sampled_from(["p1", "p2", "p3"]),
    st.integers(0, 900),
    st.booleans(),
)
terms = st.builds(Terms, st.sampled_from(list(Period)), st.booleans(), st.none() | st.integers(0, 60).map(at))
some = st.lists(facts, max_size=12)
moments = st.integers(0, 200).map(at)


@settings(max_examples=150)
@given(some, terms, moments, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(known, agreed, now, chance):
    shuffled = [*known, *(chance.choice(known) for _ in range(5) if known)]
    chance.shuffle(shuffled)

    assert outcome(shuffled, agreed, now) == outcome(known, agreed, now)


@settings(max_examples=150)
@given(some, terms, moments)
def test_nobody_has_a_patrons_rights_without_a_payment_or_a_grant(known, agreed, now):
    result = outcome(known, agreed, now)

    if result.state in GIVING:
        granted = [one for one in known if one.kind is Kind.GRANTED and one.at <= now]
        assert result.paid > 0 or granted
        assert result.until is not None
        assert now < result.until + GRACE


@settings(max_examples=150)
@given(some, terms, moments)
def test_sums_are_those_of_the_payments_less_what_went_back(known, agreed, now):
    seen = {one.key: one for one in sorted(known, key=repr, reverse=True)}.values()
    seen = [one for one in seen if one.at <= now]
    total = 0
    for payment in {one.payment for one in seen if one.kind is Kind.PAID}:
        fates = [one for one in seen if one.payment == payment]
        amount = next(one.amount_minor for one in fates if one.kind is Kind.PAID)
        back = max((one.amount_minor for one in fates if one.kind is Kind.REFUNDED), default=0)
        ends = sorted((one for one in fates if one.kind.startswith("dispute-")), key=lambda one: one.sort_key)
        lost = bool(ends) and ends[0].kind is Kind.DISPUTE_LOST
        total += 0 if lost else amount - min(back, amount)

    result = outcome(known, agreed, now)

    assert result.received_minor == total >= 0


@settings(max_examples=150)
@given(st.lists(st.tuples(some, terms), max_size=4), moments)
def test_no_patron_ever_holds_two_pledges(pledges, now):
    held = [Held(number, tuple(known), agreed) for number, (known, agreed) in enumerate(pledges)]
    shuffled = random.Random(1).sample(held, len(held))

    result = settled(held, now)

    assert sum(one.state in HOLDING for one in result.values()) <= 1
    assert settled(shuffled, now) == result
    single = [outcome(one.facts, one.terms, now).state in HOLDING for one in held]
    assert any(one.state in HOLDING for one in result.values()) == any(single)


def test_of_several_that_are_paid_one_is_held_and_the_others_run_out():
    held = [Held(number, (paid(number, f"p{number}"),), MONTHLY) for number in range(3)]

    result = settled(held, at(5))

    assert [result[number].state for number in range(3)] == [State.ACTIVE, State.CANCELLED, State.CANCELLED]
    assert [result[number].is_double for number in range(3)] == [False, True, True]


def test_a_grant_repairs_what_had_failed_and_is_taken_back():
    granted, failed = said(Kind.GRANTED, 0, until=at(30)), said(Kind.FAILED, 2)
    again, revoked = said(Kind.GRANTED, 4, until=at(30)), said(Kind.REVOKED, 5)

    assert outcome([granted, failed], MONTHLY, at(3)).state == State.PAST_DUE
    assert outcome([granted, failed, again], MONTHLY, at(4)).state == State.ACTIVE
    assert outcome([granted, failed, again, revoked], MONTHLY, at(6)).state == State.ENDED
    assert outcome([paid(1), granted, revoked], MONTHLY, at(6)).state == State.CANCELLED


def test_refunds_of_one_payment_say_how_much_in_all_and_are_not_added_up():
    back = [said(Kind.REFUNDED, 3, "p1", 300), said(Kind.REFUNDED, 4, "p1", 100), said(Kind.REFUNDED, 5, "p1", 400)]

    result = outcome([paid(1), *back], MONTHLY, at(6))

    assert (result.state, result.received_minor) == (State.ACTIVE, 100)
