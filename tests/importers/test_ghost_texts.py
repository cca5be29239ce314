"""A Ghost post's text as plain HTML: Lexical, Mobiledoc, every card, Ghost's own HTML, and what enemies write."""

# ruff: noqa: E501

import json
import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfirst.importers.content import HtmlReader
from standfirst.importers.ghost.texts import html_of
from tests.importers.ghostly import card, lexical, node, words
from tests.sizes import examples

READER = HtmlReader(site_url="https://old.example")


def converted(**post):
    """(our blocks, what was changed) of a post, after both steps."""
    written, changes = html_of(post)
    result = READER.convert(written)
    return result.blocks, [*changes, *result.changes]


def text(**post):
    blocks, _changes = converted(**post)
    assert [block["type"] for block in blocks] in ([], ["text"]), blocks
    return "".join(block["value"] for block in blocks)


def shown(*children):
    return text(lexical=lexical(*children))


BOLD, ITALIC, STRUCK, UNDERLINED, CODE, LOW, HIGH, MARKED = 1, 2, 4, 8, 16, 32, 64, 128


@pytest.mark.parametrize(
    ("children", "html"),
    [
        (["One", "Two"], "<p>One</p><p>Two</p>"),
        ([card("horizontalrule"), "One", card("horizontalrule"), card("horizontalrule"), "Two", card("horizontalrule")],
         "<p>One</p><hr><p>Two</p>"),
        ([node("paragraph", words("a", BOLD | ITALIC), words("b", STRUCK), words("c", LOW), words("d", HIGH))],
         "<p><strong><em>a</em></strong><s>b</s><sub>c</sub><sup>d</sup></p>"),
        ([node("paragraph", words("plain", UNDERLINED | CODE | MARKED))], "<p>plain</p>"),
        ([node("paragraph", "One", {"type": "linebreak"}, "two", {"type": "tab"}, "three")], "<p>One<br>two three</p>"),
        ([node("paragraph", "<b>&amp;")], "<p>&lt;b&gt;&amp;amp;</p>"),
        ([node("paragraph", "Read ", node("link", words("this", BOLD), url="https://old.example/a/?b=1&c=2#d"))],
         '<p>Read <a href="/a/?b=1&amp;c=2#d"><strong>this</strong></a></p>'),
        ([node("paragraph", node("autolink", "x.example", url="https://x.example/"), ".")],
         '<p><a href="https://x.example/">x.example</a>.</p>'),
        ([node("paragraph", node("link", "sign up", url="#/portal/signup"))], "<p>sign up</p>"),
        ([node("paragraph", node("link", "bad", url="javascript:alert(1)"))], "<p>bad</p>"),
        ([node("extended-heading", "One", tag="h1"), node("heading", "Two", tag="h5")], "<h2>One</h2><h3>Two</h3>"),
        ([node("extended-quote", "One", {"type": "linebreak"}, "two")], "<blockquote>One<br>two</blockquote>"),
        ([node("aside", "Pulled out")], "<blockquote>Pulled out</blockquote>"),
        ([node("list", node("listitem", "one"), node("listitem", node("list", node("listitem", "two"), tag="ol")), node("listitem", "three"), tag="ul")],
         "<ul><li>one<ol><li>two</li></ol></li><li>three</li></ul>"),
        ([node("list", node("listitem", "one"), listType="number", start=1)], "<ol><li>one</li></ol>"),
        ([node("code", words("a <b>"), {"type": "linebreak"}, words("c"))], "<p>a &lt;b&gt;<br>c</p>"),
        ([node("layout", node("layout-item", node("paragraph", "left")), node("layout-item", node("paragraph", "right")))],
         "<p>left</p><p>right</p>"),
        ([node("paragraph", "a", {"type": "zwnj"}, node("at-link", {"type": "at-link-search", "text": "@x"}))], "<p>a</p>"),
        ([node("paragraph", "before", card("callout", calloutText="in it", calloutEmoji="💡"))], "<p>before</p><p>💡 in it</p>"),
        ([], ""),
    ],
)  # fmt: skip
def test_lexical_text(children, html):
    assert shown(*children) == html


@pytest.mark.parametrize(
    ("given", "html"),
    [
        (card("callout", calloutEmoji="💡", calloutText="Mind <b>this</b>"), "<p>💡 Mind <strong>this</strong></p>"),
        (card("toggle", heading="<span>Why?</span>", content="<p>Because</p><ul><li>of</li></ul>"),
         "<h3>Why?</h3><p>Because</p><ul><li>of</li></ul>"),
        (card("button", buttonText="Read", buttonUrl="https://e.example/"), '<p><a href="https://e.example/">Read</a></p>'),
        (card("bookmark", url="https://e.example/x", metadata={"title": "T", "description": "D", "publisher": "P", "author": "A", "icon": "i"}, caption="C"),
         '<p><a href="https://e.example/x">T</a><br>D<br>P<br>A</p><p>C</p>'),
        (card("file", src="https://old.example/content/files/a.pdf", fileTitle="The report", fileCaption="In full", fileName="a.pdf"),
         '<p><a href="/content/files/a.pdf">The report</a><br>In full<br>a.pdf</p>'),
        (card("header", header="Big", subheader="small", buttonEnabled=True, buttonText="Go", buttonUrl="https://e.example/"),
         '<h2>Big</h2><p>small</p><p><a href="https://e.example/">Go</a></p>'),
        (card("product", productTitle="Book", productDescription="<p>Good</p>", productButtonEnabled=True, productButton="Buy", productUrl="https://e.example/"),
         '<h3>Book</h3><p>Good</p><p><a href="https://e.example/">Buy</a></p>'),
        (card("call-to-action", hasSponsorLabel=True, sponsorLabel="<p>SPONSORED</p>", textValue="<p>Come</p>", showButton=True, buttonText="Now", buttonUrl="https://e.example/"),
         '<p>SPONSORED</p><p>Come</p><p><a href="https://e.example/">Now</a></p>'),
        (card("codeblock", code="if a < b:\n  print(1)", language="python", caption="Code"), "<p>if a &lt; b:<br>print(1)</p><p>Code</p>"),
        (card("html", html="<div><p>Own <script>x()</script>words</p>"), "<p>Own words</p>"),
        (card("markdown", markdown="## Head\n\n* one\n* **two**\n\n~~no~~ <em>yes</em>"),
         "<h2>Head</h2><ul><li>one</li><li><strong>two</strong></li></ul><p><s>no</s> <em>yes</em></p>"),
        (card("horizontalrule"), "<hr>"),
        (card("paywall"), ""),
        (card("email", html="<p>Hi {first_name}</p>"), ""),
        (card("email-cta", html="<p>Letter</p>"), ""),
        (card("signup", header="Join us"), ""),
        (card("transistor"), ""),
        (card("html", html="<p>x</p>", visibility={"web": {"nonMember": False, "memberSegment": "status:free"}}), ""),
        (card("html", html="<p>x</p>", visibility={"web": {"nonMember": True}}), "<p>x</p>"),
        (card("html", html="<p>x</p>", visibility={"emailOnly": True}), ""),
    ],
)  # fmt: skip
def test_cards_of_words_and_what_they_lose_is_named(given, html):
    blocks, changes = converted(lexical=lexical("Before", given, "After"))

    assert "".join(block["value"] for block in blocks) == f"<p>Before</p>{html}<p>After</p>"
    silent = {"button", "file", "bookmark", "header", "product", "call-to-action", "markdown", "horizontalrule"}
    assert bool(changes) == (given["type"] not in silent and html != "<p>x</p>"), changes


def test_what_only_members_or_letters_saw_is_named_with_its_words():
    _blocks, changes = converted(
        lexical=lexical(
            "Open",
            card("email", html="<p>Dear reader</p>"),
            card("html", html="<p>For you alone</p>", visibility={"web": {"nonMember": False, "memberSegment": "x"}}),
            card("signup", header="Join", subheader="today"),
        )
    )

    assert len(changes) == 3
    assert all(any(part in change for change in changes) for part in ("Dear reader", "For you alone", "Join today"))


def test_a_letter_keeps_what_only_letters_showed():
    written, _changes = html_of(
        {"lexical": lexical(card("email", html="<p>Dear reader</p>"), card("email-cta", html="<p>Come</p>"))},
        is_email=True,
    )

    assert "Dear reader" in written
    assert "Come" in written


def pictures(**post):
    blocks, changes = converted(**post)
    return [(b["type"], b["value"]) for b in blocks if b["type"] in ("picture", "gallery")], changes


def test_pictures_keep_caption_description_and_title():
    (((_kind, use),), changes) = pictures(
        lexical=lexical(
            card(
                "image",
                src="https://old.example/content/images/a.jpg",
                alt='The "quay"',
                caption='<span style="white-space: pre-wrap;">The quay. Photo: </span><a href="https://p.example/">P &amp; Q</a>',
                href="https://e.example/",
            )
        )
    )

    assert (use.src, use.alt) == ("https://old.example/content/images/a.jpg", 'The "quay"')
    assert use.caption == "The quay. Photo: P & Q"
    assert any("https://p.example/" in change for change in changes)
    assert any("https://e.example/" in change for change in changes)


@pytest.mark.parametrize(
    "post",
    [
        {"lexical": lexical(card("gallery", images=[{"src": "/1.jpg", "alt": "a", "row": 0}, {"src": "/2.jpg", "caption": "Two"}], caption="All"))},
        {"mobiledoc": json.dumps({"version": "0.3.1", "markups": [], "atoms": [], "cards": [["gallery", {"images": [{"src": "/1.jpg", "alt": "a"}, {"src": "/2.jpg", "caption": "Two"}], "caption": "All"}]], "sections": [[10, 0]]})},
    ],
)  # fmt: skip
def test_galleries(post):
    (((kind, value),), _changes) = pictures(**post)

    assert (kind, value["heading"]) == ("gallery", "All")
    assert [(use.src, use.alt, use.caption) for use in value["pictures"]] == [
        ("https://old.example/1.jpg", "a", ""),
        ("https://old.example/2.jpg", "", "Two"),
    ]


@pytest.mark.parametrize(
    ("given", "url", "title"),
    [
        (card("embed", url="https://www.youtube.com/watch?v=abcdefg", html='<iframe src="https://www.youtube.com/embed/abcdefg?feature=oembed"></iframe>', caption="<b>Session</b>"),
         "https://www.youtube.com/watch?v=abcdefg", "Session"),
        (card("embed", html='<iframe width="1" src="https://player.vimeo.com/video/12"></iframe>'), "https://vimeo.com/12", ""),
        (card("video", src="https://old.example/content/media/v.mp4", caption="Clip"), "https://old.example/content/media/v.mp4", "Clip"),
        (card("audio", src="https://old.example/content/media/a.mp3", title="Talk"), "https://old.example/content/media/a.mp3", "Talk"),
        (card("html", html='<iframe src="https://maps.example/x"></iframe>'), "https://maps.example/x", ""),
    ],
)  # fmt: skip
def test_embeds_become_click_to_load(given, url, title):
    blocks, _changes = converted(lexical=lexical(given))

    title = title or urlsplit(url).hostname.removeprefix("www.")
    assert [(b["type"], b["value"]["url"], b["value"]["title"]) for b in blocks] == [("embed", url, title)]
    assert blocks[0]["value"]["caption"] == ""


def test_a_quoted_post_of_a_network_keeps_its_words_and_its_address():
    blocks, _changes = converted(
        lexical=lexical(
            card(
                "embed",
                url="https://twitter.com/a/status/1",
                html='<blockquote class="twitter-tweet"><p>Said</p><a href="https://twitter.com/a/status/1">May</a></blockquote><script src="https://platform.twitter.com/widgets.js"></script>',
            )
        )
    )

    assert [block["type"] for block in blocks] == ["text", "embed"]
    assert "Said" in blocks[0]["value"]
    assert blocks[1]["value"]["url"] == "https://twitter.com/a/status/1"


def mobiledoc(sections, markups=(), atoms=(), cards=(), version="0.3.1"):
    return json.dumps({"version": version, "markups": markups, "atoms": atoms, "cards": cards, "sections": sections})


@pytest.mark.parametrize(
    ("given", "html"),
    [
        (mobiledoc([[1, "p", [[0, [], 0, "One "], [0, [0], 0, "two "], [0, [1], 2, "three"], [0, [], 0, "."]]]], [["strong"], ["em"]]),
         "<p>One <strong>two <em>three</em></strong>.</p>"),
        (mobiledoc([[1, "p", [[0, [0], 1, "link"]]]], [["a", ["rel", "x", "href", "https://e.example/?a=1&b=2"]]]),
         '<p><a href="https://e.example/?a=1&amp;b=2">link</a></p>'),
        (mobiledoc([[1, "p", [[0, [], 0, "a"], [1, [], 0, 0], [0, [], 0, "b"], [1, [], 0, 1]]]], atoms=[["soft-return", "", {}], ["mention", "@x", {}]]),
         "<p>a<br>b@x</p>"),
        (mobiledoc([[1, "h2", [[0, [], 0, "Head"]]], [1, "aside", [[0, [], 0, "Pull"]]], [3, "ol", [[[0, [], 0, "one"]], [[0, [], 0, "two"]]]]]),
         "<h2>Head</h2><blockquote>Pull</blockquote><ol><li>one</li><li>two</li></ol>"),
        (mobiledoc([[1, "p", [[0, [], 0, "with attributes"]], ["data-md-text-align", "center"]]], version="0.3.2"), "<p>with attributes</p>"),
        (json.dumps({"version": "0.2.0", "sections": [[["b"]], [[1, "p", [[[0], 1, "old"]]], [10, "html", {"html": "<p>card</p>"}]]]}),
         "<p><strong>old</strong></p><p>card</p>"),
        (mobiledoc([[10, 0], [10, 1]], cards=[["card-markdown", {"markdown": "*a*"}], ["hr", {}]]), "<p><em>a</em></p>"),
        (mobiledoc([[10, 0]], cards=[["code", {"code": "x = 1"}]]), "<p>x = 1</p>"),
        (mobiledoc([[1, "p", [[0, [0, 1], 9, "unbalanced"]]]], [["u"], ["strong"]]), "<p><strong>unbalanced</strong></p>"),
    ],
)  # fmt: skip
def test_mobiledoc_text(given, html):
    assert text(mobiledoc=given) == html


def test_markdown_cards_are_read_as_ghost_read_them():
    column = (
        "<p>a</p><!--kg-card-begin: markdown--><p>Fn<sup>1</sup></p><!--kg-card-end: markdown-->"
        "<!--kg-card-begin: markdown--><h2>Two</h2><!--kg-card-end: markdown-->"
    )
    cards = [["markdown", {"markdown": "Fn[^1]"}], ["markdown", {"markdown": "## Two"}]]
    sections = [[1, "p", [[0, [], 0, "a"]]], [10, 0], [10, 1]]

    assert text(mobiledoc=mobiledoc(sections, cards=cards), html=column) == "<p>a</p><p>Fn<sup>1</sup></p><h2>Two</h2>"


@pytest.mark.parametrize(
    "broken",
    [
        "{oops",
        "[]",
        '{"root": {}}',
        '{"root": {"children": [' + '{"type":"quote","children":[' * 300 + "]}" * 300 + "]}}",
        "[" * 100_000,
        lexical(card("hologram", html="<p>other</p>")),
        lexical(""),
    ],
)
def test_where_the_own_form_is_broken_ghosts_html_is_read(broken):
    blocks, changes = converted(lexical=broken, html="<p>Words</p>", plaintext="Words")

    assert [block["value"] for block in blocks] == ["<p>Words</p>"]
    assert bool(changes) == (broken != lexical(""))


def test_ghosts_html_of_every_card_says_the_same_words():
    column = """
    <figure class="kg-card kg-bookmark-card kg-card-hascaption"><a class="kg-bookmark-container" href="https://e.example/x">
      <div class="kg-bookmark-content"><div class="kg-bookmark-title">T</div><div class="kg-bookmark-description">D</div>
      <div class="kg-bookmark-metadata"><img class="kg-bookmark-icon" src="/i.png" alt=""><span class="kg-bookmark-author">P</span>
      <span class="kg-bookmark-publisher">A</span></div></div><div class="kg-bookmark-thumbnail"><img src="/t.png" alt=""></div></a>
      <figcaption>C</figcaption></figure>
    <div class="kg-card kg-toggle-card" data-kg-toggle-state="close"><div class="kg-toggle-heading"><h4 class="kg-toggle-heading-text">Why?</h4>
      <button class="kg-toggle-card-icon"><svg><path d="M1"/></svg></button></div><div class="kg-toggle-content"><p>Because</p></div></div>
    <div class="kg-card kg-callout-card"><div class="kg-callout-emoji">💡</div><div class="kg-callout-text">Mind</div></div>
    <div class="kg-card kg-button-card"><a href="https://e.example/" class="kg-btn">Read</a></div>
    <div class="kg-card kg-file-card"><a class="kg-file-card-container" href="/content/files/a.pdf"><div class="kg-file-card-contents">
      <div class="kg-file-card-title">Report</div><div class="kg-file-card-metadata"><div class="kg-file-card-filename">a.pdf</div>
      <div class="kg-file-card-filesize">1 MB</div></div></div><div class="kg-file-card-icon"><svg></svg></div></a></div>
    <div class="kg-card kg-signup-card"><h2>Join</h2><form><input></form></div>
    <figure class="kg-card kg-gallery-card"><div class="kg-gallery-container"><div class="kg-gallery-row">
      <div class="kg-gallery-image"><img src="/1.jpg"></div><div class="kg-gallery-image"><img src="/2.jpg"></div></div></div>
      <figcaption>All</figcaption></figure>
    <figure class="kg-card kg-video-card"><div class="kg-video-container"><video src="https://old.example/v.mp4"></video>
      <div class="kg-video-player-container"><button>Play</button></div></div><figcaption>Clip</figcaption></figure>
    """
    blocks, changes = converted(html=column)

    assert [block["type"] for block in blocks] == ["text", "gallery", "embed"]
    assert blocks[0]["value"] == (
        '<p><a href="https://e.example/x">T</a><br>D<br>P<br>A</p><p>C</p><h3>Why?</h3><p>Because</p><p>💡 Mind</p>'
        '<p><a href="https://e.example/">Read</a></p><p><a href="/content/files/a.pdf">Report</a><br>a.pdf</p>'
    )
    assert len(blocks[1]["value"]["pictures"]) == 2
    assert blocks[2]["value"]["title"] == "Clip"
    assert any("Join" in change for change in changes)


def test_bare_words_are_better_than_none():
    blocks, changes = converted(lexical="{", plaintext="One\n\nTwo & three")

    assert [block["value"] for block in blocks] == ["<p>One</p><p>Two &amp; three</p>"]
    assert len(changes) == 1


HOSTILE = [
    card("html", html="<script>alert(1)</script><svg onload=alert(1)></svg><img src=x onerror=alert(1)>"),
    card("html", html="<table><tr><td>never closed <textarea> <select> <!-- "),
    card("image", src="javascript:alert(1)", alt='" onerror="alert(1)', caption="<script>alert(1)</script>"),
    card("image", src='x" onerror="alert(1)'),
    card("embed", url="javascript:alert(1)", html="<script>alert(1)</script>"),
    card("embed", url='https://x.example/"><script>alert(1)</script>'),
    card("bookmark", url="javascript:alert(1)", title="<script>alert(1)</script>"),
    card("button", buttonText="<img src=x onerror=alert(1)>", buttonUrl="data:text/html,<script>alert(1)</script>"),
    card("codeblock", code="</pre><script>alert(1)</script>"),
    card("markdown", markdown="[x](javascript:alert(1)) <script>alert(1)</script>\n\n<iframe srcdoc='<script>'>"),
    card("toggle", heading="<script>alert(1)</script>", content="<a href=javascript:alert(1)>x</a>"),
    card("video", src="javascript:alert(1)"),
    card("audio", src='"><script>alert(1)</script>', title="<script>"),
    card("file", src="javascript:alert(1)", fileTitle="<script>alert(1)</script>"),
    node("paragraph", words("<script>alert(1)</script>"), node("link", "x", url='javascript:alert(1)"onclick="x')),
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_script_survives_and_what_follows_stays(hostile):
    blocks, _changes = converted(lexical=lexical(hostile, "Last words"))
    result = json.dumps(blocks, default=vars, ensure_ascii=False).lower()

    assert "<script" not in result
    texts = "".join(block["value"] for block in blocks if block["type"] == "text").lower()
    assert not re.search(r"<[^>]*(?:onerror|onload|onclick)", texts)
    assert 'href=\\"javascript' not in result
    assert "last words" in result


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | st.sampled_from(["<script>", "ul", "h2", "https://[x"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip
KINDS = ["paragraph", "list", "listitem", "link", "heading", "quote", "text", "html", "image", "gallery", "embed"]
KINDS += ["bookmark", "toggle", "markdown", "file", "product", "call-to-action", "header", "codeblock", "before-after"]
KEYS = [
    "children",
    "text",
    "url",
    "html",
    "src",
    "images",
    "caption",
    "format",
    "tag",
    "start",
    "metadata",
    "visibility",
]
KEYS += ["heading", "content", "markdown", "code", "title", "listType", "beforeImage", "stars"]
NODES = st.recursive(
    st.fixed_dictionaries({"type": st.sampled_from(KINDS)}, optional=dict.fromkeys(KEYS, VALUES)),
    lambda inner: st.fixed_dictionaries({"type": st.sampled_from(KINDS), "children": st.lists(inner, max_size=4)}),
    max_leaves=12,
)


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(NODES, max_size=4))
def test_no_lexical_document_stops_the_reading_or_lets_a_script_through(children):
    blocks, _changes = converted(lexical=json.dumps({"root": {"type": "root", "children": children}}))

    for block in blocks:
        if block["type"] == "text":
            assert "<script" not in block["value"]


@settings(max_examples=examples(60), deadline=None)
@given(
    st.fixed_dictionaries({"version": st.sampled_from(["0.2.0", "0.3.1", 3]), "sections": VALUES | st.lists(VALUES)}, optional={"markups": VALUES, "atoms": VALUES, "cards": VALUES})
)  # fmt: skip
def test_no_mobiledoc_document_stops_the_reading(document):
    converted(mobiledoc=json.dumps(document), html=None)


def test_markdown_is_read_where_ghost_made_no_html_of_it():
    assert text(markdown="Some *words*.\n\n* a\n") == "<p>Some <em>words</em>.</p><ul><li>a</li></ul>"
    assert "without any text" in html_of({"title": "Empty"})[1][0]


def test_the_markdown_card_of_the_first_ghost_is_read_as_ghost_wrote_it():
    document = {
        "version": "0.3.1",
        "markups": [],
        "atoms": [],
        "cards": [["card-markdown", {"markdown": "Note[^1]\n\n[^1]: Below."}]],
        "sections": [[10, 0]],
    }
    column = (
        '<div class="kg-card-markdown"><p>Note<sup class="footnote-ref"><a href="#fn1">[1]</a></sup></p><section><ol>'
        '<li id="fn1"><p>Below. <a href="#fnref1" class="footnote-backref">↩︎</a></p></li></ol></section></div>'
    )

    assert text(mobiledoc=json.dumps(document), html=column) == "<p>Note<sup>[1]</sup></p><ol><li>Below.</li></ol>"
