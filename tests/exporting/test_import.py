"""An export, made into a newsroom again: the same newsroom, or nothing at all."""

import contextlib
import datetime as dt
import hashlib
import io
import json
import os
import random
import shutil
import zoneinfo

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from standfirst.importers.errors import ImportRefused
from standfirst.importers.house import run
from standfirst.importers.house.services import export_take_in
from standfirst.ops.demo.builder import demo_build
from standfirst.people.models import Byline, User
from standfirst.press.catalogue import all_ahead
from standfirst.press.render import render
from standfirst.stories.models import NewsImage, PublicVersion, Section, StoryPage
from standfirst.stories.selectors import going_out
from standfirst.stories.services import pictures_ready
from tests.exporting.paper import emptied
from tests.exporting.test_export import everything, said

pytestmark = pytest.mark.django_db

#: What is another one at each export.
NAMED = {"manifest.json": {"exported_at"}}


def pages():
    """Every public page as it is rendered now."""
    return {path: rendered.body for path in sorted(all_ahead()) if (rendered := render(path)).status == 200}


def differing(before, after):
    """How pages differ, the first line of each; {} when they are the same to a byte."""
    assert set(before) == set(after)
    found = {}
    for path, body in before.items():
        lines = zip(body.splitlines(), after[path].splitlines(), strict=False)
        if body != after[path]:
            found[path] = next(((a, b) for a, b in lines if a != b), ("length", ""))
    return found


def same(one, other, but=()):
    """That two exports are the same, byte for byte."""
    left, right = everything(one), everything(other)
    assert set(left) == set(right)
    for name in left:
        if name not in {"manifest.json", "SHA256SUMS", *but}:
            assert left[name] == right[name], name
    manifests = [json.loads(folder["manifest.json"]) for folder in (left, right)]
    for manifest in manifests:
        del manifest["exported_at"]
        if but:
            del manifest["sha256_of_sums"], manifest["bytes"]
    assert manifests[0] == manifests[1]


def rows():
    return {
        "stories": StoryPage.objects.count(),
        "pages": Page.objects.count(),
        "pictures": NewsImage.objects.count(),
        "bylines": Byline.objects.count(),
        "sections": Section.objects.count(),
        "versions": PublicVersion.objects.count(),
        "accounts": User.objects.count(),
    }


def files():
    folders = (settings.NEWSROOM.originals, settings.NEWSROOM.renditions)
    return sorted(str(file) for folder in folders for file in folder.rglob("*") if file.is_file())


def sealed(folder):
    """Write the sums anew, as whoever forges an export would."""
    lines = [line[66:] for line in (folder / "SHA256SUMS").read_text().splitlines()]
    sums = ""
    for name in lines:
        file = folder / name
        if file.is_file():
            sums += f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {name}\n"
    (folder / "SHA256SUMS").write_text(sums)
    manifest = said(folder, "manifest.json")
    manifest["sha256_of_sums"] = hashlib.sha256(sums.encode()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


def rewritten(folder, name, change):
    """Change one JSON file of an export, and seal it again."""
    value = said(folder, name)
    value = change(value) or value
    (folder / name).write_text(json.dumps(value))
    sealed(folder)


def test_a_public_export_gives_the_same_paper(paper, exported):
    first, before = exported("first"), pages()
    emptied()

    returned = export_take_in(folder=first)

    assert returned.counts["stories"] == 6
    assert returned.notes == []
    # Feeds tell of withdrawn stories, which are none of the public's; everything else is the same to a byte.
    assert {path for path in differing(before, pages()) if "/feed/" not in path} == set()
    same(first, exported("second"))


def test_a_private_export_gives_the_same_newsroom(paper, exported):
    first = exported("first", private=True)
    numbers = dict(StoryPage.objects.values_list("pk", "public_path"))
    before = pages()
    key, tomorrow = paper.story.translation_key, paper.scheduled.go_live_at
    emptied()

    returned = export_take_in(folder=first)

    assert returned.notes == []
    assert dict(StoryPage.objects.values_list("pk", "public_path")) == numbers
    assert StoryPage.objects.filter(translation_key=key).count() == 2
    assert going_out() == {paper.scheduled.pk: tomorrow}
    withdrawn = StoryPage.objects.get(pk=paper.withdrawn.pk)
    assert not withdrawn.live
    assert render(withdrawn.public_path).status == 410
    assert differing(before, pages()) == {}
    assert Byline.objects.get(slug="taras-melnyk").account.email == "reporter@paper.example"
    # A file makes no account that works: an operator opens each.
    assert not any(user.is_active or user.has_usable_password() for user in User.objects.all())
    same(first, exported("second", private=True), but={"accounts.json"})


def test_a_story_that_came_back_can_be_worked_on(unhurried, paper, exported):
    first = exported()
    emptied()
    export_take_in(folder=first)
    story = StoryPage.objects.get(pk=paper.story.pk)
    assert story.public_versions.count() == 2

    # The same words make no new version; another word makes the third.
    story.save_revision().publish()
    assert story.public_versions.count() == 2
    story.standfirst = "Another word."
    story.change_label, story.change_from = "update", 2
    story.save_revision().publish()
    assert story.public_versions.count() == 3
    new = Section.objects.create(title="Sport")
    assert new.pk > max(section["id"] for section in said(first, "sections.json"))


@pytest.mark.once
def test_the_demo_paper_comes_back_as_it_was(unhurried, exported):
    now = dt.datetime.now(zoneinfo.ZoneInfo("Europe/Kyiv"))
    demo_build(newsroom=settings.NEWSROOM, now=now)
    first, before = exported("first"), pages()
    emptied()

    returned = export_take_in(folder=first)

    assert returned.counts["stories"] == StoryPage.objects.count() == 54
    assert returned.notes == []
    for story in StoryPage.objects.filter(live=True):
        pictures_ready(story=story)  # the background process will; publishing did
    assert differing(before, pages()) == {}
    same(first, exported("second"))


def test_only_an_empty_newsroom_takes_an_export_in(unhurried, paper, exported):
    first, before = exported(), rows()

    with pytest.raises(ImportRefused, match="is not empty: it holds"):
        export_take_in(folder=first)

    assert rows() == before


def _set(**values):
    return lambda record: record.update(values)


def _block(block):
    return lambda record: record["body"].append(block)


def _nested(record):
    deep = []
    for _level in range(900):
        deep = [deep]
    record["body"] = deep


HOSTILE = {
    "a body that is no list": _set(body="words"),
    "a block of no type": _block({"value": "x"}),
    "a block nobody knows": _block({"type": "hologram", "value": "x"}),
    "text that is a number": _block({"type": "text", "value": 12}),
    "lists in lists": _nested,
    "an embed that runs script": _block({"type": "embed", "value": {"url": "javascript:alert(1)", "title": "x"}}),
    "a source that runs script": _set(sources=[{"title": "x", "url": "javascript:alert(1)"}]),
    "an address outside": _set(address="/../../etc/passwd/"),
    "another address than the file's": _set(address="/2026/10/07/elsewhere/"),
    "a headline of megabytes": _set(headline="x" * 5_000_000),
    "a headline with a null": _set(headline="a\0b"),
    "half a character": _set(headline="\ud800"),
    "no number": _set(id="12"),
    "a number too large": _set(id=2**80),
    "the month of nobody": _set(month=999_999),
    "a section of nobody": _set(section="nowhere"),
    "a tag of nobody": _set(tags=["nothing"]),
    "a day that is none": _set(published_at="2026-13-45"),
    "another language": _set(language="de"),
    "a key that is none": _set(translation_key="x"),
    "a version forged": lambda record: record["versions"][0].update(digest="0" * 64),
    "a version from outside": lambda record: record["versions"][0].update(file="../../etc/passwd"),
    "a table with too many cells": _block({"type": "table", "value": {"caption": "x", "table": {
        "columns": [{"type": "text", "heading": "a"}], "rows": [{"values": ["1", "2"]}]}}}),
}  # fmt: skip


@pytest.fixture
def forging(unhurried, paper, exported, tmp_path):
    """A copy of an export, to be changed by whoever means ill; afterwards nothing is another than before."""
    folder = exported()
    emptied()
    before, there = rows(), files()

    @contextlib.contextmanager
    def forge(what):
        copy = tmp_path / "forged"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy)
        yield copy
        err = io.StringIO()
        assert run(folder=copy, json=True, out=io.StringIO(), err=err) == 1, what
        assert rows() == before, what
        assert files() == there, what
        said_last = err.getvalue().splitlines()[-1]
        assert said_last.endswith((".", ")")), (what, said_last)
        assert "Traceback" not in err.getvalue()

    return forge


def test_a_forged_story_changes_nothing(paper, forging):
    for what, change in HOSTILE.items():
        with forging(what) as folder:
            rewritten(folder, f"stories/{paper.story.public_path.strip('/')}.json", change)


def test_script_in_a_story_does_not_come_in(unhurried, paper, exported):
    folder = exported()
    emptied()
    bad = '<p onclick="x()">Words<script>alert(1)</script><a href="javascript:x()">here</a><img src=x onerror=x()></p>'
    rewritten(folder, f"stories/{paper.story.public_path.strip('/')}.json", _block({"type": "text", "value": bad}))

    returned = export_take_in(folder=folder)

    stored = json.dumps(list(StoryPage.objects.get(pk=paper.story.pk).body.raw_data))
    assert "Words" in stored
    assert not any(sign in stored for sign in ("script", "onclick", "onerror", "<img"))
    assert len(returned.notes) == 1
    assert "was cleaned" in returned.notes[0]


FORGED = {
    "a picture to be put elsewhere": ("pictures", _set(stored_as="../../../standfirst.toml")),
    "a picture under a hidden name": ("pictures", _set(stored_as="pictures/../x.jpg")),
    "a picture named elsewhere": ("pictures", _set(file="../../manifest.json")),
    "a focal point of words": ("pictures", _set(focal_point=["a", 1, 2, 3])),
    "a kind of source nobody knows": ("pictures", _set(source_kind="stolen")),
    "a licence that runs script": ("pictures", _set(licence_url="javascript:x()")),
    "a file to be put elsewhere": ("files", _set(stored_as="files/AbCdEfGhIjKl/../../x.pdf")),
    "a hidden file": ("files", _set(stored_as="files/AbCdEfGhIjKl/.htaccess")),
}


def test_forged_pictures_and_files_change_nothing(paper, forging):
    for what, (kind, change) in FORGED.items():
        pk = paper.photo.pk if kind == "pictures" else paper.ruling.pk
        with forging(what) as folder:
            rewritten(folder, f"media/{kind}/{pk}.json", change)


def _no_picture(folder, paper):
    (folder / f"media/pictures/{paper.photo.pk}.jpg").write_bytes(b"<svg onload=alert(1)>")
    sealed(folder)


def _linked(folder, paper):
    (folder / "people.json").unlink()
    (folder / "people.json").symlink_to("/etc/hostname")


def _outside(folder, paper):
    with (folder / "SHA256SUMS").open("a") as sums:
        sums.write(f"{'0' * 64}  ../outside.json\n")
    manifest = said(folder, "manifest.json")
    manifest["sha256_of_sums"] = hashlib.sha256((folder / "SHA256SUMS").read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


def _no_json(folder, paper):
    (folder / "sections.json").write_bytes(b"[{\xff")
    sealed(folder)


def _deep(folder, paper):
    (folder / "sections.json").write_bytes(b"[" * 200_000)
    sealed(folder)


BROKEN = {
    "a file is gone": lambda folder, paper: (folder / "tags.json").unlink(),
    "a file was touched": lambda folder, paper: (folder / "tags.json").write_text("[]"),
    "the sums were touched": lambda folder, paper: (folder / "SHA256SUMS").write_text(""),
    "the sums are gone": lambda folder, paper: (folder / "SHA256SUMS").unlink(),
    "the manifest is gone": lambda folder, paper: (folder / "manifest.json").unlink(),
    "the manifest is something else": lambda folder, paper: (folder / "manifest.json").write_text('{"format": "x"}'),
    "the format is of tomorrow": lambda folder, paper: rewritten(folder, "manifest.json", _set(version="2.0")),
    "the export is not complete": lambda folder, paper: (folder / "EXPORT-IS-INCOMPLETE.txt").write_text("x"),
    "a file is a link": _linked,
    "a name leads outside": _outside,
    "a file is no JSON": _no_json,
    "a file is brackets alone": _deep,
    "a picture is none": _no_picture,
    "other languages": lambda folder, paper: rewritten(folder, "newsroom.json", _set(languages=["uk", "en"])),
    "accounts of nobody": lambda folder, paper: rewritten(folder, "people.json", lambda value: [1, 2]),
}


def test_a_broken_export_is_refused_in_a_sentence(paper, forging):
    for what, breaks in BROKEN.items():
        with forging(what) as folder:
            breaks(folder, paper)


def test_whatever_is_wrong_with_a_file_it_is_all_or_nothing(unhurried, paper, exported, tmp_path):
    """Bytes turned, cut and doubled at random, with sums that fit."""
    folder = exported()
    emptied()
    before = rows()
    dice = random.Random(20261123)
    names = [line[66:] for line in (folder / "SHA256SUMS").read_text().splitlines() if line.endswith(".json")]
    came_in = 0
    for attempt in range(25):
        copy = tmp_path / "forged"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy)
        file = copy / dice.choice(names)
        content = bytearray(file.read_bytes())
        at = dice.randrange(len(content))
        content[at : at + dice.choice((0, 1, 40))] = dice.choice((b"", b"\0", b'"', b"{", b"9" * 30, os.urandom(3)))
        file.write_bytes(content)
        sealed(copy)
        point = transaction.savepoint()
        with contextlib.suppress(ImportRefused):
            export_take_in(folder=copy)
            came_in += 1
            transaction.savepoint_rollback(point)
            continue
        assert rows() == before, attempt
        transaction.savepoint_rollback(point)
    assert 0 < came_in < 25


def test_times_of_another_zone_are_told(unhurried, paper, exported):
    folder = exported()
    emptied()
    rewritten(folder, "newsroom.json", _set(time_zone="Europe/Lisbon", base_url="https://old.example"))

    returned = export_take_in(folder=folder)

    assert len(returned.notes) == 2
    assert "Europe/Lisbon" in returned.notes[0]
    assert "https://old.example" in returned.notes[1]
    assert timezone.get_current_timezone_name() == "Europe/Kyiv"
