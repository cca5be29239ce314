"""What lies in the store is answered to everybody in the same way, whatever they send."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from standfirst.press.reads import counted
from standfirst.press.serve import Core
from standfirst.press.store import Store
from tests.press.paper import PAGE_HEADERS, STORY, Outcome, Paper, page


@pytest.mark.parametrize(("takes", "packing"), [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0", None)])
def test_a_stored_page_is_answered_with_the_headers_of_its_kind(paper: Paper, takes: str, packing: str | None) -> None:
    for _again in range(3):  # from the file, then from memory
        reply = paper.get(STORY, accept_encoding=takes)

        assert reply.status == 200
        assert "the bridge is closed" in reply.text
        assert reply.headers.get("content-encoding") == packing
        assert reply.headers["vary"] == "Accept-Encoding"
        assert reply.headers["content-length"] == str(len(reply.body))
        assert set(PAGE_HEADERS) <= set(reply.rows)
        assert len({name for name, _value in reply.rows}) == len(reply.rows)
    assert paper.asked == paper.django == []


def test_every_packing_has_a_strong_tag_of_its_own(paper: Paper) -> None:
    tags = [paper.get(STORY, accept_encoding=takes).headers["etag"] for takes in ("br", "gzip", "")]

    assert len(set(tags)) == 3
    assert all(tag.startswith('"') for tag in tags)


@pytest.mark.parametrize("form", ["{tag}", "W/{tag}", '"old", {tag}', "*"])
def test_who_has_the_page_gets_no_bytes(paper: Paper, form: str) -> None:
    tag = paper.get(STORY, accept_encoding="br").headers["etag"]
    for _again in range(2):
        reply = paper.get(STORY, accept_encoding="br", if_none_match=form.format(tag=tag))

        assert (reply.status, reply.body) == (304, b"")
        assert reply.headers["etag"] == tag
        assert reply.headers["vary"] == "Accept-Encoding"
        assert "content-encoding" not in reply.headers
    assert paper.get(STORY, accept_encoding="gzip", if_none_match=tag).status == 200


def test_who_sends_no_tag_is_known_by_the_date(paper: Paper) -> None:
    """FD-05: readers of feeds send If-Modified-Since alone, some of them."""
    date = paper.get("/").headers["last-modified"]

    assert paper.get("/", if_modified_since=date).status == 304
    assert paper.get("/", if_modified_since="Mon, 23 Nov 2020 09:00:00 GMT").status == 200
    assert paper.get("/", if_modified_since=date, if_none_match='"another"').status == 200


def test_head_says_the_same_without_the_page(paper: Paper) -> None:
    full, head = paper.get(STORY, accept_encoding="br"), paper.get(STORY, accept_encoding="br", method="HEAD")

    assert head.body == b""
    assert (head.status, head.headers) == (full.status, full.headers)


def test_a_change_by_another_process_is_seen_at_once(paper: Paper) -> None:
    other = Store(paper.store.root)
    before = paper.get(STORY)

    other.write(STORY, page("the bridge is open"))
    after = paper.get(STORY)
    other.remove(STORY)

    assert "is open" in after.text
    assert before.headers["etag"] != after.headers["etag"]
    assert paper.get(STORY).status == 404


def test_a_page_of_the_same_length_in_the_same_second_is_seen_too(paper: Paper) -> None:
    first = paper.get("/world/")
    paper.store.write("/world/", page("dlrow"))

    assert len(paper.get("/world/").body) == len(first.body)
    assert "dlrow" in paper.get("/world/").text


def test_what_lacks_the_slash_is_led_to_the_page_with_its_query(paper: Paper) -> None:
    reply = paper.get(f"{STORY[:-1]}?utm_source=letter&a=%C2%AB")

    assert (reply.status, reply.headers["location"]) == (301, f"{STORY}?utm_source=letter&a=%C2%AB")
    assert paper.asked == []


def test_a_withdrawn_address_tells_its_own_reason_where_there_is_one(paper: Paper) -> None:
    paper.store.write("/-/gone" + STORY, b"<p>Withheld on 3 November 2026.</p>")
    paper.store.set_gone(lambda: [STORY, "/uk" + STORY])

    for path in (STORY, STORY + "text/", STORY + "versions/1/"):
        reply = paper.get(path)
        assert (reply.status, "Withheld on 3 November" in reply.text) == (410, True), path
    assert "Withheld on" not in paper.get("/uk" + STORY).text


def test_withdrawn_addresses_are_gone_with_everything_below_them(paper: Paper) -> None:
    (paper.renditions / "bridge.jpg").write_bytes(b"picture")
    assert paper.get("/m/bridge.jpg").status == 200
    assert paper.get(STORY).status == 200

    paper.store.set_gone(lambda: [STORY, "/m/bridge.jpg"])

    for path in (STORY, STORY[:-1], f"{STORY}text/", f"{STORY}versions/1/", f"{STORY}x", "/m/bridge.jpg"):
        reply = paper.get(path, accept_encoding="br")
        assert reply.status == 410, path
        assert "withdrawn" in reply.text
        assert "etag" not in reply.headers
    assert paper.get("/2026/11/03/bridge-2/").status == 404
    assert paper.get("/").status == 200


def test_error_pages_speak_the_language_of_the_address(paper: Paper) -> None:
    assert "no such page" in paper.get("/nothing/").text
    assert "немає такої" in paper.get("/uk/nothing/").text
    paper.store.set_gone(lambda: ["/uk/2026/11/03/bridge/"])
    assert "withdrawn" in paper.get("/uk/2026/11/03/bridge/").text


def test_without_error_pages_a_plain_sentence_says_it(paper: Paper) -> None:
    for path in ("/-/404/", "/-/uk/404/"):
        paper.store.remove(path)

    reply = paper.get("/nothing/")

    assert (reply.status, reply.text) == (404, "There is no page at this address.\n")
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"


class TestOldAddresses:
    @pytest.fixture(autouse=True)
    def _maps(self, paper: Paper) -> None:
        paper.set_moved(
            '"/old/story" "/2026/11/03/bridge/";\n"/Стара/Стаття" "/uk/";\n"/a%20b" "/world/";\n'
            '"/міст" "/uk/2026/11/03/mist/";\n'
            '"/?p=12" "/2026/11/03/bridge/";\n"/?page_id=3" "/about/";\n"/?cat=5" "/world/";\n"/?cat=5&p=12" "/x/";\n'
            '"/index.php?id=7&option=a" "https://other.example/x";\n"/bad" "javascript:x";\n"/worse" "/a\r\nb";\n',
            '"/for-now" "/world/";\n',
        )

    @pytest.mark.parametrize(
        ("old", "status", "new"),
        [
            ("/old/story", 301, STORY),
            ("/old/story/", 301, STORY),
            ("/old/story/?utm_source=x", 301, STORY),
            ("/Old/STORY/", 301, STORY),
            ("//old//story", 301, STORY),
            ("/old/story/feed/", 301, STORY),
            ("/old/story/amp/", 301, STORY),
            ("/old/story/comment-page-2/", 301, STORY),
            ("/міст/2/", 301, "/uk/2026/11/03/mist/"),
            ("/МІСТ/feed/", 301, "/uk/2026/11/03/mist/"),
            ("/%D0%A1%D1%82%D0%B0%D1%80%D0%B0/%D0%A1%D1%82%D0%B0%D1%82%D1%82%D1%8F/", 301, "/uk/"),
            ("/a%20b", 301, "/world/"),
            ("/for-now/", 302, "/world/"),
            ("/?p=12", 301, STORY),
            ("/?p=12&utm_campaign=x&fbclid=y", 301, STORY),
            ("/index.php?p=12", 301, STORY),
            ("/?page_id=3", 301, "/about/"),
            ("/?p=12&cat=5", 301, "/x/"),
            ("/index.php?option=a&id=7&x=1", 301, "https://other.example/x"),
        ],
    )
    def test_lead_where_they_should(self, paper: Paper, old: str, status: int, new: str) -> None:
        reply = paper.get(old)

        assert (reply.status, reply.headers.get("location")) == (status, new)
        assert paper.asked == []

    @pytest.mark.parametrize("target", ["/?p=13", "/?p=", "/?q=12", "/?P=12", "/?p=12%00", "/?%70%00=12"])
    def test_other_queries_get_the_front_page(self, paper: Paper, target: str) -> None:
        assert "front" in paper.get(target).text
        assert paper.asked == []

    @pytest.mark.parametrize("path", ["/bad", "/worse"])
    def test_a_target_that_is_none_leads_nowhere(self, paper: Paper, path: str) -> None:
        assert paper.get(path).status == 404

    def test_a_new_map_is_taken_in_at_once(self, paper: Paper) -> None:
        paper.set_moved('"/old/story" "/world/";\n')

        assert paper.get("/old/story").headers["location"] == "/world/"
        assert "front" in paper.get("/?p=12").text

    def test_before_there_are_maps_django_is_asked(self, paper: Paper) -> None:
        paper.store.remove("/-/moved.map")
        paper.demand = lambda path, query: Outcome(301, headers=(("location", STORY),)) if query else Outcome(404)

        for _again in range(2):
            assert paper.get("/?p=12").headers["location"] == STORY
        assert "front" in paper.get("/?utm_source=x").text
        assert paper.asked == ["/?p=12"]

    def test_a_dates_archive_and_a_pictures_page_are_asked_of_django_once(self, paper: Paper) -> None:
        led = {"m=202411": "/archive/page/2/", "attachment_id=20": "/m/quay.jpg"}
        paper.demand = lambda path, query: (
            Outcome(302, headers=(("location", led[query]),)) if query in led else Outcome(200, kept=True)
        )

        for query, target in led.items():
            for _again in range(2):
                assert paper.get(f"/?{query}").headers["location"] == target
        for _again in range(2):
            assert "front" in paper.get("/?attachment_id=9").text
        for query in ("m=harbour", "m=201913", "attachment_id=x"):
            assert "front" in paper.get(f"/?{query}").text
        assert paper.asked == ["/?m=202411", "/?attachment_id=20", "/?attachment_id=9"]

    def test_an_old_file_is_asked_of_django_however_it_is_written(self, paper: Paper) -> None:
        paper.demand = lambda path, query: Outcome(302, headers=(("location", "/m/quay.jpg"),))

        assert paper.get("/wp-content/uploads/2019/05/Quay_2.JPG").headers["location"] == "/m/quay.jpg"
        assert paper.get("/wp-content/uploads/2019/05/Quay_2").status == 404
        assert paper.asked == ["/wp-content/uploads/2019/05/Quay_2.JPG"]


class TestOnDemand:
    def test_a_page_is_pressed_for_the_first_reader_and_then_kept(self, paper: Paper) -> None:
        def press(path: str, query: str) -> Outcome:
            paper.store.write(path, page("version two"))
            return Outcome(200, kept=True)

        paper.demand = press

        for _again in range(3):
            assert "version two" in paper.get(f"{STORY}versions/2/?x=1").text
        assert paper.asked == [f"{STORY}versions/2/"]

    def test_one_render_at_a_time_for_an_address(self, paper: Paper) -> None:
        may_end = threading.Event()

        def press(path: str, query: str) -> Outcome:
            may_end.wait(20)
            paper.store.write(path, page("pressed"))
            return Outcome(200, kept=True)

        paper.demand = press
        replies: list[int] = []
        readers = [
            threading.Thread(target=lambda: replies.append(paper.get("/tags/harbour/").status)) for _number in range(8)
        ]
        for reader in readers:
            reader.start()
        may_end.set()
        for reader in readers:
            reader.join()

        assert replies == [200] * 8
        assert paper.asked == ["/tags/harbour/"]

    @pytest.mark.parametrize("found", [200, 404, 503])
    def test_who_looked_before_a_page_was_there_and_asks_after_it_gets_that_page(
        self, paper: Paper, found: int
    ) -> None:
        """One reader looks; another looks, asks and is answered; only then the first one asks."""

        def press(path: str, query: str) -> Outcome:
            if found == 200:
                paper.store.write(path, page("pressed"))
            return Outcome(found, kept=found == 200)

        paper.demand = press
        application = paper.open()
        ask = application._gate.ask

        def ask_late(*need: Any) -> Any:
            application._gate.ask = ask
            assert paper.get("/tags/harbour/").status == found
            return ask(*need)

        application._gate.ask = ask_late

        assert paper.get("/tags/harbour/").status == found
        assert paper.asked == ["/tags/harbour/"]

    def test_when_too_many_wait_the_next_is_told_to_come_back(self, paper: Paper) -> None:
        may_end = threading.Event()
        paper.demand = lambda path, query: Outcome(404) if may_end.wait(20) else Outcome(500)
        readers = [threading.Thread(target=paper.get, args=(f"/tags/t{number}/",)) for number in range(34)]
        for reader in readers:
            reader.start()
        while len(paper.application._gate._asked) < 34:
            pass

        reply = paper.get("/tags/one-more/")
        stored = paper.get("/")
        may_end.set()
        for reader in readers:
            reader.join()

        assert (reply.status, reply.headers["retry-after"]) == (503, "30")
        assert "not at the moment" in reply.text
        assert stored.status == 200

    def test_with_the_database_away_stored_pages_stay_and_others_are_asked_for_sparingly(self, paper: Paper) -> None:
        paper.demand = lambda path, query: Outcome(503)

        replies = [paper.get(f"/tags/t{number}/") for number in range(50)]

        assert {reply.status for reply in replies} == {503}
        assert {reply.headers["cache-control"] for reply in replies} == {"no-store"}
        assert paper.asked == ["/tags/t0/"]
        assert paper.get(STORY).status == 200
        assert paper.get("/old/", method="HEAD").body == b""

    def test_what_could_not_be_kept_is_sent_all_the_same(self, paper: Paper) -> None:
        headers = (("content-type", "text/html; charset=utf-8"), ("set-cookie", "a=b"), ("x-content-type-options", "x"))
        paper.demand = lambda path, query: Outcome(200, body=b"<p>no room</p>", headers=headers)

        reply = paper.get("/tags/harbour/")

        assert (reply.status, reply.body) == (200, b"<p>no room</p>")
        assert "set-cookie" not in reply.headers
        assert paper.store.read("/tags/harbour/") is None

    def test_a_page_that_fails_says_so_and_the_rest_stands(self, paper: Paper) -> None:
        def press(path: str, query: str) -> Outcome:
            raise RuntimeError("nobody foresaw this")

        paper.demand = press

        assert paper.get("/tags/harbour/").status == 500
        assert paper.get("/").status == 200

    def test_an_address_that_was_not_there_is_found_when_it_comes(self, paper: Paper) -> None:
        assert paper.get("/tags/harbour/").status == 404
        assert paper.get("/tags/harbour/").status == 404
        assert paper.asked == ["/tags/harbour/"]

        paper.store.write("/tags/harbour/", page("harbour"))

        assert paper.get("/tags/harbour/").status == 200

    def test_when_the_store_moved_a_missing_address_is_looked_up_again_soon(self, paper: Paper) -> None:
        paper.get("/tags/harbour/")
        paper.store.moved()
        paper.get("/tags/harbour/")
        assert paper.asked == ["/tags/harbour/"]

        paper.clock.now += 2.1
        paper.get("/tags/harbour/")

        assert paper.asked == ["/tags/harbour/"] * 2

    def test_a_redirect_of_a_view_is_passed_on(self, paper: Paper) -> None:
        paper.demand = lambda path, query: Outcome(302, headers=(("location", "/s/icon.0123456789ab.svg"),))

        for _again in range(2):
            assert paper.get("/favicon.ico").headers["location"] == "/s/icon.0123456789ab.svg"
        assert paper.asked == ["/favicon.ico"]


class TestEmergency:
    def test_the_paper_becomes_its_text_edition_and_comes_back(self, paper: Paper) -> None:
        usual = {path: paper.get(path).text for path in ("/", STORY, "/world/", f"{STORY}text/")}

        (paper.folder / "EMERGENCY").touch()
        paper.clock.now += 0.9

        assert "front in text" in paper.get("/").text
        assert "bridge is closed, in text" in paper.get(STORY, accept_encoding="br").text
        assert paper.get("/world/").text == usual["/world/"]
        assert paper.get(f"{STORY}text/").text == usual[f"{STORY}text/"]

        (paper.folder / "EMERGENCY").unlink()
        paper.clock.now += 0.9

        assert {path: paper.get(path).text for path in usual} == usual

    def test_a_text_edition_that_comes_during_it_is_taken(self, paper: Paper) -> None:
        (paper.folder / "EMERGENCY").touch()
        paper.clock.now += 1
        assert "in text" not in paper.get("/world/").text

        paper.store.write("/world/text/", page("world in text"))

        assert "world in text" in paper.get("/world/").text


class TestMemory:
    def test_is_bounded_and_what_is_read_stays(self, tmp_path) -> None:
        paper = Paper(tmp_path, memory_bytes=60_000)
        core = paper.open().core
        for number in range(200):
            paper.store.write(f"/tags/t{number}/", page(f"tag {number}"))
        for number in range(200):
            assert f"tag {number}" in paper.get(f"/tags/t{number}/").text
            assert paper.get("/").status == 200
            assert core.memory.bytes <= 60_000

        assert "/" in core.memory.hot[""]
        assert "/tags/t0/" not in core.memory.hot[""]

    def test_readings_are_counted_by_address_and_nothing_else(self, tmp_path) -> None:
        paper = Paper(tmp_path)
        file = tmp_path / "reads-1.json"
        core = paper.open(reads_file=file).core
        for _again in range(3):
            paper.get("/?utm_source=x", cookie="a=b")
        paper.get(STORY)
        paper.get("/nothing/")

        paper.clock.now += 61
        paper.get("/")
        paper.get("/")
        core.close()

        assert json.loads(file.read_text()) == {"/": 5, STORY: 1}
        assert counted(file) == {"/": 5, STORY: 1}
        again = paper.open(reads_file=file).core
        paper.get("/")
        again.close()
        assert counted(file)["/"] == 6


def test_a_store_that_cannot_be_made_is_an_empty_one(tmp_path) -> None:
    paper = Paper(tmp_path)
    blocked = tmp_path / "a-file"
    blocked.write_text("")
    place = paper.place.from_json(paper.place.as_json())
    core = Core(type(place)(**{**place.__dict__, "store": str(blocked / "press")}))

    assert not core.is_warm
    assert core.error(404, "/", lambda name: None).status == 404
