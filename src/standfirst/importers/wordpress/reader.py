"""Reading a WXR file as a stream: one item in memory at a time, no DTD, no entities, no network (decision 19)."""

from __future__ import annotations

import datetime as dt
import email.utils
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _
from lxml import etree

from standfirst.importers.errors import FileBroken, FileTooLarge, FileUnreadable
from standfirst.importers.stream import CleanXml, Part, parts_of
from standfirst.importers.wordpress.builders import FIELDS as BUILDERS
from standfirst.importers.wordpress.records import Author, Comment, Item, Site, Term

MAX_DEPTH = 32
MAX_TEXT_CHARS = 20_000_000
# Meta values longer than this are a plugin's own store, not something a story needs.
MAX_META_CHARS = 200_000
_DESCRIPTION = 2_000
MAX_BUILT_CHARS = 5_000_000
MAX_REPEATED = 200
# Some tools write it with https.
_EXPORT = ("http://wordpress.org/export/", "https://wordpress.org/export/")
_CONTENT = "purl.org/rss/1.0/modules/content/"
_DC = "purl.org/dc/elements/1.1/"

Progress = Callable[[int], None]


class WxrReader:
    """Reads one export from the beginning, as often as asked: a file, or the several files of a large site."""

    def __init__(self, files: Path | Sequence[Path]) -> None:
        self.parts = parts_of([files] if isinstance(files, Path) else files)
        self.site = Site()
        self.authors: dict[str, Author] = {}
        self.terms: dict[tuple[str, str], Term] = {}
        self.mended = 0
        self.guessed = 0
        # A site's news feed looks much alike, but says nothing of what was public.
        self._is_export = False

    def items(self, progress: Progress | None = None) -> Iterator[Item]:
        """Every item, in the files' order; the head of each file fills site, authors and terms on the way.

        progress: called with the unpacked bytes of the file read so far, once per item.
        Raises FileBroken with the line for a file that is not well-formed or not a WXR export, FileTooLarge for a
        field no newspaper has, FileUnreadable for a damaged archive.
        """
        self.mended = self.guessed = 0
        for part in self.parts:
            yield from self._items(part, progress)

    def _items(self, part: Part, progress: Progress | None) -> Iterator[Item]:
        stream = CleanXml(part)
        seen_rss = False
        depth = 0
        try:
            events = etree.iterparse(
                stream,
                events=("start", "end"),
                resolve_entities=False,
                load_dtd=False,
                no_network=True,
                remove_comments=True,
                remove_pis=True,
                huge_tree=True,
            )
            for event, element in events:
                if event == "start":
                    depth += 1
                    self._check_depth(depth, element, part)
                    if depth == 1:
                        seen_rss = element.tag == "rss"
                        if not seen_rss:
                            raise self._not_an_export(part)
                    continue
                depth -= 1
                if len(element.text or "") > MAX_TEXT_CHARS:
                    raise FileTooLarge(
                        _(
                            "Line %(line)d of %(file)s holds a field of more than %(limit)d characters; "
                            "nothing was imported."
                        )
                        % {"line": _line(element), "file": part.name, "limit": MAX_TEXT_CHARS}
                    )
                if depth == 2:
                    stream.item_began_at = stream.bytes_read
                    if element.tag == "item":
                        self._is_export = self._is_export or any(
                            _names(child)[0].startswith(_EXPORT) for child in element
                        )
                        yield _item(element)
                        if progress:
                            progress(stream.bytes_read)
                    else:
                        self._head(element)
                    _forget(element)
        except etree.XMLSyntaxError as error:
            if not stream.bytes_read:
                raise FileUnreadable(_("%(file)s is empty. Copy it here again.") % {"file": part.name}) from error
            if not depth and getattr(error, "code", 0) == etree.ErrorTypes.ERR_DOCUMENT_EMPTY:
                raise self._not_xml(part) from error
            raise self._broken(part, error, is_cut=seen_rss and stream.is_cut) from error
        finally:
            self.mended += stream.mended
            self.guessed += stream.guessed
            stream.close()
        if not seen_rss or not self._is_export:
            raise self._not_an_export(part)

    def _broken(self, part: Part, error: etree.XMLSyntaxError, *, is_cut: bool) -> FileBroken:
        reason = (error.msg or "").partition("\n")[0].partition(", line ")[0]
        said = {"file": part.name, "line": error.lineno or 0, "reason": reason[:200]}
        if is_cut:
            return FileBroken(
                _(
                    "%(file)s ends too early, at line %(line)d (%(reason)s). Nothing was imported. "
                    "Copy or export it again."
                )
                % said
            )
        return FileBroken(
            _(
                "%(file)s is not well-formed at line %(line)d (%(reason)s). Nothing was imported. "
                "Export it again, or mend that line."
            )
            % said
        )

    def _not_an_export(self, part: Part) -> FileUnreadable:
        return FileUnreadable(
            _("%(file)s is not a WordPress export (WXR). Make one in WordPress under Tools, Export, All content.")
            % {"file": part.name}
        )

    def _not_xml(self, part: Part) -> FileUnreadable:
        return FileUnreadable(
            _(
                "%(file)s is no XML, so it is no WordPress export (WXR). Make one in WordPress under Tools, Export, "
                "All content. An export of Ghost is brought in by “standfirst import ghost”."
            )
            % {"file": part.name}
        )

    def _check_depth(self, depth: int, element: etree._Element, part: Part) -> None:
        if depth > MAX_DEPTH:
            raise FileTooLarge(
                _(
                    "Line %(line)d of %(file)s is nested more than %(limit)d deep, which no export is. "
                    "Nothing was imported."
                )
                % {"line": _line(element), "file": part.name, "limit": MAX_DEPTH}
            )

    def _head(self, element: etree._Element) -> None:
        namespace, name = _names(element)
        if not namespace:
            if name == "title":
                self.site.title = _text(element)
            elif name == "link":
                self.site.url = self.site.url or _text(element)
            elif name == "language":
                self.site.language = _text(element)
        elif namespace.startswith(_EXPORT):
            self._is_export = True
            fields = {_names(child)[1]: _text(child) for child in element}
            if name in ("base_blog_url", "base_site_url"):
                if name == "base_blog_url" or not self.site.url:
                    self.site.url = _text(element) or self.site.url
            elif name == "wxr_version":
                self.site.version = _text(element)
            elif name == "author":
                author = Author(
                    foreign_id=_number(fields.get("author_id")),
                    login=fields.get("author_login", ""),
                    display_name=fields.get("author_display_name", ""),
                    first_name=fields.get("author_first_name", ""),
                    last_name=fields.get("author_last_name", ""),
                )
                self.authors[author.login] = author
            elif name in ("category", "tag", "term"):
                term = _head_term(name, fields)
                if term.slug:
                    self.terms.setdefault((term.domain, term.slug), term)


def _head_term(name: str, fields: dict[str, str]) -> Term:
    foreign_id = _number(fields.get("term_id"))
    if name == "category":
        slug = fields.get("category_nicename", "")
        title = fields.get("cat_name", "")
        parent, said = fields.get("category_parent", ""), fields.get("category_description", "")
        return Term("category", slug, title or slug, foreign_id, parent, said[:_DESCRIPTION])
    if name == "tag":
        slug, said = fields.get("tag_slug", ""), fields.get("tag_description", "")
        return Term("post_tag", slug, fields.get("tag_name", "") or slug, foreign_id, description=said[:_DESCRIPTION])
    slug, domain = fields.get("term_slug", ""), fields.get("term_taxonomy", "")
    return Term(
        domain,
        slug,
        fields.get("term_name", "") or slug,
        foreign_id,
        fields.get("term_parent", ""),
        fields.get("term_description", "")[:_DESCRIPTION],
    )


def _item(element: etree._Element) -> Item:
    item = Item(foreign_id=0, kind="", status="", title="", link="", line=_line(element))
    wp: dict[str, str] = {}
    pub_date = ""
    for child in element:
        namespace, name = _names(child)
        if namespace.endswith(_CONTENT) and name == "encoded":
            item.content = _raw(child)
        elif namespace.startswith(_EXPORT) and "excerpt" in namespace:
            item.excerpt = _raw(child)
        elif namespace.startswith(_EXPORT):
            if name == "postmeta":
                _add_meta(item, child)
            elif name == "comment":
                item.comments.append(_comment(child))
            else:
                wp[name] = _text(child)
        elif namespace.endswith(_DC) and name == "creator":
            item.author = _text(child)
        elif name == "title":
            item.title = _text(child)
        elif name == "link":
            item.link = _text(child)
        elif name == "guid":
            item.guid = _text(child)
        elif name == "pubDate":
            pub_date = _text(child)
        elif name == "category":
            title = _text(child)
            domain = {"tag": "post_tag"}.get(child.get("domain") or "category", child.get("domain") or "category")
            item.terms.append(Term(domain, child.get("nicename") or "", title))
    item.terms = _named_once(item.terms)
    item.foreign_id = _number(wp.get("post_id"))
    item.kind = wp.get("post_type", "") or "post"
    item.status = wp.get("status", "") or "publish"
    item.slug = wp.get("post_name", "")
    item.parent = _number(wp.get("post_parent"))
    item.has_password = bool(wp.get("post_password"))
    item.is_sticky = wp.get("is_sticky") == "1"
    item.attachment_url = wp.get("attachment_url", "")
    item.published_local = _naive(wp.get("post_date"))
    item.published = _moment(wp.get("post_date_gmt")) or _rfc_moment(pub_date, item.published_local)
    item.changed = _moment(wp.get("post_modified_gmt"))
    return item


def _named_once(terms: list[Term]) -> list[Term]:
    """Terms without doubles: old exports name each twice, once by its title alone."""
    known = {term.name for term in terms if term.slug}
    found: dict[tuple[str, str], Term] = {}
    for term in terms:
        if term.slug or (term.name and term.name not in known):
            slug = term.slug or term.name
            found.setdefault((term.domain, slug), Term(term.domain, slug, term.name or slug))
    return list(found.values())


def _add_meta(item: Item, element: etree._Element) -> None:
    fields = {_names(child)[1]: child for child in element}
    if "meta_key" in fields and "meta_value" in fields:
        value = _raw(fields["meta_value"])
        key = _text(fields["meta_key"])
        if len(value) > (MAX_BUILT_CHARS if key in BUILDERS else MAX_META_CHARS):
            return
        if key not in item.meta:
            item.meta[key] = value
        elif len(item.more_meta) < MAX_REPEATED:
            item.more_meta.append((key, value))


def _comment(element: etree._Element) -> Comment:
    fields = {_names(child)[1]: child for child in element}

    def said(name: str) -> str:
        return _text(fields[name]) if name in fields else ""

    date = _moment(said("comment_date_gmt"))
    local = _naive(said("comment_date"))
    return Comment(
        foreign_id=_number(said("comment_id")),
        parent=_number(said("comment_parent")),
        author=said("comment_author"),
        date=date or (timezone.make_aware(local) if local else None),
        text=said("comment_content"),
        kind=said("comment_type"),
        approved=said("comment_approved"),
    )


def _line(element: etree._Element) -> int:
    return int(getattr(element, "sourceline", 0) or 0)


def _names(element: etree._Element) -> tuple[str, str]:
    if not isinstance(element.tag, str):
        return "", ""
    if element.tag[0] != "{":
        return "", element.tag
    namespace, _brace, name = element.tag[1:].partition("}")
    return namespace, name


def _raw(element: etree._Element) -> str:
    return str(element.text or "") if not len(element) else "".join(map(str, element.itertext()))


def _text(element: etree._Element) -> str:
    return _raw(element).strip()


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


def _naive(text: str | None) -> dt.datetime | None:
    words = (text or "").strip()
    try:
        moment = dt.datetime.fromisoformat(words) if len(words) == 19 else None
    except ValueError:
        return None
    if moment is None or moment.tzinfo is not None:
        return None
    return moment if 1000 < moment.year < 9000 else None


def _moment(text: str | None) -> dt.datetime | None:
    naive = _naive(text)
    return naive.replace(tzinfo=dt.UTC) if naive else None


def _rfc_moment(text: str, local: dt.datetime | None) -> dt.datetime | None:
    """The feed's own date, unless it is what WordPress writes for none: the year -0001, or the first day of 1970."""
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    if " -" in text.rpartition(" ")[0] or not 1900 <= moment.year < 9000:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    if local and abs(moment - local.replace(tzinfo=dt.UTC)) > dt.timedelta(hours=26):
        return None
    return moment


def _forget(element: etree._Element) -> None:
    """Give back the memory of an element and of what stood before it."""
    element.clear()
    while element.getprevious() is not None:
        parent = element.getparent()
        if parent is None:
            break
        del parent[0]
