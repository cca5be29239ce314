"""What was withheld and destroyed is in no file of the newsroom any more, and no older backup brings it back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.ops.conftest import in_newsroom, standfirst

PARTS = [b"Zorian", b"zorian", b"Kvitka", b"kvitka"]

STORY = """
import json
from standfirst.people.models import User
from standfirst.press import queue
from standfirst.stories.models import Section, StoryKind, StoryPage
from standfirst.stories.services import section_add, story_draft, story_publish
editor = User.objects.get()
section = section_add(title="City", slug="city", texts={})
story = story_draft(headline="A witness speaks", standfirst="Zorian Kvitka saw it.", language="en", section=section,
    kind=StoryKind.objects.first(), bylines=[], author=editor,
    body=[{"type": "text", "value": "<p>The witness <b>Zorian</b> Kvitka came.</p><p>ZORIAN KVITKA is forty.</p>"}])
story_publish(story=story, editor=editor)
draft = StoryPage.objects.get(pk=story.pk)
draft.standfirst = "Zorian Kvitka saw half of it."
draft.change_label, draft.change_note, draft.change_from = "correction", "We said that Zorian Kvitka saw it all.", 1
draft.save_revision()
story_publish(story=draft, editor=editor)
queue.start("test"); queue.run()
print(story.public_path)
"""

WITHHOLD = """
import datetime as dt
from django.utils import timezone
from standfirst.corrections.models import Withholding, WithholdingRules
from standfirst.corrections.services.withholding import Wanted, withhold
from standfirst.people.models import User
from standfirst.press import queue
from standfirst.stories.models import StoryPage
WithholdingRules.objects.create(pk=1, wants_second=False, days=1)
story = StoryPage.objects.get()
WANTED
queue.drain(); queue.run()
"""
WORDS = 'withhold(wanted=Wanted(story, "words", "danger", words=["Zorian Kvitka"]), editor=User.objects.get())'
WHOLE = 'withhold(wanted=Wanted(story, "story", "danger"), editor=User.objects.get())'

DESTROY = """
from pathlib import Path
from django.conf import settings
from django.utils import timezone
from django.utils.timezone import timedelta
from standfirst.corrections.models import Withholding
from standfirst.ops.housekeeping import housekeeping
Withholding.objects.update(confirmed_at=timezone.now() - timedelta(days=2))
assert housekeeping(Path(settings.NEWSROOM.folder)).failed == []
assert Withholding.objects.get().destroyed_at
"""

STATE = """
import json
from standfirst.corrections.models import Correction, Withholding
from standfirst.stories.models import StoryPage
from standfirst.stories.record import record_state
one = Withholding.objects.get()
print(json.dumps({"troubles": record_state().troubles, "live": StoryPage.objects.get().live,
    "destroyed": bool(one.destroyed_at), "labels": list(Correction.objects.values_list("label", flat=True))}))
"""


def holding(folder: Path) -> list[str]:
    """The files in which something of the words is left."""
    return [
        str(file.relative_to(folder))
        for file in folder.rglob("*")
        if file.is_file() and any(part in file.read_bytes() for part in PARTS)
    ]


def state(folder: Path) -> dict:
    return json.loads(in_newsroom(folder, STATE).strip().splitlines()[-1])


@pytest.mark.parametrize(("wanted", "live"), [(WORDS, True), (WHOLE, False)])
def test_no_byte_is_left_after_destruction_nor_after_the_restore_of_an_older_backup(newsroom, tmp_path, wanted, live):
    in_newsroom(newsroom, STORY)
    assert len(holding(newsroom)) > 3
    old, new = tmp_path / "old.tar", tmp_path / "new.tar"
    assert standfirst("--newsroom", newsroom, "backup", old).returncode == 0

    in_newsroom(newsroom, WITHHOLD.replace("WANTED", wanted))
    left = holding(newsroom / "data")
    assert [name for name in left if not name.startswith("standfirst.sqlite3")] == []
    in_newsroom(newsroom, DESTROY)

    assert holding(newsroom) == []
    assert state(newsroom) == {
        "troubles": [], "live": live, "destroyed": True, "labels": ["removal", "correction"],
    }  # fmt: skip
    assert standfirst("--newsroom", newsroom, "backup", new).returncode == 0
    assert not any(part in new.read_bytes() for part in PARTS)
    assert any(part in old.read_bytes() for part in PARTS)

    # On this machine, and on another that has nothing but the folder of backups.
    for folder in (newsroom, tmp_path / "elsewhere"):
        done = standfirst("--newsroom", folder, "restore", "--yes", old)
        assert done.returncode == 0, done.stderr
        assert holding(folder) == []
        assert state(folder)["troubles"] == []
        assert (state(folder)["live"], state(folder)["destroyed"]) == (live, True)
