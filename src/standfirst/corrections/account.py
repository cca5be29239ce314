"""This room's part of a reader's own page: the suggestions that were sent with her address."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from standfirst.corrections.privacy import suggestions_with
from standfirst.corrections.services.cases import root_of
from standfirst.corrections.status_views import state_in_words
from standfirst.readers.models import Reader

#: The newest; all of them are in the export.
MOST = 50


def suggestions_part(request: HttpRequest, reader: Reader) -> str:
    rows = suggestions_with(reader.email).select_related("case__story", "case__correction")
    shown = [{"suggestion": one, "state": state_in_words(one, root_of(one.case))} for one in rows[:MOST]]
    if not shown:
        return ""
    context = {"shown": shown, "more": max(0, rows.count() - MOST) if len(shown) == MOST else 0}
    return render_to_string("corrections/_account.html", context, request)
