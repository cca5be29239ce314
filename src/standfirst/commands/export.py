"""`standfirst export` and `standfirst import export`: what the command line says and asks of them."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from standfirst.commands.given import opened, say
from standfirst.ops.errors import Refused

EXPORT = "Write the whole newsroom in open formats into a folder: site, stories, pictures, redirects."
IMPORT = "Make a newsroom again of what `standfirst export` wrote; into an empty newsroom."


def add_export(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path, metavar="DIR", help="where to; an export that lies there is updated")
    command.add_argument(
        "--private",
        action="store_true",
        help="also what is not public: drafts, withdrawn stories, original pictures, accounts without passwords",
    )
    command.add_argument("--without-site", action="store_true", help="not the pages, only what they are made of")
    command.add_argument("--yes", action="store_true", help="write into a folder that holds something else")


def add_import(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path, metavar="DIR", help="a folder that `standfirst export` wrote")


def export(given: argparse.Namespace) -> int:
    newsroom = opened(given)
    from standfirst.ops.exporting.export import export as write

    began = time.monotonic()
    written = write(
        newsroom=newsroom,
        folder=given.folder,
        private=given.private,
        with_site=not given.without_site,
        overwrite=given.yes,
        err=sys.stderr,
    )
    seconds = round(time.monotonic() - began, 1)
    for what in written.missing:
        sys.stderr.write(f"{what}\n")
    said: dict[str, Any] = {
        "folder": str(given.folder.absolute()),
        "private": given.private,
        "counts": dict(sorted(written.counts.items())),
        "files": written.files,
        "bytes": written.bytes,
        "changed": written.changed,
        "removed": written.removed,
        "missing": written.missing,
        "seconds": seconds,
    }
    counts = ", ".join(f"{number} {what}" for what, number in said["counts"].items())
    lines = [
        f"{said['folder']}: {counts}.",
        f"{written.files} files, {written.bytes / 1e6:.1f} MB, in {seconds} s; {written.changed} of them are new or "
        f"changed, {written.removed} were removed. README.txt says what lies where.",
    ]
    if given.private:
        lines.append("It holds drafts, original pictures and accounts; keep it to yourselves.")
    else:
        lines.append("It holds what is public. Drafts and the rest of the desk: --private, into another folder.")
    say(given, said, *lines)
    return 0


def import_export(given: argparse.Namespace) -> int:
    if not given.folder.is_dir():
        raise Refused(f"There is no folder {given.folder}. Name one that `standfirst export` wrote.")
    newsroom = opened(given)
    from standfirst.importers import house
    from standfirst.ops import wake

    try:
        return house.run(folder=given.folder, json=given.json, out=sys.stdout, err=sys.stderr)
    finally:
        wake.poke(newsroom.folder)
