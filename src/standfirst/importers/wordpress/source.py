"""A WordPress export as the importers' neutral records."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote, unquote

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from standfirst.importers.errors import UNREADABLE
from standfirst.importers.records import Aside, Incoming, LeftOut, OldAuthor, OldList, PictureUse
from standfirst.importers.wordpress.markup import Markup
from standfirst.importers.wordpress.reader import WxrReader
from standfirst.importers.wordpress.records import Item, Term
from standfirst.importers.wordpress.survey import Attachment, is_unsorted, section_of, survey
from standfirst.kit.html import text_of
from standfirst.kit.links import split

# Kinds that hold nothing of the paper's own; counted together instead of being listed one by one.
_MACHINERY = frozenset(
    {
        *("attachment", "nav_menu_item", "wp_block", "revision", "custom_css", "customize_changeset", "oembed_cache"),
        *("wp_template", "wp_template_part", "wp_global_styles", "wp_navigation", "wp_font_family", "wp_font_face"),
        *("guest-author", "user_request", "acf-field", "acf-field-group", "elementor_library"),
    }
)


def open_source(files: Sequence[Path]) -> WordPress:
    """Read the whole file once, changing nothing. Raises ImportRefused for one that cannot be read to its end."""
    return WordPress(files[0])


class WordPress:
    def __init__(self, file: Path) -> None:
        self._reader = WxrReader(file)
        self._survey = found = survey(self._reader)
        self._markup = Markup(reusable=found.reusable, gallery_of=lambda post: found.by_parent.get(post, []))
        self.site_url = self._reader.site.url
        parts = split(self.site_url)
        self.name = f"wordpress:{parts.netloc or file.name}{parts.path.rstrip('/')}"[:200]
        self.total = found.items
        self.sections: Counter[str] = Counter({f"category:{slug}": n for slug, n in found.sections.items()})

    @property
    def notes(self) -> list[str]:
        mended = self._reader.mended
        sentence = ngettext(
            "%(n)d character that XML does not allow was mended on the way.",
            "%(n)d characters that XML does not allow were mended on the way.",
            mended,
        )
        return [sentence % {"n": mended}] if mended else []

    @property
    def counts(self) -> dict[str, int]:
        return {"comments": self._survey.comments}

    def entries(self) -> Iterator[Incoming | LeftOut | Aside]:
        for item in self._reader.items():
            if item.kind in _MACHINERY:
                continue
            try:
                why = left_out_because(item)
                yield self._left_out(item, why) if why else self._incoming(item)
            except UNREADABLE as error:
                why = _("It could not be read (line %(line)d: %(error)s).") % {"line": item.line, "error": error}
                yield self._left_out(item, why)

    def picture(self, use: PictureUse) -> PictureUse | None:
        """What the export says about a used picture: by its address, else by the number the text gives.

        The number comes second: texts that were moved between sites keep numbers of the site before.
        """
        found = None
        if use.src:
            path = unquote(split(use.src).path)
            name = path.partition("/wp-content/uploads/")[2]
            number = self._survey.by_file.get(use.src) or self._survey.by_file.get(name)
            found = self._survey.attachments.get(number) if number else None
        if found is None:
            found = self._survey.attachments.get(use.attachment)
            if found is not None and use.src:
                stem = unquote(split(use.src).path).rsplit("/", 1)[-1].split(".")[0].split("-")[0]
                found = found if stem and stem in (found.file or found.url) else None
        return _as_picture(found) if found is not None else None

    def _left_out(self, item: Item, why: str) -> LeftOut:
        return LeftOut(item.key, item.kind, text_of(item.title), why, item.link)

    def _incoming(self, item: Item) -> Incoming:
        html, changes = self._markup.html(item.content, post=item.foreign_id)
        section = section_of(item, self._reader.terms)
        published = item.published
        if published is None and item.published_local:
            published = timezone.make_aware(item.published_local)
        return Incoming(
            foreign_id=item.key,
            kind=item.kind,
            title=item.title,
            link=item.link,
            addresses=_addresses(item),
            slug=item.slug,
            html=html,
            standfirst=item.excerpt,
            published=published,
            changed=item.changed,
            language=self._language(item),
            section=self._list(section) if section else None,
            tags=[self._list(term) for term in _tags(item, section)],
            authors=self._authors(item),
            lead=self._lead(item),
            search_description=item.meta.get("_yoast_wpseo_metadesc", ""),
            held_because=held_because(item),
            leads_front=item.is_sticky,
            changes=changes,
            line=item.line,
        )

    def _language(self, item: Item) -> str:
        """The post's own language where a translation plugin says it, else the site's."""
        own = (term.slug for term in item.terms if term.domain == "language")
        return next(own, "") or self._reader.site.language

    def _lead(self, item: Item) -> PictureUse | None:
        """The picture set above a post, by the number of its attachment."""
        number = item.meta.get("_thumbnail_id", "").strip()
        if number in ("", "0", "-1") or not (number.isascii() and number.isdigit()):
            return None
        found = self._survey.attachments.get(int(number))
        return _as_picture(found) if found is not None else PictureUse(src="", attachment=int(number))

    def _authors(self, item: Item) -> list[OldAuthor]:
        """Who signed: the co-authors where a plugin keeps them, else the one author."""
        guests = [term for term in item.terms if term.domain == "author"]
        names = {term.slug.removeprefix("cap-"): term.name for term in guests} or (
            {item.author: ""} if item.author else {}
        )
        return [self._author(key, given) for key, given in names.items()]

    def _author(self, key: str, given: str) -> OldAuthor:
        author = self._reader.authors.get(key) or self._reader.authors.get(given)
        name = (author.name if author else "") or self._survey.guests.get(key) or given or unquote(key)
        # WordPress makes an author's address from the name of the account, as it would make a post's.
        nicename = key.lower().replace("@", "").replace(".", "-").replace(" ", "-")
        addresses = [f"/author/{quote(nicename)}/"]
        if author and author.foreign_id:
            addresses.append(f"/?author={author.foreign_id}")
        return OldAuthor(key, name, tuple(addresses))

    def _list(self, term: Term) -> OldList:
        """A category or tag with its list's address, with its parents, and its query."""
        base = "tag" if term.domain == "post_tag" else "category"
        path, own = term.slug, self._reader.terms.get((term.domain, term.slug))
        known, seen = own, {term.slug}
        while known and known.parent and known.parent not in seen and base == "category":
            seen.add(known.parent)
            path = f"{known.parent}/{path}"
            known = self._reader.terms.get((term.domain, known.parent))
        addresses = [f"/{base}/{address}/" for address in dict.fromkeys((path, term.slug))]
        if base == "tag":
            addresses.append(f"/?tag={term.slug}")
        elif own and own.foreign_id:
            addresses.append(f"/?cat={own.foreign_id}")
        return OldList(
            f"{term.domain}:{term.slug}",
            term.name,
            term.slug,
            tuple(addresses),
            is_unsorted=base == "category" and is_unsorted(term),
        )


def left_out_because(item: Item) -> str | None:
    """Why an item has no place here at all; None when it has."""
    if item.kind not in ("post", "page"):
        return _("It is of a kind we have no place for (%(kind)s).") % {"kind": item.kind}
    if item.status == "trash":
        return _("It was in the bin.")
    if item.status in ("auto-draft", "inherit"):
        return _("It was an empty beginning that WordPress had made by itself.")
    return None


def held_because(item: Item) -> str:
    """Why an item must not be public; "" when it was public there. What is not plainly public is held."""
    if item.has_password:
        return _("It was behind a password in the old system.")
    if item.status == "publish":
        return ""
    if item.status == "private":
        return _("It was private in the old system.")
    if item.status == "future":
        return _("It was scheduled for %(when)s in the old system; set the time anew.") % {
            "when": _moment(item.published) if item.published else _("an unknown time")
        }
    if item.status == "draft":
        return _("It was a draft in the old system.")
    if item.status == "pending":
        return _("It was waiting for review in the old system.")
    return _("It had the status “%(status)s” in the old system.") % {"status": item.status}


def _tags(item: Item, section: Term | None) -> list[Term]:
    """The post's tags, and the categories that are not its section."""
    return [
        term
        for term in item.terms
        if term.domain == "post_tag" or (term.domain == "category" and term != section and not is_unsorted(term))
    ]


def _addresses(item: Item) -> list[str]:
    """Its queries, which WordPress always answers; its path stands in its link."""
    names = ("page_id", "p") if item.kind == "page" else ("p",)
    return [f"/?{name}={item.foreign_id}" for name in names if item.foreign_id]


def _as_picture(found: Attachment) -> PictureUse:
    return PictureUse(
        src=found.url,
        attachment=found.foreign_id,
        alt=found.alt,
        caption=found.caption,
        credit=found.credit,
        title=found.title,
        file=found.file,
    )


def _moment(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
