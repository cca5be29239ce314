"""Links between imported texts: they lead to our pages, follow them when they move, and are written once."""

import json

import pytest
from django.test import Client
from wagtail.models import Page

from standfirst.importers.models import ImportedItem
from standfirst.stories.models import StoryPage
from standfirst.stories.services import story_publish
from tests.importers.moving import imported, move_in
from tests.importers.wxr import HEAD, export, item

pytestmark = pytest.mark.django_db


def link(address, words="words"):
    return f'<p>See <a href="{address}">{words}</a>.</p>'


def source_of(number, kind="post"):
    page = imported(number, kind)
    return page.body if kind == "page" else "".join(block.value.source for block in page.body)


@pytest.mark.parametrize(
    "address",
    [
        "https://old.example/later/",
        "http://www.old.example/later",
        "https://OLD.example:443/Later/?utm_source=x",
        "//old.example/later/",
        "/later/",
        "../later/",
        "https://old.example/?p=2",
        "/index.php?p=2",
        "https://old.example/later/amp/",
        "https://old.example/later/feed/",
        "https://old.example/later/comment-page-2/#comment-7",
        "https://www.google.com/url?q=https://old.example/later/",
    ],
)
def test_a_link_to_a_text_that_comes_later_is_a_link_to_its_page(newsroom, tmp_path, address):
    move_in(export(tmp_path, item(1, content=link(address)), item(2, "Later", slug="later"), item(3)))

    later = imported(2)
    assert f'linktype="page" id="{later.pk}"' in source_of(1)
    html = Client().get(imported(1).public_path).content.decode()
    assert f'href="{later.public_path}' in html
    assert not ImportedItem.objects.filter(kind="awaited").exists()
    assert imported(1).public_versions.count() == imported(2).public_versions.count() == 1
    assert StoryPage.find_problems() == ([], [], [], [], [])


def test_links_lead_back_to_themselves_to_pages_and_in_circles(newsroom, tmp_path):
    file = export(
        tmp_path,
        item(1, content=link("/post-1/#part-2") + link("/post-2/") + link("/company/")),
        item(2, content=link("/post-1/")),
        item(3, "Company", link("/post-1/"), kind="page", link="https://old.example/company/", categories=()),
    )

    move_in(file)

    one, two, page = imported(1), imported(2), imported(3, "page")
    assert f'<a linktype="page" id="{one.pk}" href="#part-2">' in source_of(1)
    assert f'id="{two.pk}"' in source_of(1)
    assert f'id="{page.pk}"' in source_of(1)
    assert f'id="{one.pk}"' in source_of(2)
    assert f'id="{one.pk}"' in source_of(3, "page")
    html = Client().get(one.public_path).content.decode()
    assert f'href="{one.public_path}#part-2"' in html
    assert f'href="{page.public_address}"' in html
    assert one.public_path in Client().get(page.public_address).content.decode()
    assert Page.find_problems() == ([], [], [], [], [])


def test_the_link_follows_when_the_story_moves_and_keeps_its_place_through_the_editor(newsroom, tmp_path):
    from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

    move_in(export(tmp_path, item(1, content=link("/post-2/#end")), item(2)))
    two = imported(2)
    two.slug = "moved-on"
    two.save_revision(user=newsroom.editor)
    story_publish(story=two, editor=newsroom.editor)

    html = Client().get(imported(1).public_path).content.decode()
    converter = ContentstateConverter(features=["link"])
    stored = source_of(1)

    assert 'moved-on/#end"' in html
    assert 'href="#end"' in converter.to_database_format(converter.from_database_format(stored))
    assert f'id="{two.pk}"' in converter.to_database_format(converter.from_database_format(stored))


def test_links_to_lists_lead_to_ours_and_those_that_lead_nowhere_are_named(newsroom, tmp_path):
    file = export(
        tmp_path,
        item(
            1,
            content=link("/category/world/")
            + link("/category/world/page/3/")
            + link("/category/world/asia/feed/")
            + link("/author/olena/")
            + link("/tag/un/")
            + link("/draft/")
            + link("/event/")
            + link("/never-was/")
            + link("/wp-content/uploads/report.pdf")
            + link("https://old.example/")
            + link("https://elsewhere.example/post-2/"),
        ),
        item(2, "Draft", status="draft", link="https://old.example/draft/"),
        item(3, "Event", kind="event", link="https://old.example/event/"),
        item(4, categories=(("category", "asia", "Asia"), ("post_tag", "un", "UN"))),
    )

    report = move_in(file)

    html = source_of(1)
    for address in ("/world/", "/asia/feed/rss", "/authors/olena-pryklad/", "/tags/un/", "/draft/", "/event/", "/"):
        assert f'href="{address}"' in html, address
    assert html.count('href="/world/"') == 2
    assert "linktype" not in html
    (story,) = [entry for entry in report["stories"] if entry["id"] == 1]
    assert [change for change in story["changes"] if "leads nowhere" in change] == [
        "The file /wp-content/uploads/report.pdf is not here; what offers it leads nowhere.",
        "Its link to /draft/ leads nowhere yet: that text is a draft.",
        "Its link to /event/ leads nowhere: that text is not here.",
        "Its link to /never-was/ leads nowhere.",
    ]


def test_a_report_speaks_the_language_of_whoever_reads_it_and_links_that_of_the_story(newsroom, tmp_path):
    content = link("/category/world/") + link("/never-was/")
    file = export(tmp_path, item(1, content=content), item(2), head=HEAD.replace("en-US", "uk"))

    report = move_in(file)

    assert imported(1).language == "uk"
    assert 'href="/uk/world/"' in source_of(1)
    (story,) = [entry for entry in report["stories"] if entry["id"] == 1]
    assert "Its link to /never-was/ leads nowhere." in story["changes"]


def test_a_second_run_changes_nothing_and_takes_no_link_of_ours_for_somebody_elses_change(newsroom, tmp_path):
    file = export(tmp_path, item(1, content=link("/post-2/")), item(2, content=link("/post-1/")))
    move_in(file)
    before = [json.dumps(list(imported(n).body.raw_data)) for n in (1, 2)]

    assert move_in(file)["totals"] == {"unchanged": 2}

    changed = export(tmp_path, item(1, "Anew", link("/post-2/")), item(2, content=link("/post-1/")))
    report = move_in(changed)
    assert (report["totals"]["updated"], report["totals"]["unchanged"], report["changed_here"]) == (1, 1, [])
    assert json.dumps(list(imported(2).body.raw_data)) == before[1]
    assert f'id="{imported(2).pk}"' in source_of(1)


def test_a_link_to_a_text_that_has_left_the_export_still_leads_to_its_page(newsroom, tmp_path):
    move_in(export(tmp_path, item(2)))

    move_in(export(tmp_path, item(1, content=link("/post-2/"))))

    assert f'id="{imported(2).pk}"' in source_of(1)


def test_a_number_kept_for_a_text_waits_for_it(newsroom, tmp_path, monkeypatch):
    """Stopped between the text that links and the one it links to, the link leads there once it has come."""
    from standfirst.importers import move as moving

    monkeypatch.setattr(moving, "BATCH", 1)
    file = export(tmp_path, item(1, content=link("/post-2/")), item(2, "Two"))
    take_in, calls = moving.stories_take_in, []

    def once(*, arrivals):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return take_in(arrivals=arrivals)

    monkeypatch.setattr(moving, "stories_take_in", once)
    with pytest.raises(AssertionError):
        move_in(file)
    awaited = ImportedItem.objects.get(kind="awaited").object_id
    newsroom.publish("Written in between")
    assert "words" in Client().get(imported(1).public_path).content.decode()
    monkeypatch.setattr(moving, "stories_take_in", take_in)

    move_in(file)

    assert imported(2).pk == awaited
    assert f'href="{imported(2).public_path}"' in Client().get(imported(1).public_path).content.decode()
    assert not ImportedItem.objects.filter(kind="awaited").exists()
