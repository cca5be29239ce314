"""Does a restored copy of the newsroom hold what it should? (`drill`, `upgrade --rehearse`)

Runs in a process of its own, with Django open for the copy: `python -m standfirst.ops.copy_checks --folder COPY`.
Prints one JSON object: `steps`, each with `what` was looked at, whether it is `ok`, and what was `seen`; `counts`;
`migrated`.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from standfirst.letterbox.spool import spool_state
from standfirst.ops import prepare
from standfirst.ops.errors import Refused

NAMED = 3
Step = dict[str, Any]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--migrate", action="store_true", help="bring the copy's database up to this code first")
    given = parser.parse_args(argv)
    importlib.import_module("django").setup()
    print(json.dumps(examine(given.folder, migrate=given.migrate), ensure_ascii=False))
    return 0


def examine(folder: Path, *, migrate: bool) -> dict[str, Any]:
    """Look at everything; nothing after a database that cannot be opened."""
    found: dict[str, Any] = {"steps": [], "counts": {}, "migrated": 0, "migrate_seconds": 0.0}
    try:
        began = time.monotonic()
        found["migrated"] = prepare.migrate(folder) if migrate else 0
        found["migrate_seconds"] = round(time.monotonic() - began, 1)
        found["steps"].append(_database())
    except Refused as refusal:
        found["steps"].append(_step("database", False, str(refusal).rstrip(".")))
        return found
    looks: list[tuple[str, Callable[[dict[str, Any], Path], Iterator[Step]]]] = [
        ("stories", _stories),
        ("pictures", _pictures),
        ("pages", _pages),
        ("people", _people),
        ("letters", _letters),
    ]
    for what, look in looks:
        try:
            found["steps"] += look(found["counts"], folder)
        except Exception as error:
            found["steps"].append(_step(what, False, f"could not be looked at ({type(error).__name__}: {error})"))
    return found


def _step(what: str, ok: bool, seen: str) -> Step:
    return {"what": what, "ok": ok, "seen": seen}


def _database() -> Step:
    from django.db import connection

    if connection.vendor != "sqlite":
        return _step("database", True, "it was loaded into a PostgreSQL database of its own")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check(3)")
        answers = [row[0] for row in cursor.fetchall()]
        cursor.execute("PRAGMA foreign_key_check")
        dangling = len(cursor.fetchmany(1000))
    if answers != ["ok"]:
        return _step("database", False, f"it is damaged: {'; '.join(answers)}")
    if dangling:
        return _step("database", False, f"{dangling} rows point at rows that are not there")
    return _step("database", True, "it is whole")


def _stories(counts: dict[str, Any], folder: Path) -> Iterator[Step]:
    from standfirst.corrections.models import Correction
    from standfirst.kit.canonical import salted_digest
    from standfirst.stories.models import PublicVersion, RecordEntry, StoryPage, VersionText

    counts["stories"] = StoryPage.objects.count()
    counts["published"] = StoryPage.objects.live().count()
    counts["versions"] = PublicVersion.objects.count()
    counts["corrections"] = Correction.objects.count()
    counts["on_record"] = RecordEntry.objects.count()
    changed = []
    for text in VersionText.objects.select_related("version").iterator(chunk_size=200):
        version = text.version
        if not text.is_masked and salted_digest(bytes(text.canonical), salt=bytes(text.salt)) != version.digest:
            changed.append(str(version))
    if changed:
        named = ", ".join(changed[:NAMED])
        yield _step("stories", False, f"{len(changed)} public versions are not what was published, such as {named}")
        return
    seen = f"{_count(counts['stories'], 'story', 'stories')}, {counts['published']} of them published"
    if counts["versions"]:
        seen += f"; {_count(counts['versions'], 'public version')}, each with the digest of its publication"
    yield _step("stories", True, seen)


def _pictures(counts: dict[str, Any], folder: Path) -> Iterator[Step]:
    from standfirst.stories.models import NewsDocument, NewsImage

    counts["pictures"] = NewsImage.objects.count()
    counts["files"] = NewsDocument.objects.count()
    missing = []
    for model in (NewsImage, NewsDocument):
        for row in model.objects.only("file").iterator(chunk_size=500):
            if not row.file or not row.file.storage.exists(row.file.name):
                missing.append(row.file.name or f"{row.pk} without a name")
    total = f"{_count(counts['pictures'], 'picture')}, {_count(counts['files'], 'file')}"
    if missing:
        named = ", ".join(missing[:NAMED])
        yield _step("pictures", False, f"{len(missing)} of {total} are not there, such as {named}")
    else:
        yield _step("pictures", True, f"{total}, all of them there" if counts["pictures"] else "there are none yet")


def _pages(counts: dict[str, Any], folder: Path) -> Iterator[Step]:
    """A few pages pressed anew: those most people read, the newest, the oldest."""
    from django.db.models import Q
    from django.utils import timezone

    from standfirst.ops.pressing import fingerprint
    from standfirst.press.models import PressedPage, PressState
    from standfirst.press.pressing import the_store
    from standfirst.press.render import render

    fresh = PressedPage.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=timezone.now()), status=200, wanted_at__isnull=True, failures=0
    )
    counts["pages"] = PressedPage.objects.filter(status=200).count()
    orders = (("-rank", "-reads"), ("-id",), ("id",))
    sample = sorted({path for order in orders for path in fresh.order_by(*order).values_list("path", flat=True)[:5]})
    # Another release or other settings make other pages; then it is enough that they can be made.
    state = PressState.objects.filter(pk=1).first()
    comparable = state is not None and state.fingerprint == fingerprint()
    failed, other, compared = [], [], 0
    for path in sample or ["/"]:
        made = render(path)
        if made.status != 200:
            failed.append(f"{path} answers {made.status}")
            continue
        stored = the_store().read(path)
        if comparable and stored is not None:
            compared += 1
            if stored != made.body:
                other.append(path)
    made_anew = _count(len(sample) or 1, "page")
    if failed:
        yield _step("pages", False, f"{len(failed)} of {made_anew} cannot be made: {', '.join(failed[:NAMED])}")
    elif other:
        named = ", ".join(other[:NAMED])
        yield _step("pages", False, f"{len(other)} of {made_anew} come out differently from what is stored: {named}")
    elif compared:
        yield _step("pages", True, f"{made_anew} made anew, {compared} compared with what readers had: equal")
    else:
        yield _step("pages", True, f"{made_anew} made anew (other settings or another release: not compared)")


def _people(counts: dict[str, Any], folder: Path) -> Iterator[Step]:
    from allauth.mfa.models import Authenticator

    from standfirst.people import sealing
    from standfirst.people.models import User

    counts["accounts"] = User.objects.filter(is_active=True).count()
    administrators = User.objects.filter(is_active=True, is_superuser=True).count()
    closed = 0
    for authenticator in Authenticator.objects.filter(type__in=["totp", "recovery_codes"]):
        try:
            sealing.resealed(authenticator.data, sealing.unseal)
        except sealing.Unreadable:
            closed += 1
    accounts = f"{_count(counts['accounts'], 'account')}, {_count(administrators, 'administrator')}"
    if not administrators:
        yield _step("people", False, f"{accounts}: nobody could look after the desk")
    elif closed:
        yield _step("people", False, f"{closed} second factors cannot be opened with the secret_key of this backup")
    else:
        yield _step("people", True, accounts)


def _letters(counts: dict[str, Any], folder: Path) -> Iterator[Step]:
    spool = spool_state(data=folder / "data")
    counts["letters_waiting"] = spool.waiting
    if spool.trouble:
        yield _step("letters", False, spool.trouble.rstrip("."))
    else:
        waiting = f"{spool.waiting} wait in it for the database" if spool.waiting else "none waits"
        yield _step("letters", True, f"{waiting}; the key that opens them is there")


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


if __name__ == "__main__":
    sys.exit(main())
