"""schema.org data (SD-01 … SD-07, SD-13, SD-14) as plain dicts. Never the full text: no `articleBody` (SD-04)."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from standfirst.corrections.logbook import corrections_of
from standfirst.fronts.models import Masthead
from standfirst.kit.html import extract, text_of
from standfirst.people.models import Byline
from standfirst.stories.addresses import language_prefix
from standfirst.stories.models import NewsImage, StoryPage
from standfirst.stories.reading import Reading
from standfirst.wire import crops, policies
from standfirst.wire.addresses import absolute

Data = dict[str, Any]

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_A_NAME = re.compile(r"(?:[^\W\d_a-zа-щьюяєіїґ][^\W\d_]*[.’'ʼ-]?[^\W\d_]*)(?: [^\W\d_a-zа-щьюяєіїґ][\w.’'ʼ-]*){1,2}")
_ESCAPES = {ord(char): f"\\u{ord(char):04X}" for char in "<>&\u2028\u2029"}


def as_script(data: Data) -> SafeString:
    """JSON for a script element: nothing a headline holds can end the element or begin another."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308


def stamp(moment: dt.datetime | None) -> str | None:
    """ISO 8601 with the offset of the newsroom's time zone."""
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else None


def filled(data: Data) -> Data:
    """Without what is not known: an empty property is a false one."""
    return {key: value for key, value in data.items() if value not in (None, "", [], {})}


def description_of(story: StoryPage, limit: int) -> str:
    """The standfirst, else the beginning of the text, within the limit of an extract."""
    if story.standfirst.strip():
        return extract(story.standfirst, limit)
    for block in story.body.raw_data:
        if block.get("type") == "text":
            text = text_of(str(block.get("value") or ""))
            if text:
                return extract(text, min(limit, 250))
    return ""


def story_data(
    *, story: StoryPage, reading: Reading, masthead: Masthead, request: HttpRequest | None, description: str
) -> Data:
    """A NewsArticle. One query for the picture's crops, one for the terms of reuse."""
    language = story.language
    url = absolute(story.public_path or "", request)
    organization = publisher(masthead, request, language)
    terms = policies.standing_addresses(language).get("reuse")
    licence = absolute(terms, request) if terms else None
    published = timezone.localtime(story.first_published_at or timezone.now())
    return filled(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "@id": f"{url}#article",
            "url": url,
            "mainEntityOfPage": url,
            "headline": story.title,
            "description": description,
            "inLanguage": language,
            "datePublished": stamp(story.first_published_at),
            "dateModified": stamp(story.changed_at or story.first_published_at),
            "version": str(reading.version) if reading.version else None,
            "correction": [
                filled(
                    {
                        "@type": "CorrectionComment",
                        "text": one.text.note or str(one.get_label_display()),
                        "datePublished": stamp(one.fixed_at),
                        "url": absolute(one.address, request),
                    }
                )
                for one in corrections_of(story)
                if not one.is_withheld
            ],
            "image": pictures(story, masthead, request, licence),
            "author": [author(line.byline, line.name, language, request) for line in reading.bylines] or [organization],
            "publisher": organization,
            "articleSection": story.section.title_in(language) if story.section else None,
            "genre": story.kind.label_in(language) if story.kind else None,
            "keywords": [tag.name for tag in reading.tags],
            "dateline": story.dateline,
            "backstory": extract(text_of(story.methods), policies.EXTRACT_LIMIT_CHARS) if story.methods else None,
            "isBasedOn": [
                filled(
                    {
                        "@type": "CreativeWork",
                        "url": line.url,
                        "publisher": {"@type": "Organization", "name": line.name},
                    }
                )
                for line in reading.based_on
            ],
            "citation": [
                filled(
                    {
                        "@type": "CreativeWork",
                        "name": line.title,
                        "url": line.url,
                        "publisher": {"@type": "Organization", "name": line.publisher} if line.publisher else None,
                        "datePublished": line.published_on if _DATE.fullmatch(line.published_on) else None,
                    }
                )
                for line in reading.sources
            ],
            "isAccessibleForFree": True,
            "license": licence,
            "usageInfo": licence,
            "acquireLicensePage": licence,
            "copyrightHolder": {"@id": organization["@id"]},
            "copyrightYear": published.year,
            "copyrightNotice": f"© {published.year} {masthead.legal_name or masthead.name_in(language)}",
        }
    )


def author(byline: Byline, name: str, language: str, request: HttpRequest | None) -> Data:
    """One object per name (SD-03). Nothing of the account behind it."""
    desk = byline.kind == Byline.Kind.DESK
    return filled(
        {
            "@type": "Organization" if desk else "Person",
            "name": name,
            "url": absolute(byline.get_absolute_url(), request),
            "jobTitle": None if desk else byline.role_in(language),
        }
    )


def pictures(story: StoryPage, masthead: Masthead, request: HttpRequest | None, licence: str | None) -> list[Data]:
    image = story.lead_image
    if image is None:
        return []
    credit = story.lead_credit or image.credit
    common = {
        "caption": story.lead_caption or ("" if story.lead_decorative else story.lead_alt),
        "creditText": credit,
        "creator": _creator(image, credit, masthead),
        "copyrightNotice": credit,
        "license": image.licence_url or (licence if image.source_kind == NewsImage.SourceKind.OWN else None),
        "acquireLicensePage": licence if image.source_kind == NewsImage.SourceKind.OWN else None,
    }
    return [
        filled(
            {
                "@type": "ImageObject",
                "url": absolute(crop.url, request),
                "contentUrl": absolute(crop.url, request),
                "width": crop.width,
                "height": crop.height,
                **common,
            }
        )
        for crop in crops.crops_for_search(image)
    ]


def _creator(image: NewsImage, credit: str, masthead: Masthead) -> Data | None:
    """Who made it, where the credit tells it beyond doubt: “Olena Marchuk / The Lantern”, “Reuters”; else nobody."""
    kinds = NewsImage.SourceKind
    name = credit.split("/")[0].strip()
    if name and name == masthead.name:
        return {"@type": "Organization", "name": name}
    if image.source_kind in (kinds.OWN, kinds.READER, kinds.ILLUSTRATION):
        # Two or three words, each with a capital: a person's name. “Redrawn by …, after …” is not.
        return {"@type": "Person", "name": name} if _A_NAME.fullmatch(name) else None
    if image.source_kind == kinds.AGENCY and name == credit and "," not in name:
        return {"@type": "Organization", "name": name}
    return None


def publisher(masthead: Masthead, request: HttpRequest | None, language: str) -> Data:
    """The paper in few words, for a story; the home page has the whole of it under the same @id."""
    return {
        "@type": "NewsMediaOrganization",
        "@id": absolute("/#org", request),
        "name": masthead.name_in(language),
        "url": absolute(language_prefix(language), request),
    }


def site_data(*, masthead: Masthead, request: HttpRequest | None, language: str, logo: str | None) -> Data:
    """The paper and its site, for the home page. Policies are named only where their page stands (SD-06)."""
    pages = policies.standing_addresses(language)
    organization = {
        **publisher(masthead, request, language),
        "legalName": masthead.legal_name,
        "foundingDate": str(masthead.founded_year) if masthead.founded_year else None,
        "address": masthead.postal_address,
        "logo": absolute(logo, request) if logo else None,
        **{name: absolute(pages[path], request) if path in pages else None for name, path in policies.POLICIES.items()},
        "actionableFeedbackPolicy": absolute(f"{language_prefix(language)}contact/", request),
        "masthead": absolute(reverse("fronts:bylines"), request),
    }
    site = {
        "@type": "WebSite",
        "@id": absolute(f"{language_prefix(language)}#site", request),
        "url": absolute(language_prefix(language), request),
        "name": masthead.name_in(language),
        "description": masthead.words("tagline", language),
        "inLanguage": language,
        "publisher": {"@id": organization["@id"]},
    }
    return {"@context": "https://schema.org", "@graph": [filled(organization), filled(site)]}
