"""Reading a WXR file: packed, slightly broken, hostile, cut off."""

import gzip
import lzma

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standfirst.importers.errors import FileBroken, FileTooLarge, FileUnreadable, ImportRefused
from standfirst.importers.wordpress import reader as reading
from standfirst.importers.wordpress.reader import WxrReader
from tests.importers.wxr import HEAD, REAL, TAIL, export, item, seen_in
from tests.sizes import examples


def read(file):
    return list(WxrReader(file).items())


def test_the_real_export_is_read_like_an_independent_reader_reads_it():
    ours = [item for item in read(REAL) if item.kind in ("post", "page")]
    theirs = seen_in(REAL)

    assert [item.foreign_id for item in ours] == [seen.number for seen in theirs]
    assert len(ours) == 1010
    assert [f"{item.published:%Y-%m-%d %H:%M:%S}" for item in ours if item.status == "publish"] == [
        seen.date for seen, item in zip(theirs, ours, strict=True) if item.status == "publish"
    ]


@pytest.mark.parametrize("pack", [lambda b: b, gzip.compress, lzma.compress], ids=["plain", "gz", "xz"])
def test_packed_files_are_known_by_their_first_bytes(tmp_path, pack):
    file = tmp_path / "export"
    file.write_bytes(pack((HEAD + item(1) + TAIL).encode()))

    assert [found.foreign_id for found in read(file)] == [1]


def test_what_can_be_mended_without_guessing_is_mended(tmp_path):
    text = item(1, title="Fish", content="keep &nbsp; &amp; & as they are").replace(
        "<title><![CDATA[Fish]]></title>", "<title>Fish & chips&nbsp;&eacute; \x07&#11;</title>"
    )
    file = tmp_path / "export.xml"
    file.write_bytes((HEAD + text + TAIL).encode())

    found = read(file)[0]

    assert found.title == "Fish & chips\u00a0é"
    assert found.content == "keep &nbsp; &amp; & as they are"


@pytest.mark.parametrize(
    ("title", "encoding"),
    [("Café à Nîmes", "windows-1252"), ("Київ і Львів", "windows-1251"), ("«Ґанок» її їжі", "windows-1251")],
)
def test_lines_in_another_encoding_than_the_file_says_are_read_as_what_they_are(tmp_path, title, encoding):
    file = tmp_path / "export.xml"
    mark = item(1, title="HERE", content="Донецьк — é")
    file.write_bytes((HEAD + mark + TAIL).encode().replace(b"HERE", title.encode(encoding)))
    reader = WxrReader(file)

    found = next(iter(reader.items()))

    assert found.title == title
    assert found.content == "Донецьк — é"
    assert list(reader.items())
    assert reader.guessed == 1


def test_two_encodings_in_one_line_are_told_apart(tmp_path):
    file = tmp_path / "export.xml"
    content = "Уряд ухвалив рішення про міст, HERE, сьогодні вранці"
    file.write_bytes((HEAD + item(1, content=content) + TAIL).encode().replace(b"HERE", "газета".encode("cp1251")))

    assert read(file)[0].content == content.replace("HERE", "газета")


def test_a_declared_encoding_is_believed(tmp_path):
    file = tmp_path / "export.xml"
    text = (HEAD + item(1, title="Київ") + TAIL).replace("UTF-8", "windows-1251")
    file.write_bytes(text.encode("windows-1251"))

    assert read(file)[0].title == "Київ"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (HEAD + item(1) + "<item><title>Half", "ends too early, at line 21"),
        (HEAD + item(1) + "<item></wrong></item>" + TAIL, "not well-formed at line 21"),
        ("<html><body>Not found</body></html>", "is not a WordPress export"),
        ("", "is empty"),
        ('{"db": []}', "is no XML, so it is no WordPress export (WXR). Make one in WordPress under Tools"),
        ("PK\x05\x06" + "\x00" * 18, "without an .xml file in it. An export is made in WordPress under Tools"),
        ("PK\x03\x04zip", "is damaged and cannot be unpacked"),
        ('<!DOCTYPE rss [<!ENTITY a "aaaa">]>' + HEAD.partition("\n")[2], "declares a document type"),
        (
            "<!DOCTYPE html><html><title>Log In</title></html>",
            "is a web page and no export; often it is the old site's",
        ),
        (HEAD + "<item>" + "<a>" * 40 + "</a>" * 40 + "</item>" + TAIL, "nested more than"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_whole_sentence(tmp_path, content, words):
    file = tmp_path / "export.xml"
    file.write_text(content, encoding="utf-8")

    with pytest.raises(ImportRefused) as refused:
        read(file)

    assert words in str(refused.value)
    assert "export.xml" in str(refused.value)
    assert str(refused.value).endswith((".", "line."))


def test_entities_that_grow_are_never_grown(tmp_path):
    file = tmp_path / "bomb.xml"
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    file.write_text(f'<?xml version="1.0"?><!-- x -->\n<!DOCTYPE r [<!ENTITY a0 "ha">{bomb}]><r>&a11;</r>')

    with pytest.raises(FileUnreadable):
        read(file)


def test_a_small_file_that_unpacks_without_end_is_refused(tmp_path):
    file = tmp_path / "bomb.xml.xz"
    with lzma.open(file, "wb") as out:
        out.write(HEAD.encode())
        for _ in range(80):
            out.write(b" " * 1_000_000)

    with pytest.raises(FileTooLarge):
        read(file)


def test_a_field_beyond_all_measure_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MAX_TEXT_CHARS", 1000)

    with pytest.raises(FileTooLarge):
        read(export(tmp_path, item(1, content="x" * 2000)))


def test_a_missing_file_and_a_damaged_archive_are_refused(tmp_path):
    with pytest.raises(FileUnreadable):
        read(tmp_path / "nowhere.xml")
    damaged = tmp_path / "export.xml.xz"
    damaged.write_bytes(lzma.compress((HEAD + item(1) * 500 + TAIL).encode())[:-400])
    with pytest.raises(FileUnreadable):
        read(damaged)


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 6000), st.binary(max_size=12))
def test_cut_anywhere_and_with_any_bytes_put_in_it_is_whole_or_refused(tmp_path, where, bytes_put_in):
    whole = (HEAD + item(1) + item(2, content="Київ ]]]]><![CDATA[> &x; & y") + TAIL).encode()
    file = tmp_path / "export.xml"
    for content in (whole[:where], whole[:where] + bytes_put_in + whole[where:]):
        file.write_bytes(content)
        try:
            found = read(file)
        except ImportRefused as refused:
            assert str(refused).strip()  # noqa: PT017
        else:
            assert len(found) <= 2


def test_broken_is_one_of_the_refusals():
    assert issubclass(FileBroken, ImportRefused)
