"""Which language a page is in: what it says, unless its letters say otherwise."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from standfirst.kit.html import text_of

_CYRILLIC = re.compile("[а-яіїєґёўА-ЯІЇЄҐЁЎ]")
_LATIN = re.compile("[a-zA-Z]")
_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
_NOT_UKRAINIAN = re.compile("[ыэёъЫЭЁЪ]")
_CYRILLIC_LANGUAGES = frozenset(["uk", "ru", "be", "bg", "mk", "sr", "kk", "ky", "tg", "mn"])


def language_of(said: str, html: str) -> tuple[str, str]:
    """(the language, a sentence where the letters overruled the page).

    Themes are often left at the "en-US" they came with, whatever is printed in them.
    """
    said = said.strip().replace("_", "-")[:12]
    if not re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", said):
        said = ""
    code = said.lower().partition("-")[0]
    words = text_of(html[:60_000])
    cyrillic, latin = len(_CYRILLIC.findall(words)), len(_LATIN.findall(words))
    if cyrillic + latin < 40:
        return said, ""
    if cyrillic > 3 * latin and code not in _CYRILLIC_LANGUAGES:
        ours, theirs = len(_UKRAINIAN.findall(words)), len(_NOT_UKRAINIAN.findall(words))
        seen = "uk" if ours > theirs else "ru"
        return seen, _overruled(said, seen)
    if latin > 3 * cyrillic and code in _CYRILLIC_LANGUAGES - {"sr", "kk"}:
        return "en", _overruled(said, "en")
    return said, ""


def _overruled(said: str, seen: str) -> str:
    if not said:
        return ""
    return _("Its page says “%(said)s”; by its letters it is “%(seen)s”.") % {"said": said, "seen": seen}
