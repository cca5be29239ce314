"""Reading the record: its newest entry, and whether all of it still is what was written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from standfirst.kit.canonical import salted_digest
from standfirst.kit.chain import Broken, Link, checked, version_digest, words_digest
from standfirst.kit.exports import moment
from standfirst.press.shown import shows
from standfirst.stories.lists import RECORD
from standfirst.stories.models import PublicVersion, RecordEntry, VersionText

MOST_TROUBLES = 100
_ROWS_AT_ONCE = 2_000
_TEXTS_AT_ONCE = 200


@dataclass(frozen=True)
class Recorded:
    """Something that is on record, as it is now. trouble: why it is not what its own digest says, or ""."""

    subject: str
    digest: str
    trouble: str = ""


@dataclass
class RecordState:
    """What a look at the whole record found. troubles: sentences, at most MOST_TROUBLES; [] when all is as written."""

    entries: int = 0
    head: str = ""
    elsewhere: int = 0
    troubles: list[str] = field(default_factory=list)


_kinds: dict[str, Callable[[], Iterable[Recorded]]] = {}


def recorded(kind: str, rows: Callable[[], Iterable[Recorded]]) -> None:
    """Register, from a room's apps.py, what is on record under a kind, as it is in the database now."""
    _kinds[kind] = rows


def record_head() -> Link | None:
    """The newest entry: whoever keeps its hash can tell later whether anything before it was changed."""
    shows(RECORD)
    entry = RecordEntry.objects.order_by("-number").first()
    return entry.link if entry else None


def links() -> Iterator[Link]:
    """All entries in their order."""
    rows = RecordEntry.objects.order_by("number").values_list(
        "number", "kind", "subject", "digest", "at", "previous", "hash"
    )
    for number, kind, subject, digest, at, previous, entry_hash in rows.iterator(chunk_size=_ROWS_AT_ONCE):
        yield Link(number, kind, subject, digest, moment(at) or "", previous, entry_hash)


def digests_here() -> dict[tuple[str, str], str]:
    """Everything there is that belongs on record: (kind, subject) → the digest that its entry must have."""
    return {(kind, row.subject): row.digest for kind, rows in _kinds.items() for row in rows()}


def is_known(kind: str) -> bool:
    """Whether a room of this newsroom puts things of this kind on record."""
    return kind in _kinds


def record_state() -> RecordState:
    """Look at every entry, and at everything that is on record: is each there, once, and as it was written?"""
    state = RecordState()
    elsewhere = set(RecordEntry.objects.filter(is_elsewhere=True).values_list("number", flat=True))
    state.elsewhere = len(elsewhere)
    wanted: dict[tuple[str, str], str] = {}
    try:
        for link in checked(links()):
            state.entries, state.head = link.number, link.hash
            if link.number in elsewhere:
                continue
            if (link.kind, link.subject) in wanted:
                state.troubles.append(f"{link.kind} {link.subject} is on record twice")
            wanted[link.kind, link.subject] = link.digest
    except Broken as broken:
        state.troubles.append(str(broken))
    for kind, rows in _kinds.items():
        for row in rows():
            digest = wanted.pop((kind, row.subject), None)
            if digest is None and not state.troubles:
                state.troubles.append(f"{kind} {row.subject} is not on record")
            elif digest is not None and digest != row.digest:
                state.troubles.append(f"{kind} {row.subject} is not what went on record")
            if row.trouble:
                state.troubles.append(row.trouble)
    for kind, subject in wanted:
        if kind in _kinds:
            state.troubles.append(f"{kind} {subject} is on record and is not there")
    del state.troubles[MOST_TROUBLES:]
    return state


def versions_recorded() -> Iterator[Recorded]:
    """Every public version, with a look at its words where they are not withheld."""
    wrong = {}
    texts = VersionText.objects.filter(is_masked=False).values_list(
        "version_id", "canonical", "note", "salt", "version__digest", "version__note_digest"
    )
    for pk, canonical, note, salt, digest, note_digest in texts.iterator(chunk_size=_TEXTS_AT_ONCE):
        if salted_digest(bytes(canonical), salt=bytes(salt)) != digest:
            wrong[pk] = "its words are not what was published"
        elif words_digest(note, salt=bytes(salt)) != note_digest:
            wrong[pk] = "its note is not what readers were told"
    rows = PublicVersion.objects.order_by("pk").values_list(
        "pk", "story_id", "number", "published_at", "label", "digest", "note_digest"
    )
    for pk, story, number, published_at, label, digest, note_digest in rows.iterator(chunk_size=_ROWS_AT_ONCE):
        sealed = version_digest(
            story=story,
            number=number,
            published_at=moment(published_at) or "",
            label=label,
            digest=digest,
            note_digest=note_digest,
        )
        trouble = f"version {story}/{number}: {wrong[pk]}" if pk in wrong else ""
        yield Recorded(f"{story}/{number}", sealed, trouble)
