"""What stands on a page and is not its story: menus, boxes for sharing, other stories, forms, notices."""

from __future__ import annotations

import re

from lxml import etree

_TOKENS = """
share sharing shares social addtoany sharedaddy sharethis addthis likely ya-share2 related relatedposts
recommend recommended recommendations read-also readalso read-more readmore see-also also-read more-news
more-stories other-news othernews last-news latest-news popular trending most-read mostread newsletter subscribe
subscription signup sign-up promo banner banners advert adverts advertisement advertising ads adv ad adsbygoogle
dfp gpt taboola outbrain mgid recreativ comment comments commentlist respond disqus breadcrumb breadcrumbs
crumbs pagination pager nav navbar navigation nav-links post-navigation menu submenu author-box authorbox
author-bio about-author author-info bio tags tag-list taglist post-tags tagcloud tags-links entry-meta post-meta
article-meta entry-footer post-footer byline posted-on cat-links toolbar sidebar cookie cookies consent gdpr
popup modal donate donation donations paywall telegram-banner app-banner toc table-of-contents skip-link sr-only
screen-reader-text visually-hidden visuallyhidden rating ratings votes views-count post-views pageviews
print-link error-report mistape orphus prev-next prevnext next-post prev-post infobar ticker search searchform
login copyright footnote-ads widgettitle comments-area noprint no-print jp-relatedposts crp_related yarpp
wp-block-latest-posts author-name post-author entry-author post-ufi subscription-widget-wrap
"""
_FURNITURE = frozenset(_TOKENS.split())
_PARTS = frozenset(
    {
        *("share", "sharing", "social", "related", "recommended", "newsletter", "subscribe", "advert", "advertisement"),
        *("ads", "ad", "adv", "comments", "breadcrumb", "breadcrumbs", "pagination", "sidebar", "cookie", "banner"),
        *("promo", "donate", "nav", "tags", "byline", "popular", "taboola", "disqus", "telegram"),
    }
)
_EMBEDS = re.compile(
    r"twitter-tweet|instagram-media|tiktok-embed|bluesky-embed|fb-post|fb-video|wp-block-embed|sf-embed"
)
_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alertdialog", "menu"})
_LEADS_AWAY = re.compile(
    r"^\W*(?:читайте (?:також|ще|також:|по темі)|читати також|читайте нас|дивіться також|"
    r"також читайте|більше (?:новин|про)|"
    r"інші новини|схожі (?:новини|матеріали|статті)|за темою|новини за темою|пов['’]язані|по темі|"
    r"актуально|раніше писали|"
    r"читайте также|смотрите также|по теме|похожие (?:новости|материалы)|"
    r"read (?:also|more|next|on)|see also|also read|more (?:on|from|about|stories|news)|"
    r"related(?: stories| articles| news| posts)?|"
    r"you may also (?:like|read)|recommended|most (?:read|popular)|latest news|don['’]t miss)\b",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"^\W*(?:підпи(?:суйтесь|суйтеся|шіться|шись|сатися|ска)|подпи(?:сывайтесь|шитесь)|приєднуйтесь|"
    r"долучайтесь до|стежте за нами|"
    r"слідкуйте за|якщо ви (?:знайшли|помітили|побачили) помилку|знайшли помилку|помітили помилку|"
    r"подобається\?|сподобал(?:ась|ося)|поділи(?:тися|тись|ться)|підтримайте (?:нас|редакцію)|"
    r"follow us|subscribe|sign up (?:for|to)|join (?:us|our)|like us on|share (?:this|on|via)|"
    r"found (?:a|an) (?:error|typo|mistake)|"
    r"if you (?:notice|find|spot|see) (?:a|an) (?:error|typo|mistake)|support (?:us|our)|click here to|"
    r"this (?:site|website) uses cookies|enter your email)",
    re.IGNORECASE,
)
_SINGLE = re.compile(
    r"^\W*(?:реклама|advertisement|advertising|ad|sponsored|promo|share|tweet|print|facebook|twitter|"
    r"telegram|whatsapp|viber|email|"
    r"press enter or click to view image in full size|"
    r"copy link|поділитися|поширити|друкувати|надрукувати|коментарі|comments?|теги|tags|автор|0|"
    r"(?:\d+ (?:переглядів|views?|comments?|likes?|"
    r"коментар\w*|min(?:ute)?s? read|хв\.? (?:читання|на читання))\W*)+)\W*$",
    re.IGNORECASE,
)


def is_furniture(element: etree._Element) -> bool:
    """Whether a box says of itself that it is not of the story."""
    if (element.get("role") or "").strip().lower() in _ROLES or "hidden" in element.attrib:
        return True
    if element.tag in ("nav", "form", "button", "input", "select", "dialog", "menu", "fieldset", "textarea"):
        return True
    style = (element.get("style") or "").lower().replace(" ", "")
    if "display:none" in style or "visibility:hidden" in style:
        return True
    said = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
    if not said.strip() or _EMBEDS.search(said):
        return False
    for word in said.split():
        if word in _FURNITURE:
            return True
        pieces = [piece for piece in re.split(r"[-_]+", word) if piece]
        # "article__share", "block-related-news": the first or last piece names the box; "no-sidebar" does not.
        if (
            len(pieces) > 1
            and pieces[0] not in ("no", "has", "with", "without", "js", "is")
            and (pieces[-1] in _PARTS or pieces[0] in _PARTS or "-".join(pieces[-2:]) in _FURNITURE)
        ):
            return True
    return False


def leads_away(text: str) -> bool:
    """A line that sends to other stories: “Read also”."""
    return bool(_LEADS_AWAY.match(text))


def is_notice(text: str) -> bool:
    """A line that asks for something: to follow, to subscribe, to report a mistake."""
    return len(text) < 300 and bool(_NOTICE.match(text))


def is_label(text: str) -> bool:
    """A word of the page's machinery that stands alone."""
    return len(text) < 60 and bool(_SINGLE.match(text))


def link_share(element: etree._Element) -> float:
    """How much of a box's text is links."""
    whole = len("".join(map(str, element.itertext())).strip())
    if not whole:
        return 0.0
    links = 0
    for link in element.iter("a"):
        if link.get("href") and not any(up.tag == "a" for up in link.iterancestors("a")):
            links += len("".join(map(str, link.itertext())).strip())
    return min(1.0, links / whole)
