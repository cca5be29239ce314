"""A newsroom out of its export: all of it in one transaction, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils.translation import gettext as _

from standfirst.importers.errors import UNREADABLE, FileUnreadable
from standfirst.importers.house.folder import HouseFolder, opened
from standfirst.importers.models import ImportedItem
from standfirst.kit.exports import BadExport, Fields, gettext_noop, parts
from standfirst.press.catalogue import all_ahead
from standfirst.press.services import refresh
from standfirst.press.shown import FRAME

SETTINGS = "newsroom.json"
_OURS = ("corrections", "patrons", "stories", "fronts", "people", "wagtailcore", "wagtailredirects", "taggit")


@dataclass
class Returned:
    """What came back: how many of each kind, and in sentences what is not as it was."""

    name: str
    counts: dict[str, int]
    notes: list[str]
    private: bool

    def as_dict(self) -> dict[str, Any]:
        return {"newsroom": self.name, "private": self.private, "counts": self.counts, "notes": self.notes}


def export_take_in(
    *, folder: Path, looked_over: Callable[[HouseFolder], Callable[[], None] | None] | None = None
) -> Returned:
    """Make this empty newsroom the one that was exported into `folder`.

    Every file is checked before anything is written, and all is written in one transaction: whatever fails, the
    newsroom stays as it was. What is slow (pictures in all their sizes, pages) follows in the background.

    looked_over: called when the files are checked; returns what to call with each thing taken in.
    Raises ImportRefused with one sentence: not empty, not an export, damaged, of other languages.
    """
    inward = opened(folder.resolve())
    _refuse_unless_empty()
    inward.look_over()
    step = looked_over(inward) if looked_over else None
    inward.step = step or (lambda: None)
    try:
        _refuse_other_languages(inward)
        with transaction.atomic():
            # Once more, now that nobody else can write.
            _refuse_unless_empty()
            for part in parts():
                part.read(inward)
            connection.check_constraints()
            refresh(keys={FRAME}, paths=all_ahead())
            _numbers_go_on()
    except BadExport as refusal:
        inward.take_away()
        raise FileUnreadable(_("Nothing was changed. %(why)s") % {"why": refusal.said(_)}) from refusal
    except ValidationError as refusal:
        inward.take_away()
        raise FileUnreadable(_("Nothing was changed. %(why)s") % {"why": " ".join(refusal.messages)}) from refusal
    except UNREADABLE as error:
        inward.take_away()
        raise FileUnreadable(
            _("Nothing was changed. The export contradicts itself and does not fit into a newsroom: %(why)s")
            % {"why": error}
        ) from error
    except BaseException:
        inward.take_away()
        raise
    name = inward.manifest.get("newsroom")
    return Returned(
        str(name.get("name", "")) if isinstance(name, dict) else "",
        dict(sorted(inward.counts.items())),
        inward.notes,
        inward.private,
    )


def _refuse_unless_empty() -> None:
    holds: dict[str, int] = {}
    for part in parts():
        holds |= {what: number for what, number in part.holds().items() if number}
    imported = ImportedItem.objects.count()
    if imported:
        holds["imported things"] = imported
    if holds:
        what = ", ".join(f"{number} {what}" for what, number in sorted(holds.items()))
        raise FileUnreadable(
            _(
                "This newsroom is not empty: it holds %(what)s. An export goes into an empty one; "
                "make it with `standfirst new` in another folder."
            )
            % {"what": what}
        )


def _refuse_other_languages(inward: HouseFolder) -> None:
    said = Fields(inward.json(SETTINGS), SETTINGS)
    theirs, ours = said.texts("languages", 20), [code for code, _name in settings.LANGUAGES]
    if not theirs or theirs[0] != ours[0] or not set(theirs) <= set(ours):
        raise FileUnreadable(
            _(
                "The exported paper is in %(theirs)s, this newsroom in %(ours)s, and addresses depend on that. "
                "Make an empty one with `standfirst new --language %(wanted)s`."
            )
            % {"theirs": ", ".join(theirs), "ours": ", ".join(ours), "wanted": ",".join(theirs)}
        )
    if said.text("time_zone", 60) != settings.TIME_ZONE:
        inward.note(
            _("The paper's time zone was %(theirs)s and is %(ours)s here. Addresses stay; times read differently.")
            % {"theirs": said.text("time_zone"), "ours": settings.TIME_ZONE}
        )
    if said.text("base_url", 300) != settings.NEWSROOM.base_url:
        inward.note(
            _("The paper's address was %(theirs)s; here base_url in standfirst.toml decides.")
            % {"theirs": said.text("base_url") or "—"}
        )
    at = inward.manifest.get("exported_at")
    if isinstance(at, str):
        try:
            dt.datetime.fromisoformat(at)
        except ValueError:
            raise BadExport(gettext_noop("manifest.json: “exported_at” is no moment.")) from None


def _numbers_go_on() -> None:
    """New rows get numbers above those that came along. SQLite sees to that itself; PostgreSQL's counters must be told.

    Never lower than they stand: a counter is not put back when the transaction is.
    """
    if connection.vendor != "postgresql":
        return
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for model in (model for label in _OURS for model in apps.get_app_config(label).get_models()):
            key = model._meta.pk
            if not isinstance(key, models.AutoField | models.BigAutoField):
                continue
            table, column = quote(model._meta.db_table), quote(key.column or "id")
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, key.column or "id"])
            counter = cursor.fetchone()[0]
            if counter:
                cursor.execute(
                    f"SELECT setval(%s, GREATEST((SELECT COALESCE(MAX({column}), 1) FROM {table}), "  # noqa: S608
                    f"(SELECT last_value FROM {counter})))",
                    [counter],
                )
