"""The search page."""

import pytest
from bs4 import BeautifulSoup
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from standfirst.stories.services import story_withdraw
from tests.printed import SLY


def found(client, query, path="/search/", **more):
    response = client.get(path, {"q": query, **more})
    assert response.status_code == 200
    soup = BeautifulSoup(response.content, "html.parser")
    return [link["href"] for link in soup.select("main article h3 a")]


def test_words_of_headline_standfirst_and_text_find_a_story(paper, client):
    for words in ("bridge", "BRIDGE repairs", "trams monday", "hello world"):
        assert found(client, words) == [paper.story.public_path], words


def test_each_language_searches_its_own_stories(paper, client):
    assert found(client, "міст", "/uk/search/") == [paper.ukrainian.public_path]
    assert found(client, "міст") == []
    assert found(client, "bridge", "/uk/search/") == []


def test_drafts_and_withdrawn_stories_are_not_found(paper, client):
    story_withdraw(story=paper.other)

    assert found(client, "secret draft") == []
    assert found(client, "witness") == []


def test_standing_pages_are_found_too(paper, client):
    text = client.get("/search/", {"q": "cookies"}).content.decode()

    assert 'href="/cookies/"' in BeautifulSoup(text, "html.parser").main.decode()


def test_some_of_the_words_are_better_than_nothing(paper, client):
    response = client.get("/search/", {"q": "bridge zeppelin"})

    assert "No story has all of these words" in response.content.decode()
    assert found(client, "bridge zeppelin") == [paper.story.public_path]


@pytest.mark.parametrize("query", ["", "   ", "!!!", "\"", "'", "*", "(", ")", "--", "\0", "%", "_", "^", "a" * 5000,
                                   "NEAR(", "title:", "AND", "OR OR", "NOT", "'; DROP TABLE x;--", "\U0001f600", "a\0b",
                                   "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
                                   " ".join(["word"] * 2000), SLY, "{{ 7|add:1 }}", "-bridge", "bridge*"])  # fmt: skip
def test_senseless_questions_get_a_sensible_page(paper, client, query):
    for path in ("/search/", "/uk/search/"):
        response = client.get(path, {"q": query})

        assert response.status_code == 200
        soup = BeautifulSoup(response.content, "html.parser")
        assert [tag for tag in soup.find_all("script") if not tag.get("src")] == []


@pytest.mark.parametrize("page", ["0", "-1", "2", "999999", "99999999999", "x", "", "١"])
def test_a_page_that_is_not_there_is_the_nearest_one(paper, client, page):
    assert found(client, "bridge", page=page) == [paper.story.public_path]


def test_many_results_are_paged(paper, client):
    for number in range(23):
        paper.publish(f"Zeppelin over town {number}")

    first, second = (set(found(client, "zeppelin", page=page)) for page in (1, 2))

    assert (len(first), len(second)) == (20, 3)
    assert not first & second
    text = client.get("/search/", {"q": "zeppelin"}).content.decode()
    assert "23 stories" in text
    assert 'href="?q=zeppelin&amp;page=2"' in text


def test_the_number_of_queries_does_not_grow_with_what_is_found(paper, client):
    def asked(words):
        with CaptureQueriesContext(connection) as queries:
            client.get("/search/", {"q": words})
        return len(queries)

    one = asked("bridge")
    for number in range(5):
        paper.publish(f"Zeppelin over town {number}", lead_image=paper.image, lead_alt="x")

    assert asked("zeppelin") <= one


def test_what_was_asked_is_stored_nowhere(paper, client):
    response = client.get("/search/", {"q": "bridge"})

    assert response["Cache-Control"] == "no-store"
    assert response.cookies == {}
    assert 'content="noindex"' in response.content.decode()


def test_without_the_database_search_says_so_kindly(paper, client):
    def gone(*_args):
        raise DatabaseError("gone")

    with connection.execute_wrapper(gone):
        response = client.get("/uk/search/", {"q": "bridge"})

    assert response.status_code == 503
    assert response["Retry-After"] == "120"
    assert b"<h1" in response.content
