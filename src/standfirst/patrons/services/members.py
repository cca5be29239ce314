"""Lists of people from elsewhere are taken in: patrons, members, and which letters they had."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from standfirst.mailroom.models import Mailing, Subscription
from standfirst.mailroom.selectors import is_suppressed
from standfirst.mailroom.services import subscribe
from standfirst.patrons import ledger
from standfirst.patrons.errors import NotPossible, NotRead
from standfirst.patrons.ledger import Fact, Kind
from standfirst.patrons.members import ghost, own
from standfirst.patrons.members.lines import WHOLE, Change, Given, Line, List, Problem, Report
from standfirst.patrons.models import Member, Pledge, Support, Tier
from standfirst.patrons.models.pledges import TAKEN_BACK
from standfirst.patrons.providers.external import reading
from standfirst.patrons.services.booking import entries_add
from standfirst.patrons.services.carrying import Carrying
from standfirst.patrons.tables import rows_of

#: Of two facts of one import, the one that must come first.
_TICK = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class Choices:
    """What the desk decides about a list. tier: of those whose own is not here. letters: keys for who had letters.

    leave_out_bad: take the others in when lines cannot be read; else nothing is.
    """

    source: str = ""
    tier: Tier | None = None
    letters: tuple[str, ...] = ()
    paid_until: dt.datetime | None = None
    leave_out_bad: bool = False


def members_import(
    *, name: str, data: bytes, by: str, choices: Choices | None = None, for_show: bool = False,
    now: dt.datetime | None = None,
) -> Report:  # fmt: skip
    """Take in a list of patrons or members; again, or a newer one, it updates.

    All or nothing: with lines that cannot be read nothing is written unless they are to be left out. Of a service's
    whole list, who gave there and is not in it any more has left: paid until its end. Nobody who has left a mailing
    here, or to whom nothing may be written, is subscribed again. name, by: for the record. for_show: say what it
    would do, and do nothing: it is done and taken back. Raises NotRead and NotPossible.
    """
    choices, now = choices or Choices(), now or timezone.now()
    if not name.endswith(".jsonl") and choices.source in ("", "standfirst") and own.is_one(rows := rows_of(data)):
        return _own_taken(rows, name=name, by=by, choices=choices, for_show=for_show, now=now)
    found = list_read(name=name, data=data, choices=choices, now=now)
    unknown = set(choices.letters) - set(Mailing.objects.values_list("key", flat=True))
    if unknown:
        raise NotPossible(_("There is no mailing “%(key)s”.") % {"key": sorted(unknown)[0]})
    report = Report(found.source, problems=sorted(found.problems, key=lambda one: one.line))
    taking = _Taking(found, report, choices, f"import:{found.source}, {name}, {by}"[:200], now)
    with _all_or_nothing(report, choices, for_show):
        for line in found.lines:
            taking.take(line)
        if found.source in WHOLE and found.lines:
            taking.others_left({line.email for line in found.lines} | _emails_of(found.problems, data))
    return report


@contextmanager
def _all_or_nothing(report: Report, choices: Choices, for_show: bool) -> Iterator[None]:
    """What is done within stays only if it was meant, and every line could be read or was to be left out."""
    with transaction.atomic():
        yield
        report.is_done = not for_show and (not report.problems or choices.leave_out_bad)
        if not report.is_done:
            transaction.set_rollback(True)


def _own_taken(
    rows: list[tuple[int, list[str]]], *, name: str, by: str, choices: Choices, for_show: bool, now: dt.datetime
) -> Report:
    report = Report("standfirst")
    with _all_or_nothing(report, choices, for_show):
        Carrying(report, f"import:{name}, {by}"[:200], now).take_all(own.cells_in(rows))
    return report


def list_read(*, name: str, data: bytes, choices: Choices, now: dt.datetime) -> List:
    """The list in a file, by its headings or as `choices.source` says. Raises NotRead."""
    support = Support.objects.first()
    currency = support.currency if support else "EUR"
    if name.endswith(".jsonl"):
        return ghost.list_of(ghost.cells_aside(data), currency=currency, paid_until=choices.paid_until, now=now)
    rows = rows_of(data)
    if choices.source == "ghost" or (not choices.source and ghost.is_one(rows)):
        return ghost.list_of(ghost.cells_in(rows), currency=currency, paid_until=choices.paid_until, now=now)
    source = choices.source or reading.source_of(rows)
    if source not in WHOLE:
        raise NotRead(
            _("This is no list that we know: of Patreon, Buy Me a Coffee, Ko-fi, Ghost, or our own. Export it anew.")
        )
    return reading.list_of(source, rows, currency=currency, now=now)


def _emails_of(problems: list[Problem], data: bytes) -> set[str]:
    """Addresses in lines that could not be read: they are no sign that somebody has left."""
    lines = {problem.line for problem in problems}
    cells = (cell for number, row in rows_of(data) if number in lines for cell in row) if lines else ()
    return {cell.strip().lower() for cell in cells if "@" in cell}


class _Taking:
    """One import under way."""

    def __init__(self, found: List, report: Report, choices: Choices, basis: str, now: dt.datetime) -> None:
        self.source, self.report, self.choices, self.basis, self.now = found.source, report, choices, basis, now
        self._tiers = {key: tier for tier in Tier.objects.prefetch_related("texts") for key in _names_of(tier)}

    def take(self, line: Line) -> None:
        if line.passed_over:
            self.report.passed_over[line.passed_over] += 1
            return
        if line.given:
            self._pledge(line, line.given)
        if self.source not in WHOLE:
            self._person(line)
        # Whoever is on a service's list gets letters if the desk says that they were promised there.
        if line.wants_letters or (self.source in WHOLE and line.given and line.given.goes_on):
            self._letters(line)

    def _pledge(self, line: Line, given: Given) -> None:
        pledge = self._pledges().filter(email=line.email, kind=given.kind).order_by("-pk").first()
        before, tier = pledge.state if pledge else "", self._tiers.get(_folded(given.tier), self.choices.tier)
        if pledge is None:
            is_paid = given.until is not None and not given.is_taken_back
            if not is_paid or (not given.goes_on and given.until and given.until <= self.now):
                self.report.passed_over[_("has left before")] += 1
                return
            pledge = self._made(line, given, tier)
        facts = self._facts(pledge, given)
        if entries_add(pledge=pledge, facts=facts, by=self.basis, now=self.now):
            change = Change(line.number, line.email, before, pledge.state, pledge.until, is_new=not before)
            self.report.changes.append(change)
        else:
            self.report.unchanged += 1
        self._details(pledge, line, given, tier or pledge.tier)

    def _pledges(self) -> QuerySet[Pledge]:
        return Pledge.objects.filter(provider="external", origin=self.source)

    def _made(self, line: Line, given: Given, tier: Tier | None) -> Pledge:
        return Pledge.objects.create(
            email=line.email,
            name=line.name,
            language=settings.LANGUAGE_CODE,
            kind=given.kind,
            tier=tier,
            amount_minor=given.amount_minor,
            amounts=[given.amount_minor],
            currency=given.currency,
            period=given.period,
            renews=given.kind == Pledge.Kind.OWN,
            provider="external",
            provider_customer=given.customer,
            provider_pledge=given.number,
            made_at=min(line.joined_at or self.now, self.now),
            origin=self.source,
        )

    def _facts(self, pledge: Pledge, given: Given) -> list[Fact]:
        """What this line adds to what is known. The same line again adds nothing."""
        facts, until = [], given.until
        said = until.isoformat() if until else "never"
        mark = f"{self.source}:{said}"
        if taken_back := pledge.entries.filter(key__startswith=TAKEN_BACK).count():
            # The desk took it back, so what the list says is news again.
            mark += f":{taken_back}"
        is_stopped = pledge.state in (ledger.State.CANCELLED, ledger.State.ENDED) and not pledge.is_double
        if given.is_taken_back:
            return [Fact(f"revoked:{mark}", Kind.REVOKED, self.now)]
        has_failed = given.failed_at is not None and given.goes_on
        if given.goes_on and not has_failed and is_stopped and until and until > self.now:
            facts.append(Fact(f"resumed:{mark}", Kind.RESUMED, self.now - _TICK))
        if until and (not has_failed or not pledge.entries.filter(kind=Kind.GRANTED).exists()):
            # When the last payment did not go through, the next one's day says nothing of what is paid.
            facts.append(Fact(f"granted:{mark}", Kind.GRANTED, self.now - _TICK, until=until))
        if has_failed and given.failed_at:
            key = f"failed:{self.source}:{given.failed_at.isoformat()}"
            facts.append(Fact(key, Kind.FAILED, self.now))
        if not given.goes_on and pledge.renews:
            facts.append(Fact(f"left:{mark}", Kind.CANCELLED, self.now))
        return facts

    def _details(self, pledge: Pledge, line: Line, given: Given, tier: Tier | None) -> None:
        """The list knows its own words best."""
        if given.tier and _folded(given.tier) not in self._tiers:
            self.report.tiers_missing[given.tier] += 1
        values: dict[str, Any] = {"name": line.name or pledge.name, "tier": tier, "period": given.period}
        if given.amount_minor:
            values |= {"amount_minor": given.amount_minor, "amounts": [given.amount_minor], "currency": given.currency}
        changed = [name for name, value in values.items() if getattr(pledge, name) != value]
        for name in changed:
            setattr(pledge, name, values[name])
        if changed:
            pledge.save(update_fields=changed)

    def others_left(self, here: set[str]) -> None:
        """Who gave there and is not in the list any more."""
        held = self._pledges().filter(renews=True, state__in=sorted(ledger.HOLDING)).exclude(email__in=here)
        for pledge in held:
            before = pledge.state
            fact = Fact(f"left:{self.source}:{pledge.until}:gone", Kind.CANCELLED, self.now)
            if entries_add(pledge=pledge, facts=[fact], by=self.basis, now=self.now):
                self.report.changes.append(Change(0, pledge.email, before, pledge.state, pledge.until))

    def _person(self, line: Line) -> None:
        _row, is_new = Member.objects.update_or_create(
            email=line.email,
            defaults={
                "name": line.name,
                "joined_at": line.joined_at,
                "labels": list(line.labels),
                "note": line.note,
                "origin": self.source,
                "number": line.member,
            },
        )
        self.report.people += is_new

    def _letters(self, line: Line) -> None:
        if not self.choices.letters:
            self.report.without_letters[_("had letters; none was chosen for them here")] += line.wants_letters
            return
        if is_suppressed(line.email):
            self.report.without_letters[_("takes no mail, or has complained")] += 1
            return
        for key in self.choices.letters:
            there = Subscription.objects.filter(email=line.email, mailing__key=key).first()
            if there and there.state == Subscription.State.LEFT:
                self.report.without_letters[_("has left these letters here")] += 1
                continue
            if there and there.state == Subscription.State.ACTIVE:
                continue
            subscribe(
                email=line.email,
                mailing=key,
                language=settings.LANGUAGE_CODE,
                page="",
                wording="",
                basis=self.basis,
            )
            self.report.letters += 1


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _names_of(tier: Tier) -> set[str]:
    return {_folded(name) for name in (tier.slug, tier.name, *(text.name for text in tier.texts.all())) if name}
