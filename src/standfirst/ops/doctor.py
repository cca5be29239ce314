"""`standfirst doctor`: one line per thing a newsroom stands on, each ok or with what to do."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from standfirst.kit.statefile import read_json
from standfirst.letterbox.spool import spool_state
from standfirst.ops import background, folders, mail_checks, outside, readiness
from standfirst.ops.finding import ADVICE, GRAVITY, OK, PROBLEM, Finding
from standfirst.ops.withheld import withheld

if TYPE_CHECKING:
    from standfirst.config.newsroom import Newsroom

HEARTBEAT_OLD_SECONDS = 180
SPOOL_OLD_MINUTES = 15
FORGETTING_OLD_SECONDS = 3 * 86_400
MEGABYTE = 1 << 20


def examine(newsroom: Newsroom) -> list[Finding]:
    """Look at everything, the gravest first; a check that fails in a way nobody foresaw is itself a finding."""
    looks: list[tuple[str, Callable[[Newsroom], Iterator[Finding]]]] = [
        ("settings", _settings),
        ("folder", outside.ownership),
        ("domain", outside.domain),
        ("database", outside.filesystem),
        ("database", _database),
        ("record", _record),
        ("withheld", withheld),
        ("media", _media),
        ("mail", _mail),
        ("press", _press),
        ("schedule", _schedule),
        ("letters", _letters),
        ("privacy", _privacy),
        ("backup", readiness.backups),
        ("people", readiness.people),
        ("sign-ins", readiness.sign_ins),
        ("pages", readiness.words),
        ("disk", _disk),
        ("clock", _clock),
    ]
    found: list[Finding] = []
    for what, look in looks:
        try:
            found += look(newsroom)
        except Exception as error:
            seen = f"could not be looked at ({type(error).__name__}: {error})"
            found.append(Finding(what, PROBLEM, seen, "Correct that, or report it with this line."))
    return sorted(found, key=lambda finding: GRAVITY[finding.state])


def _settings(newsroom: Newsroom) -> Iterator[Finding]:
    file = newsroom.folder / "standfirst.toml"
    if file.stat().st_mode & 0o077:
        yield Finding("settings", ADVICE, f"{file} can be read by other accounts of this machine", f"chmod 600 {file}")
    else:
        yield Finding("settings", OK, f"{file} is valid and private")
    if len(set(newsroom.secret_key)) < 12:
        yield Finding(
            "secret key",
            PROBLEM,
            "secret_key has too little variety to be random",
            "Put the output of `python3 -c 'import secrets; print(secrets.token_urlsafe(50))'` there; "
            "everyone signs in anew",
        )
    else:
        yield Finding("secret key", OK, "long and varied enough")
    host = urlsplit(newsroom.base_url).hostname or ""
    if not newsroom.base_url:
        state = OK if folders.is_demo(newsroom.folder) else ADVICE
        yield Finding(
            "address", state, "base_url is empty, so links use the address served", "Set it before going live"
        )
    elif newsroom.base_url.startswith("http://") and newsroom.is_public:
        yield Finding(
            "address",
            PROBLEM,
            f"{newsroom.base_url} is not encrypted: passwords and letters can be read on the way",
            "Put HTTPS before it and set base_url to https://…",
        )
    else:
        yield Finding("address", OK, newsroom.base_url)
    if newsroom.is_public and folders.is_demo(newsroom.folder):
        yield Finding("address", PROBLEM, f"a demo newsroom answers for {host}", "Make your own with `standfirst new`")
    if newsroom.is_public and not newsroom.trusted_proxies:
        yield Finding(
            "proxy",
            ADVICE,
            "no trusted_proxies, so every reader seems to come from your web server and forms think the page is http",
            'If Caddy or nginx runs on this machine: trusted_proxies = ["127.0.0.1", "::1"]',
        )


def _database(newsroom: Newsroom) -> Iterator[Finding]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import Error

    from standfirst.ops.prepare import newer_than_code

    kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(connection.vendor, connection.vendor)
    if connection.vendor == "sqlite" and not newsroom.database_file.exists():
        yield Finding(
            "database", PROBLEM, f"there is no {newsroom.database_file}", "Restore a backup with `standfirst restore`"
        )
        return
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error as error:
        yield Finding(
            "database", PROBLEM, f"{kind} does not answer: {str(error).strip()}", "Start it, or correct database_url"
        )
        return
    newer = newer_than_code(executor.loader)
    if newer:
        yield Finding(
            "database",
            PROBLEM,
            f"it was last used by a newer Standfirst: it has {newer[-1]}, which this one does not know",
            "Install that release again (pip install standfirst==…), or restore a backup made with this one",
        )
    elif plan:
        missing = "1 migration is missing" if len(plan) == 1 else f"{len(plan)} migrations are missing"
        yield Finding("database", PROBLEM, missing, "Start `standfirst run`, which applies them")
    else:
        yield Finding("database", OK, f"{kind} answers and is up to date")
    if connection.vendor == "sqlite":
        yield from _sqlite_whole(connection)
    failed = _failed_jobs()
    if failed:
        yield Finding("jobs", ADVICE, f"{failed} jobs failed in the last week", "Their messages are in the log")


def _sqlite_whole(connection: object) -> Iterator[Finding]:
    with connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("PRAGMA quick_check(3)")
        answers = [row[0] for row in cursor.fetchall()]
        cursor.execute("PRAGMA foreign_key_check")
        dangling = len(cursor.fetchmany(1000))
    if answers != ["ok"]:
        yield Finding(
            "database",
            PROBLEM,
            f"the file is damaged: {'; '.join(answers)}",
            "Stop the newsroom and restore the last backup",
        )
    elif dangling:
        yield Finding(
            "database",
            PROBLEM,
            f"{dangling} rows point at rows that are not there",
            "Restore the last backup, or report this",
        )
    else:
        yield Finding("database", OK, "the file is whole")


def _record(newsroom: Newsroom) -> Iterator[Finding]:
    """What the paper has put before readers: is it all still as it was, and guarded?"""
    from django.db import connection
    from django.db.utils import Error

    from standfirst.stories.guards import troubles
    from standfirst.stories.record import record_state

    if connection.vendor == "sqlite" and not newsroom.database_file.exists():
        return
    try:
        open_doors, state = troubles(), record_state()
    except Error:
        return  # said above: it is away, or migrations are missing
    for trouble in open_doors:
        yield Finding(
            "record", PROBLEM, trouble, "Start `standfirst run` again, or `standfirst upgrade`, which guard it"
        )
    shown = state.troubles[:3]
    if shown:
        more = f" (and {len(state.troubles) - len(shown)} more)" if len(state.troubles) > len(shown) else ""
        yield Finding(
            "record",
            PROBLEM,
            f"{'; '.join(shown)}{more}",
            "Somebody changed the database past Standfirst, or it is damaged: compare it with a backup",
        )
    elif not open_doors:
        brought = f", {state.elsewhere} of them of stories that did not come along" if state.elsewhere else ""
        head = f"; the newest is {state.head[:16]}…" if state.head else ""
        yield Finding("record", OK, f"{state.entries} entries, each as it was written{brought}{head}")


def _failed_jobs() -> int:
    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    return DBTaskResult.objects.failed().filter(finished_at__gt=timezone.now() - dt.timedelta(days=7)).count()


def _media(newsroom: Newsroom) -> Iterator[Finding]:
    for folder in (newsroom.originals, newsroom.renditions):
        trouble = _cannot_write(folder)
        if trouble:
            yield Finding(
                "media", PROBLEM, f"{folder}: {trouble}", "Make it and give it to the account that runs Standfirst"
            )
        else:
            yield Finding("media", OK, f"{folder} can be written")


def _cannot_write(folder: Path) -> str:
    probe = folder / f".doctor-{os.getpid()}"
    try:
        # Not an empty file: a full disk takes those.
        probe.write_bytes(bytes(1 << 16))
    except OSError as error:
        return error.strerror or str(error)
    finally:
        with contextlib.suppress(OSError):
            probe.unlink(missing_ok=True)
    return ""


def _mail(newsroom: Newsroom) -> Iterator[Finding]:
    yield from mail_checks.suppliers(newsroom, _cannot_write)
    yield from mail_checks.outbox(newsroom)
    yield from mail_checks.mailbox(newsroom)
    yield from mail_checks.records(newsroom)


def _press(newsroom: Newsroom) -> Iterator[Finding]:
    store = newsroom.press_store
    trouble = _cannot_write(store if store.exists() else newsroom.data)
    if trouble:
        yield Finding(
            "press",
            PROBLEM,
            f"{store}: {trouble}; stored pages are served and no page can be pressed anew",
            "Make room, or give the folder to the account that runs Standfirst",
        )
    from django.db import connection
    from django.db.utils import Error

    from standfirst.press.selectors import press_state

    if connection.vendor == "sqlite" and not newsroom.database_file.exists():
        return
    try:
        state = press_state()
    except Error:
        return  # said above
    seen = f"{state.stored} pages stored"
    if state.failing:
        first = state.failures[0]
        yield Finding(
            "press",
            PROBLEM,
            f"{state.failing} of the pages cannot be pressed, such as {first.path}: {first.cause}",
            "`standfirst press status` names them; the log says more. They are tried again by themselves",
        )
    if not folders.is_locked(newsroom.folder):
        wait = f", {state.waiting} wait until the newsroom runs" if state.waiting else ""
        yield Finding("press", OK, f"{seen}{wait}")
    elif state.late and state.late_since:
        minutes = (time.time() - state.late_since.timestamp()) / 60
        yield Finding(
            "press",
            PROBLEM,
            f"{seen}; {state.late} should have been pressed {minutes:.0f} minutes ago, and nothing is being pressed",
            "Restart the newsroom; the log says why",
        )
    elif not trouble and not state.failing:
        wait = f", {state.waiting} being pressed anew" if state.waiting else ""
        yield Finding("press", OK, f"{seen}{wait}")


def _schedule(newsroom: Newsroom) -> Iterator[Finding]:
    running = folders.is_locked(newsroom.folder)
    beat = read_json(newsroom.data / "run" / background.HEARTBEAT)
    now = time.time()
    age = now - beat.get("at", 0.0)
    if not running:
        state = ADVICE if newsroom.is_public else OK
        yield Finding(
            "schedule", state, "the newsroom is not running, so nothing goes out by itself", "Start `standfirst run`"
        )
    elif abs(age) > HEARTBEAT_OLD_SECONDS and abs(now - _running_since(newsroom)) < HEARTBEAT_OLD_SECONDS:
        yield Finding("schedule", OK, "the newsroom was started just now, and the background process is on its way")
    elif abs(age) > HEARTBEAT_OLD_SECONDS:  # what is yet to come was said by a clock that was ahead
        yield Finding(
            "schedule",
            PROBLEM,
            "the background process has not been heard for over three minutes",
            "Restart the newsroom; the log says why",
        )
    else:
        then = f"; next at {beat['next_at']}" if beat.get("next_at") else ""
        yield Finding("schedule", OK, f"heard {max(age, 0):.0f} seconds ago{then}")
    for failure in beat.get("schedule_failures", []):
        yield Finding(
            "schedule",
            PROBLEM,
            f"{failure['title']} should have gone out or come down and could not: {failure['reason']}",
            "Open it at the desk, correct it, and schedule or publish it again",
        )
    for name, trouble in beat.get("trouble", {}).items():
        yield Finding("schedule", PROBLEM, f"the round of {name} fails: {trouble}", "The log says more")
    chores = read_json(newsroom.data / "run" / "housekeeping.json")
    for failed in chores.get("failed", []):
        yield Finding("housekeeping", ADVICE, failed, "The log says more")


def _privacy(newsroom: Newsroom) -> Iterator[Finding]:
    """Whether what is kept about people goes when its time is over."""
    chores = read_json(newsroom.data / "run" / "housekeeping.json")
    at = float(chores.get("at", 0.0))
    if not at:
        yield Finding("privacy", OK, "the daily job has not run yet; it deletes what is kept about people and is due")
        return
    day = dt.datetime.fromtimestamp(at, dt.UTC).date().isoformat()
    if time.time() - at > FORGETTING_OLD_SECONDS:
        yield Finding(
            "privacy",
            PROBLEM if newsroom.is_public else ADVICE,
            f"what is kept about people was last looked through on {day}, so some of it is kept too long",
            "Start `standfirst run` and leave it running: it does this once a day",
        )
        return
    gone = {key: count for key, count in chores.get("forgotten", {}).items() if count}
    said = ", ".join(f"{count} of {key}" for key, count in sorted(gone.items())) or "nothing was due"
    yield Finding("privacy", OK, f"what is due about people was deleted on {day}: {said}")


def _running_since(newsroom: Newsroom) -> float:
    return float(read_json(folders.run_folder(newsroom.folder) / "newsroom.lock").get("since", 0.0))


def _letters(newsroom: Newsroom) -> Iterator[Finding]:
    """What readers sent while the database was away."""
    spool = spool_state(data=newsroom.data)
    folder = newsroom.data / "spool"
    key = newsroom.data / "secrets" / "spool.key"
    if spool.trouble:
        lost = f"Put the keys back from a backup: without them the {spool.waiting} letters that wait cannot be opened"
        renew = "Delete spool.key and spool.pub there and start the newsroom again, which makes new ones"
        yield Finding("letters", PROBLEM, spool.trouble.rstrip("."), lost if spool.waiting else renew)
    elif key.stat().st_mode & 0o077:
        yield Finding("letters", PROBLEM, f"{key} can be read by other accounts of this machine", f"chmod 600 {key}")
    minutes = (time.time() - spool.oldest_at) / 60
    if spool.waiting:
        seen = f"{spool.waiting} wait for the database, the oldest for {minutes:.0f} minutes ({spool.bytes >> 10} kB)"
        state = PROBLEM if minutes > SPOOL_OLD_MINUTES else ADVICE
        yield Finding("letters", state, seen, "They are delivered when the database answers and the newsroom runs")
    elif not spool.trouble:
        yield Finding("letters", OK, "none waits for the database")
    if spool.broken:
        yield Finding(
            "letters",
            PROBLEM,
            f"{spool.broken} could not be delivered and lie in {folder / 'broken'}",
            f"The log says why. Move them back to {folder} to try again, or delete them",
        )


def _disk(newsroom: Newsroom) -> Iterator[Finding]:
    for folder in {newsroom.data, newsroom.media_store if newsroom.media_store.exists() else newsroom.data}:
        usage = shutil.disk_usage(folder)
        seen = f"{usage.free / (1 << 30):.1f} GB free of {usage.total / (1 << 30):.1f} GB at {folder}"
        if usage.free < 200 * MEGABYTE:
            yield Finding("disk", PROBLEM, seen, "Make room now: publishing will fail when it is full")
        elif usage.free < 1024 * MEGABYTE:
            yield Finding("disk", ADVICE, seen, "Make room soon")
        else:
            yield Finding("disk", OK, seen)


def _clock(newsroom: Newsroom) -> Iterator[Finding]:
    released = Path(__file__).stat().st_mtime
    beat = read_json(newsroom.data / "run" / background.HEARTBEAT).get("at", 0.0)
    now = time.time()
    shown = dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    if now < released - 86_400 or now < beat - 60:
        yield Finding(
            "clock", PROBLEM, f"it says {shown}, which is in the past", "Set the clock: timedatectl set-ntp true"
        )
    elif _is_synchronised() is False:
        yield Finding("clock", ADVICE, f"it says {shown}, but nothing keeps it right", "timedatectl set-ntp true")
    else:
        yield Finding("clock", OK, f"it says {shown}; the newsroom's time zone is {newsroom.time_zone}")


def _is_synchronised() -> bool | None:
    """What systemd knows about it; None where there is no systemd."""
    if shutil.which("timedatectl") is None or not Path("/run/systemd/system").is_dir():
        return None
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        asked = ["timedatectl", "show", "--property=NTPSynchronized", "--value"]
        answer = subprocess.run(asked, capture_output=True, text=True, timeout=5, check=False).stdout.strip()
        return {"yes": True, "no": False}.get(answer)
    return None
