"""What each shortcode we know showed: WordPress's own, and those of the plugins newspapers used most."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Callable
from urllib.parse import unquote

Values = dict[str, str]

# Known to be shortcodes even without an attribute or a closing tag.
BARE = frozenset(
    {
        *("gallery", "toc", "embed", "playlist", "contact-form", "audio", "video", "more", "nextpage", "ez-toc"),
        *("lwptoc", "wpforms", "newsletter", "adsense", "slideshow", "nggallery", "addtoany", "ad", "ads"),
        *("clear", "clearfix", "divider", "spacer", "hr", "br"),
        *("contact-form-7", "gravityform", "table-of-contents", "related-posts", "recent-posts", "sharethis"),
    }
)
# They say nothing themselves.
SILENT = frozenset(
    {
        *("more", "nextpage", "vc_empty_space", "vc_separator", "et_pb_divider", "fusion_separator", "su_divider"),
        *("su_spacer", "divider", "hr", "spacer", "clear", "clearfix", "toc", "ez-toc", "lwptoc", "br"),
        *("table-of-contents", "su_row", "su_column", "row", "column", "col", "columns", "one_half", "one_third"),
        *("two_third", "one_fourth", "three_fourth", "one_half_last", "one_third_last", "two_third_last", "dropcap"),
        *("su_dropcap", "highlight", "su_highlight", "section", "container", "div", "span", "raw", "noautop"),
        *("ad", "ads", "adsense"),
    }
)
# They stand beside or below one another: words of two of them never belong to one line.
LAYOUT = frozenset(
    {
        *("row", "column", "col", "columns", "su_row", "su_column", "section", "container", "div", "clear", "clearfix"),
        *("one_half", "one_third", "two_third", "one_fourth", "three_fourth", "divider", "su_divider", "hr"),
        *("one_half_last", "one_third_last", "two_third_last", "one_fourth_last", "three_fourth_last"),
    }
)
# Builders' pieces within a line.
_IN_LINE = re.compile(r"dropcap|highlight|tooltip|icon|fontawesome|inline|popover")
# What a builder's piece drew from the site's own lists, from another site, or from figures.
_DRAWN = re.compile(
    r"grid|posts|post_|blog|slider|carousel|widget|sidebar|map|facebook|tweet|twitter|flickr|pinterest|form|login|search"
    r"|progress|_pie|counter|chart|countdown|instagram|portfolio|shop|menu"
)


# tagDiv's pieces that listed other texts, counted followers or showed advertising: a heading alone says nothing.
_LISTING = re.compile(
    r"td_(?:flex_)?block_(?:\d+|big_grid\w*|slide\w*|trending_now|social_counter|ad_box|authors|popular_categories"
    r"|related\w*|weather|exchange|instagram|mega_menu|title|homepage_full_1)$|tdb_\w+$|td_smart_list_end$"
)


def is_listing(name: str) -> bool:
    return _LISTING.match(name) is not None


def unpacked(name: str, values: Values) -> Values:
    """The attributes of a shortcode with those opened that tagDiv packs (base64, often with %20 for spaces inside)."""
    if not name.startswith(("td_", "tdm_", "tdb_", "tds_", "tdc_")):
        return values
    return {key: _opened(value) for key, value in values.items()}


def _opened(value: str) -> str:
    if len(value) < 4 or len(value) % 4 or not re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", value):
        return value
    try:
        words = unquote(base64.b64decode(value, validate=True).decode("utf-8"), errors="strict")
    except (binascii.Error, ValueError):
        return value
    return words if words.isprintable() or re.search(r"[\n<]", words) else value


def is_in_line(name: str) -> bool:
    return _IN_LINE.search(name) is not None


def is_drawn(name: str) -> bool:
    return _DRAWN.search(name) is not None


def address_in(values: Values) -> str:
    """The address of what a shortcode showed from elsewhere."""
    given = (html.unescape(values.get(key, "")) for key in ("url", "src", "link", "href", "0"))
    return next((each for each in given if re.match(r"https?://[^\s\[\]]{4,}$", each)), "")


# What they showed lies in the old system's own tables, which no export holds.
ELSEWHERE = frozenset(
    {
        *("nggallery", "ngg", "ngg_images", "envira-gallery", "foogallery", "metaslider", "rev_slider", "smartslider3"),
        *("contact-form-7", "contact-form", "gravityform", "gravityforms", "wpforms", "mc4wp_form", "ninja_form"),
        *(
            "ninja_forms",
            "formidable",
            "caldera_form",
            "newsletter_form",
            "mailpoet_form",
            "fluentform",
            "forminator_form",
        ),
        *("everest_form", "hf_form", "et_pb_contact_form", "et_pb_contact_field", "fusion_form", "weforms"),
        *("wpdatatable", "polldaddy", "poll", "wp-review", "modula", "best-wordpress-gallery"),
        *("elementor-template", "insert_elementor", "insertpost", "insert_page", "content_block", "do_widget"),
        *("layerslider", "soliloquy", "photo_gallery", "final_tiles_gallery", "crelly_slider"),
    }
)
# What stands inside was shown only to some readers.
MEMBERS = frozenset(
    {
        *("membership", "pmpro_membership", "restrict", "rcp_restrict", "is_paid", "not_paid", "user_has_access"),
        *("mepr-show", "mepr-active", "mepr-protected", "mepr-rule", "wcm_restrict", "wcm_content_restricted"),
        *("members_only", "members_access", "members_logged_in", "members-only", "memberonly", "member", "members"),
        *("ihc-hide-content", "um_loggedin", "swpm_protected", "wpmem_logged_in", "wp-members", "pms-restrict"),
        *("loggedin", "logged_in", "login-required", "private", "paywall", "leaky_paywall_subscription", "memberful"),
        *("premium_content", "premium", "su_members", "s2if", "s2member", "content_control", "restricted", "protected"),
        *(
            "passster",
            "content_protector",
            "ppwp",
            "armember",
            "arm_restrict_content",
            "wlm_private",
            "mm_member_decision",
        ),
        *("user_access_manager", "subscribers_only", "subscriber", "visitor_only", "registered_only", "tds_locker"),
    }
)
BUILDERS = {
    "vc_": "WPBakery",
    "et_pb_": "Divi",
    "fusion_": "Avada",
    "av_": "Enfold",
    "ux_": "Flatsome",
    **dict.fromkeys(("tdc_", "td_block", "td_flex", "tdm_", "tdb_"), "tagDiv"),
    "fl_": "Beaver Builder",
    "ct_": "Oxygen",
    "cs_": "Cornerstone",
    "x_": "Cornerstone",
    "mk_": "Jupiter",
    "tatsu_": "Tatsu",
    "siteorigin_": "SiteOrigin",
    "themify_": "Themify",
    "thrive_": "Thrive",
}
_URL_KEYS = (
    "url",
    "src",
    "link",
    "mp4",
    "webm",
    "ogv",
    "m4v",
    "flv",
    "mov",
    "mp3",
    "m4a",
    "ogg",
    "wav",
    "file",
    "href",
    "audio",
)
_SOUND_AND_FILM = frozenset({"audio", "video", "et_pb_audio", "et_pb_video", "fusion_audio", "fusion_video"})
# Attributes in which people write words, not settings; plugins put their own before it: "main_heading".
_WORDY = re.compile(
    r"(?:^|_)(?:title|(?:sub)?heading|headline|header|text|subtitle|content|desc|description|quote|caption|question|answer"
    r"|name|author|label|body|intro|message|summary|note|date|year)$"
)
_FIGURE = re.compile(r"(?:^|_)(?:number|value|percent|sum)$")


def words_in(values: Values) -> str:
    """The words in the attributes of a shortcode whose meaning we do not know, a paragraph each."""
    found = []
    for key in filter(_WORDY.search, values):
        value = _plain(values[key])
        is_day = key.endswith(("date", "year")) and re.search(r"\d", value) and not re.match(r"[\d-]+$", value)
        if (is_day or re.search(r"[^\W\d_]{2,}.*\s.*[^\W\d_]{2,}", value)) and value not in found:
            found.append(value)
    figure = _plain(next((values[key] for key in filter(_FIGURE.search, values) if values[key]), ""))
    if found and re.fullmatch(r"[\d.,]{1,15}", figure):
        found[0] = f"{found[0]}: {figure}{_plain(values.get('units', ''))}"
    return "".join(_block(f"<p>{html.escape(value, quote=False)}</p>") for value in found)


def around(name: str, values: Values) -> tuple[str, str] | None:
    """(what a shortcode writes before its inside, what after), None for one that has nothing of its own."""
    if name in _TITLED:
        words = _plain(next((values[key] for key in _HEADED if values.get(key)), ""))
        price = f"{values.get('currency', '')}{values['sum']}" if values.get("sum") else ""
        under = _plain(next((values[key] for key in ("subhead", "subtitle", "h4") if values.get(key)), price))
        before = _block(f"<h3>{html.escape(words, quote=False)}</h3>") if words else ""
        before += _block(f"<p>{html.escape(under, quote=False)}</p>") if under else ""
        picture = _picture({"src": values.get("image") or values.get("image_url") or ""}, "")
        signed = ", ".join(
            filter(None, (_plain(values.get(key, "")) for key in ("author", "name", "position", "job_title")))
        )
        after = _block(f"<p>{html.escape(signed, quote=False)}</p>") if signed else ""
        after += _button(values.get("button_text", ""), values.get("button_url") or values.get("button_link", ""))
        return f"{picture}{before}\n\n", f"{after}\n\n"
    if name in _QUOTES:
        who = _plain(values.get("cite") or values.get("author") or values.get("name") or "")
        cite = f"<cite>{html.escape(who, quote=False)}</cite>" if who else ""
        return "\n\n<blockquote>", f"{cite}</blockquote>\n\n"
    if name in _BUTTONS and (url := _link_of(values)):
        words = html.escape(_plain(values.get("title") or values.get("button_text") or values.get("text") or ""))
        return f'<a href="{html.escape(url)}">{words}', "</a>"
    return _NOTES.get(name)


_HEADED = ("title", "heading", "h2", "text", "tab_title", "custom_title", "header", "title_text")
_TITLED = frozenset(
    {
        *(
            "vc_custom_heading",
            "vc_toggle",
            "vc_tta_section",
            "vc_tab",
            "vc_accordion_tab",
            "vc_cta",
            "vc_text_separator",
        ),
        *("et_pb_toggle", "et_pb_accordion_item", "et_pb_tab", "et_pb_blurb", "et_pb_cta", "et_pb_heading"),
        *("et_pb_fullwidth_header", "et_pb_slide", "et_pb_testimonial", "et_pb_team_member", "et_pb_pricing_table"),
        *("fusion_toggle", "fusion_tab", "fusion_content_box", "fusion_testimonial", "su_box", "su_spoiler", "su_tab"),
        *("su_service", "su_panel", "toggle", "tab", "spoiler", "accordion_item", "accordion-item", "av_heading"),
        *("av_toggle", "av_tab", "td_block_text_with_title", "vc_message", "infobox", "box", "su_note"),
        *("tdm_block_column_title", "tdm_block_title"),
    }
)
_QUOTES = frozenset(
    {"su_quote", "su_pullquote", "quote", "blockquote", "pullquote", "pull_quote", "bs-quote", "epq-quote"}
)
_BUTTONS = frozenset(
    {
        "vc_btn",
        "vc_button",
        "vc_button2",
        "et_pb_button",
        "fusion_button",
        "su_button",
        "button",
        "btn",
        "tdm_block_button",
    }
)
_NOTES = dict.fromkeys(("ref", "efn_note", "mfn", "footnote", "fn", "sidenote", "footnotes_note"), (" (", ")"))
_NOTES |= {"fusion_title": ("\n\n<h3>", "</h3>\n\n"), "su_heading": ("\n\n<h3>", "</h3>\n\n")}
_NOTES |= {"heading": ("\n\n<h3>", "</h3>\n\n"), "su_list": ("", "")}


def _block(markup: str) -> str:
    return f"\n\n{markup}\n\n"


def _plain(value: str) -> str:
    """An attribute's words; Divi writes brackets and quotation marks as %91, %93 and %22."""
    for code, sign in (("%91", "["), ("%93", "]"), ("%22", '"'), ("%27", "'"), ("``", '"'), ("`{`", "["), ("`}`", "]")):
        value = value.replace(code, sign)
    value = re.sub(r"@ET-DC@[\w+/=-]*@?", "", value)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", value)).split())


def _link_of(values: Values) -> str:
    """A button's address; WPBakery packs it as url:https%3A%2F%2F…|title:…"""
    value = next((values[key] for key in ("button_url", "url", "link", "href", "button_link") if values.get(key)), "")
    packed = re.search(r"(?:^|\|)url:([^|]*)", value)
    value = unquote(packed[1]) if packed else value
    return value if value.startswith(("http://", "https://", "/", "mailto:", "tel:")) else ""


def _button(words: str, url: str) -> str:
    words, url = _plain(words), _link_of({"url": url})
    return _block(f'<p><a href="{html.escape(url)}">{html.escape(words, quote=False)}</a></p>') if words and url else ""


def _ids(text: str) -> str:
    return ",".join(re.findall(r"\d{1,12}", text))


def _gallery(name: str, values: Values, inside: str) -> str:
    keys = ("ids", "include", "images", "gallery_ids", "image_ids", "source", "media")
    ids = _ids(next((values[key] for key in keys if values.get(key)), ""))
    if ids or name in ("gallery", "slideshow", "tiled_gallery"):
        words = _plain(values.get("title", "")) if name.startswith(("vc_", "et_pb_", "fusion_", "av_", "ux_")) else ""
        heading = f"<h3>{html.escape(words, quote=False)}</h3>" if words else ""
        return _block(f'{heading}<div class="sf-gallery" data-ids="{ids}"></div>') + inside
    return inside


def _picture(values: Values, inside: str) -> str:
    number = next((values[key] for key in ("image_id", "image", "id", "attachment_id") if values.get(key)), "")
    number = number.partition("|")[0].strip()
    src = next((value for key in ("src", "image_url", "url", "image") if "/" in (value := values.get(key, ""))), "")
    src = src or (re.sub(r"<[^>]*>", "", inside).strip() if "<img" not in inside else "")
    if number.isascii() and number.isdigit() and not src:
        return _block(f'<div class="sf-gallery" data-ids="{number}"></div>')
    if "<img" in inside:
        return inside
    if not src.startswith(("http://", "https://", "/")):
        return inside
    alt = html.escape(_plain(values.get("alt") or values.get("title_text") or ""))
    said = next((values[key] for key in ("caption", "caption_text", "caption_title") if values.get(key)), "")
    words = html.escape(_plain(said), quote=False)
    mark = f' class="wp-image-{number}"' if number.isascii() and number.isdigit() else ""
    picture = f'<img src="{html.escape(src)}" alt="{alt}"{mark}>'
    return _block(f"<figure>{picture}<figcaption>{words}</figcaption></figure>" if words else picture)


def _caption(name: str, values: Values, inside: str) -> str:
    picture = re.search(r"(?:<a\b[^<>]*>\s{0,9})?<img\b[^<>]*>(?:\s{0,9}</a>)?", inside, re.IGNORECASE)
    if picture is None:
        # A film or a sound may carry a caption too.
        words = _plain(values.get("caption", ""))
        return inside + (_block(f"<p><em>{html.escape(words, quote=False)}</em></p>") if words else "")
    words = (inside[: picture.start()] + inside[picture.end() :]).strip() or values.get("caption", "")
    number = re.search(r"\d{1,12}", values.get("id", ""))
    mark = f' data-id="{number[0]}"' if number else ""
    return _block(f'<figure class="sf-caption"{mark}>{picture[0]}<figcaption>{words}</figcaption></figure>')


def _media_credit(name: str, values: Values, inside: str) -> str:
    """Who made a picture, written around it; the number of an account is looked up where accounts are known."""
    credit = html.escape(_plain(values.get("name", "")))
    user = _ids(values.get("id", ""))
    mark = (f' data-credit="{credit}"' if credit else "") + (f' data-credit-user="{user}"' if user else "")
    return re.sub(r"<img\b", f"<img{mark}", inside, count=1, flags=re.IGNORECASE)


def _table(name: str, values: Values, inside: str) -> str:
    """TablePress: the table itself is another entry of the export."""
    number = html.escape(values.get("id", ""))
    return _block(f'<div class="sf-tablepress" data-id="{number}"></div>') if number else inside


def _raw_html(name: str, values: Values, inside: str) -> str:
    """WPBakery and Avada pack free HTML so that the editor does not touch it."""
    packed = re.sub(r"\s|<[^>]*>", "", inside)
    try:
        opened = base64.b64decode(packed, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return inside
    return unquote(opened)


def _embed(name: str, values: Values, inside: str) -> str:
    numbered = values.get("0", "")
    url = "" if name == "caption" else re.sub(r"<[^>]*>", "", html.unescape(inside)).strip()
    url = url if url.startswith(("http", "//")) or (url and " " not in url and name in _BY_ID) else ""
    url = url or next((values[key] for key in _URL_KEYS if values.get(key)), "") or numbered
    url = html.unescape(url).strip("=\"' :")
    if name == "audio" and "|" in url:
        url = url.partition("|")[0]
    if "://" not in url and not url.startswith("/"):
        given = values.get("id") or values.get("video_id") or values.get("v") or url
        make = _BY_ID.get(name)
        whole = html.unescape(given or "").strip()
        url = (
            whole
            if whole.startswith(("http", "//"))
            else make(given)
            if make and re.fullmatch(r"[\w./-]{1,120}", given or "")
            else ""
        )
    if url.startswith("//"):
        url = f"https:{url}"
    if url.startswith(("http://", "https://", "/")):
        words = html.escape(_plain(values.get("caption") or values.get("title") or ""), quote=False)
        words = f"<figcaption>{words}</figcaption>" if words else ""
        return _block(f'<div class="sf-embed" data-url="{html.escape(url)}">{words}</div>')
    return inside


_BY_ID: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(
        ("youtube", "fusion_youtube", "su_youtube", "embedyt", "yt"), "https://www.youtube.com/watch?v={}".format
    ),
    **dict.fromkeys(("vimeo", "fusion_vimeo", "su_vimeo"), "https://vimeo.com/{}".format),
    "dailymotion": "https://www.dailymotion.com/video/{}".format,
    "ted": "https://www.ted.com/talks/{}".format,
    "wpvideo": "https://videopress.com/v/{}".format,
    "videopress": "https://videopress.com/v/{}".format,
    "instagram": "https://www.instagram.com/p/{}/".format,
    "tweet": "https://x.com/i/status/{}".format,
    "gist": "https://gist.github.com/{}".format,
    "spotify": "https://open.spotify.com/{}".format,
    "soundcloud": "https://soundcloud.com/{}".format,
    "scribd": "https://www.scribd.com/document/{}".format,
    "infogram": "https://infogram.com/{}".format,
    "documentcloud": "https://www.documentcloud.org/documents/{}".format,
}
EMBEDS = frozenset(
    {
        *_BY_ID,
        *_SOUND_AND_FILM,
        *("embed", "twitter", "facebook", "telegram", "tiktok", "iframe", "advanced_iframe", "googlemaps", "googlemap"),
        *(
            "vc_video",
            "fvplayer",
            "flowplayer",
            "evp_embed_video",
            "arve",
            "slideshare",
            "pinterest",
            "bandcamp",
            "issuu",
        ),
        *("pdf-embedder", "pdfviewer", "pdf", "gview", "datawrapper", "flourish", "su_video", "su_audio", "wp_embed"),
        *("mixcloud", "podcast", "googleapps", "reddit", "loom", "rumble", "storify"),
    }
)
_GALLERIES = frozenset(
    {
        *(
            "gallery",
            "slideshow",
            "tiled_gallery",
            "vc_gallery",
            "vc_images_carousel",
            "vc_media_grid",
            "et_pb_gallery",
        ),
        *("fusion_gallery", "fusion_images", "su_image_carousel", "su_slider", "su_carousel", "su_custom_gallery"),
        *("vc_masonry_media_grid", "ux_gallery", "av_gallery", "av_masonry_gallery", "playlist", "carousel", "slider"),
    }
)
_PICTURES = frozenset(
    {
        *("vc_single_image", "et_pb_image", "et_pb_fullwidth_image", "fusion_imageframe", "fusion_gallery_image"),
        *("fusion_image", "av_image", "ux_image", "td_single_image", "tdm_block_inline_image", "image", "img"),
    }
)
RAW = frozenset({"vc_raw_html", "vc_raw_js", "fusion_code", *EMBEDS})
# Shortcodes read with all that stands inside them.
WHOLE: dict[str, Callable[[str, Values, str], str]] = {
    **dict.fromkeys(EMBEDS, _embed),
    **dict.fromkeys(_GALLERIES, _gallery),
    **dict.fromkeys(_PICTURES, lambda name, values, inside: _picture(values, inside)),
    **dict.fromkeys(("caption", "wp_caption"), _caption),
    "media-credit": _media_credit,
    "table": _table,
    **dict.fromkeys(("vc_raw_html", "fusion_code"), _raw_html),
    "tdm_block_inline_text": lambda name, values, inside: _block(values.get("description", "")),
    "vc_raw_js": lambda name, values, inside: "",
}
# What they write shows nothing by itself.
UNSEEN = frozenset({"vc_raw_js", "caption", "wp_caption"})
