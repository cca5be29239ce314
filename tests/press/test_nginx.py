"""nginx with the configuration we print answers as our own layer does, also when that is not there any more."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfirst.press.addresses import Live, live_pattern
from standfirst.press.nginx import Site, configuration
from tests.press.paper import STORY, Paper, page
from tests.press.webserver import REQUESTS, App, Asked, free_port, furnish, named, nginx
from tests.programs import needs

# Some that always reach Django, also those that end as a page does.
LIVE = ["/contact/", "/contact/text/", "/uk/contact/", "/search/", "/desk/", f"{STORY}suggest/", "/readyz"]
pytestmark = needs("nginx")


def until(what: Callable[[], bool]) -> None:
    for _attempt in range(500):
        if what():
            return
        time.sleep(0.02)
    raise AssertionError("it did not become true in time")


class Front:
    def __init__(self, paper: Paper, app: App, port: int) -> None:
        self.paper, self.app, self.port = paper, app, port


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("behind")
    paper = Paper(folder / "lantern")
    furnish(paper)
    app, port = App(paper), free_port()
    with nginx(configuration(site(paper, app, port)), port, folder / "nginx"):
        yield Front(paper, app, port)
    app.stop()


def site(paper: Paper, app: App, port: int) -> Site:
    return Site(paper.place, paper.store.headers(), app=f"127.0.0.1:{app.port}", listen=(f"127.0.0.1:{port}",))


@pytest.mark.parametrize("request_", REQUESTS, ids=named)
def test_every_kind_of_answer_is_that_of_our_own_layer(front: Front, request_) -> None:
    method, target, headers = request_

    ours = Asked(front.app.port, target, method=method, host="news.example", **headers)
    theirs = Asked(front.port, target, method=method, host="news.example", **headers)

    assert theirs.comparable == ours.comparable


@pytest.mark.parametrize("target", ["/", STORY, "/desk/", "/s/plain.js"])
def test_an_unknown_host_is_refused(front: Front, target: str) -> None:
    for host in ("evil.example", "news.example.evil.example", "127.0.0.1.evil.example"):
        assert Asked(front.port, target, host=host).status == 421


@pytest.mark.parametrize(
    "target", ["/m/%2e%2e/%2e%2e/%2e%2e/standfirst.toml", "/s/..%2f..%2fstandfirst.toml", "/%2e%2e/headers.json"]
)
def test_nothing_outside_the_folders_is_served(front: Front, target: str) -> None:
    reply = Asked(front.port, target)

    assert reply.status in (400, 404)
    assert b"secret" not in reply.body


def test_who_has_the_page_gets_no_bytes_and_a_change_is_seen_at_once(front: Front) -> None:
    first = Asked(front.port, "/world/")
    assert Asked(front.port, "/world/", if_none_match=first.headers["etag"]).status == 304

    front.paper.store.write("/world/", page("dlrow"))
    again = Asked(front.port, "/world/", if_none_match=first.headers["etag"])
    front.paper.store.write("/world/", page("world"))

    assert (again.status, len(again.body)) == (200, len(first.body))
    assert b"dlrow" in again.body


def test_in_an_emergency_the_paper_becomes_its_text_edition(front: Front) -> None:
    emergency = front.paper.folder / "EMERGENCY"
    Asked(front.port, "/")
    emergency.touch()
    try:
        until(lambda: b"front in text" in Asked(front.port, "/").body)
        assert b"closed, in text" in Asked(front.port, STORY).body
        assert b"closed, in text" in Asked(front.port, f"{STORY}text/").body
        assert b"<p>world</p>" in Asked(front.port, "/world/").body
        before = len(front.paper.django)
        for target in LIVE:
            assert Asked(front.port, target).body == b"from Django", target
        assert Asked(front.port, "/contact/", method="POST", body=b"text=Hello").body == b"from Django"
        assert front.paper.django[before:] == [*(f"GET {target}" for target in LIVE), "POST /contact/"]
        assert front.paper.received.endswith(b"text=Hello")
    finally:
        emergency.unlink()
    until(lambda: b"in text" not in Asked(front.port, "/").body)


def test_what_is_sent_reaches_the_app_whole(front: Front) -> None:
    words = b"words=" + b"x" * 300_000
    before, had = len(front.paper.django), len(front.paper.received)

    for target in ("/", STORY, f"{STORY}suggest/", "/feed/atom"):
        assert Asked(front.port, target, method="POST", body=words).body == b"from Django"

    assert front.paper.django[before:] == [f"POST {path}" for path in ("/", STORY, f"{STORY}suggest/", "/feed/atom")]
    assert front.paper.received[had:] == words * 4


def test_when_the_app_is_dead_what_is_stored_stays_and_the_rest_says_so(front: Front, tmp_path: Path) -> None:
    dead = replace(site(front.paper, front.app, free_port()), app=f"127.0.0.1:{free_port()}")
    port = int(dead.listen[0].rpartition(":")[2])
    with nginx(configuration(dead), port, tmp_path / "nginx"):
        for target in ("/", STORY, "/feed/atom", "/uk/", "/s/plain.js", "/m/bridge.jpg", f"{STORY}?utm_source=x"):
            for headers in ({}, {"accept_encoding": "gzip"}):
                living = Asked(front.port, target, **headers)
                assert Asked(port, target, **headers).comparable == living.comparable, target
        for target in ("/nothing/", "/desk/", f"{STORY}suggest/", "/-/404/", STORY[:-1]):
            reply = Asked(port, target)
            assert reply.status == 503, target
            assert b"not at the moment" in reply.body
            assert reply.headers["retry-after"] == "30"
            assert reply.headers["cache-control"] == "no-store"
            assert reply.headers["content-type"] == "text/html; charset=utf-8"
            assert "content-security-policy" in reply.headers
        assert Asked(port, "/contact/", method="POST").status == 503
        assert Asked(port, "/old/story/").headers["location"].endswith(STORY)
        assert Asked(port, "/?p=12").headers["location"].endswith("/world/")
        assert Asked(port, "/for-now").status == 302
        # A link of a letter leads on, to pages of ours alone.
        counted = f"/newsletters/to/12.Aa0_-b{'x' * 10}/2026/11/03/bridge/"
        reply = Asked(port, counted)
        assert (reply.status, urlsplit(reply.headers["location"]).path) == (302, "/2026/11/03/bridge/")
        for target in ("/newsletters/to/12.short/world/", f"/newsletters/to/12.{'x' * 16}//evil.example/"):
            assert Asked(port, target).status == 503, target
        (front.paper.folder / "EMERGENCY").touch()
        try:
            until(lambda: b"front in text" in Asked(port, "/").body)
            assert Asked(port, "/old/story/").headers["location"].endswith(STORY)
            assert Asked(port, counted).status == 302
            assert Asked(port, "/nothing/").status == Asked(port, "/", method="POST").status == 503
        finally:
            (front.paper.folder / "EMERGENCY").unlink()


parts = st.sampled_from(
    ["desk", "uk", "en", "2026", "11", "03", "bridge", "suggest", "reuse", "request", "verify", "documents", "healthz",
     "search", "u", "a b", "metrics", "oembed", ""]
)  # fmt: skip


@given(st.lists(parts, max_size=7).map(lambda words: "/" + "/".join(words)))
def test_live_addresses_are_the_same_to_both(path: str) -> None:
    import re

    is_live = Live(("en", "uk"))(path)

    assert (re.fullmatch(live_pattern(("en", "uk")), path) is not None) == is_live
