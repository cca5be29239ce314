"""Charts and the map: ink and tints of grey on paper, one warm tone for the thing meant; in two languages."""

from collections.abc import Callable

from standfirst.ops.demo.draw.base import (
    CREAM,
    HEIGHT,
    INK,
    OCHRE,
    RUST,
    SLATE,
    WIDTH,
    circle,
    frame,
    line,
    n,
    path,
    poly,
    rect,
)

GROUND, SOFT, HAIR, TINT = "#f7f5ef", "#5a6068", "#d7d8d4", "#c4cace"


def text(
    x: float,
    y: float,
    words: str,
    size: float = 30,
    *,
    fill: str = INK,
    anchor: str = "start",
    weight: int = 400,
    turn: float = 0,
) -> str:
    more = f' transform="rotate({n(turn)} {n(x)} {n(y)})"' if turn else ""
    return (
        f'<text x="{n(x)}" y="{n(y)}" font-family="Liberation Sans" font-size="{n(size)}" font-weight="{weight}" '
        f'fill="{fill}" text-anchor="{anchor}"{more}>{words}</text>'
    )


def _sheet(title: str, below: str, note: str, *body: str) -> str:
    return frame(
        rect(0, 0, WIDTH, HEIGHT, GROUND),
        rect(70, 56, 1460, 5, INK),
        text(70, 118, title, 42, weight=700),
        text(70, 164, below, 29, fill=SOFT),
        *body,
        line(70, 836, 1530, 836, HAIR, 2),
        text(70, 872, note, 24, fill=SOFT),
    )


SHELTERS = [(11, 12), (14, 22), (4, 8), (5, 14), (8, 24), (3, 16)]


def _shelters(title: str, below: str, note: str, places: list[str], of: str) -> str:
    parts = []
    for i, ((is_open, seen), place) in enumerate(zip(SHELTERS, places, strict=True)):
        y = 222 + i * 100.0
        unit = 36.0
        parts.append(text(70, y + 42, place, 31, weight=600))
        for k in range(seen):
            filled = k < is_open
            parts.append(rect(420 + k * unit, y, unit - 7, 58, INK if filled else TINT))
        parts.append(text(420 + seen * unit + 16, y + 41, of.format(is_open, seen), 30, fill=SOFT))
        if i:
            parts.append(line(70, y - 21, 1530, y - 21, HAIR, 1.5))
    return _sheet(title, below, note, *parts)


def shelters_en() -> str:
    return _shelters(
        "Open after ten in the evening",
        "Each bar is one shelter we walked to; dark ones let us in",
        "Source: visits by The Lantern to 96 of 312 registered shelters, on five nights",
        ["Station", "Old Town", "Millrace", "Harbour", "Cable Street", "Left Bank"],
        "{} of {}",
    )


def shelters_uk() -> str:
    return _shelters(
        "Відчинені після десятої вечора",
        "Кожна смужка – одне укриття, до якого ми дійшли; у темні нас впустили",
        "Джерело: обхід «Ліхтаря», 96 із 312 укриттів із реєстру, п’ять ночей",
        ["Вокзал", "Старе місто", "Млинівка", "Пристань", "Кабельна", "Лівий берег"],
        "{} із {}",
    )


HALL = [
    1184,
    1180,
    1191,
    1196,
    1203,
    1199,
    1210,
    1222,
    1231,
    1229,
    1240,
    1252,
    1266,
    1274,
    1289,
    1301,
    1312,
    1331,
    1327,
    1318,
    1309,
    1311,
    1304,
    1299,
    1301,
    1297,
]
SHOPS = [
    1236,
    1238,
    1238,
    1245,
    1246,
    1251,
    1252,
    1259,
    1260,
    1266,
    1268,
    1270,
    1277,
    1279,
    1284,
    1290,
    1291,
    1298,
    1302,
    1303,
    1309,
    1310,
    1314,
    1314,
    1317,
    1318,
]


def _basket(title: str, below: str, note: str, hall: str, shops: str, week: str, peak: str) -> str:
    left, right, top, foot = 150.0, 1216.0, 220.0, 760.0

    def at(i: int, value: float) -> tuple[float, float]:
        return left + (right - left) * i / 25, foot - (foot - top) * (value - 1150) / 200

    parts = []
    for value in range(1150, 1351, 50):
        y = at(0, value)[1]
        parts += [
            line(left, y, right, y, HAIR if value > 1150 else INK, 2),
            text(left - 18, y + 10, f"{value:,}".replace(",", " "), 26, fill=SOFT, anchor="end"),
        ]
    for i in (0, 5, 10, 15, 20, 25):
        x = at(i, 1150)[0]
        parts += [
            line(x, foot, x, foot + 10, INK, 2),
            text(x, foot + 42, week.format(i + 1), 25, fill=SOFT, anchor="middle"),
        ]
    for series, tone, width in ((SHOPS, "#8d979d", 6), (HALL, INK, 8)):
        d = "M" + "L".join(f"{n(x)} {n(y)}" for x, y in (at(i, v) for i, v in enumerate(series)))
        parts.append(path(d, stroke=tone, width=width).replace("<path", '<path stroke-linejoin="round"'))
    x, y = at(17, 1331)
    parts += [circle(x, y, 11, OCHRE), text(x, y - 26, peak, 27, anchor="middle", weight=600)]
    parts += [
        text(right + 22, at(25, 1297)[1] + 30, hall, 29, weight=700),
        text(right + 22, at(25, 1318)[1] - 12, shops, 29, fill=SOFT, weight=600),
    ]
    for series in (HALL, SHOPS):
        parts.append(circle(*at(25, series[-1]), 9, INK if series is HALL else "#8d979d"))
    return _sheet(title, below, note, *parts)


def basket_en() -> str:
    return _basket(
        "Eighteen things in one bag",
        "Price of the same basket, hryvnias, 26 weeks",
        "Source: weekly price walk by The Lantern, Saturdays before noon; the scale starts at 1 150",
        "Market hall: 1 297",
        "Supermarkets: 1 318",
        "week {}",
        "1 331: the hauliers’ strike",
    )


def basket_uk() -> str:
    return _basket(
        "Вісімнадцять речей в одній торбі",
        "Ціна того самого кошика, гривні, 26 тижнів",
        "Джерело: щотижневий обхід «Ліхтаря», суботи до полудня; шкала починається з 1 150",
        "Критий ринок: 1 297",
        "Супермаркети: 1 318",
        "тижд. {}",
        "1 331: страйк перевізників",
    )


DAYS = [
    ("Divorce by consent", 61),
    ("Debts under 50,000 hryvnias", 142),
    ("Work and wages", 233),
    ("Neighbours and boundaries", 318),
    ("Land and leases", 402),
]


def durations() -> str:
    parts = []
    for i, (what, days) in enumerate(DAYS):
        y = 226 + i * 118.0
        parts += [
            text(70, y + 44, what, 31, weight=600),
            rect(560, y, days * 1.95, 64, RUST if days > 400 else SLATE),
            text(
                560 + days * 1.95 + (18 if days != 142 else 96),
                y + 44,
                f"{days} days",
                31,
                weight=700 if days > 400 else 400,
            ),
        ]
        if i:
            parts.append(line(70, y - 27, 1530, y - 27, HAIR, 1.5))
    x = 560 + 183 * 1.95
    parts[:0] = [line(x, 200, x, 800, OCHRE, 4), text(x + 12, 818, "half a year", 25, fill=SOFT)]
    return _sheet(
        "How long a first judgment takes",
        "Median days from filing to judgment, district court, 1,140 civil cases",
        "Source: The Lantern’s count from the public register of judgments; the middle case of each kind",
        *parts,
    )


def _plan(words: dict[str, str]) -> str:
    """Where the bridge is, where line 3 stops now and how traffic goes round."""
    river = "M-40 640C220 560 360 470 560 452S900 500 1060 610S1420 760 1660 700"
    parts = [rect(0, 0, WIDTH, HEIGHT, "#ece8dd")]
    for x in range(-200, 1800, 118):
        parts.append(line(x, -20, x + 260, 920, "#dfd9cb", 9))
    for y in range(-420, 1300, 104):
        parts.append(line(-20, y, 1620, y + 190, "#dfd9cb", 9))
    blocks = [
        (250, 120),
        (392, 150),
        (540, 176),
        (690, 208),
        (1120, 190),
        (1260, 210),
        (430, 720),
        (580, 742),
        (900, 766),
        (240, 250),
    ]
    for x, y in blocks:
        parts.append(poly([(x, y), (x + 94, y + 15), (x + 112, y + 84), (x + 20, y + 68)], "#d5cebd"))
    parts += [
        poly([(1130, 330), (1370, 370), (1420, 500), (1190, 470)], "#cfd3c0"),
        poly([(60, 740), (300, 700), (340, 860), (90, 890)], "#cfd3c0"),
    ]
    parts += [path(river, stroke="#c3ced2", width=128), path(river, stroke="#aebcc3", width=112)]
    main = "M-20 196C240 230 420 250 600 300"
    parts += [
        path(
            main + "C720 334 760 372 776 420L828 640C850 720 900 770 1000 800L1640 890",
            stroke=CREAM,
            width=26,
        )
    ]
    parts += [
        path(
            "M-20 196C240 230 420 250 600 300C720 334 1000 320 1240 250S1500 330 1500 420V760L1640 800",
            stroke=CREAM,
            width=20,
        )
    ]
    tram = "M120 -20C150 120 240 210 420 246S640 310 700 350L770 404"
    parts += [
        path(tram, stroke=INK, width=9),
        path("M770 404L832 652C850 720 900 770 1000 800L1640 890", stroke=INK, width=9).replace(
            "<path", '<path stroke-dasharray="4 16"'
        ),
    ]
    detour = "M700 346C760 330 1000 320 1240 250S1496 330 1500 420V764L1420 840"
    parts += [path(detour, stroke=OCHRE, width=10).replace("<path", '<path stroke-dasharray="30 14"')]
    stops = {
        "station": (154, 92),
        "market": (420, 246),
        "theatre": (612, 296),
        "bridge_west": (770, 404),
        "bridge_east": (832, 652),
        "cable": (1000, 800),
        "works": (1330, 846),
    }
    for key, (x, y) in stops.items():
        parts += [circle(x, y, 15, GROUND), circle(x, y, 10, RUST if key.startswith("bridge") else INK)]
    parts += [
        rect(752, 470, 100, 116, GROUND, opacity=0),
        line(746, 478, 866, 560, RUST, 15),
        line(862, 468, 750, 570, RUST, 15),
    ]

    def label(
        x: float,
        y: float,
        key: str,
        size: float = 28,
        weight: int = 600,
        anchor: str = "start",
        fill: str = INK,
    ) -> str:
        halo = text(x, y, words[key], size, fill=fill, anchor=anchor, weight=weight)
        return halo.replace(
            "<text", '<text stroke="#f3f0e8" stroke-width="9" stroke-linejoin="round" paint-order="stroke"'
        )

    parts += [
        label(186, 88, "station"),
        label(404, 300, "market", anchor="end"),
        label(640, 268, "theatre"),
        label(724, 426, "west", anchor="end"),
        label(870, 668, "east"),
        label(1000, 760, "cable"),
        label(1300, 800, "works", anchor="middle"),
        label(890, 540, "closed", 36, 700, fill=RUST),
        label(1110, 226, "detour", 28, 600, fill="#83642a"),
        label(1190, 430, "park", 25, 400, fill=SOFT),
    ]
    parts.append(
        text(150, 596, words["river"], 34, fill="#52656e", turn=-21)
        .replace("Sans", "Serif")
        .replace("<text", '<text font-style="italic" letter-spacing="8"')
    )
    parts += [
        rect(1150, 44, 400, 128, GROUND),
        rect(1150, 44, 400, 5, INK),
        line(1174, 86, 1244, 86, INK, 9),
        text(1262, 96, words["line"], 26),
        line(1174, 136, 1244, 136, INK, 9).replace("<path", '<path stroke-dasharray="4 16"'),
        text(1262, 146, words["dotted"], 26),
    ]
    parts += [
        line(90, 850, 290, 850, INK, 5),
        line(90, 838, 90, 862, INK, 4),
        line(290, 838, 290, 862, INK, 4),
        text(308, 860, "500 m" if words["line"].startswith("L") else "500 м", 26),
    ]
    return frame(*parts)


def plan_en() -> str:
    return _plan(
        {
            "station": "Station",
            "market": "Market Hall",
            "theatre": "Korsak Theatre",
            "west": "Bridge West",
            "east": "Bridge East",
            "cable": "Cable Street",
            "works": "Cable Works",
            "closed": "closed to cars and trams",
            "detour": "Detour by the Ring Bridge, +6.4 km",
            "park": "Millrace Park",
            "river": "Yasenka",
            "line": "Line 3 runs",
            "dotted": "Line 3 does not run",
        }
    )


def plan_uk() -> str:
    return _plan(
        {
            "station": "Вокзал",
            "market": "Критий ринок",
            "theatre": "Театр Корсака",
            "west": "Міст-Захід",
            "east": "Міст-Схід",
            "cable": "Кабельна",
            "works": "Кабельний завод",
            "closed": "закрито для авто й трамваїв",
            "detour": "Об’їзд Кільцевим мостом, +6,4 км",
            "park": "Парк Млинівка",
            "river": "Ясенка",
            "line": "№ 3 їздить",
            "dotted": "№ 3 не їздить",
        }
    )


SCENES: dict[str, Callable[[], str]] = {
    "shelters-en": shelters_en,
    "shelters-uk": shelters_uk,
    "basket-en": basket_en,
    "basket-uk": basket_uk,
    "durations": durations,
    "plan-en": plan_en,
    "plan-uk": plan_uk,
}
