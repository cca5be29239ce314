"""What a new newsroom starts with: kinds of stories; sections when it names some."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext, gettext_noop, override

from standfirst.stories.models import Section, SectionText, StoryKind, StoryKindText

# slug → (English label, is opinion, label shown). The rest is switched on at the desk.
KINDS = {
    "news": (gettext_noop("News"), False, False, True),
    "analysis": (gettext_noop("Analysis"), False, True, True),
    "opinion": (gettext_noop("Opinion"), True, True, True),
    "report": (gettext_noop("Report"), False, True, False),
    "interview": (gettext_noop("Interview"), False, True, False),
    "explainer": (gettext_noop("Explainer"), False, True, False),
    "fact-check": (gettext_noop("Fact check"), False, True, False),
    "review": (gettext_noop("Review"), True, True, False),
}


def _label(text: str, language: str) -> str:
    with override(language):
        return gettext(text)


def kinds_found(*, languages: Iterable[str]) -> list[StoryKind]:
    """Make the kinds of story; news, analysis and opinion are on. May run again and then changes nothing."""
    languages = list(languages)
    made = []
    with transaction.atomic():
        for order, (slug, (label, is_opinion, is_labelled, is_active)) in enumerate(KINDS.items()):
            kind = StoryKind.objects.filter(slug=slug).first()
            if kind is None:
                kind = StoryKind(
                    slug=slug,
                    label=_label(label, languages[0]),
                    is_opinion=is_opinion,
                    is_labelled=is_labelled,
                    is_active=is_active,
                    sort_order=order * 10,
                )
                kind.texts = [StoryKindText(language=code, label=_label(label, code)) for code in languages[1:]]
                kind.save()
            made.append(kind)
    return made


def section_add(
    *,
    title: str,
    slug: str = "",
    description: str = "",
    sort_order: int = 100,
    in_menu: bool = True,
    texts: dict[str, dict[str, str]] | None = None,
) -> Section:
    """A part of the paper. texts: language → {"title": …, "description": …} for the other languages."""
    with transaction.atomic():
        section = Section(title=title, slug=slug, description=description, sort_order=sort_order, in_menu=in_menu)
        section.texts = [SectionText(language=code, **fields) for code, fields in (texts or {}).items()]
        section.save()
    return section
