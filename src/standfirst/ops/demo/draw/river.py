"""Pictures out of doors by the water: the bridge, the harbour crane, the floodplain, the field, the road."""
# ruff: noqa: E501 – a drawing is a list of long lines.

import math

from standfirst.ops.demo.draw.base import (
    AMBER,
    CREAM,
    DEEP,
    HAZE,
    HEIGHT,
    INK,
    MIST,
    MOSS,
    NIGHT,
    OCHRE,
    PAPER,
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
    group,
    line,
    n,
    path,
    poly,
    rect,
    ridge,
)


def bridge() -> str:
    """The old road bridge: three stone arches, morning haze, and its own shadow in the water."""
    water = 640.0
    spans = [(150.0, 610.0), (610.0, 1070.0), (1070.0, 1530.0)]
    deck = f"M-20 {n(water)}V386L820 356L1620 392V{n(water)}Z"
    holes = "".join(
        f"M{n(a + 34)} {n(water)}V{n(water - 60)}A{n((b - a) / 2 - 34)} 190 0 0 1 {n(b - 34)} {n(water - 60)}V{n(water)}Z"
        for a, b in spans
    )
    body = f"{deck}{holes}"
    stone = path(body, "url(#stone)").replace("<path", '<path fill-rule="evenodd"')
    ghost = path(body, DEEP).replace("<path", '<path fill-rule="evenodd"')
    rail = path("M-20 372L820 342L1620 378", stroke=DEEP, width=5) + "".join(
        line(x, 372 - (30 * x / 820 if x < 820 else 30 - 36 * (x - 820) / 800), x, 400, DEEP, 4)
        for x in range(10, 1620, 46)
    )
    lamps = "".join(
        line(x, 200 + abs(x - 820) / 26, x, 372, INK, 5) + rect(x - 15, 192 + abs(x - 820) / 26, 30, 12, INK)
        for x in (380, 840, 1300)
    )
    inner = "".join(
        path(
            f"M{n(a + 34)} {n(water)}V{n(water - 60)}A{n((b - a) / 2 - 34)} 190 0 0 1 {n((a + b) / 2)} {n(water - 250)}"
            f"A{n((b - a) / 2 - 70)} 214 0 0 0 {n(a + 80)} {n(water - 54)}V{n(water)}Z",
            INK,
            opacity=0.55,
        )
        for a, b in spans
    )
    strokes = "".join(
        rect(Dice(i).roll(-60, 1500), water + 22 + i * 11, Dice(i + 90).roll(90, 420), 2.4, CREAM, opacity=0.16)
        for i in range(22)
    )
    return frame(
        rect(0, 0, WIDTH, HEIGHT, "url(#sky)"),
        circle(1230, 238, 74, CREAM, opacity=0.75),
        path(ridge(430, 70, 4), HAZE, opacity=0.55),
        path(ridge(500, 60, 9), SLATE, opacity=0.5),
        path(ridge(560, 38, 12), SLATE, opacity=0.75),
        rect(0, water, WIDTH, HEIGHT - water, "url(#water)"),
        group(ghost, transform=f"translate(0,{n(2 * water)}) scale(1,-1)", opacity="0.5"),
        strokes,
        stone,
        inner,
        rail,
        lamps,
        poly([(0, 900), (0, 790), (330, 836), (620, 900)], INK),
        poly([(1600, 900), (1600, 742), (1330, 812), (1120, 900)], NIGHT),
        defs=fade("sky", (0, "#b9c5cc", 1), (0.55, "#e4dfd2", 1), (1, "#eadfc8", 1))
        + fade("water", (0, "#9aa9b0", 1), (1, "#55666f", 1))
        + fade("stone", (0, "#7c8990", 1), (1, "#4f5d65", 1)),
    )


def crane() -> str:
    """Harbour crane No. 4 at the end of a warm day, with barges lying under it."""

    def one(x: float, foot: float, size: float, colour: str, *, lean: float = 1) -> str:
        def at(dx: float, dy: float) -> tuple[float, float]:
            return x + dx * size * lean, foot + dy * size

        legs = (
            poly([at(-92, 0), at(-76, 0), at(-34, -250), at(-50, -250)], colour)
            + poly([at(92, 0), at(76, 0), at(34, -250), at(50, -250)], colour)
            + poly([at(-74, -100), at(74, -100), at(71, -114), at(-71, -114)], colour)
        )
        for a, b in ((-76, 60), (76, -60)):
            legs += line(*at(a * 0.93, -20), *at(b * 0.9, -106), colour, 6 * size)
        house = poly([at(-86, -250), at(62, -250), at(62, -300), at(44, -352), at(-86, -352)], colour)
        mast = poly([at(-52, -352), at(-30, -352), at(-2, -520), at(-14, -526)], colour)
        jib = poly([at(40, -318), at(58, -306), at(404, -640), at(396, -650)], colour)
        stay = line(*at(-8, -520), *at(398, -645), colour, 5 * size) + line(
            *at(-8, -520), *at(-78, -352), colour, 5 * size
        )
        weight = poly([at(-128, -368), at(-86, -368), at(-86, -300), at(-128, -300)], colour)
        hook = line(*at(400, -645), *at(400, -330), colour, 3.4 * size) + poly(
            [at(388, -330), at(412, -330), at(406, -296), at(394, -296)], colour
        )
        braces = "".join(
            line(
                *at(40 + 35.6 * i, -318 - 33.2 * i),
                *at(58 + 34.6 * (i + 0.6), -306 - 33.4 * (i + 0.6)),
                colour,
                2.4 * size,
            )
            for i in range(1, 9)
        )
        return legs + house + mast + jib + stay + weight + hook + braces

    quay = 706.0
    windows = rect(596, 384, 40, 26, AMBER) + rect(646, 384, 24, 26, AMBER)
    barge = poly([(900, 772), (1580, 772), (1540, 836), (940, 836)], INK) + poly(
        [(960, 772), (990, 742), (1200, 736), (1240, 772)], RUST
    )
    barge += poly([(1262, 772), (1282, 748), (1420, 744), (1446, 772)], OCHRE, opacity=0.85)
    barge += rect(1476, 690, 62, 82, DEEP) + rect(1486, 704, 42, 18, AMBER, opacity=0.8)
    ripples = "".join(
        rect(Dice(i + 3).roll(-40, 1500), 780 + i * 8, Dice(i + 31).roll(60, 380), 2.2, AMBER, opacity=0.2)
        for i in range(15)
    )
    return frame(
        rect(0, 0, WIDTH, HEIGHT, "url(#sky)"),
        circle(1120, 560, 420, "url(#sun)"),
        circle(1120, 572, 96, "#f6e2b4", opacity=0.9),
        path(ridge(610, 36, 21), "#a98f72", opacity=0.55),
        path(ridge(650, 24, 5), "#7b7263", opacity=0.7),
        one(240, quay, 0.62, "#746c62", lean=1),
        rect(0, quay - 8, WIDTH, 300, "url(#water)"),
        one(600, quay + 30, 1.02, INK),
        windows,
        poly([(0, 724), (900, 724), (830, 792), (0, 802)], NIGHT),
        rect(0, 716, 902, 10, DEEP),
        ripples,
        barge,
        rect(0, 880, WIDTH, 20, NIGHT, opacity=0.35),
        defs=fade("sky", (0, "#8998a0", 1), (0.45, "#cdbd9f", 1), (0.8, "#e5c891", 1))
        + fade("water", (0, "#c0a87e", 1), (0.5, "#6f736f", 1), (1, "#4a555b", 1))
        + glow("sun", "#fbeecb", 0.8),
    )


def floodplain() -> str:
    """The Yasenka from the air: a slow bend, old arms of the river, fields laid like cards beside it."""
    parts = [rect(0, 0, WIDTH, HEIGHT, "#a9ab92")]
    dice = Dice(14)
    greens = ["#b5b498", "#9fa58b", "#c3b98f", "#8d977c", "#cabf9a", "#a7a27c", "#7f8a72", "#bfb48c"]
    for row in range(-3, 10):
        for column in range(-3, 13):
            x, y = column * 176 + row * 42.0, row * 128 - column * 30.0
            w, h = 170 * dice.roll(0.86, 1.0), 121 * dice.roll(0.9, 1.0)
            colour = greens[int(dice.roll(0, len(greens) - 0.01))]
            parts.append(
                poly(
                    [(x, y), (x + w, y - 29 * w / 170), (x + w + 40, y - 29 * w / 170 + h), (x + 40, y + h)],
                    colour,
                )
            )
            for i in range(1, 9):
                if colour in greens[::2]:
                    fx = x + w * i / 9
                    fy = y - 29 * (w * i / 9) / 170
                    parts.append(line(fx, fy, fx + 40, fy + h, "#6f745c", 1.2, opacity=0.22))
    meadow = "M-40 330C240 170 470 300 610 450S980 760 1200 600S1420 250 1660 240V560C1500 560 1460 740 1270 850S760 900 560 740S250 480 -40 640Z"
    river = "M-60 492C200 330 420 420 560 590S900 850 1150 730S1400 400 1680 404"
    oldarm = "M700 360C820 300 960 330 1010 420S980 560 900 560"
    parts += [
        path(meadow, "#7d8a6c"),
        path(meadow, "#5f6d57", opacity=0.25),
        path(oldarm, stroke="#8fa0a3", width=30),
        path("M300 742C380 800 470 830 560 826", stroke="#8fa0a3", width=24),
        path(river, stroke="#dcd3b8", width=122),
        path(river, stroke="#758a94", width=96),
        path(river, stroke="#8b9ea6", width=44, opacity=0.5),
        path("M-60 150L420 -40", stroke=CREAM, width=7, opacity=0.8),
        path("M1180 -40L1000 300L1260 520L1320 960", stroke=CREAM, width=6, opacity=0.75),
    ]
    for i in range(190):
        t = dice.roll(0, 1)
        x = -40 + 1700 * t
        y = 470 + 190 * math.sin(t * 6.0 - 0.9) + dice.roll(-150, 150)
        r = dice.roll(7, 17)
        parts.append(circle(x + 5, y + 6, r, "#39453a", opacity=0.3))
        parts.append(circle(x, y, r, "#55634f" if i % 3 else "#6d7a5f"))
    parts += [path(river, stroke="#758a94", width=84), path(river, stroke="#93a5ac", width=30, opacity=0.45)]
    parts += [
        path("M1262 560L1290 742", stroke=INK, width=13, opacity=0.3),
        path("M1256 556L1284 738", stroke=CREAM, width=9),
    ]
    for i in range(26):
        x, y = 1080 + (i % 7) * 44 + dice.roll(-6, 6), 120 + (i // 7) * 46 + dice.roll(-6, 6)
        parts += [
            rect(x + 3, y + 4, 26, 17, INK, opacity=0.35),
            rect(x, y, 26, 17, "#a8705a" if i % 3 else "#8b857a"),
        ]
        parts += [rect(x, y, 26, 8.5, "#bd8a70" if i % 3 else "#a39d90")]
    parts.append(rect(0, 0, WIDTH, HEIGHT, "url(#light)"))
    return frame(
        *parts,
        defs=fade("light", (0, "#fff3d6", 0.3), (0.6, "#fff3d6", 0), (1, "#1b2b33", 0.28), angle="slant"),
    )


def field() -> str:
    """Winter wheat under thin snow, a windbreak, and a great deal of sky."""
    dice = Dice(77)
    parts = [rect(0, 0, WIDTH, HEIGHT, "url(#sky)")]
    for y, o in ((150, 0.35), (220, 0.28), (265, 0.4), (330, 0.22)):
        parts.append(
            path(
                f"M-40 {y}C300 {y - 34} 620 {y + 26} 900 {y - 8}S1400 {y - 30} 1660 {y}V{y + 26}C1200 {y + 6} 700 {y + 52} -40 {y + 22}Z",
                CREAM,
                opacity=o,
            )
        )
    parts += [path(ridge(520, 26, 3), "#b4c0c7"), path(ridge(548, 16, 8), "#c7d0d5")]
    for i in range(64):
        x = 90 + i * 14.6 + dice.roll(-4, 4)
        h = dice.roll(40, 86) * (1.0 if i % 9 else 1.3)
        parts.append(line(x, 566, x, 566 - h * 0.55, DEEP, 3))
        parts.append(
            f'<ellipse cx="{n(x)}" cy="{n(566 - h * 0.72)}" rx="{n(dice.roll(7, 12))}" ry="{n(h * 0.36)}" fill="{SLATE if i % 2 else "#5b6c76"}" opacity="85%"/>'
        )
    parts.append(poly([(0, 560), (1600, 552), (1600, 900), (0, 900)], "url(#snow)"))
    for i in range(-34, 60):
        x = 1120 + (i - 12) * 90
        parts.append(
            path(
                f"M{n(1120 + (i - 12) * 7)} 562L{n(x)} 900",
                stroke=SAGE if i % 2 else HAZE,
                width=1 + abs(i % 3),
                opacity=0.5,
            )
        )
    for _ in range(900):
        depth = dice.roll(0, 1) ** 0.6
        k = int(dice.roll(-34, 60))
        x = 1120 + (k - 12) * (7 + 83 * depth)
        y = 562 + 338 * depth
        if -10 < x < 1610:
            s = 2 + 11 * depth
            parts.append(
                path(
                    f"M{n(x)} {n(y)}l{n(-s * 0.35)} {n(-s)}M{n(x)} {n(y)}l{n(s * 0.4)} {n(-s * 0.9)}",
                    stroke=MOSS,
                    width=0.7 + 1.5 * depth,
                    opacity=0.75,
                )
            )
    parts += [
        rect(1310, 484, 84, 66, RUST, opacity=0.85),
        poly([(1298, 486), (1352, 440), (1406, 486)], INK),
        rect(1420, 512, 120, 40, DEEP),
        poly([(1412, 514), (1440, 490), (1530, 490), (1552, 514)], PAPER),
        rect(1460, 524, 20, 16, AMBER),
    ]
    return frame(
        *parts,
        defs=fade("sky", (0, "#93a3ad", 1), (0.6, "#d4d9d8", 1), (1, "#ece5d6", 1))
        + fade("snow", (0, "#e6e8e6", 1), (0.5, "#dde2e3", 1), (1, "#b8c3c9", 1)),
    )


def road() -> str:
    """The road to the crossing at night: two lanes of lorries, one of them lit."""
    parts = [
        rect(0, 0, WIDTH, HEIGHT, "url(#sky)"),
        path(ridge(470, 40, 6), "#1f282e"),
        path(ridge(500, 22, 17), "#182025"),
    ]
    vx, vy = 980.0, 486.0
    parts.append(poly([(vx - 6, vy), (vx + 8, vy), (1900, 900), (-120, 900)], "url(#road)"))
    parts.append(circle(vx, vy - 30, 330, "url(#lamp)"))
    for side, far in ((-1, -0.62), (1, 0.92)):
        parts.append(line(vx, vy, vx + far * 1100, 900, CREAM, 3, opacity=0.22 if side < 0 else 0.3))
    for i in range(9):
        a, b = (i / 9) ** 2.2, ((i + 0.45) / 9) ** 2.2
        x1, y1, x2, y2 = vx - 110 * a, vy + 414 * a, vx - 110 * b, vy + 414 * b
        parts.append(
            poly(
                [(x1 - 2 - 9 * a, y1), (x1 + 2 + 9 * a, y1), (x2 + 2 + 9 * b, y2), (x2 - 2 - 9 * b, y2)],
                AMBER,
                opacity=0.8,
            )
        )
    for i in range(8):
        s = 0.05 + 0.95 * (i / 7) ** 2.1
        x, foot, w, h = vx - 60 - 640 * s, vy + 12 + 300 * s, 250 * s, 330 * s
        parts.append(
            poly(
                [
                    (x, foot - h),
                    (x + w * 0.34, foot - h * 0.94),
                    (x + w * 0.34, foot + 4 * s),
                    (x, foot + 18 * s),
                ],
                "#39464e",
            )
        )
        parts.append(rect(x - w, foot - h, w, h + 18 * s, "#27323a" if i % 2 else "#2e3941"))
        parts.append(rect(x - w, foot - h, w, 8 * s, "#51616b"))
        for lamp in (0.1, 0.82):
            parts.append(rect(x - w * lamp - 18 * s, foot - 26 * s, 22 * s, 12 * s, "#b4533c"))
    for i in range(7):
        s = 0.06 + 0.94 * (i / 6) ** 2
        x = vx + 40 + 560 * s
        top = vy - 20 - 440 * s
        parts.append(line(x, vy + 20 + 250 * s, x, top, "#3a464d", 3 + 8 * s))
        parts.append(line(x, top, x - 120 * s, top - 16 * s, "#3a464d", 2 + 6 * s))
        parts.append(circle(x - 126 * s, top - 8 * s, 130 * s, "url(#lamp)"))
        parts.append(rect(x - 150 * s, top - 18 * s, 54 * s, 8 * s, AMBER))
    parts += [
        rect(vx - 150, vy - 66, 330, 16, PAPER, opacity=0.85),
        rect(vx - 128, vy - 50, 8, 56, HAZE),
        rect(vx + 150, vy - 50, 8, 56, HAZE),
    ]
    parts += [rect(vx - 60 + i * 52, vy - 40, 30, 22, AMBER, opacity=0.9) for i in range(3)]
    return frame(
        *parts,
        defs=fade("sky", (0, "#151b21", 1), (0.5, "#2b3841", 1), (0.58, "#5b5a50", 1))
        + fade("road", (0, "#4b5254", 1), (1, "#22292e", 1))
        + glow("lamp", "#f3d08a", 0.5),
    )


def lowwater() -> str:
    """A gauge on the quay wall: figures cut in stone, the line of an old flood, and the river beneath."""
    parts = [rect(0, 0, WIDTH, HEIGHT, "#8c8878")]
    dice = Dice(8)
    tones = ["#99927f", "#8d8777", "#a39b86", "#857f70", "#948e7c"]
    for row in range(9):
        x = -140.0 + 70 * (row % 2)
        while x < WIDTH:
            w = dice.roll(150, 260)
            parts.append(rect(x + 2, row * 84 + 2, w - 4, 80, tones[int(dice.roll(0, 4.99))]))
            x += w
    parts.append(rect(0, 396, WIDTH, 400, "#4e5a4c", opacity=0.26))
    parts.append(rect(0, 560, WIDTH, 240, "#2f3b35", opacity=0.3))
    parts.append(rect(1010, 0, 150, 760, CREAM))
    for i in range(31):
        y = 36 + i * 24
        long = i % 5 == 0
        parts.append(rect(1010, y - 2.5, 78 if long else 44, 5 if long else 3.4, INK))
        if long:
            parts.append(
                f'<text x="1100" y="{y + 14}" font-family="Liberation Sans" font-size="42" font-weight="700" fill="{INK}">{6 - i // 5}</text>'
            )
    parts += [
        rect(300, 214, 520, 5, RUST),
        poly([(820, 205), (846, 216.5), (820, 228)], RUST),
        rect(300, 130, 300, 62, "#6d695c"),
        f'<text x="322" y="176" font-family="Liberation Serif" font-size="44" letter-spacing="6" fill="{SAND}">4.86 M</text>',
    ]
    parts.append(poly([(0, 0), (470, 0), (1600, 760), (1600, 900), (0, 900)], INK, opacity=0.2))
    parts.append(rect(0, 690, WIDTH, 210, "url(#water)"))
    parts.append(rect(1010, 690, 150, 84, CREAM, opacity=0.16))
    for i in range(20):
        parts.append(rect(dice.roll(-80, 1500), 704 + i * 10, dice.roll(80, 420), 2.4, MIST, opacity=0.22))
    return frame(*parts, defs=fade("water", (0, "#5f7178", 0.93), (1, "#2f3c43", 1)))


SCENES = {
    "bridge": bridge,
    "crane": crane,
    "floodplain": floodplain,
    "field": field,
    "road": road,
    "gauge": lowwater,
}
