"""Founding a paper: its languages, home pages and masthead."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, Site

from standfirst.fronts.models import HomePage, Masthead, MastheadText, StandingPage
from standfirst.fronts.standing import default_pages
from standfirst.people.services import roles_found
from standfirst.stories.addresses import language_prefix
from standfirst.stories.services import kinds_found


def paper_found(*, name: str, languages: Sequence[str], base_url: str = "") -> dict[str, HomePage]:
    """Found a paper in an empty database: locales, site, a home page per language, roles, kinds, masthead.

    All or nothing; may run again, and then adds only what is missing (a new language, say).
    Returns the home pages by language.
    """
    with transaction.atomic():
        _welcome_away()
        homes: dict[str, HomePage] = {}
        root = Page.get_first_root_node()
        for code in languages:
            locale, _made = Locale.objects.get_or_create(language_code=code)
            home = HomePage.objects.filter(locale=locale).first()
            if home is None:
                home = HomePage(title=f"{name} ({code})", slug=f"home-{code}", locale=locale)
                if homes:
                    home.translation_key = next(iter(homes.values())).translation_key
                root.add_child(instance=home)
                standing_found(home=home, name=name)
            homes[code] = home
        first = homes[languages[0]]
        parts = urlsplit(base_url or "http://localhost")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
        site.hostname, site.port, site.site_name, site.root_page = (
            parts.hostname or "localhost",
            port,
            name,
            first,
        )
        site.save()
        if not Masthead.objects.filter(site=site).exists():
            masthead = Masthead(site=site, name=name)
            masthead.texts = [MastheadText(language=code) for code in languages]
            masthead.save()
        kinds_found(languages=languages)
        roles_found()
    return homes


def standing_found(*, home: HomePage, name: str) -> list[StandingPage]:
    """Give a language the standing pages it lacks, with honest default texts; existing ones stay as they are.

    All or nothing. Pages in several languages are translations of each other.
    """
    language = str(home.locale.language_code)
    there = set(StandingPage.objects.filter(locale=home.locale).values_list("path_in_language", flat=True))
    keys = dict(StandingPage.objects.values_list("path_in_language", "translation_key"))
    made = []
    with transaction.atomic():
        for default in default_pages(language=language, name=name, root=language_prefix(language)):
            if default.path in there:
                continue
            page = StandingPage(
                title=default.title,
                slug=default.path.replace("/", "-"),
                path_in_language=default.path,
                introduction=default.introduction,
                body=default.body,
                in_footer=default.in_footer,
                needs_newsroom=default.needs_newsroom,
                locale=home.locale,
            )
            if default.path in keys:
                page.translation_key = keys[default.path]
            made.append(home.add_child(instance=page))
    return made


def _welcome_away() -> None:
    """Wagtail's migrations make a sample page and a locale of their own; a paper starts without them."""
    welcome = Page.objects.filter(depth=2, slug="home", content_type__model="page").first()
    if welcome is not None:
        Site.objects.filter(root_page=welcome).delete()
        welcome.delete()
    Locale.all_objects.exclude(language_code__in=[code for code, _name in settings.LANGUAGES]).filter(
        pk__in=[
            locale.pk
            for locale in Locale.all_objects.all()
            if not Page.objects.filter(locale=locale, depth__gt=1).exists()
        ]
    ).exclude(pk=Page.get_first_root_node().locale_id).delete()
