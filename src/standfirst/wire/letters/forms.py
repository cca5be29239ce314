"""What an editor fills in to make a letter, and to set up a mailing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from standfirst.mailroom import audience
from standfirst.mailroom.models import Letter, Mailing
from standfirst.stories.models import StoryPage
from standfirst.stories.selectors import live_stories
from standfirst.wire.letters.composing import MOST

# So many of the newest stories are offered.
OFFERED = 40
#: Of a mailing, as it is set up at the desk; its names and descriptions besides.
MAILING_FIELDS = ("is_open", "is_under_stories", "rhythm", "hour", "weekday", "audience", "counts_links")


class LetterForm(forms.Form):
    """A letter by hand: for whom, which stories in which order, and an editor's own words."""

    mailing = forms.ModelChoiceField(label=_("Mailing"), queryset=Mailing.objects.all(), empty_label=None)
    language = forms.ChoiceField(label=_("Language"))
    subject = forms.CharField(
        label=_("Subject"), max_length=200, required=False, help_text=_("Empty: the headline of the first story.")
    )
    preheader = forms.CharField(
        label=_("Preview line"),
        max_length=200,
        required=False,
        help_text=_("Mail programs show it beside the subject. Empty: the second headline."),
    )
    intro = forms.CharField(
        label=_("Your words"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Above the stories. An empty line begins a paragraph."),
    )

    def __init__(self, *args: Any, letter: Letter | None = None, **kwargs: Any) -> None:
        if letter is not None:
            kwargs.setdefault("initial", {}).update(
                mailing=letter.mailing_id, language=letter.language, **letter.source.get("typed", {})
            )
        super().__init__(*args, **kwargs)
        language: Any = self.fields["language"]
        language.choices = settings.LANGUAGES
        self.letter = letter

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if not self.chosen() and not typed.get("intro") and "intro" not in self.errors:
            raise forms.ValidationError(_("There is nothing in this letter yet: choose a story, or write some words."))
        return typed

    @property
    def chosen_language(self) -> str:
        value = self.data.get("language") if self.is_bound else self.initial.get("language")
        return str(value) if value in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

    def offered(self) -> list[tuple[StoryPage, int]]:
        """Stories that can be chosen with their place in the letter (0: not in it); the chosen ones first."""
        chosen = self.chosen()
        rows = live_stories(self.chosen_language).order_by("-first_published_at", "-pk")
        newest = list(rows[:OFFERED])
        others = list(rows.filter(pk__in=set(chosen) - {story.pk for story in newest}))
        places = {pk: number for number, pk in enumerate(chosen, 1)}
        found = [(story, places.get(story.pk, 0)) for story in [*newest, *others]]
        return sorted(found, key=lambda pair: pair[1] or MOST + 1)

    def chosen(self) -> list[int]:
        """The numbers of the chosen stories in the order of what was typed beside them."""
        if not self.is_bound:
            return list(self.letter.source.get("stories", [])) if self.letter else []
        typed = []
        for name, value in self.data.items():
            key = name.removeprefix("story-")
            if key != name and key.isdigit() and str(value).strip().isdigit() and int(str(value)) > 0:
                typed.append((int(str(value)), int(key)))
        return [key for _place, key in sorted(typed)][:MOST]


class MailingForm(forms.Form):
    """One mailing as the desk sets it up."""

    is_open = forms.BooleanField(label=_("Readers can subscribe"), required=False)
    is_under_stories = forms.BooleanField(label=_("A line under every story offers it"), required=False)
    rhythm = forms.ChoiceField(label=_("When"), choices=Mailing.Rhythm.choices)
    hour = forms.IntegerField(label=_("Hour"), min_value=0, max_value=23)
    weekday = forms.TypedChoiceField(label=_("Day of the weekly letter"), coerce=int)
    audience = forms.ChoiceField(label=_("For whom"), required=False)
    counts_links = forms.BooleanField(
        label=_("Count how often links are followed"),
        required=False,
        help_text=_(
            "By link and letter, never by reader. Every letter made from then on tells its readers: “Links in this "
            "letter are counted, without knowing who clicked.”"
        ),
    )

    def __init__(self, data: Any = None, *, mailing: Mailing) -> None:
        given = {name: getattr(mailing, name) for name in MAILING_FIELDS}
        for code, _name in settings.LANGUAGES:
            given[f"name-{code}"] = mailing.names.get(code, "")
            given[f"description-{code}"] = mailing.descriptions.get(code, "")
        super().__init__(data, initial=given, prefix=mailing.key)
        self.mailing = mailing
        from django.utils.dates import WEEKDAYS

        weekday: Any = self.fields["weekday"]
        weekday.choices = list(WEEKDAYS.items())
        who: Any = self.fields["audience"]
        who.choices = [("", _("Everybody")), *audience.choices()]
        for code, tongue in settings.LANGUAGES:
            self.fields[f"name-{code}"] = forms.CharField(
                label=f"{_('Name')} ({tongue})", required=False, max_length=80,
                widget=forms.TextInput(attrs={"placeholder": mailing.name_in(code)}),
            )  # fmt: skip
            self.fields[f"description-{code}"] = forms.CharField(
                label=f"{_('What it is')} ({tongue})", required=False, max_length=300
            )

    def by_language(self, name: str) -> dict[str, str]:
        found = {code: self.cleaned_data[f"{name}-{code}"].strip() for code, _tongue in settings.LANGUAGES}
        return {code: text for code, text in found.items() if text}
