"""Corrections, drafts and forms at the same moment: whatever the order, nothing anybody wrote is lost."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.test.utils.form_data import rich_text

from standfirst.stories.errors import NotReady, PassageMoved
from standfirst.stories.models import StoryPage
from standfirst.stories.passages import text_of_version
from standfirst.stories.services import PassageEdit, story_revise
from standfirst.stories.wording import Unwritable, Wording
from tests.desk import signed_in
from tests.sizes import examples
from tests.stories.test_desk_form import edit, filled

WORDS = [f"word{number}" for number in range(40)]


def paragraphs(words):
    return "".join(
        f'<p data-block-key="key{at:02}">'
        + " ".join(f"<b>{word}</b>" if n % 3 == 0 else word for n, word in part)
        + "</p>"
        for at, part in enumerate([list(enumerate(words[start : start + 10])) for start in range(0, len(words), 10)])
    )


def accept(story_pk, word, new, editor):
    """As the queue does: place the words in what is public now, then revise; again when somebody was first."""
    for _ in range(20):
        story = StoryPage.objects.get(pk=story_pk)
        text = text_of_version(story.public_versions.order_by("-number")[0])
        at = text.whole.index(word)
        place = text.place(at, at + len(word))
        one = PassageEdit(place.block, place.start, place.end, word, new)
        try:
            return story_revise(story=story, edits=[one], label="correction", note="It was wrong.", editor=editor)
        except PassageMoved:
            continue
    raise AssertionError("never accepted")


@pytest.mark.django_db(transaction=True)
def test_corrections_and_drafts_at_the_same_moment_lose_nothing(newsroom):
    story = newsroom.publish(body=[{"type": "text", "value": paragraphs(WORDS)}])
    start = threading.Barrier(6)
    client = signed_in(newsroom.reporter)
    held = client.get(edit(story)).context["form"]["words_seen"].value()

    def correct(number):
        start.wait(30)
        try:
            return accept(story.pk, f"word{number * 7 + 1} ", f"right{number} ", newsroom.editor).version.number
        finally:
            connection.close()

    def write(number):
        start.wait(30)
        try:
            mine = paragraphs([*WORDS[:35], f"mine{number}", *WORDS[36:]])
            data = filled(title=story.title, slug=story.slug, kicker=f"k{number}", body=[("text", rich_text(mine))])
            return client.post(edit(story), data | {"words_seen": held}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as crowd:
        versions = [crowd.submit(correct, number) for number in range(4)]
        saved = [crowd.submit(write, number) for number in range(2)]

    assert sorted(one.result() for one in versions) == [2, 3, 4, 5]
    assert [one.result() for one in saved] == [302, 302]
    story.refresh_from_db()
    live, working = Wording.of(story).text.whole, Wording.of(story.get_latest_revision_as_object()).text.whole
    for number in range(4):
        assert f"right{number} " in live
        assert f"right{number} " in working
        assert f"word{number * 7 + 1} " not in live + working
    assert "mine" in working
    assert "mine" not in live


piece = st.sampled_from(["one", "two", "three", "четвер", "п’ять", "e\u0301", "&amp;", "&lt;x&gt;", "so\u00adft", "😀"])
marked = st.builds(
    lambda word, tag: f"<{tag}>{word}</{tag.split()[0]}>" if tag else word,
    piece,
    st.sampled_from(["", "", "b", "i", 'a href="https://x.example/"']),
)
rich = st.lists(st.lists(marked, min_size=1, max_size=8).map(" ".join), min_size=1, max_size=4).map(
    lambda lines: "".join(f'<p data-block-key="k{at}">{line}</p>' for at, line in enumerate(lines))
)


def data_of(html):
    return {
        "language": "en", "kicker": "", "headline": "A headline", "standfirst": "", "kind": "", "section": "",
        "dateline": "", "bylines": [], "based_on": [], "lead": None, "sources": [], "methods": "", "tags": [],
        "body": [{"type": "text", "id": "b1", "value": html}],
    }  # fmt: skip


@given(html=rich, pick=st.data(), new=st.text("abc <&é\u0301—я", max_size=12))
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_replacing_any_words_changes_these_and_no_others(html, pick, new):
    """Any words of any paragraph, any new ones: the passage says just that, and all markup that holds words stays."""
    words = Wording(data_of(html))
    passage = pick.draw(st.sampled_from(words.text.passages[1:]))
    start = pick.draw(st.integers(0, len(passage.text) - 1))
    end = pick.draw(st.integers(start + 1, len(passage.text)))
    before = {one.name: one.text for one in words.text.passages}

    try:
        words.replace(passage.name, start, end, new)
    except Unwritable:
        assert words.data["body"][0]["value"] == html
        return

    after = {one.name: one.text for one in words.text.passages}
    from standfirst.kit.anchoring import normal

    assert after.get(passage.name, "") == normal(passage.text[:start] + new + passage.text[end:])
    assert {name: text for name, text in after.items() if name != passage.name} == {
        name: text for name, text in before.items() if name != passage.name
    }
    assert json.dumps(words.data)


@pytest.mark.django_db
def test_an_edit_that_would_leave_nothing_changed_is_refused(newsroom):
    story = newsroom.publish(body=[{"type": "text", "value": paragraphs(WORDS)}])
    same = PassageEdit("p-key00", 0, 5, "word0", "word0")

    with pytest.raises(NotReady, match="Nothing would change"):
        story_revise(story=story, edits=[same], label="typo", note="", editor=newsroom.editor)

    assert story.public_versions.count() == 1
