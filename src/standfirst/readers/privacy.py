"""What this room keeps about people: the account, the browsers signed in, codes under way, passkeys."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from standfirst.kit import keeping
from standfirst.kit.keeping import Erased, Holding
from standfirst.readers.models import Code, Passkey, Reader, Session

#: An account that nobody ever confirmed, and one that nobody has used; both only while no other room needs them.
UNCONFIRMED_DAYS, UNUSED_DAYS = 30, 2 * 365


def register() -> None:
    keeping.register(
        Holding(
            key="readers.account",
            what=_("Your account: e-mail address, the name and language you chose, since when, day of your last visit"),
            why=_("So that you can sign in and see what is yours."),
            how_long=_(
                "Until you erase it; by itself after two years without a visit, or 30 days if it was never "
                "confirmed, unless something else here still needs it."
            ),
            basis=keeping.CONTRACT,
            given=account_given,
            erase=account_erase,
            forget_due=accounts_forget_due,
        )
    )
    keeping.register(
        Holding(
            key="readers.sessions",
            what=_(
                "Browsers you are signed in with: kind of browser and system in rough words, days of first and last use"
            ),
            why=_("So that you stay signed in, and can see and end every sign-in."),
            how_long=_("Until you sign out; by itself 60 days after the last use."),
            basis=keeping.CONTRACT,
            given=sessions_given,
            erase=sessions_erase,
            forget_due=sessions_forget_due,
        )
    )
    keeping.register(
        Holding(
            key="readers.passkeys",
            what=_("Passkeys: the name you gave each, its public half, days of making and last use"),
            why=_("So that a device of yours can sign you in."),
            how_long=_("Until you remove it, or erase your account."),
            basis=keeping.CONTRACT,
            given=passkeys_given,
            erase=passkeys_erase,
        )
    )
    keeping.register(
        Holding(
            key="readers.codes",
            what=_("Codes for signing in: the address one was sent to, and a scrambled form of the code"),
            why=_("So that only the owner of an address can sign in with it."),
            how_long=_("A quarter of an hour; deleted within a day."),
            basis=keeping.CONTRACT,
            given=codes_given,
            erase=codes_erase,
            forget_due=codes_forget_due,
        )
    )


def account_given(email: str) -> list[dict[str, Any]]:
    rows = Reader.objects.filter(email=email)
    return [
        dict(row) for row in rows.values("email", "name", "language", "handle", "made_at", "confirmed_at", "seen_on")
    ]


def account_erase(email: str) -> Erased:
    return Erased(Reader.objects.filter(email=email).delete()[1].get("readers.Reader", 0))


def sessions_given(email: str) -> list[dict[str, Any]]:
    rows = Session.objects.filter(reader__email=email)
    return [dict(row) for row in rows.values("device", "begun_at", "seen_on", "expires_at")]


def sessions_erase(email: str) -> Erased:
    return Erased(Session.objects.filter(reader__email=email).delete()[0])


def passkeys_given(email: str) -> list[dict[str, Any]]:
    return [
        dict(row)
        for row in Passkey.objects.filter(reader__email=email).values("name", "credential", "made_at", "used_on")
    ]


def passkeys_erase(email: str) -> Erased:
    return Erased(Passkey.objects.filter(reader__email=email).delete()[0])


def codes_given(email: str) -> list[dict[str, Any]]:
    return [dict(row) for row in Code.objects.filter(_of(email)).values("email", "purpose", "made_at", "expires_at")]


def codes_erase(email: str) -> Erased:
    return Erased(Code.objects.filter(_of(email)).delete()[0])


def _of(email: str) -> Q:
    return Q(email=email) | Q(reader__email=email)


def sessions_forget_due() -> int:
    return Session.objects.filter(expires_at__lt=timezone.now()).delete()[0]


def codes_forget_due() -> int:
    return Code.objects.filter(expires_at__lt=timezone.now()).delete()[0]


def accounts_forget_due() -> int:
    """Delete accounts without a use or a confirmation for long; one that another room points at stays."""
    now = timezone.now()
    due = Reader.objects.filter(
        Q(confirmed_at=None, made_at__lt=now - dt.timedelta(days=UNCONFIRMED_DAYS))
        | Q(confirmed_at__isnull=False, seen_on__lt=timezone.localdate() - dt.timedelta(days=UNUSED_DAYS))
    )
    for relation in Reader._meta.related_objects:
        if relation.related_model._meta.app_label != "readers":
            due = due.filter(**{f"{relation.field.related_query_name()}__isnull": True})
    return due.delete()[1].get("readers.Reader", 0)
