"""What a story keeps of foreign HTML, and the text that is in it."""

# ruff: noqa: E501

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfirst.kit.html import clean_passage, clean_paste, extract, text_of

GOOGLE_DOCS = (
    '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1a2b"><h1 dir="ltr" '
    'style="line-height:1.38"><span style="font-size:20pt;font-weight:400">A subhead</span></h1><p dir="ltr">'
    '<span style="font-weight:400">Plain, </span><span style="font-weight:700">bold</span><span '
    'style="font-style:italic"> and slanted</span><span>, with </span><a href="https://www.google.com/url?q='
    'https://example.org/a?x%3D1%26y%3D2&amp;sa=D&amp;source=editors&amp;ust=17" style="text-decoration:none">'
    '<span style="color:#1155cc">a link</span></a><span>.</span></p><br><ul><li dir="ltr" aria-level="1">'
    '<p role="presentation"><span>one</span></p></li><ul><li><p><span>below</span></p></li></ul><li>two</li></ul></b>'
    '<br class="Apple-interchange-newline">'
)
WORD = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{margin:0}</style></head><body>'
    "<!--StartFragment--><p class=MsoNormal>First <b>bold<o:p></o:p></b></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>"
    "<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]>"
    "<span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span></span>"
    "<![endif]>apples</p><p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'>"
    "<span style='mso-list:Ignore'>1.<span>&nbsp; </span></span>green</p>"
    "<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>pears</p>"
    "<h4>Small head</h4><!--EndFragment--></body></html>"
)
TELEGRAM = (
    '<span>First line<br>second line<br><br>New paragraph <strong>bold</strong> <img class="emoji" alt="🙂" '
    'src="data:image/png;base64,AAAA"> <a class="text-entity-link" href="https://example.org/">here</a></span>'
)
WORDPRESS = (
    '<h2 class="wp-block-heading" id="h-x">Head</h2><p class="has-drop-cap">Text with <em>stress</em>.</p>'
    '<figure class="wp-block-image"><img src="https://example.org/a.jpg" alt="A"><figcaption>The quay</figcaption>'
    '</figure><blockquote class="wp-block-quote"><p>Said so.</p><cite>A speaker</cite></blockquote>'
    "<ol><li>one</li><li>two<ul><li>deep</li></ul></li></ol>"
)


@pytest.mark.parametrize(
    ("clipboard", "clean"),
    [
        (
            GOOGLE_DOCS,
            "<h2>A subhead</h2><p>Plain, <strong>bold</strong><em> and slanted</em>, with "
            '<a href="https://example.org/a?x=1&amp;y=2">a link</a>.</p>'
            "<ul><li>one<ul><li>below</li></ul></li><li>two</li></ul>",
        ),
        (
            WORD,
            "<p>First <strong>bold</strong></p><ul><li>apples<ol><li>green</li></ol></li><li>pears</li></ul>"
            "<h3>Small head</h3>",
        ),
        (
            TELEGRAM,
            "<p>First line<br>second line</p><p>New paragraph <strong>bold</strong> 🙂 "
            '<a href="https://example.org/">here</a></p>',
        ),
        (
            WORDPRESS,
            "<h2>Head</h2><p>Text with <em>stress</em>.</p><p>The quay</p><blockquote>Said so.<br>A speaker"
            "</blockquote><ol><li>one</li><li>two<ul><li>deep</li></ul></li></ol>",
        ),
        ("just words", "<p>just words</p>"),
        ("12&nbsp;000 people,&nbsp;and more&nbsp;&nbsp; <b>&nbsp;</b>", "<p>12&nbsp;000 people, and more</p>"),
        ("<p>&nbsp;</p><p> </p><p><br></p>", ""),
        ('<p>a<span style="display:none">hidden</span>b</p>', "<p>ab</p>"),
        ("<div>one<div>two</div>three</div>", "<p>one</p><p>two</p><p>three</p>"),
        ("<pre>a\nb</pre>", "<p>a<br>b</p>"),
        ("<table><tr><th>a<td>b<tr><td>c</table>", "<p>a | b</p><p>c</p>"),
        ('<a href="/2024/11/04/x/">x</a><a href="y.html">y</a><a href="//e.org/z">z</a>',
         '<p><a href="/2024/11/04/x/">x</a>y<a href="https://e.org/z">z</a></p>'),
        ("<b>a <i>b</b> c</i>", "<p><strong>a <em>b</em></strong> c</p>"),
        ("<p>x<sup>2</sup>, H<sub>2</sub>O, <del>old</del></p>", "<p>x<sup>2</sup>, H<sub>2</sub>O, <s>old</s></p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_clipboards_become_story_text(clipboard, clean):
    assert clean_paste(clipboard) == clean


HOSTILE = [
    "<script>alert(1)</script>",
    '<p onclick="alert(1)">x</p>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="java\nscript:alert(1)">x</a>',
    '<a href=" &#1; javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt&colon;alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:x">x</a><a href="/\\evil.example">y</a><a href="/\t/evil.example">z</a>',
    "<img src=x onerror=alert(1)><svg onload=alert(1)><svg><script>alert(1)</script></svg>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe><object data=x></object><embed src=x>',
    "<style>*{background:url(javascript:1)}</style><p style='background:url(x)'>x</p>",
    '<form action="//evil"><input name=p><button formaction="javascript:1">b</button></form>',
    '<base href="//evil/"><meta http-equiv=refresh content="0;url=//evil"><link rel=stylesheet href=//evil>',
    '<p data-block-key="x&quot; onclick=&quot;y">x</p><a id="3\' onclick=1" linktype="evil" href="/a">b</a>',
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<![if !x]><script>alert(1)</script><![endif]>",
]
ALLOWED = re.compile(
    r"</?(?:p|h2|h3|ul|ol|li|blockquote|strong|b|em|i|sub|sup|s|br|hr|a)>"
    r'|<a href="(?:https?://|mailto:|tel:|/(?![/\\])|#)[^"<>]*">'
)


@pytest.mark.parametrize("html", HOSTILE)
@pytest.mark.parametrize("clean", [clean_passage, clean_paste])
def test_nothing_hostile_survives(html, clean):
    rest = ALLOWED.sub("", clean(html))

    assert "<" not in rest
    assert "onclick=" not in rest.replace("&quot;", "")


@given(st.lists(st.sampled_from([*HOSTILE, "<p>", "</p>", "<b>", "<ul><li>", "</div>", '"', "'", "<", "&", "x", " "])))
def test_no_mixture_of_hostile_pieces_survives(pieces):
    for clean in (clean_passage, clean_paste):
        assert "<" not in ALLOWED.sub("", clean("".join(pieces)))


@pytest.mark.parametrize("depth", [100, 300, 3_000, 100_000])
def test_deeply_nested_boxes_do_not_swallow_the_text(depth):
    assert text_of(clean_paste("<div>" * depth + "x" + "</div>" * depth)) == "x"


def test_stored_text_keeps_the_editors_own_marks_only():
    html = '<p data-block-key="a1b2c" class="x">See <a linktype="page" id="3">this</a> <a id="evil" linktype="x">that</a></p>'

    assert clean_passage(html, stored=True) == (
        '<p data-block-key="a1b2c">See <a linktype="page" id="3">this</a> that</p>'
    )
    assert clean_passage(html) == "<p>See this that</p>"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>two<b>three</b> four</p>", "One twothree four"),
        ("a &amp; b &lt;c&gt; &#1111;", "a & b <c> ї"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("x<br>y<script>no()</script><style>p{}</style>", "x y"),
        ("  plain\n\ttext ", "plain text"),
        ("и\u0306", "й"),
        ("a&nbsp;b", "a b"),
        ('<p title="a>b">c</p>', "c"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<!-- no -->yes", "yes"),
        ("", ""),
    ],
)
def test_visible_text(html, text):
    assert text_of(html) == text


def test_extract_counts_code_points_not_utf_16_units():
    text = "a" * 499 + "😀"  # Annex B: five hundred, not five hundred and one

    assert extract(text) == text
    assert len(extract("word " * 300)) <= 500


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("word, next thing", 16, "word, next thing"),
        ("word, next thing", 15, "word, next"),
        ("word, next thing", 5, "word,"),
        ("word, next thing", 4, "word"),
        ("one п'ять", 6, "one"),
        ("one two-three", 8, "one"),
        ("one “two three”", 10, "one “two"),
        ("one (two)", 5, "one"),
        ("a" * 20, 5, "aaaaa"),
        ("e\u0301" * 4, 3, "é" * 3),
        ("a\u0332b\u0332c\u0332", 3, "a\u0332"),
        ("  white \n space  here ", 12, "white space"),
    ],
)
def test_extract_is_cut_at_a_word_end(text, limit, cut):
    assert extract(text, limit) == cut


@given(st.text(alphabet="ab ,.'’-ї\u0301😀\n"), st.integers(1, 30))
def test_extract_is_always_the_beginning_and_never_too_long(text, limit):
    whole = extract(text, 10_000)

    assert whole.startswith(extract(text, limit))
    assert len(extract(text, limit)) <= limit
