"""Plain HTML of any old system as our stream of blocks in plain data.

What comes out: {"type": "text", "value": html}, {"type": "picture" | "gallery", …} with each use of a picture as a
PictureUse, to be found by `pictures`; {"type": "table" | "embed", …}. Everything taken out or changed is named in
`changes`. Nothing of the old markup is copied: text is written anew by kit.flow and passes the allow-list again.

A source may say more than HTML can, in these forms: `<div class="sf-embed" data-url="…" data-title="…">` for something
embedded, and `<div class="sf-gallery" data-ids="4,5">` for pictures that it knows by number; and who made a picture as
`data-credit` of its `<img>`.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from standfirst.importers.lines import line_of
from standfirst.importers.records import PictureUse
from standfirst.importers.widgets import is_helper, is_quoted_post, quoted_address, widget_address
from standfirst.kit import oldpaths
from standfirst.kit.flow import Flow, Passage, Thing
from standfirst.kit.html import clean_passage, extract, parse_fragment, text_of
from standfirst.kit.links import joined, safe_href, split, unwrapped

_URL_ALONE = re.compile(r"^<p>(?:<a href=\"([^\"]+)\">)?(https?://[^\s<]+)(?:</a>)?</p>$")
_PLAYER_HOSTS = frozenset(
    {
        *("www.youtube.com", "youtube.com", "youtu.be", "m.youtube.com", "vimeo.com", "player.vimeo.com", "t.me"),
        *("x.com", "twitter.com", "mobile.twitter.com", "www.facebook.com", "www.instagram.com", "instagram.com"),
        *("www.tiktok.com", "soundcloud.com", "open.spotify.com", "bsky.app", "www.dailymotion.com", "fb.watch"),
    }
)
# A link to the picture itself, or to WordPress's page for it.
_SHOWS_ITSELF = re.compile(r"\.(?:jpe?g|png|webp|gif|avif|bmp)(?:\?|$)|attachment_id=|attachment/|^#", re.IGNORECASE)
_YOUTUBE_ID = re.compile(r"(?:embed/|/v/|[?&]v=|youtu\.be/|shorts/|live/)([A-Za-z0-9_-]{6,20})")
_YOUTUBE_LIST = re.compile(r"[?&]list=([A-Za-z0-9_-]{6,60})")
_HIDDEN = re.compile(r"(?:^|;)\s*display\s*:\s*none", re.IGNORECASE)
_UNFOLDS = re.compile(r"accordion|toggle|collaps|question|faq|tab", re.IGNORECASE)
# What players call themselves, whatever they play.
_NO_TITLES = re.compile(r"^(?:youtube|vimeo|video|embed|iframe|facebook|spotify|soundcloud)[\w ]*$", re.IGNORECASE)
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_RULES = re.compile(r"(?:<hr>){2,}")
_MAX_CELLS = 5_000
# Elements that a method of `_Walk` reads; any other name, of the page's or of nobody's, is only a box.
_READ_HERE = frozenset(
    {
        *("figure", "dl", "img", "picture", "ul", "ol", "button", "template", "canvas", "noembed", "noframes", "table"),
        *("hr", "iframe", "video", "audio", "script", "form", "object", "embed", "applet", "svg", "blockquote"),
        *("select", "textarea", "datalist"),
    }
)
MAX_GALLERY = 40
MAX_HEADING = 150


@dataclass
class Converted:
    """blocks: our stream, pictures still PictureUse; changes: what was changed or left out, one sentence each."""

    blocks: list[dict[str, Any]] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)

    def note(self, sentence: str) -> None:
        if sentence not in self.changes:
            self.changes.append(sentence)


class HtmlReader:
    """Reads the texts of one site.

    site_url: the old site's address, to make its links into paths of ours and to know its own pictures.
    """

    def __init__(self, *, site_url: str = "") -> None:
        self.site_url = site_url.rstrip("/")
        self.host = (split(self.site_url).hostname or "").lower()
        self.host = self.host.removeprefix("www.")
        self.port = split(self.site_url).port
        self._at = ""
        self._result = Converted()

    def convert(self, markup: str, *, at: str = "") -> Converted:
        """The HTML as blocks. Never raises for bad markup. at: the text's own old address, for links from there."""
        result = self._result = Converted()
        self._at = at
        root = parse_fragment(markup)
        _spell_out(root, result)
        walk = _Walk(self, result)
        try:
            pieces = Flow(hook=walk.hook, link=self.link).read(root)
        except RecursionError:
            result.note(_("Its markup was nested beyond reading; only its words were kept."))
            words = html.escape(text_of(markup), quote=False)
            pieces = [Passage("p", f"<p>{words}</p>")] if words else []
        result.blocks = _joined(pieces, self)
        return result

    def is_own(self, url: str) -> bool:
        """Whether an absolute address lies on the old site."""
        return bool(self.host) and (split(url).hostname or "").lower().removeprefix("www.") == self.host

    def link(self, href: str) -> str | None:
        """A link's address as our text keeps it: links to the old site itself become paths here."""
        href = unwrapped(href.strip())
        if href.startswith("#"):
            self._result.note(_("Links to places within the text itself lead nowhere here; their words stay."))
            return None
        if href.lower().startswith("www."):
            href = f"https://{href}"
        elif self._at and href and not href.startswith(("/", "#")) and not _SCHEME.match(href):
            href = joined(self._at, href)  # "../other/" and "?p=12" are meant from where the text lay
        parts = split(href)
        own = bool(self.host) and (parts.hostname or "").lower().removeprefix("www.") == self.host
        own = own and (parts.port or 0) in (self.port or 0, 80, 443)
        if parts.scheme in ("http", "https", "") and own:
            path = "/" + parts.path.lstrip("/")
            query = f"?{parts.query}" if parts.query else ""
            return safe_href(path + query + (f"#{parts.fragment}" if parts.fragment else ""))
        return safe_href(href)


class _Walk:
    """The hook of one text's walk: sees each element before its text is read."""

    def __init__(self, reader: HtmlReader, result: Converted) -> None:
        self.reader = reader
        self.result = result

    def hook(self, element: etree._Element) -> list[Any] | None:
        name = element.tag.lower()
        if _HIDDEN.search(element.get("style") or ""):
            self._left_out(element, _("A passage that was hidden from readers was left out: “%(words)s”."))
            return []
        address = widget_address(element)
        if address:
            return self._embedded(address, "")
        if name in _READ_HERE:
            return getattr(self, f"_{name}")(element)
        classes = (element.get("class") or "").split()
        if "sf-embed" in classes:
            return self._embed_block(element)
        if "sf-gallery" in classes or "gallery" in classes or "wp-block-gallery" in classes:
            return self._gallery(element)
        return None

    def _figure(self, element: etree._Element) -> list[Any] | None:
        classes = (element.get("class") or "").split()
        if "wp-block-gallery" in classes or len(element.findall(".//figure")) > 1:
            return self._gallery(element)
        if "wp-block-embed" in classes or "sf-embed" in classes:
            return self._embed_block(element)
        table = element.find(".//table")
        if table is not None:
            return self._table_block(table, self._caption(element.find(".//figcaption")))
        for kind in ("video", "audio", "iframe"):
            found = element.find(f".//{kind}")
            if found is not None:
                return self._player(found, self._caption(element.find(".//figcaption")))
        pictures = element.findall(".//img")
        if len(pictures) > 1:
            return self._gallery(element)
        if not pictures:
            return None
        use = self._use(pictures[0])
        if use is None:
            return None
        caption = element.find(".//figcaption")
        use.caption = self._caption(caption)
        number = element.get("data-id") or ""
        use.attachment = use.attachment or (int(number) if number.isascii() and number.isdigit() else 0)
        return [{"type": "picture", "value": use}]

    def _dl(self, element: etree._Element) -> list[Any] | None:
        """Captions and galleries of WordPress before 2012."""
        pictures = element.findall(".//img")
        if len(pictures) != 1:
            return None
        use = self._use(pictures[0])
        if use is None:
            return None
        use.caption = self._caption(element.find(".//dd"))
        return [{"type": "picture", "value": use}]

    def _img(self, element: etree._Element) -> list[Any] | None:
        use = self._use(element)
        return None if use is None else [{"type": "picture", "value": use}]

    def _picture(self, element: etree._Element) -> list[Any] | None:
        """One picture in several forms for several screens."""
        picture = element.find(".//img")
        return self._img(picture) if picture is not None else None

    def _ul(self, element: etree._Element) -> list[Any] | None:
        classes = element.get("class") or ""
        return self._gallery(element) if "gallery" in classes and element.find(".//img") is not None else None

    def _caption(self, element: etree._Element | None) -> str:
        """A caption's words; its links are named, for captions are plain text here."""
        for link in element.iter("a") if element is not None else ():
            href = (link.get("href") or "").strip()
            if href and not href.startswith("#"):
                self.result.note(
                    _("A caption's link to %(address)s was left out; its words stay.") % {"address": href[:300]}
                )
        return line_of(element)

    def _left_out(self, element: etree._Element, sentence: str) -> None:
        words = line_of(element)
        if words:
            self.result.note(sentence % {"words": extract(words, 200)})

    def _ol(self, element: etree._Element) -> list[Any] | None:
        if (element.get("start") or "1").strip() != "1" or element.get("reversed") is not None:
            self.result.note(_("A list that did not count from 1 upwards does so here."))
        return None

    def _button(self, element: etree._Element) -> list[Any] | None:
        """What unfolds a passage is its heading; any other does nothing without its script."""
        about = " ".join(element.get(key) or "" for key in ("class", "data-toggle", "data-bs-toggle", "id"))
        words = line_of(element)
        if words and (element.get("aria-expanded") or element.get("aria-controls") or _UNFOLDS.search(about)):
            return [Passage("h3", f"<h3>{html.escape(words, quote=False)}</h3>")]
        self._left_out(element, _("A button was left out: “%(words)s”."))
        return []

    def _template(self, element: etree._Element) -> list[Any] | None:
        self._left_out(element, _("What only a script would have shown was left out: “%(words)s”."))
        return []

    _canvas = _noembed = _noframes = _template

    def _select(self, element: etree._Element) -> list[Any] | None:
        self._left_out(element, _("A field for readers to fill in was left out: “%(words)s”."))
        return []

    _textarea = _datalist = _select

    def _table(self, element: etree._Element) -> list[Any] | None:
        return self._table_block(element, line_of(element.find("caption")))

    def _hr(self, element: etree._Element) -> list[Any] | None:
        return [Passage("hr", "<hr>")]

    def _iframe(self, element: etree._Element) -> list[Any] | None:
        return self._player(element, "")

    _video = _audio = _iframe

    def _script(self, element: etree._Element) -> list[Any] | None:
        if "json" not in (element.get("type") or "").lower() and not is_helper(element):
            self.result.note(_("A script was taken out."))
        return []

    def _form(self, element: etree._Element) -> list[Any] | None:
        self.result.note(_("A form was taken out; its words were kept."))
        return None

    def _object(self, element: etree._Element) -> list[Any] | None:
        """A plug-in. Films of the years before 2012 came so."""
        named = [element.get("data"), element.get("src")]
        named += [node.get("src") for node in element.iter("embed")]
        named += [node.get("value") for node in element.iter("param") if (node.get("name") or "").lower() == "movie"]
        for url in filter(None, named):
            host = (split(f"https:{url}" if url.startswith("//") else url).hostname or "").lower()
            if host.removeprefix("www.") in ("youtube.com", "youtube-nocookie.com") and _YOUTUBE_ID.search(url):
                return self._embedded(url, "")
            if host.endswith("vimeo.com") and (number := re.search(r"clip_id=(\d+)", url)):
                return self._embedded(f"https://vimeo.com/{number[1]}", "")
        self.result.note(_("A plug-in object was taken out."))
        return []

    _embed = _applet = _object

    def _svg(self, element: etree._Element) -> list[Any] | None:
        self.result.note(_("A drawing in the page's own code (SVG) was taken out."))
        if not any(element.find(f".//{name}") is not None for name in ("p", "div", "h2", "h3", "ul", "ol", "img")):
            return []
        # Never closed: a browser would end it at the first paragraph, and so do we.
        pieces = Flow(hook=self.hook, link=self.reader.link).read(element)
        return [piece.value if isinstance(piece, Thing) else piece for piece in pieces]

    def _blockquote(self, element: etree._Element) -> list[Any] | None:
        if not is_quoted_post(element):
            return None
        found = self._embedded(quoted_address(element), "")
        # The quoted words are kept: the post may be gone from the network by now.
        words = html.escape(" ".join(str(t) for t in element.itertext()), quote=False)
        return (
            [Passage("blockquote", f"<blockquote>{' '.join(words.split())}</blockquote>"), *found]
            if words.strip()
            else found
        )

    def _embed_block(self, element: etree._Element) -> list[Any] | None:
        caption = self._caption(element.find(".//figcaption"))
        url = element.get("data-url") or ""
        if not url:
            frame = element.find(".//iframe")
            link = element.find(".//a")
            url = frame.get("src") or "" if frame is not None else ""
            url = url or " ".join("".join(map(str, element.itertext())).replace(caption, "").split())
            url = url if url.startswith("http") else (link.get("href") or "" if link is not None else "")
        return self._embedded(url, caption, title=" ".join((element.get("data-title") or "").split()))

    def _player(self, element: etree._Element, caption: str) -> list[Any]:
        source = element.find("source")
        if "wp-embedded-content" in (element.get("class") or ""):
            return []  # the quotation before it holds the same title and link
        named = [element.get(key) or "" for key in ("src", "data-src", "data-lazy-src")]
        named.append(source.get("src") or "" if source is not None else "")
        url = next((each for each in named if each and not each.startswith(("about:", "data:"))), named[0])
        if element.get("poster"):
            self.result.note(_("The picture a film showed before it played was left out."))
        title = " ".join((element.get("title") or "").split())
        return self._embedded(url, caption, title="" if caption or _NO_TITLES.match(title) else title)

    def _embedded(self, url: str, caption: str, *, title: str = "") -> list[Any]:
        url = html.unescape(url.strip())
        url = f"https:{url}" if url.startswith("//") else url
        url = joined(self.reader.site_url + "/", url) if url.startswith("/") else url
        is_clean = url.startswith(("http://", "https://")) and not re.search(r"""[\s<>"'`\\{}|^]""", url)
        safe = safe_href(url) if is_clean else None
        if safe is None or len(safe) > 1000:
            self.result.note(_("An embed without a usable address was left out."))
            return [Passage("p", f"<p>{html.escape(caption, quote=False)}</p>")] if caption else []
        parts = split(safe)
        host = (parts.hostname or "").lower()
        if not caption and self.reader.is_own(safe) and not oldpaths.is_file(parts.path):
            # WordPress showed another text of the paper so.
            words = html.escape(title or safe, quote=False)
            return [Passage("p", f'<p><a href="{html.escape(self.reader.link(safe) or safe)}">{words}</a></p>')]
        video = _YOUTUBE_ID.search(safe) if "youtu" in host else None
        if video and video[1] in ("videoseries", "live_stream"):
            several = _YOUTUBE_LIST.search(safe)
            safe = f"https://www.youtube.com/playlist?list={several[1]}" if several else safe
        elif video:
            safe = f"https://www.youtube.com/watch?v={video[1]}"
        elif host == "player.vimeo.com" and (number := re.search(r"/video/(\d+)", parts.path)):
            safe = f"https://vimeo.com/{number[1]}"
        if not title and len(caption) <= 200:
            title, caption = caption, ""  # said once
        host = (split(safe).hostname or "").removeprefix("www.")
        value = {"url": safe, "title": (title or caption)[:200] or host, "caption": caption[:500]}
        return [{"type": "embed", "value": value}]

    def _gallery(self, element: etree._Element) -> list[Any] | None:
        uses: list[PictureUse] = []
        for picture in element.iter("img"):
            use = self._use(picture)
            if use is None:
                continue
            box = next((up for up in picture.iterancestors() if up.tag in ("figure", "li", "dl")), None)
            if box is not None and box is not element:
                words = box.find(".//figcaption")
                use.caption = self._caption(words if words is not None else box.find(".//dd"))
            uses.append(use)
        if not uses:
            ids = [int(number) for number in re.findall(r"\d{1,12}", element.get("data-ids") or "")]
            uses = [PictureUse(src="", attachment=number) for number in ids]
        if not uses:
            return None
        heading = element.find("figcaption")
        said = self._caption(heading)
        if len(uses) > 1 and len(said) <= MAX_HEADING:
            return [{"type": "gallery", "value": {"heading": said, "pictures": uses}}]
        # One picture has no heading: it is its caption, or a line of its own below; so is one too long for a heading.
        if len(uses) == 1 and not uses[0].caption:
            uses[0].caption, said = said, ""
        below = [Passage("p", f"<p>{html.escape(said, quote=False)}</p>")] if said else []
        if len(uses) == 1:
            return [{"type": "picture", "value": uses[0]}, *below]
        return [{"type": "gallery", "value": {"heading": "", "pictures": uses}}, *below]

    def _name_link(self, picture: etree._Element) -> None:
        """A picture here leads nowhere; where it led elsewhere, that is told."""
        around = picture.getparent()
        if around is None or around.tag != "a":
            return
        href = (around.get("href") or "").strip()
        if not href or _SHOWS_ITSELF.search(href) or "attachment" in (around.get("rel") or ""):
            return
        if (split(href).hostname or self.reader.host).removeprefix("www.") == self.reader.host:
            self.result.note(_("A picture that was a link to another page of the old site no longer is one."))
        else:
            self.result.note(_("A picture that was a link no longer is one (%(address)s).") % {"address": href[:300]})

    def _use(self, element: etree._Element) -> PictureUse | None:
        """A picture worth keeping, or None for emoji, smileys, tracking dots and drawings inside the page."""
        src = next(
            (
                value.strip()
                for key in ("data-orig-file", "data-src", "data-lazy-src", "data-original", "src")
                if (value := element.get(key)) and not value.strip().startswith("data:")
            ),
            "",
        )
        classes = element.get("class") or ""
        sizes = (element.get("width") or "", element.get("height") or "")
        if "emoji" in classes or "wp-smiley" in classes or "s.w.org/images/core/emoji" in src:
            return None
        if "1" in sizes and set(sizes) <= {"0", "1"}:
            self.result.note(_("A tracking picture was left out."))
            return None
        if not src:
            self.result.note(_("A picture written into the page itself (data:) was left out."))
            return None
        self._name_link(element)
        src = f"https:{src}" if src.startswith("//") else src
        number = re.search(r"wp-image-(\d{1,12})", classes)
        known = number[1] if number else element.get("data-id") or element.get("data-attachment-id") or ""
        return PictureUse(
            src=joined(self.reader.site_url + "/", src),
            attachment=int(known) if known.isascii() and known.isdigit() else 0,
            alt=" ".join((element.get("alt") or "").split())[:250],
            credit=" ".join((element.get("data-credit") or "").split())[:250],
        )

    def _table_block(self, table: etree._Element, caption: str) -> list[Any] | None:
        rows = [
            [cell for cell in row if isinstance(cell.tag, str) and cell.tag in ("td", "th")] for row in table.iter("tr")
        ]
        rows = [row for row in rows if row]
        width = max((len(row) for row in rows), default=0)
        has_more = (
            table.find(".//table") is not None
            or table.find(".//img") is not None
            or table.find(".//iframe") is not None
        )
        if width < 2 or has_more or width * len(rows) > _MAX_CELLS:
            return None  # a table for layout: its cells are read as text
        if any(cell.get("colspan") or cell.get("rowspan") for row in rows for cell in row):
            self.result.note(_("A table with joined cells was made plain; look it over."))
        head = table.find("thead") is not None or all(cell.tag == "th" for cell in rows[0])
        cells = [[line_of(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
        value = {
            "caption": caption[:250],
            "head": cells[0] if head else [""] * width,
            "rows": cells[1:] if head else cells,
            "row_heads": all(row[0].tag == "th" for row in rows),
        }
        return [{"type": "table", "value": value}]


def _spell_out(root: etree._Element, result: Converted) -> None:
    """Formulas as their signs, and pictures that stood for those without scripts alone as pictures."""
    for formula in list(root.iter("math")):
        words = " ".join((formula.get("alttext") or " ".join(map(str, formula.itertext()))).split())
        tail = formula.tail
        formula.clear()
        formula.tag, formula.text, formula.tail = "span", words, tail
        result.note(_("A formula stands as plain text."))
    hidden = [(box, list(box.iter("img"))) for box in list(root.iter("noscript"))]
    if hidden:
        inside = {picture for _box, pictures in hidden for picture in pictures}
        shown = {value for picture in root.iter("img") if picture not in inside for value in picture.values()}
        for box, pictures in hidden:
            if pictures and not any(picture.get("src") in shown for picture in pictures):
                box.tag = "div"


def _joined(pieces: list[Passage | Thing], reader: HtmlReader) -> list[dict[str, Any]]:
    """Neighbouring passages as one running text (decision 3); addresses that stand alone become embeds."""
    blocks: list[dict[str, Any]] = []
    text: list[str] = []

    def close() -> None:
        if text:
            # A rule divides two passages; where there is none beside it, it divides nothing.
            cleaned = _RULES.sub("<hr>", clean_passage("".join(text))).removeprefix("<hr>").removesuffix("<hr>")
            if cleaned:
                blocks.append({"type": "text", "value": cleaned})
            text.clear()

    for piece in pieces:
        value = piece.value if isinstance(piece, Thing) else piece
        if isinstance(value, Passage):
            alone = _URL_ALONE.match(value.html)
            url = html.unescape(alone[2]) if alone else ""
            if alone and (split(url).hostname or "").lower() in _PLAYER_HOSTS:
                close()
                host = (split(url).hostname or "").removeprefix("www.")
                blocks.append({"type": "embed", "value": {"url": url, "title": host, "caption": ""}})
            elif alone and not alone[1] and reader.is_own(url):
                text.append(f'<p><a href="{html.escape(reader.link(url) or url)}">{alone[2]}</a></p>')
            else:
                text.append(value.html)
        else:
            close()
            blocks.append(value)
    close()
    return blocks
