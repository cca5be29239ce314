"""The home pages as they are arranged, and the masthead: name, colours, links and the words of the frame."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Locale, Page, Site

from standfirst.fronts.models import HomeBand, HomePage, HomeSecond, Masthead, MastheadLink, MastheadText
from standfirst.fronts.models.masthead import colour
from standfirst.kit.exports import BadExport, Fields, In, Out, gettext_noop, moment, records
from standfirst.stories.models import Section
from standfirst.stories.selectors import live_stories
from standfirst.stories.services import pages_insert

FRONTS, MASTHEAD = "fronts.json", "masthead.json"
_PLAIN = ("name", "accent", "accent_dark", "face", "legal_name", "contact_email", "postal_address")
_LINKS = ("support_url", "newsletter_url")
_WORDS = ("name", "tagline", "funder_line", "appeal_heading", "appeal_amount", "appeal_button")
_RICH = ("appeal_text", "other_ways")


def shows() -> list[tuple[str, int]]:
    rows = Masthead.objects.values_list("logo_id", "icon_id")
    return [("picture", pk) for row in rows for pk in row if pk]


def holds() -> dict[str, int]:
    """Fronts somebody arranged; those a new newsroom begins with do not count."""
    return {"arranged home pages": HomePage.objects.filter(latest_revision__isnull=False).count()}


def write(out: Out) -> None:
    homes = HomePage.objects.select_related("locale").order_by("path").prefetch_related("seconds", "bands__section")
    chosen = {home.lead_id for home in homes} | {one.story_id for home in homes for one in home.seconds.all()}
    public = dict(live_stories().order_by().filter(pk__in=chosen - {None}).values_list("pk", "public_path"))
    out.json(FRONTS, [_home(home, public, private=out.private) for home in homes])
    masthead = Masthead.objects.prefetch_related("texts", "links").order_by("pk").first()
    if masthead is not None:
        out.json(MASTHEAD, _masthead(masthead))
    out.count("fronts", len(homes))


def _home(home: HomePage, public: dict[int, str], *, private: bool) -> dict[str, Any]:
    def slot(pk: int | None, until: Any) -> dict[str, Any] | None:
        if pk is None or (pk not in public and not private):
            return None
        return {"story": pk, "address": public.get(pk), "until": moment(until)}

    seconds = sorted(home.seconds.all(), key=lambda one: (one.sort_order or 0, one.pk))
    bands = sorted(home.bands.all(), key=lambda one: (one.sort_order or 0, one.pk))
    return {
        "id": home.pk,
        "language": home.language,
        "translation_key": str(home.translation_key),
        "slug": home.slug,
        "title": home.title,
        "is_public": home.live,
        "lead": slot(home.lead_id, home.lead_until),
        "seconds": [said for one in seconds if (said := slot(one.story_id, one.until))],
        "bands": [{"section": one.section.slug, "count": one.count} for one in bands],
        "seconds_count": home.seconds_count,
        "thirds_count": home.thirds_count,
        "search_title": home.seo_title,
        "search_description": home.search_description,
        "published_at": moment(home.first_published_at),
        "last_published_at": moment(home.last_published_at),
    }


def _masthead(masthead: Masthead) -> dict[str, Any]:
    links = sorted(masthead.links.all(), key=lambda one: (one.sort_order or 0, one.pk))
    return {
        **{name: getattr(masthead, name) for name in (*_PLAIN, *_LINKS)},
        "logo": masthead.logo_id,
        "icon": masthead.icon_id,
        "founded_year": masthead.founded_year,
        "extract_limit_chars": masthead.extract_limit_chars,
        "texts": [
            {"language": text.language} | {name: getattr(text, name) for name in (*_WORDS, *_RICH)}
            for text in sorted(masthead.texts.all(), key=lambda text: text.language)
        ],
        "links": [
            {"place": link.place, "language": link.language, "label": link.label, "address": link.address}
            for link in links
        ],
    }


def read_homes(inward: In) -> None:
    """The home pages take the place of those a new newsroom begins with; their slots are filled when stories are in."""
    languages = {locale.language_code: locale for locale in Locale.objects.all()}
    root, site = Page.get_first_root_node(), Site.objects.get(is_default_site=True)
    said_homes = records(inward.json(FRONTS), FRONTS)
    if not said_homes:
        raise BadExport(gettext_noop("%(fronts)s names no front. Export again."), fronts=FRONTS)
    site.root_page = root
    site.save()
    for old in Page.objects.filter(depth=2):
        old.delete()
    homes = []
    for number, said in enumerate(said_homes, 1):
        language, slug = said.needed("language", 20), said.needed("slug", 255)
        if language not in languages:
            raise BadExport(
                gettext_noop("%(where)s: the language “%(language)s” is none of this newsroom's."),
                where=said.where,
                language=language,
            )
        home = HomePage(
            title=said.needed("title", 255),
            draft_title=said.text("title", 255),
            slug=slug,
            locale=languages[language],
            translation_key=said.key("translation_key"),
            live=said.flag("is_public", True),
            seo_title=said.text("search_title", 255),
            search_description=said.text("search_description"),
            first_published_at=said.moment("published_at"),
            last_published_at=said.moment("last_published_at"),
            seconds_count=said.number("seconds_count", least=0, most=100),
            thirds_count=said.number("thirds_count", least=0, most=100),
            content_type=ContentType.objects.get_for_model(HomePage),
            path=Page._get_path(root.path, 2, number),
            depth=2,
            url_path=f"/{slug}/",
        )
        home.pk = home.id = home.page_ptr_id = said.number("id")
        homes.append(home)
        inward.count("fronts")
    pages_insert(homes)
    Page.objects.filter(pk=root.pk).update(numchild=len(homes))
    site.root_page = homes[0]
    site.save()


def read_rest(inward: In) -> None:
    sections = {section.slug: section for section in Section.objects.all()}
    known = inward.known("story")
    for said in records(inward.json(FRONTS), FRONTS):
        home = HomePage.objects.get(pk=said.number("id"))
        lead = said.record("lead")
        if lead is not None and lead.number("story") in known:
            HomePage.objects.filter(pk=home.pk).update(lead=lead.number("story"), lead_until=lead.moment("until"))
        HomeSecond.objects.bulk_create(
            HomeSecond(home=home, story_id=one.number("story"), until=one.moment("until"), sort_order=number)
            for number, one in enumerate(said.records("seconds"))
            if one.number("story") in known
        )
        bands = []
        for number, one in enumerate(said.records("bands")):
            section = sections.get(one.text("section", 100))
            if section is None:
                raise BadExport(
                    gettext_noop("%(where)s: the section “%(section)s” is not in the export."),
                    where=one.where,
                    section=one.text("section"),
                )
            bands.append(
                HomeBand(home=home, section=section, count=one.number("count", least=0, most=100), sort_order=number)
            )
        HomeBand.objects.bulk_create(bands)
    said_masthead = inward.json(MASTHEAD)
    if said_masthead is not None:
        _read_masthead(inward, Fields(said_masthead, MASTHEAD))


def _read_masthead(inward: In, said: Fields) -> None:
    masthead = Masthead.objects.get(site=Site.objects.get(is_default_site=True))
    for name in _PLAIN:
        field = Masthead._meta.get_field(name)
        setattr(masthead, name, said.text(name, field.max_length or 0))
    for name in ("accent", "accent_dark"):
        if getattr(masthead, name):
            colour(getattr(masthead, name))
    masthead.face = said.choice("face", Masthead.Face.values, Masthead.Face.BRYGADA)
    for name in _LINKS:
        setattr(masthead, name, said.link(name, 200))
    for name in ("logo", "icon"):
        pk = said.number_or_none(name)
        setattr(masthead, f"{name}_id", pk if pk in inward.known("picture") else None)
    masthead.founded_year = said.number_or_none("founded_year", least=0, most=9999)
    masthead.extract_limit_chars = said.number("extract_limit_chars", least=0)
    masthead.texts = [
        MastheadText(
            language=text.needed("language", 20),
            sort_order=number,
            **{name: text.text(name, MastheadText._meta.get_field(name).max_length or 0) for name in _WORDS},
            **{name: inward.rich(text.text(name), text.where) for name in _RICH},
        )
        for number, text in enumerate(said.records("texts"))
    ]
    masthead.links = [
        MastheadLink(
            place=link.choice("place", MastheadLink.Place.values, MastheadLink.Place.MENU),
            language=link.text("language", 20),
            label=link.needed("label", 60),
            address=link.link("address", 300),
            sort_order=number,
        )
        for number, link in enumerate(said.records("links"))
    ]
    masthead.save()
