"""Pictures of the town by day: the tram, the courthouse, the market hall, the works."""
# ruff: noqa: E501 – a drawing is a list of long lines.

import math

from standfirst.ops.demo.draw.base import (
    AMBER,
    CREAM,
    DEEP,
    HEIGHT,
    INK,
    NIGHT,
    OCHRE,
    RUST,
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


def tram() -> str:
    """Line 3 at the Cable Street stop: one long car, a wet pavement, a street in planes behind it."""
    parts = [rect(0, 0, WIDTH, HEIGHT, "url(#sky)")]
    dice = Dice(23)
    x = -30.0
    while x < WIDTH:
        w, h = dice.roll(120, 230), dice.roll(250, 420)
        top = 600 - h
        parts.append(rect(x, top, w, h, "#a9b1b1"))
        if dice.roll() > 0.5:
            parts.append(poly([(x, top), (x + w / 2, top - 46), (x + w, top)], "#a9b1b1"))
        x += w
    x = -60.0
    while x < WIDTH:
        w, h = dice.roll(190, 300), dice.roll(240, 350)
        top = 640 - h
        tone = ["#7f8a8e", "#8a8b84", "#76838a"][int(dice.roll(0, 2.99))]
        parts += [rect(x, top, w, h, tone), rect(x - 6, top - 12, w + 12, 12, "#5f6a70")]
        columns = int(w // 52)
        for row in range(3):
            for c in range(columns):
                lit = dice.roll() > 0.72
                parts.append(
                    rect(
                        x + 22 + c * (w - 36) / columns,
                        top + 34 + row * 78,
                        24,
                        44,
                        AMBER if lit else "#56636a",
                        opacity=0.95 if lit else 0.7,
                    )
                )
        x += w
    parts += [rect(0, 640, WIDTH, 260, "url(#street)"), rect(0, 636, WIDTH, 6, "#9b9588")]
    for y in (752, 792):
        parts.append(rect(0, y, WIDTH, 5, "#c9c3b4", opacity=0.8))
    for px in (210, 1440):
        parts += [
            rect(px, 150, 9, 600, INK),
            path(f"M{px + 4} 190C{px + 60} 182 {px + 110} 186 {px + 150} 200", stroke=INK, width=5),
        ]
    parts += [line(0, 204, WIDTH, 188, INK, 2.4), line(0, 232, WIDTH, 214, INK, 1.6)]
    # the car: three sections, one floor line
    left, right, roof, floor = 300.0, 1330.0, 392.0, 748.0
    parts.append(
        path(
            f"M{left + 30} {floor}L{left} {floor - 60}L{left + 46} {roof + 10}Q{left + 54} {roof} {left + 78} {roof}H{right - 78}Q{right - 54} {roof} {right - 46} {roof + 10}L{right} {floor - 60}L{right - 30} {floor}Z",
            "#e9e2d2",
        )
    )
    parts.append(path(f"M{left + 1} {floor - 62}L{right - 1} {floor - 62}L{right - 30} {floor}H{left + 30}Z", RUST))
    parts.append(rect(left + 14, floor - 98, right - left - 28, 14, RUST, opacity=0.85))
    for start, end in ((left + 60, 632), (664, 966), (998, right - 60)):
        parts.append(rect(start, roof + 38, end - start, 148, "#37444c"))
        parts.append(
            poly(
                [
                    (start, roof + 186),
                    (start, roof + 120),
                    (start + 180, roof + 38),
                    (start + 260, roof + 38),
                    (start + 60, roof + 186),
                ],
                "#5d6d76",
                opacity=0.7,
            )
        )
    for jx in (648, 982):
        for k in (-12, -4, 4, 12):
            parts.append(rect(jx + k - 2, roof + 4, 4, floor - roof - 22, "#6d6a63"))
    for door in (470, 780, 1116):
        parts += [
            rect(door, roof + 32, 96, floor - roof - 56, "#d5ccb8"),
            rect(door + 8, roof + 44, 36, floor - roof - 84, "#2f3b43"),
            rect(door + 52, roof + 44, 36, floor - roof - 84, "#2f3b43"),
        ]
    for i, px in enumerate((400, 434, 604, 700, 738, 900, 930, 1040, 1240)):
        hx = px + dice.roll(-6, 6)
        parts += [
            circle(hx, roof + 116 + (i % 3) * 6, 15, INK),
            path(
                f"M{n(hx - 27)} {roof + 186}C{n(hx - 26)} {roof + 140} {n(hx + 26)} {roof + 140} {n(hx + 27)} {roof + 186}Z",
                INK,
            ),
        ]
    parts += [
        rect(right - 250, roof + 8, 176, 24, INK),
        f'<text x="{right - 236:.0f}" y="{roof + 28:.0f}" font-family="Liberation Sans" font-weight="700" font-size="21" fill="{AMBER}">3  ПРИСТАНЬ</text>',
    ]
    for wx in (410, 560, 760, 880, 1080, 1230):
        parts.append(rect(wx - 38, floor - 12, 76, 20, NIGHT, rx=8))
    parts += [
        path(f"M720 {roof}L770 300L722 218L800 212", stroke=INK, width=5),
        rect(690, roof - 16, 220, 16, "#6b6a64"),
    ]
    for x0 in (330, 700, 1010, 1250):
        parts.append(rect(x0, 800, 60, 90, AMBER, opacity=0.12))
    parts.append(poly([(left, 800), (right, 800), (right - 40, 880), (left + 40, 880)], NIGHT, opacity=0.22))
    return frame(
        *parts,
        defs=fade("sky", (0, "#b5bfc2", 1), (0.7, "#e3d5b8", 1), (1, "#e9cf9c", 1))
        + fade("street", (0, "#7d7a72", 1), (1, "#474c4f", 1)),
    )


def courthouse() -> str:
    """The district court from its steps: six columns and one hard edge of light."""
    parts = [rect(0, 0, WIDTH, HEIGHT, "url(#sky)")]
    parts += [
        poly([(150, 268), (800, 84), (1450, 268)], "#d7cfbf"),
        poly([(250, 254), (800, 100), (1350, 254)], "#c2b9a7"),
    ]
    parts += [
        rect(130, 266, 1340, 34, "#e2dacb"),
        rect(160, 300, 1280, 44, "#cfc6b5"),
        rect(160, 344, 1280, 372, "#8b9093"),
    ]
    for i in range(5):
        x = 292 + i * 222.0
        parts += [rect(x + 30, 420, 66, 296, "#5b666d"), rect(x + 38, 430, 50, 286, "#414c53")]
    parts += [
        rect(736 - 10, 404, 128 + 20, 312, "#4b555b"),
        rect(736, 416, 128, 300, INK),
        rect(798, 416, 4, 300, "#5b666d"),
    ]
    for i in range(6):
        x = 196 + i * 222.0
        parts += [
            rect(x - 12, 344, 122, 22, "#e6decf"),
            rect(x - 12, 692, 122, 26, "#e6decf"),
            poly([(x + 4, 366), (x + 94, 366), (x + 98, 692), (x, 692)], "url(#column)"),
        ]
        for k in range(1, 6):
            parts.append(rect(x + 4 + k * 15.4, 368, 3, 322, "#6f7679", opacity=0.22))
    for i in range(7):
        y = 718 + i * 26.0
        parts.append(rect(120 - i * 26, y, 1360 + i * 52, 27, ["#ded5c5", "#c9c0af"][i % 2]))
        parts.append(rect(120 - i * 26, y + 21, 1360 + i * 52, 5, "#9c958a"))
    parts.append(poly([(0, 0), (620, 0), (1180, 900), (0, 900)], "#27333b", opacity=0.36))
    parts += [
        circle(1048, 726, 12, INK),
        poly([(1036, 740), (1062, 740), (1070, 800), (1066, 862), (1034, 862), (1028, 800)], INK),
        poly([(1034, 862), (1066, 862), (1250, 900), (1190, 900)], INK, opacity=0.3),
        rect(1064, 792, 30, 24, RUST),
    ]
    return frame(
        *parts,
        defs=fade("sky", (0, "#9fb0b9", 1), (1, "#dcdcd2", 1))
        + fade("column", (0, "#f1e9da", 1), (0.55, "#d2c9b9", 1), (1, "#99958d", 1), angle="right"),
    )


def market() -> str:
    """Inside the market hall: iron ribs running back to the light, stalls on both sides."""
    cx, cy = 800.0, 540.0
    steps = 9
    back = []
    for i in reversed(range(steps)):
        s = (1 - i / steps) ** 1.7 * 1.12 + 0.11
        w, spring, floor = 760 * s, cy - 170 * s, cy + 400 * s
        t = i / (steps - 1)
        tone = _mix("#39444b", "#d9cba9", t**0.75)
        back.append(
            path(
                f"M{n(cx - w)} {n(floor)}V{n(spring)}A{n(w)} {n(w * 0.7)} 0 0 1 {n(cx + w)} {n(spring)}V{n(floor)}",
                stroke=tone,
                width=4 + 30 * s,
            )
        )
        back.append(
            path(
                f"M{n(cx - w)} {n(spring)}A{n(w)} {n(w * 0.34)} 0 0 1 {n(cx + w)} {n(spring)}",
                stroke=tone,
                width=1.4 + 6 * s,
            )
        )
        for k in range(1, 12):
            a = math.pi * k / 12
            back.append(
                line(
                    cx - w * math.cos(a),
                    spring - w * 0.7 * math.sin(a),
                    cx - w * math.cos(a),
                    spring - w * 0.34 * math.sin(a),
                    tone,
                    1 + 3.4 * s,
                )
            )
        for side in (-1, 1):
            x = cx + side * w * 0.94
            depth = w * 0.42
            inner = x - side * depth
            top = floor - 250 * s
            canvas = [RUST, "#7c8a74", OCHRE, SLATE, "#a3785a"][(i + (side > 0)) % 5]
            back.append(
                poly(
                    [(x, top), (inner, top + 40 * s), (inner, top + 76 * s), (x, top + 40 * s)],
                    _mix(canvas, "#dccfae", t**0.8),
                )
            )
            back.append(
                poly(
                    [(x, floor - 92 * s), (inner, floor - 92 * s), (inner, floor), (x, floor)],
                    _mix("#4d4a44", "#d4c6a4", t**0.8),
                )
            )
            for k in range(5):
                bx = x - side * depth * (k + 0.5) / 5
                back.append(
                    circle(
                        bx,
                        floor - 104 * s,
                        24 * s,
                        _mix([AMBER, "#a9573f", "#71805f", OCHRE, "#b7a98a"][(k + i) % 5], "#dccfae", t**0.8),
                    )
                )
    ground = poly([(cx - 70, cy + 44), (cx + 70, cy + 44), (1900, 960), (-300, 960)], "url(#floor)")
    people = ""
    for x, foot, s in (
        (742, 660, 0.62),
        (858, 612, 0.4),
        (812, 606, 0.36),
        (905, 760, 0.95),
        (690, 640, 0.5),
    ):
        people += circle(x, foot - 128 * s, 14 * s, INK, opacity=0.9) + path(
            f"M{n(x - 24 * s)} {n(foot - 50 * s)}C{n(x - 28 * s)} {n(foot - 120 * s)} {n(x + 28 * s)} {n(foot - 120 * s)} {n(x + 24 * s)} {n(foot - 50 * s)}L{n(x + 15 * s)} {n(foot)}H{n(x - 15 * s)}Z",
            INK,
            opacity=0.9,
        )
    return frame(
        rect(0, 0, WIDTH, HEIGHT, "url(#air)"),
        circle(cx, cy - 60, 620, "url(#sun)"),
        ground,
        *back,
        people,
        poly([(0, 0), (0, 900), (200, 900)], NIGHT, opacity=0.35),
        poly([(1600, 0), (1600, 900), (1400, 900)], NIGHT, opacity=0.35),
        defs=fade("air", (0, "#b9b39f", 1), (0.6, "#efe2c3", 1))
        + glow("sun", "#fff4d8", 1)
        + fade("floor", (0, "#e3d5b4", 1), (1, "#6d6759", 1)),
    )


def _mix(a: str, b: str, t: float) -> str:
    pairs = [(int(a[i : i + 2], 16), int(b[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(p + (q - p) * t):02x}" for p, q in pairs)


def works() -> str:
    """The cable works before the first shift: a saw-tooth roof, one chimney, drums in the yard."""
    parts = [rect(0, 0, WIDTH, HEIGHT, "url(#sky)"), circle(330, 420, 330, "url(#sun)")]
    parts += [
        poly([(1120, 560), (1146, 130), (1192, 130), (1218, 560)], "#7a5f53"),
        poly([(1172, 560), (1172, 130), (1192, 130), (1218, 560)], "#5c4740"),
    ]
    parts += [rect(1140, 168, 58, 12, CREAM, opacity=0.75), rect(1138, 204, 62, 12, CREAM, opacity=0.75)]
    parts.append(
        path(
            "M1170 120C1200 60 1290 96 1330 40S1480 40 1620 -10V60C1500 90 1440 96 1370 112S1240 150 1170 120Z",
            CREAM,
            opacity=0.4,
        )
    )
    for i in range(9):
        x = -70 + i * 190.0
        parts += [
            poly([(x, 560), (x, 392), (x + 190, 520), (x + 190, 560)], "#56636a" if i % 2 else "#4e5b62"),
            poly([(x, 392), (x + 190, 520), (x + 190, 508), (x, 376)], "#39444b"),
        ]
        parts.append(poly([(x - 46, 560), (x - 46, 500), (x, 392), (x, 560)], "#e6c98d", opacity=0.92))
        for k in range(1, 4):
            parts.append(line(x - 46 + k * 11.5, 500 - 27 * k, x - 46 + k * 11.5, 560, "#39444b", 3))
    parts += [rect(0, 548, WIDTH, 190, "url(#wall)"), rect(0, 544, WIDTH, 10, "#39444b")]
    for i in range(14):
        x = 36 + i * 116.0
        parts += [
            rect(x, 594, 62, 92, "#2f3a41"),
            rect(x, 594, 62, 92, AMBER, opacity=0.5 if i in (2, 3, 7, 11) else 0),
        ]
        parts += [rect(x + 29, 594, 4, 92, "#566269"), rect(x, 638, 62, 4, "#566269")]
    parts.append(rect(0, 736, WIDTH, 164, "url(#yard)"))

    def drum(x: float, y: float, r: float, tone: str) -> str:
        rings = "".join(
            circle(x, y, r * k, c)
            for k, c in ((1, "#7b6248"), (0.93, "#a5865e"), (0.72, tone), (0.3, "#7b6248"), (0.12, NIGHT))
        )
        spokes = "".join(
            line(
                x + r * 0.3 * math.cos(a),
                y + r * 0.3 * math.sin(a),
                x + r * 0.93 * math.cos(a),
                y + r * 0.93 * math.sin(a),
                "#6d563f",
                3,
                opacity=0.6,
            )
            for a in (0.4, 1.45, 2.5, 3.54, 4.6, 5.64)
        )
        return (
            f'<ellipse cx="{n(x + r * 0.5)}" cy="{n(y + r - 4)}" rx="{n(r * 1.3)}" ry="12" fill="{NIGHT}" opacity="35%"/>'
            + rect(x, y - r, r * 0.72, 2 * r, "#5d4b39")
            + circle(x + r * 0.72, y, r, "#5d4b39")
            + rings
            + spokes
        )

    parts += [
        drum(1290, 736, 92, INK),
        drum(1080, 756, 72, DEEP),
        drum(250, 750, 80, "#3c3431"),
        drum(470, 772, 58, INK),
        drum(1480, 770, 62, "#3c3431"),
    ]
    return frame(
        *parts,
        defs=fade("sky", (0, "#93a3aa", 1), (0.6, "#dccdb0", 1), (1, "#e5c896", 1))
        + glow("sun", "#fff0cc", 0.8)
        + fade("wall", (0, "#8d6a57", 1), (1, "#6c5145", 1))
        + fade("yard", (0, "#8c8272", 1), (1, "#54524d", 1)),
    )


SCENES = {
    "tram": tram,
    "courthouse": courthouse,
    "market": market,
    "works": works,
}
