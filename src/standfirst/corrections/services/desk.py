"""What the desk sets and says for itself: ready answers, notes that change no word, the second look."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from standfirst.corrections import rights
from standfirst.corrections.answers import READY, answer_in
from standfirst.corrections.errors import NotAllowed
from standfirst.corrections.models import Correction, ReadyAnswer, SecondLook
from standfirst.corrections.services.log import entry_details
from standfirst.people.models import User
from standfirst.people.selectors import may_publish
from standfirst.stories.models import StoryPage
from standfirst.stories.services import story_revise

# Under so many editors there is nobody who could look a second time without waking up for it.
EDITORS_FOR_A_SECOND_LOOK = 3
# Labels that an author gives her own story at once, and another editor looks at afterwards (standards, section 13).
LOOKED_AT = ("correction", "clarification")


def answers_write(*, language: str, texts: dict[str, str], editor: User) -> None:
    """Keep the paper's own ready answers of one language. An empty text brings the standard one back."""
    if not may_publish(editor):
        raise NotAllowed(f"{editor} may not write ready answers.")
    with transaction.atomic():
        for kind in READY:
            text = "\n".join(line.rstrip() for line in texts.get(kind, "").strip().splitlines())
            ReadyAnswer.objects.filter(language=language, kind=kind).delete()
            if text and text != answer_in(language, kind):
                ReadyAnswer.objects.create(language=language, kind=kind, text=text[:2000])


def note_issue(
    *, story: StoryPage, label: str, note: str, editor: User, origin: str = "", credit: str = ""
) -> Correction:
    """Say something about a story of which no word changes: clarify, add an editor's note, retract. All or nothing.

    Raises NotReady with what is missing and NotAllowed, as `story_revise`; then nothing has changed.
    """
    origin = origin if origin in Correction.Origin.values else Correction.Origin.STAFF
    with entry_details(origin=origin, credit=credit):
        revised = story_revise(story=story, edits=[], label=label, note=note.strip(), editor=editor)
    return Correction.objects.get(after=revised.version)


def second_look_ask(*, correction: Correction, author: User | None) -> SecondLook | None:
    """Let another editor look at what an author corrected in her own story, where there are enough editors.

    Part of the transaction in which the entry is written. May be asked twice.
    """
    if author is None or correction.label not in LOOKED_AT or not rights.is_own(author, correction.story):
        return None
    if rights.editors().distinct().count() < EDITORS_FOR_A_SECOND_LOOK:
        return None
    look, _made = SecondLook.objects.get_or_create(
        correction=correction, defaults={"author": author, "waits_since": timezone.now()}
    )
    return look


def second_look_done(*, look: SecondLook, editor: User) -> SecondLook:
    """Another editor has looked at it. Whoever comes second finds it done; nobody looks at her own.

    Raises NotAllowed for the author, and for those who may not publish the story.
    """
    if look.author_id == editor.pk or not rights.may_accept(editor, look.correction.story):
        raise NotAllowed(f"{editor} may not look at this correction: it takes another editor.")
    with transaction.atomic():
        mine = SecondLook.objects.filter(pk=look.pk, looked_at=None)
        if mine.update(looked_by=editor, looked_at=timezone.now()):
            log(
                instance=look.correction.story,
                action="standfirst.corrections.looked",
                user=editor,
                data={"correction": look.correction.number},
            )
    look.refresh_from_db()
    return look
