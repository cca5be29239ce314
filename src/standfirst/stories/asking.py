"""The one question of publishing: what is this change? Asked only when readers have seen the story before (CO-03)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from standfirst.kit.changes import ADDED, DATE, FACT, NAME, NEGATION, NUMBER, ORDER, OTHER, QUOTATION, Change, Proposal
from standfirst.kit.worddiff import Piece, word_difference
from standfirst.stories.changed import changed, name_of
from standfirst.stories.checks import FOR_THE_PAPER, NOTED, may_speak_for_paper

if TYPE_CHECKING:
    from standfirst.people.models import User
    from standfirst.stories.models import PublicVersion, StoryPage

# As many as one looks through before pressing Enter.
SHOWN = 12


@dataclass(frozen=True)
class Shown:
    """One change as the editor sees it: where it stands, and the words as a difference."""

    where: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Answer:
    """One label that may be given. hint: what it means, in a line."""

    value: str
    name: str
    hint: str
    wants_note: bool


@dataclass(frozen=True)
class Question:
    """What the publishing step shows. mark: names just this change, so that no answer is taken for another."""

    version: PublicVersion
    language: str
    mark: str
    why: str
    must_choose: bool
    label: str
    note: str
    changes: tuple[Shown, ...]
    more: int
    answers: tuple[Answer, ...]

    def with_label_of(self, story: StoryPage) -> Question:
        """With the label that the draft has already, from whoever handed it in."""
        if not story.change_label or story.change_label not in {answer.value for answer in self.answers}:
            return self
        return replace(self, label=story.change_label, note=story.change_note or self.note)


def question_of(
    story: StoryPage, user: User | None, lines: Mapping[str, Iterable[Any]] | None = None
) -> Question | None:
    """What to ask before `story`, as it is in memory, goes out; None when nothing has to be asked.

    lines: as `canonical.story_data` takes them.
    """
    found = changed(story, lines=lines)
    if found is None or not found.wants_label:
        return None
    offer = found.proposal
    return Question(
        version=found.version,
        language=story.language,
        mark=_mark(found.version, offer),
        why=_why(offer),
        must_choose=offer.must_choose,
        label=offer.label,
        note=offer.note,
        changes=tuple(_shown(change) for change in offer.changes[:SHOWN]),
        more=max(len(offer.changes) - SHOWN, 0),
        answers=answers_for(user),
    )


def answers_for(user: User | None) -> tuple[Answer, ...]:
    """The labels this person may give, the usual ones first."""
    from standfirst.stories.models import ChangeLabel

    hints = {
        ChangeLabel.TYPO: _("Spelling, grammar, markup; the meaning is the same. Readers are not told."),
        ChangeLabel.UPDATE: _("New facts. What stood there was right when it came out."),
        ChangeLabel.CORRECTION: _("We were wrong: a name, a figure, a date, a picture, anything."),
        ChangeLabel.CLARIFICATION: _("The facts were right, the impression was wrong or incomplete."),
        ChangeLabel.EDITORS_NOTE: _("Fairness, method, conflict of interest, sources. Stands above the text."),
        ChangeLabel.RETRACTION: _("The core of the story cannot be supported. It stays, with the reasons."),
    }
    allowed = may_speak_for_paper(user)
    return tuple(
        Answer(label.value, str(label.label), hint, label.value in NOTED)
        for label, hint in hints.items()
        if allowed or label.value not in FOR_THE_PAPER
    )


def _mark(version: PublicVersion, offer: Proposal) -> str:
    said = "\0".join(f"{change.kind}\0{change.passage}\0{change.old}\0{change.new}" for change in offer.changes)
    return f"{version.number}-{hashlib.sha256(said.encode()).hexdigest()[:24]}"


def _why(offer: Proposal) -> str:
    if not offer.must_choose:
        return _("Readers have seen this story. Say what the change is; Enter confirms what is proposed.")
    facts = {
        NUMBER: _("a number"),
        DATE: _("a date"),
        NAME: _("a name"),
        QUOTATION: _("a quotation"),
        NEGATION: _("a “not”"),
    }
    return _("In sentences that readers have seen, this changes: %(facts)s. Only you can say what that is.") % {
        "facts": ", ".join(facts[fact] for fact in offer.facts)
    }


def _shown(change: Change) -> Shown:
    where = name_of(change.passage)
    if change.kind == ORDER:
        return Shown(_("The order of paragraphs"), ())
    if change.kind == OTHER and not change.old and not change.new:
        return Shown(where, ())
    if change.kind in (ADDED, FACT, OTHER) and not change.old:
        return Shown(where, (Piece("new", change.new),))
    return Shown(where, tuple(word_difference(change.old, change.new)))
