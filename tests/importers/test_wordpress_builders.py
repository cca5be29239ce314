"""Texts that builders and fields keep: every word comes in, or what kept it is named."""

# ruff: noqa: E501

import json

import pytest

from standfirst.importers.content import HtmlReader
from standfirst.importers.wordpress.builders import built, fields_text
from standfirst.importers.wordpress.kinds import is_machinery, is_story
from standfirst.importers.wordpress.markup import Markup


def elementor(*widgets, templates=None):
    elements = [
        {"elType": "widget", "widgetType": kind, "settings": settings, "elements": []} for kind, settings in widgets
    ]
    meta = {
        "_elementor_edit_mode": "builder",
        "_elementor_data": json.dumps([{"elType": "container", "elements": elements}]),
    }
    return built("", meta, templates)


def read(content):
    written = Markup().write(content)
    converted = HtmlReader(site_url="https://old.example").convert(written.html, at="https://old.example/x/")
    return [(block["type"], block["value"]) for block in converted.blocks], [*written.changes, *converted.changes]


@pytest.mark.parametrize(
    ("kind", "settings", "html"),
    [
        ("counter", {"ending_number": 70, "suffix": " %", "title": "Voted"}, "<p>Voted: 70 %</p>"),
        ("progress", {"title": "Built", "percent": {"unit": "%", "size": 40}}, "<p>Built: 40%</p>"),
        (
            "flip-box",
            {"title_text_a": "Front", "description_text_a": "Of it", "title_text_b": "Back", "title_size": "h3"},
            "<h3>Front</h3><p>Of it</p><h3>Back</h3>",
        ),
        (
            "price-list",
            {"price_list": [{"title": "Soup", "price": "90", "item_description": "With dill", "link": {"url": ""}}]},
            "<h3>Soup</h3><p>90</p><p>With dill</p>",
        ),
        ("animated-headline", {"before_text": "We", "highlighted_text": "do", "after_text": "read"}, "<h3>We do read</h3>"),
        ("soundcloud", {"link": {"url": "https://soundcloud.com/a/b"}}, '<div class="sf-embed" data-url="https://soundcloud.com/a/b"></div>'),
        ("google_maps", {"address": "Lviv, Rynok 1", "zoom": {"size": 10}}, "<p>Lviv, Rynok 1</p>"),
        ("eael-adv-accordion", {"eael_adv_accordion_tab": [{"eael_adv_accordion_tab_title": "Why", "eael_adv_accordion_tab_content": "So."}]}, "<h3>Why</h3><p>So.</p>"),
        ("call-to-action", {"title": "Help us", "button": "Give now", "link": {"url": "/give/"}, "title_tag": "h2"}, '<h3>Help us</h3><p><a href="/give/">Give now</a></p>'),
        ("code-highlight", {"code": "a < b"}, "<pre>a &lt; b</pre>"),
    ],
)  # fmt: skip
def test_every_widget_of_elementor_says_its_words(kind, settings, html):
    assert elementor((kind, settings)).html == html


def test_settings_are_no_words():
    settings = {"title": "Words", "title_color": "#fff", "title_tag": "h3", "align": "left", "show_title": "yes",
                "_title": "Section 4", "html_tag": "div", "text_shadow": "none", "content_width": "full"}  # fmt: skip

    assert elementor(("any", settings)).html == "<h3>Words</h3>"


def test_a_template_of_elementor_stands_where_it_was_put():
    assert elementor(("template", {"template_id": "7"}), templates={7: "<p>Shared.</p>"}).html == "<p>Shared.</p>"


def test_a_widget_that_drew_from_the_site_is_named():
    found = elementor(("text-editor", {"editor": "<p>Words.</p>"}), ("posts", {"columns": 3}), ("spacer", {}))

    assert found.lost == ["posts"]


@pytest.mark.parametrize(
    ("meta", "words"),
    [
        ({"ct_builder_json": json.dumps({"children": [{"name": "ct_text_block", "options": {"ct_content": "Oxygen says"}}]})}, "Oxygen says"),
        ({"ct_builder_shortcodes": """[ct_section ct_options='{"a":[1]}'][ct_text_block ct_options='{}']Older says[/ct_text_block][/ct_section]"""}, "Older says"),
        ({"_breakdance_data": json.dumps({"tree_json_string": json.dumps({"root": {"children": [{"data": {"properties": {"content": {"content": {"text": "It breaks"}}}}}]}})})}, "It breaks"),
        ({"panels_data": 'a:1:{s:7:"widgets";a:1:{i:0;a:2:{s:5:"title";s:6:"Heads!";s:4:"text";s:11:"<p>Body</p>";}}}'}, "Body"),
        ({"_fl_builder_data": 'a:1:{s:1:"a";O:8:"stdClass":1:{s:8:"settings";O:8:"stdClass":1:{s:4:"text";s:11:"<p>Work</p>";}}}'}, "Work"),
    ],
)  # fmt: skip
def test_a_post_whose_text_only_a_builder_holds_has_it_here(meta, words):
    found = built("", meta)

    assert words in found.html
    assert found.builder
    for broken in ("{", "a:9:{", '{"tree_json_string":"["}', "[" * 50_000):
        assert built("", dict.fromkeys(meta, broken)).html in ("", broken)


def test_a_post_whose_text_stands_in_fields_has_it_here():
    meta = {"parts_0_text": "<p>First.</p>", "_parts_0_text": "field_1", "parts": 'a:1:{i:0;s:4:"text";}', "_parts": "field_2",
            "parts_1_heading": "Then", "_parts_1_heading": "field_3", "colour": "red", "_colour": "field_4"}  # fmt: skip

    assert fields_text("", meta) == ("<p>First.</p><h3>Then</h3>", ["parts_0_text", "parts_1_heading"])
    assert fields_text("<p>Own.</p>", meta) == ("", [])


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ('[ultimate_heading main_heading="Two words"]Body[/ultimate_heading]', "<p>Two words</p><p>Body</p>"),
        ('[stat_counter counter_title="Houses lost" counter_value="12"]', "<p>Houses lost: 12</p>"),
        ('[event date="12 травня 2019"]Then.[/event]', "<p>12 травня 2019</p><p>Then.</p>"),
        ('[et_pb_pricing_table title="Year" currency="₴" sum="900"]All[/et_pb_pricing_table]', "<h3>Year</h3><p>₴900</p><p>All</p>"),
    ],
)  # fmt: skip
def test_words_in_attributes_come_in_whatever_stands_before_their_name(content, text):
    assert read(content)[0] == [("text", text)]


@pytest.mark.parametrize(
    ("content", "url"),
    [
        ('[fusion_youtube id="https://www.youtube.com/watch?v=dQw4w9WgXcQ" /]', "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        ('[et_pb_audio title="Listen" audio="https://cdn.example/a.mp3" /]', "https://cdn.example/a.mp3"),
    ],
)  # fmt: skip
def test_a_film_named_by_its_whole_address_comes_in(content, url):
    assert read(content)[0][0][1]["url"] == url


@pytest.mark.parametrize("content", ["[et_pb_video /]", "[fusion_imageframe /]", '[elementor-template id="5"]'])
def test_a_shortcode_that_leaves_nothing_is_named(content):
    blocks, changes = read(content)

    assert blocks == []
    assert any(content.strip("[] /").split()[0] in change for change in changes), changes


def test_elements_nobody_knows_are_boxes():
    """`<caption>` and `<use>` are names of ours too: a table of one column with a title stopped the whole text."""
    blocks, _changes = read(
        "<table><caption>Said above</caption><tr><td>In a cell</td></tr></table><gallery>Old</gallery><player>Tape</player>"
        "<use href='#a'>Drawn</use><words>Last</words>"
    )

    words = "".join(value for _kind, value in blocks)
    for word in ("Said above", "In a cell", "Old", "Tape", "Drawn", "Last"):
        assert word in words


def test_what_readers_filled_in_is_named():
    _blocks, changes = read("<p>a</p><select><option>Yes please</option></select><textarea>Write to us</textarea>")

    assert any("Yes please" in change for change in changes)
    assert any("Write to us" in change for change in changes)


def test_a_gallery_of_one_picture_keeps_its_caption():
    blocks, _changes = read(
        '<figure class="wp-block-gallery"><figure><img src="/a.jpg"></figure>'
        '<figcaption class="blocks-gallery-caption">All of them</figcaption></figure>'
    )

    assert blocks[0][1].caption == "All of them"


def test_kinds_of_ukrainian_themes_are_stories_and_courses_are_named():
    assert all(map(is_story, ("novyny", "statti", "materialy", "rozsliduvannya", "fact-check")))
    assert not is_machinery("sfwd-courses")
    assert is_machinery("sfwd-transactions")
