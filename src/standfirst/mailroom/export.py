"""Mailings always; who gets them, who must not be written to, and letters only in a private export."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from standfirst.kit.exports import Fields, In, Out, Part, gettext_noop, moment, part, records
from standfirst.mailroom.addresses import address_checked, scramble_key
from standfirst.mailroom.errors import NoAddress
from standfirst.mailroom.models import Letter, Link, Mailing, ScrambleKey, Subscription, Suppression
from standfirst.mailroom.selectors import counts_of

MAILINGS, SUBSCRIPTIONS = "mail/mailings.json", "mail/subscriptions.json"
SUPPRESSED, LETTERS = "mail/suppressed.json", "mail/letters.json"
# By which erased readers' addresses were scrambled: they are not written to in the next newsroom either.
KEYS = "mail/scramble-keys.json"
_WORDS = 2000


def register() -> None:
    part(Part("mail", 60, write, read, holds=_holds))


def _holds() -> dict[str, int]:
    return {"subscriptions": n} if (n := Subscription.objects.count()) else {}


def write(out: Out) -> None:
    mailings = list(Mailing.objects.order_by("sort_order", "key"))
    out.json(MAILINGS, [_mailing(mailing) for mailing in mailings])
    out.count("mailings", len(mailings))
    if not out.private:
        return
    subscriptions = Subscription.objects.order_by("pk").select_related("mailing")
    out.json(SUBSCRIPTIONS, [_subscription(one) for one in subscriptions.iterator(chunk_size=2000)])
    out.count("subscriptions", subscriptions.count())
    out.json(
        SUPPRESSED,
        [
            {"email": one.email, "reason": one.reason, "said": one.said, "since": moment(one.since)}
            for one in Suppression.objects.order_by("pk")
        ],
    )
    former = ScrambleKey.objects.values_list("key", flat=True)
    out.json(KEYS, [{"key": key} for key in sorted({scramble_key(), *former})])
    letters = Letter.objects.order_by("pk").select_related("mailing", "made_by").prefetch_related("links")
    out.json(LETTERS, [_letter(letter) for letter in letters])
    out.count("letters to readers", len(letters))


def _mailing(mailing: Mailing) -> dict[str, Any]:
    return {
        "key": mailing.key,
        "names": mailing.names,
        "descriptions": mailing.descriptions,
        "rhythm": mailing.rhythm,
        "hour": mailing.hour,
        "weekday": mailing.weekday,
        "audience": mailing.audience,
        "is_open": mailing.is_open,
        "is_under_stories": mailing.is_under_stories,
        "counts_links": mailing.counts_links,
        "sort_order": mailing.sort_order,
    }


def _subscription(one: Subscription) -> dict[str, Any]:
    return {
        # Opens the reader's own page: her links in old letters work in the new newsroom too.
        "key": one.key,
        "email": one.email,
        "mailing": one.mailing.key,
        "language": one.language,
        "state": one.state,
        "asked_at": moment(one.asked_at),
        "page": one.page,
        "wording": one.wording,
        "basis": one.basis,
        "confirmed_at": moment(one.confirmed_at),
        "left_at": moment(one.left_at),
    }


def _letter(letter: Letter) -> dict[str, Any]:
    # To whom it went stays behind: it is forgotten after a while, and nothing is sent anew from it.
    return {
        "id": letter.pk,
        "mailing": letter.mailing.key,
        "language": letter.language,
        "state": letter.state,
        "subject": letter.subject,
        "preheader": letter.preheader,
        "text": letter.text,
        "html": letter.html,
        "source": letter.source,
        "carries": letter.carries,
        "slot": letter.slot,
        "corrects": letter.corrects_id,
        "made_by": letter.made_by.get_username() if letter.made_by else "",
        "made_at": moment(letter.made_at),
        "due_at": moment(letter.due_at),
        "started_at": moment(letter.started_at),
        "finished_at": moment(letter.finished_at),
        "counts": letter.counts or counts_of(letter),
        "counts_links": letter.counts_links,
        "links": [{"path": link.path, "count": link.count} for link in letter.links.all()],
    }


def read(inward: In) -> None:
    with transaction.atomic():
        for said in records(inward.json(MAILINGS), MAILINGS):
            _read_mailing(said)
            inward.count("mailings")
        mailings = {mailing.key: mailing for mailing in Mailing.objects.all()}
        for said in records(inward.json(SUBSCRIPTIONS), SUBSCRIPTIONS):
            _read_subscription(said, mailings, inward)
        for said in records(inward.json(SUPPRESSED), SUPPRESSED):
            reason = said.choice("reason", Suppression.Reason.values)
            given = {"reason": reason, "said": said.text("said", 500), "since": said.moment("since")}
            Suppression.objects.get_or_create(
                email=said.needed("email", 254).lower(), defaults={k: v for k, v in given.items() if v is not None}
            )
        for said in records(inward.json(KEYS), KEYS):
            key = said.needed("key", 64)
            if re.fullmatch("[0-9a-f]{64}", key) and key != scramble_key():
                ScrambleKey.objects.get_or_create(key=key)
        for said in records(inward.json(LETTERS), LETTERS):
            _read_letter(said, mailings, inward)


def _read_mailing(said: Fields) -> None:
    Mailing.objects.update_or_create(
        key=said.needed("key", 40),
        defaults={
            "names": _by_language(said, "names"),
            "descriptions": _by_language(said, "descriptions"),
            "rhythm": said.choice("rhythm", Mailing.Rhythm.values),
            "hour": said.number("hour", least=0, most=23),
            "weekday": said.number("weekday", least=0, most=6),
            "audience": said.text("audience", 40),
            "is_open": said.flag("is_open"),
            "is_under_stories": said.flag("is_under_stories"),
            "counts_links": said.flag("counts_links"),
            "sort_order": said.number("sort_order", least=0, most=32767),
        },
    )


def _by_language(said: Fields, name: str) -> dict[str, str]:
    record = said.record(name)
    values = said.any(name) or {}
    return {str(code)[:20]: record.text(code, _WORDS) for code in values} if record else {}


def _read_subscription(said: Fields, mailings: dict[str, Mailing], inward: In) -> None:
    mailing = mailings.get(said.needed("mailing", 40))
    try:
        email = address_checked(said.needed("email", 254))
    except NoAddress as error:
        inward.note("%(where)s: %(error)s", where=said.where, error=error)
        return
    if mailing is None:
        inward.note(gettext_noop("%(where)s: there is no mailing of that key."), where=said.where)
        return
    state = said.choice("state", Subscription.State.values)
    confirmed_at = said.moment("confirmed_at")
    if state == Subscription.State.ACTIVE and confirmed_at is None:
        inward.note(
            gettext_noop("%(where)s: nobody has confirmed %(email)s, so it gets no letters."),
            where=said.where,
            email=email,
        )
        return
    defaults: dict[str, Any] = {
        "language": said.needed("language", 20),
        "state": state,
        "page": said.text("page", 300),
        "wording": said.text("wording", 500),
        "basis": said.needed("basis", 200),
        "confirmed_at": confirmed_at,
        "left_at": said.moment("left_at"),
    }
    if asked := said.moment("asked_at"):
        defaults["asked_at"] = asked
    key = said.text("key", 32)
    if re.fullmatch("[0-9a-f]{32}", key):
        defaults["key"] = key
    Subscription.objects.get_or_create(email=email, mailing=mailing, defaults=defaults)
    inward.count("subscriptions")


def _read_letter(said: Fields, mailings: dict[str, Mailing], inward: In) -> None:
    mailing = mailings.get(said.needed("mailing", 40))
    if mailing is None:
        return
    state = said.choice("state", Letter.State.values)
    if state in (Letter.State.QUEUED, Letter.State.SENDING, Letter.State.PAUSED):
        # Who has it and who has not stayed behind: nobody must get it twice.
        inward.note(gettext_noop("%(where)s: it was on its way and is marked as stopped."), where=said.where)
        state = Letter.State.STOPPED
    counts = said.record("counts")
    letter = Letter(
        pk=said.number("id"),
        mailing=mailing,
        language=said.needed("language", 20),
        state=state,
        subject=said.needed("subject", 200),
        preheader=said.text("preheader", 200),
        text=said.text("text"),
        html=said.text("html"),
        source=said.any("source") if isinstance(said.any("source"), dict) else {},
        carries=said.texts("carries", 60),
        slot=said.text("slot", 80) or None if said.any("slot") else None,
        corrects_id=said.number_or_none("corrects"),
        due_at=said.moment("due_at"),
        started_at=said.moment("started_at"),
        finished_at=said.moment("finished_at"),
        counts_links=said.flag("counts_links"),
        counts={name: counts.number(name, least=0) for name in said.any("counts")} if counts else {},
    )
    if made_at := said.moment("made_at"):
        letter.made_at = made_at
    made_by = said.text("made_by", 254)
    letter.made_by = get_user_model().objects.filter(email__iexact=made_by).first() if made_by else None
    letter.save()
    for link in records(said.any("links") or [], f"{said.where}: links"):
        Link.objects.get_or_create(
            letter=letter, path=link.needed("path", 400), defaults={"count": link.number("count", least=0)}
        )
    inward.count("letters to readers")
