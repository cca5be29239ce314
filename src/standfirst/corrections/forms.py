"""“Something is wrong”: which words, what they should say, and how the reader knows.

The same fields come as JSON (`receiving.fields_read`). Every message is a whole sentence; what was typed is never lost.
"""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from standfirst.corrections.models import Suggestion
from standfirst.kit.anchoring import Passage
from standfirst.letterbox.forms import GuardedForm, answer_address
from standfirst.letterbox.guards import HONEYPOT
from standfirst.stories.passages import is_credit

_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
# As much of a passage as a line of a phone's list shows.
FIRST_WORDS_CHARS = 70


class SuggestionForm(GuardedForm):
    purpose = "suggestion"

    version = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("What do you suggest?"),
        choices=[
            (Suggestion.Kind.CORRECTION, _("A correction: something is wrong")),
            (Suggestion.Kind.CLARIFICATION, _("A clarification: something is unclear")),
        ],
        initial=Suggestion.Kind.CORRECTION,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Say whether you suggest a correction or a clarification."),
            "invalid_choice": _("Say whether you suggest a correction or a clarification."),
        },
    )
    block = forms.CharField(label=_("Which passage?"), required=False, widget=forms.Select)
    exact = forms.CharField(
        label=_("The words in question"),
        required=False,
        max_length=500,
        help_text=_("Copy them from the story, if it is about a few words of the passage."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        error_messages={
            "max_length": _("The passage has %(show_value)d characters; the first %(limit_value)d are enough."),
        },
    )
    wording = forms.CharField(
        label=_("How it should read"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        error_messages={
            "max_length": _("The wording has %(show_value)d characters; at most %(limit_value)d fit."),
        },
    )
    why = forms.CharField(
        label=_("What is wrong or unclear, and how you know"),
        required=False,
        max_length=2000,
        help_text=_("A source helps us most: a document, a link, or “I was there”."),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        error_messages={
            "max_length": _("What you wrote has %(show_value)d characters; at most %(limit_value)d reach the desk."),
        },
    )
    email = answer_address()
    credit = forms.CharField(
        label=_("Name to thank in public"),
        required=False,
        max_length=100,
        help_text=_("You may leave it out. If you were right, the correction says that you found it."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
        error_messages={
            "max_length": _("The name has %(show_value)d characters; at most %(limit_value)d fit."),
        },
    )

    field_order = ["token", "version", "kind", "block", "exact", "wording", "why", "email", "credit", HONEYPOT]

    def __init__(self, *args: Any, passages: list[Passage] | None = None, **kwargs: Any) -> None:
        """passages: of the story, to choose one from; without them (the database is away) nothing is offered."""
        super().__init__(*args, **kwargs)
        if passages:
            self.fields["block"].widget.choices = [("", _("The whole story")), *map(choice_of, passages)]
        else:
            self.fields["block"].widget = forms.HiddenInput()

    def clean_block(self) -> str:
        block = str(self.cleaned_data["block"])
        # A passage that has gone since the form was opened is looked for in the version it was in.
        return block if _NAME.fullmatch(block) else ""

    def clean_version(self) -> int:
        version = str(self.cleaned_data["version"])
        return int(version) if version.isascii() and version.isdigit() and len(version) < 8 else 0

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.get(name) for name in ("exact", "wording", "why")):
            self.add_error(
                "why", _("There is nothing to tell yet. Say which words are wrong, or how they should read.")
            )
        return cleaned


def choice_of(passage: Passage) -> tuple[str, str]:
    """A passage as one of many to choose from: its name, and its first words."""
    words = Truncator(passage.text).chars(FIRST_WORDS_CHARS)
    # A paragraph needs no name; what stands above the text does.
    names = {
        "kicker": gettext("Line above the headline"),
        "headline": gettext("Headline"),
        "standfirst": gettext("Standfirst"),
        "dateline": gettext("Dateline"),
        "lead-caption": gettext("Caption of the picture on top"),
    }
    name = gettext("Who made it") if is_credit(passage.name) else names.get(passage.name, "")
    return passage.name, f"{name}: {words}" if name else words
