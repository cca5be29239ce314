"""The store: whole files under safe names, and a counter that all who serve can see."""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli
import pytest

from standfirst.press.addresses import Live, is_storable, kind_of, text_of
from standfirst.press.store import NotStorable, Store

PAGE = b"<!doctype html><p>The bridge is closed.</p>" * 20


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "press")


def test_a_page_lies_as_a_plain_file_with_its_compressed_copies(store: Store) -> None:
    size = store.write("/2026/11/03/bridge/", PAGE)

    file = store.pages / "2026/11/03/bridge/index.html"
    assert file.read_bytes() == PAGE
    assert gzip.decompress(Path(f"{file}.gz").read_bytes()) == PAGE
    assert brotli.decompress(Path(f"{file}.br").read_bytes()) == PAGE
    assert size == store.size("/2026/11/03/bridge/") == sum(one.stat().st_size for one in file.parent.iterdir())
    assert list((store.root / "new").iterdir()) == []


def test_every_address_comes_back_from_the_files(store: Store) -> None:
    paths = {"/", "/uk/", "/feed/atom", "/sitemap-2026-11.xml", "/.well-known/security.txt", "/-/404/"}
    for path in paths:
        store.write(path, PAGE)

    assert set(store.paths()) == paths


def test_the_counter_moves_for_every_process_that_looks(store: Store) -> None:
    other = Store(store.root)
    before = other.counter

    store.write("/", PAGE)
    after_write = other.counter
    store.remove("/")

    assert before < after_write < other.counter


def test_removing_the_last_page_of_a_folder_leaves_no_empty_folder(store: Store) -> None:
    store.write("/2026/11/03/bridge/", PAGE)
    store.write("/2026/11/03/bridge/text/", PAGE)

    assert store.remove("/2026/11/03/bridge/text/")
    assert store.read("/2026/11/03/bridge/") == PAGE
    assert store.remove("/2026/11/03/bridge/")
    assert not store.remove("/2026/11/03/bridge/")

    assert list(store.pages.iterdir()) == []


def test_a_disk_that_refuses_leaves_the_page_that_was_there(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.write("/", PAGE)
    write = Path.write_bytes

    def full(self: Path, content: bytes) -> int:
        if self.name.endswith(".br"):
            raise OSError(28, "No space left on device")
        return write(self, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        store.write("/", b"new" * 500)

    assert store.read("/") == PAGE
    assert gzip.decompress((store.pages / "index.html.gz").read_bytes()) == PAGE
    assert list((store.root / "new").iterdir()) == []


@pytest.mark.parametrize(
    "path",
    [
        "",
        "x",
        "//",
        "/../etc/passwd",
        "/a/../b/",
        "/.env",
        "/.git/config",
        "/a//b/",
        "/A/",
        "/привіт/",
        "/a b/",
        "/a\0/",
        "/a\n/",
        "/a%2fb/",
        "/index.html",
        "/x/index.html",
        "/x/index.html.gz",
        "/" + "a" * 130 + "/",
        "/" + "a/" * 12,
        "/x",
    ],
)
def test_no_other_shape_of_address_becomes_a_file(store: Store, path: str) -> None:
    assert not is_storable(path)
    with pytest.raises(NotStorable):
        store.write(path, PAGE)
    assert not store.pages.exists()


def test_two_writers_of_one_address_wait_for_each_other(store: Store) -> None:
    with store.lock("/") as mine, Store(store.root).lock("/", wait=False) as theirs:
        assert (mine, theirs) == (True, False)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "page"),
        ("/uk/privacy/", "page"),
        ("/feed/atom", "feed-atom"),
        ("/uk/world/feed/rss", "feed-rss"),
        ("/tags/tram/feed/json", "feed-json"),
        ("/corrections/feed.atom", "feed-atom"),
        ("/sitemap-2026-11.xml", "xml"),
        ("/.well-known/security.txt", "text"),
        ("/claims.json", "json"),
        ("/colours-1d4fd8-9db8ff.css", "colours"),
        ("/-/moved.map", "internal-map"),
        ("/picture.exe", None),
    ],
)
def test_the_kind_of_a_page_is_told_by_its_address(path: str, kind: str | None) -> None:
    assert kind_of(path) == kind


@pytest.mark.parametrize(
    "path",
    [
        "/desk/",
        "/desk/pages/3/edit/",
        "/search/",
        "/uk/search/",
        "/contact/",
        "/uk/contact/",
        "/contact/thanks/",
        "/2026/11/03/bridge/suggest/",
        "/uk/2026/11/03/bridge/suggest/thanks/",
        "/2026/11/03/bridge/reuse/request/",
        "/reuse/verify/abc/",
        "/api/v1/stories",
        "/u/token",
        "/healthz",
        "/readyz",
        "/metrics",
    ],
)
def test_live_addresses_reach_django(path: str) -> None:
    assert Live(["en", "uk"])(path)


@pytest.mark.parametrize(
    "path", ["/", "/uk/", "/desks/", "/uk", "/de/search/", "/2026/11/03/bridge/", "/apiary/", "/reuse/"]
)
def test_everything_else_is_answered_from_the_store(path: str) -> None:
    assert not Live(["en", "uk"])(path)


def test_the_text_edition_of_a_page_lies_below_it() -> None:
    assert text_of("/uk/2026/11/03/bridge/") == "/uk/2026/11/03/bridge/text/"
    assert text_of("/") == "/text/"
    assert text_of("/2026/11/03/bridge/text/") is None
    assert text_of("/feed/atom") is None
    assert text_of("/-/404/") is None
