"""A row of Ghost's posts as a text on its way in: its words, its names, its dates, its old addresses."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from standfirst.importers.ghost.rows import Row
from standfirst.importers.ghost.survey import OldTag, Survey, key_of, words
from standfirst.importers.ghost.texts import html_of
from standfirst.importers.letters import SiteLanguage
from standfirst.importers.records import Incoming, OldAuthor, OldList, PictureUse
from standfirst.kit.links import split

_PLACEHOLDER = re.compile(r"__GHOST_(?:[A-Z]+_)?URL__/?")
_SIZED = re.compile(r"(/content/images)/size/w\d{1,5}(?:h\d{1,5})?(?:/format/[a-z]{3,5})?(?=/)")
_LANGUAGE_TAG = re.compile(r"(?:hash-)?(?:lang|language|locale)-([a-z]{2,3}(?:-[a-z]{2,4})?)")
_ADDRESSES = ("feature_image", "image", "canonical_url", "feature_image_caption")
_COLUMNS = ("lexical", "mobiledoc", "html", *_ADDRESSES)
_NEVER_CHOSEN = "en_US"  # what stood in that column of every post before 2.0
_FOREVER = 10**11  # a figure above this counts milliseconds
_SOCIAL = ("og_title", "og_description", "og_image", "twitter_title", "twitter_description", "twitter_image")


class Posts:
    """Makes texts of one export's rows.

    site_url: the old site's root, "" where it is not known. permalinks: how its addresses were made, as in Ghost's
    routes.yaml ("/{year}/{month}/{slug}/"). languages: the newsroom's, to know tags such as #uk by.
    """

    def __init__(self, survey: Survey, *, site_url: str, permalinks: Sequence[str], languages: Sequence[str]) -> None:
        self._survey = survey
        self._site = site_url.rstrip("/")
        self._permalinks = permalinks
        self._languages = languages
        settings = survey.settings
        self._zone = _zone(settings.get("timezone") or settings.get("activeTimezone") or "")
        named = ("locale", "lang", "default_locale", "defaultLang")
        self.spoken = SiteLanguage(next((settings[key] for key in named if settings.get(key)), ""), languages)
        self._is_private = settings.get("is_private") in ("true", "1")

    def incoming(self, row: Row, *, with_text: bool = True) -> Incoming:
        """The row as a text; without its words where only its names and addresses are asked for."""
        columns = _COLUMNS if with_text else _ADDRESSES
        post = {key: self.resolved(value) if key in columns else value for key, value in row.values.items()}
        key = key_of(post)
        meta = {**{name: post[name] for name in _SOCIAL if post.get(name)}, **self._survey.meta_of.get(key, {})}
        is_page = post.get("type") == "page" or post.get("page") in (1, True, "1")
        is_email = post.get("status") == "sent" or meta.get("email_only") in (1, True)
        written, changes = html_of(post, is_email=is_email) if with_text else ("", [])
        published = _date(post.get("published_at"))
        slug = words(post.get("slug"))
        text = Incoming(
            foreign_id=key,
            kind="page" if is_page else "post",
            title=_plain(post.get("title")),
            slug=slug,
            html=written,
            standfirst=_plain(post.get("custom_excerpt")),
            published=published or _date(post.get("created_at")),
            changed=_date(post.get("updated_at")),
            language=self._language_of(key, post, is_counted=with_text),
            section=self._section(key),
            tags=self._tags(key),
            authors=self._authors(key, post),
            lead=self._lead(post, meta, changes),
            search_title=_plain(meta.get("meta_title") or post.get("meta_title")),
            search_description=_plain(meta.get("meta_description") or post.get("meta_description")),
            held_because=self._held_because(post, published, is_email=is_email),
            leads_front=post.get("featured") in (1, True, "1") and not is_page,
            changes=changes,
            line=row.line,
        )
        if slug:
            text.addresses = self._addresses(post, key, published or text.published, is_email=is_email)
            text.link = self._site + text.addresses[0]
        self._name_rest(post, key, meta, text)
        return text

    def resolved(self, value: Any) -> Any:
        """A column with Ghost's stand-in for the site's address filled in, and pictures by their original."""
        if not isinstance(value, str):
            return value
        return _SIZED.sub(r"\1", _PLACEHOLDER.sub(f"{self._site}/", value))

    # What it says besides its text.

    def _language_of(self, key: str, post: dict[str, Any], *, is_counted: bool) -> str:
        """The internal tag that names one (#uk, #lang-uk), else the post's own column, else the site's setting or what
        its letters say.
        """
        for tag in self._survey.internal_tags(key):
            code = self._language_in(tag)
            if code:
                return code
        column = words(post.get("language"))
        own = words(post.get("locale")) or ("" if column == _NEVER_CHOSEN else column)
        said = words(post.get("plaintext")) or words(post.get("html")) or words(post.get("markdown"))
        return own or self.spoken.of(f"{words(post.get('title'))} {said[:4000]}", is_counted=is_counted)

    def names_language(self, tag: OldTag) -> bool:
        """Whether an internal tag says in which language a text is."""
        return bool(self._language_in(tag))

    def _language_in(self, tag: OldTag) -> str:
        named = tag.name.lstrip("#").strip().lower().replace("_", "-").replace(" ", "-")
        found = _LANGUAGE_TAG.fullmatch(named) or _LANGUAGE_TAG.fullmatch(tag.slug.lower())
        if found:
            return found[1]
        if named in self._languages or (len(named) == 5 and named[:3].rstrip("-") in self._languages):
            return named
        return ""

    def _section(self, key: str) -> OldList | None:
        tag = self._survey.section_of(key)
        return self._list(tag) if tag else None

    def _tags(self, key: str) -> list[OldList]:
        # A tag that is a section somewhere has its old address lead there, not to two places.
        section = self._survey.section_of(key)
        return [
            self._list(tag, with_address=tag.key not in self._survey.sections)
            for tag in self._survey.public_tags(key)
            if tag != section
        ]

    def _list(self, tag: OldTag, *, with_address: bool = True) -> OldList:
        addresses = (f"/tag/{quote(tag.slug)}/",) if tag.slug and with_address else ()
        return OldList(
            key=tag.slug or tag.key,
            title=_plain(tag.name),
            slug=tag.slug,
            addresses=addresses,
            description=tag.description,
        )

    def _authors(self, key: str, post: dict[str, Any]) -> list[OldAuthor]:
        keys = self._survey.authors_of.get(key) or [str(post.get("author_id") or post.get("author") or "")]
        users = [self._survey.users[user] for user in keys if user in self._survey.users]
        return [
            OldAuthor(
                key=user.slug or user.key,
                name=_plain(user.name),
                addresses=(f"/author/{quote(user.slug)}/",) if user.slug else (),
            )
            for user in users
            if user.name
        ]

    def _lead(self, post: dict[str, Any], meta: dict[str, Any], changes: list[str]) -> PictureUse | None:
        src = words(post.get("feature_image")) or words(post.get("image"))
        if not src:
            return None
        caption = self.resolved(words(meta.get("feature_image_caption")))
        return PictureUse(
            src=src,
            alt=_plain(meta.get("feature_image_alt")),
            caption=caption,
        )

    def _held_because(self, post: dict[str, Any], published: dt.datetime | None, *, is_email: bool) -> str:
        """Why it must not be public; "" when it plainly was. What is not plainly public is held (decision 4)."""
        status = words(post.get("status")) or "unknown"
        visibility = words(post.get("visibility")) or "public"
        if status == "draft":
            return _("It was a draft in the old system.")
        if status == "scheduled":
            return _("It was scheduled for %(when)s in the old system; set the time anew.") % {
                "when": _moment(published) if published else _("an unknown time")
            }
        if is_email:
            return _("It went out by e-mail only and never stood on the old site.")
        if status != "published":
            return _("It had the status “%(status)s” in the old system.") % {"status": status[:60]}
        if visibility == "members":
            return _("It was for members only in the old system.")
        if visibility in ("paid", "tiers"):
            return _("It was for paying members only in the old system.")
        if visibility != "public":
            return _("It was for some readers only in the old system (%(whom)s).") % {"whom": visibility[:60]}
        return _("The whole old site was behind a password.") if self._is_private else ""

    # Where it lay.

    def _addresses(self, post: dict[str, Any], key: str, published: dt.datetime | None, *, is_email: bool) -> list[str]:
        slug, uuid = words(post.get("slug")), words(post.get("uuid"))
        plain = f"/{quote(slug)}/"
        found = [plain]
        if not (post.get("type") == "page" or post.get("page") in (1, True)):
            found = [
                address for pattern in self._permalinks if (address := self._permalink(pattern, post, key, published))
            ] + found
        canonical = split(words(post.get("canonical_url")))
        if canonical.path.strip("/") and self._is_own(words(post.get("canonical_url"))):
            found.append(canonical.path)
        if uuid and words(post.get("status")) in ("published", "sent"):
            found.append(f"/email/{quote(uuid)}/" if is_email else f"/p/{quote(uuid)}/")
        return list(dict.fromkeys(found))

    def _permalink(self, pattern: str, post: dict[str, Any], key: str, published: dt.datetime | None) -> str:
        day = timezone.localtime(published, self._zone) if published else None
        if day is None and re.search(r"\{(?:year|month|day)\}", pattern):
            return ""
        tag = next(iter(self._survey.public_tags(key)), None)
        author = next(iter(self._authors(key, post)), None)
        values = {
            "slug": words(post.get("slug")),
            "id": key,
            "uuid": words(post.get("uuid")),
            "year": f"{day:%Y}" if day else "",
            "month": f"{day:%m}" if day else "",
            "day": f"{day:%d}" if day else "",
            "primary_tag": tag.slug if tag else "all",
            "primary_author": author.key if author else "all",
            "author": author.key if author else "all",
        }
        return re.sub(r"\{([a-z_]+)\}", lambda match: quote(values[match[1]]), pattern)

    def _is_own(self, address: str) -> bool:
        host = (split(address).hostname or "").lower().removeprefix("www.")
        own = (split(self._site).hostname or "").lower().removeprefix("www.")
        return address.startswith("/") or (bool(host) and host == own)

    # What stays behind.

    def _name_rest(self, post: dict[str, Any], key: str, meta: dict[str, Any], text: Incoming) -> None:
        if words(post.get("codeinjection_head")) or words(post.get("codeinjection_foot")):
            text.changes.append(_("Code of its own, set into the page's head or foot, was left out."))
        canonical = words(post.get("canonical_url"))
        if canonical and not self._is_own(canonical):
            text.changes.append(
                _("It named %(address)s as the place it first came out; that was left out.") % {"address": canonical}
            )
        if any(meta.get(name) for name in _SOCIAL):
            text.changes.append(_("Words or a picture of its own for social networks were left out."))
        if subject := words(meta.get("email_subject")):
            text.changes.append(_("The subject of its letter was left out: “%(words)s”.") % {"words": subject[:300]})
        if words(post.get("custom_template")):
            text.changes.append(_("The template it was shown with was left out."))
        wanted = len(self._survey.authors_of.get(key, [])) or bool(post.get("author_id"))
        if wanted > len(text.authors) and text.kind == "post":
            text.changes.append(_("An author of it is missing in the export."))
        if "\ufffd" in text.html or "\ufffd" in text.title:
            text.changes.append(_("Some of its letters were in a wrong encoding and are lost; look it over."))


def _plain(value: Any) -> str:
    """Words that Ghost shows as they are, signs and all, in the form of a text that may hold HTML."""
    return html.escape(words(value), quote=False)


def _date(value: Any) -> dt.datetime | None:
    """A moment as Ghost has written it over the years: ISO, as a database writes it, or milliseconds since 1970."""
    if isinstance(value, str) and value.strip().isdigit():
        value = int(value) if len(value.strip()) < 20 else None
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return dt.datetime.fromtimestamp(value / 1000 if abs(value) > _FOREVER else value, tz=dt.UTC)
        if isinstance(value, str) and value.strip():
            moment = dt.datetime.fromisoformat(value.strip())
            return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _zone(name: str) -> dt.tzinfo:
    try:
        return ZoneInfo(name) if name else dt.UTC
    except (ValueError, OSError, KeyError):
        return dt.UTC


def _moment(moment: dt.datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"
