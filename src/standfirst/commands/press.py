"""`standfirst press …`: the page store, from the shell."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from standfirst.commands.given import folder_of, opened, say
from standfirst.config import newsroom as config
from standfirst.ops.errors import Refused


def server(given: argparse.Namespace) -> int:
    from standfirst.press import caddy, nginx
    from standfirst.press.serve import Place
    from standfirst.press.store import Store

    newsroom = config.load(folder_of(given))
    place = Place.of(newsroom)
    headers = Store(Path(place.store)).headers()
    if "page" not in headers:
        raise Refused(
            f"Nothing is pressed yet in {place.store}, so the headers of the pages are not known. "
            "Start the newsroom once with `standfirst run`."
        )
    site = nginx.Site(place, headers, app=given.app)
    if not newsroom.trusted_proxies:
        print(
            "trusted_proxies is empty, so the app will take the web server for every reader. "
            'Add trusted_proxies = ["127.0.0.1", "::1"] to standfirst.toml.',
            file=sys.stderr,
        )
    print(nginx.configuration(site) if given.doing == "nginx" else caddy.caddyfile(site), end="")
    return 0


def status(given: argparse.Namespace) -> int:
    newsroom = opened(given)
    from standfirst.ops import press_commands

    value, lines = press_commands.status(newsroom)
    say(given, value, *lines)
    return 1 if value["failing"] or value["late"] else 0


def rebuild(given: argparse.Namespace) -> int:
    newsroom = opened(given)
    from standfirst.ops import press_commands

    value, lines = press_commands.rebuild(newsroom, key=given.key, path=given.path, now=given.now)
    say(given, value, *lines)
    return 1 if value.get("failing") else 0


def verify(given: argparse.Namespace) -> int:
    opened(given)
    from standfirst.ops import press_commands

    value, lines = press_commands.compare()
    say(given, value, *lines)
    return 1 if value["differences"] else 0
