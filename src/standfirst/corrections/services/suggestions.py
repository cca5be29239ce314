"""A reader's suggestion comes in: its words are found, and it joins the case about them or opens one."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from standfirst.corrections import floods
from standfirst.corrections.errors import EnoughReports, Flooded, WordsNotThere
from standfirst.corrections.gravity import gravity_of
from standfirst.corrections.models import Case, Suggestion
from standfirst.corrections.receipts import Receipt, once_of, receipt_of
from standfirst.corrections.services.carrying import cases_lay, stale_cases
from standfirst.corrections.services.placing import AROUND, Found, Versions, case_about, lay, story_lock
from standfirst.kit.anchoring import Quote, normal
from standfirst.stories.models import StoryPage

# More cases than these are carried on in the background alone; a reader does not wait for them.
CARRIED_WHILE_WAITING = 20


@dataclass(frozen=True)
class Sent:
    """What one reader sent, as plain data: it is what waits in the spool.

    path: the story's address as it was asked. version: the number of the public version the words were marked in, 0
    when not known. start, end: code points from the beginning of the passage `block`; -1 when not known.
    form: the time token of the form. is_crowd: very many come from her neighbourhood of the network.
    """

    path: str
    kind: str = "correction"
    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    block: str = ""
    start: int = -1
    end: int = -1
    version: int = 0
    wording: str = ""
    why: str = ""
    reply_to: str = ""
    credit: str = ""
    language: str = ""
    form: str = ""
    is_spam: bool = False
    is_crowd: bool = False

    @property
    def once(self) -> str:
        words = (self.kind, self.exact, self.block, str(self.start), self.wording, self.why, self.reply_to, self.credit)
        return once_of(self.form, self.path, *words)

    @property
    def receipt(self) -> Receipt:
        return receipt_of(self.once)

    @property
    def quote(self) -> Quote:
        has_place = 0 <= self.start <= self.end
        return Quote(
            exact=self.exact,
            prefix=self.prefix,
            suffix=self.suffix,
            block=self.block,
            start=self.start if has_place else None,
            end=self.end if has_place else None,
        )


def suggestion_file(
    *,
    story: StoryPage,
    quote: Quote,
    kind: str = Suggestion.Kind.CORRECTION,
    wording: str = "",
    why: str = "",
    reply_to: str = "",
    credit: str = "",
    language: str = "",
    token: str = "",
    version: int = 0,
    is_spam: bool = False,
    spool_id: str | None = None,
    received_at: dt.datetime | None = None,
) -> Suggestion:
    """Put a reader's suggestion before the desk. All or nothing; the guards have let it pass.

    The words are found in the version they were made on (0: the newest) and carried to the newest. The suggestion joins
    the open case of this story whose words overlap with them most, or opens one. Words that stand nowhere for certain
    are kept and not placed; nobody guesses.
    token: of the form it came in. The same words in the same form arrive once, however often they are sent.
    spool_id, received_at: of one that waited in the spool; it arrives once, however often it is delivered.
    Knows no flood: `suggestion_receive` is for what strangers send.
    """
    words = Words(kind, wording, why, reply_to, credit, language, is_spam)
    mark = (str(story.pk), kind, normal(quote.exact), quote.block, wording, why, reply_to, credit)
    once = once_of(token or secrets.token_hex(16), *mark)
    filed = _filed(
        story=story,
        quote=quote,
        version=version,
        words=words,
        once=once,
        receipt=receipt_of(once),
        spool_id=spool_id,
        at=received_at or timezone.now(),
        watch=None,
    )
    assert filed is not None  # only the watch has anything merely counted
    return filed


def suggestion_receive(
    *, story: StoryPage, sent: Sent, spool_id: str | None = None, received_at: dt.datetime | None = None
) -> Suggestion:
    """The same for what a stranger sent, with an eye to floods. Its receipt is `sent.receipt`, given before or after.

    In a flood a new case is laid aside. What comes from the spool has its receipt and is kept whatever there is.
    Raises WordsNotThere, EnoughReports (it was counted) or Flooded; then nothing is kept and its sender must be told.
    """
    filed = _filed(
        story=story,
        quote=sent.quote,
        version=sent.version,
        words=Words(sent.kind, sent.wording, sent.why, sent.reply_to, sent.credit, sent.language, sent.is_spam),
        once=sent.once,
        receipt=sent.receipt,
        spool_id=spool_id,
        at=received_at or timezone.now(),
        watch=Watch(is_crowd=sent.is_crowd, may_refuse=spool_id is None),
    )
    if filed is None:
        raise EnoughReports
    return filed


@dataclass(frozen=True)
class Words:
    """What the reader says of the words she marked."""

    kind: str
    wording: str
    why: str
    reply_to: str
    credit: str
    language: str
    is_spam: bool


@dataclass(frozen=True)
class Watch:
    """How floods are minded. may_refuse: its sender still waits for an answer."""

    is_crowd: bool
    may_refuse: bool


def _filed(
    *,
    story: StoryPage,
    quote: Quote,
    version: int,
    words: Words,
    once: str,
    receipt: Receipt,
    spool_id: str | None,
    at: dt.datetime,
    watch: Watch | None,
) -> Suggestion | None:
    """The suggestion as it was kept, now or before; None when it was only counted."""
    try:
        with transaction.atomic():
            story_lock(story)
            arrived = _arrived(once, spool_id)
            if arrived is not None:
                return arrived
            if watch and watch.may_refuse and floods.is_all_full(at=at):
                raise Flooded  # before anything is read or looked for
            versions = Versions(story, may_search_near=floods.may_search_near) if watch else Versions(story)
            stale = list(stale_cases(story, versions.newest)[: CARRIED_WHILE_WAITING + 1])
            if len(stale) <= CARRIED_WHILE_WAITING:
                cases_lay(stale, versions)
            quote = versions.whole_passage(quote, version)
            found = versions.find(quote, version)
            if found.is_absent and watch and watch.may_refuse and not words.is_spam:
                raise WordsNotThere
            case = _case_for(story, quote, versions, found, words, at, watch)
            if case is None:
                return None
            suggestion = Suggestion(
                case=case,
                once=once,
                spool_id=spool_id,
                token=receipt.token,
                number=receipt.number,
                received_at=at,
                kind=words.kind,
                language=words.language,
                wording=words.wording,
                why=words.why,
                reply_to=words.reply_to,
                credit=words.credit,
                is_spam=words.is_spam,
            )
            lay(suggestion, found.there, version=found.made_on)
            # The words as she saw them, also where one of them has been found to differ.
            _lay_quote(suggestion, quote)
            suggestion.save(force_insert=True)
            return suggestion
    except IntegrityError:
        arrived = _arrived(once, spool_id)
        if arrived is None:
            raise
        return arrived


def _arrived(once: str, spool_id: str | None) -> Suggestion | None:
    same = Q(once=once)
    if spool_id is not None:
        same |= Q(spool_id=spool_id)
    return Suggestion.objects.filter(same).first()


def _case_for(
    story: StoryPage,
    quote: Quote,
    versions: Versions,
    found: Found,
    words: Words,
    at: dt.datetime,
    watch: Watch | None,
) -> Case | None:
    may_refuse = watch is not None and watch.may_refuse
    block = found.there.block if found.there else quote.block
    prefix = found.there.prefix if found.there else quote.prefix
    gravity = gravity_of(block=block, exact=quote.exact, wording=words.wording, prefix=prefix)
    is_flood = watch is not None and (watch.is_crowd or floods.is_flood(story=story, at=at))
    about = None if words.is_spam else case_about(story, found, versions)
    if (
        may_refuse
        and (words.is_spam or (is_flood and (about is None or about.is_aside)))
        and floods.is_pile_full(at=at)
    ):
        raise Flooded
    if about is None:
        case = Case(story=story, gravity=gravity, opened_at=at, reported_at=at, is_aside=is_flood)
        if words.is_spam:
            # Not in anybody's queue; deleted after a while, as what the desk calls spam is.
            case.state, case.reports, case.decided_at, case.is_aside = Case.State.SPAM, 0, at, False
        lay(case, found.now, version=versions.newest)
        if found.now is None:
            _lay_quote(case, quote)
        case.save(force_insert=True)
        return case
    is_full = may_refuse and floods.is_case_full(about)
    changes: dict[str, object] = {
        "reports": F("reports") + 1,
        "opened_at": min(about.opened_at, at),
        "reported_at": max(about.reported_at, at),
    }
    if about.state == Case.State.NEW and gravity > about.gravity:
        changes["gravity"] = gravity
    if about.is_aside and not is_flood:
        # Somebody else says so too, and not in a crowd.
        changes["is_aside"] = False
    Case.objects.filter(pk=about.pk).update(**changes)
    return None if is_full else about


def _lay_quote(words: Case | Suggestion, quote: Quote) -> None:
    words.exact = normal(quote.exact)[:500]
    words.prefix = words.prefix or normal(quote.prefix)[-AROUND:]
    words.suffix = words.suffix or normal(quote.suffix)[:AROUND]
    words.block = words.block or quote.block[:80]
