"""Ready answers to readers: short and kind. The paper may write its own, in each of its languages."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from standfirst.corrections.models import ReadyAnswer

# Seven of eight reports are no error; these say why. Kind → (what the desk calls it, what the reader is told).
READY: dict[str, tuple[str | Promise, str | Promise]] = {
    "source": (
        _("The source says so"),
        _(
            "Thank you for reading so closely. We checked again: this is what our source says, and we report it as it "
            "was said. If you know of a source that says otherwise, please send it to us."
        ),
    ),
    "right": (
        _("It is right as it stands"),
        _("Thank you for writing. We looked it up once more, and it is right as it stands. It is good to be asked."),
    ),
    "style": (
        _("A matter of style"),
        _(
            "Thank you for the suggestion. Both ways of writing it are good; our paper has chosen this one, so we "
            "leave it as it is."
        ),
    ),
    "opinion": (
        _("An opinion"),
        _(
            "Thank you for telling us what you think. These words are somebody’s opinion and marked as such, so there "
            "is no fact in them that we could correct."
        ),
    ),
    "unverified": (
        _("We could not verify it"),
        _(
            "Thank you for writing. We tried and could not confirm it either way, so for now the story stays as it is. "
            "If you can tell us where to look, we will look again."
        ),
    ),
}


@dataclass(frozen=True)
class Answer:
    kind: str
    name: str
    text: str
    is_own: bool = False


def answers_in(language: str) -> list[Answer]:
    """The ready answers to readers of one language; names in the language of the desk."""
    own = dict(ReadyAnswer.objects.filter(language=language).values_list("kind", "text"))
    found = []
    for kind, (name, text) in READY.items():
        said = str(name)
        with override(language):
            standard = str(text)
        found.append(Answer(kind, said, own.get(kind) or standard, kind in own))
    return found


def answer_in(language: str, kind: str) -> str:
    """The text of one ready answer; "" for a kind there is none of."""
    return next((answer.text for answer in answers_in(language) if answer.kind == kind), "")


def languages() -> list[tuple[str, str]]:
    return list(settings.LANGUAGES)
