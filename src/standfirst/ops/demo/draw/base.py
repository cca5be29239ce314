"""The drawing board: colours, small shapes and the frame that every picture of the demo shares.

Pictures are written as SVG and made into files once, by ``python -m standfirst.ops.demo.draw``; the files
ship with the package, so a demo needs no browser. Everything is flat planes in a few muted colours with
light that falls from one side: calm enough to stand beside text, and never to be taken for a photograph.
"""

import math
from collections.abc import Iterable

WIDTH, HEIGHT = 1600, 900

PAPER, CREAM, SAND = "#eeeae1", "#f4efe4", "#d8cdb6"
MIST, HAZE, SLATE = "#cbd3d8", "#a3b0b8", "#6d7f8a"
DEEP, INK, NIGHT = "#3f4d55", "#262d32", "#1b2126"
OCHRE, AMBER, RUST = "#c39a51", "#e3c07a", "#8d5b46"
MOSS, SAGE = "#66725f", "#98a38c"

Point = tuple[float, float]


class Dice:
    """Repeatable small differences (a window lit, a tree taller): the same picture on every run."""

    def __init__(self, seed: int) -> None:
        self.state = seed * 2654435761 % 2**32 or 1

    def roll(self, low: float = 0.0, high: float = 1.0) -> float:
        self.state = (1664525 * self.state + 1013904223) % 2**32
        return low + (high - low) * (self.state / 2**32)


def n(value: float) -> str:
    """A coordinate, no longer than it needs to be."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def rect(x: float, y: float, w: float, h: float, fill: str, *, opacity: float = 1, rx: float = 0) -> str:
    more = (f' opacity="{n(opacity * 100)}%"' if opacity < 1 else "") + (f' rx="{n(rx)}"' if rx else "")
    return f'<rect x="{n(x)}" y="{n(y)}" width="{n(w)}" height="{n(h)}" fill="{fill}"{more}/>'


def poly(points: Iterable[Point], fill: str, *, opacity: float = 1) -> str:
    more = f' opacity="{n(opacity * 100)}%"' if opacity < 1 else ""
    return f'<polygon points="{" ".join(f"{n(x)},{n(y)}" for x, y in points)}" fill="{fill}"{more}/>'


def path(d: str, fill: str = "none", *, stroke: str = "", width: float = 1, opacity: float = 1) -> str:
    more = f' stroke="{stroke}" stroke-width="{n(width)}" stroke-linecap="butt"' if stroke else ""
    more += f' opacity="{n(opacity * 100)}%"' if opacity < 1 else ""
    return f'<path d="{d}" fill="{fill}"{more}/>'


def line(x1: float, y1: float, x2: float, y2: float, stroke: str, width: float = 2, *, opacity: float = 1) -> str:
    return path(f"M{n(x1)} {n(y1)}L{n(x2)} {n(y2)}", stroke=stroke, width=width, opacity=opacity)


def circle(x: float, y: float, r: float, fill: str, *, opacity: float = 1) -> str:
    more = f' opacity="{n(opacity * 100)}%"' if opacity < 1 else ""
    return f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(r)}" fill="{fill}"{more}/>'


def group(*parts: str, **attributes: str) -> str:
    named = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in attributes.items())
    return f"<g{named}>{''.join(parts)}</g>"


def fade(name: str, *stops: tuple[float, str, float], angle: str = "down") -> str:
    """A gradient to fill with ``url(#name)``; stops are (place 0–1, colour, opacity)."""
    ends = {"down": "x2='0' y2='1'", "right": "x2='1' y2='0'", "slant": "x2='1' y2='1'"}[angle]
    inner = "".join(f"<stop offset='{n(p * 100)}%' stop-color='{c}' stop-opacity='{o:g}'/>" for p, c, o in stops)
    return f"<linearGradient id='{name}' x1='0' y1='0' {ends}>{inner}</linearGradient>"


def glow(name: str, colour: str, strength: float = 0.9) -> str:
    return (
        f"<radialGradient id='{name}'><stop offset='0' stop-color='{colour}' stop-opacity='{strength}'/>"
        f"<stop offset='45%' stop-color='{colour}' stop-opacity='{strength * 0.35:.3f}'/>"
        f"<stop offset='100%' stop-color='{colour}' stop-opacity='0'/></radialGradient>"
    )


def ridge(base: float, height: float, seed: int, *, step: float = 40, start: float = 0, end: float = WIDTH) -> str:
    """A soft skyline of hills as a path down to the picture's foot."""
    dice = Dice(seed)
    phases = [dice.roll(0, math.tau) for _ in range(3)]
    d = f"M{n(start)} {HEIGHT}"
    x = start
    while x <= end:
        t = x / WIDTH * math.tau
        y = base - height * (
            0.5 * math.sin(t * 0.7 + phases[0])
            + 0.3 * math.sin(t * 1.7 + phases[1])
            + 0.2 * math.sin(t * 3.1 + phases[2])
        )
        d += f"L{n(x)} {n(y)}"
        x += step
    return d + f"L{n(end)} {HEIGHT}Z"


def frame(*body: str, defs: str = "", width: int = WIDTH, height: int = HEIGHT) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}">'
        f"<defs>{defs}</defs>{''.join(body)}</svg>"
    )
