"""This room's part of /account/: what she gives, and the way to change it."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest
from django.template.loader import render_to_string

from standfirst.kit import money
from standfirst.patrons import mine
from standfirst.patrons.models import Pledge
from standfirst.patrons.providers.sandbox import Sandbox
from standfirst.readers.models import Reader


def view_part(request: HttpRequest, reader: Reader) -> str:
    """Her pledges and the gifts she made, each with the page on which it is changed, cancelled and withdrawn from."""
    pledges = Pledge.objects.filter(Q(email=reader.email, payer_email="") | Q(payer_email=reader.email))
    gifts = Pledge.objects.filter(email=reader.email, kind=Pledge.Kind.GIFT).exclude(payer_email=reader.email)
    rows = [
        {
            "pledge": one,
            "state": mine.state_in_words(one),
            "amount": money.for_people(one.amount_minor, one.currency),
            "is_hers": one.payer == reader.email,
        }
        for one in [*pledges.select_related("tier"), *gifts.select_related("tier")]
    ]
    sandbox = any(row["pledge"].provider == Sandbox.name for row in rows)  # type: ignore[attr-defined]
    return render_to_string("patrons/_account.html", {"rows": rows, "sandbox": sandbox}, request)
