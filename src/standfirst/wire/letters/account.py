"""A reader's own letters on her page /account/, and what happens to them when her address changes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from standfirst.mailroom import selectors, tokens
from standfirst.mailroom.services import address_change
from standfirst.readers.models import Reader


def letters_part(request: HttpRequest, reader: Reader) -> str:
    """Which letters she gets, with the page on which she leaves or chooses others; "" while the paper has none."""
    mine = [one for one in selectors.subscriptions_of(reader.email) if one.state == "active"]
    mailings = selectors.mailings()
    if not mine and not mailings:
        return ""
    choose = f"/u/{tokens.token_of(mine[0].key, tokens.LEAVE)}" if mine else ""
    return render_to_string("wire/letters/account.html", {"mine": mine, "choose": choose}, request)


def on_address_changed(sender: type, *, old: str, new: str, **kwargs: Any) -> None:
    address_change(old=old, new=new)
