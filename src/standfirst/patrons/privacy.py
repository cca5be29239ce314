"""What this room keeps about people: pledges, and money, which the law makes a paper keep."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from standfirst.kit import keeping, money
from standfirst.kit.keeping import Erased, Holding
from standfirst.mailroom.models import Subscription
from standfirst.patrons import ledger
from standfirst.patrons.models import Event, Member, Pledge, Receipt, StatementLine
from standfirst.patrons.services import patron_leaves

#: Full years after that of a payment; the longest that tax laws of Europe ask for.
KEEP_YEARS = 10
#: The raw words of a payment company's messages hold names.
KEEP_RAW = dt.timedelta(days=90)
#: Who was on a list that was brought in, and never did anything here.
KEEP_LISTED = dt.timedelta(days=365)
_GONE = ".invalid"


def register() -> None:
    keeping.register(
        Holding(
            key="patrons.pledges",
            what=_(
                "What you give: your e-mail address, name and language, amounts and dates of payments, receipts, a "
                "message with a gift. Never the number of a card or an account: those stay with the payment company"
            ),
            why=_("So that your support works, you get your receipts, and the paper keeps its books as the law asks."),
            how_long=_(
                "As long as you are a patron. Payments and receipts for ten years after the year of the payment; when "
                "you have your data erased, they stay without your name and address."
            ),
            basis=keeping.CONTRACT,
            given=pledges_given,
            erase=pledges_erase,
            forget_due=pledges_forget_due,
        )
    )

    keeping.register(
        Holding(
            key="patrons.members",
            what=_(
                "What a list from elsewhere said of you, when the paper moved here: e-mail address, name, since when, "
                "labels and notes of the old system"
            ),
            why=_("So that nobody is lost when a paper moves from one system to another."),
            how_long=_("While you are a patron or get letters; else a year."),
            basis=keeping.LEGITIMATE_INTEREST,
            given=members_given,
            erase=members_erase,
            forget_due=members_forget_due,
        )
    )


def members_given(email: str) -> list[dict[str, Any]]:
    names = ("email", "name", "language", "joined_at", "labels", "note", "origin", "number")
    return [{name: getattr(one, name) for name in names} for one in Member.objects.filter(email=email)]


def members_erase(email: str) -> Erased:
    return Erased(Member.objects.filter(email=email).delete()[0])


def members_forget_due(now: dt.datetime | None = None) -> int:
    """Forget who was on a list a year ago, and neither gives nor gets letters."""
    old = Member.objects.filter(made_at__lt=(now or timezone.now()) - KEEP_LISTED)
    patrons = Pledge.objects.exclude(state__in=[ledger.State.ENDED, ledger.State.REFUNDED]).values("email")
    readers = Subscription.objects.filter(state=Subscription.State.ACTIVE).values("email")
    return old.exclude(email__in=patrons).exclude(email__in=readers).delete()[0]


def _with(email: str) -> QuerySet[Pledge]:
    return Pledge.objects.filter(Q(email=email) | Q(payer_email=email) | Q(withdrawal__contact=email)).distinct()


def pledges_given(email: str) -> list[dict[str, Any]]:
    return [_said(one, email) for one in _with(email).select_related("tier").order_by("-made_at")]


def _said(one: Pledge, email: str) -> dict[str, Any]:
    """A pledge as this person may see it: of a gift, each sees what is hers."""
    is_patron, is_payer = one.email == email, one.payer == email
    said: dict[str, Any] = {
        "reference": one.reference,
        "kind": one.kind,
        "email": one.email if is_patron else "",
        "name": one.name if is_patron else "",
        "payer_email": one.payer_email if is_payer else "",
        "payer_name": one.payer_name,
        "message": one.message,
        "language": one.language,
        "tier": one.tier.name if one.tier else "",
        "made_at": one.made_at,
        "state": one.state,
        "until": one.until,
        "letters": one.letters if is_patron else [],
        "note": one.note,
        "history": [{"at": entry.at, "what": entry.kind} for entry in one.entries.all()],
    }
    if is_payer:
        said |= {
            "amount": f"{money.plain(one.amount_minor, one.currency)} {one.currency}",
            "period": one.period,
            "provider": one.provider,
            "payments": [
                {"at": row.at, "amount": f"{money.plain(row.amount_minor, row.currency)} {row.currency}"}
                for row in one.payments.all()
            ],
            "receipts": [str(row) for row in Receipt.objects.filter(payment__pledge=one)],
        }
    withdrawal = getattr(one, "withdrawal", None)
    if withdrawal and (is_payer or withdrawal.contact == email):
        said["withdrawal"] = {"at": withdrawal.at, "name": withdrawal.name, "contact": withdrawal.contact}
    return said


def pledges_erase(email: str) -> Erased:
    """Take the person out of her pledges; the books stay. What would be charged again ends."""
    done, last = 0, None
    with transaction.atomic():
        for one in _with(email):
            newest = one.payments.order_by("-at").first()
            if newest and (last is None or newest.at > last):
                last = newest.at
            _erased(one, email)
            done += 1
    if last is None:
        return Erased(done)
    kept = _("Payments and receipts stay in the books without your name and address, as tax law asks.")
    return Erased(done, kept, dt.date(last.year + KEEP_YEARS, 12, 31))


def _erased(one: Pledge, email: str) -> None:
    is_patron, is_payer = one.email == email, one.payer == email
    if is_payer and one.is_open and one.renews:
        patron_leaves(pledge=one)
    gone = f"{secrets.token_hex(12)}@erased{_GONE}"
    changes: dict[str, Any] = {"token": secrets.token_urlsafe(24), "note": ""}
    if is_patron:
        changes |= {"email": gone, "name": "", "letters": [], "message": ""}
    if one.payer_email == email:
        changes |= {"payer_email": gone, "payer_name": "", "message": ""}
    Pledge.objects.filter(pk=one.pk).update(**changes)
    Event.objects.filter(pledge=one).update(body="")
    if is_payer:
        Receipt.objects.filter(payment__pledge=one).update(name="")
        StatementLine.objects.filter(payment__pledge=one).update(payer="", purpose=one.reference)
    withdrawal = getattr(one, "withdrawal", None)
    if withdrawal and (is_payer or withdrawal.contact == email):
        type(withdrawal).objects.filter(pk=withdrawal.pk).update(name="", contact=gone)


def pledges_forget_due(now: dt.datetime | None = None) -> int:
    """Take people out of pledges that ended so long ago, and forget raw messages that were worked on."""
    now = now or timezone.now()
    done = Event.objects.exclude(status=Event.Status.WAITING).exclude(body="")
    count = done.filter(received_at__lt=now - KEEP_RAW).update(body="")
    over = dt.datetime(now.year - KEEP_YEARS, 1, 1, tzinfo=dt.UTC)
    never_paid = Q(payments__isnull=True, made_at__lt=now - dt.timedelta(days=365))
    closed = Pledge.objects.filter(state__in=[ledger.State.ENDED, ledger.State.REFUNDED]).exclude(email__endswith=_GONE)
    for one in closed.filter(never_paid) | closed.filter(made_at__lt=over).exclude(payments__at__gte=over):
        _erased(one, one.email)
        if one.payer_email:
            _erased(Pledge.objects.get(pk=one.pk), one.payer_email)
        count += 1
    return count
