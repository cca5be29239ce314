"""Dates as readers read them: absolute, with the newsroom's time zone by name of its city."""

from __future__ import annotations

import datetime as dt
import re

from django.conf import settings
from django.utils import timezone
from django.utils.dateformat import format as django_format
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

# "4 Nov 2024" in English; languages that decline their months write them out: "4 листопада 2024 року".
DAY = {"en": "j M Y", "uk": r"j E Y \р\о\к\у", "ru": "j E Y", "be": "j E Y"}
LONG_DAY = {"en": "l j F Y", "uk": r"l, j E Y \р\о\к\у"}
MONTH = {"en": "F Y", "uk": r"F Y \р\о\к\у"}

# Cities of time zones, as they are said in a sentence about the time.
CITIES = {
    "Europe/Kyiv": gettext_lazy("Kyiv"),
    "Europe/Kiev": gettext_lazy("Kyiv"),
    "Europe/London": gettext_lazy("London"),
    "Europe/Berlin": gettext_lazy("Berlin"),
    "Europe/Warsaw": gettext_lazy("Warsaw"),
    "Europe/Brussels": gettext_lazy("Brussels"),
    "Europe/Vilnius": gettext_lazy("Vilnius"),
    "America/New_York": gettext_lazy("New York"),
    "UTC": gettext_lazy("UTC"),
}


def city() -> str:
    """The city whose clock the paper goes by."""
    zone = settings.TIME_ZONE
    return str(CITIES.get(zone) or zone.rsplit("/", 1)[-1].replace("_", " "))


def local(value: dt.datetime) -> dt.datetime:
    return timezone.localtime(value, timezone.get_default_timezone()) if timezone.is_aware(value) else value


def day(value: dt.date | dt.datetime) -> str:
    """The day alone: “4 Nov 2024”, «4 листопада 2024 року»."""
    return _written(value, DAY)


def long_day(value: dt.date | dt.datetime) -> str:
    """With the day of the week: “Monday 4 November 2024”."""
    text = _written(value, LONG_DAY) if _language() in LONG_DAY else f"{_written(value, {}, 'l')} {day(value)}"
    return text[:1].upper() + text[1:]


def month(value: dt.date | dt.datetime) -> str:
    text = _written(value, MONTH, "YEAR_MONTH_FORMAT")
    return text[:1].upper() + text[1:]


def clock(value: dt.datetime) -> str:
    return f"{local(value):%H:%M}"


def moment(value: dt.datetime, *, with_city: bool = True) -> str:
    """Day and hour: “4 Nov 2024, 18:05 Kyiv”."""
    words = {"day": day(value), "time": clock(value), "city": city()}
    if with_city:
        # Translators: a moment, with the city whose time it is. Ukrainian: "%(day)s, %(time)s, %(city)s".
        return _("%(day)s, %(time)s %(city)s") % words
    return f"{words['day']}, {words['time']}"


def lasting(value: dt.timedelta) -> str:
    """How long something took, in one round figure: “25 minutes”, “3 hours”, “4 days”."""
    minutes = max(1, round(value.total_seconds() / 60))
    hours, days = round(minutes / 60), round(minutes / 1440)
    if minutes < 90:
        return ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}
    if hours < 48:
        return ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours}
    return ngettext("%(number)s day", "%(number)s days", days) % {"number": days}


def written_date(text: str) -> str:
    """A date kept as 2024-11-04, 2024-11 or 2024, in words; anything else as it is."""
    found = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", text.strip())
    if not found:
        return text
    year, month_number, day_number = (int(part) if part else None for part in found.groups())
    try:
        if month_number and day_number:
            return day(dt.date(year or 1, month_number, day_number))
        if month_number:
            return _written(dt.date(year or 1, month_number, 1), MONTH, "YEAR_MONTH_FORMAT")
    except ValueError:
        return text
    return str(year)


def _language() -> str:
    return (get_language() or "en").split("-")[0]


def _written(value: dt.date | dt.datetime, forms: dict[str, str], otherwise: str = "DATE_FORMAT") -> str:
    """In our own form for the language, else in Django's of that name."""
    if isinstance(value, dt.datetime):
        value = local(value)
    form = forms.get(_language())
    return django_format(value, form) if form else date_format(value, otherwise)
