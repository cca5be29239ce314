"""A picture that leaves a standing page is no longer public, as with a story that is withdrawn."""

import pytest
from django.core.files.storage import default_storage
from wagtail.models import ReferenceIndex

from standfirst.fronts.models import StandingPage
from standfirst.stories.models import NewsImage
from standfirst.stories.services import picture_prepare

pytestmark = pytest.mark.django_db


def block(image):
    return {"type": "picture", "value": {"image": image.pk, "alt": "A bridge", "caption": ""}}


@pytest.fixture
def about(newsroom):
    return StandingPage.objects.get(path_in_language="about", locale__language_code="en")


@pytest.fixture
def picture(newsroom):
    image = newsroom.picture()
    picture_prepare(image=image)
    return image


def publish(page, *blocks):
    page.more = page.more.stream_block.to_python([dict(block) for block in blocks])
    page.save_revision().publish()
    return StandingPage.objects.get(pk=page.pk)


def files(image):
    return [one.file.name for one in image.renditions.all()]


def test_a_picture_taken_off_the_page_loses_its_public_files(about, picture, django_capture_on_commit_callbacks):
    page = publish(about, block(picture))
    public = files(picture)
    assert public

    with django_capture_on_commit_callbacks(execute=True):
        publish(page)

    assert files(picture) == []
    assert not any(default_storage.exists(name) for name in public)
    assert NewsImage.objects.get(pk=picture.pk).file.storage.exists(picture.file.name), "the original stays"


@pytest.mark.parametrize("act", ["unpublish", "delete"])
def test_a_page_that_leaves_takes_its_pictures_along(about, picture, act):
    page = publish(about, block(picture))

    getattr(page, act)()

    assert files(picture) == []


def test_a_draft_without_the_picture_takes_nothing_away(about, picture):
    page = publish(about, block(picture))

    page.more = page.more.stream_block.to_python([])
    page.save_revision()

    assert files(picture)


def test_a_picture_that_another_page_shows_stays(about, newsroom, picture):
    page = publish(about, block(picture))
    newsroom.publish("The bridge again", lead_image=picture, lead_alt="A bridge")
    publish(page)
    assert files(picture)

    other = newsroom.picture("Another")
    picture_prepare(image=other)
    page = publish(page, block(other))
    ethics = publish(StandingPage.objects.get(path_in_language="privacy", locale__language_code="en"), block(other))
    ReferenceIndex.create_or_update_for_object(ethics)
    publish(page)
    assert files(other)


def test_a_picture_put_back_gets_its_files_anew(about, picture):
    page = publish(publish(about, block(picture)))
    assert files(picture) == []

    publish(page, block(picture))

    assert files(picture)
