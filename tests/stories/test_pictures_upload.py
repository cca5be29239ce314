"""A picture comes in: what it brings along, what is refused and in which words, who may see the original."""

import struct
import zlib
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image
from wagtail.images.forms import get_image_form

from standfirst.stories.models import NewsImage, NewsRendition
from standfirst.stories.pictures.crediting import credit_line
from standfirst.stories.pictures.prefill import licence_name
from standfirst.stories.selectors import pictures_without_credit
from tests.desk import signed_in
from tests.stories import camera

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor_client(client, newsroom):
    return signed_in(newsroom.editor, client)


def handed_in(client, data, name="bridge.jpg", **fields):
    """Upload at the desk, as the form of one picture does it."""
    fields = {"title": "The bridge", "source_kind": "own", "tags": ""} | fields
    return client.post(reverse("wagtailimages:add"), {"file": camera.upload(data, name), **fields})


def refusal(data, name="bridge.jpg"):
    """What the form says of a file."""
    form = get_image_form(NewsImage)({"title": "x", "source_kind": "own"}, {"file": camera.upload(data, name)})
    assert not form.is_valid()
    return " ".join(form.errors["file"])


def test_an_upload_brings_its_credit_date_place_and_terms_along(editor_client, newsroom):
    handed_in(editor_client, camera.jpeg(xmp=camera.XMP.encode(), exif=camera.exif()))

    image = NewsImage.objects.latest("pk")
    assert (image.credit, image.description) == ("Агентство Обрій", "Міст через річку")
    assert (image.taken_on, image.taken_place) == ("2026-11-03", "Харків, Україна")
    assert image.licence_url == "https://obriy.example/terms"
    assert image.uploaded_by_user == newsroom.editor


def test_what_the_colleague_wrote_stays(editor_client):
    handed_in(editor_client, camera.jpeg(xmp=camera.XMP.encode()), credit="Petro Lys", taken_on="2025")

    image = NewsImage.objects.latest("pk")
    assert (image.credit, image.taken_on) == ("Petro Lys", "2025")


def test_without_a_word_in_the_file_the_same_picture_keeps_its_old_credit(editor_client):
    data = camera.jpeg()
    NewsImage.objects.create(
        title="Noise", file=ContentFile(camera.jpeg(size=(50, 50)), name="n.jpg"), credit="Somebody else"
    )
    NewsImage.objects.create(
        title="Before", file=ContentFile(data, name="b.jpg"), credit="Agency / Lys", source_kind="agency"
    )

    handed_in(editor_client, data)

    image = NewsImage.objects.latest("pk")
    assert (image.credit, image.source_kind) == ("Agency / Lys", "agency")


def test_else_our_own_picture_takes_the_uploaders_last_credit(editor_client):
    handed_in(editor_client, camera.jpeg(), credit="Iryna Savchuk / The Lantern")

    handed_in(editor_client, camera.jpeg(size=(300, 200)))
    ours = NewsImage.objects.latest("pk")
    handed_in(editor_client, camera.jpeg(size=(200, 300)), source_kind="handout")
    handout = NewsImage.objects.latest("pk")

    assert ours.credit == "Iryna Savchuk / The Lantern"
    assert handout.credit == ""


def test_an_archive_that_moves_in_is_taken_at_its_word(newsroom):
    newsroom.picture(credit="Somebody")

    with newsroom.picture().file.open() as file:
        image = NewsImage.objects.create(title="Old", file=file, is_imported=True)

    assert image.credit == ""


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(
    "options",
    [{"xmp": b"<x:xmpmeta"}, {"exif": b"Exif\x00\x00MM\x00*\xff\xff"}, {"extra": camera.iim({80: b"\xff" * 9})}],
)
def test_broken_metadata_never_blocks_an_upload(editor_client, options):
    response = handed_in(editor_client, camera.jpeg(**options))

    assert response.status_code == 302
    assert NewsImage.objects.latest("pk").renditions.exists()


def test_an_uploaded_picture_is_made_ready_for_stories_but_avif_waits(editor_client):
    handed_in(editor_client, camera.jpeg())

    specs = set(NewsImage.objects.latest("pk").renditions.values_list("filter_spec", flat=True))

    assert {"width-800|format-webp", "fill-480x320|format-jpeg", "fill-1200x630|format-jpeg"} <= specs
    assert not any("avif" in spec for spec in specs)


def test_a_changed_file_leaves_no_story_without_its_picture(editor_client):
    handed_in(editor_client, camera.jpeg())
    image = NewsImage.objects.latest("pk")

    fields = {"title": "New", "source_kind": "own", "tags": "", "credit": "Petro Lys"}
    new = camera.upload(camera.jpeg(size=(1000, 500)), "new.jpg")
    editor_client.post(reverse("wagtailimages:edit", args=[image.pk]), {**fields, "file": new})

    sizes = {(one.width, one.height) for one in image.renditions.filter(filter_spec="width-800|format-webp")}
    assert sizes == {(800, 400)}


def bomb(width=30_000, height=30_000):
    """A PNG of a few bytes that claims hundreds of millions of pixels."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\x00")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"MZ\x90\x00\x03 no picture", "bridge.jpg", "This file is not a picture that we can read."),
        (b"<html>not a picture</html>", "bridge.jpg", "that is not what it holds"),
        (
            camera.saved(camera.drawn(), "PNG"),
            "bridge.jpg",
            "not what it holds (it looks like png)",
        ),
        (camera.jpeg()[:-4000], "bridge.jpg", "The picture “bridge.jpg” is damaged"),
        (camera.saved(camera.drawn(), "TIFF"), "bridge.tiff", "Pictures come as JPEG, PNG, WebP, AVIF or GIF."),
        (bomb(), "big.png", "a JPEG may have 120 million"),
        (bomb(9_000, 6_000), "big.png", "every other kind 50 million"),
        (b"", "nothing.jpg", "empty"),
    ],
)
def test_a_refused_file_is_told_why_in_a_whole_sentence(data, name, says):
    message = refusal(data, name)

    assert says in message
    assert message.endswith((".", "retry."))


def test_the_largest_files_are_refused(settings):
    form = get_image_form(NewsImage)

    message = form({"title": "x", "source_kind": "own"}, {"file": Huge()}).errors["file"][0]

    assert "the most we take is 40.0\xa0MB" in message


class Huge(BytesIO):
    """A file that says it is larger than we take."""

    def __init__(self):
        super().__init__(camera.jpeg(size=(60, 40)))
        self.name, self.size, self.content_type = "huge.jpg", 50 * 1024 * 1024, "image/jpeg"


class TestOriginals:
    def test_a_colleague_gets_the_file_as_it_came(self, editor_client):
        data = camera.jpeg(exif=camera.exif())
        handed_in(editor_client, data)

        response = editor_client.get(NewsImage.objects.latest("pk").file.url)

        assert b"".join(response.streaming_content) == data
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response["Cache-Control"].startswith("no-store, private")

    def test_a_stranger_is_asked_to_sign_in(self, client, newsroom):
        image = newsroom.picture()

        assert client.get(image.file.url).status_code == 302
        assert not default_storage.exists(image.file.name)

    @pytest.mark.parametrize("name", ["pictures/none.jpg", "../standfirst.toml", "../../data/standfirst.sqlite3"])
    def test_only_pictures_can_be_asked_for(self, editor_client, name):
        assert editor_client.get(f"/desk/pictures/original/{name}").status_code == 404

    def test_the_screens_of_a_picture_link_to_it_and_make_no_public_copy(self, editor_client, newsroom):
        image = newsroom.picture()

        page = editor_client.get(reverse("wagtailimages:edit", args=[image.pk])).content.decode()

        assert f'href="{image.file.url}"' in page
        assert not NewsRendition.objects.filter(filter_spec="original").exists()


class TestCredits:
    @pytest.mark.parametrize(
        ("fields", "override", "said"),
        [
            ({"credit": "Olena Marchuk"}, "", "Photo: Olena Marchuk"),
            ({"credit": "Ministry", "source_kind": "handout"}, "", "Handout: Ministry"),
            ({"credit": "Lys", "source_kind": "archive"}, "Lys / The Lantern", "Archive: Lys / The Lantern"),
            ({"credit_pending": True}, "", "Photo: credit being checked"),
            ({"credit": "Lys", "credit_pending": True}, "", "Photo: Lys (credit being checked)"),
            ({"credit_pending": True}, "Lys", "Photo: Lys"),
            ({"source_kind": "archive"}, "", "Archive"),
            ({}, "", ""),
        ],
    )
    def test_a_credit_is_said_aloud(self, fields, override, said):
        assert str(credit_line(NewsImage(**fields), override)) == said

    def test_the_desk_is_reminded_of_open_credits(self, newsroom):
        newsroom.picture()
        newsroom.picture(credit="", credit_pending=True)
        newsroom.picture(credit="", is_imported=True)

        assert pictures_without_credit() == 2


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://creativecommons.org/licenses/by-sa/4.0/deed.uk", "CC BY-SA 4.0"),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "CC0"),
        ("https://obriy.example/terms", ""),
    ],
)
def test_creative_commons_licences_are_known_by_their_address(url, name):
    assert licence_name(url) == name


def test_a_picture_from_a_telephone_held_upright_says_so(editor_client):
    handed_in(editor_client, camera.jpeg(size=(900, 600), exif=camera.exif(orientation=6)))

    image = NewsImage.objects.latest("pk")
    assert (image.width, image.height) == (600, 900)
    with image.get_rendition("max-165x165").file.open("rb") as file:
        width, height = Image.open(file).size
    assert height == 165 > width
