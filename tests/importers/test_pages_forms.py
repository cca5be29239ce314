"""The forms in which people have saved pages: browsers' ways, archives, mirrors; and what is no story."""

import base64
import email.mime.image
import email.mime.multipart
import email.mime.text
import gzip
import plistlib
import shutil

import pytest

from standfirst.importers.errors import FileUnreadable
from standfirst.importers.pages import open_source
from standfirst.importers.pages.origins import mirrored_address, tidy
from standfirst.importers.records import Incoming, LeftOut
from tests.importers.oldsite import picture
from tests.importers.saved import PAGES, lines, links, only, read

WORDS = (
    "<p>The kiosk at the station sold its last paper on Saturday, to a man who wanted a lighter.</p>"
    "<p>It had stood there since 1961, through two fires and one flood, and was never once closed for a holiday.</p>"
)


def article(
    *, title="The last kiosk", body=WORDS, head="", path="/2017/10/08/kiosk/", host="https://old.example", **more
):
    date = more.get("date", "2017-10-08T09:00:00+03:00")
    date = f'<meta property="article:published_time" content="{date}">' if date else ""
    canonical = f'<link rel="canonical" href="{host}{path}">' if path else ""
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{canonical}'
        f'<meta property="og:type" content="article">{date}{head}</head><body><nav><a href="/">Front door</a></nav>'
        f'<article><h1>{title}</h1><div class="entry-content">{body}</div></article></body></html>'
    )


def save(folder, name, text):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def opened(*files):
    source = open_source(list(files))
    return source, list(source.entries())


def local_of(source, item, which="lead"):
    use = item.lead
    return source.picture(use).local if use and source.picture(use) else None


def why(*files):
    """The one reason why nothing of these came in."""
    entries = read(*files)
    assert [type(entry) for entry in entries] == [LeftOut], entries
    return entries[0].why


def test_a_page_saved_with_its_folder_brings_its_pictures(tmp_path):
    body = '<figure><img src="./The%20last%20kiosk_files/kiosk.jpg">'
    body += f"<figcaption>Shut. Photo: Ira Noon</figcaption></figure>{WORDS}"
    body += '<iframe src="./The last kiosk_files/saved_resource.html"></iframe>'
    text = article(body=body).replace(
        "<html", "<!-- saved from url=(0035)https://old.example/2017/10/08/kiosk/ -->\n<html"
    )
    page = save(tmp_path, "The last kiosk.html", text)
    save(tmp_path, "The last kiosk_files/kiosk.jpg", picture())
    save(
        tmp_path,
        "The last kiosk_files/saved_resource.html",
        "<!-- saved from url=(0041)https://www.youtube.com/embed/abcdefghijk --><html><body>player</body></html>",
    )

    source, entries = opened(tmp_path)

    assert len(entries) == 1
    item = entries[0]
    assert local_of(source, item).read_bytes() == picture()
    assert (item.lead.caption, source.picture(item.lead).credit) == ("Shut.", "Ira Noon")
    assert item.lead.src.startswith("https://old.example/saved/")
    assert lines(item)[-1] == "{https://www.youtube.com/watch?v=abcdefghijk}"
    assert only(page).lead.src == item.lead.src


def test_a_page_as_one_file_brings_the_pictures_written_into_it(tmp_path):
    data = base64.b64encode(picture()).decode()
    other = base64.b64encode(picture(kind="PNG", noise=True)).decode()
    body = (
        f'<figure><img src="data:image/jpeg;base64,{data}"></figure>{WORDS}'
        '<p><img src="data:image/svg+xml,<svg/>" style="background-image:var(--sf-img-7)!important"></p>'
        '<p><img src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="></p>'
    )
    text = article(body=body, path="").replace(
        "<html",
        "<!--\n Page saved with SingleFile \n url: https://old.example/2017/10/08/kiosk/?fbclid=x \n"
        " saved date: Sun Oct 15 2017 10:00:00 GMT+0300 \n--><html",
    )
    text = text.replace("</head>", f'<style>:root{{--sf-img-7: url("data:image/png;base64,{other}")}}</style></head>')
    page = save(tmp_path, "kiosk.html", text)

    source, (item,) = opened(page)

    assert item.link == "https://old.example/2017/10/08/kiosk/"
    assert local_of(source, item).read_bytes() == picture()
    shown = [line for line in lines(item) if line.startswith("[")]
    assert len(shown) == 1
    assert shown[0].endswith(".png]")
    assert read(page)[0].lead.src == item.lead.src


def test_a_page_as_a_letter_brings_the_pictures_in_it(tmp_path):
    letter = email.mime.multipart.MIMEMultipart("related")
    letter["Snapshot-Content-Location"] = "https://old.example/2017/10/08/kiosk/"
    text = article(
        body='<img src="https://old.example/img/kiosk.jpg"><img src="cid:second@x" alt="Inside">' + WORDS, path=""
    )
    page = email.mime.text.MIMEText(text, "html", "utf-8")
    page["Content-Location"] = "https://old.example/2017/10/08/kiosk/"
    letter.attach(page)
    for place, number, kind in (("https://old.example/img/kiosk.jpg", "first", "JPEG"), ("", "second@x", "PNG")):
        part = email.mime.image.MIMEImage(picture(kind=kind), kind.lower())
        part["Content-ID"] = f"<{number}>"
        if place:
            part["Content-Location"] = place
        letter.attach(part)
    file = save(tmp_path, "kiosk.mhtml", letter.as_bytes())

    source, (item,) = opened(file)

    assert item.link == "https://old.example/2017/10/08/kiosk/"
    assert item.lead.src == "https://old.example/img/kiosk.jpg"
    assert local_of(source, item).read_bytes() == picture()
    assert lines(item)[0].startswith("[https://old.example/saved/")


def test_safaris_archive_is_read_with_its_pictures(tmp_path):
    held = {
        "WebMainResource": {
            "WebResourceURL": "https://old.example/2017/10/08/kiosk/",
            "WebResourceTextEncodingName": "UTF-8",
            "WebResourceData": article(body='<img src="/img/kiosk.jpg">' + WORDS).encode(),
        },
        "WebSubresources": [
            {
                "WebResourceURL": "https://old.example/img/kiosk.jpg",
                "WebResourceMIMEType": "image/jpeg",
                "WebResourceData": picture(),
            }
        ],
    }
    file = save(tmp_path, "kiosk.webarchive", plistlib.dumps(held, fmt=plistlib.FMT_BINARY))

    source, (item,) = opened(file)

    assert item.title == "The last kiosk"
    assert local_of(source, item).read_bytes() == picture()


def wayback(text):
    base = "https://web.archive.org/web/20180203040506"
    text = text.replace("https://old.example", f"{base}/https://old.example")
    text = text.replace('<img src="', '<img src="/web/20180203040506im_/')
    return text.replace(
        "<head>",
        '<head><script src="//archive.org/includes/athena.js"></script><link rel="stylesheet" '
        'href="https://web-static.archive.org/_static/css/banner-styles.css">',
    ).replace(
        "<body>",
        "<body><!-- BEGIN WAYBACK TOOLBAR INSERT --><div id='wm-ipp-base'><p>The Wayback Machine has 14 captures of "
        "this very page from 2017 to 2019 in its collection.</p></div><!-- END WAYBACK TOOLBAR INSERT -->",
    )


def test_a_copy_of_the_wayback_machine_is_read_as_the_page_it_was(tmp_path):
    body = f'{WORDS}<p><a href="https://old.example/2016/01/02/fire/">The first fire</a> was in 1974, people say.</p>'
    body += '<figure><img src="https://elsewhere.example/kiosk.jpg"></figure>'
    page = save(tmp_path, "kiosk.html", wayback(article(body=body)))

    item = only(page)

    assert item.link == "https://old.example/2017/10/08/kiosk/"
    assert links(item) == ["/2016/01/02/fire/"]
    assert "archive.org" not in item.html
    assert not any("Wayback" in line for line in lines(item))
    assert "https://elsewhere.example/kiosk.jpg" in (item.html + (item.lead.src if item.lead else ""))


def test_an_undated_copy_of_the_wayback_machine_waits_with_the_day_it_was_copied(tmp_path):
    item = only(save(tmp_path, "kiosk.html", wayback(article(date="", path="/kiosk/"))))

    assert item.held_because == "It says no date; an archive copied it on 2018-02-03. Set its date and publish it."
    assert item.published.date().isoformat() == "2018-02-03"


def test_the_folders_of_a_mirror_are_the_addresses(tmp_path):
    link = '<p><a href="../../../../about.html">Who we are</a> and why we still print, in short.</p>'
    body = f'<p><img src="../../../../uploads/kiosk.jpg"></p>{WORDS}{link}'
    save(tmp_path, "mirror/old.example/2017/10/08/kiosk/index.html", article(body=body, path=""))
    save(tmp_path, "mirror/old.example/uploads/kiosk.jpg", picture())
    save(tmp_path, "mirror/old.example/index.php@p=12.html", article(title="By number", path=""))

    source, entries = opened(tmp_path / "mirror")
    items = {entry.title: entry for entry in entries}

    assert source.name == "pages:old.example"
    item = items["The last kiosk"]
    assert item.link == "https://old.example/2017/10/08/kiosk/"
    assert item.lead.src == "https://old.example/uploads/kiosk.jpg"
    assert local_of(source, item).read_bytes() == picture()
    assert links(item) == ["/about.html"]
    assert items["By number"].link == "https://old.example/?p=12"

    inside, _ = opened(tmp_path / "mirror" / "old.example")
    assert inside.name == "pages:old.example"


@pytest.mark.parametrize(
    ("relative", "address"),
    [
        ("old.example/index.html", "https://old.example/"),
        ("www.old.example/news/story.html", "https://www.old.example/news/story.html"),
        ("old.example/news/index.html?id=7", "https://old.example/news/?id=7"),
        ("old.example/story.php?id=7.html", "https://old.example/story.php?id=7"),
        ("old.example:8080/a/index.html", "https://old.example:8080/a/"),
        ("old.example_8080/a/index.html", "https://old.example:8080/a/"),
        ("saved/web.archive.org/web/20190501000000/http:/old.example/a/index.html", "https://old.example/a/"),
        ("kiosk.html", ""),
        ("saved pages/kiosk.html", ""),
        ("old.example/міст/index.html", "https://old.example/%D0%BC%D1%96%D1%81%D1%82/"),
    ],
)
def test_a_path_of_a_mirror_spells_an_address(relative, address):
    assert mirrored_address(relative) == address


def test_an_address_loses_what_only_counted_visitors():
    assert tidy("HTTPS://Old.example:443/a/?utm_source=x&id=7&fbclid=y#top") == "https://old.example/a/?id=7"
    assert tidy("https://old.example/a/index.php") == "https://old.example/a/"
    assert tidy("/a/") == tidy("javascript:x") == tidy("http://localhost/a") == ""


def test_httracks_comment_names_the_page(tmp_path):
    text = (
        article(path="")
        + "<!-- Mirrored from old.example/2017/kiosk by HTTrack Website Copier/3.x [XR&CO'2014], Mon -->"
    )

    assert only(save(tmp_path, "kioskab12.html", text)).link == "https://old.example/2017/kiosk"


def test_packed_pages_and_strange_encodings_are_read(tmp_path):
    words = "<p>У Полтаві третій тиждень їздить трамвай, якого немає в жодному розкладі, і ніхто не знає, чий він.</p>"
    page = article(title="Трамвай без розкладу", body=words + words.replace("трамвай", "вагон"), head="")
    plain = page.replace('<meta charset="utf-8">', "")
    lying = page.replace('charset="utf-8"', 'charset="windows-1251"')
    cut = plain.replace("<title>", "<meta name=d content='\udcd0'><title>").encode(errors="surrogateescape")
    for name, data in {
        "packed.html": gzip.compress(page.encode()),
        "packed.html.gz": gzip.compress(page.encode()),
        "plain-1251.html": plain.encode("cp1251"),
        "koi8.html": plain.replace("ґ", "г").encode("koi8_u"),
        "lying.html": lying.encode(),
        "utf16.html": plain.encode("utf-16"),
        "cut-in-a-letter.html": cut,
        "mark.html": b"\xef\xbb\xbf" + plain.encode(),
        "said-1251.html": lying.encode("cp1251"),
    }.items():
        item = only(save(tmp_path, name, data))
        assert item.title == "Трамвай без розкладу", name
        assert lines(item)[0].startswith("У Полтаві третій тиждень їздить трамвай"), name


def test_of_two_files_of_one_address_the_newer_comes_in_and_the_other_is_named(tmp_path):
    head = '<meta property="article:modified_time" content="2017-10-09T09:00:00+03:00">'
    save(tmp_path, "a.html", article(title="The last kiosk is gone", head=head))
    save(tmp_path, "b.html", article(body=WORDS * 3))
    save(tmp_path, "c.html", article(path="/2017/10/08/kiosk/?utm_source=letter"))

    entries = read(tmp_path)

    assert [entry.title for entry in entries if isinstance(entry, Incoming)] == ["The last kiosk is gone"]
    reasons = [entry.why for entry in entries if isinstance(entry, LeftOut)]
    assert reasons == ["a.html holds the same page, newer or longer; that one was taken."] * 2


def test_translations_are_a_pair_only_when_both_say_so(tmp_path):
    def alternates(**of):
        return "".join(f'<link rel="alternate" hreflang="{k}" href="https://old.example{v}">' for k, v in of.items())

    pair = alternates(en="/en/kiosk/", uk="/kiosk/")
    save(tmp_path, "a.html", article(path="/en/kiosk/", head=pair))
    save(tmp_path, "b.html", article(title="Кіоск", path="/kiosk/", head=pair))
    save(tmp_path, "c.html", article(title="Another", path="/en/other/", head=alternates(en="/en/other/", uk="/")))
    save(tmp_path, "d.html", article(title="A third", path="/en/third/", head=alternates(en="/en/third/", uk="/")))

    found = {entry.link.rpartition("example")[2]: entry.translation_of for entry in read(tmp_path)}

    assert found["/en/kiosk/"] == found["/kiosk/"] == "https://old.example/en/kiosk/"
    assert found["/en/other/"] == found["/en/third/"] == ""


def test_the_mark_that_all_pages_share_is_no_lead_picture(tmp_path):
    head = '<meta property="og:image" content="https://old.example/{}.png">'
    for number in range(6):
        save(
            tmp_path,
            f"{number}.html",
            article(path=f"/{number}/", title=f"Kiosk {number}", head=head.format("default")),
        )
    save(tmp_path, "own.html", article(path="/own/", head=head.format("own")))

    leads = [entry.lead and entry.lead.src for entry in read(tmp_path)]

    assert leads == [None] * 6 + ["https://old.example/own.png"]


def test_lists_are_led_from_wherever_a_page_said_their_address(tmp_path):
    section = '<meta property="article:section" content="City">'
    crumbs = (
        '<script type="application/ld+json">{"@type":"BreadcrumbList","itemListElement":[{"position":1,"name":"City",'
        '"item":"https://old.example/city/"}]}</script>'
    )
    save(tmp_path, "a.html", article(path="/a/", head=section))
    save(tmp_path, "b.html", article(path="/b/", head=section + crumbs))

    source, entries = opened(tmp_path)

    assert [entry.section.addresses for entry in entries] == [("/city/",)] * 2
    assert source.sections == {"city": 2}


@pytest.mark.parametrize(
    "signed",
    ['[{"@type":"Person","name":"Mara Lind"}]', '{"name":"Mara Lind","url":"#author"}'],
)
def test_an_author_without_an_address_does_not_take_that_of_the_story(tmp_path, signed):
    data = f'<script type="application/ld+json">{{"@type":"NewsArticle","author":{signed}}}</script>'
    save(tmp_path, "a.html", article(path="/a/", head=data))

    (entry,) = read(tmp_path)

    assert [(author.name, author.addresses) for author in entry.authors] == [("Mara Lind", ())]


def test_pages_without_an_address_are_known_by_their_file(tmp_path):
    folder = tmp_path / "Old Lantern"
    save(folder, "a/kiosk.html", article(path=""))

    source, (item,) = opened(folder)

    assert source.name == "pages:old-lantern"
    assert (item.foreign_id, item.link, item.addresses) == ("a/kiosk.html", "", [])


def test_a_page_of_another_host_comes_in_but_its_address_does_not_lead_here(tmp_path):
    for number in range(3):
        save(tmp_path, f"{number}.html", article(path=f"/{number}/"))
    save(tmp_path, "z.html", article(path="/z/", host="https://guest.example"))

    *_own, guest = read(tmp_path)

    assert guest.link == ""
    assert "It lay on another host (https://guest.example/z/); that address cannot lead here." in guest.changes


def test_a_file_saved_by_hand_from_a_telephone_is_found_among_files_and_patterns(tmp_path):
    save(tmp_path, "one.html", article(path="/1/"))
    save(tmp_path, "deep/two.htm", article(path="/2/"))
    save(tmp_path, "deep/story", article(path="/3/"))
    save(tmp_path, "deep/list.php?id=4", article(path="/4/"))
    save(tmp_path, "deep/notes.txt", "not a page")
    save(tmp_path, "deep/.hidden.html", article(path="/5/"))
    (tmp_path / "link.html").symlink_to(tmp_path / "one.html")

    assert sorted(entry.link[-3:] for entry in read(tmp_path)) == ["/1/", "/2/", "/3/", "/4/"]
    assert [entry.link[-3:] for entry in read(tmp_path / "deep" / "*.htm")] == ["/2/"]
    with pytest.raises(FileUnreadable, match=r"There is nothing at .*gone"):
        read(tmp_path / "gone.html")
    shutil.rmtree(tmp_path / "deep")
    (tmp_path / "deep").mkdir()
    with pytest.raises(FileUnreadable, match="There are no saved pages"):
        read(tmp_path / "deep")


FRONT = "".join(
    f'<article><h2><a href="/{n}/">A headline of number {n} that is long enough</a></h2></article>' for n in range(20)
)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (
            article(path="/", body=FRONT).replace('content="article"', 'content="website"'),
            "It is the front of the site, not a story.",
        ),
        (
            f'<html><head><link rel="canonical" href="https://old.example/tag/kiosk/"></head><body>{FRONT}</body></html>',
            "It is a list of stories, not a story.",
        ),
        (
            f'<html><head><title>News</title></head><body class="archive category">{FRONT}{WORDS}</body></html>',
            "It is a list of stories, not a story.",
        ),
        (
            "<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>",
            "It is the page of an error, not a story.",
        ),
        (article(title="Сторінку не знайдено", body=WORDS), "It is the page of an error, not a story."),
        (
            '<html><head><meta http-equiv="refresh" content="0; url=/new/"></head><body>Page has moved</body></html>',
            "It only leads to another page.",
        ),
        (
            '<html><head><title>App</title></head><body><div id="app"></div><script>x()</script></body></html>',
            "It holds no running text; a script would have fetched it when the page was shown.",
        ),
        (
            "<html><head><title>Contacts</title></head>"
            "<body><p>Our office is on the second floor, above the bakery, ring twice.</p></body></html>",
            "No running text was found in it.",
        ),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 500, "It is not an HTML page, whatever its name says."),
        (
            b'<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item><title>Bench',
            "It is an export of WordPress, which “standfirst import wordpress” brings in.",
        ),
        (b"   ", "The file is empty."),
        (b"\x1f\x8b broken", "The file cannot be read ("),
        (b"bplist00 broken", "The web archive is damaged."),
    ],
    ids=[
        "front",
        "tag",
        "archive",
        "404",
        "404-uk",
        "stub",
        "shell",
        "little",
        "binary",
        "wxr",
        "empty",
        "gzip",
        "bplist",
    ],
)
def test_what_is_no_story_is_left_out_with_the_reason(tmp_path, page, reason):
    assert why(save(tmp_path, "page.html", page)).startswith(reason)


def test_a_short_piece_of_news_with_its_day_is_a_story(tmp_path):
    short = "<p>The library on Mill Street opens an hour later on Mondays, from next week on.</p>"

    dated = article(body=short).replace('content="article"', 'content="website"')
    assert lines(only(save(tmp_path, "a.html", dated)))[0].startswith("The library on Mill Street")

    undated = article(body=short * 2, date="", path="/contact/").replace('content="article"', 'content="website"')
    assert why(save(tmp_path, "a.html", undated)).startswith("It holds too little text for a story")


def test_a_letter_without_a_page_is_left_out(tmp_path):
    assert (
        why(save(tmp_path, "a.mhtml", b"MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nhello"))
        == "The file holds no page."
    )


def test_every_fixture_reads_the_same_twice(tmp_path):
    assert [repr(entry) for entry in read(PAGES)] == [repr(entry) for entry in read(PAGES)]
