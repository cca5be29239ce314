"""Pictures after dark: the blocks in a power cut, the bakery at half past three, the lantern."""
# ruff: noqa: E501 – a drawing is a list of long lines.

from standfirst.ops.demo.draw.base import (
    AMBER,
    CREAM,
    HAZE,
    HEIGHT,
    INK,
    NIGHT,
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


def blocks() -> str:
    """Four blocks on Cable Street during an evening power cut: few windows lit, most of them dark."""
    parts = [rect(0, 0, WIDTH, HEIGHT, "url(#sky)"), circle(1330, 150, 46, CREAM, opacity=0.8)]
    dice = Dice(40)
    for x, top, w, tone, face in (
        (1010, 260, 330, "#56646d", "#4a575f"),
        (60, 200, 420, "#4d5b64", "#414e56"),
        (620, 120, 460, "#3f4c54", "#364249"),
        (1220, 340, 460, "#364249", "#2d383f"),
    ):
        parts += [
            rect(x, top, w, 800, tone),
            poly([(x + w, top), (x + w + 60, top + 22), (x + w + 60, 900), (x + w, 900)], face),
            rect(x - 4, top - 12, w + 8, 14, face),
        ]
        columns, rows = int(w // 54), int((900 - top) // 56)
        for r in range(rows):
            for c in range(columns):
                wx, wy = x + 18 + c * (w - 20) / columns, top + 28 + r * 56
                value = dice.roll()
                fill, o = (AMBER, 0.95) if value > 0.93 else (("#d9a860", 0.6) if value > 0.9 else ("#2a343a", 0.9))
                parts.append(rect(wx, wy, 28, 30, fill, opacity=o))
                if value > 0.93:
                    parts.append(circle(wx + 14, wy + 15, 64, "url(#lamp)"))
                if c % 3 == 1:
                    parts.append(rect(wx - 5, wy + 20, 38, 14, face))
    parts += [rect(0, 826, WIDTH, 74, NIGHT)]
    for _i in range(24):
        x = dice.roll(0, 1600)
        h = dice.roll(70, 150)
        parts += [
            f'<ellipse cx="{n(x)}" cy="{n(840 - h * 0.5)}" rx="{n(h * 0.36)}" ry="{n(h * 0.56)}" fill="#1f272c"/>',
            rect(x - 3, 820, 6, 30, "#1f272c"),
        ]
    for x in (300, 930):
        parts += [
            circle(x, 852, 110, "url(#lamp)"),
            circle(x, 838, 7, INK),
            rect(x - 8, 846, 16, 40, INK),
            poly([(x + 10, 858), (x + 170, 840), (x + 170, 884)], AMBER, opacity=0.22),
        ]
    return frame(
        *parts,
        defs=fade("sky", (0, "#54656f", 1), (0.6, "#a79b86", 1), (1, "#c6a97c", 1)) + glow("lamp", "#f4d190", 0.42),
    )


def bakery() -> str:
    """Half past three at the bakery on Millrace Lane: one window working, the street asleep."""
    parts = [
        rect(0, 0, WIDTH, HEIGHT, "#222a30"),
        rect(0, 0, 520, 770, "#2a343b"),
        rect(520, 0, 1080, 770, "#303b42"),
    ]
    dice = Dice(5)
    for row in range(12):
        for c in range(20):
            parts.append(rect(520 + c * 56 - (row % 2) * 28, row * 64, 54, 62, INK, opacity=dice.roll(0.02, 0.16)))
    for x in (70, 290):
        parts += [
            rect(x, 120, 130, 210, "#1d252a"),
            rect(x + 62, 120, 6, 210, "#303b42"),
            rect(x, 222, 130, 5, "#303b42"),
            rect(x - 10, 330, 150, 12, "#3a454c"),
        ]
        parts += [rect(x, 460, 130, 250, "#1d252a"), rect(x + 62, 460, 6, 250, "#303b42")]
    for x in (640, 900, 1160, 1420):
        parts += [
            rect(x, 60, 120, 170, "#1f272d"),
            rect(x + 57, 60, 6, 170, "#39454c"),
            rect(x - 8, 230, 136, 10, "#414d54"),
        ]
    parts += [
        rect(620, 330, 720, 54, "#1a2025"),
        f'<text x="980" y="371" text-anchor="middle" font-family="Liberation Serif" font-size="40" letter-spacing="14" fill="{SAND}">ПЕКАРНЯ</text>',
    ]
    parts += [
        circle(980, 570, 760, "url(#warm)"),
        rect(620, 396, 560, 330, "url(#window)"),
        rect(1216, 396, 124, 374, "#5b4433"),
        rect(1232, 412, 92, 200, "url(#window)"),
        circle(1242, 660, 6, AMBER),
    ]
    parts += [rect(620, 470, 560, 7, "#b98d50"), rect(620, 556, 560, 7, "#a87d43")]
    for shelf, y in ((0, 470), (1, 556)):
        for i in range(8):
            x = 652 + i * 66
            parts.append(
                path(
                    f"M{x - 25} {y}C{x - 30} {y - 34} {x + 30} {y - 34} {x + 25} {y}Z",
                    ["#8a5a2f", "#9c6a38", "#7a4d29"][(i + shelf) % 3],
                )
            )
            parts.append(
                path(
                    f"M{x - 10} {y - 22}l8 10M{x} {y - 24}l8 10M{x + 10} {y - 22}l8 10",
                    stroke="#d9ad6c",
                    width=2.4,
                    opacity=0.8,
                )
            )
    parts += [rect(620, 650, 560, 76, "#8b6238"), rect(620, 642, 560, 10, "#d3a662")]
    parts += [
        circle(910, 576, 22, "#3a2a20"),
        rect(888, 545, 44, 16, CREAM, rx=6),
        path("M862 650C862 590 958 590 958 650Z", "#efe6d2"),
        path("M880 620C840 640 836 644 812 646M944 618C980 634 1000 640 1012 644", stroke="#efe6d2", width=15),
    ]
    for x in (800, 898, 996, 1094):
        parts.append(rect(x - 3, 396, 6, 330, "#3b2d22"))
    parts += [
        rect(612, 388, 576, 10, "#1a2025"),
        rect(612, 724, 576, 18, "#1a2025"),
        rect(0, 770, WIDTH, 130, "url(#street)"),
    ]
    parts += [
        poly([(620, 770), (1180, 770), (1420, 900), (420, 900)], AMBER, opacity=0.22),
        poly([(1216, 770), (1340, 770), (1560, 900), (1310, 900)], AMBER, opacity=0.16),
    ]
    for i in range(7):
        parts.append(line(0, 784 + i * i * 2.6, WIDTH, 784 + i * i * 2.6, NIGHT, 2, opacity=0.3))
    parts += [
        line(330, 640, 402, 640, NIGHT, 5),
        line(330, 640, 352, 712, NIGHT, 5),
        line(402, 640, 352, 712, NIGHT, 5),
        line(402, 640, 432, 716, NIGHT, 5),
        line(396, 622, 402, 640, NIGHT, 5),
    ]
    parts += [f'<circle cx="{x}" cy="716" r="52" fill="none" stroke="{NIGHT}" stroke-width="6"/>' for x in (322, 440)]
    return frame(
        *parts,
        defs=glow("warm", "#e8b665", 0.42)
        + fade("window", (0, "#f6dca0", 1), (1, "#dca858", 1))
        + fade("street", (0, "#2b3338", 1), (1, "#161b1f", 1)),
    )


def lantern() -> str:
    """A storm lantern on a sill at dusk, the town below it: the paper's own picture."""
    parts = [rect(0, 0, WIDTH, HEIGHT, "url(#sky)"), circle(1060, 470, 720, "url(#halo)")]
    dice = Dice(33)
    for base, tone, low, high in (
        (640, "#5e6b73", 70, 190),
        (700, "#46535b", 60, 170),
        (760, "#333e45", 40, 130),
    ):
        x = -30.0
        while x < WIDTH:
            w, h = dice.roll(60, 150), dice.roll(low, high)
            parts.append(rect(x, base - h, w, 300 + h, tone))
            if dice.roll() > 0.55:
                parts.append(poly([(x - 5, base - h), (x + w / 2, base - h - 36), (x + w + 5, base - h)], tone))
            for _ in range(int(dice.roll(0, 3.4))):
                parts.append(rect(x + dice.roll(10, w - 20), base - h + dice.roll(20, 80), 9, 13, AMBER, opacity=0.7))
            x += w
    parts += [rect(300, 400, 26, 300, "#46535b"), poly([(284, 404), (313, 300), (342, 404)], "#46535b")]
    parts += [
        poly([(0, 796), (1600, 776), (1600, 900), (0, 900)], "#20272c"),
        poly([(0, 796), (1600, 776), (1600, 792), (0, 814)], "#6d5b43"),
    ]
    cx = 1060.0
    parts += [f'<ellipse cx="{cx:.0f}" cy="796" rx="270" ry="26" fill="{AMBER}" opacity="30%"/>']
    parts += [
        path(
            f"M{cx - 132} 640C{cx - 190} 300 {cx - 70} 150 {cx} 150S{cx + 190} 300 {cx + 132} 640",
            stroke="#2b3338",
            width=13,
        )
    ]
    parts.append(circle(cx, 556, 240, "url(#flame)"))
    parts += [
        poly([(cx - 118, 792), (cx + 118, 792), (cx + 96, 690), (cx - 96, 690)], "#3a454c"),
        rect(cx - 128, 780, 256, 16, "#2b3338"),
        rect(cx - 74, 664, 148, 28, "#2b3338"),
    ]
    parts += [
        path(
            f"M{cx - 66} 664C{cx - 132} 590 {cx - 120} 470 {cx - 60} 420H{cx + 60}C{cx + 120} 470 {cx + 132} 590 {cx + 66} 664Z",
            "url(#glass)",
        )
    ]
    parts += [
        path(f"M{cx} 480C{cx + 40} 540 {cx + 44} 590 {cx} 634C{cx - 44} 590 {cx - 40} 540 {cx} 480Z", "#fff3cf"),
        path(f"M{cx} 548C{cx + 18} 580 {cx + 20} 606 {cx} 632C{cx - 20} 606 {cx - 18} 580 {cx} 548Z", "#f2b75a"),
        rect(cx - 14, 632, 28, 32, "#54493a"),
    ]
    parts += [path(f"M{cx - 84} 660C{cx - 60} 560 {cx - 76} 470 {cx - 62} 424", stroke=CREAM, width=5, opacity=0.55)]
    parts += [
        poly([(cx - 72, 420), (cx + 72, 420), (cx + 54, 366), (cx - 54, 366)], "#3a454c"),
        rect(cx - 84, 412, 168, 14, "#2b3338"),
        poly([(cx - 46, 366), (cx + 46, 366), (cx + 26, 300), (cx - 26, 300)], "#2b3338"),
        rect(cx - 60, 358, 120, 12, "#4d5a62"),
    ]
    for y in (470, 600):
        parts.append(path(f"M{cx - 116} {y}Q{cx} {y + 26} {cx + 116} {y}", stroke="#2b3338", width=5, opacity=0.85))
    parts += [
        poly([(250, 790), (560, 784), (600, 830), (270, 842)], CREAM),
        poly([(250, 790), (560, 784), (563, 788), (253, 795)], HAZE),
        rect(300, 800, 150, 6, SLATE),
        rect(306, 814, 230, 4, HAZE),
        rect(310, 824, 220, 4, HAZE),
    ]
    return frame(
        *parts,
        defs=fade("sky", (0, "#3b4a54", 1), (0.55, "#88857a", 1), (0.8, "#c2a273", 1))
        + glow("halo", "#f7d691", 0.55)
        + glow("flame", "#ffe9b0", 0.95)
        + fade("glass", (0, "#f2d79b", 0.7), (1, "#c99a52", 0.85)),
    )


SCENES = {"blocks": blocks, "bakery": bakery, "lantern": lantern}
