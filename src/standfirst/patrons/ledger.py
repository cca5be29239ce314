"""What a pledge's state is, as a pure function of all that is known about it. Imports no framework.

`docs/developers/patrons.md` holds the table that this file implements.

The state is never changed step by step. Every event becomes a `Fact` with a key of its own and the provider's time; the
state follows from the *set* of facts, sorted by time. So it cannot matter how often or in which order events arrive.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

#: After the paid time has run out a patron who renews stays one for so long, while payment is tried again.
GRACE = dt.timedelta(days=14)
#: A checkout that nobody finished, and a bank transfer that never came, are over after so long.
UNPAID = dt.timedelta(days=90)


class State(StrEnum):
    PENDING = "pending"
    ACTIVE = "active"
    PAST_DUE = "past-due"
    CANCELLED = "cancelled"  # will not renew; paid until `until`
    ENDED = "ended"
    REFUNDED = "refunded"
    DISPUTED = "disputed"


#: At most one pledge of a patron is in one of these (a constraint of the database too).
HOLDING = frozenset({State.ACTIVE, State.PAST_DUE})
#: In these a patron has what her tier gives.
GIVING = frozenset({State.ACTIVE, State.PAST_DUE, State.CANCELLED})


class Kind(StrEnum):
    STARTED = "started"
    FAILED = "failed"
    PAID = "paid"
    CANCELLED = "cancelled"
    RESUMED = "resumed"
    ENDED = "ended"  # the provider will never charge again
    REFUNDED = "refunded"  # amount_minor: all that went back of that payment so far
    DISPUTED = "disputed"
    DISPUTE_WON = "dispute-won"
    DISPUTE_LOST = "dispute-lost"
    REVOKED = "revoked"  # what was granted before does not count any more: a mistake, or money that went back elsewhere
    GRANTED = "granted"  # by the desk: complimentary, or moved in, until `until`


# At the same second: a failure before the payment that repairs it, and money before its fate, so that a state is never
# judged on half of what is known.
_ORDER = {kind: number for number, kind in enumerate(Kind)}

_DISPUTES = frozenset({Kind.DISPUTED, Kind.DISPUTE_WON, Kind.DISPUTE_LOST})


class Period(StrEnum):
    MONTH = "month"
    YEAR = "year"
    ONCE = "once"


@dataclass(frozen=True)
class Fact:
    """One thing that happened. key: the same thing has the same key for ever, however often it is told.

    payment: the provider's id of the payment it is about. until: the end of what was paid, where the provider says so.
    counts: whether the amount is what was agreed; money that does not count is in the sums and buys nothing.
    """

    key: str
    kind: Kind
    at: dt.datetime
    payment: str = ""
    amount_minor: int = 0
    until: dt.datetime | None = None
    counts: bool = True

    @property
    def sort_key(self) -> tuple[dt.datetime, int, str]:
        return (self.at, _ORDER[self.kind], self.key)


@dataclass(frozen=True)
class Terms:
    """What was agreed. renews: it goes on by itself. starts_at: a gift's day; what is paid counts from there."""

    period: Period
    renews: bool = True
    starts_at: dt.datetime | None = None


@dataclass(frozen=True)
class Outcome:
    """state, and why: the key of the fact that decided ("" for the clock). until: the end of what was paid or granted.

    received_minor: all payments less all that went back. paid: payments that were neither returned nor taken back.
    """

    state: State
    why: str = ""
    until: dt.datetime | None = None
    since: dt.datetime | None = None
    received_minor: int = 0
    paid: int = 0
    #: Set by `settled`: this pledge would be a second active one.
    is_double: bool = False
    #: The moment at which the state changes by the clock alone.
    changes_at: dt.datetime | None = None


def after(start: dt.datetime, period: Period) -> dt.datetime:
    """One period later; the 31st becomes the last day of a shorter month. Once buys no time."""
    if period is Period.ONCE:
        return start
    months = 1 if period is Period.MONTH else 12
    year, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + year, month + 1
    return start.replace(year=year, month=month, day=min(start.day, calendar.monthrange(year, month)[1]))


def known(facts: Iterable[Fact]) -> list[Fact]:
    """Each fact once, in the order in which things happened. Of two with one key the same one always stays."""
    by_key: dict[str, Fact] = {}
    for fact in facts:
        other = by_key.get(fact.key)
        if other is None or _content(fact) < _content(other):
            by_key[fact.key] = fact
    return sorted(by_key.values(), key=lambda fact: fact.sort_key)


def _content(fact: Fact) -> str:
    return repr(fact)


@dataclass
class _Money:
    """One payment and what became of it."""

    fact: Fact
    returned: int = 0
    dispute: Fact | None = None
    last: Fact | None = None

    @property
    def is_lost(self) -> bool:
        return self.dispute is not None and self.dispute.kind is Kind.DISPUTE_LOST

    @property
    def is_void(self) -> bool:
        return self.is_lost or (self.returned >= self.fact.amount_minor > 0)


@dataclass
class _Book:
    payments: dict[str, _Money] = field(default_factory=dict)
    granted: Fact | None = None
    stopped: Fact | None = None
    failed: Fact | None = None
    until: dt.datetime | None = None


def outcome(facts: Iterable[Fact], terms: Terms, now: dt.datetime) -> Outcome:
    """The state of one pledge at a moment. Facts of the future (a forged or wrong clock) wait until their time."""
    lines = [fact for fact in known(facts) if fact.at <= now]
    book = _read(lines)
    book.until = _covered(book, terms)
    received = sum(
        0 if money.is_lost else money.fact.amount_minor - min(money.returned, money.fact.amount_minor)
        for money in book.payments.values()
    )
    good = [money for money in book.payments.values() if not money.is_void and money.fact.counts]
    result = _judged(lines, book, terms, now)
    return replace(result, received_minor=received, paid=len(good), until=result.until or book.until)


def _read(lines: list[Fact]) -> _Book:
    book = _Book()
    for fact in lines:
        if fact.kind is Kind.PAID and fact.payment not in book.payments:
            book.payments[fact.payment] = _Money(fact)
            if book.failed:
                book.failed = None
        elif fact.kind is Kind.REVOKED:
            book.granted, book.stopped = None, book.stopped or fact
        elif fact.kind is Kind.GRANTED:
            book.failed = None
            if book.granted is None or (fact.until or fact.at) >= (book.granted.until or book.granted.at):
                book.granted = fact
        elif fact.kind is Kind.FAILED:
            book.failed = fact
        elif fact.kind in (Kind.CANCELLED, Kind.ENDED):
            book.stopped = fact
        elif fact.kind is Kind.RESUMED:
            book.stopped = None
    # Money may be returned by an event that says an earlier second than the payment's.
    for fact in lines:
        money = book.payments.get(fact.payment)
        if money is None:
            continue
        if fact.kind is Kind.REFUNDED:
            money.returned = max(money.returned, fact.amount_minor)
            money.last = fact
        elif fact.kind in _DISPUTES and (money.dispute is None or money.dispute.kind is Kind.DISPUTED):
            # A dispute that was decided stays so; a late “opened” does not open it again.
            money.dispute = fact
            money.last = fact
    return book


def _covered(book: _Book, terms: Terms) -> dt.datetime | None:
    """Until when it is paid or granted. What is paid early is added behind what was paid before."""
    until: dt.datetime | None = None
    for money in sorted(book.payments.values(), key=lambda one: one.fact.sort_key):
        if money.is_void or not money.fact.counts or terms.period is Period.ONCE:
            continue
        start = max(filter(None, [money.fact.at, until, terms.starts_at]))
        end = money.fact.until or after(start, terms.period)
        until = max(until, end) if until else end
    if book.granted and book.granted.until:
        until = max(until, book.granted.until) if until else book.granted.until
    return until


def _judged(lines: list[Fact], book: _Book, terms: Terms, now: dt.datetime) -> Outcome:
    moneys = sorted(book.payments.values(), key=lambda one: one.fact.sort_key)
    disputed = next((one for one in moneys if one.dispute and one.dispute.kind is Kind.DISPUTED), None)
    if disputed and disputed.dispute:
        return Outcome(State.DISPUTED, disputed.dispute.key, since=disputed.dispute.at)
    last = next((one for one in reversed(moneys) if one.fact.counts), None)
    if last and last.is_void and (book.until is None or book.until <= now):
        end = last.last or last.fact
        return Outcome(State.REFUNDED, end.key, until=end.at, since=end.at)
    if book.until is None:
        return _unpaid(lines, book, terms, last, now)
    if terms.starts_at and now < terms.starts_at:
        # Paid, and waiting for its day.
        return Outcome(State.PENDING, last.fact.key if last else "", changes_at=terms.starts_at)
    if now < book.until:
        if book.stopped:
            return Outcome(State.CANCELLED, book.stopped.key, since=book.stopped.at, changes_at=book.until)
        if book.failed and terms.renews:
            return Outcome(State.PAST_DUE, book.failed.key, since=book.failed.at, changes_at=book.until + GRACE)
        deciding = last.fact if last else book.granted
        return Outcome(State.ACTIVE, deciding.key if deciding else "", changes_at=book.until)
    if book.stopped or not terms.renews:
        return Outcome(State.ENDED, book.stopped.key if book.stopped else "", until=book.until, since=book.until)
    if now < book.until + GRACE:
        failed = book.failed.key if book.failed else ""
        return Outcome(State.PAST_DUE, failed, since=book.until, changes_at=book.until + GRACE)
    return Outcome(State.ENDED, "", until=book.until, since=book.until + GRACE)


def _unpaid(lines: list[Fact], book: _Book, terms: Terms, last: _Money | None, now: dt.datetime) -> Outcome:
    if terms.period is Period.ONCE and last:
        # A donation: it was given, and nothing follows from it.
        return Outcome(State.ENDED, last.fact.key, until=last.fact.at, since=last.fact.at)
    if book.stopped:
        return Outcome(State.ENDED, book.stopped.key, since=book.stopped.at)
    begun = lines[0].at if lines else now
    if now >= begun + UNPAID:
        return Outcome(State.ENDED, "", since=begun + UNPAID)
    return Outcome(State.PENDING, lines[0].key if lines else "", changes_at=begun + UNPAID)


@dataclass(frozen=True)
class Held:
    """One pledge of a patron, as `settled` wants it. number: ours, counting up."""

    number: int
    facts: tuple[Fact, ...]
    terms: Terms


def settled(pledges: Iterable[Held], now: dt.datetime) -> dict[int, Outcome]:
    """The states of all pledges of one patron: never more than one of them is held.

    One that renews goes before one that does not, then the one that was paid first stays. Any other is treated as
    cancelled: its paid time counts and it does not go on. Where it would have renewed, it is marked as a double, which
    the desk is alarmed about.
    """
    found: dict[int, Outcome] = {}
    holding: list[tuple[tuple[bool, dt.datetime, int], bool]] = []
    for pledge in pledges:
        result = outcome(pledge.facts, pledge.terms, now)
        found[pledge.number] = result
        if result.state in HOLDING:
            first = min((fact.at for fact in pledge.facts if fact.kind in (Kind.PAID, Kind.GRANTED)), default=now)
            holding.append(((not pledge.terms.renews, first, pledge.number), pledge.terms.renews))
    for (_later, _first, number), renews in sorted(holding)[1:]:
        double = found[number]
        is_over = double.until is None or double.until <= now
        state = State.ENDED if is_over else State.CANCELLED
        found[number] = replace(double, state=state, is_double=renews, changes_at=None if is_over else double.until)
    return found
