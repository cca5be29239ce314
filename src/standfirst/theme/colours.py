"""The newsroom's colour, made safe by day and by night: seen on the paper, and readable under words.

It is a rule and the ground of a button, never words: so it need not be as far from the paper as words must, and a
strong red stays that red at night.
"""

from __future__ import annotations

import re

PAPER, INK = "#fcfcfa", "#16181b"
NIGHT_PAPER, NIGHT_INK = "#121417", "#e9e7e2"
# WCAG 2.2, 1.4.3 and 1.4.11.
READABLE = 4.5
VISIBLE = 3
_hex = re.compile(r"#[0-9a-f]{6}")


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def usable(colour: str, paper: str, ink: str) -> str:
    """`colour`, moved towards `ink` just as far as it must to be seen on `paper` and to carry a button's words."""
    for step in range(0, 101, 5):
        mixed = _mix(colour, ink, step / 100)
        if contrast(mixed, paper) >= VISIBLE and contrast(mixed, words_on(mixed)) >= READABLE:
            return mixed
    return ink


def words_on(colour: str) -> str:
    """The paper's own light or dark, whichever is easier to read on `colour`."""
    return max((PAPER, NIGHT_PAPER), key=lambda paper: contrast(colour, paper))


def stylesheet(accent: str, accent_dark: str = "") -> str:
    """The few lines that give the paper its colour. Raises ValueError for anything but #rrggbb."""
    accent, accent_dark = accent.lower(), (accent_dark or accent).lower()
    for colour in (accent, accent_dark):
        if not _hex.fullmatch(colour):
            raise ValueError(f"{colour!r} is not a colour such as #7a1f1f.")
    light = usable(accent, PAPER, INK)
    dark = usable(accent_dark, NIGHT_PAPER, NIGHT_INK)
    # On paper everything is ink (css/print.css).
    return (
        f"@media screen{{:root{{--sf-accent:{light};--sf-on-accent:{words_on(light)}}}}}"
        f"@media screen and (prefers-color-scheme: dark)"
        f"{{:root{{--sf-accent:{dark};--sf-on-accent:{words_on(dark)}}}}}\n"
    )


def _mix(colour: str, other: str, share: float) -> str:
    parts = (round(int(colour[i : i + 2], 16) * (1 - share) + int(other[i : i + 2], 16) * share) for i in (1, 3, 5))
    return "#" + "".join(f"{part:02x}" for part in parts)
