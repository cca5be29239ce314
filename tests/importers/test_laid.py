"""Files of an import that was cut off: none stays that no row names, and none goes that one does."""

import errno
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.db import transaction
from PIL import Image

from standfirst.importers.laid import LaidFiles
from standfirst.importers.models import Move
from standfirst.stories.models import NewsImage
from standfirst.stories.services import picture_take_in
from tests.importers.moving import move_in
from tests.importers.wxr import attachment, export, item

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def quay(tmp_path):
    file = tmp_path / "media" / "2024" / "quay.jpg"
    file.parent.mkdir(parents=True)
    Image.new("RGB", (900, 600), "teal").save(file)
    return file


def lying():
    return sorted(
        f"{alias}:{path.relative_to(storages[alias].location)}"
        for alias in ("originals", "default")
        for path in Path(storages[alias].location).rglob("*")
        if path.is_file()
    )


def test_what_a_transaction_took_back_is_not_left_on_the_disk(newsroom, quay, tmp_path):
    before = lying()
    laid = LaidFiles(tmp_path)

    def cut_off():
        with laid.watched(), transaction.atomic():
            picture_take_in(file=quay, title="Quay")
            assert len(lying()) > len(before) + 1
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cut_off()

    assert lying() == before
    assert not NewsImage.objects.filter(title="Quay").exists()
    assert list(tmp_path.glob("importing.*")) == []


def test_after_a_kill_the_next_import_takes_away_what_no_row_names(newsroom, quay, tmp_path):
    image = picture_take_in(file=quay, title="Quay")
    before = lying()
    with quay.open("rb") as opened:
        lost = storages["originals"].save("pictures/lost.jpg", opened)
    noted = [["originals", image.file.name], ["originals", lost], ["default", "never/begun.webp"]]
    noted += [["default", rendition.file.name] for rendition in image.renditions.all()]
    journal = settings.NEWSROOM.data / "importing.files"
    journal.write_text("".join(json.dumps(one) + "\n" for one in noted) + '["orig', encoding="utf-8")

    move_in(export(tmp_path, item(1, "One")))

    assert lying() == before
    assert not journal.exists()


def test_a_disk_that_is_full_stops_the_import_and_leaves_no_text_out(newsroom, quay, tmp_path, monkeypatch):
    lead = item(1, "One", meta={"_thumbnail_id": "9"})
    file = export(tmp_path, lead, attachment(9, "2024/quay.jpg"))

    def full(storage, name, content):
        raise OSError(errno.ENOSPC, "No space left on device", storage.path(name))

    with monkeypatch.context() as disk:
        disk.setattr(FileSystemStorage, "_save", full)
        with pytest.raises(OSError, match="No space left"):
            move_in(file, media=tmp_path / "media")

    assert Move.objects.get().state == Move.State.INTERRUPTED
    assert not Move.objects.get().entries.exists()
    report = move_in(file, media=tmp_path / "media")
    assert (report["totals"]["published"], report["totals"]["pictures"]) == (1, 1)


def test_pictures_of_an_import_that_went_well_stay(newsroom, quay, tmp_path):
    before = lying()

    lead = item(1, "One", meta={"_thumbnail_id": "9"})
    report = move_in(export(tmp_path, lead, attachment(9, "2024/quay.jpg")), media=tmp_path / "media")

    assert report["totals"]["pictures"] == 1
    assert len(lying()) > len(before) + 1
    assert not (settings.NEWSROOM.data / "importing.files").exists()
