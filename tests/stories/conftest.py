"""A founded paper with noise in it: other sections, other stories, another language."""

import io

import pytest
from django.core.files.base import ContentFile
from PIL import Image as PillowImage

from standfirst.people.services import account_add, byline_add
from standfirst.stories.models import NewsImage
from standfirst.stories.services import section_add, story_draft, story_publish


def text(html):
    return [{"type": "text", "value": html}]


@pytest.fixture
def world(homes):
    return section_add(title="World", texts={"uk": {"title": "Світ"}})


@pytest.fixture
def noise(homes):
    """Stories nobody asked for: a forgotten filter finds them."""
    city = section_add(title="City", sort_order=20)
    for language, headline in (("en", "Trams return to the left bank"), ("uk", "Трамваї повертаються")):
        story_publish(story=story_draft(language=language, headline=headline, section=city, body=text("<p>Noise.</p>")))
    story_draft(language="en", headline="A draft nobody may see", section=city)
    return city


@pytest.fixture
def editor(homes):
    return account_add(email="editor@example.org", name="Daria Bilyk", role="editor")[0]


@pytest.fixture
def reporter(homes):
    return account_add(email="reporter@example.org", name="Olena Marchuk", role="reporter")[0]


@pytest.fixture
def byline(reporter):
    return byline_add(name="Olena Marchuk", account=reporter, texts={"uk": {"name": "Олена Марчук"}})


@pytest.fixture
def picture(homes):
    def make(**fields):
        data = io.BytesIO()
        PillowImage.new("RGB", (64, 48), "grey").save(data, "JPEG")
        fields = {"title": "A bridge", **fields}
        return NewsImage.objects.create(file=ContentFile(data.getvalue(), name="bridge.jpg"), **fields)

    return make


@pytest.fixture
def draft(world, noise, reporter, byline):
    def make(headline="Council votes on the bridge", language="en", **fields):
        fields = {"section": world, "author": reporter, "bylines": [byline], "body": text("<p>First.</p>"), **fields}
        return story_draft(language=language, headline=headline, **fields)

    return make
