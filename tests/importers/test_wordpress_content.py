"""A post's content as our blocks: what WordPress writes, old and new, and what enemies write."""

# ruff: noqa: E501

import json
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfirst.importers.content import HtmlReader
from standfirst.importers.records import PictureUse
from standfirst.importers.wordpress.autop import autop
from standfirst.importers.wordpress.markup import Markup
from standfirst.importers.wordpress.shortcodes import attributes_of
from tests.sizes import examples

READER = HtmlReader(site_url="https://old.example")
MARKUP = Markup(reusable={7: "<!-- wp:paragraph --><p>Again</p><!-- /wp:paragraph -->"})
UPLOADS = "https://old.example/wp-content/uploads"


def convert(content, *, post=0, markup=MARKUP, footnotes=""):
    written = markup.write(content, post=post, footnotes=footnotes)
    result = READER.convert(written.html)
    result.changes = [*written.changes, *result.changes]
    return result


def text(content):
    blocks = convert(content).blocks
    assert [block["type"] for block in blocks] == ["text"] * len(blocks)
    return "".join(block["value"] for block in blocks)


@pytest.mark.parametrize(
    ("content", "html"),
    [
        ("One\n\nTwo\nlines", "<p>One</p><p>Two<br>lines</p>"),
        ("<p>Block</p>\n<p>text</p>", "<p>Block</p><p>text</p>"),
        ("<strong>Bold</strong> start\n\n<h3>Head</h3>\nAfter", "<p><strong>Bold</strong> start</p><h3>Head</h3><p>After</p>"),
        ("<ul>\n<li>a</li>\n<li>b</li>\n</ul>\nend", "<ul><li>a</li><li>b</li></ul><p>end</p>"),
        ("<blockquote>One\n\nTwo</blockquote>", "<blockquote>One<br>Two</blockquote>"),
        ("<div>a\n\nb</div>", "<p>a</p><p>b</p>"),
        ("He said [sic] so […] [1] [laughs].", "<p>He said [sic] so […] [1] [laughs].</p>"),
        ("[[gallery]] is a shortcode", "<p>[gallery] is a shortcode</p>"),
        ("Before<!--more-->after<!--nextpage-->", "<p>Beforeafter</p>"),
        ('<a href="https://old.example/2020/x/?y=1#z">own</a>', '<p><a href="/2020/x/?y=1#z">own</a></p>'),
        ('<a href="http://www.old.example/x/">own</a>', '<p><a href="/x/">own</a></p>'),
        ('<a href="https://other.example/x/">other</a>', '<p><a href="https://other.example/x/">other</a></p>'),
        ('<table><tr><td>a layout<p>of one</p></td></tr></table>', "<p>a layout | of one</p>"),
        ("<!-- wp:paragraph --><p>a</p><!-- /wp:paragraph -->\n\n<!-- wp:paragraph --><p>b\nc</p><!-- /wp:paragraph -->",
         "<p>a</p><p>b c</p>"),
        ("<!-- wp:heading {\"level\":4} --><h4>x</h4><!-- /wp:heading -->", "<h3>x</h3>"),
        ("<!-- wp:list --><ul><!-- wp:list-item --><li>x</li><!-- /wp:list-item --></ul><!-- /wp:list -->",
         "<ul><li>x</li></ul>"),
        ("<!-- wp:freeform -->one\n\ntwo<!-- /wp:freeform -->", "<p>one</p><p>two</p>"),
        ("<!-- wp:quote --><blockquote class=\"wp-block-quote\"><p>q</p><cite>who</cite></blockquote><!-- /wp:quote -->",
         "<blockquote>q<br>who</blockquote>"),
        ("<!-- wp:block {\"ref\":7} /-->", "<p>Again</p>"),
        ("<!-- wp:buttons --><div><div class=\"wp-block-button\"><a href=\"https://e.org/\">Read</a></div></div><!-- /wp:buttons -->",
         '<p><a href="https://e.org/">Read</a></p>'),
        ('Smile <img class="emoji" alt="🙂" src="https://s.w.org/images/core/emoji/1.png"> now', "<p>Smile 🙂 now</p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_text(content, html):
    assert text(content) == html


@pytest.mark.parametrize(
    ("content", "use"),
    [
        (f'<!-- wp:image {{"id":9}} --><figure class="wp-block-image"><img src="{UPLOADS}/a.jpg" alt="Quay" '
         'class="wp-image-9"/><figcaption>The <em>quay</em></figcaption></figure><!-- /wp:image -->',
         PictureUse(f"{UPLOADS}/a.jpg", 9, "Quay", "The quay")),
        (f'[caption id="attachment_3" width="300"]<a href="x"><img src="{UPLOADS}/a.jpg" alt="Quay" /></a> The quay[/caption]',
         PictureUse(f"{UPLOADS}/a.jpg", 3, "Quay", "The quay")),
        (f'[caption caption="Old &quot;way&quot;"]<img src="{UPLOADS}/a.jpg">[/caption]',
         PictureUse(f"{UPLOADS}/a.jpg", 0, "", 'Old "way"')),
        (f'<p><a href="{UPLOADS}/a.jpg"><img src="/wp-content/uploads/a-300x200.jpg"></a></p>',
         PictureUse(f"{UPLOADS}/a-300x200.jpg")),
        (f'<img src="data:image/gif;base64,AA" data-src="{UPLOADS}/lazy.jpg">', PictureUse(f"{UPLOADS}/lazy.jpg")),
        (f'<dl class="wp-caption"><dt><img src="{UPLOADS}/a.jpg"></dt><dd class="wp-caption-dd">Words</dd></dl>',
         PictureUse(f"{UPLOADS}/a.jpg", 0, "", "Words")),
    ],
)  # fmt: skip
def test_pictures_keep_their_caption_and_description(content, use):
    assert convert(content).blocks == [{"type": "picture", "value": use}]


def test_galleries_by_block_by_shortcode_and_by_what_was_uploaded():
    block = (
        '<!-- wp:gallery --><figure class="wp-block-gallery"><!-- wp:image {"id":1} --><figure><img src="/1.jpg" '
        'class="wp-image-1"><figcaption>One</figcaption></figure><!-- /wp:image --><!-- wp:image --><figure>'
        '<img src="/2.jpg"></figure><!-- /wp:image --><figcaption>All</figcaption></figure><!-- /wp:gallery -->'
    )
    uploaded = Markup(gallery_of=lambda post: [post, post + 1])

    assert convert(block).blocks == [
        {
            "type": "gallery",
            "value": {
                "heading": "All",
                "pictures": [
                    PictureUse("https://old.example/1.jpg", 1, "", "One"),
                    PictureUse("https://old.example/2.jpg"),
                ],
            },
        }
    ]
    assert convert('[gallery ids="4, 5"]').blocks[0]["value"]["pictures"] == [
        PictureUse("", attachment=4),
        PictureUse("", attachment=5),
    ]
    assert convert("[gallery]", post=8, markup=uploaded).blocks[0]["value"]["pictures"] == [
        PictureUse("", attachment=8),
        PictureUse("", attachment=9),
    ]


@pytest.mark.parametrize(
    ("content", "url", "title"),
    [
        ('<!-- wp:embed {"url":"https://www.youtube.com/watch?v=abcdefg"} --><figure class="wp-block-embed"><div>\n'
         "https://www.youtube.com/watch?v=abcdefg\n</div><figcaption>The session</figcaption></figure><!-- /wp:embed -->",
         "https://www.youtube.com/watch?v=abcdefg", "The session"),
        ('<iframe src="//www.youtube.com/embed/abcdefg?rel=0"></iframe>', "https://www.youtube.com/watch?v=abcdefg", ""),
        ("https://youtu.be/abcdefg", "https://youtu.be/abcdefg", ""),
        ("[embed]https://vimeo.com/1[/embed]", "https://vimeo.com/1", ""),
        ('[video mp4="https://old.example/v.mp4"][/video]', "https://old.example/v.mp4", ""),
        ('<iframe src="https://player.vimeo.com/video/12"></iframe>', "https://vimeo.com/12", ""),
        ('<iframe src="https://maps.example/x"></iframe>', "https://maps.example/x", ""),
    ],
)  # fmt: skip
def test_embeds_become_click_to_load(content, url, title):
    (block,) = convert(content).blocks

    assert block["type"] == "embed"
    assert (block["value"]["url"], block["value"]["caption"]) == (url, "")
    assert block["value"]["title"] == (title or urlsplit(url).hostname.removeprefix("www."))


def test_a_quoted_post_of_a_network_keeps_its_words_and_its_address():
    blocks = convert(
        '<blockquote class="twitter-tweet"><p>Words</p>&mdash; A <a href="https://twitter.com/a/status/1">May</a>'
        '</blockquote><script async src="https://platform.twitter.com/widgets.js"></script>'
    )

    assert [block["type"] for block in blocks.blocks] == ["text", "embed"]
    assert blocks.blocks[1]["value"]["url"] == "https://twitter.com/a/status/1"
    assert blocks.changes == []


def test_tables_become_tables():
    table = "<table><thead><tr><th>Year</th><th>N</th></tr></thead><tbody><tr><td>2023</td><td>10<br>x</td></tr></tbody></table>"
    (block,) = convert(f"<figure class='wp-block-table'>{table}<figcaption>Years</figcaption></figure>").blocks

    assert block == {
        "type": "table",
        "value": {"caption": "Years", "head": ["Year", "N"], "rows": [["2023", "10 x"]], "row_heads": False},
    }


def test_what_is_left_out_is_named():
    result = convert(
        'a [my_box color="red"]inner[/my_box] [contact-form-7 id="1"]\n\n<script>x()</script><form><input>words</form>'
        '<object data="x"></object><img src="https://t.example/p.gif" width="1" height="1">\n\n<!-- wp:latest-posts /-->'
    )

    assert [block["value"] for block in result.blocks] == ["<p>a inner</p><p>words</p>"]
    assert len(result.changes) == 7
    assert any("[my_box]" in change for change in result.changes)
    assert any("latest-posts" in change for change in result.changes)


@pytest.mark.parametrize(
    "content",
    [
        '<p onclick="alert(1)">Text <script>alert(2)</script><a href="javascript:alert(3)">x</a></p>',
        '[caption]<img src="javascript:alert(1)" onerror="alert(1)"> <script>alert(1)</script>[/caption]',
        '<iframe src="javascript:alert(1)"></iframe><iframe srcdoc="<script>alert(1)</script>"></iframe>',
        '<!-- wp:embed {"url":"javascript:alert(1)"} --><div>javascript:alert(1)</div><!-- /wp:embed -->',
        '<!-- wp:html --><script>alert(1)</script><svg onload=alert(1)></svg><!-- /wp:html -->',
        '[embed]"><script>alert(1)</script>[/embed]',
        "<!-- wp:embed {\"url\":\"https://x.example/\\\"><script>alert(1)</script>\"} /-->",
        '<figure><img src=x onerror=alert(1)><figcaption><img src=x onerror=alert(1)></figcaption></figure>',
        "<style>body{display:none}</style><link rel=stylesheet href=//evil><base href=//evil>",
        '[gallery ids="1,2" onclick="alert(1)"]<script>alert(1)',
    ],
)  # fmt: skip
def test_no_script_survives(content):
    result = json.dumps(convert(content).blocks, default=vars).lower()

    assert "<script" not in result
    assert "onerror" not in result
    assert 'href=\\"javascript' not in result


def test_deep_nesting_keeps_the_words():
    assert "words" in text("<div>" * 5000 + "words" + "</div>" * 5000)


def test_a_drawing_never_closed_does_not_swallow_the_story():
    assert text("<p>a</p><svg onload=alert(1)><p>b</p><p>c</p>") == "<p>a</p><p>b</p><p>c</p>"


def test_lines_of_preformatted_text_stay_lines():
    assert autop("a\n\n<pre>b\n\nc</pre>\n\nd").count("<pre>b\n\nc</pre>") == 1
    assert text("a\n\n<pre>b\nc</pre>\n\nd") == "<p>a</p><p>b<br>c</p><p>d</p>"


def test_attributes_of_shortcodes():
    assert attributes_of(" a=\"b c\" d='e' f=g https://x.example/") == {
        "a": "b c",
        "d": "e",
        "f": "g",
        "0": "https://x.example",
    }


PIECES = [
    *(
        "<p>",
        "</p>",
        "<div>",
        "<figure>",
        "<figcaption>c",
        "<img src='/a.jpg'>",
        "<img>",
        "<table><tr><td>a",
        "</table>",
    ),
    *("<!-- wp:paragraph -->", "<!-- /wp:paragraph -->", '<!-- wp:embed {"url":"http://[x"} -->', "<!-- /wp:embed -->"),
    *(
        '<!-- wp:block {"ref":7} /-->',
        '[caption id="attachment_1"]',
        "[/caption]",
        '[gallery ids="1"]',
        "[embed]",
        "[[",
    ),
    *('[x_y a="b"]', "[/x_y]", "\n\n", "words ", "<ul><li>", "</ul>", "<blockquote>", "<svg>", "<math>", "<script>"),
    *("</script>", "<a href='http://['>", "</a>", "<dl><dd>", "&#0;", "<!--", "-->", "\x00", "\ud800", "<template>"),
    *(
        "http://[::1",
        "\n\nhttps://youtu.be/abcdefg\n\n",
        "<iframe src='//[x'>",
        "<plaintext>",
        "<select>",
        "<?php x ?>",
    ),
]


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_no_mixture_of_markup_stops_the_reading_or_lets_a_script_through(pieces):
    for block in convert("".join(pieces), post=3).blocks:
        if block["type"] == "text":
            assert "<script" not in block["value"]
            assert "<img" not in block["value"]
