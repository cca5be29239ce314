"""`standfirst import SOURCE FILE…`: what each old system's import takes, and opening the door of the importers."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from standfirst.commands import export
from standfirst.commands.given import opened
from standfirst.ops.errors import Refused


def declare(commands: Any, command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add `import` and its sources to the command line."""
    importing = commands.add_parser(
        "import", help="Bring in what another system exported.", description="Bring in what another system exported."
    )
    sources = importing.add_subparsers(dest="source", metavar="SOURCE", required=True)
    wordpress = command(
        "wordpress",
        move_in,
        "Bring in a WordPress export (WXR); may be run again.",
        within=sources,
        machine=True,
    )
    wordpress.add_argument("file", type=Path, metavar="FILE", help="the export: .xml, .xml.gz or .xml.xz")
    _with_pictures(wordpress, "a copy of wp-content/uploads")

    theirs = command(
        "ghost",
        ghost,
        "Bring in a Ghost export (JSON); may be run again.",
        within=sources,
        machine=True,
    )
    theirs.add_argument(
        "file",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="the export: .json, .json.gz, .json.xz or Ghost's .zip; beside it the members' .csv",
    )
    _with_pictures(theirs, "a copy of Ghost's content/images")
    theirs.add_argument("--site", default="", metavar="URL", help="the old site's address; the export does not say it")
    theirs.add_argument(
        "--permalinks",
        action="append",
        default=[],
        metavar="PATTERN",
        help="how addresses of posts were made, if not /{slug}/, as in routes.yaml: /{year}/{month}/{slug}/; "
        "may be given more than once",
    )
    theirs.add_argument("--members", type=Path, metavar="CSV", help="the members, as Ghost exports them")

    pages = command(
        "pages",
        move_in,
        "Bring in saved article pages (HTML) of any site; may be run again.",
        within=sources,
        machine=True,
        more="For papers whose system is lost: pages as a browser saved them, with the folder of their pictures, "
        "alone, as one file (SingleFile) or as MHTML; mirrors made by wget or HTTrack; copies of the Wayback Machine.",
    )
    pages.add_argument("file", type=Path, nargs="+", metavar="FILE", help="pages, folders of pages, or patterns")
    _with_pictures(pages, "another folder of the old site's pictures")

    own = command("export", export.import_export, export.IMPORT, within=sources, machine=True)
    export.add_import(own)


def _with_pictures(parser: argparse.ArgumentParser, folder: str) -> None:
    """Where an import finds pictures. Those it does not find are listed, and the stories stand without them."""
    parser.add_argument("--media", type=Path, metavar="DIR", help=f"{folder}, where pictures are found")
    parser.add_argument(
        "--download",
        action="store_true",
        help="fetch the pictures that are not there from the old site; goes on if stopped",
    )
    parser.add_argument(
        "--ask-again",
        action="store_true",
        help="with --download: ask also for pictures that were refused in the last day",
    )


def ghost(given: argparse.Namespace) -> int:
    for file in (*given.file, given.members):
        if file is not None and not file.is_file():
            what = f"{file} is a folder. Name the .json file in it" if file.is_dir() else f"There is no file {file}"
            raise Refused(f"{what}. Look at its name with ls, or give the whole path.")
    return move_in(given, {"site": given.site, "permalinks": given.permalinks, "members": given.members})


def move_in(given: argparse.Namespace, options: dict[str, Any] | None = None) -> int:
    from standfirst.ops import wake

    # A large site is exported in several files: their folder will do.
    if isinstance(given.file, Path) and not given.file.exists():
        raise Refused(f"There is no file {given.file}. Look at its name with ls, or give the whole path.")
    if given.media is not None and not given.media.is_dir():
        raise Refused(f"There is no folder {given.media}. It should be a copy of the old site's pictures.")
    newsroom = opened(given)
    # By name, so that the command answers --help without the importer.
    importers = importlib.import_module("standfirst.importers.command")
    try:
        return int(
            importers.run(
                source=given.source,
                file=given.file,
                media=given.media,
                download=given.download or given.ask_again,
                ask_again=given.ask_again,
                json=given.json,
                options=options,
            )
        )
    finally:
        wake.poke(newsroom.folder)
