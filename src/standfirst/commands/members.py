"""`standfirst members …`: people outside the desk, in from other systems' lists and out as one of ours."""

from __future__ import annotations

import argparse
import datetime as dt
import getpass
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from standfirst.commands.given import opened, say
from standfirst.ops.errors import Refused

SOURCES = ("patreon", "buymeacoffee", "kofi", "ghost", "standfirst")


def declare(commands: Any, command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add `members` and its acts to the command line."""
    doings = commands.add_parser(
        "members", help="Patrons and members as lists.", description="Patrons and members as lists."
    ).add_subparsers(dest="doing", metavar="ACTION", required=True)
    taking = command(
        "import",
        take_in,
        "Take in a list of patrons or members (CSV): of Patreon, Buy Me a Coffee, Ko-fi, Ghost, or our own; "
        "a newer one updates.",
        within=doings,
        machine=True,
    )
    taking.add_argument("file", type=Path, metavar="FILE", help="the list: .csv, or members.jsonl of Ghost's import")
    taking.add_argument("--from", dest="source", choices=SOURCES, default="", help="whose list, if not recognised")
    taking.add_argument("--tier", default="", metavar="SLUG", help="for those whose way to support is not here")
    taking.add_argument(
        "--letters", default="", metavar="KEYS", help="mailings, with commas, for those who had letters there"
    )
    taking.add_argument(
        "--paid-until", type=_day, metavar="DAY", help="for Ghost: until when its members count as paid, as 2027-01-31"
    )
    taking.add_argument("--leave-out-bad", action="store_true", help="take the others in when lines cannot be read")
    taking.add_argument("--dry-run", action="store_true", help="say what it would do, and do nothing")
    leaving = command("export", give_out, "Write everybody as one CSV, from which all comes back.", within=doings,
                      machine=True)  # fmt: skip
    leaving.add_argument("file", type=Path, metavar="FILE", help="where to; for its owner alone, it holds addresses")
    leaving.add_argument("--yes", action="store_true", help="replace a file that is there")


def _day(text: str) -> dt.datetime:
    try:
        return dt.datetime.combine(dt.date.fromisoformat(text), dt.time(23, 59), dt.UTC)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is no day; write it like 2027-01-31") from error


def take_in(given: argparse.Namespace) -> int:
    opened(given)
    from standfirst.patrons import services
    from standfirst.patrons.errors import PatronsError
    from standfirst.patrons.models import Tier

    tier = Tier.objects.filter(slug=given.tier).first() if given.tier else None
    if given.tier and tier is None:
        raise Refused(f"There is no way to support “{given.tier}”. Known: {_known(Tier)}.")
    choices = services.Choices(
        source=given.source,
        tier=tier,
        letters=tuple(key.strip() for key in given.letters.split(",") if key.strip()),
        paid_until=given.paid_until,
        leave_out_bad=given.leave_out_bad,
    )
    try:
        data = given.file.read_bytes()
        report = services.members_import(
            name=given.file.name, data=data, by=getpass.getuser(), choices=choices, for_show=given.dry_run
        )
    except OSError as error:
        raise Refused(f"{given.file} cannot be read: {error.strerror or error}.") from error
    except PatronsError as error:
        raise Refused(str(error)) from error
    for problem in report.problems:
        sys.stderr.write(f"Line {problem.line}: {problem.sentence}\n")
    said = {
        "source": report.source,
        "done": report.is_done,
        "changes": [
            {"line": one.line, "email": one.email, "before": one.before, "after": one.after,
             "until": one.until.isoformat() if one.until else None}
            for one in report.changes
        ],
        "unchanged": report.unchanged,
        "people": report.people,
        "letters": report.letters,
        "passed_over": dict(report.passed_over),
        "without_letters": dict(+report.without_letters),
        "tiers_missing": dict(report.tiers_missing),
        "problems": [{"line": one.line, "sentence": one.sentence} for one in report.problems],
    }  # fmt: skip
    say(given, said, *_lines(report, is_show=given.dry_run))
    return 0 if report.is_done or (given.dry_run and not report.problems) else 1


def _known(kind: Any) -> str:
    return ", ".join(kind.objects.values_list("slug", flat=True)) or "none yet"


def _lines(report: Any, *, is_show: bool) -> list[str]:
    lines = [
        f"{one.email}: {one.before or 'new'} → {one.after}" + (f", until {one.until:%Y-%m-%d}" if one.until else "")
        for one in report.changes
    ]
    lines.append(
        f"{len(report.changes)} changed, {report.unchanged} unchanged, {report.people} people, "
        f"{report.letters} subscriptions."
    )
    lines += [f"Passed over: {number} ({why})." for why, number in report.passed_over.items()]
    lines += [f"Without letters: {number} ({why})." for why, number in (+report.without_letters).items()]
    lines += [
        f"{number} have a way to support that is not here: {tier}." for tier, number in report.tiers_missing.items()
    ]
    if is_show:
        lines.append("Nothing was written.")
    elif not report.is_done:
        lines.append("Nothing was written: mend these lines, or take the others in with --leave-out-bad.")
    return lines


def give_out(given: argparse.Namespace) -> int:
    opened(given)
    from standfirst.patrons import services

    if given.file.exists() and not given.yes:
        raise Refused(f"{given.file} is there already. Name another file, or replace it with --yes.")
    text = services.members_export()
    handle = os.open(given.file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    say(given, {"file": str(given.file), "bytes": len(text.encode())}, f"Everybody is in {given.file}.")
    return 0
