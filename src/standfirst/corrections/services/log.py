"""The public log: an entry with each change that readers must hear of, and dated lines below it.

Nothing here is ever changed or removed again; the database refuses it (`stories.guards`).
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from standfirst.corrections.comparing import Comparison, compared
from standfirst.corrections.logbook import CORRECTIONS, correction_key
from standfirst.corrections.models import Amendment, AmendmentText, Correction, CorrectionLabel, CorrectionText
from standfirst.kit.canonical import canonical_digest
from standfirst.kit.worddiff import sides
from standfirst.people.models import User
from standfirst.press.services import refresh
from standfirst.stories.errors import NotAllowed
from standfirst.stories.models import PublicVersion, RecordEntry, StoryPage
from standfirst.stories.services import record_append, record_wait

CORRECTION, AMENDMENT = "correction", "amendment"
# What an entry shows of the words that changed.
MOST_WORDS_SHOWN = 4_000
_SALT_BYTES = 16


@dataclass(frozen=True)
class EntryDetails:
    """What the change itself does not tell. reported_at: when somebody first said so. credit: whom to thank."""

    origin: str = Correction.Origin.STAFF
    reported_at: dt.datetime | None = None
    credit: str = ""


_NOTHING_SAID = EntryDetails()
_details: ContextVar[EntryDetails] = ContextVar("entry_details", default=_NOTHING_SAID)


@contextmanager
def entry_details(
    *, origin: str = Correction.Origin.STAFF, reported_at: dt.datetime | None = None, credit: str = ""
) -> Iterator[None]:
    """Around a publication: say of the entry it makes who found the mistake, when, and whom to thank for it."""
    token = _details.set(EntryDetails(Correction.Origin(origin), reported_at, " ".join(credit.split())[:100]))
    try:
        yield
    finally:
        _details.reset(token)


def correction_record(*, version: PublicVersion, before: PublicVersion | None) -> Correction | None:
    """Write the entry that belongs to a version which is being frozen, if its label wants one.

    Part of publishing's transaction. Typos and updates make none.
    """
    if version.label not in CorrectionLabel.values:
        return None
    record_wait()
    details, difference = _details.get(), compared(before, version)
    was, now = _said(difference)
    text = {
        "note": version.text.note if hasattr(version, "text") else "",
        "was": was,
        "now": now,
        "credit": details.credit,
    }
    return _entry_write(
        text,
        story=version.story,
        label=version.label,
        before=before,
        after=version,
        place=_place(version.label, difference),
        origin=details.origin,
        reported_at=details.reported_at,
        fixed_at=version.published_at,
    )


def removal_record(*, story: StoryPage, note: str, at: dt.datetime) -> Correction:
    """Write the entry of something that is withheld. note: what readers are told, without any of it.

    Part of the transaction in which it is withheld.
    """
    record_wait()
    return _entry_write(
        {"note": note, "was": "", "now": "", "credit": ""},
        story=story,
        label=CorrectionLabel.REMOVAL,
        place=Correction.Place.TOP,
        fixed_at=at,
    )


def _entry_write(text: dict[str, str], **fields: Any) -> Correction:
    salt = secrets.token_bytes(_SALT_BYTES)
    correction = Correction.objects.create(
        number=_last_number() + 1, digest=canonical_digest(text, salt=salt), **fields
    )
    CorrectionText.objects.create(correction=correction, salt=salt, **text)
    record_append(kind=CORRECTION, subject=str(correction.number), digest=correction.record_digest)
    refresh(keys={CORRECTIONS})
    return correction


def correction_amend(*, correction: Correction, text: str, editor: User) -> Amendment:
    """Add a dated line below an entry, which itself is never changed. All or nothing.

    Raises NotAllowed when the editor may not publish the story, ValueError for a text that is empty or too long.
    """
    text = " ".join(text.split())
    if not correction.story.permissions_for_user(editor).can_publish():
        raise NotAllowed(f"{editor} may not add to entry {correction.number}.")
    if not 0 < len(text) <= 1000:
        raise ValueError("An amendment says something, in at most 1,000 characters.")
    return amendment_write(correction=correction, text=text)


def amendment_write(*, correction: Correction, text: str) -> Amendment:
    """Add a line below an entry that the newsroom's own programs write."""
    with transaction.atomic():
        record_wait()
        salt = secrets.token_bytes(_SALT_BYTES)
        amendment = Amendment.objects.create(
            correction=correction,
            number=(correction.amendments.aggregate(last=Max("number"))["last"] or 0) + 1,
            at=timezone.now(),
            digest=canonical_digest({"text": text}, salt=salt),
        )
        AmendmentText.objects.create(amendment=amendment, text=text, salt=salt)
        record_append(kind=AMENDMENT, subject=str(amendment), digest=amendment.record_digest)
        refresh(keys={correction_key(correction.pk), correction.story.press_key})
    return amendment


def _last_number() -> int:
    """Of the newest entry, also of one that an import did not bring along: no number is given twice."""
    newest = RecordEntry.objects.filter(kind=CORRECTION).order_by("-number").first()
    return max(int(newest.subject) if newest else 0, Correction.objects.aggregate(last=Max("number"))["last"] or 0)


def _place(label: str, difference: Comparison) -> str:
    if label in (CorrectionLabel.EDITORS_NOTE, CorrectionLabel.RETRACTION) or difference.touches_top:
        return Correction.Place.TOP
    return Correction.Place.END


def _said(difference: Comparison) -> tuple[str, str]:
    """What it said and what it says now: the passages that changed, cut to what surrounds the change."""
    pairs = [sides(one.shortened(40)) for one in difference.differences]
    was = "\n".join(old for old, _new in pairs if old)
    now = "\n".join(new for _old, new in pairs if new)
    return _cut(was), _cut(now)


def _cut(text: str) -> str:
    return text if len(text) <= MOST_WORDS_SHOWN else f"{text[: MOST_WORDS_SHOWN - 2].rsplit(' ', 1)[0]} …"
