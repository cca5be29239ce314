"""An old version shows the pictures of then, and never another one in the place of one."""

import datetime as dt
import os
import re

import pytest
from django.utils import timezone

from standfirst.corrections.services.withholding import Wanted, withhold, withholding_lift
from tests.corrections.test_log import change
from tests.desk import colleague
from tests.newsroom import picture_file

pytestmark = pytest.mark.django_db

PICTURE = re.compile(r'<figure class="sf-picture.*?</figure>', re.S)


def block(picture, alt, kind="picture"):
    value = {"image": picture.pk, "alt": alt, "decorative": False, "caption": f"{alt}, seen", "credit": ""}
    return {"type": kind, "value": value if kind == "picture" else {"heading": "All", "pictures": [value]}}


@pytest.fixture
def pictures(newsroom):
    return [newsroom.picture(title=name) for name in ("lead", "body", "gallery")]


@pytest.fixture
def story(newsroom, pictures):
    """A story with three pictures, and a second version without any."""
    lead, body, gallery = pictures
    blocks = [block(body, "The tram"), block(gallery, "The depot", "gallery")]
    story = newsroom.publish("A bridge", lead_image=lead, lead_alt="The bridge", lead_caption="At noon", body=blocks)
    text = [{"type": "text", "value": "<p>No picture any more.</p>"}]
    change(story, label="update", note="", lead_image=None, lead_alt="", lead_caption="", body=text)
    return story


def shown(client, story, number=1):
    page = client.get(f"{story.public_path}versions/{number}/").content.decode()
    return page, PICTURE.findall(page)


def test_pictures_of_then_stand_where_they_stood(story, pictures, client):
    _page, found = shown(client, story)

    assert len(found) == 3
    for picture, figure, words in zip(pictures, found, ("At noon", "The tram, seen", "The depot, seen"), strict=True):
        urls = {rendition.file.url for rendition in picture.renditions.all()}
        assert any(url in figure for url in urls)
        assert words in figure
        assert "Olena Marchuk / The Lantern" in figure
    assert shown(client, story, 2)[1] == []
    text = client.get(f"{story.public_path}versions/1/text/").content.decode()
    assert "Picture: The tram" in " ".join(text.split())
    assert "<img" not in text


def test_another_file_is_not_shown_as_the_old_one(story, pictures, client):
    later = timezone.now() + dt.timedelta(days=2)
    for picture in pictures[:2]:
        picture.file = picture_file(colour="#a00")
        picture._set_file_hash()
        picture.save()
        os.utime(picture.file.path, (later.timestamp(), later.timestamp()))

    page, found = shown(client, story)

    assert len(found) == 1
    assert "The depot, seen" in found[0]
    assert "Picture: The bridge — At noon" in " ".join(page.split())
    assert "Picture: The tram — The tram, seen" in " ".join(page.split())


def test_a_picture_without_its_file_is_told_in_words(story, pictures, client):
    pictures[1].file.storage.delete(pictures[1].file.name)
    pictures[2].renditions.all().delete()

    _page, found = shown(client, story)

    assert len(found) == 1


def test_a_withheld_picture_is_never_shown(newsroom, story, pictures, client):
    second = colleague("editor", name="Lesia Harmash", email="lesia@lantern.example")
    one = withhold(wanted=Wanted(story, "picture", "privacy", picture=pictures[1]), editor=newsroom.editor)

    page, found = shown(client, story)
    assert len(found) == 2
    assert "Picture: The tram" in " ".join(page.split())

    withholding_lift(withholding=one, editor=second)
    # Its files are made again when a story shows it.
    assert len(shown(client, story)[1]) == 2
