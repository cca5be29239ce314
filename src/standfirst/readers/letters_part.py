"""Which letters a reader gets: this part of her page is put together here, from the mailroom's doors."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from standfirst.mailroom import selectors as mail
from standfirst.mailroom.models import Mailing, Subscription
from standfirst.mailroom.services import preferences_set
from standfirst.readers import guard
from standfirst.readers.doors import see_other, signed_in
from standfirst.readers.models import Reader, Session

#: What she reads beside the boxes; written down with her consent.
WORDING = _("Tick the letters you would like. One save is enough; you can change it here, or leave from every letter.")


def letters_part(request: HttpRequest, reader: Reader) -> str:
    offered = _offered(reader)
    if not offered:
        return ""
    context = {
        "reader": reader,
        "offered": [{"mailing": mailing, "is_on": is_on} for mailing, is_on in offered],
        "wording": WORDING,
        "token": guard.form_token(request, "letters"),
    }
    return render_to_string("readers/_letters.html", context, request)


def _offered(reader: Reader) -> list[tuple[Mailing, bool]]:
    """Every mailing she may choose or has, and whether she gets it."""
    gets = {
        one.mailing_id
        for one in mail.subscriptions_of(reader.email)
        if one.state == Subscription.State.ACTIVE
    }  # fmt: skip
    return [
        (mailing, mailing.pk in gets)
        for mailing in mail.mailings(is_open=False)
        if mailing.is_open or mailing.pk in gets
    ]


@signed_in("POST", purpose="letters")
def choose(request: HttpRequest, session: Session) -> HttpResponse:
    """All boxes at once: in those that are ticked, out of all others."""
    reader = session.reader
    preferences_set(
        email=reader.email,
        mailings=set(request.POST.getlist("letters")[:100]),
        language=reader.language or get_language() or "",
        page=reverse("readers:account"),
        wording=str(WORDING),
    )
    return see_other(f"{reverse('readers:account')}?saved=letters#letters")
