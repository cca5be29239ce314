"""A letter's words from stories: plain text written with care, and HTML that survives dark mode."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language_bidi, gettext, override

from standfirst.fronts import selectors as fronts
from standfirst.mailroom.models import Letter, Mailing
from standfirst.mailroom.posting import base_url, leave_address
from standfirst.stories.addresses import language_prefix
from standfirst.stories.models import StoryPage
from standfirst.stories.selectors import live_stories
from standfirst.wire.crops import RATIOS, crops_of

WIDTH = 72
#: As many stories as a letter holds.
MOST = 15
#: Forces the night's colours, for looking at them at the desk.
NIGHT = "(prefers-color-scheme: dark)"


@dataclass(frozen=True)
class Item:
    """A story as a letter shows it."""

    headline: str
    words: str
    url: str
    kicker: str = ""
    picture: str = ""
    alt: str = ""


@dataclass(frozen=True)
class Words:
    """What a letter says. intro: an editor's own words, paragraphs with an empty line between them."""

    subject: str
    preheader: str
    text: str
    html: str
    carries: list[str]
    # It tells its readers that how often its links are followed is counted.
    counts_links: bool = False


def stories_for(keys: Sequence[int], language: str) -> list[StoryPage]:
    """These stories as far as they are public, in this order."""
    rows = live_stories(language).filter(pk__in=keys).select_related("section", "lead_image", "locale")
    found = {story.pk: story for story in rows.prefetch_related("lead_image__renditions")}
    return [found[key] for key in keys if key in found][:MOST]


def _day(language: str) -> str:
    """Today with its weekday, in the middle of a line: Ukrainian writes it small there, Django as if it stood alone."""
    day = date_format(timezone.localdate(), "l, j E Y")
    return day[:1].lower() + day[1:] if language == "uk" else day


def letter_words(
    *,
    mailing: Mailing,
    language: str,
    stories: Sequence[StoryPage],
    subject: str = "",
    preheader: str = "",
    intro: str = "",
    corrects: Letter | None = None,
) -> Words:
    """Put a letter together. Without a subject it is named after its first story; links lead straight to stories."""
    with override(language):
        name = fronts.masthead().name_in(language)
        first = stories[0].title if stories else mailing.name_in()
        others = stories[1].title if len(stories) > 1 else ""
        context: dict[str, Any] = {
            "paper": name,
            "mailing": mailing.name_in(),
            "day": _day(language),
            "subject": subject or first,
            "preheader": preheader or others or (stories[0].standfirst if stories else ""),
            "intro": [part.strip() for part in intro.replace("\r\n", "\n").split("\n\n") if part.strip()],
            "items": [_item(story, is_first=not number) for number, story in enumerate(stories)],
            "home": _whole(language_prefix(language)),
            "leave": leave_address(),
            "language": language,
            "direction": "rtl" if get_language_bidi() else "ltr",
            "corrects": corrects,
            "about": _about(corrects) if corrects else "",
            "counts_links": mailing.counts_links,
            "corrections": _whole(f"{language_prefix(language)}corrections/"),
        }
        html = render_to_string("wire/letters/letter.html", context)
        text = _text(context)
    import css_inline  # large, and needed when a letter is made

    # Rules about the screen stay in the head: mail programs that know them follow them, the others need none.
    inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
    return Words(
        subject=context["subject"],
        preheader=context["preheader"],
        text=text,
        html=inliner.inline(html),
        carries=[f"story:{story.pk}" for story in stories],
        counts_links=mailing.counts_links,
    )


def _whole(address: str) -> str:
    """An own path as a letter needs it, with scheme and host."""
    return f"{base_url()}{address}" if address.startswith("/") else address


def _item(story: StoryPage, *, is_first: bool) -> Item:
    picture = None
    if is_first and story.lead_image:
        picture = crops_of(story.lead_image, RATIOS[0]).get(RATIOS[0])
    return Item(
        headline=story.title,
        words=story.standfirst,
        url=_whole(story.public_path or "/"),
        kicker=story.kicker or (story.section.title_in(story.language) if story.section else ""),
        picture=_whole(picture.url) if picture else "",
        alt="" if story.lead_decorative else story.lead_alt,
    )


def _text(context: dict[str, Any]) -> str:
    parts = [f"{context['paper']} · {context['mailing']}\n{context['day']}"]
    if context["corrects"]:
        parts.append(_wrapped(_about(context["corrects"])))
    parts += [_wrapped(part) for part in context["intro"]]
    for item in context["items"]:
        head = f"{_wrapped(item.headline)}\n{_underlined(item.headline)}"
        parts.append("\n".join(filter(None, [head, _wrapped(item.words), item.url])))
    leave = gettext("Leave, or choose which letters you get:")
    why = gettext("You get this because you asked for “%(mailing)s” at %(paper)s.") % context
    parts.append(f"-- \n{_wrapped(why)}\n{leave}\n{context['leave']}")
    return "\n\n".join(parts) + "\n"


def _about(letter: Letter) -> str:
    day = date_format(timezone.localtime(letter.started_at or letter.made_at), "j E Y")
    return gettext("This puts right our letter “%(subject)s” of %(day)s.") % {"subject": letter.subject, "day": day}


def _underlined(headline: str) -> str:
    last = _wrapped(headline).rpartition("\n")[2]
    return "=" * min(len(last), WIDTH)


def _wrapped(text: str) -> str:
    """Lines of at most WIDTH signs, broken between words alone, so that addresses stay whole."""
    return textwrap.fill(" ".join(text.split()), WIDTH, break_long_words=False, break_on_hyphens=False)


def at_night(html: str) -> str:
    """A letter as a mail program with a dark screen shows it."""
    return html.replace(NIGHT, "all")
