"""The mailbox that bounces and complaints come back to: by IMAP, or a Maildir on this machine.

Read every few minutes. What is no report about a mail of ours stays, flagged, and is not read again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import imaplib
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils import timezone

from standfirst.mailroom.returns import returns_in
from standfirst.mailroom.services import return_take

EVERY = dt.timedelta(minutes=5)
PATIENCE_SECONDS = 30
# So many are read in one round, and so much of each.
AT_ONCE = 200
LARGEST_BYTES = 1_000_000

log = logging.getLogger("standfirst.mailroom.mailbox")


class NotThere(Exception):
    """The mailbox cannot be opened. The text says why, and never what was typed."""


def mailbox_read(connect: Callable[..., Any] | None = None) -> dt.datetime | None:
    """Take in what came back; returns when to look again, or None without a mailbox. Safe to run twice.

    connect: makes the connection, in place of imaplib's own.
    """
    address = settings.NEWSROOM.mail_bounce_mailbox
    if not address:
        return None
    try:
        if address.startswith("maildir:"):
            _read_folder(_folder(address))
        else:
            with _opened(address, connect) as box:
                _read(box)
    except (NotThere, OSError, imaplib.IMAP4.error) as error:
        why = error if isinstance(error, NotThere) else type(error).__name__
        log.warning("The mailbox of bounces cannot be read: %s", why)
    return timezone.now() + EVERY


def mailbox_check(address: str, connect: Callable[..., Any] | None = None) -> None:
    """Open the mailbox and close it again. Raises NotThere."""
    if address.startswith("maildir:"):
        _folder(address)
        return
    with _opened(address, connect):
        pass


@contextlib.contextmanager
def _opened(address: str, connect: Callable[..., Any] | None) -> Iterator[Any]:
    url = urlsplit(address)
    make: Any = connect or (imaplib.IMAP4_SSL if url.scheme == "imaps" else imaplib.IMAP4)
    folder = unquote(url.path.strip("/")) or "INBOX"
    try:
        box = make(url.hostname, url.port or (993 if url.scheme == "imaps" else 143), timeout=PATIENCE_SECONDS)
    except (OSError, imaplib.IMAP4.error) as error:
        raise NotThere(f"{url.hostname} does not answer ({type(error).__name__})") from error
    try:
        try:
            box.login(unquote(url.username or ""), unquote(url.password or ""))
        except imaplib.IMAP4.error as error:
            # Never the server's own words: some repeat what was typed.
            raise NotThere(f"{url.hostname} does not take user and password") from error
        said = box.select(folder if folder.isalnum() else f'"{folder}"')
        if said and said[0] != "OK":
            raise NotThere(f"there is no folder {folder} at {url.hostname}")
        yield box
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            box.logout()


def _read(box: Any) -> None:
    _said, found = box.search(None, "UNSEEN")
    for number in (found[0] or b"").split()[:AT_ONCE]:
        _said, parts = box.fetch(number, f"(BODY.PEEK[]<0.{LARGEST_BYTES}>)")
        content = next((part[1] for part in parts if isinstance(part, tuple)), b"")
        box.store(number, "+FLAGS", "(\\Seen \\Deleted)" if _is_taken(content) else "(\\Seen \\Flagged)")
    box.expunge()


def _folder(address: str) -> Path:
    """A Maildir's folder. Raises NotThere."""
    path = Path(unquote(urlsplit(address).path))
    try:
        missing = [name for name in ("cur", "new", "tmp") if not (path / name).is_dir()]
    except OSError as error:
        raise NotThere(f"{path}: {error.strerror}") from error
    if missing:
        raise NotThere(f"{path} is no Maildir: it has no folder {missing[0]}")
    return path


def _read_folder(path: Path) -> None:
    files = sorted([*(path / "new").iterdir(), *(path / "cur").iterdir()])
    # A file's flags stand at the end of its name; S says that it was read.
    fresh = [file for file in files if "S" not in file.name.partition(":2,")[2]]
    for file in fresh[:AT_ONCE]:
        with file.open("rb") as opened:
            content = opened.read(LARGEST_BYTES)
        if _is_taken(content):
            file.unlink()
        else:
            file.rename(path / "cur" / f"{file.name.partition(':')[0]}:2,FS")


def _is_taken(content: bytes) -> bool:
    """Take in the reports in a mail; returns whether any was about a mail of ours."""
    taken = [return_take(returned=one) for one in returns_in(content)]
    return any(taken)
