"""A saved page's pictures: the file beside it, in it or in its mirror, else the address where it lay; and its words."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes

from lxml import etree

from standfirst.importers.media import MAX_FILE_BYTES
from standfirst.importers.pages.origins import bare_address
from standfirst.importers.pages.sizes import full_size
from standfirst.importers.records import PictureUse
from standfirst.kit.links import joined, split

_BEST_FIRST = (
    "data-orig-file",
    "data-full-url",
    "data-full-src",
    "data-large-file",
    "data-large_image",
    "data-hi-res-src",
)
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_THEN = ("data-src", "data-lazy-src", "data-lazy", "data-original", "data-echo", "data-image", "src", "file")
_PICTURE_NAME = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:$|[?#])", re.IGNORECASE)
_SINGLE_FILE_MARK = re.compile(r"var\(\s*(--sf-img-\d+)\s*\)")
_SINGLE_FILE_VALUE = re.compile(r"""(--sf-img-\d+)\s*:\s*url\(\s*["']?(data:[^"')\s]+)""")
_CAPTION_CLASS = re.compile(
    r"caption|img-?desc|photo-?desc|media-?desc|figure-?text|image-?title|pidpys", re.IGNORECASE
)
_CREDIT_CLASS = re.compile(
    r"(?:^|[\s_-])(?:credit|credits|copyright|photographer|photo-author|photo_author|img-author|"
    r"image-source|photo-source|source|creditline)(?:$|[\s_-])",
    re.IGNORECASE,
)
_CREDIT_WORDS = re.compile(
    r"(?:^|[.!?…)»”]\s+|\s[|/—–-]\s*|\()"
    r"((?:фото|світлина|світлини|ілюстрація|джерело фото|автор фото|photo|photos|photograph|picture|"
    r"image|credit|photo credit|"
    r"image credit|foto)\s*(?:by\b|:|©|—|–|-)\s*|©\s*)([^()]{2,120}?)\)?\s*\.?$",
    re.IGNORECASE,
)
_DULL = re.compile(
    r"(?:pixel|spacer|blank|transparent|loading|placeholder|1x1|counter|emoji|smil(?:ey|ies)|avatar|gravatar|/ads?/|"
    r"doubleclick|facebook\.com/tr|mc\.yandex|top\.mail|bigmir|liveinternet)",
    re.IGNORECASE,
)
_FACE = 60
_SUFFIX = {
    "image/jpeg": ".jpg",
    "image/jpg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "image/avif": ".avif",
}


class PagePictures:
    """Finds the pictures of one page. Nothing outside `root` is opened, whatever a page asks for.

    base: the page's old address. parts: what came in the page's own file, by address. drawer: where pictures that were
    written into the page are laid, under their digest. Found files are told to `tell` (address, file, credit).
    """

    def __init__(
        self,
        *,
        file: Path,
        root: Path,
        base: str,
        drawer: Path,
        text: str,
        parts: dict[str, Callable[[], bytes]] | None,
        tell: Callable[[str, Path | None, str], None],
    ) -> None:
        self._folder = file.parent
        self._root = root.resolve()
        self._base = base
        self._host = (split(base).hostname or "").lower() or "saved.invalid"
        self._drawer = drawer
        self._parts = parts or {}
        self._tell = tell
        # Where the words of the picture last asked for stood.
        self.spent: list[etree._Element] = []
        self._shared = dict(_SINGLE_FILE_VALUE.findall(text)) if "--sf-img-" in text else {}

    def use_of(self, image: etree._Element) -> PictureUse | None:
        """One use of a picture, with its words; None for what is no picture of the story."""
        if is_dull(image):
            return None
        candidates = list(self._candidates(image))
        local = next(((one, file) for one in candidates if (file := self._here(one))), None)
        remote = next((address for one in candidates if (address := self._address(one))), "")
        caption, credit, self.spent = words_of(image)
        if local is not None:
            address = remote if remote and not local[0].startswith(("data:", "cid:")) else ""
            address = address or f"https://{self._host}/saved/{_digest(local[1])}/{_plain_name(local[1])}"
            self._tell(address, local[1], credit)
        elif remote:
            address = remote
            if credit:
                self._tell(address, None, credit)
        else:
            return None
        alt = " ".join((image.get("alt") or "").split())
        title = "" if re.fullmatch(r"[\w.-]*", alt) and "_" in alt else alt
        return PictureUse(src=address, alt=title[:250], caption=caption, credit=credit)

    def is_lost(self, image: etree._Element) -> bool:
        """Whether a picture of the story cannot be found by anything its page says."""
        return not is_dull(image) and has_address(image)

    def of_address(self, address: str, *, caption: str = "", credit: str = "", alt: str = "") -> PictureUse | None:
        """The picture that a page names for sharing."""
        address = full_size(bare_address(joined(self._base, address))) if address else ""
        if not address.startswith(("http://", "https://")) or _DULL.search(address):
            return None
        self._tell(address, self._here(address), credit)
        return PictureUse(src=address, alt=alt[:250], caption=caption, credit=credit)

    def frame_address(self, src: str) -> str:
        """Where an embedded frame came from; browsers note it at the head of the copy they put beside the page."""
        if src.startswith(("http://", "https://", "//")):
            return src
        file = self._file_of(src)
        if file is None:
            return ""
        try:
            with file.open("rb") as opened:
                head = opened.read(3000).decode("utf-8", errors="replace")
        except OSError:
            return ""
        match = re.search(r"saved from url=\(\d+\)\s*(\S+)", head)
        return match[1] if match else ""

    def _candidates(self, image: etree._Element) -> Iterator[str]:
        """Where the picture may lie, the largest first."""
        link = next((up for up in image.iterancestors("a")), None)
        href = (link.get("href") or "").strip() if link is not None else ""
        if _PICTURE_NAME.search(split(href).path if "://" in href else href):
            yield href
        for name in _BEST_FIRST:
            if image.get(name):
                yield str(image.get(name)).strip()
        # <source> is closed by itself, but not in the eyes of the parser: the picture may be deeper than it looks.
        picture = next(image.iterancestors("picture"), None)
        sources = list(picture.iter("source")) if picture is not None else []
        for element in [image, *sources]:
            for name in _SETS:
                yield from _largest_first(element.get(name) or "")
        style = image.get("style") or ""
        if match := _SINGLE_FILE_MARK.search(style):
            yield self._shared.get(match[1], "")
        for name in _THEN:
            if image.get(name):
                yield str(image.get(name)).strip()

    def _address(self, candidate: str) -> str:
        if not candidate or candidate.startswith(("data:", "cid:", "blob:", "about:", "javascript:", "file:")):
            return ""
        address = full_size(bare_address(joined(self._base, candidate)))
        # A browser's own folder of a page is no place on the web.
        if "_files/" in address and "_files/" in candidate:
            return ""
        return address if address.startswith(("http://", "https://")) and split(address).hostname else ""

    def _here(self, candidate: str) -> Path | None:
        if candidate.startswith("data:"):
            return self._written_in(candidate)
        for name in (candidate, bare_address(candidate), joined(self._base, candidate)):
            if name and name in self._parts:
                return self._laid(self._parts[name](), Path(split(name).path).suffix.lower())
        return self._file_of(candidate)

    def _file_of(self, candidate: str) -> Path | None:
        candidate = bare_address(candidate)
        parts = split(candidate)
        path = unquote(parts.path)
        if not path or "\0" in path:
            return None
        if parts.scheme in ("http", "https") or candidate.startswith("//"):
            places = [self._root / (parts.netloc or "") / path.lstrip("/")]
        elif parts.scheme:
            return None
        elif path.startswith("/"):
            places = [self._root / self._host / path.lstrip("/"), self._root / path.lstrip("/")]
        else:
            places = [self._folder / path, self._folder / candidate.partition("#")[0]]
        for place in places:
            try:
                real = place.resolve()
                if real.is_relative_to(self._root) and real.is_file():
                    return real
            except (OSError, ValueError, RuntimeError):
                continue
        return None

    def _written_in(self, data: str) -> Path | None:
        head, comma, body = data.partition(",")
        kind = head[5:].split(";")[0].strip().lower()
        if not comma or kind not in _SUFFIX or len(body) > MAX_FILE_BYTES * 4 // 3:
            return None
        try:
            raw = base64.b64decode(unquote(body)) if ";base64" in head.lower() else unquote_to_bytes(body)
        except (binascii.Error, ValueError):
            return None
        # What is that small is a dot that holds the place of a picture still to come.
        return self._laid(raw, _SUFFIX[kind]) if len(raw) > 300 else None

    def _laid(self, raw: bytes, suffix: str) -> Path | None:
        if not raw or len(raw) > MAX_FILE_BYTES:
            return None
        file = (
            self._drawer
            / f"{hashlib.sha256(raw).hexdigest()[:32]}{suffix if re.fullmatch(r'[.][a-z]{3,5}', suffix) else ''}"
        )
        if not file.exists():
            file.write_bytes(raw)
        return file


def words_of(image: etree._Element) -> tuple[str, str, list[etree._Element]]:
    """(caption, credit, where they stood) of a picture: from its figure, else from the small box around it."""
    box = _box(image)
    if box is None:
        return "", "", []
    caption_box = box.find(".//figcaption")
    if caption_box is None:
        caption_box = next((one for one in box.iter() if _is(one, _CAPTION_CLASS) and one is not box), None)
    if caption_box is None and box.tag == "dl":
        caption_box = box.find(".//dd")
    credit_box = next(
        (one for one in box.iter() if _is(one, _CREDIT_CLASS) and _line(one) and one is not caption_box), None
    )
    if credit_box is None and caption_box is not None:
        # Many a theme sets the name apart in <cite> or <small> alone.
        credit_box = next((one for one in caption_box.iter("cite", "small") if _line(one)), None)
    credit = _line(credit_box) if credit_box is not None else ""
    caption = _line(caption_box) if caption_box is not None else ""
    if credit and credit in caption:
        caption = caption.replace(credit, " ", 1)
    elif caption and not credit:
        match = _CREDIT_WORDS.search(caption)
        if match:
            credit, caption = f"{match[1]}{match[2]}", caption[: match.start(1)]
    caption = re.sub(r"[\s|/—–(-]+$", "", " ".join(caption.split()))
    return caption[:500], bare_credit(credit)[:255], [one for one in (credit_box, caption_box) if one is not None]


def bare_credit(credit: str) -> str:
    """“Фото: Olena Marchuk” as the name alone: what kind of picture it is, is printed by the paper."""
    credit = " ".join(credit.split()).strip(" .;|()")
    return re.sub(
        r"^(?:фото|світлина|світлини|джерело фото|автор фото|джерело|photo credit|image credit|"
        r"photograph|photos?|picture|image|credit|foto)"
        r"\s*(?:by\b|:|©|—|–|-)\s*|^©\s*",
        "",
        credit,
        flags=re.IGNORECASE,
    ).strip(" :")


def _box(image: etree._Element) -> etree._Element | None:
    """The figure of a picture, or the nearest small box that holds it alone with a caption."""
    box: etree._Element | None = None
    for up in image.iterancestors():
        if up.tag in ("figure", "dl"):
            return up if len(up.findall(".//img")) == 1 or up.find("figcaption") is None else box
        if up.tag in ("body", "article", "main", "section") or len(up.findall(".//img")) > 1 or len(_line(up)) > 700:
            return box
        if up.find(".//figcaption") is not None or any(
            _is(one, _CAPTION_CLASS) or _is(one, _CREDIT_CLASS) for one in up.iter() if one is not up
        ):
            return up
    return box


def _is(element: etree._Element, pattern: re.Pattern[str]) -> bool:
    return isinstance(element.tag, str) and element.tag != "img" and bool(pattern.search(element.get("class") or ""))


def has_address(image: etree._Element) -> bool:
    """Whether a picture says where it lies, and not only that it will come."""
    if any(image.get(name) for name in (*_BEST_FIRST, *_SETS, "data-src", "data-lazy-src", "data-original")):
        return True
    src = image.get("src") or ""
    return bool(src) and not src.startswith("data:") and not _DULL.search(src)


def is_dull(image: etree._Element) -> bool:
    """Emoji, dots that count visitors, faces beside names."""
    sizes = [re.sub(r"px$", "", (image.get(name) or "").strip()) for name in ("width", "height")]
    if any(size.isascii() and size.isdigit() and int(size) <= _FACE for size in sizes):
        return True
    if "emoji" in (image.get("class") or "") or "avatar" in (image.get("class") or ""):
        return True
    sources = " ".join(image.get(name) or "" for name in ("src", "data-src"))
    return not has_address(image) and len(sources) < 2000 and bool(_DULL.search(sources))


def _largest_first(srcset: str) -> Iterator[str]:
    rows = []
    for part in re.split(r",\s+|,(?=https?:|//|\.{0,2}/)", srcset.strip()[:20_000]):
        words = part.split()
        if not words:
            continue
        size = re.match(r"([\d.]+)[wx]$", words[-1]) if len(words) > 1 else None
        try:
            rows.append((float(size[1]) if size else 1.0, words[0]))
        except ValueError:
            continue
    for _size, address in sorted(rows, key=lambda row: -row[0]):
        yield address


def _line(element: etree._Element) -> str:
    parts = []
    for one in element.iter():
        if isinstance(one.tag, str) and one.tag not in ("script", "style", "noscript"):
            parts.append(str(one.text or ""))
        if one is not element:
            parts.append(
                f" {one.tail or ''}" if one.tag in ("p", "div", "br", "span", "figcaption") else str(one.tail or "")
            )
    return " ".join("".join(parts).split())


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()[:16]


def _plain_name(file: Path) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", file.name)[-80:] or "picture"
