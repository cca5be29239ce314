"""Where an old address leads, by what is known of it or by rule: always one hop, to where its page is now.

Rows (Wagtail's redirects) hold what is finite: each text's own addresses, queries, lists. The rule of kit.oldpaths
leads on what is endless: feeds, further pages, AMP, capitals, dates. See docs/decisions.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from urllib.parse import parse_qsl

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Model
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.translation import override
from wagtail.contrib.redirects.models import Redirect

from standfirst.fronts.models import StandingPage
from standfirst.fronts.selectors import standing_page
from standfirst.importers.models import ImportedItem
from standfirst.importers.oldfiles import file_at, file_of_attachment
from standfirst.kit import oldpaths
from standfirst.people.models import Byline
from standfirst.press.addresses import Live
from standfirst.press.moved import QUERY_NAMES
from standfirst.stories import selectors as stories
from standfirst.stories.models import Section, StoryPage, Tag

_CODES = [code for code, _name in settings.LANGUAGES]
FRONTS = frozenset({"/", "/index.php", *(f"/{code}/" for code in _CODES[1:])})
_MOST_HOPS = 5


@dataclass(frozen=True)
class Lead:
    target: str
    is_permanent: bool = True


def query_leads(path: str, query: str) -> Lead | None:
    """Where /?p=123 and its kind lead; None for every other query. A campaign's marks do not matter."""
    asked = dict(parse_qsl(query[:2000]))
    names = [name for name in QUERY_NAMES if asked.get(name) and "\0" not in asked[name]]
    if not names:
        return None
    bases = ["/"] if path in ("/", "/index.php") else [path.removesuffix("index.php"), path]
    forms = [Redirect.normalise_path(f"{base}?{name}={asked[name]}")[:255] for name in names for base in bases]
    if oldpaths.LANGUAGE in names:
        shorter = oldpaths.shorter(oldpaths.plain(path))[1:]
        forms += [f"{form.path}?{oldpaths.LANGUAGE}={asked[oldpaths.LANGUAGE]}"[:255] for form in shorter]
    return _by_rows(forms) or _by_asking(path, asked)


def path_leads(path: str, query: str = "") -> Lead | None:
    """Where an address leads at which nothing stands. path: decoded once, as Django has it."""
    if "\0" in path or len(path) > 2000:
        return None
    if query:
        led = query_leads(path, query)
        whole = led or _by_rows([Redirect.normalise_path(f"{iri_to_uri(path)}?{query}")[:255]])
        if whole is not None:
            return whole
    plain = oldpaths.plain(path)
    exact = [Redirect.normalise_path(path), Redirect.normalise_path(iri_to_uri(path), decode_unicode=False), plain]
    led = _by_rows(exact)
    if led is not None:
        return led
    return (
        _by_forms(plain, path)
        or _by_language(plain, path)
        or _by_date(plain)
        or _of_picture(plain)
        or _to_file(file_at(path))
    )


def _by_forms(plain: str, path: str) -> Lead | None:
    """By what a plain path is a form of: a feed, a further page, AMP. path: as it was asked for."""
    forms = oldpaths.shorter(plain)
    asked_feed = "atom" if plain.removesuffix(".php").endswith("atom") else "rss"
    rows = _rows([form.path for form in forms])
    for form in forms:
        lead = _of_row(rows.get(form.path))
        if lead is None and (form.path != plain or plain != path.rstrip("/")):
            own = own_page(form.path, is_shorter=form.path != plain, came=True)
            # A further page that we do not have may come to be one: such a lead is not for good.
            lead = Lead(own, is_permanent=form.path == plain) if own else None
        if lead is not None and lead.target.rstrip("/") != path.rstrip("/"):
            feed = form.is_feed and _feed_of(lead.target, asked_feed)
            return Lead(feed, lead.is_permanent) if feed else lead
    return None


def _by_language(plain: str, path: str) -> Lead | None:
    """Translation plugins put the language before a list's address, and before the first language's too."""
    code, _slash, rest = plain.strip("/").partition("/")
    if code not in _CODES:
        return None
    if not rest:
        with override(code):
            home = reverse("fronts:home")
        return Lead(home) if home != f"{plain}/" else None
    lead = _by_forms(f"/{rest}", path)
    target = _in_language(lead.target, code) if lead else ""
    return Lead(target, lead.is_permanent) if lead and target.rstrip("/") != path.rstrip("/") else None


def _in_language(target: str, code: str) -> str:
    """A list of ours in another language; what is no list stays what it is."""
    with override(_language_of(target)):
        try:
            match = resolve(target)
        except Resolver404:
            return target
    slug = match.kwargs.get("slug", "")
    is_list = match.url_name in ("home", "archive", "byline") or (
        match.url_name == "section" and Section.objects.filter(slug=slug).exists()
    )
    if match.url_name == "tag":  # nothing stands at a tag's address in a language without a story of it
        tag = Tag.objects.filter(slug=slug).first()
        is_list = tag is not None and stories.stories_with_tag(tag, code).exists()
    if not is_list:
        return target
    with override(code):
        return reverse(match.view_name, args=match.args, kwargs=match.kwargs)


@dataclass(frozen=True)
class Standing:
    """Which sections and standing pages (path, language) there are, asked for once for many addresses."""

    sections: frozenset[str]
    pages: frozenset[tuple[str, str]]


def what_stands() -> Standing:
    pages = StandingPage.objects.filter(live=True).values_list("path_in_language", "locale__language_code")
    return Standing(frozenset(Section.objects.values_list("slug", flat=True)), frozenset(pages))


def own_page(
    path: str, *, is_shorter: bool = False, came: bool = False, standing: Standing | None = None
) -> str | None:
    """The address at which something of ours answers for a plain path; None where nothing does.

    is_shorter: something stood behind it; then the front page is meant by what it lists, and not by itself.
    came: only what came from an old system, and may have stood at this address there.
    """
    language = _language_of(path)
    address = f"{path.rstrip('/')}/"
    with override(language):
        home = reverse("fronts:home")
        if address == home:
            return reverse("fronts:archive") if is_shorter else home
        if path.rpartition("/")[2] == "comments" and is_shorter:
            return home
        try:
            match = resolve(address)
        except Resolver404:
            return None
        name = match.url_name or ""
        if standing is not None and name in ("section", "standing"):
            slug = match.kwargs.get("slug") or match.kwargs.get("path") or ""
            if slug not in standing.sections and (slug, language) not in standing.pages:
                return None
        found = _standing_at(name, match.kwargs, address, language)
    if found is None or (came and (isinstance(found, str) or not _came(found))):
        return None
    return address


def is_ours(path: str, standing: Standing | None = None) -> bool:
    """Whether readers meet something of the paper's own at a path, so that no old address may lead away from it.

    standing: what_stands(), for many paths at once.
    """
    address = f"{path.rstrip('/')}/"
    if _LIVE(address) or _LIVE(address.rstrip("/")):
        return True
    plain = oldpaths.plain(path)
    return plain == "/" or own_page(plain, standing=standing) is not None


_LIVE = Live([code for code, _name in settings.LANGUAGES])


def _standing_at(name: str, kwargs: dict[str, str], address: str, language: str) -> Model | str | None:
    """What stands at one of our addresses: a page, a list's subject, or the name of a page of the house."""
    slug = kwargs.get("slug", "")
    if name == "story":
        return StoryPage.objects.filter(public_path=address).first()
    if name == "section":
        return standing_page(slug, language) or Section.objects.filter(slug=slug).first()
    if name == "standing":
        return standing_page(kwargs["path"], language)
    if name == "tag":
        return Tag.objects.filter(slug=slug).first()
    if name == "byline":
        return Byline.objects.filter(slug=slug).first()
    of_the_house = ("archive", "bylines", "home_text", "archive_text", "bylines_text", "feed_root", "search")
    return name if name in of_the_house else None


def _came(found: Model) -> bool:
    kind = ContentType.objects.get_for_model(found)
    return ImportedItem.objects.filter(content_type=kind, object_id=found.pk).exists()


def _feed_of(target: str, form: str) -> str | None:
    """The feed of a list of ours; None for a page that is no list."""
    with override(_language_of(target)):
        if target in (reverse("fronts:archive"), reverse("fronts:home")):
            return f"{reverse('fronts:home')}feed/{form}"
        try:
            match = resolve(target)
        except Resolver404:
            return None
    slug = match.kwargs.get("slug", "")
    is_list = match.url_name in ("tag", "byline") or (
        match.url_name == "section" and Section.objects.filter(slug=slug).exists()
    )
    return f"{target}feed/{form}" if is_list else None


def _by_rows(forms: list[str]) -> Lead | None:
    rows = _rows(forms)
    return next((lead for form in forms if (lead := _of_row(rows.get(form)))), None)


def _rows(forms: list[str]) -> dict[str, Redirect]:
    wanted = {form[:255] for form in forms}
    return {row.old_path: row for row in Redirect.objects.filter(old_path__in=wanted).select_related("redirect_page")}


def _of_row(row: Redirect | None) -> Lead | None:
    """Where a row leads in the end: one that leads to an old address leads where that one does."""
    seen: set[str] = set()
    permanent = True
    while row is not None and row.link:
        page = row.redirect_page
        if page is not None and not page.live and not isinstance(page.specific_deferred, StoryPage):
            return None  # a standing page that is a draft; a withdrawn story's address says that it was withdrawn
        permanent = permanent and row.is_permanent
        link = str(row.link)
        if not link.startswith("/") or row.redirect_page_id or row.old_path in seen or len(seen) >= _MOST_HOPS:
            return Lead(link, permanent)
        seen.add(row.old_path)
        row = _rows([Redirect.normalise_path(link)]).get(Redirect.normalise_path(link))
        if row is None or not row.link:
            return Lead(link, permanent)
    return None


def _by_date(plain: str) -> Lead | None:
    """A year's, month's or day's archive: the page of our archive that ends with it."""
    date = oldpaths.dated(plain)
    if date is None:
        return None
    before, year, month, day = date
    language = before.strip("/")
    if before and language not in dict(settings.LANGUAGES) and not _rows([before]):
        return None
    if language not in dict(settings.LANGUAGES):
        language = settings.LANGUAGE_CODE
    try:
        first = dt.datetime(year, month or 1, day or 1)  # noqa: DTZ001 (made aware below)
    except ValueError:
        return None
    after = first + dt.timedelta(days=1 if day else 32 if month else 367)
    if not day:
        after = after.replace(day=1) if month else after.replace(month=1, day=1)
    end = timezone.make_aware(after)
    count = stories.live_stories(language).filter(first_published_at__lt=end).order_by().aggregate(n=Count("pk"))["n"]
    with override(language):
        number = max(1, math.ceil(count / stories.PAGE_SIZE))
        return Lead(reverse("fronts:archive_page", args=[number]), is_permanent=False)


def _by_asking(path: str, asked: dict[str, str]) -> Lead | None:
    """A date's archive as a query, and the page of a picture that was part of no text."""
    dated = oldpaths.dated_by(oldpaths.plain(path), asked.get("m", ""))
    return (_by_date(dated) if dated else None) or _to_file(file_of_attachment(asked.get("attachment_id", "")))


def _to_file(address: str | None) -> Lead | None:
    """Not for good: cut anew or replaced, a file takes another name."""
    return Lead(address, is_permanent=False) if address else None


def _of_picture(plain: str) -> Lead | None:
    """A picture had a page of its own below the text it was uploaded to."""
    upper = oldpaths.above(plain)
    row = _rows([upper]).get(upper) if upper else None
    return _of_row(row) if row is not None and row.redirect_page_id else None


def _language_of(path: str) -> str:
    first = path.strip("/").partition("/")[0]
    codes = [code for code, _name in settings.LANGUAGES]
    return first if first in codes[1:] else codes[0]
