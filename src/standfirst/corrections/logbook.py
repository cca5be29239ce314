"""Reading the public log: entries, the figures of a year, what stands at a story."""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Prefetch, QuerySet
from django.utils import timezone

from standfirst.corrections.models import Amendment, Correction, CorrectionLabel
from standfirst.kit.canonical import canonical_digest
from standfirst.press.shown import shows
from standfirst.stories.addresses import language_prefix
from standfirst.stories.models import PublicVersion, StoryPage
from standfirst.stories.numbered import NumberedPage
from standfirst.stories.record import Recorded

# What every page bears that depends on which entries there are.
CORRECTIONS = "corrections"
PAGE_SIZE = 20
# What the data file and the feed hold; older entries lie in the file of their year.
NEWEST = 100


def correction_key(pk: int) -> str:
    return f"correction:{pk}"


def log() -> QuerySet[Correction]:
    """All entries with what a page prints of them, the newest first."""
    return (
        Correction.objects.select_related("story", "story__locale", "text", "before", "after")
        .prefetch_related(Prefetch("amendments", Amendment.objects.select_related("words").order_by("number")))
        .order_by("-number")
    )


def the_first(rows: QuerySet[Correction], count: int) -> list[Correction]:
    """The newest of some entries, with what a page prints of them.

    Which they are is asked of the log alone: joined with its stories, a database may begin with all there are.
    """
    pks = list(rows.order_by("-number").values_list("pk", flat=True)[:count])
    return shown(log().filter(pk__in=pks)) if pks else []


def shown(entries: Iterable[Correction]) -> list[Correction]:
    """The entries, and the page being pressed tied to each."""
    found = list(entries)
    shows(*(correction_key(one.pk) for one in found), *(one.story.press_key for one in found))
    return found


@dataclass(kw_only=True)
class LogPage(NumberedPage):
    """One page of the log."""

    entries: list[Correction]


def log_page(number: int | None) -> LogPage | None:
    """A page of the archive, or without a number the newest entries; None where there is no such page."""
    shows(CORRECTIONS)
    total = Correction.objects.count()
    last = math.ceil((Correction.objects.aggregate(last=Max("number"))["last"] or 0) / PAGE_SIZE)
    if number is None:
        return LogPage(
            entries=the_first(Correction.objects.all(), PAGE_SIZE), number=last, last=last, total=total, is_front=True
        )
    if number > last:
        return None
    first = (number - 1) * PAGE_SIZE
    # Numbers have no gaps (but those an import did not bring along), so a page is a span of them.
    rows = log().filter(number__gt=first, number__lte=first + PAGE_SIZE)
    return LogPage(entries=shown(rows), number=number, last=last, total=total)


def entry(number: int) -> Correction | None:
    found = log().filter(number=number).first()
    if found is not None:
        shown([found])
    return found


def corrections_of(story: StoryPage) -> list[Correction]:
    """The entries about a story, the oldest first; asked for once a page. None of them is a removal's."""
    found: list[Correction] | None = story.__dict__.get("_corrections")
    if found is None:
        rows = log().filter(story_id=story.pk or 0).exclude(label=CorrectionLabel.REMOVAL).order_by("number")
        found = story.__dict__["_corrections"] = list(rows)
    shows(*(correction_key(one.pk) for one in found))
    return found


def corrections_about(stories: Iterable[StoryPage]) -> list[Correction]:
    """The entries about several stories whose words are not withheld, the newest first, in one query."""
    rows = list(
        Correction.objects.filter(story__in=[one.pk for one in stories], text__isnull=False)
        .exclude(label=CorrectionLabel.REMOVAL)
        .select_related("text")
        .order_by("-number")
    )
    shows(*(correction_key(one.pk) for one in rows))
    return rows


def newest(language: str = "", count: int = 3) -> list[Correction]:
    """The newest entries about stories that are public."""
    shows(CORRECTIONS)
    public = StoryPage.objects.filter(pk=OuterRef("story"), live=True)
    if language:
        public = public.filter(locale__language_code=language)
    return the_first(Correction.objects.filter(Exists(public), after__isnull=False), count)


# Figures ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Year:
    """What one year's entries come to. half_within: half of all that was reported was put right within this time."""

    year: int
    total: int
    labels: dict[str, int] = field(default_factory=dict)
    origins: dict[str, int] = field(default_factory=dict)
    timed: int = 0
    half_within: dt.timedelta | None = None

    @property
    def by_label(self) -> list[tuple[str, str, int]]:
        """Label, its name and how many, for those there are."""
        return [
            (value, str(name), self.labels[value]) for value, name in CorrectionLabel.choices if value in self.labels
        ]

    @property
    def by_origin(self) -> list[tuple[str, str, int]]:
        return [
            (value, str(name), self.origins[value])
            for value, name in Correction.Origin.choices
            if value in self.origins
        ]


def figures(of: int | None = None) -> list[Year]:
    """Year by year in the newsroom's time zone, the newest first; or one year alone."""
    shows(CORRECTIONS)
    rows = Correction.objects.order_by("-fixed_at").values_list("fixed_at", "reported_at", "label", "origin")
    years: dict[int, list[tuple[dt.datetime, dt.datetime | None, str, str]]] = {}
    for row in rows.iterator(chunk_size=2_000):
        years.setdefault(timezone.localtime(row[0]).year, []).append(row)
    return [_year(year, years[year]) for year in sorted(years, reverse=True) if of in (None, year)]


def _year(year: int, rows: list[tuple[dt.datetime, dt.datetime | None, str, str]]) -> Year:
    times = [(fixed - reported).total_seconds() for fixed, reported, _label, _origin in rows if reported is not None]
    return Year(
        year=year,
        total=len(rows),
        labels=dict(Counter(label for _fixed, _reported, label, _origin in rows)),
        origins=dict(Counter(origin for _fixed, _reported, _label, origin in rows)),
        timed=len(times),
        half_within=dt.timedelta(seconds=statistics.median(times)) if times else None,
    )


def years() -> list[int]:
    return [one.year for one in figures()]


def entries_of(year: int) -> list[Correction]:
    """A year's entries, the newest first."""
    shows(CORRECTIONS)
    zone = timezone.get_default_timezone()
    first = dt.datetime(year, 1, 1, tzinfo=zone)
    return shown(log().filter(fixed_at__gte=first, fixed_at__lt=dt.datetime(year + 1, 1, 1, tzinfo=zone)))


# Versions -----------------------------------------------------------------------------------------


def versions_of(story: StoryPage) -> list[PublicVersion]:
    """A story's public versions, the newest first, each with its words where they are not withheld."""
    return list(story.public_versions.select_related("text").order_by("-number"))


# The record ---------------------------------------------------------------------------------------


def corrections_recorded() -> Iterator[Recorded]:
    """Every entry, with a look at its words where they are not withheld."""
    rows = Correction.objects.select_related("text", "before", "after").order_by("number")
    for one in rows.iterator(chunk_size=500):
        trouble = ""
        is_whole = hasattr(one, "text") and not one.text.is_masked
        if is_whole and canonical_digest(text_of_entry(one), salt=bytes(one.salt)) != one.digest:
            trouble = f"correction {one.number}: its words are not what readers were told"
        yield Recorded(str(one.number), one.record_digest, trouble)


def amendments_recorded() -> Iterator[Recorded]:
    rows = Amendment.objects.select_related("correction", "words").order_by("pk")
    for one in rows.iterator(chunk_size=500):
        trouble = ""
        is_whole = hasattr(one, "words") and not one.words.is_masked
        if is_whole and canonical_digest({"text": one.text}, salt=bytes(one.salt)) != one.digest:
            trouble = f"amendment {one}: its words are not what readers were told"
        yield Recorded(str(one), one.record_digest, trouble)


def text_of_entry(correction: Correction) -> dict[str, str]:
    """The words an entry's digest is taken of."""
    text = correction.text
    return {"note": text.note, "was": text.was, "now": text.now, "credit": text.credit}


# The press ----------------------------------------------------------------------------------------


def addresses_ahead() -> Iterator[str]:
    """The log's front in each language with its text edition, and what machines read of it."""
    for code, _name in settings.LANGUAGES:
        for below in ("", "text/"):
            yield f"{language_prefix(code)}corrections/{below}"
    yield "/corrections.json"
    for form in ("atom", "rss", "json"):
        yield f"/corrections/feed.{form}"
