"""An upload and a background job write the same index of searches."""

from __future__ import annotations

import pytest
from django.db import connection
from wagtail.images.forms import get_image_form
from wagtail.search import index

from standfirst.stories.models import NewsImage
from tests.newsroom import picture_file

pytestmark = pytest.mark.django_db(transaction=True)


def test_nobody_sees_a_picture_before_it_is_in_the_index(newsroom, monkeypatch):
    """Seen before, it was indexed by the job it had started, and the upload's own entry failed with a 500."""
    seen = []
    real = index.insert_or_update_object
    monkeypatch.setattr(
        index, "insert_or_update_object", lambda it: (seen.append(connection.in_atomic_block), real(it))
    )
    form = get_image_form(NewsImage)(
        {"title": "The bridge at noon", "collection": 1, "source_kind": "own"},
        {"file": picture_file()},
        user=newsroom.editor,
    )

    assert form.is_valid(), form.errors
    form.save()

    assert seen == [True]
    assert NewsImage.objects.filter(title="The bridge at noon").count() == 1
