"""Which language a text is in: what its page or its site says, unless its letters say otherwise."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from standfirst.kit.html import text_of

_CYRILLIC = re.compile("[а-яіїєґёўА-ЯІЇЄҐЁЎ]")
_LATIN = re.compile("[a-zA-Z]")
_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
_NOT_UKRAINIAN = re.compile("[ыэёъЫЭЁЪ]")
_ENOUGH = 4000
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


def ours(code: str, languages: Sequence[str]) -> str:
    """The newsroom's own code for a language as the old system writes it ("uk_UA"); "" for one it does not have."""
    code = code.lower().replace("_", "-")
    return next((known for known in (code, code.partition("-")[0]) if known in languages), "")


class SiteLanguage:
    """What a whole site says of its language, and the texts whose letters say otherwise.

    Many a site was left at the English it came with, whatever its paper wrote in.
    """

    def __init__(self, said: str, languages: Sequence[str]) -> None:
        self.said = said
        self._languages = languages
        self._otherwise: Counter[str] = Counter()

    def of(self, words: str, *, is_counted: bool) -> str:
        """The language of a text about which only the site says something. words: some of it, HTML or not."""
        if len(self._languages) < 2:
            return self.said
        seen, _why = language_of(self.said, words[:_ENOUGH])
        if not ours(seen, self._languages) or ours(seen, self._languages) == ours(self.said, self._languages):
            return self.said
        self._otherwise[seen] += is_counted
        return seen

    def notes(self) -> Iterator[str]:
        for seen, number in self._otherwise.most_common():
            if number:
                yield ngettext(
                    "The old site says that it is in “%(said)s”; by its letters %(n)d text is in “%(seen)s” and stands "
                    "there.",
                    "The old site says that it is in “%(said)s”; by their letters %(n)d texts are in “%(seen)s” and "
                    "stand there.",
                    number,
                ) % {"said": self.said or "?", "n": number, "seen": seen}
