"""Dates as pages write them: machines' forms, and the words of the languages papers here are printed in."""

from __future__ import annotations

import datetime as dt
import email.utils
import re

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

_EARLIEST = 1900
_MONTH_WORDS = (
    ("січ", "янв", "jan"),
    ("лют", "фев", "feb"),
    ("берез", "мар", "mar"),
    ("квіт", "апр", "apr"),
    ("трав", "ма", "may"),
    ("черв", "июн", "jun"),
    ("лип", "июл", "jul"),
    ("серп", "авг", "aug"),
    ("верес", "сен", "sep"),
    ("жовт", "окт", "oct"),
    ("листопад", "ноя", "nov"),
    ("груд", "дек", "dec"),
)
_WORDS = re.compile(r"(\d{1,2})\.?\s+([А-Яа-яІіЇїЄєҐґA-Za-z]{3,12})\.?,?\s+(\d{4})")
_WORDS_US = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_FIGURES = re.compile(r"\b(\d{1,2})[./](\d{1,2})[./]((?:19|20)\d\d)\b")
_CLOCK = re.compile(r"\b([01]?\d|2[0-3]):([0-5]\d)\b")
_ISO = re.compile(r"^\s*(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|[+-]\d\d:?\d\d)?)?")


def moment_of(said: str, *, words: bool = False) -> tuple[dt.datetime, bool] | None:
    """The moment a page names: (aware, whether the clock is known). None for what is no date a story could have.

    words: read “12 листопада 2024, 10:05”, “12.11.2024” and “November 12, 2024” too, day before month.
    A moment without a zone is meant in the newsroom's.
    """
    said = " ".join(said.split())[:120]
    found = _of_machine(said) or (_of_words(said) if words else None)
    if found is None:
        return None
    moment, has_clock = found
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    now = timezone.now()
    # 1970 is what machines write for "unknown".
    if moment.year < _EARLIEST or moment.year == 1970 or moment > now + dt.timedelta(days=3660):
        return None
    return moment, has_clock


def _of_machine(said: str) -> tuple[dt.datetime, bool] | None:
    try:
        match = _ISO.match(said)
        if match:
            day = parse_date(match[1])
            if day is None:
                return None
            if match[2] is None:
                return _midnight(day.year, day.month, day.day), False
            moment = parse_datetime(f"{match[1]}T{match[2]}{match[3] or ''}")
            return (moment, True) if moment else None
        if said.isascii() and said.isdigit() and len(said) in (10, 13) and said[0] == "1":
            return dt.datetime.fromtimestamp(int(said[:10]), dt.UTC), True
        if said.isascii() and said.isdigit() and len(said) == 8:
            return _midnight(int(said[:4]), int(said[4:6]), int(said[6:])), False
        if re.match(r"^[A-Za-z]{3},? \d", said):
            return email.utils.parsedate_to_datetime(said), True
    except (ValueError, OverflowError, OSError, TypeError, IndexError):
        return None
    return None


def _of_words(said: str) -> tuple[dt.datetime, bool] | None:
    try:
        if match := _WORDS.search(said):
            day = _day(match[3], _month(match[2]), match[1])
        elif match := _WORDS_US.search(said):
            day = _day(match[3], _month(match[1]), match[2])
        elif match := _FIGURES.search(said):
            day = _day(match[3], int(match[2]), match[1])
        else:
            return None
    except ValueError:
        return None
    clock = _CLOCK.search(said[: match.start()] + " " + said[match.end() :])
    if clock:
        return day.replace(hour=int(clock[1]), minute=int(clock[2])), True
    return day, False


def _day(year: str, month: int, day: str) -> dt.datetime:
    return _midnight(int(year), month, int(day))


def _month(word: str) -> int:
    word = word.lower()
    for number, beginnings in enumerate(_MONTH_WORDS, start=1):
        if any(word.startswith(beginning) for beginning in beginnings):
            return number
    raise ValueError(word)


def _midnight(year: int, month: int, day: int) -> dt.datetime:
    return timezone.make_aware(dt.datetime(year, month, day))  # noqa: DTZ001 (the newsroom's zone is given to it)
