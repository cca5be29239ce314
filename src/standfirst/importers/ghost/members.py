"""Readers who had signed up in Ghost, on their way to a file beside: who they are and what they asked for.

Only what is named here is taken. Customer numbers of the payment company, tokens, addresses of machines and notes on
opened letters stay behind.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from standfirst.importers.errors import FileBroken, FileUnreadable
from standfirst.importers.ghost.survey import Survey
from standfirst.importers.records import Aside

KIND = "members"
_TAKEN = ("id", "email", "name", "note", "status", "created_at")
_MAX_FIELD = 1_000_000


def member_of_row(values: dict[str, Any], survey: Survey) -> Aside:
    """A row of the export's own members table (or `subscribers`, before Ghost 3)."""
    key = str(values.get("id"))
    record: dict[str, Any] = {name: str(values[name]) for name in _TAKEN if values.get(name)}
    record["subscribed_to_emails"] = bool(values.get("subscribed", values.get("status") == "subscribed"))
    labels = [survey.labels.get(label, "") for label in survey.labels_of.get(key, [])]
    tiers = [survey.tiers.get(tier, "") for tier in survey.tiers_of.get(key, [])]
    return Aside(KIND, {**record, "labels": list(filter(None, labels)), "tiers": list(filter(None, tiers))})


def members_of_csv(file: Path) -> Iterator[Aside]:
    """The members of a file Ghost wrote under Members, Export. Raises FileUnreadable and FileBroken with the line."""
    csv.field_size_limit(_MAX_FIELD)
    line = 1
    try:
        with file.open(encoding="utf-8-sig", newline="") as source:
            reader = csv.DictReader(source, strict=True)
            if "email" not in (reader.fieldnames or []):
                raise FileUnreadable(
                    _("%(file)s is no list of members: its first line names no column “email”. In Ghost it is made "
                      "under Members, Export.")
                    % {"file": file.name}
                )  # fmt: skip
            for values in reader:
                line = reader.line_num
                if "@" not in (values.get("email") or ""):
                    raise FileBroken(
                        _("%(file)s is broken at line %(line)d: there is no e-mail address. Nothing was imported.")
                        % {"file": file.name, "line": line}
                    )
                yield Aside(KIND, _record(values))
    except UnicodeDecodeError as error:
        raise FileBroken(
            _("%(file)s is not in UTF-8 after line %(line)d. Nothing was imported. Export the members anew.")
            % {"file": file.name, "line": line}
        ) from error
    except csv.Error as error:
        raise FileBroken(
            _("%(file)s is broken after line %(line)d: %(why)s. Nothing was imported. Export the members anew.")
            % {"file": file.name, "line": line, "why": error}
        ) from error
    except OSError as error:
        raise FileUnreadable(
            _("%(file)s cannot be opened: %(reason)s. Check the name and that you may read it.")
            % {"file": file, "reason": error.strerror or error}
        ) from error


def _record(values: dict[str, Any]) -> dict[str, Any]:
    record: dict[str, Any] = {name: values[name] for name in _TAKEN if values.get(name)}
    for name in ("subscribed_to_emails", "complimentary_plan"):
        if values.get(name):
            record[name] = str(values[name]).strip().lower() in ("true", "1", "yes")
    for name in ("labels", "tiers"):
        record[name] = [part.strip() for part in str(values.get(name) or "").split(",") if part.strip()]
    if values.get("deleted_at"):
        record["deleted_at"] = values["deleted_at"]
    return record
