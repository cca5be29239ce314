"""Pictures indoors: the summit, the theatre, the library, the stairwell, the council."""
# ruff: noqa: E501 – a drawing is a list of long lines.

import math

from standfirst.ops.demo.draw.base import (
    AMBER,
    CREAM,
    DEEP,
    HEIGHT,
    INK,
    MIST,
    MOSS,
    NIGHT,
    OCHRE,
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


def summit() -> str:
    """Two empty armchairs and a row of flags: the place of a handshake, drawn, with nobody in it."""
    parts = [rect(0, 0, WIDTH, HEIGHT, "url(#wall)")]
    for x in (-40, 300, 640, 980, 1320):
        parts += [
            rect(x, 0, 250, 640, "#c2bcae"),
            rect(x + 14, 0, 222, 626, "#d5cfc1"),
            poly([(x + 14, 0), (x + 236, 0), (x + 236, 200), (x + 14, 430)], CREAM, opacity=0.4),
        ]
    parts += [rect(0, 652, WIDTH, 26, "#8f897d"), rect(0, 678, WIDTH, 222, "url(#floor)")]
    cloths = [
        ("#8496a0", "#c9cfd0"),
        (RUST, SAND),
        (MOSS, "#c7c2a0"),
        ("#4c5c66", OCHRE),
        ("#b0a894", "#6f5c52"),
        (SLATE, CREAM),
        ("#9a6a52", "#d8cdb6"),
        (SAGE, DEEP),
        ("#55656f", "#b9c2c6"),
    ]
    for i, (a, b) in enumerate(cloths):
        x = 176 + i * 156.0
        parts += [
            rect(x - 4, 96, 8, 590, "#7d7262"),
            circle(x, 90, 12, OCHRE),
            poly([(x - 34, 690), (x + 34, 690), (x + 14, 668), (x - 14, 668)], "#6a6155"),
        ]
        parts.append(
            path(
                f"M{n(x + 4)} 112C{n(x + 52)} 132 {n(x + 66)} 260 {n(x + 58)} 560L{n(x + 36)} 582L{n(x + 20)} 566L{n(x + 4)} 590Z",
                a,
            )
        )
        parts.append(
            path(
                f"M{n(x + 22)} 122C{n(x + 44)} 190 {n(x + 46)} 330 {n(x + 40)} 578L{n(x + 36)} 582L{n(x + 22)} 568Z",
                b,
                opacity=0.85,
            )
        )
        parts.append(
            path(
                f"M{n(x + 4)} 112C{n(x + 18)} 190 {n(x + 18)} 400 {n(x + 12)} 580L{n(x + 4)} 590Z",
                INK,
                opacity=0.22,
            )
        )

    def chair(x: float, turn: int) -> str:
        def p(*points: tuple[float, float]) -> list[tuple[float, float]]:
            return [(x + turn * dx, y) for dx, y in points]

        return (
            f'<ellipse cx="{n(x)}" cy="836" rx="200" ry="20" fill="{INK}" opacity="26%"/>'
            + poly(p((-120, 812), (-108, 812), (-104, 840), (-114, 840)), INK)
            + poly(p((104, 812), (116, 812), (112, 840), (102, 840)), INK)
            + path(
                f"M{n(x - turn * 128)} 470Q{n(x - turn * 132)} 432 {n(x - turn * 90)} 430H{n(x + turn * 60)}Q{n(x + turn * 92)} 432 {n(x + turn * 98)} 470L{n(x + turn * 118)} 720H{n(x - turn * 130)}Z",
                "#8a5f4b",
            )
            + path(
                f"M{n(x - turn * 98)} 476Q{n(x - turn * 100)} 456 {n(x - turn * 78)} 456H{n(x + turn * 50)}Q{n(x + turn * 66)} 456 {n(x + turn * 70)} 476L{n(x + turn * 84)} 690H{n(x - turn * 100)}Z",
                "#a4745c",
            )
            + poly(p((-128, 690), (118, 690), (150, 742), (-146, 742)), "#b98468")
            + poly(p((-146, 742), (150, 742), (146, 818), (-140, 818)), "#7b5341")
            + path(
                f"M{n(x - turn * 160)} 640Q{n(x - turn * 160)} 612 {n(x - turn * 132)} 612Q{n(x - turn * 106)} 612 {n(x - turn * 106)} 640V818H{n(x - turn * 150)}Z",
                "#6c4938",
            )
            + path(
                f"M{n(x + turn * 172)} 640Q{n(x + turn * 172)} 612 {n(x + turn * 144)} 612Q{n(x + turn * 116)} 612 {n(x + turn * 116)} 640V818H{n(x + turn * 160)}Z",
                "#946753",
            )
        )

    parts.append(poly([(330, 900), (480, 770), (1120, 770), (1270, 900)], "#7d5648", opacity=0.35))
    parts += [chair(500, 1), chair(1100, -1)]
    parts += [
        f'<ellipse cx="800" cy="842" rx="120" ry="14" fill="{INK}" opacity="26%"/>',
        rect(792, 716, 16, 116, "#5d5347"),
        '<ellipse cx="800" cy="836" rx="64" ry="9" fill="#5d5347"/>',
        '<ellipse cx="800" cy="712" rx="112" ry="17" fill="#6d6252"/>',
        '<ellipse cx="800" cy="706" rx="112" ry="17" fill="#8a7d69"/>',
    ]
    for x in (764, 838):
        parts += [
            rect(x - 9, 662, 18, 42, MIST, opacity=0.75),
            rect(x - 9, 682, 18, 22, "#93a7b0", opacity=0.8),
        ]
    parts.append(poly([(0, 0), (360, 0), (1240, 900), (620, 900)], CREAM, opacity=0.14))
    return frame(
        *parts,
        defs=fade("wall", (0, "#b1aa9b", 1), (1, "#c9c2b3", 1)) + fade("floor", (0, "#a39683", 1), (1, "#6e6556", 1)),
    )


def theatre() -> str:
    """The Korsak theatre from the tenth row: a bare stage, a working lamp, and the seats as waves."""
    parts = [rect(0, 0, WIDTH, HEIGHT, "#1d2024"), rect(250, 70, 1100, 480, "url(#stage)")]
    parts += [
        poly([(250, 550), (1350, 550), (1450, 620), (150, 620)], "#a98b62"),
        poly([(150, 620), (1450, 620), (1450, 640), (150, 640)], "#5e4b36"),
    ]
    for i in range(12):
        parts.append(line(340 + i * 84, 550, 250 + i * 100, 620, "#7f6747", 2, opacity=0.6))
    parts += [
        poly([(800, 120), (560, 590), (1040, 590)], CREAM, opacity=0.2),
        poly([(800, 120), (650, 590), (950, 590)], CREAM, opacity=0.16),
        f'<ellipse cx="800" cy="590" rx="240" ry="22" fill="{CREAM}" opacity="34%"/>',
    ]
    parts += [
        line(800, 0, 800, 104, NIGHT, 4),
        poly([(776, 126), (824, 126), (812, 98), (788, 98)], NIGHT),
        rect(780, 126, 40, 6, AMBER),
    ]
    parts += [
        line(862, 586, 862, 486, INK, 5),
        line(862, 486, 822, 486, INK, 5),
        rect(812, 520, 60, 7, INK),
        line(818, 527, 812, 588, INK, 5),
        line(866, 527, 872, 588, INK, 5),
    ]
    for side in (-1, 1):
        edge = 800 + side * 552
        for k in range(7):
            x = edge + side * (k * 42 - 110)
            tone = ["#7b3f35", "#6b352d", "#8a4a3e"][k % 3]
            parts.append(
                path(
                    f"M{n(x - 26)} 40C{n(x - 10)} 240 {n(x - 34)} 420 {n(x - 22 - side * 10)} 622H{n(x + 26)}C{n(x + 14)} 420 {n(x + 38)} 240 {n(x + 26)} 40Z",
                    tone,
                )
            )
    for k in range(13):
        x = 196 + k * 101.0
        parts.append(
            path(
                f"M{n(x - 52)} 30H{n(x + 52)}C{n(x + 46)} 120 {n(x + 20)} 138 {n(x)} 138S{n(x - 46)} 120 {n(x - 52)} 30Z",
                ["#8a4a3e", "#7b3f35"][k % 2],
            )
        )
    parts += [
        rect(0, 0, WIDTH, 44, "#15181b"),
        rect(120, 40, 1360, 9, OCHRE, opacity=0.75),
        poly([(0, 0), (150, 0), (150, 660), (0, 700)], "#2a2a2a"),
        poly([(1600, 0), (1450, 0), (1450, 660), (1600, 700)], "#2a2a2a"),
        rect(138, 40, 12, 600, OCHRE, opacity=0.6),
        rect(1450, 40, 12, 600, OCHRE, opacity=0.6),
    ]
    for row in range(5):
        y = 676 + row * 50.0
        size = 58 + row * 17.0
        tone = ["#6d3a33", "#5f322d", "#4f2b28", "#3d2422", "#2b1b1b"][row]
        offset = -size * (row % 2) * 0.6
        i = -1
        while offset + i * size * 1.16 < WIDTH + size:
            x = offset + i * size * 1.16
            parts.append(
                path(
                    f"M{n(x)} {n(y + size * 1.5)}V{n(y + size * 0.3)}Q{n(x)} {n(y)} {n(x + size * 0.3)} {n(y)}H{n(x + size * 0.78)}Q{n(x + size * 1.08)} {n(y)} {n(x + size * 1.08)} {n(y + size * 0.3)}V{n(y + size * 1.5)}Z",
                    tone,
                )
            )
            parts.append(
                path(
                    f"M{n(x + size * 0.06)} {n(y + size * 0.34)}Q{n(x + size * 0.08)} {n(y + size * 0.05)} {n(x + size * 0.32)} {n(y + size * 0.05)}H{n(x + size * 0.76)}",
                    stroke=AMBER,
                    width=2.2,
                    opacity=max(0.05, 0.4 - row * 0.09),
                )
            )
            i += 1
    return frame(*parts, defs=fade("stage", (0, "#2b2a28", 1), (0.6, "#57503f", 1), (1, "#8a7550", 1)))


def library() -> str:
    """The reading room: a wall of books in the paper's colours, one ladder, one lamp left on."""
    parts = [rect(0, 0, WIDTH, HEIGHT, "#5a4636")]
    dice = Dice(61)
    tones = [
        "#7a8a91",
        "#a58a5c",
        "#8d5b46",
        "#66725f",
        "#c9bd9f",
        "#55646d",
        "#b49a6c",
        "#7d6a58",
        "#9aa69d",
        "#6e4a3d",
        "#ddd3bd",
        "#47545c",
    ]
    for bay in range(4):
        x0 = 24 + bay * 396.0
        for shelf in range(5):
            y = 40 + shelf * 136.0
            parts.append(rect(x0, y - 4, 364, 118, "#33281f"))
            x = x0 + 4
            while x < x0 + 356:
                w, h = dice.roll(12, 34), dice.roll(76, 108)
                if x + w > x0 + 360:
                    break
                roll = dice.roll()
                tone = tones[int(dice.roll(0, len(tones) - 0.01))]
                if roll > 0.95 and x + 60 < x0 + 350:
                    parts.append(poly([(x, y + 114), (x + 20, y + 114), (x + 52, y + 28), (x + 33, y + 21)], tone))
                    x += 58
                    continue
                parts += [
                    rect(x, y + 114 - h, w - 1.5, h, tone),
                    rect(x, y + 114 - h * 0.84, w - 1.5, 4, CREAM, opacity=0.4),
                    rect(x + w - 5, y + 114 - h, 3.5, h, NIGHT, opacity=0.16),
                ]
                if w > 24:
                    parts.append(rect(x + 5, y + 114 - h * 0.62, w - 12, 16, CREAM, opacity=0.55))
                x += w
            parts.append(rect(x0 - 4, y + 114, 372, 12, "#7d6149"))
        parts += [rect(x0 - 24, 0, 20, 780, "#6d5540"), rect(x0 - 24, 0, 5, 780, "#8a6d53")]
    parts += [rect(0, 720, WIDTH, 180, "#46372b"), circle(560, 560, 560, "url(#lamp)")]
    for a, b in (((1060, 0), (1010, 760)), ((1140, 0), (1110, 760))):
        parts.append(line(*a, *b, "#c6a06b", 11))
    for k in range(9):
        y = 50 + k * 84.0
        parts.append(line(1060 - 50 * y / 760, y, 1140 - 30 * y / 760, y, "#b08a58", 9))
    parts += [
        poly([(0, 800), (1600, 768), (1600, 900), (0, 900)], "#2b2119"),
        poly([(0, 800), (1600, 768), (1600, 780), (0, 814)], "#9c7a55"),
    ]
    parts += [
        rect(552, 600, 12, 196, "#8f7440"),
        '<ellipse cx="558" cy="800" rx="70" ry="12" fill="#8f7440"/>',
        path("M440 612C452 544 500 520 558 520S664 544 676 612Z", "#50624f"),
        rect(440, 608, 236, 8, AMBER),
        poly([(446, 616), (670, 616), (800, 792), (310, 800)], "#f6dfa6", opacity=0.26),
    ]
    parts += [
        poly([(690, 792), (800, 776), (905, 786), (905, 800), (800, 792), (690, 808)], CREAM),
        poly([(800, 776), (905, 786), (905, 792), (800, 784)], "#cfc4ac"),
        rect(1240, 742, 210, 20, RUST),
        rect(1256, 722, 180, 20, SLATE),
        rect(1244, 704, 190, 18, OCHRE),
    ]
    parts.append(rect(0, 0, WIDTH, HEIGHT, "url(#dusk)"))
    return frame(
        *parts,
        defs=glow("lamp", "#ffe3a4", 0.55)
        + fade("dusk", (0, "#131a20", 0.42), (0.7, "#131a20", 0.08), (1, "#131a20", 0.2)),
    )


def stairs() -> str:
    """Nine floors without a lift: the stairwell of a block, cut open, and one person on the sixth."""
    parts = [
        rect(0, 0, WIDTH, HEIGHT, "#aab1b0"),
        rect(0, 0, 430, HEIGHT, "#98a1a2"),
        rect(1170, 0, 430, HEIGHT, "#8b9596"),
    ]
    floors, gap = 5, 188.0
    parts.append(rect(430, 0, 740, HEIGHT, "#d9d3c5"))
    for k in range(floors + 1):
        y = 70 + k * gap
        parts += [rect(0, y, 430, 16, "#6b757a"), rect(1170, y, 430, 16, "#6b757a")]
        for side, x in (("L", 110), ("R", 1310)):
            tone = [RUST, "#5c6b73", MOSS, "#7b6a55", "#4e5c64", "#8b755a"][(k + (side == "R")) % 6]
            parts += [
                rect(x, y - 142, 84, 142, tone),
                rect(x + 8, y - 132, 68, 60, INK, opacity=0.12),
                rect(x + 8, y - 64, 68, 54, INK, opacity=0.12),
                circle(x + 72, y - 70, 4, AMBER),
            ]
        parts += [
            rect(290, y - 126, 46, 30, CREAM, opacity=0.45),
            rect(1450, y - 126, 90, 120, "#7f898b"),
            rect(1456, y - 120, 36, 108, "#707a7d"),
            rect(1498, y - 120, 36, 108, "#707a7d"),
        ]
    parts += [rect(740, 0, 120, HEIGHT, "#59646a"), rect(752, 0, 96, HEIGHT, "#48535a")]
    for x in (776, 800, 824):
        parts.append(line(x, 0, x, 560, "#2c353b", 3))
    parts += [
        rect(756, 560, 88, 150, "#39444b"),
        rect(762, 568, 37, 134, "#717d82"),
        rect(801, 568, 37, 134, "#717d82"),
        poly([(766, 640), (836, 616), (838, 628), (768, 652)], OCHRE),
    ]
    for k in range(-1, floors + 1):
        y = 70 + k * gap
        for side in (-1, 1):
            a, b = (430, 738) if side < 0 else (1170, 862)
            down = y + gap
            mid = y + gap / 2
            steps = 9
            if side < 0:
                d = f"M{a} {n(down)}"
                for s in range(steps):
                    x = a + 40 + (b - a - 40) * s / steps
                    d += f"H{n(x)}V{n(down - (s + 1) * (gap / 2) / steps)}"
                d += f"H{b}V{n(mid + 26)}L{a + 40} {n(down + 26)}H{a}Z"
                rail = path(f"M{a + 40} {n(down - 62)}L{b} {n(mid - 62)}", stroke=DEEP, width=6)
            else:
                d = f"M{a} {n(y)}"
                for s in range(steps):
                    x = a - 40 - (a - b - 40) * s / steps
                    d += f"H{n(x)}V{n(y + (s + 1) * (gap / 2) / steps)}"
                d += f"H{b}V{n(mid + 26)}L{a - 40} {n(y + 26)}H{a}Z"
                rail = path(f"M{a - 40} {n(y - 62)}L{b} {n(mid - 62)}", stroke=DEEP, width=6)
            parts.append(path(d, "#8f8a80" if side < 0 else "#7c786f"))
            parts.append(rail)
            for s in range(1, 8):
                t = s / 8
                x = a + (40 + (b - a - 40) * t if side < 0 else -40 - (a - b - 40) * t)
                top = (down - gap / 2 * t) if side < 0 else (y + gap / 2 * t)
                parts.append(line(x, top - 60, x, top, DEEP, 2.4, opacity=0.7))
    x, foot = 610.0, 390.0
    parts += [
        circle(x + 6, foot - 106, 13, INK),
        path(
            f"M{n(x - 18)} {n(foot - 40)}C{n(x - 20)} {n(foot - 96)} {n(x + 24)} {n(foot - 100)} {n(x + 22)} {n(foot - 40)}L{n(x + 14)} {n(foot)}H{n(x - 12)}Z",
            INK,
        ),
        rect(x - 42, foot - 52, 26, 40, OCHRE),
        rect(x + 20, foot - 52, 26, 40, RUST),
    ]
    parts.append(poly([(0, 0), (760, 0), (1600, 900), (1600, 900), (0, 900)], CREAM, opacity=0.1))
    return frame(*parts)


def council() -> str:
    """The council chamber from the gallery: forty-two desks in a fan, most of the lamps still on."""
    parts = [rect(0, 0, WIDTH, HEIGHT, "url(#carpet)")]
    cx, cy = 800.0, 60.0
    for r, tone in ((980, "#6b5748"), (800, "#75604f"), (620, "#7f6957"), (440, "#897360")):
        parts.append(f'<ellipse cx="{cx:.0f}" cy="{cy:.0f}" rx="{r * 1.12:.0f}" ry="{r * 0.86:.0f}" fill="{tone}"/>')
    dice = Dice(19)
    for r, count in ((390, 8), (550, 10), (710, 12), (870, 14)):
        for i in range(count):
            a = math.radians(16 + 148 * (i + 0.5) / count)
            half = math.radians(148 / count / 2 * 0.86)

            def at(angle: float, radius: float) -> tuple[float, float]:
                return cx + math.cos(angle) * radius * 1.12, cy + math.sin(angle) * radius * 0.86

            inner, outer = r - 34, r + 34
            shape = [
                at(a - half, inner),
                at(a, inner + 2),
                at(a + half, inner),
                at(a + half, outer),
                at(a, outer + 3),
                at(a - half, outer),
            ]
            parts.append(poly([(x + 4, y + 12) for x, y in shape], NIGHT, opacity=0.35))
            parts.append(poly(shape, "#b48f62"))
            parts.append(
                poly(
                    [
                        at(a - half, outer - 12),
                        at(a, outer - 9),
                        at(a + half, outer - 12),
                        at(a + half, outer),
                        at(a, outer + 3),
                        at(a - half, outer),
                    ],
                    "#8f6d48",
                )
            )
            sx, sy = at(a, r + 66)
            parts += [
                circle(sx, sy + 4, 25, NIGHT, opacity=0.3),
                circle(sx, sy, 24, "#4d5c53" if dice.roll() > 0.2 else "#5f6f63"),
            ]
            px, py = at(a, r + 2)
            tilt = math.degrees(a) - 90
            parts.append(
                f'<g transform="translate({n(px)},{n(py)}) rotate({n(tilt)})">{rect(-22, -13, 30, 22, CREAM)}{rect(12, -15, 13, 13, "#d8cdb6")}</g>'
            )
            if dice.roll() > 0.24:
                parts.append(circle(px, py - 4, 62, "url(#lamp)"))
    parts += [
        rect(560, 0, 480, 150, "#5b4636"),
        rect(540, 130, 520, 30, "#8f6d48"),
        rect(540, 160, 520, 10, NIGHT, opacity=0.4),
    ]
    for x in (640, 720, 800, 880, 960):
        parts += [
            path(f"M{x - 26} 40Q{x - 26} 12 {x} 12T{x + 26} 40V118H{x - 26}Z", "#41524a"),
            rect(x - 18, 134, 36, 12, CREAM),
        ]
    parts += [
        poly([(0, 0), (300, 0), (0, 420)], NIGHT, opacity=0.4),
        poly([(1600, 0), (1300, 0), (1600, 420)], NIGHT, opacity=0.4),
        rect(0, 0, WIDTH, HEIGHT, "url(#light)"),
    ]
    return frame(
        *parts,
        defs=fade("carpet", (0, "#4c4037", 1), (1, "#5d4b3f", 1))
        + glow("lamp", "#f7d898", 0.34)
        + fade("light", (0, "#fff1cf", 0.16), (0.5, "#fff1cf", 0), (1, "#12181d", 0.35)),
    )


SCENES = {
    "summit": summit,
    "theatre": theatre,
    "library": library,
    "stairs": stairs,
    "council": council,
}
