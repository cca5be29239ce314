"""The room's doors: a reader is entered, changes her details, and goes."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from standfirst.kit import mailaddress
from standfirst.readers.models import Reader


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
