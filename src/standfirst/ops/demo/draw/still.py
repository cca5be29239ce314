"""Still lifes: what eighteen things look like on a counter, and what waiting looks like on a window sill."""
# ruff: noqa: E501 – a drawing is a list of long lines.

from standfirst.ops.demo.draw.base import (
    AMBER,
    CREAM,
    DEEP,
    HEIGHT,
    INK,
    NIGHT,
    RUST,
    SAGE,
    SAND,
    SLATE,
    WIDTH,
    Dice,
    circle,
    fade,
    frame,
    glow,
    line,
    n,
    path,
    poly,
    rect,
)


def stall() -> str:
    """The counter in the third aisle: a scale, onions, beetroot, eggs, cheese, a bottle of oil."""
    parts = [rect(0, 0, WIDTH, HEIGHT, "url(#wall)"), circle(420, 210, 520, "url(#sun)")]
    for x in range(-20, WIDTH, 118):
        parts.append(rect(x, 0, 3, 610, DEEP, opacity=0.14))
    parts += [rect(0, 596, WIDTH, 22, "#8a6c4c"), rect(0, 618, WIDTH, 282, "url(#wood)")]
    for y in (690, 780, 862):
        parts.append(rect(0, y, WIDTH, 3, INK, opacity=0.16))

    def shade(x: float, w: float) -> str:
        return f'<ellipse cx="{n(x + w * 0.12)}" cy="640" rx="{n(w)}" ry="15" fill="{NIGHT}" opacity="26%"/>'

    # the scale
    parts += [
        shade(800, 190),
        poly([(660, 636), (940, 636), (904, 470), (696, 470)], DEEP),
        poly([(800, 636), (940, 636), (904, 470), (800, 470)], INK, opacity=0.35),
    ]
    parts += [circle(800, 548, 66, CREAM), circle(800, 548, 66, "url(#dial)")]
    for k in range(12):
        parts.append(f'<rect x="798" y="490" width="4" height="12" fill="{INK}" transform="rotate({k * 30} 800 548)"/>')
    parts += [
        f'<rect x="797" y="500" width="6" height="52" fill="{RUST}" transform="rotate(62 800 548)"/>',
        circle(800, 548, 7, INK),
        rect(788, 432, 24, 40, INK),
    ]
    parts += [
        path("M620 410H980C970 446 900 456 800 456S630 446 620 410Z", "#8d979b"),
        rect(612, 402, 376, 12, "#aeb6b8"),
    ]
    for x, y, r, tone in (
        (716, 374, 42, "#b98a46"),
        (800, 362, 50, "#c79a55"),
        (884, 376, 42, "#ad7f3e"),
        (758, 318, 38, "#cfa663"),
        (842, 322, 40, "#b98a46"),
    ):
        parts += [
            circle(x, y, r, tone),
            path(
                f"M{x} {y - r}C{x - r * 0.7} {y - r * 0.4} {x - r * 0.7} {y + r * 0.5} {x} {y + r}",
                stroke="#8f6430",
                width=2.4,
                opacity=0.6,
            ),
            path(
                f"M{x} {y - r}C{x + r * 0.6} {y - r * 0.4} {x + r * 0.6} {y + r * 0.5} {x} {y + r}",
                stroke="#8f6430",
                width=2.4,
                opacity=0.6,
            ),
            path(f"M{x - 4} {y - r + 2}L{x - 1} {y - r - 17}L{x + 5} {y - r + 2}Z", "#9b7136"),
            f'<ellipse cx="{n(x - r * 0.34)}" cy="{n(y - r * 0.34)}" rx="{n(r * 0.2)}" ry="{n(r * 0.3)}" fill="{CREAM}" opacity="30%"/>',
        ]
    # beetroot with leaves
    for x, y, r in ((180, 578, 58), (296, 584, 52), (238, 506, 50)):
        for lean in (-34, -4, 26):
            parts.append(
                path(
                    f"M{x} {y - r + 8}C{n(x + lean * 0.5)} {y - r - 50} {n(x + lean)} {y - r - 80} {n(x + lean * 1.6)} {y - r - 118}",
                    stroke="#7d3a4c",
                    width=6,
                )
            )
            parts.append(
                f'<ellipse cx="{n(x + lean * 1.7)}" cy="{n(y - r - 138)}" rx="21" ry="48" fill="{["#66725f", "#7c8a74", "#586650"][(lean + 34) // 30]}" transform="rotate({lean} {n(x + lean * 1.7)} {n(y - r - 138)})"/>'
            )
    parts.append(shade(238, 150))
    for x, y, r in ((180, 578, 58), (296, 584, 52), (238, 506, 50)):
        parts += [
            circle(x, y, r, "#6d2f42"),
            path(f"M{x - r} {y}A{r} {r} 0 0 0 {x + r} {y}A{r} {r * 0.8} 0 0 1 {x - r} {y}Z", NIGHT, opacity=0.28),
            f'<ellipse cx="{n(x - r * 0.35)}" cy="{n(y - r * 0.4)}" rx="{n(r * 0.22)}" ry="{n(r * 0.14)}" fill="#b77a8a" opacity="60%"/>',
        ]
    # cheese
    parts += [
        shade(1130, 100),
        poly([(1030, 636), (1218, 636), (1218, 560), (1030, 524)], "#e0c487"),
        poly([(1030, 524), (1218, 560), (1160, 516)], "#f0dcaa"),
        circle(1090, 590, 12, "#c9a763"),
        circle(1150, 612, 9, "#c9a763"),
        circle(1176, 584, 7, "#c9a763"),
        circle(1062, 616, 6, "#c9a763"),
    ]
    # bottle of oil
    parts += [
        shade(1330, 60),
        path(
            "M1284 636V420C1284 380 1312 376 1312 340V268H1352V340C1352 376 1380 380 1380 420V636Z",
            "#9a9560",
            opacity=0.9,
        ),
        path("M1292 628V452H1372V628Z", "#d0b357", opacity=0.85),
        rect(1306, 242, 52, 34, RUST),
        rect(1284, 500, 96, 78, CREAM),
        rect(1300, 520, 64, 6, SLATE),
        rect(1300, 538, 44, 5, SAGE),
        rect(1296, 400, 8, 220, CREAM, opacity=0.4),
    ]
    # eggs on a tray
    parts += [f'<ellipse cx="1500" cy="640" rx="150" ry="14" fill="{NIGHT}" opacity="24%"/>']
    for row, y in enumerate((572, 604)):
        for k in range(4):
            x = 1416 + k * 58 + row * -8
            parts.append(
                f'<ellipse cx="{x}" cy="{y}" rx="25" ry="32" fill="{[CREAM, "#ead7bb", "#dfc4a2", "#f1e6d3"][(k + row) % 4]}"/>'
            )
    parts += [path("M1380 612H1640V644H1388Z", "#8f8674")]
    for k in range(5):
        parts.append(
            path(f"M{1382 + k * 58} 612C{1390 + k * 58} 632 {1426 + k * 58} 632 {1434 + k * 58} 612Z", "#a79d89")
        )
    # the price board
    parts += [
        line(470, 470, 470, 636, "#6d5a45", 9),
        rect(384, 372, 172, 116, INK),
        rect(384, 372, 172, 116, SLATE, opacity=0.15),
        f'<text x="470" y="446" text-anchor="middle" font-family="Liberation Serif" font-style="italic" font-size="54" fill="{SAND}">24.–</text>',
        shade(470, 40),
    ]
    parts.append(poly([(0, 0), (520, 0), (1280, 900), (300, 900)], CREAM, opacity=0.1))
    return frame(
        *parts,
        defs=fade("wall", (0, "#9aa6a6", 1), (1, "#cfc7b1", 1))
        + fade("wood", (0, "#b08d63", 1), (1, "#7a5f43", 1))
        + glow("sun", "#fff3d2", 0.7)
        + fade("dial", (0, "#ffffff", 0.4), (1, "#8d979b", 0.25)),
    )


def files() -> str:
    """A judge's window sill: forty-six files with a green slip, and a street where it is getting late."""
    parts = [
        rect(0, 0, WIDTH, HEIGHT, "#c9c1b0"),
        rect(170, 0, 1260, 640, "#8d8571"),
        rect(196, 0, 1208, 620, "url(#sky)"),
    ]
    dice = Dice(52)
    for base, tone in ((500, "#a9aeab"), (560, "#8b9496"), (612, "#6f7a7f")):
        x = 196.0
        while x < 1404:
            w, h = dice.roll(70, 170), dice.roll(40, 190)
            w = min(w, 1404 - x)
            parts.append(rect(x, base - h, w, 620 - base + h, tone))
            for _ in range(int(dice.roll(0, 3))):
                parts.append(
                    rect(x + dice.roll(6, max(8, w - 18)), base - h + dice.roll(14, 60), 9, 13, AMBER, opacity=0.75)
                )
            x += w
    parts += [
        rect(786, 0, 28, 620, "#e4dccb"),
        rect(196, 214, 1208, 16, "#e4dccb"),
        rect(170, 0, 26, 640, "#e4dccb"),
        rect(1404, 0, 26, 640, "#e4dccb"),
        rect(814, 0, 6, 620, INK, opacity=0.15),
    ]
    parts += [
        poly([(90, 640), (1510, 640), (1590, 706), (10, 706)], "#efe7d6"),
        rect(10, 706, 1580, 22, "#b9af9b"),
        rect(0, 728, WIDTH, 172, "#a39a87"),
    ]
    for k in range(16):
        parts.append(rect(70 + k * 94, 762, 60, 138, "#b7ae9b"))
        parts.append(rect(70 + k * 94 + 52, 762, 8, 138, INK, opacity=0.1))
    tones = ["#c4a677", "#b28e60", "#d3bb92", "#a58257", "#c9b088", "#9c8a70"]
    x = 232.0
    for pile in (9, 12, 7, 11, 7):
        y = 682.0
        w = dice.roll(182, 206)
        parts.append(
            f'<ellipse cx="{n(x + w / 2 + 16)}" cy="684" rx="{n(w * 0.6)}" ry="12" fill="{NIGHT}" opacity="24%"/>'
        )
        for k in range(pile):
            h = dice.roll(17, 31)
            dx = dice.roll(-11, 11)
            y -= h
            parts += [
                rect(x + dx, y, w, h - 2, tones[int(dice.roll(0, 5.99))]),
                rect(x + dx + 5, y + h * 0.34, w - 10, h * 0.3, CREAM, opacity=0.75),
                rect(x + dx, y, w, 2.5, CREAM, opacity=0.4),
                rect(x + dx + w - 26, y, 26, h - 2, NIGHT, opacity=0.09),
            ]
            s = x + dx + dice.roll(24, w - 50)
            parts.append(rect(s, y + h - 4, 20, dice.roll(16, 26), "#6f8a63"))
            if k == pile - 1:
                parts.append(line(x + w / 2, y, x + w / 2 + dx, 682, RUST, 3, opacity=0.7))
        x += w + 34
    parts += [
        rect(1292, 560, 66, 122, DEEP),
        poly([(1286, 560), (1364, 560), (1356, 544), (1294, 544)], INK),
        path(
            "M1325 545C1318 470 1290 440 1262 428C1300 430 1322 450 1328 500C1330 440 1356 400 1396 392C1362 414 1340 452 1333 545Z",
            "#66725f",
        ),
    ]
    parts.append(poly([(196, 0), (640, 0), (1500, 728), (900, 728)], CREAM, opacity=0.12))
    return frame(*parts, defs=fade("sky", (0, "#9fb0b8", 1), (0.6, "#dccfae", 1), (1, "#e9c98d", 1)))


SCENES = {"stall": stall, "files": files}
