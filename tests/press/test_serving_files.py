"""Static files and pictures come from their folders: packed, in parts, and never from anywhere else."""

from __future__ import annotations

import gzip

import brotli
import pytest

from tests.press.paper import Paper

CSS = b"body { color: #123 }\n" * 40
PICTURE = bytes(range(256)) * 40


@pytest.fixture(autouse=True)
def _files(paper: Paper) -> None:
    css = paper.static / "theme" / "theme.0123456789ab.css"
    css.parent.mkdir()
    css.write_bytes(CSS)
    css.with_name(css.name + ".br").write_bytes(brotli.compress(CSS))
    css.with_name(css.name + ".gz").write_bytes(gzip.compress(CSS))
    (paper.static / "plain.js").write_bytes(b"1;\n")
    (paper.renditions / "bridge.jpg").write_bytes(PICTURE)
    (paper.renditions / "report.xlsx").write_bytes(b"sheet")
    (paper.renditions / "big.jpg").write_bytes(PICTURE * 40)


@pytest.mark.parametrize("takes", ["br", "gzip", ""])
def test_hashed_files_are_packed_and_kept_by_readers_for_good(paper: Paper, takes: str) -> None:
    for _again in range(2):
        reply = paper.get("/s/theme/theme.0123456789ab.css", accept_encoding=takes)

        assert reply.text.encode() == CSS
        assert reply.headers.get("content-encoding", "") == takes
        assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert reply.headers["vary"] == "Accept-Encoding"
        assert (
            paper.get(
                "/s/theme/theme.0123456789ab.css", accept_encoding=takes, if_none_match=reply.headers["etag"]
            ).status
            == 304
        )
    assert paper.get("/s/plain.js", accept_encoding="br").headers["cache-control"] == "no-cache"


def test_pictures_cannot_act_as_pages_and_other_files_are_offered_for_saving(paper: Paper) -> None:
    picture, sheet = paper.get("/m/bridge.jpg"), paper.get("/m/report.xlsx")

    assert "sandbox" in picture.headers["content-security-policy"]
    assert "content-disposition" not in picture.headers
    assert sheet.headers["content-disposition"] == "attachment"
    assert picture.body == PICTURE


@pytest.mark.parametrize("name", ["bridge.jpg", "big.jpg"])
def test_a_file_taken_away_or_changed_is_gone_or_new_at_once(paper: Paper, name: str) -> None:
    for takes in ("", "br"):
        paper.get(f"/m/{name}", accept_encoding=takes)
    (paper.renditions / name).write_bytes(b"new")

    assert paper.get(f"/m/{name}", accept_encoding="br").body == b"new"
    (paper.renditions / name).unlink()
    assert paper.get(f"/m/{name}", accept_encoding="br").status == 404


class TestParts:
    size = len(PICTURE)

    @pytest.mark.parametrize(
        ("asked", "start", "end"),
        [
            ("bytes=0-99", 0, 100),
            ("bytes=100-", 100, size),
            ("bytes=-10", size - 10, size),
            ("bytes=0-999999999", 0, size),
            ("bytes=-999999999", 0, size),
        ],
    )
    def test_one_part_is_sent(self, paper: Paper, asked: str, start: int, end: int) -> None:
        for _again in range(2):
            reply = paper.get("/m/bridge.jpg", range=asked)

            assert (reply.status, reply.body) == (206, PICTURE[start:end])
            assert reply.headers["content-range"] == f"bytes {start}-{end - 1}/{self.size}"
            assert reply.headers["content-length"] == str(end - start)
            paper.get("/m/bridge.jpg")

    @pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "bytes=9-3", "bytes=", "bytes=-", "lines=1-2", "bytes=x-y"])
    def test_what_is_no_single_part_gets_the_whole(self, paper: Paper, asked: str) -> None:
        assert (paper.get("/m/bridge.jpg", range=asked).status, paper.get("/m/bridge.jpg").status) == (200, 200)

    @pytest.mark.parametrize("asked", ["bytes=10240-", "bytes=99999-100000", "bytes=-0"])
    def test_a_part_behind_the_end_is_refused(self, paper: Paper, asked: str) -> None:
        reply = paper.get("/m/bridge.jpg", range=asked)

        assert (reply.status, reply.headers["content-range"]) == (416, f"bytes */{self.size}")

    def test_a_part_of_an_older_file_is_not_mixed_in(self, paper: Paper) -> None:
        reply = paper.get("/m/bridge.jpg")
        tag, date = reply.headers["etag"], reply.headers["last-modified"]

        assert paper.get("/m/bridge.jpg", range="bytes=0-9", if_range=tag).status == 206
        assert paper.get("/m/bridge.jpg", range="bytes=0-9", if_range=date).status == 206
        assert paper.get("/m/bridge.jpg", range="bytes=0-9", if_range='"other"').status == 200

    def test_pages_head_and_static_files_are_never_sent_in_parts(self, paper: Paper) -> None:
        assert paper.get("/", range="bytes=0-1").status == 200
        assert paper.get("/m/bridge.jpg", range="bytes=0-1", method="HEAD").status == 200
        assert paper.get("/s/theme/theme.0123456789ab.css", range="bytes=0-1").status == 200


@pytest.mark.parametrize(
    "target",
    [
        "/m/../originals/secret.jpg",
        "/m/%2e%2e/originals/secret.jpg",
        "/m/..%2foriginals/secret.jpg",
        "/m/..%5coriginals%5csecret.jpg",
        "/m//etc/passwd",
        "/m/%00",
        "/m/bridge.jpg%00.txt",
        "/m/.hidden",
        "/m/way-out/secret.jpg",
        "/m/",
        "/m/" + "a" * 300,
        "/m/" + "a/" * 900,
        "/s/",
        "/s/theme",
        "/s/theme/../../standfirst.toml",
    ],
)
def test_nothing_else_is_served(paper: Paper, target: str) -> None:
    originals = paper.renditions.parent / "originals"
    originals.mkdir()
    (originals / "secret.jpg").write_bytes(b"secret")
    (paper.renditions / ".hidden").write_bytes(b"secret")
    (paper.renditions / "way-out").symlink_to(originals)
    (paper.folder / "standfirst.toml").write_text("secret")

    reply = paper.get(target)

    assert (reply.status, reply.body) == (404, b"")
    assert paper.asked == paper.django == []


def test_files_take_no_other_method(paper: Paper) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE"):
        reply = paper.get("/m/bridge.jpg", method=method)

        assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD")
    assert paper.django == []
