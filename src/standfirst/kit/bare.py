"""A picture's file without what cameras and programs wrote into it: same pixels, no place, no device, no serial number.

The compressed pixels are copied as they are. Colour profile, the way the camera was held and animation stay; everything
else goes, also what lies behind the end of the picture (phones put films there). A packet of our own may go in.
Pure functions over bytes. JPEG: ITU T.81; PNG: ISO 15948; WebP: RFC 9649; GIF89a.
"""

from __future__ import annotations

import struct
import zlib

PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD pHYs acTL fcTL fdAT".split())
_WEBP_KEPT = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_GIF_KEPT = frozenset({b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"})
_XMP_JPEG = b"http://ns.adobe.com/xap/1.0/\0"
_XMP_PNG = b"XML:com.adobe.xmp"


class NotKnown(ValueError):
    """Not a file of a kind whose inside we know, or damaged."""


def bare(data: bytes, *, packet: bytes = b"", orientation: int = 1) -> bytes:
    """The file with nothing in it but the picture, `packet` (XMP) and how it is turned (Exif 1 to 8).

    Doing it again to the outcome gives the same bytes. Raises NotKnown for anything but JPEG, PNG, WebP and GIF.
    """
    try:
        if data.startswith(b"\xff\xd8\xff"):
            return _jpeg(data, packet, orientation)
        if data.startswith(PNG):
            return _png(data, packet, orientation)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data, packet, orientation)
        if data[:6] in (b"GIF87a", b"GIF89a"):
            return _gif(data)
    except (IndexError, struct.error) as error:
        raise NotKnown("The file ends in the middle.") from error
    raise NotKnown("The file is of no kind we can take apart.")


def _exif(orientation: int) -> bytes:
    """The smallest Exif there is: one directory with one entry."""
    return b"II*\0\x08\0\0\0" + struct.pack("<HHHIHH", 1, 0x0112, 3, 1, orientation, 0) + bytes(4)


def _jpeg(data: bytes, packet: bytes, orientation: int) -> bytes:
    head: list[bytes] = [data[:2]]
    rest: list[bytes] = []
    added = []
    if orientation != 1:
        added.append(_segment(0xE1, b"Exif\0\0" + _exif(orientation)))
    if packet:
        added.append(_segment(0xE1, _XMP_JPEG + packet))
    at = 2
    while at < len(data):
        if data[at] != 0xFF:
            raise NotKnown("A marker is missing.")
        while data[at + 1] == 0xFF:  # fill bytes
            at += 1
        marker = data[at + 1]
        if marker == 0xD9:
            break
        if marker == 0x01 or 0xD0 <= marker <= 0xD7:
            at += 2
            continue
        size = struct.unpack_from(">H", data, at + 2)[0]
        if size < 2:
            raise NotKnown("A segment has no length.")
        segment = data[at : at + 2 + size]
        at += 2 + size
        if marker == 0xE0 and segment[4:9] == b"JFIF\0" and not rest:
            # Without the little picture that may follow.
            head.append(_segment(0xE0, segment[4:16] + b"\0\0"))
        elif (
            (marker == 0xE2 and segment[4:16] == b"ICC_PROFILE\0")
            or (marker == 0xEE and segment[4:9] == b"Adobe")
            or not (0xE0 <= marker <= 0xEF or marker == 0xFE)
        ):
            rest.append(segment)
        if marker == 0xDA:
            end = _scan_end(data, at)
            rest.append(data[at:end])
            at = end
    return b"".join([*head, *added, *rest, b"\xff\xd9"])


def _segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def _scan_end(data: bytes, at: int) -> int:
    """Where the coded pixels that begin at `at` end: before the next real marker."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        following = data[at + 1]
        if following == 0 or 0xD0 <= following <= 0xD7:
            at += 2
        elif following == 0xFF:
            at += 1
        else:
            return at


def _png(data: bytes, packet: bytes, orientation: int) -> bytes:
    out, at, is_marked = [PNG], len(PNG), False
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        whole = data[at : at + 12 + size]
        if len(whole) < 12 + size:
            raise NotKnown("The file ends in the middle.")
        at += 12 + size
        if kind == b"IDAT" and not is_marked:
            is_marked = True
            if orientation != 1:
                out.append(_chunk(b"eXIf", _exif(orientation)))
            if packet:
                out.append(_chunk(b"iTXt", _XMP_PNG + b"\0\0\0\0\0" + packet))
        if kind in _PNG_KEPT:
            out.append(whole)
        if kind == b"IEND":
            return b"".join(out)
    raise NotKnown("The file has no end.")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _webp(data: bytes, packet: bytes, orientation: int) -> bytes:
    kept: list[tuple[bytes, bytes]] = []
    at, end = 12, min(len(data), 8 + struct.unpack_from("<I", data, 4)[0])
    while at + 8 <= end:
        kind, size = struct.unpack_from("<4sI", data, at)
        content = data[at + 8 : at + 8 + size]
        if len(content) < size:
            raise NotKnown("The file ends in the middle.")
        at += 8 + size + size % 2
        if kind in _WEBP_KEPT:
            kept.append((kind, content))
    first = dict(kept)
    if b"VP8X" in first:
        flags = first[b"VP8X"][0] & ~0b1100
        canvas = first[b"VP8X"][1:]
    elif packet or orientation != 1:
        width, height, is_clear = _webp_size(first)
        flags = 0b10000 if is_clear else 0
        canvas = bytes(3) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    else:
        return _riff(kept)
    flags |= (0b100 if packet else 0) | (0b1000 if orientation != 1 else 0)
    kept = [(b"VP8X", bytes((flags,)) + canvas), *((kind, content) for kind, content in kept if kind != b"VP8X")]
    if orientation != 1:
        kept.append((b"EXIF", _exif(orientation)))
    if packet:
        kept.append((b"XMP ", packet))
    return _riff(kept)


def _webp_size(chunks: dict[bytes, bytes]) -> tuple[int, int, bool]:
    if b"VP8L" in chunks:
        bits = int.from_bytes(chunks[b"VP8L"][1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bool(bits >> 28 & 1)
    if b"VP8 " in chunks:
        width, height = struct.unpack_from("<HH", chunks[b"VP8 "], 6)
        return width & 0x3FFF, height & 0x3FFF, False
    raise NotKnown("The file holds no picture.")


def _riff(chunks: list[tuple[bytes, bytes]]) -> bytes:
    body = b"".join(
        kind + struct.pack("<I", len(content)) + content + bytes(len(content) % 2) for kind, content in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _gif(data: bytes) -> bytes:
    at = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
    out = [data[:at]]
    while True:
        start, mark = at, data[at]
        if mark == 0x3B:
            return b"".join([*out, b";"])
        if mark == 0x2C:
            at += 10 + (3 << (data[at + 9] & 7) + 1 if data[at + 9] & 0x80 else 0) + 1
            at = _gif_blocks(data, at)
            out.append(data[start:at])
        elif mark == 0x21:
            label = data[at + 1]
            at = _gif_blocks(data, at + 2)
            name = data[start + 3 : start + 14]
            if label in (0xF9, 0x01) or (label == 0xFF and name in _GIF_KEPT):
                out.append(data[start:at])
        else:
            raise NotKnown("The file is damaged.")


def _gif_blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += 1 + data[at]
    return at + 1
