"""A week side by side: the old paper goes on, its export comes in every night, editors work here by day."""

import pytest
from django.test import Client

from standfirst.importers.models import Move
from standfirst.stories.models import StoryPage
from standfirst.stories.services import story_publish
from tests.importers.moving import imported, move_in
from tests.importers.wxr import export, item

pytestmark = pytest.mark.django_db


def night(tmp_path, *items):
    return move_in(export(tmp_path, *items))


def test_every_night_brings_what_is_new_and_leaves_what_was_done_here(newsroom, tmp_path):
    before = StoryPage.objects.count()
    monday = [item(n, f"Story {n}") for n in range(1, 6)]
    night(tmp_path, *monday, item(6, "Planned", status="draft", link="https://old.example/?p=6", slug=""))

    # By day an editor changes one story and opens a draft; there, one is corrected and one goes out.
    mine = imported(2)
    mine.title = "Story 2, longer here"
    mine.save_revision(user=newsroom.editor)
    story_publish(story=mine, editor=newsroom.editor, label="update")
    tuesday = [
        item(1, "Story 1, corrected"),
        *monday[1:],
        item(6, "Planned"),
        item(7, "New", '<a href="/post-2/">2</a>'),
    ]
    report = night(tmp_path, *tuesday)

    assert (report["totals"]["updated"], report["totals"]["published"], report["totals"]["unchanged"]) == (2, 1, 4)
    assert "changed_here" not in report["totals"]
    assert imported(1).title == "Story 1, corrected"
    assert imported(1).public_versions.count() == 2
    assert imported(6).live
    assert f'id="{mine.pk}"' in imported(7).body[0].value.source

    # There, too, somebody changes the story that was changed here; one is thrown away, one made private, one is gone.
    wednesday = [
        item(1, "Story 1, corrected"),
        item(2, "Story 2, another way"),
        item(3, "Story 3", status="trash"),
        item(4, "Story 4", status="private"),
        *tuesday[5:],
    ]
    report = night(tmp_path, *wednesday)

    assert [(one["id"], one["ours"], one["theirs"]) for one in report["changed_here"]] == [
        (2, "Story 2, longer here", "Story 2, another way")
    ]
    assert imported(2).title == "Story 2, longer here"
    assert [one["id"] for one in report["vanished"]] == [5]
    assert imported(5).live
    (thrown,) = report["left_out"]
    assert "still here from an earlier import" in thrown["why"]
    assert imported(3).live
    assert not imported(4).live
    assert Client().get(imported(4).public_path).status_code == 410

    # And once more the same: what is settled is settled, what is not is named again.
    report = night(tmp_path, *wednesday)
    assert report["totals"] == {"unchanged": 4, "changed_here": 1, "left_out": 1, "vanished": 1}
    assert StoryPage.objects.count() == before + 7
    assert Move.objects.filter(state=Move.State.FINISHED).count() == 4


def test_an_address_that_changed_there_leads_here_as_the_one_before_does(newsroom, tmp_path):
    night(tmp_path, item(1, "One", link="https://old.example/one/", slug="one"))
    night(tmp_path, item(1, "One anew", link="https://old.example/one-anew/", slug="one-anew"))

    for old in ("/one/", "/one-anew/", "/?p=1"):
        assert Client().get(old)["Location"] == imported(1).public_path == "/2024/11/04/one/"


def test_an_older_export_puts_no_older_words_back(newsroom, tmp_path):
    monday = [item(1, "Bridge closed"), item(2, "Ferry", status="draft"), item(3, "Our house", kind="page")]
    later = "<wp:post_modified_gmt>2024-11-08 10:00:00<"
    tuesday = [
        one.replace("<wp:post_modified_gmt>2024-11-04 09:30:00<", later)
        for one in (item(1, "Bridge open"), item(2, "Ferry"), item(3, "Our new house", kind="page"))
    ]
    night(tmp_path, *tuesday)

    report = night(tmp_path, *monday)

    assert [imported(n, kind).title for n, kind in ((1, "post"), (3, "page"))] == ["Bridge open", "Our new house"]
    assert imported(2).live
    assert imported(1).public_versions.count() == 1
    assert report["totals"] == {"left_out": 3}
    assert "last changed on 2024-11-04 11:30, and here stands what was said on 2024-11-08 12:00" in str(report)

    # What changed without the old system saying so, and what it says anew, comes in as ever.
    night(tmp_path, *(one.replace("Bridge open", "Bridge opens") for one in tuesday))
    assert imported(1).title == "Bridge opens"
