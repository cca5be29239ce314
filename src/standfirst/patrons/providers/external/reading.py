"""The lists that Patreon, Ko-fi and Buy Me a Coffee export.

Patreon: *Audience, Relationship manager, Export CSV* (headings of 2020 to 2026). Ko-fi: *Transactions, Export CSV*: one
line for each payment. Buy Me a Coffee: of its *Members* no headings were seen by us, so any usual ones are taken; its
*Supporters* (Supporter Email, Supporter Name, Coffee Price, Supported On) gave once and are refused in a sentence.
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from standfirst.patrons.errors import NotRead
from standfirst.patrons.ledger import Period, after
from standfirst.patrons.members.lines import (
    BadLine,
    Given,
    Line,
    List,
    Problem,
    amount_of,
    currency_of,
    each,
    email_of,
    moment_in,
)
from standfirst.patrons.tables import cells_of, heading

Rows = list[tuple[int, list[str]]]
Cells = dict[str, str]

PATREON = {
    "name": ("name", "full name"),
    "email": ("email", "e mail"),
    "status": ("patron status", "membership status"),
    "trial": ("free trial",),
    "lifetime": ("lifetime amount", "lifetime amount usd"),
    "amount": ("pledge amount", "pledge"),
    "frequency": ("charge frequency",),
    "tier": ("tier", "reward"),
    "since": ("patronage since date", "patron since"),
    "charged": ("last charge date",),
    "charge": ("last charge status",),
    "number": ("user id",),
    "currency": ("currency",),
    "ends": ("access expiration", "access expiration date"),
    "next": ("next charge date",),
}
KOFI = {
    "email": ("buyeremail", "buyer email", "email"),
    "name": ("from", "name"),
    "at": ("datetime utc", "datetime", "date"),
    "amount": ("received", "amount"),
    "currency": ("currency",),
    "type": ("transactiontype", "transaction type", "type"),
    "tier": ("item", "tier name", "tier"),
    "number": ("transactionid", "transaction id"),
}
COFFEE = {
    "name": ("member name", "supporter name", "name", "full name", "payer name"),
    "email": ("member email", "supporter email", "email", "email address", "e mail", "payer email"),
    "status": ("status", "membership status", "subscription status"),
    "tier": ("membership level", "membership level name", "membership", "level", "tier", "membership name"),
    "amount": ("amount", "price", "membership amount", "coffee price", "subscription price"),
    "currency": ("currency",),
    "frequency": ("duration", "duration type", "billing", "billing cycle", "frequency", "interval", "plan"),
    "since": ("start date", "started on", "member since", "joined", "created on", "subscription created on"),
    "until": ("current period end", "period end", "next payment", "next payment date", "next billing date", "renews on",
              "end date", "expires on", "valid until", "access until"),
    "charged": ("last payment", "last payment date", "current period start"),
    "left": ("cancelled on", "canceled on", "cancelled at", "subscription canceled on", "canceled"),
    "number": ("subscription id", "member id", "transaction id", "id"),
}  # fmt: skip

_YEARLY = ("annual", "annually", "year", "yearly", "yr", "рік", "річно", "щороку")


def list_of(source: str, rows: Rows, *, currency: str, now: dt.datetime) -> List:
    """Read a list of this service. currency: of lines that name none. Lines that cannot be read are its problems."""
    reader = {"patreon": _patreon, "kofi": _kofi, "buymeacoffee": _coffee}[source]
    return reader(rows, currency, now)


def source_of(rows: Rows) -> str:
    """Whose list it is by its headings; "" for none that we know. Raises NotRead for one that names no patrons."""
    for _number, row in rows[:20]:
        said = {heading(cell) for cell in row}
        if "patron status" in said:
            return "patreon"
        if "transactiontype" in said and "received" in said:
            return "kofi"
        if {"supporter email", "supported on"} <= said:
            raise NotRead(
                _(
                    "This is Buy Me a Coffee's list of supporters, who gave once. Patrons are in its list of members: "
                    "export that one."
                )
            )
        if said & set(COFFEE["email"]) and said & set(COFFEE["tier"]) and said & {*COFFEE["until"], *COFFEE["status"]}:
            return "buymeacoffee"
    return ""


def _period(text: str) -> Period:
    return Period.YEAR if heading(text) in _YEARLY else Period.MONTH


def _patreon(rows: Rows, currency: str, now: dt.datetime) -> List:
    def read(number: int, one: Cells) -> Line:
        said = {"email": email_of(one["email"]), "name": one["name"][:150], "joined_at": moment_in(one["since"])}
        status, charge = heading(one["status"]), heading(one["charge"])
        code = currency_of(one["currency"], currency)
        charged, due, ends = moment_in(one["charged"]), moment_in(one["next"]), moment_in(one["ends"])
        amount, lifetime = amount_of(one["amount"], code), amount_of(one["lifetime"], code)
        period = _period(one["frequency"])
        if not status or status in ("free", "follower"):
            return Line(number, **said, passed_over=_("follows without paying"))  # type: ignore[arg-type]
        if status not in ("active patron", "declined patron", "former patron"):
            raise BadLine(_("“%(text)s” is no status of a patron that we know.") % {"text": one["status"][:40]})
        if not lifetime and not (charge == "paid" and charged):
            return Line(number, **said, passed_over=_("has never paid"))  # type: ignore[arg-type]
        until = max(filter(None, [due, ends]), default=None)
        if until is None and charged and charge == "paid":
            until = after(charged, period)
        if status == "former patron":
            until = ends
        given = Given(
            tier=one["tier"],
            amount_minor=amount,
            currency=code,
            period=period,
            until=until,
            # An end of the access without a next charge: she has cancelled, and it is paid so long.
            goes_on=status != "former patron" and not (ends and not due),
            failed_at=(charged or now) if status == "declined patron" or charge in ("declined", "fraud") else None,
            is_taken_back=charge in ("refunded", "fraud"),
            number=one["number"][:120],
        )
        return Line(number, **said, given=given)  # type: ignore[arg-type]

    return each(List("patreon"), cells_of(rows, PATREON, needed="email"), read)


def _kofi(rows: Rows, currency: str, now: dt.datetime) -> List:
    """One line is one payment: of each person the newest of a membership says until when it is paid."""
    found, newest, once = List("kofi"), dict[str, tuple[dt.datetime, Line]](), dict[str, Line]()
    for number, one in cells_of(rows, KOFI, needed="email"):
        try:
            is_membership = heading(one["type"]) in ("subscription", "membership", "monthly")
            if not one["email"]:
                found.lines.append(Line(number, "", one["name"], passed_over=_("gave without an address")))
                continue
            email, at = email_of(one["email"]), moment_in(one["at"])
            if at is None:
                raise BadLine(_("There is no date."))
            code = currency_of(one["currency"], currency)
            amount = amount_of(one["amount"], code)
        except BadLine as bad:
            found.problems.append(Problem(number, str(bad)))
            continue
        if not is_membership:
            once[email] = Line(number, email, one["name"][:150], passed_over=_("gave once"))
            continue
        tier, until = one["tier"], after(at, Period.MONTH)
        given = Given(tier=tier, amount_minor=amount, currency=code, until=until, number=one["number"][:120])
        if email not in newest or newest[email][0] < at:
            newest[email] = at, Line(number, email, one["name"][:150], given=given)
    found.lines += [line for _at, line in newest.values()]
    found.lines += [line for email, line in once.items() if email not in newest]
    return found


def _coffee(rows: Rows, currency: str, now: dt.datetime) -> List:
    def read(number: int, one: Cells) -> Line:
        email, code = email_of(one["email"]), currency_of(one["currency"], currency)
        period, charged, until = _period(one["frequency"]), moment_in(one["charged"]), moment_in(one["until"])
        since, status = moment_in(one["since"]), heading(one["status"])
        has_left = bool(one["left"]) and heading(one["left"]) not in ("no", "false", "0")
        goes_on = not has_left and not status.startswith(("cancel", "inactive", "ended", "expired", "paused"))
        if until is None and goes_on and (charged or since):
            # The newest payment that can have been made by now.
            until = after(charged or since or now, period)
            while not charged and until <= now:
                until = after(until, period)
        given = Given(
            tier=one["tier"],
            amount_minor=amount_of(one["amount"], code),
            currency=code,
            period=period,
            until=until,
            goes_on=goes_on,
            is_taken_back=status.startswith("refund"),
            number=one["number"][:120],
        )
        return Line(number, email, one["name"][:150], since, given=given)

    return each(List("buymeacoffee"), cells_of(rows, COFFEE, needed="email"), read)
