"""A reader is entered, changes her details, moves to another address, and goes."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from standfirst.kit import mailaddress
from standfirst.kit.keeping import Erased, Holding, holdings
from standfirst.letterbox.services import letters_carried
from standfirst.mailroom.services import address_change as mail_to_new_address
from standfirst.readers.errors import AddressTaken
from standfirst.readers.models import Reader, Session
from standfirst.readers.services.sessions import sessions_end
from standfirst.readers.signals import address_changed, reader_erased

#: The holding of the account itself.
ACCOUNT = "readers.account"


def reader_found(*, email: str, name: str = "", language: str = "") -> Reader:
    """The reader with this address; entered, unconfirmed, when she is new.

    She counts as confirmed when she has signed in by a code sent there. Name and language are taken when she has
    said none herself. Raises ValueError for what is no address.
    """
    email = mailaddress.normal(email)
    if "@" not in email or len(email) > 254 or email.split() != [email]:
        raise ValueError(f"“{email}” is no e-mail address.")
    try:
        with transaction.atomic():
            reader, made = Reader.objects.get_or_create(
                email=email, defaults={"name": name.strip()[:150], "language": language[:20]}
            )
    except IntegrityError:  # somebody else was faster
        return Reader.objects.get(email=email)
    if not made and ((name and not reader.name) or (language and not reader.language)):
        reader.name = reader.name or name.strip()[:150]
        reader.language = reader.language or language[:20]
        reader.save(update_fields=["name", "language"])
    return reader


def reader_confirmed(*, email: str, language: str = "") -> Reader:
    """The reader who has just shown that this address is hers; entered when she is new."""
    reader = reader_found(email=email, language=language)
    reader.confirmed_at = reader.confirmed_at or timezone.now()
    reader.seen_on = timezone.localdate()
    reader.save(update_fields=["confirmed_at", "seen_on"])
    return reader


def details_change(*, reader: Reader, name: str, language: str) -> Reader:
    reader.name, reader.language = name, language
    reader.save(update_fields=["name", "language"])
    return reader


def address_change(*, reader: Reader, email: str, but: Session | None = None) -> str:
    """Move the account to an address that was confirmed by a code; returns the old one.

    All or nothing: every room carries over what it keeps (news `address_changed`). Signs out everywhere but here.
    Raises AddressTaken when another account has that address.
    """
    old, new = reader.email, mailaddress.normal(email)
    try:
        with transaction.atomic():
            reader.email, reader.confirmed_at = new, timezone.now()
            reader.save(update_fields=["email", "confirmed_at"])
            sessions_end(reader=reader, but=but)
            letters_carried(old=old, new=new)
            mail_to_new_address(old=old, new=new)
            address_changed.send(sender=Reader, reader=reader, old=old, new=new)
    except IntegrityError:
        reader.email = old
        if Reader.objects.filter(email=new).exclude(pk=reader.pk).exists():
            raise AddressTaken from None
        raise
    return old


def reader_erase(*, reader: Reader, for_show: bool = False) -> list[tuple[Holding, Erased]]:
    """Erase everything about a reader in every room; returns what became of each holding. All or nothing.

    for_show: say what it would do, and do nothing: it is done and taken back.
    """
    # Her own row goes last: other rooms may point at it.
    rows = sorted(holdings(), key=lambda holding: holding.key == ACCOUNT)
    done = []
    with transaction.atomic():
        for holding in rows:
            if holding.key == ACCOUNT and not for_show:
                reader_erased.send(sender=Reader, reader=reader)
            done.append((holding, holding.erase(reader.email)))
        if for_show:
            transaction.set_rollback(True)
    return done
