"""Where old addresses lead: as JSON for reading back, as CSV for any web server."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from wagtail.contrib.redirects.models import Redirect

from standfirst.fronts.models import HomePage, StandingPage
from standfirst.kit.exports import BadExport, In, Out, gettext_noop, json_list, records
from standfirst.stories.models import StoryPage

JSON, CSV = "redirects.json", "redirects.csv"
_CHUNK = 100_000


def things(private: bool) -> int:
    return 1


def holds() -> dict[str, int]:
    return {"old addresses": Redirect.objects.count()}


def write(out: Out) -> None:
    # An archive has more of them than stories: asked for twice rather than held once.
    withdrawn = set(
        StoryPage.objects.filter(live=False, public_path__isnull=False).values_list("public_path", flat=True)
    )
    out.count("redirects", 0)
    out.pieces(JSON, json_list(_said(out, row) for row, _target in _rows(out, withdrawn)))
    out.pieces(CSV, _table(out, withdrawn))


def _rows(out: Out, withdrawn: set[str]) -> Iterator[tuple[Redirect, str]]:
    """Each redirect and where it leads now."""
    rows = Redirect.objects.select_related("redirect_page").order_by("old_path", "pk")
    for row in rows.iterator(chunk_size=500):
        target = row.link or ""
        if out.private or not _is_away(row, target, withdrawn):
            yield row, target


def _said(out: Out, row: Redirect) -> dict[str, Any]:
    out.count("redirects")
    return {
        "from": row.old_path,
        "to": row.redirect_link,
        "page": row.redirect_page_id,
        "below_page": row.redirect_page_route_path,
        "is_permanent": row.is_permanent,
    }


def _table(out: Out, withdrawn: set[str]) -> Iterator[bytes]:
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(["from", "to", "status"])
    for row, target in _rows(out, withdrawn):
        if target:
            lines.writerow([row.old_path, target, 301 if row.is_permanent else 302])
        if text.tell() > _CHUNK:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _is_away(row: Redirect, target: str, withdrawn: set[str]) -> bool:
    """What leads to something that is not public: where it led may be what had to go."""
    if row.redirect_page_id:
        return not (row.redirect_page and row.redirect_page.live)
    return target.removesuffix("text/") in withdrawn


def read(inward: In) -> None:
    pages = {pk for kind in (StoryPage, StandingPage, HomePage) for pk in kind.objects.values_list("pk", flat=True)}
    made, seen = [], set()
    for said in records(inward.json(JSON), JSON):
        old, page = said.needed("from", 255), said.number_or_none("page")
        link = said.link("to", 255)
        if not old.startswith("/") or old in seen:
            raise BadExport(
                gettext_noop("%(where)s: “from” should be a path of the paper such as /old/address, once."),
                where=said.where,
            )
        seen.add(old)
        if page is not None and page not in pages:
            inward.note(
                gettext_noop("%(where)s: %(old)s leads to a page that is not in the export; it was left out."),
                where=said.where,
                old=old,
            )
            continue
        made.append(
            Redirect(
                old_path=old,
                redirect_link=link,
                redirect_page_id=page,
                redirect_page_route_path=said.text("below_page", 255),
                is_permanent=said.flag("is_permanent", True),
            )
        )
    Redirect.objects.bulk_create(made, batch_size=300)
    inward.count("redirects", len(made))
