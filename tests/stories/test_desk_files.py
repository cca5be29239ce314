"""Files that stories offer, such as a court decision: their screens at the desk."""

import hashlib

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


def test_a_file_knows_its_size_and_digest_however_it_came_in(ruling):
    stored = NewsDocument.objects.get(pk=ruling.pk)
    assert (stored.file_size, stored.file_hash) == (8, hashlib.sha1(b"%PDF-1.4").hexdigest())

    stored.file = ContentFile(b"%PDF-1.7 longer", name="ruling.pdf")
    stored.save(update_fields=["file"])
    again = NewsDocument.objects.get(pk=ruling.pk)
    assert (again.file_size, again.file_hash) == (15, hashlib.sha1(b"%PDF-1.7 longer").hexdigest())

    again.title = "The ruling of the court"
    again.save()
    again.refresh_from_db()
    assert again.file_hash == hashlib.sha1(b"%PDF-1.7 longer").hexdigest()
    with again.file.open() as file:
        assert file.read() == b"%PDF-1.7 longer"
