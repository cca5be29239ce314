"""Dates in the paper's languages, and in those nobody has written forms for."""

import datetime as dt

import pytest
from django.utils import translation

from standfirst.theme import dates
from standfirst.theme.templatetags.theme_tags import first_face

DAY = dt.date(2026, 11, 3)


@pytest.mark.parametrize(
    ("language", "day", "long_day", "month"),
    [
        ("en", "3 Nov 2026", "Tuesday 3 November 2026", "November 2026"),
        ("uk", "3 листопада 2026 року", "Вівторок, 3 листопада 2026 року", "Листопад 2026 року"),
        ("de", "3. November 2026", "Dienstag 3. November 2026", "November 2026"),
        ("ar", "3 نوفمبر، 2026", "الثلاثاء 3 نوفمبر، 2026", "نوفمبر 2026"),
    ],
)
def test_a_date_is_written_in_every_language_and_a_month_names_no_day(language, day, long_day, month):
    with translation.override(language):
        assert (dates.day(DAY), dates.long_day(DAY), dates.month(DAY)) == (day, long_day, month)
        assert dates.written_date("2026-11") == month


@pytest.mark.parametrize(("language", "is_ours"), [("en", True), ("uk", True), ("ar", False), ("he", False)])
def test_a_script_our_face_does_not_know_is_left_to_the_readers_own(language, is_ours):
    with translation.override(language):
        assert bool(first_face()) == is_ours
