"""What an export says of its texts beside the content: who, when, for whom, in which language, where it lay."""

# ruff: noqa: E501

import datetime as dt

import pytest

from standfirst.importers.records import Aside, Incoming, LeftOut, PictureUse
from standfirst.importers.wordpress import open_source
from standfirst.importers.wordpress.seo import Said, resolved
from standfirst.importers.wordpress.signatures import names_in
from tests.importers.wxr import HEAD, attachment, export, item

COMMENT = """<wp:comment><wp:comment_id>{number}</wp:comment_id><wp:comment_author><![CDATA[{author}]]></wp:comment_author>
<wp:comment_author_email>reader@old.example</wp:comment_author_email><wp:comment_author_url>https://me.example</wp:comment_author_url>
<wp:comment_author_IP>192.0.2.77</wp:comment_author_IP><wp:comment_date>2024-11-05 10:00:00</wp:comment_date>
<wp:comment_date_gmt>2024-11-05 08:00:00</wp:comment_date_gmt><wp:comment_content><![CDATA[{text}]]></wp:comment_content>
<wp:comment_approved>{approved}</wp:comment_approved><wp:comment_type>{kind}</wp:comment_type><wp:comment_parent>0</wp:comment_parent>
</wp:comment>"""


def comment(number, text, *, approved="1", kind="", author="Reader"):
    return COMMENT.format(number=number, text=text, approved=approved, kind=kind, author=author)


def entries(tmp_path, *items, head=HEAD):
    return list(open_source([export(tmp_path, *items, head=head)]).entries())


def only(tmp_path, *items, head=HEAD):
    """The first text of an export."""
    return next(entry for entry in entries(tmp_path, *items, head=head) if isinstance(entry, Incoming))


@pytest.mark.parametrize(
    ("meta", "title", "description"),
    [
        ({"_yoast_wpseo_title": "%%title%% %%page%% %%sep%% %%sitename%%", "_yoast_wpseo_metadesc": "Why it fell"}, "", "Why it fell"),
        ({"_yoast_wpseo_title": "Closed: %%title%% %%sep%% %%sitename%%"}, "Closed: A bridge is closed", ""),
        ({"_yoast_wpseo_metadesc": "%%excerpt%% In %%category%%, by %%name%%."}, "", "In short. In World, by Олена Приклад."),
        ({"rank_math_title": "%title% | %sitename%", "rank_math_description": "%excerpt%"}, "", "In short."),
        ({"rank_math_title": "Bridges of %currentyear% %customfield(x)% and 5% more"}, "Bridges of and 5% more", ""),
        ({"_aioseo_title": "#post_title #separator_sa #site_title", "_aioseo_description": "About #post_title"}, "", "About A bridge is closed"),
        ({"_seopress_titles_title": "%%post_title%% %%sep%% %%sitetitle%%", "_seopress_titles_desc": "Said"}, "", "Said"),
        ({"_genesis_title": "Own title", "_genesis_description": "Own words"}, "Own title", "Own words"),
        ({"slim_seo": 'a:2:{s:5:"title";s:19:"{{ post.title }} now";s:11:"description";s:4:"Slim";}'}, "A bridge is closed now", "Slim"),
        ({}, "", ""),
    ],
)  # fmt: skip
def test_titles_and_descriptions_for_search_engines(tmp_path, meta, title, description):
    found = only(tmp_path, item(1, excerpt="In short.", meta=meta))

    assert (found.search_title, found.search_description) == (title, description)
    assert found.standfirst == "In short."


def test_variables_of_an_unknown_kind_vanish_and_figures_stay():
    said = Said(title="T", published=dt.datetime(2024, 11, 4, tzinfo=dt.UTC))

    assert resolved("%%title%% – %%date%% – %%cf_x%%", said) == "T – 2024-11-04"
    assert resolved("Up 5% and 7% in #kyiv", said) == "Up 5% and 7% in #kyiv"


@pytest.mark.parametrize(
    ("meta", "standfirst", "description"),
    [
        ({"newspack_post_subtitle": "Two bearings"}, "Two bearings", "In short."),
        ({"_subtitle": "field_5a", "subtitle": "Two bearings"}, "Two bearings", "In short."),
        ({"wps_subtitle": "In short."}, "In short.", ""),
        ({"td_post_theme_settings": 'a:1:{s:11:"td_subtitle";s:12:"Two bearings";}'}, "Two bearings", "In short."),
        ({"subtitle": "12"}, "In short.", ""),
    ],
)
def test_the_line_under_the_headline(tmp_path, meta, standfirst, description):
    found = only(tmp_path, item(1, excerpt="In short.", meta=meta))

    assert (found.standfirst, found.search_description) == (standfirst, description)


AUTHOR_3 = "<wp:author><wp:author_id>3</wp:author_id><wp:author_login>petro</wp:author_login><wp:author_display_name>Петро Зразок</wp:author_display_name></wp:author>"


@pytest.mark.parametrize(
    ("terms", "meta", "names"),
    [
        ((), {}, ["Олена Приклад"]),
        ((("author", "cap-petro", "petro"), ("author", "cap-hanna", "hanna")), {}, ["Петро Зразок", "Ганна Гостя"]),
        ((("author", "petro", "Петро Зразок"), ("author", "olena", "Олена Приклад")), {"ppma_authors_name": "Олена Приклад, Петро Зразок"}, ["Олена Приклад", "Петро Зразок"]),
        ((), {"_molongui_author": "user-3"}, ["Петро Зразок"]),
        ((), {"_newspack_byline_active": "1", "_newspack_byline": "By [Author id=2]Олена Приклад[/Author] and Ivan Outside"}, ["Олена Приклад", "Ivan Outside"]),
        ((), {"guest-author": "Hanna Guest and Joe Guest"}, ["Hanna Guest", "Joe Guest"]),
        ((("byline", "reuters", "Reuters"),), {}, ["Reuters"]),
    ],
)  # fmt: skip
def test_who_signed(tmp_path, terms, meta, names):
    guest = item(9, kind="guest-author", slug="cap-hanna", categories=(), meta={"cap-display_name": "Ганна Гостя"})
    found = only(tmp_path, guest, item(1, categories=terms, meta=meta), head=HEAD + AUTHOR_3)

    assert [author.name for author in found.authors] == names


def test_accounts_bring_their_old_addresses_and_nothing_else(tmp_path):
    (author,) = only(tmp_path, item(1)).authors

    assert author.addresses == ("/author/olena/", "/?author=2")
    assert "secret@old.example" not in str(entries(tmp_path, item(1)))


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Jane Doe and Joe Roe", ["Jane Doe", "Joe Roe"]),
        ("Текст: Олена Приклад, Петро Зразок", ["Олена Приклад", "Петро Зразок"]),
        ("<a href='x'>Jane Doe</a> &amp; <b>Joe</b>", ["Jane Doe", "Joe"]),
        ("12", []),
    ],
)
def test_names_in_a_line(line, names):
    assert names_in(line) == names


@pytest.mark.parametrize(
    ("meta", "content", "words"),
    [
        ({"_is_paid": "1"}, "x", "_is_paid"),
        ({"rcp_subscription_level": 'a:1:{i:0;s:1:"2";}'}, "x", "rcp_subscription_level"),
        ({"_jetpack_newsletter_access": "paid_subscribers"}, "x", "newsletter"),
        ({"_members_access_role": "subscriber"}, "x", "_members_access_role"),
        ({"um_content_restriction": 'a:2:{s:26:"_um_custom_access_settings";s:1:"1";s:14:"_um_accessible";s:1:"2";}'}, "x", "um_content"),
        ({"is_premium": "yes"}, "x", "is_premium"),
        ({}, "[membership]secret[/membership]", "membership"),
        ({}, "<!-- wp:jetpack/paywall /--><!-- wp:paragraph --><p>x</p><!-- /wp:paragraph -->", "paywall"),
    ],
)  # fmt: skip
def test_what_was_for_members_only_is_held(tmp_path, meta, content, words):
    found = only(tmp_path, item(1, content=content, meta=meta))

    assert "members only" in found.held_because
    assert words in found.held_because


@pytest.mark.parametrize(
    "meta",
    [
        {"_jetpack_newsletter_access": "everybody"},
        {"rcp_user_level": "All"},
        {"rcp_subscription_level": "a:0:{}"},
        {"_is_paid": "0"},
        {"is_premium": "no"},
        {"_wpmem_block": "0"},
        {"um_content_restriction": 'a:2:{s:26:"_um_custom_access_settings";s:1:"0";s:14:"_um_accessible";s:1:"2";}'},
        {"premium_link_text": "Read on"},
    ],
)
def test_what_everybody_could_read_is_not_held(tmp_path, meta):
    assert only(tmp_path, item(1, meta=meta)).held_because == ""


def test_the_first_look_knows_what_is_held_and_where_it_lay_without_the_texts(tmp_path):
    """Links must not lead to what is held: both looks have to agree on it."""
    block = item(8, kind="wp_block", content="[membership]x[/membership]", categories=())
    source = open_source(
        [
            export(
                tmp_path,
                item(1, content="<p>Plain</p>"),
                item(2, content="[membership]x[/membership]"),
                item(3, content="<!-- wp:jetpack/paywall /-->x"),
                item(4, content='<!-- wp:block {"ref":8} /-->'),
                item(5, meta={"_is_paid": "1"}),
                item(6, extra=comment(1, "Said")),
                block,
                item(
                    7,
                    meta={
                        "_elementor_data": '[{"widgetType":"html","settings":{"html":"[membership]x y z[/membership]"}}]'
                    },
                    content="",
                ),
            )
        ]
    )

    whole = [entry for entry in source.entries() if isinstance(entry, Incoming)]
    outline = list(source.outline())

    assert [bool(entry.held_because) for entry in whole] == [False, True, True, True, True, False, True]
    assert [(e.foreign_id, e.held_because, e.addresses, e.link) for e in outline] == [
        (e.foreign_id, e.held_because, e.addresses, e.link) for e in whole
    ]


def test_the_rules_of_memberpress_hold_what_they_reach(tmp_path):
    def rule(number, kind, content):
        meta = {"_mepr_rules_type": kind, "_mepr_rules_content": content}
        return item(number, kind="memberpressrule", categories=(), meta=meta)

    found = entries(
        tmp_path,
        item(1),
        item(2),
        item(3, categories=(("category", "asia", "Asia"),)),
        rule(8, "single_post", "2"),
        rule(9, "category", "7"),
    )

    assert [bool(entry.held_because) for entry in found] == [False, True, True]


def test_rules_that_no_export_holds_are_told(tmp_path):
    source = open_source([export(tmp_path, item(1), item(2, kind="wc_membership_plan", categories=()))])

    assert any("WooCommerce Memberships" in note for note in source.notes)


def test_translations_by_polylang_and_wpml(tmp_path):
    def pll(language):
        return (("language", language, language), ("post_translations", "pll_5f", "pll_5f"))

    wpml = {"_wpml_import_language_code": "uk", "_wpml_import_translation_group": "77"}
    found = entries(
        tmp_path,
        item(1, categories=pll("en")),
        item(2, categories=pll("uk")),
        item(3, meta=wpml),
        item(4, meta={**wpml, "_wpml_import_language_code": "en"}),
        item(5),
        item(6, meta={"_icl_lang_duplicate_of": "5"}, link="https://old.example/uk/2024/dup/"),
        item(7),
        item(8, categories=pll("de")),
    )

    said = [(entry.language, entry.translation_of) for entry in found]
    assert said == [
        ("en", "pll:pll_5f"),
        ("uk", "pll:pll_5f"),
        ("uk", "trid:77"),
        ("en", "trid:77"),
        ("en-US", "original:5"),
        ("uk", "original:5"),
        ("en-US", ""),
        ("de", "pll:pll_5f"),
    ]
    assert [bool(entry.held_because) for entry in found] == [False] * 7 + [True]
    assert "(de)" in found[7].held_because


def test_categories_that_are_one_in_two_languages_are_one_section(tmp_path):
    head = (
        HEAD
        + "<wp:category><wp:term_id>12</wp:term_id><wp:category_nicename>svit</wp:category_nicename>"
        + "<wp:cat_name><![CDATA[Світ]]></wp:cat_name></wp:category>"
        + "<wp:term><wp:term_id>20</wp:term_id><wp:term_taxonomy>term_translations</wp:term_taxonomy>"
        + "<wp:term_slug>pll_1</wp:term_slug><wp:term_name>pll_1</wp:term_name><wp:term_description>"
        + '<![CDATA[a:2:{s:2:"en";i:6;s:2:"uk";i:12;}]]></wp:term_description></wp:term>'
    )

    found = entries(tmp_path, item(1), item(2, categories=(("category", "svit", "Світ"),)), head=head)

    assert found[0].section == found[1].section
    assert (found[1].section.title, found[1].section.names) == ("World", (("uk", "Світ"),))
    assert found[1].section.addresses == ("/category/world/", "/?cat=6", "/category/svit/", "/?cat=12")


def test_two_languages_in_one_text_become_two(tmp_path):
    mixed = item(
        1,
        "[:en]A bridge[:uk]Міст[:]",
        "[:en]<p>Closed.</p>[:uk]<p>Закрито.</p>[:]<p>12</p>",
        link="https://old.example/2024/bridge/",
    )

    english, ukrainian = entries(tmp_path, mixed)

    assert english.foreign_id == "1"
    assert ukrainian.foreign_id == "1-uk"
    assert (english.title, ukrainian.title) == ("A bridge", "Міст")
    assert "Закрито" not in english.html
    assert "Closed" not in ukrainian.html
    assert "12" in english.html
    assert "12" in ukrainian.html
    assert english.translation_of == ukrainian.translation_of != ""
    assert (english.language, ukrainian.language) == ("en", "uk")
    assert (english.link, ukrainian.link) == ("https://old.example/2024/bridge/", "https://old.example/uk/2024/bridge/")
    assert ukrainian.addresses == []


def test_comments_are_kept_beside_without_what_identifies_their_writers(tmp_path):
    file = export(
        tmp_path,
        item(
            1,
            extra=comment(5, "Well <b>said</b>", author="Оля &amp; Co")
            + comment(6, "Buy pills", approved="spam")
            + comment(7, "Waiting", approved="0")
            + comment(8, "ping", kind="pingback"),
        ),
        item(2, status="trash", extra=comment(9, "gone")),
    )

    source = open_source([file])
    asides = [entry for entry in source.entries() if isinstance(entry, Aside)]

    assert asides == [
        Aside(
            "comments",
            {
                "post": "1",
                "post_title": "A bridge is closed",
                "post_link": "https://old.example/post-1/",
                "id": 5,
                "answers": None,
                "author": "Оля & Co",
                "date": "2024-11-05T08:00:00+00:00",
                "text": "Well said",
            },
        )
    ]
    assert source.counts == {"comments": 3}
    for secret in ("reader@old.example", "192.0.2.77", "me.example"):
        assert secret not in str(asides)


def test_credits_captions_and_descriptions_of_pictures(tmp_path):
    info = 'a:2:{s:5:"width";i:4;s:10:"image_meta";a:2:{s:6:"credit";s:12:"О. Фото";s:9:"copyright";s:6:"Agency";}}'
    pictures = [
        attachment(20, "2024/11/quay.jpg", caption="The quay", alt="Water").replace(
            "</item>", _meta("_media_credit", "O. Lens") + _meta("_navis_media_credit_org", "Agency") + "</item>"
        ),
        attachment(21, "2024/11/crane-scaled.jpg").replace(
            "</item>", _meta("_wp_attachment_metadata", info) + "</item>"
        ),
    ]
    source = open_source([export(tmp_path, *pictures, item(1, meta={"_thumbnail_id": "20"}))])
    uploads = "https://old.example/wp-content/uploads/2024/11"
    (story,) = source.entries()

    assert story.lead == PictureUse(
        src=f"{uploads}/quay.jpg", attachment=20, alt="Water", caption="The quay", credit="O. Lens / Agency",
        title="quay.jpg", file="2024/11/quay.jpg",
    )  # fmt: skip
    for src in (
        f"{uploads}/quay.jpg", f"{uploads}/quay-300x200.jpg", "/wp-content/uploads/2024/11/quay.jpg",
        "https://i0.wp.com/old.example/wp-content/uploads/2024/11/quay.jpg?fit=300%2C200&ssl=1",
    ):  # fmt: skip
        assert source.picture(PictureUse(src=src)).attachment == 20
    assert source.picture(PictureUse(src=f"{uploads}/crane-1024x700.jpg")).credit == "О. Фото"
    assert source.picture(PictureUse(src="https://e.org/other.jpg", attachment=20)) is None
    assert source.picture(PictureUse(src="https://e.org/other.jpg", credit="X")) is None
    assert source.picture(PictureUse(src=f"{uploads}/quay.jpg", credit="Said in the text")).credit == "Said in the text"


def _meta(key, value):
    return (
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
    )


def test_every_address_a_text_had_before(tmp_path):
    picture = attachment(20, "a.jpg", parent=1).replace(
        "https://old.example/post-20/", "https://old.example/2024/bridge/quay/"
    )
    found = only(
        tmp_path,
        picture,
        item(1, link="https://old.example/2024/bridge/", slug="bridge", meta={"_wp_old_slug": "brigde"}),
    )

    assert found.addresses == ["/?p=1", "/2024/brigde/", "/?attachment_id=20", "/2024/bridge/quay/"]


def test_the_page_of_a_picture_that_was_uploaded_to_no_text_leads_to_the_first_it_stands_above(tmp_path):
    thumbnail = {"_thumbnail_id": "20"}
    found = entries(
        tmp_path,
        attachment(20, "a.jpg"),
        attachment(21, "b.jpg"),
        item(1, status="draft", meta=thumbnail),
        item(2, meta=thumbnail),
        item(3, meta=thumbnail),
    )

    leading = {entry.foreign_id: [a for a in entry.addresses if "attachment" in a or "post-20" in a] for entry in found}
    assert leading == {"1": [], "2": ["/?attachment_id=20", "/post-20/"], "3": []}


def test_the_primary_category_of_each_plugin(tmp_path):
    categories = (("category", "world", "World"), ("category", "asia", "Asia"))
    for key in ("_yoast_wpseo_primary_category", "rank_math_primary_category", "_seopress_robots_primary_cat"):
        found = only(tmp_path, item(1, categories=categories, meta={key: "7"}))
        assert (found.section.title, [tag.title for tag in found.tags]) == ("Asia", ["World"])
        assert found.section.addresses == ("/category/world/asia/", "/category/asia/", "/?cat=7")


def test_kinds_of_stories_and_of_other_things(tmp_path):
    found = entries(
        tmp_path,
        item(1, kind="news"),
        item(2, kind="event"),
        item(3, kind="wpcf7_contact_form"),
        item(4, kind="acf-field"),
    )

    assert [type(entry) for entry in found] == [Incoming, LeftOut]
    assert found[0].kind == "post"
    assert any("news" in change for change in found[0].changes)


def test_lists_of_the_papers_own_are_sections_and_tags(tmp_path):
    lists = (
        ("news_category", "world", "World"),
        ("series", "rivers", "Rivers"),
        ("post_format", "post-format-video", "Video"),
    )
    found = only(tmp_path, item(1, kind="news", categories=lists))
    beside = only(tmp_path, item(1, categories=(("category", "asia", "Asia"), ("location", "kyiv", "Kyiv"))))

    assert (found.section.title, [tag.title for tag in found.tags]) == ("World", ["Rivers"])
    assert found.tags[0].addresses == ("/series/rivers/",)
    assert (beside.section.title, [tag.title for tag in beside.tags]) == ("Asia", ["Kyiv"])


def test_the_film_above_a_post_comes_along_once(tmp_path):
    meta = {"td_post_video": 'a:1:{s:8:"td_video";s:28:"https://youtu.be/abcdefgh123";}'}

    above = only(tmp_path, item(1, meta=meta))
    inside = only(tmp_path, item(1, content="https://youtu.be/abcdefgh123", meta=meta))

    assert "https://youtu.be/abcdefgh123" in above.html
    assert inside.html.count("abcdefgh123") == 1


def test_sticky_and_the_wishes_for_search_engines(tmp_path):
    meta = {"_yoast_wpseo_meta-robots-noindex": "1", "_yoast_wpseo_canonical": "https://agency.example/first/"}
    found = only(tmp_path, item(1, meta=meta).replace("<wp:is_sticky>0<", "<wp:is_sticky>1<"))

    assert found.leads_front
    assert len(found.changes) == 2
    assert "https://agency.example/first/" in found.changes[1]


@pytest.mark.parametrize(
    ("gmt", "local", "published", "when"),
    [
        ("2024-11-04 09:30:00", "2024-11-04 11:30:00", "Mon, 04 Nov 2024 09:30:00 +0000", "2024-11-04T09:30:00+00:00"),
        ("0000-00-00 00:00:00", "2024-11-04 11:30:00", "Mon, 30 Nov -0001 00:00:00 +0000", "2024-11-04T09:30:00+00:00"),
        ("0000-00-00 00:00:00", "2024-11-04 11:30:00", "Thu, 01 Jan 1970 00:00:00 +0000", "2024-11-04T09:30:00+00:00"),
        ("", "", "Mon, 04 Nov 2024 09:30:00 +0000", "2024-11-04T09:30:00+00:00"),
        ("", "0000-00-00 00:00:00", "", None),
    ],
)
def test_dates(tmp_path, settings, gmt, local, published, when):
    text = item(1).replace("<wp:post_date_gmt>2024-11-04 09:30:00<", f"<wp:post_date_gmt>{gmt}<")
    text = text.replace("<wp:post_date>2024-11-04 09:30:00<", f"<wp:post_date>{local}<")
    text = text.replace("Mon, 04 Nov 2024 09:30:00 +0000", published)

    found = only(tmp_path, text)

    assert (found.published.astimezone(dt.UTC).isoformat() if found.published else None) == when


def test_words_for_networks_a_source_and_a_leading_on_are_not_passed_over(tmp_path):
    packed = 'a:2:{s:9:"td_source";s:7:"Reuters";s:13:"td_source_url";s:20:"https://reuters.com/";}'
    found = only(
        tmp_path,
        item(
            1,
            meta={
                "_yoast_wpseo_opengraph-title": "Said to friends",
                "_yoast_wpseo_redirect": "/elsewhere/",
                "td_post_theme_settings": packed,
            },
        ),
    )

    assert "social networks" in found.changes[0]
    assert "/elsewhere/" in found.changes[1]
    assert found.html.endswith('<p><a href="https://reuters.com/">Reuters</a></p>')


def test_custom_fields_with_words_are_named(tmp_path):
    meta = {
        "editors_note": "<p>Checked with the river authority</p>",
        "views": "1203",
        "_edit_lock": "1: words and words",
    }
    source = open_source([export(tmp_path, item(1, meta=meta), item(2, meta=meta))])

    assert [note for note in source.notes if "editors_note (2)" in note and "views" not in note]
