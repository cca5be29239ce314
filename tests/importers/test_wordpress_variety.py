"""What plugins and old editors left in posts: nothing of it goes without being named."""

# ruff: noqa: E501

import pytest

from standfirst.importers.content import HtmlReader
from standfirst.importers.wordpress.markup import Markup


def read(content):
    """(the blocks in short, everything that was named)."""
    written = Markup().write(content)
    converted = HtmlReader(site_url="https://old.example").convert(written.html, at="https://old.example/2024/05/x/")
    return [(block["type"], block["value"]) for block in converted.blocks], [*written.changes, *converted.changes]


def block(name, values="", inside=None):
    if inside is None:
        return f"<!-- wp:{name} {values} /-->"
    return f"<!-- wp:{name} {values} -->{inside}<!-- /wp:{name} -->"


@pytest.mark.parametrize(
    ("content", "pictures"),
    [
        (
            block("kadence/advancedgallery", '{"imagesDynamic":[{"url":"https://old.example/a.jpg","id":4,"caption":"A"},'
                  '{"url":"https://old.example/b.jpg","caption":"B"}]}'),
            [("https://old.example/a.jpg", 4, "A"), ("https://old.example/b.jpg", 0, "B")],
        ),
        (block("acf/quote", '{"data":{"image":123,"_image":"field_1"}}'), [("", 123, "")]),
        (block("meow-gallery/gallery", '{"ids":[7,8]}'), [("", 7, ""), ("", 8, "")]),
        (
            block("jetpack/story", '{"mediaFiles":[{"id":7,"url":"https://old.example/s.jpg","caption":"S"}]}',
                  '<div class="wp-block-jetpack-story"></div>'),
            [("https://old.example/s.jpg", 7, "S")],
        ),
        ('<noscript><img src="https://old.example/n.jpg"></noscript>', [("https://old.example/n.jpg", 0, "")]),
        (
            '<img data-src="https://old.example/n.jpg" src="data:x"><noscript><img src="https://old.example/n.jpg"></noscript>',
            [("https://old.example/n.jpg", 0, "")],
        ),
    ],
)  # fmt: skip
def test_pictures_that_a_plugin_keeps_out_of_sight_come_in(content, pictures):
    blocks, _changes = read(content)

    uses = []
    for kind, value in blocks:
        uses += value["pictures"] if kind == "gallery" else [value] if kind == "picture" else []
    assert [(use.src, use.attachment, use.caption) for use in uses] == pictures
    assert not [value for kind, value in blocks if kind == "text"]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (block("ub/panel", '{"panelTitle":"Why so dear?"}', "<p>Flour.</p>"), "<h3>Why so dear?</h3><p>Flour.</p>"),
        (block("ub/box", '{"text":["A box says this"]}'), "<p>A box says this</p>"),
        (
            block("lazyblock/also", '{"title":"Read also: bread","url":"https://old.example/b/"}'),
            '<p><a href="/b/">Read also: bread</a></p>',
        ),
        (
            block("kadence/pane", "", "<button><span>Is it so?</span></button><p>It is.</p>"),
            "<p>Is it so?</p><p>It is.</p>",
        ),
        ('<div><button aria-expanded="false">Is it?</button><p>It is.</p></div>', "<h3>Is it?</h3><p>It is.</p>"),
        (block("query", "", block("query-no-results", "", "<p>Nothing found.</p>")), None),
        ("<p>See <a href='#p2'>below</a></p>", "<p>See below</p>"),
        ("<p>Half<math><mi>x</mi><mo>=</mo><mn>2</mn></math> done</p>", "<p>Half</p><p>x = 2</p><p>done</p>"),
        ("One [clear] two [divider] three", "<p>One</p><p>two</p><p>three</p>"),
        ('[vc_pie value="70" title="Of a hundred fell ill"]', "<p>Of a hundred fell ill: 70</p>"),
        ('[vc_cta h2="Call words" h4="More words"]Body[/vc_cta]', "<h3>Call words</h3><p>More words</p><p>Body</p>"),
        ('[tdm_block_column_title title_text="SGFyYm91cg=="]', "<h3>Harbour</h3>"),
        (
            '[tdm_block_inline_text description="VGhlJTIwcXVheSUzQyUyRnAlM0U="][tdm_block_inline_text description="UXVheQ=="]',
            "<p>The quay</p><p>Quay</p>",
        ),
        ('[td_block_1 custom_title="Latest of the sea" limit="5"]<p>Own words.</p>', "<p>Own words.</p>"),
        ("Last.<!--nextpage-->Second page.", "<p>Last.</p><p>Second page.</p>"),
        ("https://old.example/2019/a/", '<p><a href="/2019/a/">https://old.example/2019/a/</a></p>'),
        (
            block("embed", '{"url":"https://old.example/2019/a/"}', "<figure>https://old.example/2019/a/</figure>"),
            '<p><a href="/2019/a/">https://old.example/2019/a/</a></p>',
        ),
        (
            '<blockquote class="wp-embedded-content"><a href="https://old.example/a/">A</a></blockquote>'
            '<iframe class="wp-embedded-content" src="https://old.example/a/embed/#?secret=1"></iframe>',
            '<blockquote><a href="/a/">A</a></blockquote>',
        ),
    ],
)
def test_words_that_a_plugin_keeps_out_of_sight_come_in(content, text):
    blocks, _changes = read(content)

    assert blocks == ([("text", text)] if text else [])


@pytest.mark.parametrize(
    ("content", "url", "title"),
    [
        (
            '<object><param name="movie" value="http://www.youtube.com/v/dQw4w9WgXcQ?fs=1"><embed src="x.swf"></object>',
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
            "youtube.com",
        ),
        (
            '<iframe src="about:blank" data-src="https://www.youtube.com/embed/dQw4w9WgXcQ"></iframe>',
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
            "youtube.com",
        ),
        (
            '<iframe src="https://www.youtube.com/embed/videoseries?list=PLabcdefgh" title="YouTube video player"></iframe>',
            "https://www.youtube.com/playlist?list=PLabcdefgh",
            "youtube.com",
        ),
        (
            '<iframe title="What bread costs" src="https://datawrapper.dwcdn.net/AbCdE/1/"></iframe>',
            "https://datawrapper.dwcdn.net/AbCdE/1/",
            "What bread costs",
        ),
        (
            block("videopress/video", '{"guid":"AbCdEfGh"}', "<figure>https://videopress.com/v/AbCdEfGh?a=1</figure>"),
            "https://videopress.com/v/AbCdEfGh",
            "videopress.com",
        ),
        (block("datawrapper/chart", '{"chartId":"AbCdE"}'), "https://datawrapper.dwcdn.net/AbCdE/", "datawrapper.dwcdn.net"),
        ('[fb_pe url="https://www.facebook.com/a/posts/1"]', "https://www.facebook.com/a/posts/1", "facebook.com"),
        ('[vc_video link="https://vimeo.com/12" title="The quay"]', "https://vimeo.com/12", "The quay"),
    ],
)  # fmt: skip
def test_films_and_charts_are_kept_by_their_address_and_name(content, url, title):
    blocks, _changes = read(content)

    assert blocks == [("embed", {"url": url, "title": title, "caption": ""})]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ('<figure><img src="/a.jpg"><figcaption>By <a href="https://s.example/">S</a></figcaption></figure>', "https://s.example/"),
        ('<p>a</p><div style="display: none">Unseen words</div>', "Unseen words"),
        ("<p>a</p><button>Share it</button>", "Share it"),
        ('<ol start="5"><li>five</li></ol>', "count from 1"),
        ("<p>a</p><canvas>Chart words</canvas>", "Chart words"),
        ('[contact-form-7 title="Contact form 1"]', "contact-form-7"),
        ("[vc_row][vc_basic_grid post_type='post'][/vc_row]", "vc_basic_grid"),
        (block("jetpack/contact-form", "", block("jetpack/field-text", '{"label":"Your question"}')), "jetpack/contact-form"),
        (block("create-block/related", '{"postIds":[1]}', "<div></div>"), "create-block/related"),
        ('<video src="/a.mp4" poster="/a.jpg"></video>', "before it played"),
        ("<p>a <a href='#x'>b</a></p>", "places within the text"),
    ],
)  # fmt: skip
def test_what_does_not_come_along_is_named(content, named):
    blocks, changes = read(content)

    assert any(named in change for change in changes), changes
    assert not any(named in str(value) for kind, value in blocks if kind == "text")
