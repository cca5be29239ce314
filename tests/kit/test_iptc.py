"""What a picture file says about itself, and the packet that goes out with every rendition."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from standfirst.kit.iptc import PACKET_BYTES, PictureFacts, decode_iim, packet, read_facts
from tests.stories import camera


def facts(data):
    with Image.open(BytesIO(data)) as opened:
        return read_facts(opened)


def test_xmp_is_read_in_cyrillic_and_gives_city_and_country_alone():
    found = facts(camera.jpeg(xmp=camera.XMP.encode()))

    assert found == PictureFacts(
        creator="Олена Марчук",
        credit="Агентство Обрій",
        copyright="© 2026 Обрій",
        caption="Міст через річку",
        taken_on="2026-11-03",
        place="Харків, Україна",
        statement="https://obriy.example/terms",
        data_mining="DMI-PROHIBITED-AIMLTRAINING",
    )


@pytest.mark.parametrize(
    ("raw", "utf8"),
    [("Олена Марчук".encode(), True), ("Олена Марчук".encode(), False), ("Олена Марчук".encode("cp1251"), False)],
)
def test_iim_is_read_in_utf8_and_in_the_old_cyrillic_page(raw, utf8):
    found = facts(camera.jpeg(extra=camera.iim({80: raw, 110: raw, 55: b"20261103", 90: raw}, utf8=utf8)))

    assert (found.creator, found.credit) == ("Олена Марчук", "Олена Марчук")
    assert (found.taken_on, found.place) == ("2026-11-03", "Олена Марчук")


def test_old_latin_letters_are_not_taken_for_cyrillic():
    assert decode_iim("Zoë Müller, Besançon".encode("cp1252")) == "Zoë Müller, Besançon"


def test_exif_fills_what_nothing_else_says():
    found = facts(camera.jpeg(exif=camera.exif(artist="Petro Lys")))

    assert (found.creator, found.credit, found.taken_on, found.place) == ("Petro Lys", "", "2026-11-02", "")


@pytest.mark.parametrize(
    "options",
    [
        {"xmp": b"<x:xmpmeta><rdf:RDF"},
        {"xmp": b"\xff\xfe\x00garbage"},
        {"xmp": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'},
        {"extra": camera.iim({80: b"x"})[:-3] + b"\x1c\x09\xff"},
        {"exif": b"Exif\x00\x00MM\x00*\xff\xff\xff\xff"},
    ],
)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_broken_metadata_says_nothing_and_does_no_harm(options):
    assert isinstance(facts(camera.jpeg(size=(40, 30), **options)), PictureFacts)


@given(st.binary(max_size=400))
def test_no_bytes_in_a_packet_can_make_reading_fail(data):
    picture = Image.new("RGB", (1, 1))
    picture.info["xmp"] = data

    assert isinstance(read_facts(picture), PictureFacts)


TEXT = st.text(max_size=300)


@given(
    st.builds(
        PictureFacts,
        creator=TEXT,
        credit=TEXT,
        copyright=TEXT,
        place=TEXT,
        caption=TEXT,
        statement=st.just("https://lantern.example/terms"),
        data_mining=st.just("DMI-PROHIBITED"),
    )
)
def test_a_packet_is_small_and_well_formed_whatever_the_words(said):
    data = packet(said)

    assert len(data) <= PACKET_BYTES
    etree.fromstring(data)
    picture = Image.new("RGB", (1, 1))
    picture.info["xmp"] = data
    again = read_facts(picture)
    assert again.data_mining == "DMI-PROHIBITED"
    assert (again.place, again.caption, again.taken_on) == ("", "", "")


def test_nothing_known_makes_no_packet():
    assert packet(PictureFacts(caption="A bridge", place="Kharkiv")) == b""
