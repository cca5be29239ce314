"""Exports as they really lie there: several files, zipped, old, ended too early; and what plugins pack into them."""

import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfirst.importers.errors import FileUnreadable
from standfirst.importers.wordpress import open_source
from standfirst.importers.wordpress.php import php_value
from tests.importers.test_wordpress_source import only
from tests.importers.wxr import HEAD, attachment, export, item
from tests.sizes import examples


def test_several_files_a_folder_and_a_zip_are_one_export(tmp_path):
    one = export(tmp_path, attachment(20, "2024/11/quay.jpg"), item(1), name="site.000.xml")
    two = export(tmp_path, item(2, meta={"_thumbnail_id": "20"}), name="site.001.xml")
    archive = tmp_path / "site.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        out.write(two, "export/site.001.xml")
        out.write(one, "export/site.000.xml")
        out.writestr("__MACOSX/site.xml", "x")
        out.writestr("readme.txt", "x")
    folder = tmp_path / "folder"
    folder.mkdir()
    for file in (one, two):
        (folder / file.name).write_bytes(file.read_bytes())

    for files in ([one, two], [two, one], [folder], [archive]):
        found = list(open_source(files).entries())
        assert sorted(entry.foreign_id for entry in found) == ["1", "2"]
        assert max(found, key=lambda entry: entry.foreign_id).lead.file == "2024/11/quay.jpg"
    (folder / "site.000.xml").unlink()
    (folder / "site.001.xml").unlink()
    archive.write_bytes(archive.read_bytes()[:-200])
    for files in ([folder], [archive]):
        with pytest.raises(FileUnreadable):
            open_source(files)


def test_a_news_feed_is_no_export(tmp_path):
    file = tmp_path / "feed.xml"
    file.write_text('<rss version="2.0"><channel><item><title>x</title></item></channel></rss>', encoding="utf-8")

    with pytest.raises(FileUnreadable):
        open_source([file])


def test_namespaces_written_with_https_and_files_without_a_version(tmp_path):
    head = HEAD.replace("http://wordpress.org/export", "https://wordpress.org/export")
    head = head.replace("<wp:wxr_version>1.2</wp:wxr_version>", "")

    assert only(tmp_path, item(1, status="private"), head=head).held_because


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        ("a ]]> b", "a ]]&gt; b"),
        ("<p>//<![CDATA[ x //]]></p> after <p>//<![CDATA[ y //]]></p> end", "end"),
        ("]]>", "]]&gt;"),
    ],
)
def test_fields_that_were_ended_too_early_are_mended(tmp_path, content, kept):
    """Exports before WordPress 3 wrote a post's own ]]> as it stood."""
    found = only(tmp_path, item(1, content=content, meta={"note": content}), item(2))

    assert kept in found.html.replace(">", "&gt;") or kept in found.html


def test_php_values():
    assert php_value('a:2:{i:0;s:4:"Київ";s:1:"k";a:1:{i:0;b:1;}}') is not None
    assert php_value('a:2:{i:0;s:8:"Київ";s:1:"k";a:1:{i:0;b:1;}}') == {0: "Київ", "k": {0: True}}
    assert php_value('O:8:"stdClass":1:{s:1:"a";d:1.5;}') == {"a": 1.5}
    assert php_value('a:1:{i:0;s:99:"moved";}') == {0: "moved"}
    for broken in ("", "a:", "a:9{", "s:5:", "a:1:{i:0;O:", "x", "a:1:{" * 500, "a:99999999:{i:0;i:0;"):
        assert php_value(broken) is None


@settings(max_examples=examples(60), deadline=None)
@given(st.text(alphabet='aObisdN:;{}"0123456789 x', max_size=60))
def test_no_php_value_stops_the_reading(text):
    php_value(text)
