"""Every block of WordPress's own, and those of the plugins papers use, as what it showed."""

# ruff: noqa: E501

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standfirst.importers.content import HtmlReader
from standfirst.importers.wordpress.builders import Built, built
from standfirst.importers.wordpress.markup import Markup
from standfirst.kit.html import text_of
from tests.importers.moving import words_of_embed
from tests.sizes import examples

READER = HtmlReader(site_url="https://old.example")
PATTERN = (
    '<!-- wp:group --><div class="wp-block-group"><!-- wp:heading {"metadata":{"name":"Head"}} --><h2>Usual</h2>'
    '<!-- /wp:heading --><!-- wp:paragraph {"metadata":{"name":"Words"}} --><p>Usual words</p><!-- /wp:paragraph --></div>'
    "<!-- /wp:group -->"
)
MARKUP = Markup(
    reusable={7: PATTERN, 8: '<!-- wp:block {"ref":8} /-->'},
    tables={"3": [["Year", "Storks"], ["2023", "two <b>pairs</b>"]]},
)
UPLOADS = "https://old.example/wp-content/uploads"


def convert(content, **more):
    written = MARKUP.write(content, **more)
    result = READER.convert(written.html)
    result.changes = [*written.changes, *result.changes]
    return result


def shown(content, **more):
    """What a reader sees, block by block: html of text, addresses of pictures and embeds."""
    out = []
    for block in convert(content, **more).blocks:
        value = block["value"]
        if block["type"] == "text":
            out.append(value)
        elif block["type"] == "picture":
            out.append(f"[{value.src or value.attachment}|{value.caption}]")
        elif block["type"] == "gallery":
            out.append(
                "".join(f"[{use.src or use.attachment}|{use.caption}]" for use in value["pictures"]) + value["heading"]
            )
        elif block["type"] == "embed":
            out.append(f"({value['url']}|{words_of_embed(value)})")
        else:
            out.append(" ".join([*value["head"], *(cell for row in value["rows"] for cell in row)]))
    return "".join(out)


def block(name, inside="", **values):
    data = f"{json.dumps(values)} " if values else ""
    return f"<!-- wp:{name} {data}-->{inside}<!-- /wp:{name} -->"


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (block("pullquote", '<figure class="wp-block-pullquote"><blockquote><p>Said</p><cite>Who</cite></blockquote></figure>'),
         "<blockquote>Said<br>Who</blockquote>"),
        (block("code", '<pre class="wp-block-code"><code>a = 1\nb = 2</code></pre>'), "<p>a = 1<br>b = 2</p>"),
        (block("verse", '<pre class="wp-block-verse">One\nTwo</pre>'), "<p>One<br>Two</p>"),
        (block("details", '<details class="wp-block-details"><summary>More</summary>' + block("paragraph", "<p>Inside</p>") + "</details>"),
         "<h3>More</h3><p>Inside</p>"),
        (block("columns", '<div class="wp-block-columns">' + block("column", "<div>" + block("paragraph", "<p>L</p>") + "</div>")
               + block("column", "<div>" + block("paragraph", "<p>R</p>") + "</div>") + "</div>"), "<p>L</p><p>R</p>"),
        (block("media-text", f'<div class="wp-block-media-text"><figure class="wp-block-media-text__media"><img src="{UPLOADS}/a.jpg" '
               'class="wp-image-4"/></figure><div><p>Beside</p></div></div>'), f"[{UPLOADS}/a.jpg|]<p>Beside</p>"),
        (block("cover", f'<div class="wp-block-cover" style="background-image:url({UPLOADS}/b.jpg)"><div class="wp-block-cover__inner-container">'
               "<p>Over it</p></div></div>", id=4), f"[{UPLOADS}/b.jpg|]<p>Over it</p>"),
        (block("cover", f'<div class="wp-block-cover"><img class="wp-block-cover__image-background wp-image-4" src="{UPLOADS}/b.jpg"/>'
               '<div class="wp-block-cover__inner-container"><p>Over it</p></div></div>'), f"[{UPLOADS}/b.jpg|]<p>Over it</p>"),
        (block("image", f'<figure class="wp-block-image is-style-rounded"><a href="{UPLOADS}/c.jpg"><img src="{UPLOADS}/c-1024x768.jpg" '
               'class="wp-image-9" style="aspect-ratio:1"/></a><figcaption class="wp-element-caption">At <a href="/x/">x</a></figcaption></figure>',
               id=9, lightbox={"enabled": True}, style={"color": {"duotone": "var:preset|duotone|dark"}}),
         f"[{UPLOADS}/c-1024x768.jpg|At x]"),
        (block("gallery", '<ul class="blocks-gallery-grid"><li class="blocks-gallery-item"><figure><img src="/1.jpg" data-id="1"/>'
               "<figcaption>One</figcaption></figure></li><li class=\"blocks-gallery-item\"><figure><img src=\"/2.jpg\"/></figure></li></ul>"),
         "[https://old.example/1.jpg|One][https://old.example/2.jpg|]"),
        (block("gallery", '<div class="wp-block-gallery"></div>', ids=[5, 6]), "[5|][6|]"),
        (block("jetpack/tiled-gallery", '<div class="wp-block-jetpack-tiled-gallery"><div class="tiled-gallery__row"><figure><img src="/1.jpg"></figure>'
               '</div><div><figure><img src="/2.jpg"></figure></div></div>'), "[https://old.example/1.jpg|][https://old.example/2.jpg|]"),
        (block("video", f'<figure class="wp-block-video"><video controls src="{UPLOADS}/v.mp4"></video><figcaption>A film</figcaption></figure>'),
         f"({UPLOADS}/v.mp4|A film)"),
        (block("audio", f'<figure class="wp-block-audio"><audio controls src="{UPLOADS}/a.mp3"></audio></figure>'), f"({UPLOADS}/a.mp3|)"),
        (block("file", f'<div class="wp-block-file"><object data="{UPLOADS}/f.pdf"></object><a href="{UPLOADS}/f.pdf">The decree</a>'
               f'<a href="{UPLOADS}/f.pdf" class="wp-block-file__button" download>Download</a></div>'),
         '<p><a href="/wp-content/uploads/f.pdf">The decree</a></p>'),
        (block("core-embed/youtube", '<figure class="wp-block-embed-youtube wp-block-embed"><div>https://youtu.be/abcdefg</div>'
               "<figcaption>Seen</figcaption></figure>", url="https://youtu.be/abcdefg"), "(https://www.youtube.com/watch?v=abcdefg|Seen)"),
        (block("buttons", "<div>" + block("button", '<div class="wp-block-button"><a class="wp-block-button__link" href="/a/">One</a></div>')
               + block("button", '<div class="wp-block-button"><a href="/b/">Two</a></div>') + "</div>"),
         '<p><a href="/a/">One</a></p><p><a href="/b/">Two</a></p>'),
        (block("list", "<ul>" + block("list-item", "<li>a" + block("list", "<ul><li>b</li></ul>") + "</li>") + "</ul>"),
         "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        (block("table", '<figure class="wp-block-table"><table><tbody><tr><td>1</td><td>2</td></tr></tbody></table></figure>'), "  1 2"),
        (block("accordion", "<div>" + block("accordion-heading", '<h3><button type="button"><span>Ask</span><span aria-hidden="true">+</span></button></h3>')
               + "<p>Answer</p></div>"), "<h3>Ask</h3><p>Answer</p>"),
        (block("math", "<div></div>", latex="a^2"), "<p>a^2</p>"),
        (block("separator", '<hr class="wp-block-separator"/>') + block("more", "<!--more-->") + "<!-- wp:spacer --><div></div><!-- /wp:spacer -->", ""),
        (block("html", "<p>Free <b>words</b></p>"), "<p>Free <strong>words</strong></p>"),
        (block("freeform", "One\n\nTwo"), "<p>One</p><p>Two</p>"),
        (block("shortcode", "[youtube id=abcdefg]"), "(https://www.youtube.com/watch?v=abcdefg|)"),
        ('<!-- wp:block {"ref":7} /-->', "<h2>Usual</h2><p>Usual words</p>"),
        ('<!-- wp:block {"ref":7,"content":{"Words":{"content":"Our <em>own</em>"}}} /-->', "<h2>Usual</h2><p>Our <em>own</em></p>"),
        ('<!-- wp:acf/fact {"name":"acf/fact","data":{"text":"The bridge is old","_text":"field_1","number":"12","align":"left"}} /-->',
         "<p>The bridge is old</p>"),
        (block("yoast/faq-block", '<div class="schema-faq"><strong class="schema-faq-question">Why?</strong><p>So.</p></div>',
               questions=[{"question": ["Why?"]}]), "<p><strong>Why?</strong></p><p>So.</p>"),
        ("Before the blocks\n\n" + block("paragraph", "<p>a</p>") + "\n\nBetween\n\n" + block("paragraph", "<p>b</p>"),
         "<p>Before the blocks</p><p>a</p><p>Between</p><p>b</p>"),
        (block("paragraph", "<p>never closed").replace("<!-- /wp:paragraph -->", "") + block("paragraph", "<p>next</p>"),
         "<p>never closed</p><p>next</p>"),
        ("<!-- /wp:group --><p>a</p><!-- wp:columns -->b", "<p>a</p><p>b</p>"),
        ('<amp-img src="/1.jpg" width="4" height="3"></amp-img><amp-youtube data-videoid="abcdefg" layout="responsive"></amp-youtube>',
         "[https://old.example/1.jpg|](https://www.youtube.com/watch?v=abcdefg|)"),
    ],
)  # fmt: skip
def test_blocks(content, seen):
    assert shown(content) == seen


def test_footnotes_stand_at_the_end_and_keep_their_numbers():
    content = (
        block("paragraph", '<p>Said<sup data-fn="a-1" class="fn"><a href="#a-1" id="a-1-link">1</a></sup> so.</p>')
        + "<!-- wp:footnotes /-->"
    )
    notes = json.dumps([{"id": "a-1", "content": 'Minutes, <a href="https://e.org/">page 4</a>'}])

    seen = shown(content, footnotes=notes)

    assert text_of(seen) == "Said1 so. Minutes, page 4"
    assert '<ol><li>Minutes, <a href="https://e.org/">page 4</a></li></ol>' in seen
    for broken in ("", "{", '{"a": 1}', "[1, null]", "[" * 5000):
        assert text_of(shown(content, footnotes=broken)) == "Said1 so."


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("<!-- wp:latest-posts /-->", "latest-posts"),
        ("<!-- wp:newspack-blocks/homepage-articles /-->", "newspack-blocks/homepage-articles"),
        ('<!-- wp:block {"ref":99} /-->', "reusable block"),
        ('<!-- wp:acf/fact {"data":{"text":"The bridge is old"}} /-->', "acf/fact"),
        ("[metaslider id=4]", "[metaslider]"),
        ("[vc_row][vc_column]a[/vc_column][/vc_row]", "WPBakery"),
    ],
)
def test_what_cannot_be_shown_is_named(content, sentence):
    (change,) = convert(content).changes

    assert sentence in change


@pytest.mark.parametrize(
    ("content", "members"),
    [
        (block("jetpack/paywall", "") + "<p>x</p>", ["jetpack/paywall"]),
        (block("premium-content/container", block("premium-content/subscriber-view", "<p>x</p>")), ["premium-content/subscriber-view", "premium-content/container"]),
        ("[membership level=2]x[/membership]", ["membership"]),
        ("a [mepr-show if='loggedin']x[/mepr-show]", ["mepr-show"]),
        ("[um_loggedin]x[/um_loggedin] and [sic]", ["um_loggedin"]),
        ("[member] said nothing.", []),
        (block("image", "<figure></figure>") + "[gallery]", []),
    ],
)  # fmt: skip
def test_what_was_kept_from_strangers_is_told(content, members):
    assert MARKUP.write(content).members == members


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        ("[vc_row][vc_column][vc_custom_heading text=\"Head\"][vc_column_text]Text\n\nMore[/vc_column_text][/vc_column][/vc_row]",
         "<h3>Head</h3><p>Text</p><p>More</p>"),
        ('[vc_single_image image="12" img_size="full"][vc_gallery images="1,2"]', "[12|][1|][2|]"),
        ("[vc_raw_html]" + base64.b64encode(b"%3Cp%3EPacked%3C%2Fp%3E").decode() + "[/vc_raw_html]", "<p>Packed</p>"),
        ('[vc_btn title="Read on" link="url:https%3A%2F%2Fe.org%2Fa|title:x"]', '<p><a href="https://e.org/a">Read on</a></p>'),
        ('[vc_toggle title="Why?"]So.[/vc_toggle][vc_empty_space]', "<h3>Why?</h3><p>So.</p>"),
        ('[et_pb_section][et_pb_row][et_pb_column type="4_4"][et_pb_text]<p>Divi</p>[/et_pb_text][et_pb_image src="/i.jpg" alt="x"][/et_pb_image]'
         "[/et_pb_column][/et_pb_row][/et_pb_section]", "<p>Divi</p>[https://old.example/i.jpg|]"),
        ('[et_pb_blurb title="Say %22yes%22" image="/i.jpg"]Body[/et_pb_blurb]', '[https://old.example/i.jpg|]<h3>Say "yes"</h3><p>Body</p>'),
        ("[fusion_builder_container][fusion_text]Words[/fusion_text][fusion_imageframe image_id=\"7|full\"]https://old.example/i.jpg[/fusion_imageframe]"
         "[/fusion_builder_container]", "<p>Words</p>[https://old.example/i.jpg|]"),
        ('[su_quote cite="Olena"]Never[/su_quote]', "<blockquote>Never<br>Olena</blockquote>"),
        ("Said[efn_note]In <em>May</em>[/efn_note] so.", "<p>Said (In <em>May</em>) so.</p>"),
        ("[pullquote]Big words[/pullquote]", "<blockquote>Big words</blockquote>"),
        ("[table id=3 /]", "Year Storks 2023 two pairs"),
        ("[audio:https://old.example/a.mp3|titles=Song]", "(https://old.example/a.mp3|)"),
        ("[youtube https://youtu.be/abcdefg]", "(https://www.youtube.com/watch?v=abcdefg|)"),
        ("[youtube=https://www.youtube.com/watch?v=abcdefg&w=4]", "(https://www.youtube.com/watch?v=abcdefg|)"),
        ("[vimeo 12]", "(https://vimeo.com/12|)"),
        ("[embed width=\"600\"]https://youtu.be/abcdefg[/embed]", "(https://www.youtube.com/watch?v=abcdefg|)"),
        ('[caption id="attachment_3" align="alignnone"]<a href="/x.jpg"><img src="/x.jpg" alt="" width="5" height="4" /></a> The '
         '<a href="https://e.org/">old <em>quay</em></a>, [sic] today[/caption]', "[https://old.example/x.jpg|The old quay, [sic] today]"),
        ('[caption id="attachment_3"][media-credit name="O. Lens" align="none"]<img src="/x.jpg" />[/media-credit] Words[/caption]',
         "[https://old.example/x.jpg|Words]"),
        ('[my_quote text="The bridge is older than the town" style="big"]', "<p>The bridge is older than the town</p>"),
        ('[box color="red" title="Note"]In it[/box]', "<h3>Note</h3><p>In it</p>"),
        ("[one_half]Left[/one_half][one_half_last]Right[/one_half_last]", "<p>Left</p><p>Right</p>"),
        ("He [laughs], see [1] and [note: a] and [gallery", "<p>He [laughs], see [1] and [note: a] and [gallery</p>"),
        ("[[embed]x[/embed]]", "<p>[embed]x[/embed]</p>"),
    ],
)  # fmt: skip
def test_shortcodes(content, seen):
    assert shown(content) == seen


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        ('<script async src="https://telegram.org/js/telegram-widget.js?22" data-telegram-post="channel/123" data-width="100%"></script>',
         "(https://t.me/channel/123|)"),
        ('<div class="fb-post" data-href="https://www.facebook.com/a/posts/1"></div><script src="//connect.facebook.net/x.js"></script>',
         "(https://www.facebook.com/a/posts/1|)"),
        ('<div class="flourish-embed" data-src="visualisation/12?x"></div><script src="https://public.flourish.studio/resources/embed.js"></script>',
         "(https://public.flourish.studio/visualisation/12/|)"),
        ('<blockquote class="text-post-media" data-text-post-permalink="https://www.threads.net/@a/post/1"><a href="https://www.threads.net/@a/post/1">Said</a></blockquote>',
         "<blockquote>Said</blockquote>(https://www.threads.net/@a/post/1|)"),
        ('<script src="https://gist.github.com/a/12.js"></script>', "(https://gist.github.com/a/12|)"),
        ('<script data-telegram-post="x/1&quot;&gt;<script>"></script>', ""),
        ('<p><picture><source srcset="/a.webp"><img src="/a.jpg" alt="Quay"></picture></p>', "[https://old.example/a.jpg|]"),
        ('<div class="fb-post" data-href="javascript:alert(1)"></div>', ""),
    ],
)  # fmt: skip
def test_what_networks_had_papers_put_in(content, seen):
    assert shown(content) == seen


def test_a_picture_that_led_somewhere_is_told_and_one_that_showed_itself_is_not():
    assert "https://e.org/shop" in convert('<a href="https://e.org/shop"><img src="/a.jpg"></a>').changes[0]
    for href in ("/a.jpg", "/?attachment_id=4", "https://old.example/a-1024x768.png?w=3"):
        assert convert(f'<a href="{href}"><img src="/a.jpg"></a>').changes == []


def test_the_credit_written_around_a_picture_is_the_pictures():
    content = '[media-credit name="O. Lens" align="none"]<img src="/x.jpg" />[/media-credit]'

    (found,) = convert(content).blocks

    assert found["value"].credit == "O. Lens"


ELEMENTOR = [
    {
        "elType": "section",
        "elements": [
            {
                "elType": "column",
                "elements": [
                    {"elType": "widget", "widgetType": "heading", "settings": {"title": "Storks", "header_size": "h2"}},
                    {"elType": "widget", "widgetType": "text-editor", "settings": {"editor": "<p>They are back.</p>"}},
                    {"elType": "widget", "widgetType": "image", "settings": {"image": {"url": "/s.jpg", "id": 3}}},
                    {
                        "elType": "widget",
                        "widgetType": "video",
                        "settings": {"youtube_url": "https://youtu.be/abcdefg"},
                    },
                    {"elType": "widget", "widgetType": "icon-list", "settings": {"icon_list": [{"text": "One"}]}},
                    {
                        "elType": "widget",
                        "widgetType": "toggle",
                        "settings": {"tabs": [{"tab_title": "Q", "tab_content": "A"}]},
                    },
                    {"elType": "widget", "widgetType": "button", "settings": {"text": "Go", "link": {"url": "/go/"}}},
                ],
            }
        ],
    }
]


def test_a_text_that_elementor_keeps_is_read_from_there():
    meta = {"_elementor_data": json.dumps(ELEMENTOR), "_elementor_edit_mode": "builder"}

    found = built("", meta)

    assert (found.builder, found.lost) == ("Elementor", [])
    assert shown(found.html) == (
        "<h2>Storks</h2><p>They are back.</p>[https://old.example/s.jpg|](https://www.youtube.com/watch?v=abcdefg|)"
        '<ul><li>One</li></ul><h3>Q</h3><p>A</p><p><a href="/go/">Go</a></p>'
    )
    assert built("x" * 500, meta) == built("x" * 500, {"_elementor_data": "[]"}) == Built()
    for broken in ("{", "[[[[", "null", '"x"', '[{"elements": {"a": 1}}]', "[" * 100_000):
        assert built("", {"_elementor_data": broken}) == Built()


@pytest.mark.parametrize(
    "content",
    [
        "[caption]" * 30_000 + "[/caption]",
        "[x_y]" * 30_000 + "[/x_y]" * 3,
        "[a " * 100_000,
        "[a b=" * 60_000 + "]",
        "<amp-youtube " * 50_000,
        block("accordion-item", '<span aria-hidden="true">' * 20_000),
        block("file", "<object " * 50_000),
        "<!-- wp:group -->" * 20_000 + "deep",
        '<!-- wp:group {"a":"' + "}" * 100_000 + " -->",
        "[[[[" * 50_000,
        '[vc_toggle title="x"]' * 20_000,
    ],
)  # fmt: skip
def test_hostile_repetition_is_read_in_one_go(content):
    """Each of these takes minutes where a text is looked through anew at every bracket."""
    assert MARKUP.write(content).html is not None


NAMES = [
    "caption",
    "gallery",
    "embed",
    "vc_row",
    "vc_toggle",
    "et_pb_text",
    "media-credit",
    "table",
    "su_quote",
    "ref",
    "x_y",
]


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(NAMES).map(lambda name: f"[{name}]"),
            st.sampled_from(NAMES).map(lambda name: f"[/{name}]"),
            st.tuples(st.sampled_from(NAMES), st.text(max_size=12)).map(lambda pair: f'[{pair[0]} title="{pair[1]}"]'),
            st.sampled_from(
                ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "words ", "[", "]", '"', "\n\n"]
            ),
            st.sampled_from(["group", "cover", "gallery", "block", "embed", "html"]).map(
                lambda name: f"<!-- wp:{name} -->"
            ),
            st.sampled_from(["group", "cover", "gallery", "embed", "html"]).map(lambda name: f"<!-- /wp:{name} -->"),
        ),
        max_size=30,
    )
)
def test_no_mixture_of_brackets_and_blocks_stops_the_reading_or_lets_a_script_through(pieces):
    for part in convert("".join(pieces), post=1).blocks:
        said = json.dumps(part, default=vars).lower()
        assert "<script" not in said
        assert "<img" not in said
