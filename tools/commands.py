"""Write docs/operators/commands.md from the command line's own description: `python tools/commands.py`.

Not argparse's `--help` text itself: its line breaks differ between Python versions.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from standfirst.cli import parser

PAGE = Path(__file__).resolve().parent.parent / "docs" / "operators" / "commands.md"
HEAD = """\
# Commands

<!-- Made by tools/commands.py from the command itself; a test says when it is stale. -->

{description} {epilog}

Problems go to stderr in whole sentences. `--newsroom DIR` may stand before or after the command; without it the
folder is `STANDFIRST_NEWSROOM`, else `./newsroom`.
"""


def page() -> str:
    top = parser()
    parts = [HEAD.format(description=top.description, epilog=top.epilog)]
    parts += [_section(words, command) for words, command in _commands(top, "standfirst")]
    return "\n".join(parts)


def _commands(command: argparse.ArgumentParser, words: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    inner = [action for action in command._actions if isinstance(action, argparse._SubParsersAction)]
    if not inner:
        yield words, command
    for action in inner:
        for name, below in action.choices.items():
            yield from _commands(below, f"{words} {name}")


def _section(words: str, command: argparse.ArgumentParser) -> str:
    shown = [a for a in command._actions if a.dest not in ("help", "newsroom") and a.help is not argparse.SUPPRESS]
    positional = "".join(f" {a.metavar or a.dest.upper()}" for a in shown if not a.option_strings)
    optional = " [options]" if any(a.option_strings for a in shown) else ""
    lines = [f"## `{words}{positional}{optional}`", "", command.description or ""]
    if shown:
        lines += ["", "| | |", "|---|---|", *(f"| {_name(a)} | {_help(a)} |" for a in shown)]
    return "\n".join(lines) + "\n"


def _name(action: argparse.Action) -> str:
    if not action.option_strings:
        return f"`{action.metavar or action.dest.upper()}`"
    value = "" if action.nargs == 0 else f" {action.metavar or action.dest.upper()}"
    return f"`{action.option_strings[-1]}{value}`"


def _help(action: argparse.Action) -> str:
    chosen = f"{', '.join(map(str, action.choices))}; " if action.choices else ""
    return chosen + (action.help or "")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
