"""What the room takes out of a newsroom, and how it is read back.

Ways to support and the page's words are public. Who gives, and every movement of money, goes only into a private
export.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import models
from wagtail.models import Site

from standfirst.kit.exports import BadExport, Fields, In, Out, Part, gettext_noop, moment, part, records
from standfirst.patrons.models import (
    Alarm,
    Entry,
    Event,
    ExternalPage,
    LegalEntity,
    Member,
    Notice,
    Payment,
    Pledge,
    Receipt,
    Statement,
    StatementLine,
    Support,
    SupportText,
    Tier,
    TierPrice,
    TierText,
    Withdrawal,
)
from standfirst.people.models import User

OFFER, LEDGER = "support.json", "patrons.json"
#: In an order in which what others point to comes first.
_OFFER: tuple[type[models.Model], ...] = (Tier, TierText, TierPrice, Support, SupportText, ExternalPage)
_LEDGER: tuple[type[models.Model], ...] = (
    Member,
    LegalEntity,
    Pledge,
    Entry,
    Payment,
    Receipt,
    Withdrawal,
    Event,
    Notice,
    Statement,
    StatementLine,
    Alarm,
)
_RICH = {"pays_for", "other_ways"}
_NOT = {"site"}


def register() -> None:
    part(Part("patrons", 70, _write, _read, holds=_holds))


def _holds() -> dict[str, int]:
    return {"pledges": Pledge.objects.count(), "ways to support": Tier.objects.count()}


def _write(out: Out) -> None:
    out.json(OFFER, _rows_of(_OFFER))
    out.count("ways to support", Tier.objects.count())
    if out.private:
        out.json(
            LEDGER, {_name(model): [_said(row) for row in model._default_manager.order_by("pk")] for model in _LEDGER}
        )
        out.count("pledges", Pledge.objects.count())


def _rows_of(kinds: Iterable[type[models.Model]]) -> dict[str, Any]:
    return {_name(model): [_said(row) for row in model._default_manager.order_by("pk")] for model in kinds}


def _name(model: type[models.Model]) -> str:
    return str(model._meta.model_name)


def _fields(model: type[models.Model]) -> Iterable[Any]:
    return [field for field in model._meta.local_concrete_fields if field.name not in _NOT]


def _said(row: models.Model) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for field in _fields(type(row)):
        value = getattr(row, field.attname)
        if field.is_relation and field.related_model is User:
            value = getattr(getattr(row, field.name), "email", "")
        said[field.name] = moment(value) if isinstance(value, dt.datetime) else value
    return said


# Back ---------------------------------------------------------------------------------------------


def _read(inward: In) -> None:
    if inward.has(OFFER):
        _rows(inward, OFFER, _OFFER)
        inward.count("ways to support", Tier.objects.count())
    if inward.has(LEDGER):
        _rows(inward, LEDGER, _LEDGER)
        inward.count("pledges", Pledge.objects.count())


def _rows(inward: In, file: str, kinds: Iterable[type[models.Model]]) -> None:
    said = Fields(inward.json(file), file)
    accounts = {user.email.lower(): user for user in User.objects.all()}
    known: dict[type[models.Model], set[Any]] = {}
    for model in kinds:
        rows: list[Any] = [
            model(**{field.attname: _value(inward, field, line, accounts, known) for field in _fields(model)})
            for line in records(said.items(_name(model)), f"{file}, {_name(model)}")
        ]
        for row in rows:
            if isinstance(row, Support):
                row.site = Site.objects.get(is_default_site=True)
        if model is Pledge:
            # One pledge may replace another that comes behind it.
            replaced = [(row.pk, row.replaces_id) for row in rows if isinstance(row, Pledge) and row.replaces_id]
            for row in rows:
                row.replaces_id = None
            model._default_manager.bulk_create(rows)
            for pk, old in replaced:
                Pledge.objects.filter(pk=pk).update(replaces=old)
        else:
            model._default_manager.bulk_create(rows)
        known[model] = {row.pk for row in rows}


def _value(
    inward: In, field: Any, line: Fields, accounts: dict[str, User], known: dict[type[models.Model], set[Any]]
) -> Any:
    if field.is_relation:
        if field.related_model is User:
            account = accounts.get(line.text(field.name, 254).lower())
            return account.pk if account else None
        number = line.number_or_none(field.name)
        there = known.get(field.related_model)
        if number is not None and there is not None and number not in there:
            raise BadExport(
                gettext_noop("%(where)s: what “%(name)s” points to is not in the export. Export again."),
                where=line.where,
                name=field.name,
            )
        if number is None and not field.null:
            raise BadExport(
                gettext_noop("%(where)s: “%(name)s” should be given. Export again."), where=line.where, name=field.name
            )
        return number
    if isinstance(field, models.DateTimeField):
        return line.moment(field.name)
    if isinstance(field, models.BooleanField):
        return line.flag(field.name, default=bool(field.default))
    if isinstance(field, models.IntegerField):
        least = 0 if isinstance(field, models.PositiveIntegerField | models.PositiveSmallIntegerField) else -(2**62)
        number = line.number_or_none(field.name, least=least, most=2**62)
        if number is None and not field.null:
            raise line._wrong(field.name, "a number")
        return number
    if isinstance(field, models.JSONField):
        value = line.any(field.name)
        if not isinstance(value, type(field.get_default())):
            raise line._wrong(field.name, "as it was written")
        return value
    if field.name in _RICH:
        return inward.rich(line.text(field.name), line.where)
    if field.choices:
        return line.choice(field.name, {str(value) for value, _said in field.choices})
    if isinstance(field, models.URLField):
        return line.link(field.name, field.max_length or 0)
    return line.text(field.name, field.max_length or 0)
