"""Pictures without what cameras wrote into them: the same pixels, and nothing else."""

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from standfirst.kit.bare import NotKnown, bare
from tests.stories.camera import SECRETS, XMP, drawn, exif, iim

PACKET = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">Olena Marchuk</x:xmpmeta>'


def saved(kind, mode="RGB", **more):
    data = io.BytesIO()
    drawn((120, 80), mode).save(data, kind, **more)
    return data.getvalue()


def pixels(data):
    with Image.open(io.BytesIO(data)) as opened:
        opened.load()
        return opened.size, opened.convert("RGBA").tobytes()


def jpeg(**more):
    data = saved("JPEG", exif=exif(orientation=6), xmp=XMP.encode(), comment=b"SN-771-204", **more)
    return data[:2] + iim({90: "Харків".encode()}, utf8=True) + data[2:] + b"film behind the picture SN-771-204"


def png():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "SN-771-204")
    notes.add_itxt("XML:com.adobe.xmp", XMP)
    return saved("PNG", "RGBA", pnginfo=notes, exif=exif(orientation=6)) + b"SN-771-204"


def webp(**more):
    return saved("WEBP", exif=exif(orientation=6).tobytes(), xmp=XMP.encode(), **more)


def gif():
    frames = [drawn((60, 40)), drawn((60, 40)).rotate(180)]
    data = io.BytesIO()
    frames[0].save(data, "GIF", save_all=True, append_images=frames[1:], loop=0, comment=b"SN-771-204")
    return data.getvalue() + b"SN-771-204"


KINDS = {
    "a photograph": jpeg,
    "a progressive photograph": lambda: jpeg(progressive=True),
    "a photograph with a profile": lambda: jpeg(icc_profile=b"profile" * 20_000),
    "a drawing": png,
    "a small photograph": webp,
    "a small drawing": lambda: webp(lossless=True),
    "a moving picture": gif,
}


@pytest.mark.parametrize("what", KINDS)
def test_the_picture_stays_and_the_camera_goes(what):
    data = KINDS[what]()
    assert b"SN-771-204" in data

    made = bare(data, packet=PACKET, orientation=6)

    assert pixels(made) == pixels(data)
    assert not any(secret in made for secret in SECRETS)
    assert bare(made, packet=PACKET, orientation=6) == made
    with Image.open(io.BytesIO(made)) as opened:
        if opened.format != "GIF":
            assert opened.getexif().get(0x0112) == 6
            assert len(opened.getexif()) == 1
            assert PACKET in made
        else:
            assert opened.n_frames == 2


def test_without_a_packet_nothing_is_added():
    for kind in ("JPEG", "PNG", "WEBP"):
        made = bare(saved(kind))
        assert pixels(made) == pixels(saved(kind))
        with Image.open(io.BytesIO(made)) as opened:
            assert not opened.getexif()
            assert "xmp" not in opened.info


def test_a_colour_profile_stays():
    with Image.open(io.BytesIO(bare(jpeg(icc_profile=b"profile" * 20_000)))) as opened:
        assert opened.info["icc_profile"] == b"profile" * 20_000


def test_what_is_no_picture_or_ends_too_early_is_said():
    for data in (b"", b"<svg/>", b"\xff\xd8\xff", png()[:40], gif()[:30], webp()[:40], b"\xff\xd8\xff\xe1\x00\x00"):
        with pytest.raises(NotKnown):
            bare(data, packet=PACKET)


def test_whatever_stands_in_a_chunk_of_a_drawing_it_goes():
    hidden = b"SN-771-204"
    chunk = struct.pack(">I", len(hidden)) + b"prVt" + hidden + struct.pack(">I", zlib.crc32(b"prVt" + hidden))
    data = saved("PNG")

    made = bare(data[:33] + chunk + data[33:])

    assert made == bare(data)
    assert hidden not in made
