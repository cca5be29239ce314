"""Ghost's cards as plain HTML: the same in Lexical, where a card is a node, and in Mobiledoc, where it is a payload.

Each card's words stay, in the order readers saw them. What a card did besides (unfold, sign up, play) is named.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from standfirst.kit.html import extract, parse_fragment, text_of

_QUOTED_POST = re.compile(r"twitter-tweet|instagram-media|tiktok-embed|bluesky-embed")
_FRAME = re.compile(r"""<iframe\b[^>]*?\ssrc\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
# Mobiledoc's older names, and names that mean the same in both.
_OTHER_NAMES = {"card-markdown": "markdown", "code": "codeblock", "hr": "horizontalrule"}
_SILENT = frozenset({"tk", "zwnj", "at-link", "at-link-search", "soft-return"})


class UnknownCard(Exception):
    """A card of a kind we do not know; the caller takes Ghost's own HTML of the text instead."""


class Cards:
    """Writes the cards of one text.

    note: told every change, in a sentence. rendered_markdown: Ghost's own HTML of the Markdown cards, in their order,
    where the export holds it. is_email: the text went out by e-mail alone, so what only letters show belongs to it.
    is_lenient: a card of an unknown kind is left out and named, for there is nothing better to read.
    """

    def __init__(
        self,
        note: Callable[[str], None],
        *,
        rendered_markdown: list[str] | None = None,
        is_email: bool = False,
        is_lenient: bool = False,
    ) -> None:
        self._note = note
        self._markdown = list(rendered_markdown or [])
        self._is_email = is_email
        self._is_lenient = is_lenient
        self._known: dict[str, Callable[[dict[str, Any]], str]] = {
            "image": self._image,
            "gallery": self._gallery,
            "before-after": self._before_after,
            "embed": self._embed,
            "bookmark": self._bookmark,
            "video": self._video,
            "audio": self._audio,
            "file": self._file,
            "transistor": self._transistor,
            "callout": self._callout,
            "toggle": self._toggle,
            "button": self._button,
            "header": self._header,
            "product": self._product,
            "call-to-action": self._call_to_action,
            "codeblock": self._codeblock,
            "html": self._html,
            "markdown": self._markdown_card,
            "horizontalrule": self._horizontalrule,
            "email": self._email,
            "email-cta": self._email_cta,
            "signup": self._signup,
            "paywall": self._paywall,
        }

    def write(self, name: str, values: dict[str, Any]) -> str:
        """The card as HTML; "" where nothing of it has a place here. Raises UnknownCard."""
        name = _OTHER_NAMES.get(name, name)
        if name in _SILENT:
            return ""
        handle = self._known.get(name)
        if handle is None and not self._is_lenient:
            raise UnknownCard(name)
        if handle is None:
            self._leave_out(
                _("A card of the unknown kind “%(kind)s” was left out.") % {"kind": name[:60]}, values, "html"
            )
            return ""
        hidden = _hidden_because(values.get("visibility"), is_email=self._is_email)
        if hidden:
            self._leave_out(hidden, values, "html", "textValue", "sponsorLabel", "buttonText")
            return ""
        return handle(values)

    # Pictures.

    def _image(self, values: dict[str, Any]) -> str:
        return self._figure(values, caption=self.caption(values.get("caption")))

    def _figure(self, values: dict[str, Any], *, caption: str = "") -> str:
        src = text(values, "src")
        if not src:
            return f"<p>{caption}</p>" if caption else ""
        link = text(values, "href")
        if link and link != src:
            self._note(_("A picture led to %(address)s; that link was left out.") % {"address": link[:300]})
        words = f"<figcaption>{caption}</figcaption>" if caption else ""
        title = f' title="{attribute(values, "title")}"' if text(values, "title") else ""
        return f'<figure><img src="{html.escape(src)}" alt="{attribute(values, "alt")}"{title}>{words}</figure>'

    def _gallery(self, values: dict[str, Any]) -> str:
        pictures = [image for image in listed(values.get("images")) if isinstance(image, dict) and text(image, "src")]
        caption = self.caption(values.get("caption"))
        if len(pictures) == 1:
            own = self.caption(pictures[0].get("caption"))
            return self._figure(pictures[0], caption=" ".join(filter(None, (own, caption))))
        inside = "".join(self._figure(image, caption=self.caption(image.get("caption"))) for image in pictures)
        words = f"<figcaption>{caption}</figcaption>" if caption else ""
        return f'<figure class="sf-gallery">{inside}{words}</figure>' if inside else f"<p>{caption}</p>"

    def _before_after(self, values: dict[str, Any]) -> str:
        self._note(_("Two pictures to compare by sliding stand beside each other."))
        images = [values.get("beforeImage"), values.get("afterImage")]
        return self._gallery({"images": images, "caption": values.get("caption")})

    def caption(self, value: Any) -> str:
        """A caption's words, escaped; its links are named, for captions are plain text here."""
        given = value if isinstance(value, str) else ""
        links = [
            node.get("href") or "" for node in parse_fragment(given).iter("a") if node.get("href")
        ] if "<a" in given.lower() else []  # fmt: skip
        for link in links[:10]:
            self._note(_("A caption's link to %(address)s was left out; its words stay.") % {"address": link[:300]})
        return html.escape(text_of(given), quote=False)

    # What lies elsewhere.

    def _embed(self, values: dict[str, Any]) -> str:
        url, code = text(values, "url"), text(values, "html")
        caption = self.caption(values.get("caption"))
        metadata = values.get("metadata") if isinstance(values.get("metadata"), dict) else {}
        if _QUOTED_POST.search(code):
            # The quoted words are kept: the post may be gone from the network by now.
            return balanced(code) + (f"<p>{caption}</p>" if caption else "")
        if not url.startswith(("http://", "https://")):
            frame = _FRAME.search(code)
            url = html.unescape(frame[1]) if frame else url
        if not url:
            return balanced(code) + (f"<p>{caption}</p>" if caption else "")
        title = attribute(metadata or {}, "title")
        mark = f' data-title="{title}"' if title else ""
        words = f"<figcaption>{caption}</figcaption>" if caption else ""
        return f'<div class="sf-embed" data-url="{html.escape(url)}"{mark}>{words}</div>'

    def _bookmark(self, values: dict[str, Any]) -> str:
        nested = values.get("metadata")
        all_of = {**nested, **{k: v for k, v in values.items() if v}} if isinstance(nested, dict) else values
        url = text(all_of, "url")
        lines = [_linked(url, text(all_of, "title") or url) if url else html.escape(text(all_of, "title"))]
        lines += [html.escape(text(all_of, key)) for key in ("description", "publisher", "author") if text(all_of, key)]
        if text(all_of, "thumbnail"):
            self._note(_("A bookmark's preview picture was left out; its words and its link stay."))
        caption = self.caption(all_of.get("caption"))
        return f"<p>{'<br>'.join(filter(None, lines))}</p>" + (f"<p>{caption}</p>" if caption else "")

    def _video(self, values: dict[str, Any]) -> str:
        return self._played(values, self.caption(values.get("caption")), text(values, "fileName"))

    def _audio(self, values: dict[str, Any]) -> str:
        return self._played(values, html.escape(text(values, "title"), quote=False), "")

    def _played(self, values: dict[str, Any], caption: str, fallback: str) -> str:
        src = text(values, "src")
        if not src:
            return f"<p>{caption}</p>" if caption else ""
        if src.startswith(("http://", "https://")):
            words = f"<figcaption>{caption}</figcaption>" if caption else ""
            return f'<div class="sf-embed" data-url="{html.escape(src)}">{words}</div>'
        return f"<p>{_linked(src, html.unescape(caption) or fallback or src.rsplit('/', 1)[-1])}</p>"

    def _file(self, values: dict[str, Any]) -> str:
        src = text(values, "src")
        name = text(values, "fileName") or src.rsplit("/", 1)[-1]
        lines = [_linked(src, text(values, "fileTitle") or name), html.escape(text(values, "fileCaption"))]
        if text(values, "fileTitle"):
            lines.append(html.escape(name))
        return f"<p>{'<br>'.join(filter(None, lines))}</p>"

    def _transistor(self, values: dict[str, Any]) -> str:
        self._note(_("A podcast player for members (Transistor) was left out."))
        return ""

    # Text in a frame of its own.

    def _callout(self, values: dict[str, Any]) -> str:
        words = balanced(text(values, "calloutText"))
        if not text_of(words):
            return ""
        self._note(_("A callout stands as a paragraph of the text."))
        sign = html.escape(text(values, "calloutEmoji"))
        inside = re.match(r"\s*<p\b[^<>]*>", words)  # the sign stands in the line of the first words
        at = inside.end() if inside else 0
        return f"<div>{words[:at]}{sign} {words[at:]}</div>"

    def _toggle(self, values: dict[str, Any]) -> str:
        self._note(_("A passage to unfold stands open, under a subhead."))
        heading = html.escape(text_of(text(values, "heading")), quote=False)
        return (f"<h3>{heading}</h3>" if heading else "") + f"<div>{balanced(text(values, 'content'))}</div>"

    def _button(self, values: dict[str, Any]) -> str:
        return self._button_of(values, "buttonUrl", "buttonText")

    def _button_of(self, values: dict[str, Any], url: str, words: str) -> str:
        label = text_of(text(values, words))
        if not label:
            return ""
        address = text(values, url)
        return f"<p>{_linked(address, label) if address else html.escape(label, quote=False)}</p>"

    def _header(self, values: dict[str, Any]) -> str:
        out = []
        if text(values, "backgroundImageSrc"):
            out.append(self._figure({"src": values["backgroundImageSrc"]}))
        if text_of(text(values, "header")):
            out.append(f"<h2>{html.escape(text_of(text(values, 'header')), quote=False)}</h2>")
        if text_of(text(values, "subheader")):
            out.append(f"<div>{balanced(text(values, 'subheader'))}</div>")
        if values.get("buttonEnabled") and text(values, "buttonUrl"):
            out.append(self._button(values))
        return "".join(out)

    def _product(self, values: dict[str, Any]) -> str:
        out = []
        if text(values, "productImageSrc"):
            out.append(self._figure({"src": values["productImageSrc"]}))
        if text_of(text(values, "productTitle")):
            out.append(f"<h3>{html.escape(text_of(text(values, 'productTitle')), quote=False)}</h3>")
        out.append(f"<div>{balanced(text(values, 'productDescription'))}</div>")
        if values.get("productRatingEnabled"):
            stars = values.get("productStarRating")
            self._note(_("A product's rating was left out: %(stars)s of 5 stars.") % {"stars": str(stars)[:5]})
        if values.get("productButtonEnabled") and text(values, "productUrl"):
            out.append(self._button_of(values, "productUrl", "productButton"))
        return "".join(out)

    def _call_to_action(self, values: dict[str, Any]) -> str:
        out = []
        if values.get("hasSponsorLabel") and text_of(text(values, "sponsorLabel")):
            out.append(f"<p>{html.escape(text_of(text(values, 'sponsorLabel')), quote=False)}</p>")
        if text(values, "imageUrl"):
            out.append(self._figure({"src": values["imageUrl"]}))
        out.append(f"<div>{balanced(text(values, 'textValue'))}</div>")
        if values.get("showButton") and text(values, "buttonUrl"):
            out.append(self._button(values))
        return "".join(out)

    def _codeblock(self, values: dict[str, Any]) -> str:
        code = text(values, "code")
        if not code:
            return ""
        self._note(_("Program code stands as plain text."))
        caption = self.caption(values.get("caption"))
        return f"<pre>{html.escape(code, quote=False)}</pre>" + (f"<p>{caption}</p>" if caption else "")

    def _html(self, values: dict[str, Any]) -> str:
        return f"<div>{balanced(text(values, 'html'))}</div>"

    def _markdown_card(self, values: dict[str, Any]) -> str:
        if self._markdown:
            return f"<div>{balanced(self._markdown.pop(0))}</div>"
        return f"<div>{balanced(markdown(text(values, 'markdown')))}</div>"

    def _horizontalrule(self, values: dict[str, Any]) -> str:
        return "<hr>"

    # What belongs to letters and members.

    def _email(self, values: dict[str, Any]) -> str:
        if self._is_email:
            return f"<div>{balanced(text(values, 'html'))}</div>"
        self._leave_out(_("A part that only letters showed was left out."), values, "html")
        return ""

    def _email_cta(self, values: dict[str, Any]) -> str:
        if self._is_email:
            button = self._button(values) if values.get("showButton") else ""
            return f"<div>{balanced(text(values, 'html'))}</div>{button}"
        self._leave_out(_("A part that only letters showed was left out."), values, "html", "buttonText")
        return ""

    def _signup(self, values: dict[str, Any]) -> str:
        self._leave_out(_("A form to sign up was left out."), values, "header", "subheader", "disclaimer")
        return ""

    def _paywall(self, values: dict[str, Any]) -> str:
        self._note(_("The mark after which the text was for members only was taken out; the whole text is here."))
        return ""

    def _leave_out(self, what: str, values: dict[str, Any], *keys: str) -> None:
        words = " ".join(filter(None, (text_of(text(values, key)) for key in keys)))
        said = _("It said: “%(words)s”.") % {"words": extract(words, 200)} if words else ""
        self._note(f"{what} {said}".strip())


def text(values: Any, key: str) -> str:
    """A value that should be text; "" where it is anything else."""
    value = values.get(key) if isinstance(values, dict) else None
    return value.strip() if isinstance(value, str) else ""


def attribute(values: Any, key: str) -> str:
    """A value as it stands in an attribute."""
    return html.escape(" ".join(text(values, key).split()))


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def balanced(fragment: str) -> str:
    """A piece of HTML that somebody wrote by hand, with every tag closed: it must not swallow what follows it."""
    if "<" not in fragment and "&" not in fragment:
        return fragment
    root = parse_fragment(fragment)
    inside = "".join(str(lxml_html.tostring(child, encoding="unicode")) for child in root)
    return html.escape(str(root.text or ""), quote=False) + inside


def markdown(source: str) -> str:
    """Markdown as Ghost reads it, as near as the standard goes: tables, strikes, HTML inside."""
    try:
        return str(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(source))
    except (RecursionError, ValueError):
        return "".join(f"<p>{html.escape(part)}</p>" for part in source.split("\n\n"))


def _linked(url: str, words: str) -> str:
    return f'<a href="{html.escape(url)}">{html.escape(words, quote=False)}</a>'


def _hidden_because(visibility: Any, *, is_email: bool) -> str:
    """Why readers of the open site did not see a card; "" where they did."""
    if not isinstance(visibility, dict):
        return ""
    web = visibility.get("web")
    if isinstance(web, dict):
        if web.get("nonMember") is not False:
            return ""
        for_letters = not web.get("memberSegment")
    elif visibility.get("showOnWeb") is False or visibility.get("emailOnly") is True:
        for_letters = True
    else:
        return ""
    if for_letters:
        return "" if is_email else _("A part that only letters showed was left out.")
    return _("A part that only members saw was left out.")
