"""Pages that want to harm: each is left out in a whole sentence, or comes in without what it brought along."""

import random
import time

import pytest

from standfirst.importers.pages import files
from standfirst.importers.pages.linked_data import linked_data
from standfirst.importers.records import Incoming, LeftOut
from standfirst.kit.html import parse_fragment
from tests.importers.oldsite import picture
from tests.importers.saved import PAGES, lines, only, read
from tests.importers.test_pages_forms import WORDS, article, save, why


def test_no_script_no_event_and_no_strange_address_survives(tmp_path):
    body = (
        f'<script>alert(1)</script>{WORDS}<p onclick="alert(2)"><a href="javascript:alert(3)">Click</a> and '
        '<a href="data:text/html,<script>alert(4)</script>">this one</a> and <a href="vbscript:x">that</a> too.</p>'
        '<img src="x.jpg" onerror="alert(5)"><svg onload="alert(6)"><p>Inside a drawing there are words.</p></svg>'
        '<iframe src="javascript:alert(7)"></iframe><iframe srcdoc="<script>alert(8)</script>"></iframe>'
        '<object data="x.swf"></object><form action="https://evil.example"><input name="password"></form>'
        "<math><mtext><script>alert(9)</script></mtext></math><style>p{background:url(javascript:alert(10))}</style>"
    )
    item = only(save(tmp_path, "a.html", article(title='<img src=x onerror="alert(0)">The last kiosk', body=body)))

    said = repr(item) + "\n".join(lines(item))
    assert "The last kiosk" in item.title
    for bad in ("alert(", "javascript:", "vbscript:", "data:text", "evil.example", "onerror", "onclick"):
        assert bad not in "\n".join(lines(item)), bad
    assert "alert(1)" not in said
    assert "alert(8)" not in item.html


def test_boxes_ten_thousand_deep_are_refused(tmp_path):
    deep = article(body="<div>" * 10_000 + WORDS + "</div>" * 10_000)

    assert why(save(tmp_path, "a.html", deep)) == "It is nested deeper than any page; it was not read."


def test_a_file_of_a_hundred_megabytes_is_refused_without_being_read(tmp_path):
    file = tmp_path / "a.html"
    with file.open("wb") as out:
        out.write(article().encode())
        out.truncate(100 * 1024**2)

    assert why(file) == "The file is larger than 50 MB."


def test_a_packed_bomb_is_refused(tmp_path, monkeypatch):
    import gzip

    monkeypatch.setattr(files, "MAX_PAGE_BYTES", 1_000_000)
    assert why(save(tmp_path, "a.html", gzip.compress(b"<html>" + b" " * 5_000_000))) == "The file is larger than 0 MB."


def test_pictures_outside_the_named_folder_are_never_opened(tmp_path):
    secret = save(tmp_path, "private/face.jpg", picture())
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "link.jpg").symlink_to(secret)
    body = (
        '<img src="../private/face.jpg" alt="one">' + WORDS + '<img src="link.jpg" alt="two">'
        f'<img src="{secret}" alt="three"><img src="file://{secret}" alt="four">'
        '<img src="..%2fprivate%2fface.jpg" alt="five">'
        f'<img src="a_files/..{"/.." * 30}{secret}" alt="six">'
    )
    page = save(tmp_path, "site/a.html", article(body=body))
    from standfirst.importers.pages import open_source

    for named in (page, page.parent):
        source = open_source([named])
        for entry in source.entries():
            assert isinstance(entry, Incoming)
        assert [use.local for use in source._known.values() if use.local] == []


@pytest.mark.parametrize(
    "data",
    [
        "{",
        "[" * 5000,
        '{"@type":"NewsArticle","headline":{"a":1},"author":[[["x"]]],"datePublished":["x",{"@value":1}],"keywords":{"a":[]}}',
        '{"@type":["NewsArticle",7,null],"headline":7,"image":[{"url":{"url":{}}}],"mainEntityOfPage":[[]],"@id":{"x":1}}',
        '{"@type":"NewsArticle","@id":"#a","author":{"@id":"#a"},"publisher":[null,true,1.5]}',
        '{"@graph":[{"@type":"BreadcrumbList","itemListElement":[null,1,{"position":"x","item":[]}]},{"@type":"Article","articleBody":["x"]}]}',
        '{"@type":"NewsArticle","datePublished":"9999-99-99T99:99:99Z","dateModified":"0000-00-00","headline":"\\u0000\\ud800"}',
        '"' + "x" * 4_000_000 + '"',
        "null",
    ],
)
def test_broken_data_for_machines_break_nothing(tmp_path, data):
    page = article(head=f'<script type="application/ld+json">{data}</script>')

    item = only(save(tmp_path, "a.html", page))

    assert lines(item)[0].startswith("The kiosk at the station")


def test_data_without_end_are_cut(tmp_path):
    many = ",".join(f'{{"@type":"NewsArticle","headline":"x{number}"}}' for number in range(50_000))
    document = parse_fragment(f'<script type="application/ld+json">[{many}]</script>')

    assert linked_data(document).stories <= 5_000


def test_a_page_that_wants_to_exhaust_a_pattern_is_read_all_the_same(tmp_path):
    began = time.monotonic()
    evil = "By " * 20_000 + "and " * 20_000
    body = (
        WORDS
        + f'<span class="byline">{evil}</span><p class="caption">{"(" * 3000}{"Фото: " * 3000}</p>'
        + f'<img src="/a.jpg" srcset="{"a.jpg 1w, " * 20_000}"><div class="date">{"1 " * 30_000}</div>'
        + "<p>"
        + "12.12." * 30_000
        + "</p>"
        + "<b>" * 200
        + "x"
        + "</b>" * 200
    )
    item = only(save(tmp_path, "a.html", article(title="The last kiosk " + " - " * 5_000, body=body)))

    assert item.title.startswith("The last kiosk")
    # Nothing is measured here: a pattern that backtracks would not come back at all.
    assert time.monotonic() > began


@pytest.mark.parametrize("seed", range(12))
def test_pages_cut_anywhere_and_with_bytes_thrown_over_end_in_a_sentence_or_a_story(tmp_path, seed):
    chance = random.Random(seed)
    pages = sorted(file for file in PAGES.iterdir() if file.suffix == ".html")
    for number in range(12):
        data = bytearray(chance.choice(pages).read_bytes())
        if chance.random() < 0.5:
            del data[chance.randrange(len(data)) :]
        for _time in range(chance.choice((0, 1, 30, 500))):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        file = save(tmp_path, f"{number}.html", bytes(data) or b"x")
        for entry in read(file):
            assert isinstance(entry, Incoming | LeftOut)
            if isinstance(entry, LeftOut):
                assert entry.why.endswith(".")
                assert "object has no" not in entry.why
                assert "Traceback" not in entry.why
            else:
                assert "<script" not in "\n".join(lines(entry))
