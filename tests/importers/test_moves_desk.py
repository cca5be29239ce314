"""The report of an import at the desk: found, filtered, searched, compared, by those who may publish."""

import re

import pytest
from django.test import Client

from standfirst.importers.models import Move, MoveEntry
from standfirst.stories.services import story_publish
from tests.desk import signed_in
from tests.importers.moving import imported, move_in
from tests.importers.wxr import export, item

pytestmark = pytest.mark.django_db


def read(client, **asked):
    move = Move.objects.first()
    response = client.get(f"/desk/reports/imports/{move.pk}/", asked)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def editors_desk(newsroom):
    return signed_in(newsroom.editor)


@pytest.fixture
def twice(newsroom, tmp_path):
    """An import, changes here and there, and another."""
    move_in(export(tmp_path, item(1, "One"), item(2, "Two"), item(9, "Gone later")))
    two = imported(2)
    two.title = "Two, by our editor"
    two.save_revision(user=newsroom.editor)
    story_publish(story=two, editor=newsroom.editor, label="update")
    return move_in(
        export(
            tmp_path,
            item(1, "One"),
            item(2, "Two anew", "<p>Three bearings failed.</p>"),
            item(3, "Міст закрито", '<p>[my_box]Words[/my_box] <img src="/wp-content/uploads/x.jpg"></p>'),
            item(4, "Secret", status="private", link="https://old.example/secret/"),
            item(5, "An event", kind="event"),
            item(6, "Our feed", link="https://old.example/feed/"),
        )
    )


def test_every_kind_of_remark_has_its_list(twice, editors_desk):
    assert "[my_box]" in read(editors_desk, remark="changed")
    assert "It was private in the old system." in read(editors_desk, remark="drafts")
    assert "An event" in read(editors_desk, remark="left-out")
    assert "wp-content/uploads/x.jpg" in read(editors_desk, remark="pictures")
    assert "Gone later" in read(editors_desk, remark="vanished")
    assert "belongs to the paper itself" in read(editors_desk, remark="addresses")
    assert f"/desk/pages/{imported(3).pk}/edit/" in read(editors_desk, remark="texts")
    assert "leads to it once it is public" in read(editors_desk, remark="drafts")
    assert [entry["id"] for entry in twice["vanished"]] == [9]
    assert twice["totals"]["vanished"] == 1


def test_a_text_changed_here_stands_beside_what_the_export_says(twice, editors_desk):
    page = read(editors_desk, remark="changed-here")

    assert "<del>Two, by our editor</del>" in page or "<del>Two,</del>" in page or "<del>by our editor</del>" in page
    assert "<del>Two</del> <ins>Three</ins> bearings failed." in page


def test_titles_and_old_addresses_are_found_in_any_case(twice, editors_desk):
    assert "Міст закрито" in read(editors_desk, remark="texts", q="МІСТ")
    assert "Міст закрито" in read(editors_desk, remark="texts", q="/post-3/")
    assert "Міст закрито" in read(editors_desk, remark="texts", q="https://old.example/post-3/")
    assert "Nothing to say here." in read(editors_desk, remark="texts", q="never written")


def test_many_lines_come_page_by_page(newsroom, editors_desk):
    move = Move.objects.create(source="wordpress:x.example", state=Move.State.FINISHED)
    MoveEntry.objects.bulk_create(
        MoveEntry(move=move, status="public", kind="post", foreign_id=str(n), title=f"Story {n}", sought=f"story {n}")
        for n in range(120)
    )

    first, last = read(editors_desk), read(editors_desk, remark="texts", p="3")

    assert "Story 49<" in first
    assert "Story 50<" not in first
    assert "Page 1 of 3" in first
    assert "Story 119<" in last
    assert "remark=texts&amp;p=2" in last


def test_an_import_that_was_killed_is_said_to_be_interrupted(newsroom, editors_desk):
    Move.objects.create(source="wordpress:x.example", file="export.xml")

    assert "interrupted" in read(editors_desk)
    assert "export.xml" in editors_desk.get("/desk/reports/imports/").content.decode()


def test_who_may_not_publish_reads_no_report(twice, newsroom):
    client = Client()
    assert client.get("/desk/reports/imports/").status_code == 302
    signed_in(newsroom.reporter, client)
    for address in ("", f"{Move.objects.first().pk}/"):
        response = client.get(f"/desk/reports/imports/{address}")
        assert response.status_code == 302
        assert response["Location"] == "/desk/"


def test_what_an_export_says_is_shown_as_words_alone(newsroom, tmp_path, editors_desk):
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    move_in(export(tmp_path, item(1, f"Evil {evil}", link='https://old.example/x"><script>alert(1)</script>/')))

    assert "<script>alert(1)" not in read(editors_desk, remark="texts")
    assert "<img src=x" not in read(editors_desk, remark="texts", q="<img src=x onerror")
