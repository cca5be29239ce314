"""What a picture file says about itself: IPTC (IIM and XMP) and Exif in, a small XMP packet out.

Reads who made it, how to credit it, when it was taken, its city and country and its terms. Never reads
coordinates, devices or serial numbers: what is not read cannot be passed on. Pure functions, no framework.
Sources: IPTC Photo Metadata Standard; IIM 4.2; XMP part 1; PLUS-LDF (standards PV-01, RL-10).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlsplit

from lxml import etree
from PIL import ExifTags, Image, ImageFile, IptcImagePlugin

# A packet longer than this is an editing history or an embedded thumbnail, not a caption.
MAX_PACKET_BYTES = 2_000_000
MAX_TEXT = 2_000
# What a packet of ours may weigh in every rendition.
PACKET_BYTES = 700

NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
DATA_MINING = "http://ns.useplus.org/ldf/vocab/"
# An IIM block that says so is UTF-8 (1:90, ISO 2022 escape).
UTF8_MARK = b"\x1b%G"


@dataclass(frozen=True)
class PictureFacts:
    """What a file says about its picture. Every field may be empty; texts are plain, in NFC as written.

    taken_on: a date, a month or a year: 2026-11-03, 2026-11, 2026.
    place: city and country alone, never a street or coordinates.
    data_mining: a value of PLUS "Data Mining", without its namespace: DMI-PROHIBITED-AIMLTRAINING.
    digital_source: an IPTC Digital Source Type, as its last word: compositeWithTrainedAlgorithmicMedia.
    """

    creator: str = ""
    credit: str = ""
    copyright: str = ""
    caption: str = ""
    alt: str = ""
    taken_on: str = ""
    place: str = ""
    terms: str = ""
    statement: str = ""
    licensor_url: str = ""
    data_mining: str = ""
    digital_source: str = ""


def read_facts(image: Image.Image) -> PictureFacts:
    """What an opened picture says about itself. Broken metadata is as good as none: this never raises."""
    found: dict[str, str] = {}
    # XMP first: it is what editing programs write today; IIM and Exif fill what it leaves open.
    for reader in (_from_xmp, _from_iim, _from_exif):
        try:
            facts = reader(image)
        except Exception:  # noqa: S112  # whatever a stranger's bytes may do in a parser
            continue
        for name, value in facts.items():
            value = _tidy(value)
            if value and not found.get(name):
                found[name] = value
    return PictureFacts(**found)


def _tidy(text: str) -> str:
    text = "".join(c if c.isprintable() or c in "\n\t" else " " for c in text[: MAX_TEXT * 2])
    return re.sub(r"\s+", " ", text).strip()[:MAX_TEXT]


# XMP ---------------------------------------------------------------------------------------------


def _packet_of(image: Image.Image) -> bytes:
    raw = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    data = raw.encode() if isinstance(raw, str) else bytes(raw)
    return data if len(data) <= MAX_PACKET_BYTES else b""


def _from_xmp(image: Image.Image) -> dict[str, str]:
    packet = _packet_of(image)
    start, end = packet.find(b"<"), packet.rfind(b">")
    # A document type has no place in XMP and could only be there to do harm.
    if start < 0 or end < 0 or b"<!DOCTYPE" in packet:
        return {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    root = etree.fromstring(packet[start : end + 1], parser)
    if root is None:
        return {}
    nodes = list(root.iter(f"{{{RDF}}}Description"))
    return {
        "creator": ", ".join(_all(nodes, "dc", "creator")[:5]),
        "credit": _one(nodes, "photoshop", "Credit"),
        "copyright": _one(nodes, "dc", "rights"),
        "caption": _one(nodes, "dc", "description"),
        "alt": _one(nodes, "Iptc4xmpCore", "AltTextAccessibility"),
        "taken_on": _date(_one(nodes, "photoshop", "DateCreated")),
        "place": _place(_one(nodes, "photoshop", "City"), _one(nodes, "photoshop", "Country")),
        "terms": _one(nodes, "xmpRights", "UsageTerms"),
        "statement": _web(_one(nodes, "xmpRights", "WebStatement")),
        "licensor_url": _web(_licensor(nodes)),
        "data_mining": _code(_one(nodes, "plus", "DataMining"), r"DMI-[A-Z-]{3,60}"),
        "digital_source": _code(_one(nodes, "Iptc4xmpExt", "DigitalSourceType"), r"[A-Za-z]{3,60}"),
    }


def _all(nodes: list[Any], prefix: str, name: str) -> list[str]:
    """The values of a property: an attribute, plain text, rdf:resource, or the items of a list."""
    tag = f"{{{NAMESPACES[prefix]}}}{name}"
    for node in nodes:
        if node.get(tag):
            return [node.get(tag)]
        child = node.find(tag)
        if child is None:
            continue
        items = list(child.iter(f"{{{RDF}}}li"))
        # Of several languages the default one counts.
        items.sort(key=lambda item: item.get(XML_LANG) not in (None, "x-default"))
        values = ["".join(item.itertext()).strip() for item in items]
        if not items:
            values = [child.get(f"{{{RDF}}}resource") or "".join(child.itertext()).strip()]
        values = [_tidy(value) for value in values if _tidy(value)]
        if values:
            return values
    return []


def _one(nodes: list[Any], prefix: str, name: str) -> str:
    return next(iter(_all(nodes, prefix, name)), "")


def _licensor(nodes: list[Any]) -> str:
    tag = f"{{{NAMESPACES['plus']}}}LicensorURL"
    for node in nodes:
        for found in (node.get(tag), *(child.text for child in node.iter(tag))):
            if found:
                return str(found)
    return ""


# IIM ---------------------------------------------------------------------------------------------


def _from_iim(image: Image.Image) -> dict[str, str]:
    info = (IptcImagePlugin.getiptcinfo(image) if isinstance(image, ImageFile.ImageFile) else None) or {}
    is_utf8 = _first(info, 1, 90).startswith(UTF8_MARK)

    def text(dataset: int) -> str:
        return decode_iim(_first(info, 2, dataset), is_utf8=is_utf8)

    return {
        "creator": text(80),
        "credit": text(110),
        "copyright": text(116),
        "caption": text(120),
        "taken_on": _date(text(55)),
        "place": _place(text(90), text(101)),
    }


def _first(info: dict[Any, Any], record: int, dataset: int) -> bytes:
    value = info.get((record, dataset), b"")
    if isinstance(value, list):
        value = value[0] if value else b""
    return value if isinstance(value, bytes) else b""


# Three letters of the upper half of Windows-1251 side by side: a Cyrillic word, not an accent here and there.
_CYRILLIC_WORD = re.compile(rb"[\xc0-\xff\xa5\xa8\xaa\xaf\xb2\xb3\xb4\xb8\xba\xbf]{3}")


def decode_iim(raw: bytes, *, is_utf8: bool = False) -> str:
    """The text of an IIM field. Without a mark it may be UTF-8 all the same, or an old Cyrillic or Latin page."""
    if is_utf8:
        return raw.decode("utf-8", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1251" if _CYRILLIC_WORD.search(raw) else "cp1252", "replace")


# Exif --------------------------------------------------------------------------------------------


def _from_exif(image: Image.Image) -> dict[str, str]:
    exif = image.getexif()
    taken = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal, "")
    return {
        "creator": _exif_text(exif.get(ExifTags.Base.Artist)),
        "copyright": _exif_text(exif.get(ExifTags.Base.Copyright)),
        "taken_on": _date(str(taken)),
    }


def _exif_text(value: Any) -> str:
    if isinstance(value, bytes):
        return decode_iim(value.rstrip(b"\0"))
    if not isinstance(value, str):
        return ""
    # Pillow reads Exif text as Latin-1; phones write UTF-8.
    try:
        return value.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return value


# What may stand in a field ----------------------------------------------------------------------


def _date(text: str) -> str:
    """The day alone: 2026-11-03T10:00:00+02:00, 2026:11:03 10:00 and 20261103 → 2026-11-03."""
    match = re.match(r"\s*(\d{4})(?:[-:/.]?(\d{2}))?(?:[-:/.]?(\d{2}))?(?!\d)", text)
    if not match or not 1800 <= int(match[1]) <= 2200:
        return ""
    year, month, day = match.groups()
    if not month or not 1 <= int(month) <= 12:
        return year
    return f"{year}-{month}-{day}" if day and 1 <= int(day) <= 31 else f"{year}-{month}"


def _place(city: str, country: str) -> str:
    return ", ".join(dict.fromkeys(filter(None, (_tidy(city), _tidy(country)))))


def _web(url: str) -> str:
    url = url.strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname and len(url) <= 200 else ""


def _code(value: str, pattern: str) -> str:
    word = value.strip().rsplit("/", 1)[-1]
    return word if re.fullmatch(pattern, word) else ""


# Out ---------------------------------------------------------------------------------------------


def packet(facts: PictureFacts) -> bytes:
    """A compact XMP packet with who made a picture and its terms: no place, no device, at most PACKET_BYTES.

    What matters most goes in first; what no longer fits stays out, a credit that is too long is cut.
    Empty facts make no packet.
    """
    credit = facts.credit or facts.creator
    wanted: list[tuple[str, str, str]] = [
        ("photoshop", "Credit", _cut(credit, 120)),
        ("plus", "DataMining", DATA_MINING + facts.data_mining if facts.data_mining else ""),
        ("dc", "rights", _cut(facts.copyright, 100)),
        ("xmpRights", "WebStatement", facts.statement),
        ("dc", "creator", _cut(facts.creator, 80)),
        ("Iptc4xmpExt", "DigitalSourceType", _source_type(facts.digital_source)),
    ]
    kept: list[tuple[str, str, str]] = []
    for one in wanted:
        if one[2] and len(_written([*kept, one])) <= PACKET_BYTES:
            kept.append(one)
    return _written(kept) if kept else b""


def _source_type(word: str) -> str:
    return f"http://cv.iptc.org/newscodes/digitalsourcetype/{word}" if word else ""


def _cut(text: str, limit_bytes: int) -> str:
    raw = text.encode()
    return text if len(raw) <= limit_bytes else raw[: limit_bytes - 3].decode(errors="ignore").rstrip() + "…"


def _written(properties: list[tuple[str, str, str]]) -> bytes:
    prefixes = dict.fromkeys(prefix for prefix, _name, _value in properties)
    spaces = "".join(f' xmlns:{prefix}="{NAMESPACES[prefix]}"' for prefix in prefixes)
    attributes, elements = "", ""
    for prefix, name, value in properties:
        said = escape("".join(c for c in value if c.isprintable()))
        if name == "creator":
            elements += f"<dc:creator><rdf:Seq><rdf:li>{said}</rdf:li></rdf:Seq></dc:creator>"
        elif name == "rights":
            elements += f'<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">{said}</rdf:li></rdf:Alt></dc:rights>'
        else:
            attributes += f' {prefix}:{name}="{said}"'
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}">'
        f'<rdf:Description rdf:about=""{spaces}{attributes}>{elements}</rdf:Description></rdf:RDF></x:xmpmeta>'
    ).encode()
