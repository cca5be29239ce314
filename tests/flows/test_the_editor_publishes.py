"""The first walk: from a draft nobody sees to every place where a reader or a machine looks, and out again."""

import datetime as dt

import pytest
from django.utils import timezone

from standfirst.stories.services import story_publish, story_withdraw

pytestmark = pytest.mark.django_db

HEADLINE = "Nine bearings and a river"
#: Where a new English story of the city section, by Taras Melnyk, tagged "bridges", must appear.
PLACES = [
    "/",
    "/text/",
    "/city/",
    "/city/text/",
    "/authors/taras-melnyk/",
    "/tags/bridges/",
    "/archive/",
    "/feed/atom",
    "/feed/rss",
    "/city/feed/atom",
    "/sitemap.xml",
    "/news-sitemap.xml",
]
#: And where it must not.
ELSEWHERE = ["/world/", "/authors/hanna-petrenko/", "/uk/", "/uk/city/", "/world/feed/atom"]


def shown(client, path: str, words: str) -> bool:
    """Whether a page says these words; a sitemap that leads to others is followed."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    text = b"".join(answer).decode() if answer.streaming else answer.content.decode()
    if "<sitemapindex" in text:
        parts = [part.split("</loc>")[0] for part in text.split("<loc>")[1:]]
        return any(shown(client, part.removeprefix("http://testserver"), words) for part in parts)
    return words in text


@pytest.fixture
def draft(newsroom):
    return newsroom.draft(
        HEADLINE, tags=["Bridges"], standfirst="Two of nine failed, and nobody says when the rest were looked at."
    )


def words_for(story, path: str) -> str:
    """Sitemaps know addresses, not headlines."""
    return story.public_path if path == "/sitemap.xml" else HEADLINE


def test_a_draft_is_nowhere(client, newsroom, draft):
    for path in ["/", "/city/", "/archive/", "/feed/atom", "/authors/taras-melnyk/"]:
        assert not shown(client, path, HEADLINE), path


def test_a_published_story_is_everywhere_it_belongs(client, newsroom, draft):
    story_publish(story=draft, editor=newsroom.editor)
    draft.refresh_from_db()

    missing = [path for path in PLACES if not shown(client, path, words_for(draft, path))]
    wrong = [path for path in ELSEWHERE if shown(client, path, HEADLINE)]

    assert missing == []
    assert wrong == []
    assert shown(client, draft.public_path, HEADLINE)
    assert shown(client, draft.public_path + "text/", "Two of nine failed")


def test_words_typed_after_publishing_stay_at_the_desk(client, newsroom, draft):
    story_publish(story=draft, editor=newsroom.editor)
    draft.refresh_from_db()

    draft.title = "A thought not finished"
    draft.save_revision(user=newsroom.reporter)

    for path in [draft.public_path, "/", "/feed/atom"]:
        assert not shown(client, path, "A thought not finished"), path


def test_a_changed_story_says_when_it_changed(client, newsroom):
    day = dt.datetime(2026, 10, 6, 9, 0, tzinfo=dt.UTC)
    story = newsroom.publish(HEADLINE, first_published_at=day)
    before = client.get(story.public_path).content.decode()

    story.title = HEADLINE + " again"
    story.save_revision(user=newsroom.editor)
    story_publish(story=story, editor=newsroom.editor, label="update")
    story.refresh_from_db()

    after = client.get(story.public_path).content.decode()
    stamp = timezone.localtime(story.changed_at).strftime("%Y-%m-%d")
    assert stamp not in before
    assert stamp in after
    assert "2026-10-06" in after


def test_a_withdrawn_story_leaves_every_place_and_says_so(client, newsroom, draft):
    story_publish(story=draft, editor=newsroom.editor)
    draft.refresh_from_db()

    story_withdraw(story=draft, editor=newsroom.editor)

    left = [path for path in PLACES if path != "/tags/bridges/" and shown(client, path, words_for(draft, path))]
    assert left == []
    for path in (draft.public_path, draft.public_path + "text/"):
        answer = client.get(path)
        assert answer.status_code == 410, path
        assert HEADLINE not in answer.content.decode()


def test_nobody_finds_the_account_behind_a_byline(client, newsroom, draft):
    story_publish(story=draft, editor=newsroom.editor)
    draft.refresh_from_db()

    for path in [draft.public_path, *PLACES]:
        text = client.get(path).content.decode()
        assert "reporter@paper.example" not in text, path
        assert "editor@paper.example" not in text, path
