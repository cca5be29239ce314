"""What an old system knew of people lies in files, and the privacy register reaches them."""

import json

import pytest
from django.db import transaction

from standfirst.importers.asides import Asides
from standfirst.importers.privacy import asides_erase, asides_given
from standfirst.importers.records import Aside
from tests.cast import PATRON, READER


@pytest.fixture
def kept(settings, tmp_path):
    settings.NEWSROOM = type(settings.NEWSROOM)(**{**vars(settings.NEWSROOM), "folder": tmp_path})
    asides = Asides(settings.NEWSROOM.data, "ghost old.example")
    asides.add(Aside("members", {"email": PATRON.email.upper(), "labels": ["print"]}))
    asides.add(Aside("members", {"email": READER.email, "note": f"knows {PATRON.email}"}))
    asides.add(Aside("comments", {"text": "Так.", "author": {"email": PATRON.email}}))
    return asides.keep()


@pytest.mark.django_db(transaction=True)
def test_who_goes_goes_from_the_files_of_the_old_system_too(kept):
    assert [row["kind"] for row in asides_given(PATRON.email)] == ["comments", "members"]

    # For show, as the page before the last step does it: nothing has gone.
    with transaction.atomic():
        assert asides_erase(PATRON.email).done == 2
        transaction.set_rollback(True)
    assert len(asides_given(PATRON.email)) == 2

    assert asides_erase(PATRON.email).done == 2
    assert asides_given(PATRON.email) == []
    (left,) = kept["members"].read_text(encoding="utf-8").splitlines()
    assert json.loads(left)["email"] == READER.email
    assert kept["comments"].read_text() == ""
    assert kept["members"].stat().st_mode & 0o777 == 0o600
    assert asides_erase("nobody@example.org").done == 0
