"""HTML from strangers and from clipboards, made into the little HTML a story may hold; and the text inside
HTML.

What is allowed is a list, never what is forbidden (decision 19). Everything passes nh3 once more when it is
rendered.
"""

import html as entities
import re
import unicodedata

import nh3
from lxml import etree
from lxml import html as lxml_html

from standfirst.kit.flow import Flow, Passage
from standfirst.kit.links import SCHEMES, safe_href, unwrapped

PASSAGE_TAGS = frozenset(
    {"p", "h2", "h3", "ul", "ol", "li", "blockquote", "a", "strong", "b", "em", "i", "sub", "sup", "s", "br", "hr"}
)
EXTRACT_LIMIT_CHARS = 500

_BREAKING = """
address article aside blockquote br caption center dd details div dl dt fieldset figcaption figure footer
form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul
"""
_BLOCK_TAGS = set(_BREAKING.split())
_UNREADABLE = frozenset({"script", "style", "template", "title", "noscript", "textarea", "select", "svg", "math"})
_TAG = re.compile(r"<[^>]*>")
_EMPTY_LINK = re.compile(r"<a>(.*?)</a>", re.DOTALL)  # its address was refused; links cannot nest
_SCRIPTS = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_WHITE = re.compile(r"\s+")
_KEY = re.compile(r"[A-Za-z0-9_-]{1,36}")
_FRAGMENT = re.compile(r"<!--\s*StartFragment\s*-->(.*)<!--\s*EndFragment\s*-->", re.DOTALL | re.IGNORECASE)
# Word's conditions, and the one tag that would turn the rest of a page into its own source.
_CONDITIONAL = re.compile(r"<!\[(?:if|endif)[^\]>]*\]>|</?plaintext\b[^>]*>", re.IGNORECASE)
_FORBIDDEN_CHARS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MAX_PASTE_CHARS = 5_000_000


def clean_passage(html: str, *, stored: bool = False) -> str:
    """Story text with nothing in it but what story text may hold.

    Paragraphs, two ranks of subheads, lists, quotations, links, bold, italic, struck, raised, lowered,
    breaks; scripts and styles go with all they contain, other tags go and leave their text.
    stored: keep the editor's own marks too (data-block-key, and linktype and id of links to our own pages),
    for text on its way into or out of the database.
    """
    # "*" names what every tag may carry: without it nh3 lets title and lang through.
    attributes: dict[str, set[str]] = {"*": set(), "a": {"href"}}
    if stored:
        attributes |= {tag: {"data-block-key"} for tag in ("p", "h2", "h3", "li", "blockquote")}
        attributes["a"] = {"href", "linktype", "id"}
    cleaned = nh3.clean(
        html,
        tags=set(PASSAGE_TAGS),
        clean_content_tags=set(_UNREADABLE) - {"noscript"},
        attributes=attributes,
        attribute_filter=_keep_attribute,
        url_schemes=set(SCHEMES),
        link_rel=None,
    )
    return _EMPTY_LINK.sub(r"\1", cleaned)


def clean_paste(html: str) -> str:
    """What an editor copied elsewhere, as story text.

    Keeps links, subheads (h1 and h2 become h2, the rest h3), lists, quotations, bold and italic, whether
    they were written as tags or as styles; drops everything else. Knows the habits of Google Docs, Word,
    Telegram and WordPress. Text that was hidden in the source stays away. Longer than five million
    characters is cut.
    """
    fragment = _FRAGMENT.search(html)
    root = parse_fragment(fragment[1] if fragment else html)
    try:
        pieces = Flow(link=lambda href: safe_href(unwrapped(href))).read(root)
    except RecursionError:
        return clean_passage(f"<p>{entities.escape(text_of(html), quote=False)}</p>")
    return clean_passage("".join(piece.html for piece in pieces if isinstance(piece, Passage)))


def text_of(html: str) -> str:
    """The visible text: tags dropped, entities decoded, NFC, every run of white space one space."""
    if "<" not in html and "&" not in html:
        return _normal(html)
    bare = nh3.clean(html, tags=_BLOCK_TAGS, attributes={"*": set()}, clean_content_tags=set(_UNREADABLE))
    return _normal(entities.unescape(_TAG.sub(" ", bare)))


def extract(text: str, limit: int = EXTRACT_LIMIT_CHARS) -> str:
    """At most limit code points of the text in NFC with white space collapsed, cut at the last word end
    (RL-11).

    Punctuation that follows the last word directly stays if there is room. A single word longer than the
    limit is cut between letters as people see them.
    """
    normal = _normal(text)
    if len(normal) <= limit:
        return normal
    end = limit
    while end > 0 and not _is_word_end(normal, end):
        end -= 1
    if end == 0:
        end = limit
        while end > 1 and _continues(normal[end]):
            end -= 1
        return normal[:end]
    reached = end
    while reached < limit and not normal[reached].isspace() and not _is_opening(normal[reached]):
        reached += 1
    if reached == limit and reached < len(normal) and not normal[reached].isspace():
        reached = end
    return normal[:reached]


def parse_fragment(html: str) -> etree._Element:
    """A forgiving reading of a piece of HTML: the element that holds it all. Never raises for bad markup."""
    text = _FORBIDDEN_CHARS.sub("", _CONDITIONAL.sub("", html[:_MAX_PASTE_CHARS]))
    parser = lxml_html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True
    )
    try:
        document = lxml_html.document_fromstring(f"<body>{text}".encode(), parser=parser)
    except etree.ParserError:
        return etree.Element("body")
    if any("depth" in (entry.message or "") for entry in parser.error_log):
        # Boxes in boxes beyond all sense: libxml2 stops there, but the words count.
        plain = etree.Element("body")
        plain.text = _normal(entities.unescape(_TAG.sub(" ", _SCRIPTS.sub(" ", text))))
        return plain
    body = document.find("body")
    return body if body is not None else document


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return safe_href(value)
    if name == "data-block-key":
        return value if _KEY.fullmatch(value) else None
    if name == "linktype":
        return value if value in ("page", "document") else None
    if name == "id":
        return value if value.isascii() and value.isdigit() else None
    return value


def _normal(text: str) -> str:
    return _WHITE.sub(" ", unicodedata.normalize("NFC", text)).strip()


def _is_word_char(text: str, position: int) -> bool:
    char = text[position]
    if char.isalnum() or char == "_" or _continues(char):
        return True
    inside = 0 < position < len(text) - 1
    return char in "'’ʼ-‑" and inside and text[position - 1].isalnum() and text[position + 1].isalnum()


def _is_word_end(text: str, position: int) -> bool:
    return _is_word_char(text, position - 1) and not (position < len(text) and _is_word_char(text, position))


def _is_opening(char: str) -> bool:
    return unicodedata.category(char) in ("Ps", "Pi") or char == "„"


def _continues(char: str) -> bool:
    """Whether a character belongs to the one before it: accents, joiners, emoji variants."""
    return (
        unicodedata.category(char) in ("Mn", "Mc", "Me")
        or char in "\u200d\ufe0f"
        or "\U0001f3fb" <= char <= "\U0001f3ff"
    )
