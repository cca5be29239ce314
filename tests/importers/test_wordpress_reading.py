"""What readers and editors meet of an export: translations, members' texts, fronts, comments; what enemies tried."""

import io
import json
import lzma
import random
import re
import stat
from html.parser import HTMLParser

import pytest
from django.conf import settings as django_settings
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.contrib.redirects.models import Redirect

from standfirst.fronts.models import HomePage, StandingPage
from standfirst.fronts.selectors import home_arrangement
from standfirst.importers.models import ImportedItem
from standfirst.importers.wordpress import run
from standfirst.people.models import Byline
from standfirst.stories.models import NewsImage, PublicVersion, Section, StoryPage, Tag
from standfirst.stories.selectors import translations_of
from tests.importers.moving import imported, move_in
from tests.importers.test_wordpress_source import comment
from tests.importers.wxr import HEAD, TAIL, export, item, sample
from tests.sizes import examples

pytestmark = pytest.mark.django_db

EVERYTHING = (StoryPage, StandingPage, PublicVersion, Redirect, Section, Tag, Byline, NewsImage, ImportedItem)


def pll(language):
    return (("category", "world", "World"), ("language", language, language), ("post_translations", "pll_5f", "pll_5f"))


def test_translations_know_each_other_and_readers_find_the_other_language(newsroom, tmp_path, client):
    move_in(
        export(
            tmp_path,
            item(1, "A bridge is closed", categories=pll("en")),
            item(2, "Міст закрито", categories=pll("uk")),
            item(3, "Brücke gesperrt", categories=pll("de")),
        )
    )

    english, ukrainian, german = imported(1), imported(2), imported(3)

    assert [story.pk for story in translations_of(english)] == [ukrainian.pk]
    assert ukrainian.public_path == "/uk/2024/11/04/post-2/"
    assert f'href="{ukrainian.public_path}"' in client.get(english.public_path).content.decode()
    assert not german.live
    assert "(de)" in german.held_because


def test_what_was_for_members_reaches_nobody_until_an_editor_opens_it(newsroom, tmp_path, client):
    report = move_in(
        export(
            tmp_path,
            item(1, "For members", "<p>Open</p>[membership]<p>Paid words</p>[/membership]"),
            item(2, "For payers", "<p>Paid words</p>", meta={"_is_paid": "1"}),
            item(3, "A page", "<!-- wp:jetpack/paywall /--><p>Paid words</p>", kind="page", categories=()),
        )
    )

    assert report["totals"]["drafts"] == 2
    for number in (1, 2):
        assert not imported(number).live
        assert "members only" in imported(number).held_because
        assert b"Paid words" not in client.get(f"/post-{number}/", follow=True).content
    assert not imported(3, "page").live
    assert b"Paid words" not in client.get("/", {"p": 1}).content


def test_what_stood_above_the_others_leads_the_front_unless_somebody_has_chosen(newsroom, tmp_path, client):
    def sticky(number, when):
        return item(number, f"Sticky {number}", when=when).replace("<wp:is_sticky>0<", "<wp:is_sticky>1<")

    file = export(
        tmp_path,
        sticky(1, "2020-01-01 10:00:00"),
        item(2),
        sticky(3, "2021-01-01 10:00:00"),
        sticky(4, "2022-01-01 10:00:00").replace("publish<", "draft<"),
    )

    report = move_in(file)

    home = HomePage.objects.get(locale__language_code="en")
    front = home_arrangement(home)
    assert (front.lead.title, front.seconds[0].title) == ("Sticky 3", "Sticky 1")
    assert sum("Sticky" in note for note in report["notes"]) == 2
    assert client.get("/").content.decode().index("Sticky 3") < client.get("/").content.decode().index("Sticky 1")

    home.lead = None
    home.seconds.all().delete()
    home.save_revision(user=newsroom.editor).publish()
    move_in(file)

    assert HomePage.objects.get(pk=home.pk).lead is None


def test_comments_lie_in_a_file_that_only_its_owner_reads(newsroom, tmp_path):
    report = move_in(
        export(tmp_path, item(1, extra=comment(5, "Well said") + comment(6, "Spam", approved="spam")), item(2))
    )

    file = django_settings.NEWSROOM.data / "moved-in" / "wordpress-old.example" / "comments.jsonl"
    (line,) = file.read_text(encoding="utf-8").splitlines()
    assert (json.loads(line)["post"], json.loads(line)["text"]) == ("1", "Well said")
    assert "@" not in line
    assert "192.0.2" not in line
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert report["totals"]["comments"] == 1
    assert any("comments.jsonl" in note for note in report["notes"])


def test_words_for_search_engines_and_credits_come_along(newsroom, tmp_path):
    meta = {"_yoast_wpseo_title": "Bridge: %%title%% %%sep%% %%sitename%%", "_yoast_wpseo_metadesc": "Why"}
    move_in(export(tmp_path, item(1, meta=meta)))

    assert (imported(1).seo_title, imported(1).search_description) == ("Bridge: A bridge is closed", "Why")


class Scripts(HTMLParser):
    """What a browser would run of a page, by its own rules of attributes and tags."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "script" and values.get("type") != "application/ld+json":
            self.found += [] if (values.get("src") or "").startswith("/s/") else [("script", values)]
        if tag in ("iframe", "object", "embed", "base", "applet", "frame"):
            self.found.append((tag, values))
        for name, value in attrs:
            address = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if name.startswith("on") or address.startswith(("javascript:", "vbscript:", "data:text")):
                self.found.append((tag, name, value))


def scripts_in(page):
    parser = Scripts()
    parser.feed(page)
    return parser.found


EVIL = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    '<img src=x onerror="alert(1)">',
    '<svg onload=alert(1)><a xlink:href="javascript:alert(1)">x</a></svg>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '"><script>alert(1)</script>',
    "'-alert(1)-'",
    "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "]]>]]<![CDATA[><script>alert(1)</script>",
    "<style>@import '//evil.example/x.css';</style>",
    "<form action=//evil.example><input onfocus=alert(1) autofocus></form>",
    '[caption caption="<script>alert(1)</script>"]<img src="javascript:alert(1)">[/caption]',
    '[su_button url="javascript:alert(1)"]x[/su_button]',
    '[vc_raw_html]PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==[/vc_raw_html]',
    '[vc_custom_heading text="<script>alert(1)</script>"]',
    '[gallery ids="1" onclick="alert(1)"]',
    '[embed]javascript:alert(1)[/embed]',
    '<!-- wp:embed {"url":"javascript:alert(1)"} /-->',
    '<!-- wp:cover {"url":"x"} --><div style="background-image:url(javascript:alert(1))"></div><!-- /wp:cover -->',
    '<!-- wp:acf/x {"data":{"text":"two words <script>alert(1)</script>"}} /-->',
    '<!-- wp:math {"latex":"<script>alert(1)</script>"} --><!-- /wp:math -->',
]  # fmt: skip


def test_no_script_survives_in_any_page_that_is_served(newsroom, tmp_path, client):
    elementor = json.dumps([{"widgetType": "html", "settings": {"html": "".join(EVIL), "title": EVIL[0]}}])
    notes = json.dumps([{"content": evil} for evil in EVIL])
    file = export(
        tmp_path,
        *(
            item(
                number,
                f"T {evil}",
                f"<p>Words</p>\n\n{evil}\n\n<p>More</p><!-- wp:footnotes /-->",
                excerpt=f"E {evil}",
                slug=f"evil-{number}",
                author=f"a{evil}",
                categories=(("category", f"c{number}", f"C {evil}"), ("post_tag", f"t{number}", f"T {evil}")),
                meta={"subtitle": f"S {evil}", "_yoast_wpseo_title": evil, "_yoast_wpseo_metadesc": evil}
                | {"footnotes": notes, "guest-author": f"N {evil}"},
                extra=comment(number, evil, author=evil),
            )
            for number, evil in enumerate((each for each in EVIL if "]]>" not in each), start=1)
        ),
        item(90, "Built", "", meta={"_elementor_data": elementor, "_elementor_edit_mode": "builder"}),
        item(91, "Page", "".join(EVIL[:11]), kind="page", categories=()),
    )

    move_in(file)

    stories = [row.object for row in ImportedItem.objects.filter(kind="post")]
    assert len(stories) == len(EVIL)
    paths = [f"{story.public_path}{end}" for story in stories for end in ("", "text/")]
    paths += [imported(91, "page").public_address, "/", "/uk/", "/feed/atom", "/feed/rss", "/archive/"]
    paths += [
        row.object.get_absolute_url() for row in ImportedItem.objects.filter(kind__in=["section", "tag", "author"])
    ]
    for path in paths:
        page = client.get(path, follow=True)
        assert page.status_code == 200, path
        content = page.content.decode()
        if "xml" in page["Content-Type"]:
            assert "<script" not in content
        else:
            assert scripts_in(content) == [], path


def counted():
    return {model: list(model.objects.order_by("pk").values_list()) for model in EVERYTHING}


def spoiled(whole, where, how, what):
    """The file cut off, with bytes put in, or with bytes gone."""
    at = int(len(whole) * where)
    if how == "cut":
        return whole[:at]
    if how == "put in":
        return whole[:at] + what + whole[at:]
    return whole[:at] + what + whole[at + max(1, len(what)) :]


@settings(max_examples=examples(10), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    where=st.floats(0, 1, exclude_max=True),
    how=st.sampled_from(["cut", "cut", "put in", "instead"]),
    what=st.binary(min_size=1, max_size=6)
    | st.sampled_from([b"&", b"<", b"]]>", b"\0\x07", b"<![CDATA[", "ж".encode("cp1251")]),
)
def test_a_spoiled_file_comes_in_whole_or_leaves_the_newsroom_as_it_was(
    newsroom, unhurried, tmp_path, where, how, what
):
    """Whatever happened to the file on its way: one sentence and nothing changed, or every text that it still holds."""
    file = tmp_path / "spoiled.xml"
    file.write_bytes(spoiled(sample(tmp_path).read_bytes(), where, how, what))
    before, out, err = counted(), io.StringIO(), io.StringIO()

    code = run(file=file, json=True, out=out, err=err)

    assert "Traceback" not in err.getvalue()
    if code:
        assert re.fullmatch(r"[^\n]+\.\n", err.getvalue())
        assert out.getvalue() == ""
        assert counted() == before
    else:
        totals = json.loads(out.getvalue())["totals"]
        known = sum(totals.get(key, 0) for key in ("published", "drafts", "pages", "unchanged", "updated", "left_out"))
        assert how != "cut" or where > 0.99
        assert known + totals.get("changed_here", 0) >= 20


@pytest.mark.parametrize(
    "content",
    [
        b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><rss>&b;</rss>',
        b'<?xml version="1.0"?><!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss></rss>',
        b'<?xml version="1.0" encoding="zlib_codec"?><rss>x</rss>',
        b'<?xml version="1.0" encoding="idna"?><rss>\xff\xfe..</rss>',
        b"<rss>" + b"<a>" * 100_000,
        (HEAD + "<item>" * 50_000).encode(),
        (HEAD + "<item " + 'a="b" ' * 10 + ">" + TAIL).encode(),
        HEAD.encode("utf-16"),
        b"\xff" * 1000,
        b"BZh91AY&SY not really",
        lzma.compress((HEAD + item(1) + TAIL).encode())[:100],
        random.Random(4).randbytes(5000),
    ],
    ids=lambda content: repr(content[:24]),
)  # fmt: skip
def test_bombs_and_rubbish_are_refused_in_a_sentence(newsroom, tmp_path, content):
    file = tmp_path / "export.xml"
    file.write_bytes(content)
    before, out, err = counted(), io.StringIO(), io.StringIO()

    assert run(file=file, out=out, err=err) == 1

    assert re.fullmatch(r"[^\n]+\.\n", err.getvalue())
    assert counted() == before


def test_a_huge_field_and_a_thousand_terms_are_taken_in(newsroom, tmp_path):
    file = export(
        tmp_path,
        item(1, "x" * 100_000, "<p>" + "word " * 200_000 + "</p>", excerpt="y" * 100_000),
        item(2, categories=tuple(("post_tag", f"t{number}", f"Tag {number}") for number in range(300))),
        item(3, meta={"note": "z" * 300_000, "subtitle": "s" * 50_000}, author="a" * 5_000, slug="s" * 2_000),
    )

    report = move_in(file)

    assert report["totals"]["published"] == 3
    assert len(imported(1).title) <= 255
    assert Client().get(imported(3).public_path).status_code == 200
