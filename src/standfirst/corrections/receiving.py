"""From what was sent to `services.suggestion_receive`: JSON is read, and what waited in the spool is delivered."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from standfirst.corrections import selectors, services
from standfirst.corrections.services import Sent
from standfirst.letterbox.models import Letter
from standfirst.letterbox.services import letter_receive
from standfirst.letterbox.spool import Item

SPOOL_KIND = "suggestion"
TEXTS = ("exact", "prefix", "suffix", "block", "wording", "why", "email", "credit", "kind", "token")
FIGURES = ("start", "end", "version")


class NotRead(Exception):
    """The body of a request is not what it should be. Its words are a sentence for whoever wrote the program."""

    def __init__(self, sentence: str, field: str = "", status: int = 400) -> None:
        super().__init__(sentence)
        self.field, self.status = field, status


def json_read(body: bytes) -> dict[str, Any]:
    """The object that was sent as JSON. Raises NotRead."""
    try:
        read = json.loads(body.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise NotRead(
            _("This is not JSON that can be read. Send one object with the fields of a suggestion.")
        ) from error
    if not isinstance(read, dict):
        raise NotRead(_("Send one JSON object with the fields of a suggestion, not a list or a single value."))
    return read


def fields_read(read: dict[str, Any]) -> dict[str, Any]:
    """The fields of a suggestion, each of its own type. Unknown ones are passed over. Raises NotRead."""
    fields: dict[str, Any] = {}
    for name in TEXTS:
        value = read.get(name)
        if value is None:
            continue
        if not isinstance(value, str) or not is_text(value):
            raise NotRead(_("The field “%(field)s” must be text.") % {"field": name}, name)
        fields[name] = value
    for name in FIGURES:
        value = read.get(name)
        if value is None:
            continue
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 10**7:
            raise NotRead(_("The field “%(field)s” must be a whole number from 0.") % {"field": name}, name)
        fields[name] = value
    return fields


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


def is_text(value: str) -> bool:
    """JSON can say half a character, which nothing can store."""
    return "\0" not in value and not any("\ud800" <= char <= "\udfff" for char in value)


def suggestion_deliver(item: Item) -> None:
    """The receiver of suggestions that waited in the spool."""
    known = {field.name for field in dataclasses.fields(Sent)}
    sent = Sent(**{name: value for name, value in item.payload.items() if name in known})
    received_at = dt.datetime.fromtimestamp(item.at, dt.UTC)
    story = selectors.story_meant(sent.path, live=False)
    if story is not None:
        services.suggestion_receive(story=story, sent=sent, spool_id=item.id, received_at=received_at)
        return
    # Nobody could tell, with the database away, that no story stands there. Her words reach the desk all the same.
    letter_receive(
        token=sent.form,
        kind=Letter.Kind(sent.kind),
        text=sent.why,
        language=sent.language,
        about_path=sent.path,
        about_block=sent.block.removeprefix("p-")[:40],
        quote=sent.exact,
        wording=sent.wording,
        sender_name=sent.credit,
        reply_to=sent.reply_to,
        is_spam=sent.is_spam,
        spool_id=item.id,
        received_at=received_at,
    )
