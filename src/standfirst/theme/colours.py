"""The newsroom's colour, made safe: always readable on the paper and under its own words, by day and by night."""

from __future__ import annotations

import re

PAPER, INK = "#fcfcfa", "#16181b"
NIGHT_PAPER, NIGHT_INK = "#121417", "#e9e7e2"
# WCAG 2.2, 1.4.3.
READABLE = 4.5
_hex = re.compile(r"#[0-9a-f]{6}")


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: str, paper: str, ink: str) -> str:
    """`colour`, moved towards `ink` just as far as it must to be read on `paper`."""
    for step in range(0, 101, 5):
        mixed = _mix(colour, ink, step / 100)
        if contrast(mixed, paper) >= READABLE:
            return mixed
    return ink


def stylesheet(accent: str, accent_dark: str = "") -> str:
    """The few lines that give the paper its colour. Raises ValueError for anything but #rrggbb."""
    accent, accent_dark = accent.lower(), (accent_dark or accent).lower()
    for colour in (accent, accent_dark):
        if not _hex.fullmatch(colour):
            raise ValueError(f"{colour!r} is not a colour such as #7a1f1f.")
    light = readable(accent, PAPER, INK)
    dark = readable(accent_dark, NIGHT_PAPER, NIGHT_INK)
    return (
        f":root{{--sf-accent:{light};--sf-on-accent:{_on(light)}}}"
        f"@media (prefers-color-scheme: dark){{:root{{--sf-accent:{dark};--sf-on-accent:{_on(dark)}}}}}\n"
    )


def _on(colour: str) -> str:
    return max((PAPER, NIGHT_PAPER), key=lambda paper: contrast(colour, paper))


def _mix(colour: str, other: str, share: float) -> str:
    parts = (round(int(colour[i : i + 2], 16) * (1 - share) + int(other[i : i + 2], 16) * share) for i in (1, 3, 5))
    return "#" + "".join(f"{part:02x}" for part in parts)
