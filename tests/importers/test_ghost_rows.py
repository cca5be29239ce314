"""A Ghost export as a stream: whole whatever its packing, order and age, or refused with the place."""

import bz2
import gzip
import json
import lzma
import tracemalloc
import zipfile
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standfirst.importers.errors import FileBroken, FileTooLarge, FileUnreadable, ImportRefused
from standfirst.importers.ghost.export import GhostExport
from standfirst.importers.ghost.packed import PackedExport
from standfirst.importers.ghost.rows import Rows
from tests.importers.ghostly import REAL, data, post, written
from tests.sizes import examples


def rows_of(file, **arguments):
    return list(Rows(PackedExport(file, **arguments)))


def spoiled(tmp_path, text):
    file = tmp_path / "export.json"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_every_table_of_the_real_export_is_read_to_its_last_row():
    rows = Rows(PackedExport(REAL))

    assert Counter(row.table for row in rows)["posts"] == 1008
    assert rows.meta["version"] == "6.65.0"


@pytest.mark.parametrize("indent", [None, 1])
def test_all_forms_and_packings_say_the_same(tmp_path, indent):
    tables = data(post(1), post(2, "Міст"))
    plain = written(tmp_path / "a.json", tables, indent=indent)
    content = plain.read_bytes()
    inner = json.dumps({"meta": {}, "data": tables}).encode()
    forms = {
        "b.json": b"\xef\xbb\xbf" + content,
        "c.json": content.decode().encode("utf-16"),
        "d.json.gz": gzip.compress(content),
        "e.json.xz": lzma.compress(content),
        "f.json.bz2": bz2.compress(content),
        "g.json": inner,
        "h.json": b'{"db":' + inner + b"}",
        "i.json": json.dumps({"db": [json.loads(inner)]}, ensure_ascii=False).encode(),
    }
    wanted = [(row.table, row.values) for row in rows_of(plain)]

    assert len(wanted) == 2 + 2 + 2 + 4 + 2 + 2
    for name, form in forms.items():
        (tmp_path / name).write_bytes(form)
        assert [(row.table, row.values) for row in rows_of(tmp_path / name)] == wanted, name


def test_a_backup_is_read_where_it_lies_in_its_archive(tmp_path):
    export = written(tmp_path / "export.json", data(post(1)))
    archive = tmp_path / "backup.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        out.write(export, "data/content-from-v5.json")
        out.writestr("data/redirects.json", "[]")
        out.writestr("themes/casper/package.json", "{}")
        out.writestr("content/images/2024/11/quay.jpg", b"x")

    source = GhostExport(archive)

    assert source.total == 2
    assert "--media" in next(entry.why for entry in source.entries() if entry.kind == "folder")
    with zipfile.ZipFile(archive, "a") as out:
        out.writestr("data/second.json", "{}")
    with pytest.raises(FileUnreadable, match="2 JSON files"):
        GhostExport(archive)


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("", FileUnreadable, "is empty"),
        ("<?xml version='1.0'?><rss/>", FileUnreadable, "import wordpress"),
        ("words", FileUnreadable, "is not JSON"),
        ("[]", FileUnreadable, "is not JSON"),
        ("{}", FileUnreadable, "no export of Ghost"),
        ('{"db": []}', FileUnreadable, "no export of Ghost"),
        ('{"posts": [{"id": 1}]}', FileUnreadable, "no export of Ghost"),
        ('{"db": [{"data": {"posts": [{"id": 1}', FileBroken, "line 1, character 38: it ends too early"),
        ('{"db": [{"data": {"posts": [{"id": 1}]}}]', FileBroken, "it ends too early"),
        ('{"db": [{"data": {"posts": [\n{"id": 1},\n{"id": oops}]}}]}', FileBroken, "line 3, character 8"),
        ('{"db": [{"data": {"posts": [{"id": 1}]}}]} more', FileBroken, "there is more after its end"),
        ('{"db": [{"data": {"posts": [{"id": NaN}]}}]}', FileBroken, "NaN"),
        ('{"db": [{"data": {"posts": [\n{"id": 1, "id": 2}]}}]}', FileBroken, "line 2, character 1: in the entry"),
        ('{"db": [{"data": {"posts": [], "posts": []}}]}', FileBroken, "“posts” stands there twice"),
        ('{"db": [{"data": {"posts": [{"id": 1},]}}]}', FileBroken, "character 39: Expecting value"),
        ('{"db": [{"data": {"posts": [{"id": ' + "9" * 5000 + "}]}}]}", FileBroken, "line 1, character 29"),
        ('{"db": [{"data": {"posts": [{"id": ' + "[" * 100_000, FileTooLarge, "nested deeper"),
        ('{"db": ' + "[" * 100_000, FileTooLarge, "nested deeper"),
        ("<!doctype html><html>Sign in</html>", FileUnreadable, "is a web page and no export; often it is the old"),
        ('{"db": [{"data": {"posts": [{"a": "' + "ї" * 10 + '"}]}}]}' + "\x00", FileBroken, "more after its end"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_place(tmp_path, text, error, says):
    with pytest.raises(error) as refusal:
        rows_of(spoiled(tmp_path, text))

    assert says in str(refusal.value)
    assert "export.json" in str(refusal.value)


def test_a_file_in_another_encoding_is_refused_and_a_few_wrong_bytes_are_not(tmp_path):
    tables = data(post(1, "Міст закрито", html="<p>Слова</p>"))
    text = json.dumps({"db": [{"data": tables}]}, ensure_ascii=False)
    few = spoiled(tmp_path, text.encode().replace("Слова".encode(), b"\xd1\xeb\xee\xe2\xe0"))

    (entry, *_rest) = GhostExport(few).entries()

    assert "\ufffd" in entry.html
    assert any("wrong encoding" in change for change in entry.changes)
    with pytest.raises(FileBroken, match="not in UTF-8"):
        rows_of(spoiled(tmp_path, text.replace("Слова", "Слова " * 300).encode("cp1251")))


def test_signs_that_no_database_takes_are_dropped(tmp_path):
    file = written(tmp_path / "export.json", data(post(1, "Mi\x00st \ud83d closed")))

    assert next(iter(GhostExport(file).entries())).title == "Mist  closed"


def test_bombs_are_refused(tmp_path):
    packed = tmp_path / "bomb.json.xz"
    packed.write_bytes(lzma.compress(b'{"db": [{"data": {"posts": [{"a": "' + b"a" * (200 * 1024**2)))
    with pytest.raises(FileTooLarge):
        rows_of(packed)
    plain = tmp_path / "plain.json"
    plain.write_bytes(b'{"db": [{"data": {"posts": [{"a": "' + b"a" * (140 * 1024**2))
    with pytest.raises(FileTooLarge, match="128 MB"):
        rows_of(plain)
    with pytest.raises(FileTooLarge):
        rows_of(plain, max_bytes=1024**2)


def test_a_large_export_needs_no_more_memory_than_a_small_one(tmp_path):
    words = "word " * 4000

    def peak(posts):
        file = written(tmp_path / f"{posts}.json", data(*(post(n, html=f"<p>{words}</p>") for n in range(posts))))
        tracemalloc.start()
        for _row in Rows(PackedExport(file)):
            pass
        measured = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return measured

    peak(20)
    assert peak(1200) < peak(120) * 1.5


def test_what_is_no_archive_or_no_folder_is_named(tmp_path):
    for name, content in (
        ("a.zip", b"PK\x03\x04 no archive"),
        ("b.json.xz", lzma.compress(b"x" * 9999)[:-20]),
        ("c.json.gz", gzip.compress(b"x" * 9999)[:-9]),
        ("d.json.gz", b"\x1f\x8b\x08\x00 broken"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(FileUnreadable, match=f"{name} is (damaged|not JSON)"):
            rows_of(tmp_path / name)
    with pytest.raises(FileUnreadable, match="cannot be opened"):
        rows_of(tmp_path / "nowhere.json")


def test_the_first_look_names_the_same_texts_at_the_same_addresses(tmp_path):
    source = GhostExport(written(tmp_path / "export.json", data(post(1), post(2, "Міст"), post(2, "Again"))))

    def named(entries):
        return [
            (type(one), one.foreign_id, one.link, getattr(one, "addresses", None), getattr(one, "section", None))
            for one in entries
        ]

    assert named(source.outline()) == named(source.entries())
    assert all(not getattr(one, "html", "") for one in source.outline())


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"site": "old.example"}, "--site is “old.example”"),
        ({"site": "ftp://old.example"}, "--site"),
        ({"permalinks": ["/{jahr}/{slug}/"]}, "--permalinks is “/{jahr}/{slug}/”"),
        ({"permalinks": ["/{year}/"]}, "--permalinks"),
    ],
)
def test_a_wrong_switch_is_refused(tmp_path, options, says):
    file = written(tmp_path / "export.json", data(post(1)))

    with pytest.raises(ImportRefused) as refusal:
        GhostExport(file, **options)

    assert says in str(refusal.value)


SMALL = json.dumps(
    {"db": [{"meta": {"version": "6"}, "data": data(post(1), post(2, "Міст"))}]}, ensure_ascii=False, indent=1
).encode()


@settings(max_examples=examples(80), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cut=st.integers(0, len(SMALL)),
    flips=st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(0, 255)), max_size=4),
)
def test_no_damage_gives_a_traceback(tmp_path, cut, flips):
    content = bytearray(SMALL)
    for place, byte in flips:
        content[place] = byte
    file = tmp_path / "export.json"
    file.write_bytes(bytes(content[:cut]))

    try:
        entries, told = list(GhostExport(file).entries()), "export.json"
    except ImportRefused as refusal:
        entries, told = [], str(refusal)
    # Whatever came through came through to its end.
    assert not entries or cut >= len(SMALL.rstrip())
    assert "export.json" in told
