"""Readers, in a private export alone. Sessions, codes and passkeys stay: a file must open nobody's account."""

from __future__ import annotations

from standfirst.kit import mailaddress
from standfirst.kit.exports import BadExport, In, Out, Part, gettext_noop, moment, part, records
from standfirst.readers.models import Reader

READERS = "readers.json"


def register() -> None:
    part(Part("readers", 8, write, read))


def write(out: Out) -> None:
    if not out.private:
        return
    rows = list(Reader.objects.order_by("pk"))
    out.json(
        READERS,
        [
            {
                "handle": reader.handle,
                "email": reader.email,
                "name": reader.name,
                "language": reader.language,
                "made_at": moment(reader.made_at),
                "confirmed_at": moment(reader.confirmed_at),
                "seen_on": reader.seen_on.isoformat() if reader.seen_on else None,
            }
            for reader in rows
        ],
    )
    out.count("readers", len(rows))


def read(inward: In) -> None:
    known = set(Reader.objects.values_list("email", flat=True))
    for said in records(inward.json(READERS), READERS):
        email = mailaddress.normal(said.needed("email", 254))
        if "@" not in email or email.split() != [email]:
            raise BadExport(gettext_noop("%(where)s: “%(email)s” is no e-mail address."), where=said.where, email=email)
        if email in known:
            continue
        known.add(email)
        reader = Reader(
            email=email,
            name=said.text("name", 150),
            language=said.text("language", 20),
            confirmed_at=said.moment("confirmed_at"),
            seen_on=said.day("seen_on"),
        )
        reader.handle = said.text("handle", 32) or reader.handle
        reader.made_at = said.moment("made_at") or reader.made_at
        reader.save()
        inward.count("readers")
