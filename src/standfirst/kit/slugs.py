"""Address parts: ASCII slugs from any script, and the parts that are ours.

Ukrainian follows the official table (Cabinet of Ministers resolution 55 of 27 January 2010, "KMU-55"), in
which є, ї, й, ю, я are written differently at the beginning of a word, зг becomes zgh, and the soft sign and
the apostrophe are not written.
"""

import re
import unicodedata
from collections.abc import Iterable

from anyascii import anyascii

MAX_SLUG_LENGTH = 100

_RESERVED = """
authors tags text corrections suggestions claims sources reuse support account topics contact about privacy
newsletters hooks cookies funding accessibility search feed sitemap.xml news-sitemap.xml robots.txt license.xml ads.txt
trust.txt corrections.json claims.json claims.csv oembed .well-known well-known api desk u s m healthz
readyz metrics page archive newsletter favicon.ico hooks
"""
# The addresses of the house. A section, a standing page or an import may not take one of these.
RESERVED_FIRST_PARTS = frozenset(_RESERVED.split())


def _table(pairs: str) -> dict[str, str]:
    return {pair[0]: pair[2:] for pair in pairs.split()}


_UKRAINIAN = _table(
    "а=a б=b в=v г=h ґ=g д=d е=e є=ie ж=zh з=z и=y і=i ї=i й=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f "
    "х=kh ц=ts ч=ch ш=sh щ=shch ь= ю=iu я=ia"
)
_UKRAINIAN_AT_WORD_START = _table("є=ye ї=yi й=y ю=yu я=ya")
_OTHER_CYRILLIC = _table(
    "ё=io ы=y э=e ъ= ў=u ђ=dj ј=j љ=lj њ=nj ћ=c џ=dz ѓ=gj ќ=kj ѕ=dz ә=a ғ=gh қ=q ң=n ө=o ұ=u ү=u һ=h "
    "ӣ=i ӯ=u ҷ=j ѣ=e ѐ=e ѝ=i"
)
# Letters no Ukrainian word has; a text with one of them and none of the Ukrainian ones is read as Russian.
_RUSSIAN = {"г": "g", "и": "i", "й": "i", "е": "e", "щ": "shch"}
_NOT_UKRAINIAN = re.compile("[ыэёъ]")
_ONLY_UKRAINIAN = re.compile("[іїєґ]")
_APOSTROPHES = "'’ʼ‘`´′ʹ＇‛"
_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])


def transliterate(text: str) -> str:
    """The text in lower-case ASCII letters, with everything else left where it was.

    Ukrainian by KMU-55; other Cyrillic and other scripts as near as one table for all of them can be.
    """
    lowered = unicodedata.normalize("NFC", text).lower().translate(_INVISIBLE)
    looks_russian = bool(_NOT_UKRAINIAN.search(lowered)) and not _ONLY_UKRAINIAN.search(lowered)
    out: list[str] = []
    in_word = False
    for position, char in enumerate(lowered):
        if char in _APOSTROPHES and in_word:
            continue  # п'ять: the apostrophe is not written, and я is not at the beginning of a word
        if char == "г" and position and lowered[position - 1] == "з" and not looks_russian:
            piece = "gh"
        elif not in_word and not looks_russian and char in _UKRAINIAN_AT_WORD_START:
            piece = _UKRAINIAN_AT_WORD_START[char]
        elif looks_russian and char in _RUSSIAN:
            piece = _RUSSIAN[char]
        elif char in _UKRAINIAN:
            piece = _UKRAINIAN[char]
        elif char in _OTHER_CYRILLIC:
            piece = _OTHER_CYRILLIC[char]
        elif char.isascii():
            piece = char
        else:
            piece = _plain(char)
        out.append(piece)
        in_word = char.isalpha() or (in_word and unicodedata.category(char) == "Mn")
    return "".join(out)


def slugify_ascii(text: str, *, max_length: int = MAX_SLUG_LENGTH, fallback: str = "story") -> str:
    """An address part of a-z, 0-9 and hyphens, at most max_length characters, cut at the end of a word.

    Never empty: a text without a letter or figure gives the fallback. A word longer than max_length is cut.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", transliterate(text).lower()).strip("-")
    if len(slug) > max_length:
        cut = slug.rfind("-", 0, max_length + 1)
        slug = slug[: cut if cut > 0 else max_length].strip("-")
    return slug or fallback


def is_reserved(part: str, *, languages: Iterable[str] = ()) -> bool:
    """Whether a first part of an address belongs to the house: a fixed name, a language or a year."""
    lowered = part.lower()
    return (
        lowered in RESERVED_FIRST_PARTS
        or lowered in {language.lower() for language in languages}
        or re.fullmatch(r"\d{4}", lowered) is not None
    )


def _plain(char: str) -> str:
    """One character outside ASCII and Cyrillic, in ASCII; a hyphen's worth of nothing for signs."""
    category = unicodedata.category(char)
    if category.startswith("M"):
        return ""
    if not category.startswith(("L", "N")):
        return " "
    bare = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    if bare.isascii() and bare.isalnum():
        return bare.lower()
    return anyascii(char).lower()
