"""Make the theme's subset variable faces from the static ones of Brygada 1918.

    npm pack @expo-google-fonts/brygada-1918 && tar xzf expo-google-fonts-brygada-1918-*.tgz
    python tools/make_fonts.py package src/standfirst/theme/static/theme/fonts

Why not the ready variable subsets: they split Cyrillic from its punctuation, so that the two are not kerned
together and every Ukrainian page loads the Latin file for a full stop. Weights 400 and 700 are the masters.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset, varLib
from fontTools.designspaceLib import AxisDescriptor, DesignSpaceDocument, SourceDescriptor
from fontTools.ttLib import TTFont

PUNCTUATION = (
    "20-40,5B-60,7B-7E,A0,A7,A9,AB,AD,B0,B1,B7,BB,D7,2013,2014,2018-201A,201C-201E,2020,2022,2026,2032,2033,"
    "2039,203A,2044,20AC,2116,2122,2190-2193,2212"
)
LETTERS = {
    "latin": "20-7E,A0-FF,131,152,153,2BC,2C6,2DA,2DC,2009,200A,202F,2013,2014,2018-201A,201C-201E,2020,2022,"
    "2026,2032,2033,2039,203A,2044,20AC,2116,2122,2190-2193,2212",
    "latin-ext": "100-130,132-151,154-17F,18F,1C4-1CC,1E6-1E7,218-21B,237,1E02-1E03,1E0A-1E0B,1E1E-1E1F,"
    "1E40-1E41,1E56-1E57,1E60-1E61,1E6A-1E6B,1E80-1E85,1E9E,1EF2-1EF3,20A9,20BA,20BD",
    "cyrillic": f"2BC,2019,400-45F,490,491,301,2116,{PUNCTUATION}",
}
# What a face can do without, to keep a page of two scripts and two styles within its budget.
SPARED = {
    (
        "latin",
        "italic",
    ): "AC,B5,A4,A6,AA,AD,AF,B2-B9,BC-BE,AE,2190-2193,2044,2032,2033,2DA,2C6,2DC,7C,5E,60,7E,40,23,5C,7B,7D",
    ("cyrillic", "normal"): "5E,60,7E,5C,7B,7D,2044,2190-2193",
    (
        "cyrillic",
        "italic",
    ): "400,402,403,409,40A,40B,40C,40D,40F,450,452,453,459-45D,45F,2032,2033,7C,5E,60,7E,40,"
    "23,5C,7B,7D,2044,2190-2193",
}
MASTERS = {400: "400Regular", 700: "700Bold"}


def code_points(ranges: str) -> set[int]:
    """The code points of hexadecimal ranges such as "20-7E,A0"."""
    points: set[int] = set()
    for part in filter(None, ranges.split(",")):
        first, _, last = part.partition("-")
        points |= set(range(int(first, 16), int(last or first, 16) + 1))
    return points


def make(package: Path, out: Path, *, letters: str, style: str) -> Path:
    """Subset both masters alike, join them to one variable face, write it as WOFF2."""
    points = code_points(LETTERS[letters]) - code_points(SPARED.get((letters, style), ""))
    features = ["kern", "ccmp", "locl", "mark"]
    if letters != "latin-ext":
        features += ["liga", "mkmk"] + (["tnum", "lnum"] if style == "normal" else [])
    space = DesignSpaceDocument()
    axis = AxisDescriptor()
    axis.tag, axis.name = "wght", "Weight"
    axis.minimum, axis.default, axis.maximum = 400, 400, 700
    space.addAxis(axis)
    for weight, name in MASTERS.items():
        folder = name + ("_Italic" if style == "italic" else "")
        options = subset.Options()
        options.layout_features = features
        options.hinting = False
        options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17, 25]
        font = TTFont(package / folder / f"Brygada1918_{folder}.ttf")
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=points)
        cutter.subset(font)
        source = SourceDescriptor()
        source.font, source.name, source.location = font, name, {"Weight": weight}
        space.addSource(source)
    face, _, _ = varLib.build(space, exclude=["MVAR"])
    face.flavor = "woff2"
    path = out / f"brygada-1918-{letters}-{style}.woff2"
    face.save(path)
    return path


if __name__ == "__main__":
    for style in ("normal", "italic"):
        for letters in LETTERS:
            path = make(Path(sys.argv[1]), Path(sys.argv[2]), letters=letters, style=style)
            sys.stdout.write(f"{path.name} {path.stat().st_size}\n")
