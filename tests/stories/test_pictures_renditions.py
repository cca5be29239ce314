"""Renditions: what readers get, what must not go out with them, and when they are made."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image, ImageCms

from standfirst.kit.iptc import read_facts
from standfirst.stories.models import NewsImage, NewsRendition
from standfirst.stories.pictures import uses
from standfirst.stories.pictures.renditions import focal_key, renditions_make
from standfirst.stories.pictures.showing import picture_html, picture_stored, stored
from standfirst.stories.services import picture_prepare, picture_remake
from tests.stories import camera

pytestmark = pytest.mark.django_db


def taken(data=None, name="bridge.jpg", **fields):
    image = NewsImage(title="Bridge", file=ContentFile(data or camera.jpeg(), name=name), **fields)
    image.save()
    return image


def opened(rendition):
    with rendition.file.open("rb") as file:
        picture = Image.open(BytesIO(file.read()))
    picture.load()
    return picture


@pytest.mark.parametrize("kind", ["jpeg", "webp", "avif"])
def test_no_place_device_or_serial_goes_out_but_credit_and_terms_do(kind):
    image = taken(camera.jpeg(xmp=camera.XMP.encode(), exif=camera.exif(), extra=camera.iim({90: "Харків".encode()})))

    (rendition,) = renditions_make(image=image, specs=[f"width-480|format-{kind}"])

    with rendition.file.open("rb") as file:
        data = file.read()
    for secret in camera.SECRETS:
        assert secret not in data
    picture = opened(rendition)
    assert "exif" not in picture.info
    said = read_facts(picture)
    assert (said.credit, said.copyright) == ("Агентство Обрій", "© 2026 Обрій")
    assert (said.statement, said.data_mining) == ("https://obriy.example/terms", "DMI-PROHIBITED-AIMLTRAINING")
    assert (said.place, said.taken_on, said.caption) == ("", "", "")


def test_renditions_for_the_desk_leak_nothing_either():
    image = taken(camera.jpeg(exif=camera.exif()))

    rendition = image.get_rendition("max-165x165")

    with rendition.file.open("rb") as file:
        data = file.read()
    assert not any(secret in data for secret in camera.SECRETS)


def test_the_original_stays_in_its_folder_under_a_name_that_says_nothing(settings):
    image = taken(name="Olena-Marchuk-Kharkiv.jpg")

    assert "Olena" not in image.file.name
    assert image.file.path.startswith(str(settings.NEWSROOM.originals))
    assert image.file.url.startswith("/desk/pictures/original/pictures/")
    # Wagtail's screens link to the rendition “original”: it is the desk's own page, and no file is made for it.
    assert image.get_rendition("original").url == image.file.url
    assert not NewsRendition.objects.exists()


def test_renditions_have_names_nobody_can_guess():
    image = taken(name="bridge.jpg")
    first = image.get_rendition("width-480|format-jpeg")
    other = taken(camera.jpeg(size=(901, 600))).get_rendition("width-480|format-jpeg")

    assert len(first.file.name) > 24
    assert "bridge" not in first.file.name
    assert first.file.name[:10] != other.file.name[:10]


def test_a_picture_taken_on_its_side_stands_upright():
    image = taken(camera.jpeg(size=(900, 600), exif=camera.exif(orientation=6)))

    (rendition,) = renditions_make(image=image, specs=["width-480|format-jpeg"])

    assert (image.width, image.height) == (600, 900)
    assert (rendition.width, rendition.height) == (480, 720)
    # Turned a quarter to the right: red was on the left and is now above.
    assert opened(rendition).getpixel((240, 100))[0] > 150
    assert opened(rendition).getpixel((240, 620))[2] > 150


@pytest.mark.parametrize(
    ("picture", "kind", "name"),
    [
        (camera.drawn(mode="CMYK"), "JPEG", "press.jpg"),
        (camera.drawn(mode="L"), "JPEG", "grey.jpg"),
        (camera.drawn(mode="L").convert("I;16"), "PNG", "deep.png"),
        (camera.drawn(mode="P"), "PNG", "few.png"),
        (camera.drawn(mode="1"), "PNG", "fax.png"),
        (camera.drawn(mode="LA"), "PNG", "grey-clear.png"),
        (camera.drawn(mode="RGBA"), "WEBP", "clear.webp"),
        (camera.drawn(mode="P"), "GIF", "still.gif"),
        (camera.drawn(), "AVIF", "new.avif"),
    ],
)
def test_every_kind_of_picture_becomes_every_kind_of_rendition(picture, kind, name):
    image = taken(camera.saved(picture, kind), name=name)

    made = renditions_make(image=image, specs=[f"width-480|format-{each}" for each in ("jpeg", "webp", "avif", "png")])

    assert [(one.width, one.height) for one in made] == [(480, 320)] * 4
    assert {opened(one).format for one in made} == {"JPEG", "WEBP", "AVIF", "PNG"}


def test_sixteen_bits_are_scaled_and_not_clipped():
    deep = Image.new("I;16", (40, 30), 0x8000)
    image = taken(camera.saved(deep, "PNG"), name="deep.png")

    (rendition,) = renditions_make(image=image, specs=["width-480|format-png"])

    assert abs(opened(rendition).convert("L").getpixel((20, 15)) - 128) <= 1


def test_a_moving_picture_shows_its_first_frame():
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "blue")]
    image = taken(camera.saved(frames[0], "GIF", save_all=True, append_images=frames[1:]), name="moving.gif")

    (rendition,) = renditions_make(image=image, specs=["width-480|format-webp"])

    picture = opened(rendition)
    assert getattr(picture, "n_frames", 1) == 1
    assert picture.convert("RGB").getpixel((30, 20))[0] > 200


def test_clear_pictures_stand_on_white_in_stories_and_stay_clear_as_a_logo():
    clear = Image.new("RGBA", (800, 600), (0, 0, 0, 0))
    image = taken(camera.saved(clear, "PNG"), name="chart.png")

    story, logo = renditions_make(image=image, specs=["width-480|format-webp", "width-320|format-png"])

    assert min(opened(story).convert("RGB").getpixel((10, 10))) > 250
    assert opened(logo).getpixel((10, 10))[3] == 0


def test_colours_are_brought_to_srgb_and_a_broken_profile_does_no_harm():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for given in (profile, b"no profile at all"):
        image = taken(camera.jpeg(icc_profile=given))

        (rendition,) = renditions_make(image=image, specs=["width-480|format-jpeg"])

        assert "icc_profile" not in opened(rendition).info


def test_a_crop_follows_the_focal_point_also_of_a_large_photograph():
    # Large enough that the decoder works at a fraction of the size.
    image = taken(camera.jpeg(size=(4800, 1600)))
    image.focal_point_x, image.focal_point_y = 4600, 800
    image.focal_point_width = image.focal_point_height = 100
    image.save()

    (right,) = renditions_make(image=image, specs=["fill-120x120|format-jpeg"])

    assert (right.width, right.height) == (120, 120)
    assert all(opened(right).getpixel((x, 60))[2] > 150 for x in (5, 60, 115))


def test_our_key_of_the_focal_point_is_wagtails():
    image = taken()
    image.focal_point_x, image.focal_point_y = 400, 300
    image.focal_point_width = image.focal_point_height = 50
    image.save()

    (rendition,) = renditions_make(image=image, specs=["fill-240x160|format-webp"])

    assert image.get_rendition("fill-240x160|format-webp") == rendition
    assert focal_key(image, "width-480|format-webp") == ""


def test_heavy_pictures_are_made_lighter():
    noise = Image.merge("RGB", [Image.effect_noise((1200, 800), 120) for _ in range(3)])
    image = taken(camera.saved(noise, "JPEG", quality=95))

    (rendition,) = renditions_make(image=image, specs=["width-1200|format-webp"])

    best = camera.saved(noise, "WEBP", quality=76, method=2)
    assert rendition.file.size < len(best)


def test_making_twice_makes_once():
    image = taken()

    first, second = picture_prepare(image=image), picture_prepare(image=image)

    assert len(first) > 8
    assert second == []
    assert not any("avif" in one.filter_spec for one in first)


def test_small_pictures_are_never_blown_up():
    image = taken(camera.jpeg(size=(500, 400)))

    made = picture_prepare(image=image)

    assert max(one.width for one in made) == 500
    assert picture_stored(image, "share").width <= 500


@pytest.mark.parametrize(
    ("width", "widths"), [(300, (480,)), (500, (480,)), (700, (480, 800)), (4000, (480, 800, 1200, 1600))]
)
def test_the_widths_that_are_worth_making(width, widths):
    assert uses.STORY.widths_for(NewsImage(width=width, height=width)) == widths


def test_changed_credit_is_written_into_every_rendition():
    image = taken(credit="Petro Lys")
    picture_prepare(image=image)
    before = set(image.renditions.values_list("file", flat=True))
    image.credit = "Olena Marchuk"
    image.save()

    picture_remake(image=image)

    after = set(image.renditions.values_list("file", flat=True))
    assert not before & after
    assert {read_facts(opened(one)).credit for one in image.renditions.filter(filter_spec__contains="webp")} == {
        "Olena Marchuk"
    }


def test_avif_is_offered_only_when_all_of_it_is_there():
    image = taken()
    picture_prepare(image=image)
    specs = [spec for spec in uses.STORY.specs_for(image) if "avif" in spec]

    renditions_make(image=image, specs=specs[:1])
    assert "image/avif" not in picture_html(image)
    renditions_make(image=image, specs=specs)

    shown = picture_html(image, alt="A “bridge” <over>", eager=True)
    assert shown.index("image/avif") < shown.index("image/webp") < shown.index("<img")
    assert 'alt="A “bridge” &lt;over&gt;"' in shown
    assert 'width="800" height="533"' in shown
    assert 'fetchpriority="high"' in shown
    assert "loading" not in shown


def test_showing_makes_nothing_and_keeps_the_place_of_a_crop_in_the_making():
    image = taken()
    assert picture_html(image) == ""
    renditions_make(image=image, specs=uses.STORY.specs_for(image, needed_only=True))
    count = NewsRendition.objects.count()

    shown = picture_html(image, use="card")

    # Three by two, as the theme asked.
    assert 'width="800" height="533"' in shown
    assert NewsRendition.objects.count() == count


def test_an_old_crop_is_shown_until_the_new_one_is_made():
    image = taken(camera.jpeg(size=(1200, 600)))
    (old,) = renditions_make(image=image, specs=["fill-480x320|format-webp"])
    image.focal_point_x, image.focal_point_y = 1100, 300
    image.focal_point_width = image.focal_point_height = 60
    image.save()
    image = NewsImage.objects.get(pk=image.pk)

    assert stored(image)["fill-480x320|format-webp"].url == old.url
    (new,) = renditions_make(image=image, specs=["fill-480x320|format-webp"])

    assert stored(image)["fill-480x320|format-webp"].url == new.url


def test_deleting_a_picture_takes_its_files_along(django_capture_on_commit_callbacks):
    image = taken()
    (rendition,) = renditions_make(image=image, specs=["width-480|format-webp"])
    originals, public = image.file.storage, rendition.file.storage
    names = image.file.name, rendition.file.name

    with django_capture_on_commit_callbacks(execute=True):
        image.delete()

    assert not originals.exists(names[0])
    assert not public.exists(names[1])
