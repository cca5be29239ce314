"""Members out, and in again: our own list, from which everything comes back as it was."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from standfirst.kit import money
from standfirst.mailroom.models import Mailing, Subscription
from standfirst.mailroom.selectors import is_suppressed
from standfirst.mailroom.services import subscribe, subscription_carried
from standfirst.mailroom.services.carried import RECORD
from standfirst.patrons import ledger
from standfirst.patrons.ledger import Fact, Kind
from standfirst.patrons.members import own
from standfirst.patrons.members.lines import (
    BadLine,
    Change,
    Problem,
    Report,
    amount_of,
    currency_of,
    email_of,
    moment_in,
)
from standfirst.patrons.models import Entry, Member, Pledge, Tier
from standfirst.patrons.models.pledges import STATES
from standfirst.patrons.services.booking import entries_carry
from standfirst.readers.models import Reader

#: Columns that are fields of a pledge, and how long they may be.
_TEXTS = {"name": 150, "language": 20, "payer_email": 254, "payer_name": 150, "message": 500, "provider": 30,
          "origin": 60, "note": 2000, "provider_pledge": 120}  # fmt: skip
_MOMENTS = ("asked_at", "confirmed_at", "left_at")


# Out ----------------------------------------------------------------------------------------------


def members_export() -> str:
    """Everybody outside the desk as one CSV: a line for each pledge, and one for each person without a pledge."""
    letters: dict[str, list[Subscription]] = defaultdict(list)
    for one in Subscription.objects.select_related("mailing").order_by("mailing__key"):
        letters[one.email].append(one)
    members = {one.email: one for one in Member.objects.all()}
    rows, seen = [list(own.COLUMNS)], set()
    pledges = Pledge.objects.exclude(email__endswith=".invalid").select_related("tier", "replaces")
    for pledge in pledges.prefetch_related("entries").order_by("email", "made_at", "pk"):
        seen.add(pledge.email)
        member = members.get(pledge.email)
        rows.append(_row(_pledge_said(pledge) | _member_said(member) | _letters_said(letters[pledge.email])))
    readers = {one.email: one for one in Reader.objects.all()}
    for email in sorted({*members, *letters, *readers} - seen):
        rows.append(_row(_person_said(email, members.get(email), readers.get(email)) | _letters_said(letters[email])))
    return own.written(rows)


def _row(said: dict[str, str]) -> list[str]:
    return [said.get(column, "") for column in own.COLUMNS]


def _pledge_said(one: Pledge) -> dict[str, str]:
    return {
        "email": one.email,
        "kind": one.kind,
        "state": one.state,
        "tier": one.tier.slug if one.tier else "",
        "period": one.period,
        "amount": money.plain(one.amount_minor, one.currency),
        "currency": one.currency,
        "renews": "yes" if one.renews else "no",
        "joined": own.said(one.made_at),
        "since": own.said(one.since),
        "until": own.said(one.until),
        "starts_at": own.said(one.starts_at),
        "customer": one.provider_customer,
        "reference": one.reference,
        "replaces": one.replaces.reference if one.replaces else "",
        "history": own.history_said(one.amounts, list(one.entries.all())),
        **{name: getattr(one, name) for name in _TEXTS},
    }


def _member_said(member: Member | None) -> dict[str, str]:
    return {"labels": own.listed(member.labels), "member_id": member.number} if member else {}


def _person_said(email: str, member: Member | None, reader: Reader | None) -> dict[str, str]:
    if member is None:
        joined = own.said(reader.made_at) if reader else ""
        return {"email": email, "joined": joined, "name": reader.name if reader else "",
                "language": reader.language if reader else ""}  # fmt: skip
    return {
        "email": email,
        "name": member.name,
        "language": member.language,
        "joined": own.said(member.joined_at),
        "origin": member.origin,
        "note": member.note,
        **_member_said(member),
    }


def _letters_said(subscriptions: Iterable[Subscription]) -> dict[str, str]:
    rows = list(subscriptions)
    if not rows:
        return {}
    consent = [{"mailing": one.mailing.key, **{name: _plain(getattr(one, name)) for name in RECORD}} for one in rows]
    return {
        "letters": own.listed([one.mailing.key for one in rows if one.state == Subscription.State.ACTIVE]),
        "letters_left": own.listed([one.mailing.key for one in rows if one.state == Subscription.State.LEFT]),
        "consent": json.dumps(consent, ensure_ascii=False),
    }


def _plain(value: Any) -> Any:
    return own.said(value) if isinstance(value, dt.datetime) else value


# In -----------------------------------------------------------------------------------------------


class Carrying:
    """Our own list on its way in."""

    def __init__(self, report: Report, basis: str, now: dt.datetime) -> None:
        self.report, self.basis, self.now = report, basis, now
        self._tiers = {tier.slug: tier for tier in Tier.objects.all()}
        self._mailings = {mailing.key: mailing for mailing in Mailing.objects.all()}
        self._replaced: list[tuple[Pledge, str]] = []

    def take_all(self, cells: Iterable[tuple[int, dict[str, str]]]) -> None:
        for number, one in cells:
            try:
                # What a bad line has begun is taken back.
                with transaction.atomic():
                    email = email_of(one["email"])
                    if one["kind"] or one["reference"]:
                        self._pledge(number, email, one)
                    self._person(email, one, has_pledge=bool(one["kind"] or one["reference"]))
                    self._letters(email, one)
            except BadLine as bad:
                self.report.problems.append(Problem(number, str(bad)))
        for pledge, reference in self._replaced:
            Pledge.objects.filter(pk=pledge.pk).update(replaces=Pledge.objects.filter(reference=reference).first())

    def _pledge(self, number: int, email: str, one: dict[str, str]) -> None:
        kind, period, state = one["kind"] or Pledge.Kind.OWN, one["period"] or "month", one["state"]
        if kind not in Pledge.Kind.values or period not in Pledge.Period.values or (state and state not in STATES):
            raise BadLine(_("“%(text)s” is no kind, period or state.") % {"text": f"{kind} {period} {state}"[:60]})
        currency = currency_of(one["currency"], "EUR")
        joined = moment_in(one["joined"]) or self.now
        amount = amount_of(one["amount"], currency)
        amounts, facts = own.history_in(one["history"]) if one["history"] else ([amount], [])
        pledge = Pledge.objects.filter(reference=one["reference"]).first() if one["reference"] else None
        before = pledge.state if pledge else ""
        if pledge is not None and pledge.email != email:
            raise BadLine(_("The reference %(reference)s is somebody else's here.") % {"reference": one["reference"]})
        if pledge is None and not facts:
            # Written by hand: the same line a second time is the same pledge.
            pledge = Pledge.objects.filter(email=email, kind=kind, made_at=joined).first() if one["joined"] else None
            before = pledge.state if pledge else ""
        if pledge is None:
            tier = self._tiers.get(one["tier"])
            if one["tier"] and tier is None:
                self.report.tiers_missing[one["tier"]] += 1
            pledge = Pledge.objects.create(
                email=email,
                kind=kind,
                tier=tier,
                amount_minor=amount,
                amounts=amounts,
                currency=currency,
                period=period,
                renews=one["renews"] != "no" and kind == Pledge.Kind.OWN and period != Pledge.Period.ONCE
                if not facts else one["renews"] != "no",
                starts_at=moment_in(one["starts_at"]),
                made_at=joined,
                provider_customer=one["customer"][:120],
                **({"reference": one["reference"][:20]} if one["reference"] else {}),
                **{name: one[name][:most] for name, most in _TEXTS.items() if one[name]},
                **({} if one["provider"] else {"provider": "external"}),
            )  # fmt: skip
            if one["replaces"]:
                self._replaced.append((pledge, one["replaces"]))
        if not facts:
            facts = [(fact, "", self.basis) for fact in _facts_of(one, joined, self.now)] if not before else []
        entries = [_entry(pledge, fact, code, by, joined) for fact, code, by in facts]
        if entries_carry(pledge=pledge, entries=entries, now=self.now):
            self.report.changes.append(Change(number, email, before, pledge.state, pledge.until, is_new=not before))
        else:
            self.report.unchanged += 1

    def _person(self, email: str, one: dict[str, str], *, has_pledge: bool) -> None:
        says = ("labels", "member_id") if has_pledge else ("name", "joined", "labels", "note", "member_id", "origin")
        if not any(one[name] for name in says):
            return
        values: dict[str, Any] = {"labels": own.parts_in(one["labels"]), "number": one["member_id"][:120]}
        values |= {"name": one["name"][:150], "language": one["language"][:20], "origin": one["origin"][:60]}
        if not has_pledge:
            values |= {"joined_at": moment_in(one["joined"]), "note": one["note"][:2000]}
        _row, is_new = Member.objects.get_or_create(email=email, defaults=values)
        self.report.people += is_new

    def _letters(self, email: str, one: dict[str, str]) -> None:
        gets, left = own.parts_in(one["letters"]), own.parts_in(one["letters_left"])
        records = _consent_in(one["consent"])
        if gets and is_suppressed(email):
            self.report.without_letters[_("takes no mail, or has complained")] += 1
            return
        for key in {*gets, *left, *records}:
            mailing = self._mailings.get(key.strip())
            if mailing is None:
                self.report.without_letters[_("a mailing “%(key)s” that is not here") % {"key": key}] += 1
                continue
            record, is_wanted = records.get(key), key in gets
            state = Subscription.State.ACTIVE if is_wanted else Subscription.State.LEFT
            if record and (record["state"] == state or (key not in left and record["state"] == "pending")):
                self.report.letters += subscription_carried(email=email, mailing=mailing, record=record)
            elif is_wanted:
                subscribe(email=email, mailing=mailing, language=one["language"] or "en", page="", wording="",
                          basis=self.basis)  # fmt: skip
                self.report.letters += 1
            elif key in left:
                gone = {"state": state, "basis": self.basis, "left_at": self.now, "language": one["language"] or "en"}
                subscription_carried(email=email, mailing=mailing, record=gone)


def _consent_in(cell: str) -> dict[str, dict[str, Any]]:
    try:
        rows = json.loads(cell) if cell else []
        found = {}
        for row in rows:
            record = {name: moment_in(str(row[name] or "")) if name in _MOMENTS else str(row[name]) for name in RECORD}
            if record["state"] not in Subscription.State.values or record["asked_at"] is None:
                raise ValueError
            if record["state"] == Subscription.State.ACTIVE and record["confirmed_at"] is None:
                raise ValueError
            found[str(row["mailing"])] = record
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadLine(_("What stands in the column “consent” is not as it was written.")) from error
    return found


def _entry(pledge: Pledge, fact: Fact, currency: str, by: str, noted_at: dt.datetime) -> Entry:
    return Entry(
        pledge=pledge,
        key=fact.key,
        kind=fact.kind,
        at=fact.at,
        noted_at=timezone.now(),
        payment=fact.payment,
        amount_minor=fact.amount_minor,
        currency=currency or (pledge.currency if fact.amount_minor else ""),
        until=fact.until,
        counts=fact.counts,
        by=by,
    )


def _facts_of(one: dict[str, str], joined: dt.datetime, now: dt.datetime) -> Iterator[Fact]:
    """What a line that was written by hand says, without a history."""
    until, since = moment_in(one["until"]), min(moment_in(one["since"]) or now, now)
    state = one["state"] or (ledger.State.ACTIVE if until else ledger.State.PENDING)
    if state in (ledger.State.ACTIVE, ledger.State.CANCELLED, ledger.State.PAST_DUE) and until is None:
        raise BadLine(_("A patron needs a day until which it is paid, in the column “until”."))
    yield Fact("started", Kind.STARTED, min(joined, now))
    if until is not None and state in ledger.GIVING | {ledger.State.ENDED}:
        yield Fact(f"granted:list:{own.said(until)}", Kind.GRANTED, min(since, now), until=until)
    if state == ledger.State.PAST_DUE and until and until > now:
        yield Fact("failed:list", Kind.FAILED, now)
    if state not in (ledger.State.PENDING, ledger.State.ACTIVE, ledger.State.PAST_DUE):
        yield Fact("cancelled:list", Kind.CANCELLED, now)
