"""The daily and the weekly letter: by themselves, in the newsroom's time zone, once for their day whatever restarts."""

from __future__ import annotations

import datetime as dt
import logging
import zoneinfo

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext, override

from standfirst.fronts.selectors import home_arrangement, home_page
from standfirst.mailroom.errors import NobodyToWriteTo
from standfirst.mailroom.models import Letter, Mailing
from standfirst.mailroom.services import letter_draft, letter_send, letter_skip
from standfirst.stories.models import StoryPage
from standfirst.stories.selectors import live_stories
from standfirst.wire.letters.composing import MOST, letter_words, stories_for

# A newsroom that was down at that hour sends the letter until so much later; then the day has none.
LATE = dt.timedelta(hours=6)
# So many letters that did not go out are made up for by the next.
CAUGHT_UP = 3
# What so many of a mailing's last letters carried is not sent again.
LOOKED_BACK = 60
RHYTHMS = (Mailing.Rhythm.DAILY, Mailing.Rhythm.WEEKLY)

log = logging.getLogger("standfirst.wire.letters")


def moment_on(mailing: Mailing, day: dt.date) -> dt.datetime:
    """When a mailing goes out on a day, by the newsroom's clock: an hour that a change of clocks skips or repeats is
    one moment too."""
    zone = zoneinfo.ZoneInfo(settings.TIME_ZONE)
    return dt.datetime.combine(day, dt.time(mailing.hour), tzinfo=zone).astimezone(dt.UTC)


def latest_day(mailing: Mailing, now: dt.datetime) -> dt.date:
    """The last day whose moment has come."""
    day = now.astimezone(zoneinfo.ZoneInfo(settings.TIME_ZONE)).date()
    while moment_on(mailing, day) > now or not _is_on(mailing, day):
        day -= dt.timedelta(days=1)
    return day


def next_day(mailing: Mailing, now: dt.datetime) -> dt.date:
    day = latest_day(mailing, now) + dt.timedelta(days=1)
    while not _is_on(mailing, day):
        day += dt.timedelta(days=1)
    return day


def _is_on(mailing: Mailing, day: dt.date) -> bool:
    return mailing.rhythm == Mailing.Rhythm.DAILY or day.weekday() == mailing.weekday


def letters_send_due(now: dt.datetime | None = None) -> dt.datetime | None:
    """Send what is due; returns when the next is. Safe to run at any time and any number of times."""
    now = now or timezone.now()
    following = []
    for mailing in Mailing.objects.filter(is_open=True, rhythm__in=RHYTHMS):
        day = latest_day(mailing, now)
        if now - moment_on(mailing, day) <= LATE:
            for language in settings.NEWSROOM.languages:
                letter_of_the_day(mailing, language, day)
        following.append(moment_on(mailing, next_day(mailing, now)))
    return min(following, default=None)


def letter_of_the_day(mailing: Mailing, language: str, day: dt.date) -> Letter | None:
    """The letter of that day in a language; None when there is one already, or nobody gets this mailing.

    When nothing was published there is no letter, and the list of letters says so.
    """
    slot = f"{mailing.key}:{language}:{day.isoformat()}"
    if Letter.objects.filter(slot=slot).exists():
        return None
    if not mailing.subscriptions.filter(language=language, state="active").exists():
        return None
    stories = stories_since(mailing, language, day)
    try:
        with transaction.atomic():
            if not stories:
                with override(language):
                    said = gettext("Nothing was published, so no letter went out")
                return letter_skip(mailing=mailing, language=language, slot=slot, subject=said)
            words = letter_words(mailing=mailing, language=language, stories=stories)
            letter = letter_draft(
                mailing=mailing,
                language=language,
                subject=words.subject,
                preheader=words.preheader,
                text=words.text,
                html=words.html,
                carries=words.carries,
                counts_links=words.counts_links,
                slot=slot,
                source={"stories": [story.pk for story in stories]},
            )
            return letter_send(letter=letter)
    except NobodyToWriteTo as nobody:
        log.info("%s: %s", slot, nobody)
    except IntegrityError:
        log.info("%s is there already.", slot)
    return None


def stories_since(mailing: Mailing, language: str, day: dt.date) -> list[StoryPage]:
    """What was first published since the letter before and no letter of this mailing has carried: in the order of the
    front, its lead first, then the newest."""
    sent = Letter.objects.filter(mailing=mailing, language=language, started_at__isnull=False)
    lately = sent.order_by("-started_at").values_list("carries", flat=True)[:LOOKED_BACK]
    carried = {key for keys in lately for key in keys}
    until, since = moment_on(mailing, day), _since(mailing, language, day)
    rows = live_stories(language).filter(first_published_at__gt=since, first_published_at__lte=until)
    newest = rows.order_by("-first_published_at", "-pk").values_list("pk", flat=True)
    fresh = [key for key in newest if f"story:{key}" not in carried]
    # Looked up once, for a letter on a day without news needs no front.
    places = {key: place for place, key in enumerate(_on_the_front(language))} if fresh else {}
    return stories_for(sorted(fresh, key=lambda key: places.get(key, len(places)))[:MOST], language)


def _since(mailing: Mailing, language: str, day: dt.date) -> dt.datetime:
    """The moment of the last letter that went out by itself, or had nothing to say; what a newsroom that was down has
    missed comes with the next one, but no more than CAUGHT_UP of them."""
    back = 1 if mailing.rhythm == Mailing.Rhythm.DAILY else 7
    usual = moment_on(mailing, day - dt.timedelta(days=back))
    earliest = moment_on(mailing, day - dt.timedelta(days=back * CAUGHT_UP))
    start = f"{mailing.key}:{language}:"
    before = Letter.objects.filter(slot__startswith=start, slot__lt=f"{start}{day.isoformat()}")
    last = before.order_by("-slot").values_list("slot", "made_at").first()
    if last is None or last[0] is None:
        return usual
    # When it was made, should its hour have been another one then.
    return max(earliest, min(last[1], moment_on(mailing, dt.date.fromisoformat(last[0].removeprefix(start)))))


def _on_the_front(language: str) -> list[int]:
    """The stories of the front as it is arranged now, in its order."""
    home = home_page(language)
    if home is None:
        return []
    front = home_arrangement(home)
    bands = [story for band in front.bands for story in band.stories]
    return [story.pk for story in [front.lead, *front.seconds, *front.thirds, *bands] if story is not None]
