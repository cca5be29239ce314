"""Whatever a stranger sends: no wrong byte from the store, none into it, and no database at will."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.press.paper import PAGES, STORY, Outcome, Paper, page
from tests.sizes import examples

FORGED = {
    "cookie": "sessionid=abc; sf=1",
    "authorization": "Basic YTpi",
    "x_forwarded_host": "evil.example",
    "x_forwarded_for": "127.0.0.1",
    "x_forwarded_proto": "http",
    "x_original_url": "/desk/",
    "x_rewrite_url": "/-/moved.map",
    "x_http_method_override": "DELETE",
    "forwarded": "host=evil.example",
    "accept_language": "uk",
    "user_agent": "'; DROP TABLE readers",
    "range": "bytes=0-1",
    "if_modified_since": "Sat, 01 Jan 2050 00:00:00 GMT",
}


@pytest.mark.parametrize("name", FORGED)
def test_no_header_changes_a_byte(paper: Paper, name: str) -> None:
    expected = paper.get(STORY, accept_encoding="br")

    assert paper.get(STORY, accept_encoding="br", **{name: FORGED[name]}) == expected


@pytest.mark.parametrize("query", ["?", "?x=1", "?utm_source=%0d%0aSet-Cookie:a=b", "?/-/moved.map", "?" + "a" * 9000])
def test_no_query_changes_a_byte(paper: Paper, query: str) -> None:
    assert paper.get(STORY + query) == paper.get(STORY)
    assert paper.get("/" + query) == paper.get("/")


@pytest.mark.parametrize(
    "host", ["evil.example", "news.example.evil.example", "news.example:81", "", None, "127.0.0.1.evil.example", "a\0b"]
)
@pytest.mark.parametrize("target", ["/", STORY, "/s/x.css", "/desk/", "/nothing/", "/-/404/"])
def test_an_unknown_host_is_refused_before_any_look_up(paper: Paper, host: str | None, target: str) -> None:
    paper.get("/")  # lies in memory now

    for method in ("GET", "POST"):
        assert paper.get(target, host=host, method=method).status == 421
    assert paper.asked == paper.django == []


@pytest.mark.parametrize("host", ["news.example", "NEWS.example", "127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_our_own_names_are_answered(paper: Paper, host: str) -> None:
    assert paper.get("/", host=host).status == 200


def test_without_a_public_address_every_name_is_answered(tmp_path) -> None:
    paper = Paper(tmp_path, base_url="")
    paper.open()

    assert paper.get("/", host="10.0.0.7:8000").status == paper.get("/", host=None).status == 200


@pytest.mark.parametrize(
    "target", ["/desk/", "/uk/search/?q=x", "/contact/", f"{STORY}suggest/", "/healthz", "/api/v1/"]
)
def test_live_addresses_reach_django_every_time(paper: Paper, target: str) -> None:
    for _again in range(2):
        assert paper.get(target).body == b"from Django"
    assert len(paper.django) == 2
    assert paper.asked == []


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE", "get", "BREW"])
def test_other_methods_reach_django_and_leave_the_store_alone(paper: Paper, method: str) -> None:
    before = stored(paper)

    assert paper.get(STORY, method=method).body == b"from Django"

    assert stored(paper) == before
    assert "bridge" in paper.get(STORY).text


@pytest.mark.parametrize(
    "target",
    ["/-/404/", "/-/moved.map", "/-/", "/-/uk/404/", "/%2d/404/", "/-%2f404/", "/-/nothing/", "/-/503/?x=1"],
)
def test_internal_pages_have_no_address(paper: Paper, target: str) -> None:
    reply = paper.get(target)

    assert reply.status == 404
    assert "no such page" in reply.text
    assert paper.asked == []


@pytest.mark.parametrize(
    "target",
    [
        f"{STORY}index.html",
        f"{STORY}index.html.br",
        f"{STORY}../../../../",
        "/%2e%2e/%2e%2e/standfirst.toml",
        "/..%5c..%5cstandfirst.toml",
        "//news.example/",
        "//evil.example",
        "/./",
        "/world//",
        "/World/",
        "/world/%00",
        "/world%00/",
        "/world/%0d%0aSet-Cookie:x=1",
        "/%ff%fe/",
        "/%c0%ae%c0%ae/",
        "/" + "a/" * 400,
        "/" + "a" * 5000,
        "/\ufffd/",
        "/пошук/",
    ],
)
def test_an_address_that_is_nobodys_is_refused_without_asking_anybody(paper: Paper, target: str) -> None:
    reply = paper.get(target)

    assert reply.status == 404
    assert paper.asked == paper.django == []


def test_a_flood_of_unknown_addresses_reaches_the_database_a_hundred_times_and_then_slowly(paper: Paper) -> None:
    statuses = [paper.get(f"/flood-{number}/").status for number in range(3000)]

    assert len(paper.asked) == 100
    assert set(statuses) == {404, 503}
    assert {paper.get(path).status for path in PAGES if not path.startswith("/-/")} == {200}

    paper.clock.now += 60
    again = [paper.get(f"/flood-again-{number}/").status for number in range(3000)]

    assert again.count(404) == 100
    assert len(paper.application.core.lately) <= 10_000


def test_a_flood_of_queries_and_weird_hosts_leaves_memory_bounded(paper: Paper) -> None:
    core = paper.application.core
    for number in range(3000):
        paper.get(f"/?x={number}", host=f"127.0.0.1:{number}", accept_encoding=f"gzip;q=0.{number}")

    assert len(core._hosts) <= 1000
    assert len(core._packings) <= 1000
    assert len(core.memory.hot["gzip"]) <= 1


def stored(paper: Paper) -> dict[str, bytes | None]:
    return {path: paper.store.read(path) for path in paper.store.paths()}


words = st.text(max_size=40)
targets = st.one_of(
    st.sampled_from([*PAGES, "/s/x.css", "/m/x.jpg", "/desk/", "/feed/atom"]),
    st.lists(st.sampled_from(["a", "..", ".", "%2e", "%2f", "-", "404", "", "world", "%00", "%", "index.html"])).map(
        lambda parts: "/" + "/".join(parts)
    ),
    words.map(lambda text: "/" + text),
)


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    target=targets,
    query=words,
    method=st.sampled_from(["GET", "HEAD"]),
    host=st.sampled_from(["news.example", "localhost", "evil.example"]),
    headers=st.dictionaries(
        st.sampled_from(["accept_encoding", "if_none_match", "range", "if_range", "cookie", "accept"]),
        st.text(st.characters(max_codepoint=255), max_size=60),
    ),
)
def test_any_request_gets_a_page_that_is_stored_or_none(paper: Paper, target, query, method, host, headers) -> None:
    paper.demand = lambda path, query: Outcome(404)
    before = stored(paper)
    pages = {page(words).decode() for path, words in PAGES.items() if not path.startswith("/-/")}

    reply = paper.get(f"{target}?{query}", method=method, host=host, **headers)

    assert reply.status in (200, 301, 302, 304, 404, 421, 503)
    assert not any("\r" in value or "\n" in value for _name, value in reply.rows)
    if reply.status == 200 and method == "GET" and reply.body != b"from Django":
        assert reply.text in pages
    assert stored(paper) == before
