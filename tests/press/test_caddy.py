"""Caddy with the configuration we print answers as our own layer does, also when that is not there any more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from standfirst.press.caddy import caddyfile
from tests.press.paper import STORY, Paper, page
from tests.press.test_nginx import LIVE, Front, site
from tests.press.webserver import REQUESTS, App, Asked, caddy, free_port, furnish, named
from tests.programs import needs

pytestmark = needs("caddy")

# Caddy follows a link that somebody laid into the folder, and says so in caddy.py.
REQUESTS = [request for request in REQUESTS if "way-out" not in request[1]]


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("behind")
    paper = Paper(folder / "lantern")
    furnish(paper)
    app, port = App(paper), free_port()
    with caddy(caddyfile(site(paper, app, port)), port, folder / "caddy"):
        yield Front(paper, app, port)
    app.stop()


@pytest.mark.parametrize("request_", REQUESTS, ids=named)
def test_every_kind_of_answer_is_that_of_our_own_layer(front: Front, request_) -> None:
    method, target, headers = request_

    ours = Asked(front.app.port, target, method=method, host="news.example", **headers)
    theirs = Asked(front.port, target, method=method, host="news.example", **headers)

    assert theirs.comparable == ours.comparable


def test_an_unknown_host_is_refused(front: Front) -> None:
    for target in ("/", STORY, "/desk/", "/s/plain.js"):
        assert Asked(front.port, target, host="evil.example").status == 421


def test_who_has_the_page_gets_no_bytes_and_a_change_is_seen_at_once(front: Front) -> None:
    first = Asked(front.port, "/world/")
    assert Asked(front.port, "/world/", if_none_match=first.headers["etag"]).status == 304

    front.paper.store.write("/world/", page("dlrow"))
    again = Asked(front.port, "/world/", if_none_match=first.headers["etag"])
    front.paper.store.write("/world/", page("world"))

    assert again.status == 200
    assert b"dlrow" in again.body


def test_in_an_emergency_the_paper_becomes_its_text_edition_also_without_the_app(front: Front, tmp_path: Path) -> None:
    dead = replace(site(front.paper, front.app, free_port()), app=f"127.0.0.1:{free_port()}")
    port = int(dead.listen[0].rpartition(":")[2])
    emergency = front.paper.folder / "EMERGENCY"
    with caddy(caddyfile(dead), port, tmp_path / "caddy"):
        for target in ("/", STORY, "/feed/atom", "/s/plain.js", "/m/bridge.jpg"):
            assert Asked(port, target).comparable == Asked(front.port, target).comparable, target
        for target in ("/nothing/", "/desk/", "/-/404/", STORY[:-1]):
            reply = Asked(port, target)
            assert reply.status == 503, target
            assert b"not at the moment" in reply.body
            assert reply.headers["retry-after"] == "30"
            assert reply.headers["cache-control"] == "no-store"
        # A link of a letter leads on, to pages of ours alone.
        counted = f"/newsletters/to/12.Aa0_-b{'x' * 10}/2026/11/03/bridge/"
        reply = Asked(port, counted)
        assert (reply.status, urlsplit(reply.headers["location"]).path) == (302, "/2026/11/03/bridge/")
        assert Asked(port, "/newsletters/to/12.short/world/").status == 503
        # Caddy makes one slash of two: a path of ours, where there is nothing.
        away = Asked(port, f"/newsletters/to/12.{'x' * 16}//evil.example/")
        assert urlsplit(away.headers["location"]).netloc != "evil.example"
        emergency.touch()
        try:
            for one in (port, front.port):
                assert b"front in text" in Asked(one, "/").body
                assert b"closed, in text" in Asked(one, STORY).body
                assert b"<p>world</p>" in Asked(one, "/world/").body
            before = len(front.paper.django)
            for target in LIVE:
                assert Asked(front.port, target).body == b"from Django", target
            assert front.paper.django[before:] == [f"GET {target}" for target in LIVE]
        finally:
            emergency.unlink()
        assert b"in text" not in Asked(port, "/").body
