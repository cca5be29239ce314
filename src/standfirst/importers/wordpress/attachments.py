"""What the export says of its pictures and files, kept on disk while it is read: there may be hundreds of thousands."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from standfirst.importers.wordpress.records import Item
from standfirst.kit.html import text_of
from standfirst.kit.links import split

_CREDITS = (
    *("_media_credit", "media_credit", "_wp_attachment_credit", "photo_credit", "_photo_credit", "image_credit"),
    *("_image_credit", "photographer", "_photographer", "photographer_name", "_photographer_name", "credit", "_credit"),
    *("isc_image_source", "image_source", "_image_source", "_attachment_credit", "attachment_credit", "_credits"),
    *("credits", "author_credit", "_wp_credit", "wp_credit", "fotograf", "foto_credit", "photo_author", "copyright"),
)
_PICTURE = re.compile(r"\.(?:jpe?g|jfif|png|webp|gif|avif|bmp|tiff?|heic)$", re.IGNORECASE)
_UPLOADS = re.compile(r"/(?:wp-content/uploads(?:/sites/\d+)?|wp-content/blogs\.dir/\d+/files|files|app/uploads)/(.+)$")
_SIZED = re.compile(r"-\d{2,5}x\d{2,5}(?=\.[A-Za-z]{3,5}$)")
_DOTCOM = re.compile(r"^https?://[\w.-]+\.files\.wordpress\.com/")
_PROXY = re.compile(r"^https?://i\d\.wp\.com/")
_FIELDS = "id, file, url, title, caption, alt, credit, parent, is_picture, link"


@dataclass(frozen=True)
class Attachment:
    foreign_id: int
    file: str
    url: str
    title: str
    caption: str
    alt: str
    credit: str
    parent: int
    is_picture: bool
    link: str = ""


class Attachments:
    """The attachments of one export, by number, by file and by the post they were uploaded to."""

    def __init__(self) -> None:
        # Without a name SQLite keeps it in a file of its own, gone when it is closed.
        self._table = sqlite3.connect("", isolation_level=None)
        self._table.execute("PRAGMA journal_mode = OFF")
        self._table.execute(f"CREATE TABLE one ({_FIELDS.replace('id,', 'id INTEGER PRIMARY KEY,', 1)})")
        self._table.execute("CREATE INDEX of_parent ON one (parent)")
        self._table.execute("CREATE TABLE above (id INTEGER PRIMARY KEY, post INTEGER)")
        self._table.execute("CREATE INDEX above_post ON above (post)")
        self._table.execute("CREATE TABLE used (id INTEGER PRIMARY KEY)")
        self._table.execute("CREATE TABLE named (name TEXT PRIMARY KEY, id INTEGER) WITHOUT ROWID")

    def __del__(self) -> None:
        with contextlib.suppress(AttributeError, sqlite3.Error):
            self._table.close()

    def add(self, item: Item) -> None:
        made = _attachment(item)
        if not made.foreign_id:
            return
        row = (
            *(made.foreign_id, made.file, made.url, made.title, made.caption, made.alt, made.credit),
            *(made.parent, made.is_picture, made.link),
        )
        marks = ", ".join("?" * len(row))
        self._table.execute(f"INSERT OR IGNORE INTO one VALUES ({marks})", row)  # noqa: S608
        for name in {made.file, made.url, _below_uploads(made.url)}:
            if name:
                self._table.execute("INSERT OR IGNORE INTO named VALUES (?, ?)", (name, made.foreign_id))

    def get(self, number: int) -> Attachment | None:
        row = self._table.execute(f"SELECT {_FIELDS} FROM one WHERE id = ?", (number,)).fetchone()  # noqa: S608
        return _of(row) if row else None

    def of(self, post: int) -> list[Attachment]:
        """What was uploaded to a post, in the order of its numbers."""
        rows = self._table.execute(f"SELECT {_FIELDS} FROM one WHERE parent = ? ORDER BY id", (post,))  # noqa: S608
        return [_of(row) for row in rows]

    def stands_above(self, post: int, number: str) -> None:
        """A public text has this attachment as its picture; the first one that has it is remembered."""
        if number.isascii() and number.isdigit():
            self._table.execute("INSERT OR IGNORE INTO above VALUES (?, ?)", (int(number[:18]), post))

    def leading_to(self, post: int) -> list[Attachment]:
        """The attachments whose own pages lead to a text: uploaded to it, or to none and set above it first."""
        query = (
            f"SELECT {_FIELDS} FROM one WHERE parent = ? UNION "  # noqa: S608
            f"SELECT {_FIELDS} FROM one WHERE parent = 0 AND id IN (SELECT id FROM above WHERE post = ?) ORDER BY id"
        )
        return [_of(row) for row in self._table.execute(query, (post, post))]

    def behind(self, src: str, number: int = 0) -> Attachment | None:
        """The attachment behind a picture or file in a text: by its address, else by the number the text gives.

        The number comes second: texts that were moved between sites keep numbers of the site before.
        """
        found = self._behind(src, number)
        if found is not None:
            self._table.execute("INSERT OR IGNORE INTO used VALUES (?)", (found.foreign_id,))
        return found

    def unused(self) -> Iterator[Attachment]:
        """Those behind nothing that was asked for so far, in the order of their numbers."""
        query = f"SELECT {_FIELDS} FROM one WHERE id NOT IN (SELECT id FROM used) ORDER BY id"  # noqa: S608
        for row in self._table.execute(query):
            yield _of(row)

    def _behind(self, src: str, number: int) -> Attachment | None:
        if not src:
            return self.get(number) if number else None
        src = plain_address(src)
        for name in _names_of(src):
            row = self._table.execute("SELECT id FROM named WHERE name = ?", (name,)).fetchone()
            if row:
                return self.get(row[0])
        found = self.get(number) if number else None
        if found is None:
            return None
        stem = unquote(split(src).path).rsplit("/", 1)[-1].split(".")[0].split("-")[0]
        return found if stem and stem in unquote(found.file or found.url) else None


def plain_address(src: str) -> str:
    """A picture's own address, without WordPress.com's proxy before it and the size asked for behind it."""
    proxied = _PROXY.match(src)
    if proxied:
        src = f"https://{src[proxied.end() :]}"
    if proxied or _DOTCOM.match(src):
        src = src.partition("?")[0]
    return src


def _names_of(src: str) -> list[str]:
    """The names under which a picture may be known, the most exact first."""
    below = _below_uploads(src)
    whole = _SIZED.sub("", below)
    stem, dot, suffix = whole.rpartition(".")
    names = [src, below, whole, f"{stem}-scaled{dot}{suffix}" if dot else "", _SIZED.sub("", src.partition("?")[0])]
    return [name for name in dict.fromkeys(names) if name]


def _below_uploads(src: str) -> str:
    path = unquote(split(src).path)
    found = _UPLOADS.search(path)
    if found:
        return found[1]
    return path.lstrip("/") if _DOTCOM.match(src) else ""


def _attachment(item: Item) -> Attachment:
    file = item.meta.get("_wp_attached_file", "").strip()
    url = item.attachment_url or item.guid
    return Attachment(
        foreign_id=item.foreign_id,
        file=file if "://" not in file and not file.startswith("/") else "",
        url=url,
        title=item.title,
        caption=item.excerpt,
        alt=item.meta.get("_wp_attachment_image_alt", ""),
        credit=_credit(item.meta),
        parent=item.parent,
        is_picture=bool(_PICTURE.search(file or split(url).path)),
        link=item.link,
    )


def _credit(meta: dict[str, str]) -> str:
    """Who made the picture: what an editor wrote down, else what the camera or the agency wrote into it."""
    for key in _CREDITS:
        words = text_of(meta.get(key, ""))
        if re.search(r"[^\W\d_]{2,}", words) and not words.startswith(("a:", "http")):
            house = text_of(meta.get("_navis_media_credit_org", ""))
            return f"{words} / {house}" if house and house not in words else words
    info = meta.get("_wp_attachment_metadata", "")
    return next((words for name in ("credit", "copyright") if (words := _php_field(info, name))), "")


def _php_field(info: str, name: str) -> str:
    """One text out of PHP's serialized list of a picture's sizes and data, without reading all of it."""
    mark = f's:{len(name)}:"{name}";s:'
    begin = info.find(mark)
    if begin < 0:
        return ""
    length, colon, rest = info[begin + len(mark) : begin + len(mark) + 2_000].partition(':"')
    if not colon or not length.isdigit():
        return ""
    return text_of(rest.encode()[: int(length)].decode("utf-8", "ignore"))


def _of(row: tuple[int, str, str, str, str, str, str, int, int, str]) -> Attachment:
    number, file, url, title, caption, alt, credit, parent, is_picture, link = row
    return Attachment(number, file, url, title, caption, alt, credit, parent, bool(is_picture), link)
