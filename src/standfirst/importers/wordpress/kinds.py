"""Which of WordPress's kinds of entries are stories, which are pages, and which are no text of the paper's at all."""

from __future__ import annotations

import re

# Papers gave their stories kinds of their own, so that each had its own form and address.
_STORIES = frozenset(
    {
        *("post", "news", "article", "articles", "story", "stories", "opinion", "opinions", "column", "columns"),
        *("blog", "blogs", "longread", "longreads", "interview", "interviews", "report", "reports", "reportage"),
        *("review", "reviews", "analysis", "feature", "features", "editorial", "commentary", "investigation"),
        *("investigations", "liveblog", "live-blog", "live_blog", "brief", "briefs", "dossier", "explainer", "novyny"),
        # As themes made for Ukrainian papers call them.
        *("novyna", "statti", "stattya", "statya", "materials", "material", "materialy", "publications", "publikatsii"),
        *("publikacii", "publikatsiya", "rozsliduvannya", "reportazh", "reportazhi", "intervyu", "interviu", "kolonky"),
        *("kolonka", "dumky", "dumka", "blogy", "oglyad", "oglyady", "longrid", "longridy", "foto", "photo"),
        *("photos", "fotoreportazh", "photoreport", "photoreports", "spetsproekt", "spetsproekty", "special"),
        *("fact-check", "fact_check", "factcheck", "faktchek", "podcast_episode", "podcast-episode", "episode"),
        *("noticia", "noticias", "actualite", "actualites", "artikel", "nachrichten", "newsitem", "news_item"),
        *("news-item", "news-article", "news_article", "press_release", "press-release", "podcast", "podcasts"),
        *("video", "videos", "photo-story", "photostory", "newspack_nl_cpt", "publication"),
    }
)
# Kinds that hold nothing of the paper's own; counted together instead of being listed one by one.
_MACHINERY = frozenset(
    {
        *("attachment", "nav_menu_item", "wp_block", "revision", "custom_css", "customize_changeset", "oembed_cache"),
        *(
            "user_request",
            "elementor_library",
            "elementor_snippet",
            "elementor_font",
            "elementor_icons",
            "et_pb_layout",
        ),
        *("guest-author", "guest_author", "ppma_author", "molongui_guestauthor", "ppma_boxes", "tablepress_table"),
        *("polylang_mo", "wpcf7_contact_form", "mc4wp-form", "wpforms", "scheduled-action", "shop_order", "feedback"),
        *("oxy_user_library", "breakdance_template", "breakdance_header", "breakdance_footer", "bricks_template"),
        *("so_panels_block", "brizy_template", "wpdiscuz_form", "e-floating-buttons", "post_views", "wp-types-group"),
        *("amp_validated_url", "amp_story_template", "memberpressrule", "memberpressproduct", "memberpressgroup"),
        *("wc_membership_plan", "np_memberships_gate", "np_content_gate", "newspack_popups_cpt", "advanced_ads"),
        *(
            "fl-builder-template",
            "fl-theme-layout",
            "ml-slider",
            "ml-slide",
            "envira",
            "foogallery",
            "rm_content_editor",
        ),
        *("vc4_templates", "vc_grid_item", "templatera", "tdb_templates", "tdcpt_subscriptions", "fusion_template"),
        *("jp_mem_plan", "jp_pay_order", "jp_pay_product", "jetpack_migration", "wp-rest-api-log", "flamingo_inbound"),
        *("flamingo_contact", "flamingo_outbound", "is_search_form", "cookielawinfo", "wpcode", "shop_coupon", "popup"),
        *("wpml-string", "adstxt", "app-adstxt", "blc_link", "redirect_rule", "wprss_feed", "wprss_feed_item"),
    }
)
_MACHINERY_LIKE = re.compile(
    r"^(?:wp_|acf-|et_|elementor_|jp_|mailpoet|frm_|nf_|gf_|wpforms|mepr|oembed"
    r"|sfwd-(?:transactions|essays|assignment|certificates)|ct_template)"
)


# Lists of plugins that are no lists of the paper's.
_NO_LISTS = frozenset(
    {
        *("category", "post_tag", "post_format", "language", "post_translations", "term_language", "term_translations"),
        *("author", "byline", "ppma_author", "guest_author", "nav_menu", "link_category", "translation_priority"),
        *("wp_theme", "wp_template_part_area", "wp_pattern_category", "elementor_library_type", "following_users"),
        *(
            "ef_editorial_meta",
            "ef_usergroup",
            "following_usergroups",
            "post_status",
            "media_category",
            "yst_prominent_words",
        ),
        *("amp_validation_error", "brand", "pa_visibility", "newspack_popups_taxonomy", "series_group", "media_credit"),
    }
)
_SECTIONS = re.compile(r"(?:^|[_-])(?:categor(?:y|ies)|cat|cats|rubric|rubryka|rubrika|rubrik|section|department)s?$")


def is_section(domain: str) -> bool:
    """Whether a list of a plugin or a theme is one of sections."""
    return domain not in _NO_LISTS and _SECTIONS.search(domain) is not None


def is_list(domain: str) -> bool:
    """Whether a list of a plugin or a theme is one that readers saw: series, places, topics."""
    return bool(domain) and domain not in _NO_LISTS and _MACHINERY_LIKE.match(domain) is None


def is_story(kind: str) -> bool:
    return kind in _STORIES


def is_machinery(kind: str) -> bool:
    return kind in _MACHINERY or _MACHINERY_LIKE.match(kind) is not None
