"""An export is the newsroom at one moment, and nobody waits for it."""

import threading

import pytest
from django.db import InternalError, OperationalError, connection, connections

from standfirst.ops.exporting.export import _as_it_is_now
from standfirst.stories.models import Section


@pytest.mark.django_db(transaction=True)
def test_the_desk_goes_on_writing_while_an_export_reads(newsroom):
    titles = list(Section.objects.order_by("pk").values_list("title", flat=True))
    troubles = []

    def rename():
        try:
            Section.objects.update(title="Meanwhile")
        except Exception as error:
            troubles.append(error)
        finally:
            connections.close_all()

    def look():
        with _as_it_is_now():
            assert list(Section.objects.order_by("pk").values_list("title", flat=True)) == titles
            desk = threading.Thread(target=rename)
            desk.start()
            desk.join(60)
            assert troubles == []
            assert list(Section.objects.order_by("pk").values_list("title", flat=True)) == titles
            # Nothing can be written through it.
            Section.objects.update(title="By the export")

    with pytest.raises(InternalError if connection.vendor == "postgresql" else OperationalError):
        look()

    assert set(Section.objects.values_list("title", flat=True)) == {"Meanwhile"}
    Section.objects.update(title="And it can be written to again")
