"""A record that can only grow: numbered entries, each of which seals the one before.

An entry says that something was put on record: its kind, its subject ("12/3", the third version of story 12) and the
digest of what was recorded. Its own hash is the SHA-256 of the canonical bytes of all that, with the hash of the entry
before. Whoever holds one hash holds a witness for everything that came earlier.
docs/developers/the-record.md has the same in twenty lines that need nothing of ours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from standfirst.kit.canonical import canonical_bytes, salted_digest


@dataclass(frozen=True, slots=True)
class Link:
    """One entry. number: from 1, no gaps. at: ISO 8601 in UTC. previous: the hash of the one before, "" at first."""

    number: int
    kind: str
    subject: str
    digest: str
    at: str
    previous: str
    hash: str = ""

    def sealed(self) -> Link:
        """The same entry with the hash that belongs to it."""
        return Link(self.number, self.kind, self.subject, self.digest, self.at, self.previous, link_hash(self))

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def link_hash(link: Link) -> str:
    """SHA-256 of the canonical bytes of an entry without its hash, in hexadecimal."""
    said = {
        "number": link.number,
        "kind": link.kind,
        "subject": link.subject,
        "digest": link.digest,
        "at": link.at,
        "previous": link.previous,
    }
    return hashlib.sha256(canonical_bytes(said)).hexdigest()


def checked(links: Iterable[Link]) -> Iterator[Link]:
    """The entries one after another. Raises Broken at the first that does not belong where it stands."""
    previous = ""
    for number, link in enumerate(links, 1):
        if link.number != number:
            raise Broken(number, f"entry {number} is missing; entry {link.number} stands in its place")
        if link.previous != previous:
            raise Broken(number, f"entry {number} does not follow the one before it")
        if link_hash(link) != link.hash:
            raise Broken(number, f"entry {number} is not what was written")
        previous = link.hash
        yield link


class Broken(Exception):
    """The record is not what it was. number: the first entry that shows it."""

    def __init__(self, number: int, what: str) -> None:
        self.number = number
        super().__init__(what)


def version_digest(
    *, story: int, number: int, published_at: str, label: str, digest: str, note_digest: str = ""
) -> str:
    """What the record keeps of a public version: which one, when, what its change was called, and both its digests."""
    said = {
        "story": story,
        "number": number,
        "published_at": published_at,
        "label": label,
        "digest": digest,
        "note_digest": note_digest,
    }
    return hashlib.sha256(canonical_bytes(said)).hexdigest()


def words_digest(words: str, *, salt: bytes) -> str:
    """The salted digest of a note; "" of none, which is no secret."""
    return salted_digest(canonical_bytes(words), salt=salt) if words else ""
