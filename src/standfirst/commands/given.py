"""What every command does with what was typed: find the newsroom, open it, say the outcome."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from standfirst.config import newsroom as config
from standfirst.ops import create, folders


def say(given: argparse.Namespace, value: dict[str, Any], *lines: str) -> None:
    print(json.dumps(value, ensure_ascii=False) if given.json else "\n".join(lines), flush=True)


def folder_of(given: argparse.Namespace) -> Path:
    return config.find_folder(given.newsroom)


def opened(given: argparse.Namespace) -> config.Newsroom:
    """Open the newsroom for a command that needs Django, brought up to this code unless it is being served."""
    from standfirst.ops import built, prepare

    newsroom = config.load(folder_of(given))
    if not folders.is_locked(newsroom.folder):
        prepare.prepare_if_needed(newsroom, environ=built.environ_of(newsroom.folder))
    create.open_django(newsroom.folder)
    return newsroom
