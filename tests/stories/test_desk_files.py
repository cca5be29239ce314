"""Files that stories offer, such as a court decision: their screens at the desk."""

import pytest
from django.core.files.base import ContentFile

from standfirst.stories.models import NewsDocument
from tests.desk import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ruling(newsroom):
    return NewsDocument.objects.create(title="The ruling", file=ContentFile(b"%PDF-1.4", name="ruling.pdf"))


@pytest.mark.parametrize("screen", ["/desk/documents/", "/desk/documents/chooser/", "/desk/documents/edit/{}/"])
def test_a_file_is_shown_with_the_address_readers_get(newsroom, ruling, screen):
    answer = signed_in(newsroom.editor).get(screen.format(ruling.pk))

    assert answer.status_code == 200
    assert "The ruling" in answer.content.decode() or "The ruling" in answer.json()["html"]
    assert ruling.url == ruling.file.url
    assert ruling.url.startswith("/m/files/")
