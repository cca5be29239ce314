"""Paragraph ids, links and hostile HTML in running text."""

from django.utils.html import escape

from standfirst.stories import services
from standfirst.stories.richtext import LinkTargets, repair_keys, repair_stream, to_readers


def test_keys_are_kept_and_missing_or_doubled_ones_repaired():
    seen = set()

    html = repair_keys('<p data-block-key="abcde">1</p><p>2</p><p data-block-key="abcde">3</p>', seen)

    assert html.startswith('<p data-block-key="abcde">1</p><p data-block-key="')
    assert html.count('data-block-key="abcde"') == 1
    assert html.count("data-block-key=") == 3
    assert len(seen) == 3


def test_repairing_twice_changes_nothing():
    once = repair_stream([{"type": "text", "value": "<p>One</p><ul><li>Two</li></ul>"}])

    assert repair_stream(once) == once


def test_keys_are_unique_across_the_whole_story():
    blocks = [{"type": "text", "value": '<p data-block-key="aaaaa">1</p>'} for _ in range(2)]

    first, second = repair_stream(blocks)

    assert 'data-block-key="aaaaa"' in first["value"]
    assert 'data-block-key="aaaaa"' not in second["value"]


def test_readers_get_paragraph_ids_and_no_script():
    html = '<p data-block-key="abcde" onclick="x()">Hi<script>alert(1)</script> <a href="javascript:x()">there</a></p>'

    shown = to_readers(html, LinkTargets([html]))

    assert shown == '<p id="p-abcde">Hi there</p>'


def test_links_to_stories_lead_to_their_public_address_in_one_query(draft, django_assert_max_num_queries):
    targets = [draft(f"Story {number}") for number in range(3)]
    for story in targets:
        services.story_publish(story=story)
    hidden = draft("Not out yet")
    html = "".join(
        f'<p data-block-key="k{s.pk}"><a linktype="page" id="{s.pk}">{escape(s.title)}</a></p>'
        for s in [*targets, hidden]
    )

    with django_assert_max_num_queries(3):
        shown = to_readers(html, LinkTargets([html]))

    for story in targets:
        assert f'<a href="{story.public_path}">{story.title}</a>' in shown
    assert ">Not out yet</p>" in shown
    assert hidden.slug not in shown
