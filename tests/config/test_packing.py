"""Public pages travel packed, with a strong tag, and the desk is left alone."""

import gzip

import brotli
import pytest

from standfirst.press.negotiation import accepted

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", ""),
        ("gzip, deflate, br", "br"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("*", "br"),
        ("identity", ""),
        ("gzip;q=nonsense", ""),
    ],
)
def test_the_best_encoding_the_browser_takes(header, expected):
    assert accepted(header) == expected


def test_a_page_is_the_same_in_every_packing(client, newsroom):
    plain = client.get("/")
    packed = client.get("/", headers={"Accept-Encoding": "br"})
    zipped = client.get("/", headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in plain
    assert (packed["Content-Encoding"], zipped["Content-Encoding"]) == ("br", "gzip")
    assert brotli.decompress(packed.content) == gzip.decompress(zipped.content) == plain.content
    assert "Accept-Encoding" in plain["Vary"]
    assert len({plain["ETag"], packed["ETag"], zipped["ETag"]}) == 3


def test_a_reader_who_has_the_page_gets_no_bytes(client, newsroom):
    first = client.get("/", headers={"Accept-Encoding": "br"})

    again = client.get("/", headers={"Accept-Encoding": "br", "If-None-Match": first["ETag"]})

    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]
    assert again["Cache-Control"] == "no-cache"


def test_a_changed_page_has_another_tag(client, newsroom):
    before = client.get("/")["ETag"]

    newsroom.publish("Something new")

    assert client.get("/")["ETag"] != before
    assert client.get("/", headers={"If-None-Match": before}).status_code == 200


def test_the_desk_and_forms_with_a_token_have_no_tag(client, newsroom):
    for path in ("/desk/login/", "/contact/"):
        answer = client.get(path, headers={"Accept-Encoding": "br"})
        assert answer.status_code == 200, path
        assert "ETag" not in answer, path


def test_what_is_not_there_is_packed_and_not_kept(client, newsroom):
    answer = client.get("/no-such-page/", headers={"Accept-Encoding": "gzip"})

    assert answer.status_code == 404
    assert "ETag" not in answer
