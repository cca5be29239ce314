"""A WordPress export as the importers' neutral records."""

from __future__ import annotations

import dataclasses
import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from standfirst.importers.errors import UNREADABLE
from standfirst.importers.letters import SiteLanguage
from standfirst.importers.records import Aside, Incoming, LeftOut, OldList, PictureUse
from standfirst.importers.wordpress import kinds, languages, seo
from standfirst.importers.wordpress.access import held_because
from standfirst.importers.wordpress.attachments import Attachment, plain_address
from standfirst.importers.wordpress.builders import Built, built, fields_text, with_film
from standfirst.importers.wordpress.markup import Markup, Written
from standfirst.importers.wordpress.reader import WxrReader
from standfirst.importers.wordpress.records import Comment, Item, Term
from standfirst.importers.wordpress.subtitles import standfirst_of
from standfirst.importers.wordpress.survey import is_unsorted, section_of, survey
from standfirst.kit.html import text_of
from standfirst.kit.links import split

_CREDITED_USER = re.compile(r'data-credit-user="(\d{1,12})"')
_SHOWN_FIELDS = 20
MAX_READ = 4000


def open_source(files: Sequence[Path]) -> WordPress:
    """Read the whole export once, changing nothing. Raises ImportRefused for one that cannot be read to its end.

    files: the export file; the several files of a large site; a folder of them; a zip archive.
    """
    return WordPress(files)


class WordPress:
    def __init__(self, files: Sequence[Path]) -> None:
        self._reader = WxrReader(files)
        self._survey = found = survey(self._reader)
        self._markup = Markup(
            reusable=found.reusable,
            tables=found.tables,
            gallery_of=lambda post: [each.foreign_id for each in found.attachments.of(post) if each.is_picture],
        )
        self.site_url = self._reader.site.url
        parts = split(self.site_url)
        self.base = parts.path.rstrip("/")
        self.name = f"wordpress:{parts.netloc or files[0].name}{self.base}"[:200]
        self.total = found.entries
        self.sections: Counter[str] = Counter({f"category:{slug}": n for slug, n in found.sections.items()})
        self._languages = tuple(code for code, _name in settings.LANGUAGES)
        self._lists = languages.lists_in_languages(self._reader.terms)
        self._spoken = SiteLanguage(self._reader.site.language, self._languages)

    @property
    def notes(self) -> list[str]:
        found, reader = self._survey, self._reader
        sentences = list(self._spoken.notes())
        if reader.mended:
            sentence = ngettext(
                "%(n)d character that XML does not allow was mended on the way.",
                "%(n)d characters that XML does not allow were mended on the way.",
                reader.mended,
            )
            sentences.append(sentence % {"n": reader.mended})
        if reader.guessed:
            sentence = ngettext(
                "%(n)d line was in another encoding than the file says and was read as it most likely was; "
                "look it over.",
                "%(n)d lines were in another encoding than the file says and were read as they most likely were; "
                "look them over.",
                reader.guessed,
            )
            sentences.append(sentence % {"n": reader.guessed})
        for plugin in sorted(found.rules_elsewhere):
            sentences.append(
                _(
                    "The old site kept texts for members with %(plugin)s, whose rules no export holds. "
                    "Look through what came in before readers do."
                )
                % {"plugin": plugin}
            )
        described = [
            term.name for term in reader.terms.values() if term.domain == "post_tag" and text_of(term.description)
        ]
        if described:
            sentences.append(
                _("What was said about tags was left out: %(names)s.") % {"names": ", ".join(described[:_SHOWN_FIELDS])}
            )
        if found.fields:
            named = [f"{key} ({number})" for key, number in found.fields.most_common(_SHOWN_FIELDS)]
            sentences.append(
                _("Custom fields with words in them, and in how many texts; they have no place here: %(fields)s.")
                % {"fields": ", ".join(named)}
            )
        return sentences

    @property
    def counts(self) -> dict[str, int]:
        return {"comments": self._survey.comments_left_out}

    def entries(self) -> Iterator[Incoming | LeftOut | Aside]:
        return self._entries(is_whole=True)

    def outline(self) -> Iterator[Incoming | LeftOut | Aside]:
        """Without the contents, which take most of the time, unless one may say that strangers must not see it."""
        return self._entries(is_whole=False)

    def _entries(self, *, is_whole: bool) -> Iterator[Incoming | LeftOut | Aside]:
        for item in self._reader.items():
            if kinds.is_machinery(item.kind):
                continue
            try:
                why = left_out_because(item)
                if why:
                    yield self._left_out(item, why)
                    continue
                for part in self._in_languages(item):
                    yield self._incoming(part, has_text=is_whole or self._markup.may_hide(part))
                if is_whole:
                    yield from self._comments(item)
            except UNREADABLE as error:
                why = _("It could not be read (line %(line)d: %(error)s).") % {"line": item.line, "error": error}
                yield self._left_out(item, why)

    def picture(self, use: PictureUse) -> PictureUse | None:
        """What the export says about a used picture."""
        found = self._survey.attachments.behind(use.src, use.attachment)
        if found is not None:
            return dataclasses.replace(_as_picture(found), credit=use.credit or found.credit)
        plain = plain_address(use.src)
        return dataclasses.replace(use, src=plain) if plain != use.src else None

    def unused(self) -> Iterator[LeftOut]:
        for found in self._survey.attachments.unused():
            yield LeftOut(
                str(found.foreign_id),
                "attachment",
                text_of(found.title) or found.file,
                _("No text that came in shows or offers this file, so it was not taken in."),
                found.url or found.link,
            )

    def _left_out(self, item: Item, why: str) -> LeftOut:
        return LeftOut(item.key, item.kind, text_of(item.title), why, item.link)

    def _incoming(self, item: Item, *, has_text: bool) -> Incoming:
        made = built(item.content, item.meta, self._survey.templates) if has_text else Built()
        fields, names = fields_text(made.html or item.content, item.meta) if has_text else ("", [])
        written = Written("", [], [])
        if has_text:
            content = with_film(made.html or fields or item.content, item.meta)
            written = self._markup.write(content, post=item.foreign_id, footnotes=item.meta.get("footnotes", ""))
        changes = written.changes
        if made.builder:
            changes.append(_("Its text was kept by %(name)s and read from there.") % {"name": made.builder})
        for name in made.lost:
            changes.append(_("What [%(name)s] showed is not in the export; it was left out.") % {"name": name})
        if names:
            changes.append(
                _("Its text stood in custom fields (%(fields)s) and was read from there; pictures in them were not.")
                % {"fields": ", ".join(names[:_SHOWN_FIELDS])}
            )
        if not text_of(written.html) and "<img" not in written.html and "sf-" not in written.html:
            changes.append(_("It came without any text."))
        section = section_of(item, self._reader.terms)
        authors = self._survey.people.signed(item)
        published = item.published or (timezone.make_aware(item.published_local) if item.published_local else None)
        standfirst, excerpt = standfirst_of(item.excerpt, item.meta)
        said = seo.Said(
            title=text_of(item.title),
            excerpt=text_of(item.excerpt),
            section=text_of(section.name) if section else "",
            author=authors[0].name if authors else "",
            published=published,
        )
        search_title, search_description = seo.search_words(item.meta, said)
        if excerpt and not search_description:
            search_description = excerpt
        elif excerpt:
            changes.append(_("It had a line under its headline and an excerpt; the excerpt was left out."))
        self._name_oddities(item, changes)
        return Incoming(
            foreign_id=item.key,
            kind="page" if item.kind == "page" else "post",
            title=item.title,
            link=item.link,
            addresses=self._addresses(item),
            slug=item.slug,
            html=self._credited(written.html) + (seo.source_named(item.meta) if has_text else ""),
            standfirst=standfirst,
            published=published,
            changed=item.changed,
            language=self._language(item, is_counted=has_text),
            translation_of=languages.translation_of(item) or self._original(item),
            section=self._list(section) if section else None,
            tags=[self._list(term) for term in _tags(item, section)],
            authors=authors,
            lead=self._lead(item),
            search_title=search_title,
            search_description=search_description,
            held_because=held_because(item, written.members, self._survey.rules, self._term_numbers(item))
            or self._foreign(item),
            leads_front=item.is_sticky,
            changes=changes,
            line=item.line,
        )

    def _name_oddities(self, item: Item, changes: list[str]) -> None:
        """What a post said beside its text that we do not do."""
        if item.kind not in ("post", "page"):
            changes.append(
                _("It was of the kind “%(kind)s” in the old system; here it is a story.") % {"kind": item.kind}
            )
        if seo.keeps_away(item.meta):
            changes.append(_("It asked search engines to stay away; here it does not."))
        if seo.says_otherwise_to_networks(item.meta):
            changes.append(_("Words or a picture of its own for social networks were left out."))
        if redirect := item.meta.get("_yoast_wpseo_redirect", "").strip():
            changes.append(_("It led readers on to %(address)s; here it stands itself.") % {"address": redirect[:500]})
        canonical = seo.canonical_of(item.meta)
        if canonical and split(canonical).path.rstrip("/") != split(item.link).path.rstrip("/"):
            changes.append(_("It named %(address)s as its original.") % {"address": canonical[:500]})

    def _in_languages(self, item: Item) -> Iterator[Item]:
        """The item, or as many as it holds languages side by side (qTranslate)."""
        codes = languages.languages_in(item.content) or languages.languages_in(item.title)
        if not codes:
            yield item
            return
        own = {code: split(item.link).path.removeprefix(self.base) for code in codes}
        for number, code in enumerate(codes):
            # The first keeps the number; the others are found again by number and language.
            part = dataclasses.replace(
                item,
                title=languages.part_in(item.title, code),
                content=languages.part_in(item.content, code),
                excerpt=languages.part_in(item.excerpt, code),
                meta={key: languages.part_in(value, code) for key, value in item.meta.items()}
                | {"_language": code, "_translation_group": item.key},
                terms=[dataclasses.replace(t, name=languages.part_in(t.name, code)) for t in item.terms],
            )
            if number:
                part.variant = code
                part.link = item.link.replace(own[code], f"/{code}{own[code]}", 1) if own[code].strip("/") else ""
            if text_of(part.title) or text_of(part.content):
                yield part

    def _comments(self, item: Item) -> Iterator[Aside]:
        for comment in item.comments:
            if comment.approved == "1" and comment.kind in ("", "comment"):
                yield Aside("comments", _as_record(comment, item))

    def _language(self, item: Item, *, is_counted: bool) -> str:
        """The post's own language where a translation plugin says it, else the site's, or what its letters say."""
        own = languages.language_of(item, frozenset(self._languages), self.base)
        return own or self._spoken.of(f"{item.title} {item.content[:MAX_READ]}", is_counted=is_counted)

    def _foreign(self, item: Item) -> str:
        """A translation into a language that this newsroom does not have would stand among texts of another."""
        code = languages.language_of(item, frozenset(self._languages), self.base)
        short = code.lower().replace("_", "-").partition("-")[0]
        if not code or short in self._languages or self._reader.site.language.lower().startswith(short):
            return ""
        return _("It is in a language that this newsroom does not have (%(code)s).") % {"code": code}

    def _original(self, item: Item) -> str:
        """Of a post that others name as their original: the same text as theirs."""
        return f"original:{item.foreign_id}" if item.foreign_id in self._survey.originals else ""

    def _term_numbers(self, item: Item) -> set[str]:
        known = (self._reader.terms.get((term.domain, term.slug)) for term in item.terms)
        return {str(term.foreign_id) for term in known if term} | {term.slug for term in item.terms}

    def _lead(self, item: Item) -> PictureUse | None:
        """The picture set above a post, by the number of its attachment."""
        number = item.meta.get("_thumbnail_id", "").strip()
        if number in ("", "0", "-1") or not (number.isascii() and number.isdigit()):
            return None
        found = self._survey.attachments.get(int(number))
        return _as_picture(found) if found is not None else PictureUse(src="", attachment=int(number))

    def _credited(self, markup: str) -> str:
        """Pictures credited to an account's number, by the account's name."""

        def name(match: re.Match[str]) -> str:
            authors = self._reader.authors.values()
            found = next((author.name for author in authors if str(author.foreign_id) == match[1]), "")
            return f'data-credit="{html.escape(found)}"' if found else ""

        return _CREDITED_USER.sub(name, markup) if "data-credit-user" in markup else markup

    def _addresses(self, item: Item) -> list[str]:
        """Its queries, which WordPress always answers; those it had before; and the pages of its pictures.

        Its path stands in its link.
        """
        names = ("page_id", "p") if item.kind == "page" else ("p",)
        found = [] if item.variant else [f"/?{name}={item.foreign_id}" for name in names if item.foreign_id]
        path = split(item.link).path.removeprefix(self.base)
        first = path.lstrip("/").partition("/")[0]
        if first in self._languages and found:
            found.append(f"/{first}{found[-1]}")  # the short link as WPML writes it
        for old in item.meta_all("_wp_old_slug"):
            if old and item.slug and path.count(f"/{item.slug}") == 1:
                found.append(path.replace(f"/{item.slug}", f"/{old}"))
        if item.foreign_id and not item.variant:
            for attachment in self._survey.attachments.leading_to(item.foreign_id):
                found.append(f"/?attachment_id={attachment.foreign_id}")
                own = split(attachment.link).path.removeprefix(self.base)
                if own.strip("/") and own != path:
                    found.append(own)
        return found

    def _list(self, term: Term) -> OldList:
        """A category or tag. One that has sisters in other languages is one list with them."""
        own = self._reader.terms.get((term.domain, term.slug))
        sisters = self._lists.get(own.foreign_id) if own and term.domain == "category" else None
        if not sisters:
            return self._one_list(term)
        first = next((sisters[code] for code in self._languages if code in sisters), term)
        lists = [self._one_list(each) for each in [first, *(each for each in sisters.values() if each != first)]]
        names = [(code, each.name) for code, each in sisters.items() if code in self._languages and each != first]
        spoken = {each.slug: code for code, each in sisters.items()}
        addresses = {address: spoken.get(each.slug, "") for each in lists for address in each.addresses}
        return dataclasses.replace(
            lists[0],
            addresses=tuple(addresses),
            names=tuple(names),
            languages=tuple((address, code) for address, code in addresses.items() if code in self._languages),
        )

    def _one_list(self, term: Term) -> OldList:
        """A category or tag with its list's address, with its parents, and its query."""
        base = {"post_tag": "tag"}.get(term.domain, term.domain)
        path, own = term.slug, self._reader.terms.get((term.domain, term.slug))
        known, seen = own, {term.slug}
        while known and known.parent and known.parent not in seen and base != "tag":
            seen.add(known.parent)
            path = f"{known.parent}/{path}"
            known = self._reader.terms.get((term.domain, known.parent))
        addresses = [f"/{base}/{address}/" for address in dict.fromkeys((path, term.slug))]
        if base == "tag":
            addresses.append(f"/?tag={term.slug}")
        elif base == "category" and own and own.foreign_id:
            addresses.append(f"/?cat={own.foreign_id}")
        return OldList(
            f"{term.domain}:{term.slug}",
            term.name,
            term.slug,
            tuple(addresses),
            is_unsorted=base == "category" and is_unsorted(term),
            description=own.description if own and base == "category" else "",
        )


def left_out_because(item: Item) -> str | None:
    """Why an item has no place here at all; None when it has."""
    if item.kind != "page" and not kinds.is_story(item.kind):
        return _("It is of a kind we have no place for (%(kind)s).") % {"kind": item.kind}
    if item.status == "trash":
        return _("It was in the bin.")
    if item.status in ("auto-draft", "inherit"):
        return _("It was an empty beginning that WordPress had made by itself.")
    return None


def _tags(item: Item, section: Term | None) -> list[Term]:
    """The post's tags, the categories that are not its section, and what other lists it stood in: series, places."""
    return [
        term
        for term in item.terms
        if term.domain == "post_tag"
        or (term.domain == "category" and term != section and not is_unsorted(term))
        or (kinds.is_list(term.domain) and term != section)
    ]


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


def _as_record(comment: Comment, item: Item) -> dict[str, object]:
    """What readers could see of a comment. Her address, her site and her machine's number are not in it."""
    return {
        "post": item.key,
        "post_title": text_of(item.title),
        "post_link": item.link,
        "id": comment.foreign_id,
        "answers": comment.parent or None,
        "author": text_of(comment.author),
        "date": comment.date.isoformat() if comment.date else None,
        "text": text_of(comment.text),
    }
