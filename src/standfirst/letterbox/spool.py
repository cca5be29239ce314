"""What strangers send while the database is away: on disk, sealed, in order, until it can be delivered.

An item is a file in `data/spool/`. A receipt may be given when `spool_put` has returned: by then the file and its
name are on the disk. `delivery.py` brings items to the database, each exactly once.

Sealed by HPKE (RFC 9180, base mode: X25519, HKDF-SHA256, ChaCha20-Poly1305) of the `cryptography` library to a public
key that web workers read. The private half lies beside it, for the owner of the folder alone; the background process
opens items with it, and `doctor` looks whether the halves fit. So a copy of the spool tells nothing, and a break-in
that can make a web worker read files tells nothing as long as it does not reach `data/secrets/`. Layout of a file:
four bytes of format, eight that name the key, then HPKE's encapsulated key and ciphertext.

Imports no Django and no other room: it works when nothing else can be reached.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import errno
import fcntl
import hashlib
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standfirst.letterbox.errors import SpoolBusy, SpoolFull, SpoolShut

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
    from cryptography.hazmat.primitives.hpke import Suite

# As many as the guards of one web process let through; here all processes together, since they share one disk.
ITEMS_PER_MINUTE = 120
# Some sixteen thousand letters: more than a paper gets in a day without its database, less than a disk misses.
MEGABYTES = 64
# The least that a file takes on the disk.
BLOCK_BYTES = 4096

FORMAT = b"SFS1"
PURPOSE = b"standfirst letterbox spool 1"
SUFFIX = ".item"
BROKEN = "broken"


@dataclass(frozen=True)
class Item:
    """What somebody sent: its id for ever, what it is, when it came (seconds since 1970), and its words."""

    id: str
    kind: str
    at: float
    payload: dict[str, Any]


@dataclass(frozen=True)
class SpoolState:
    """How the spool stands, for `doctor`. trouble: a sentence about the keys, or ''."""

    waiting: int = 0
    oldest_at: float = 0.0
    broken: int = 0
    bytes: int = 0
    trouble: str = ""


class KeyMissing(Exception):
    """The private key is not there or cannot be read: nothing can be opened, and nothing is wrong with the items."""


class NotOpened(Exception):
    """This file is damaged, or sealed to a key that we do not have."""


# Putting in --------------------------------------------------------------------------------------


def spool_put(*, data: Path, kind: str, payload: dict[str, Any]) -> str:
    """Seal an item and lay it on the disk; returns its id. All or nothing: on return a receipt may be given.

    data: the newsroom's data folder. kind: names the receiver (`delivery.receiver_register`). payload: of JSON.
    Raises SpoolBusy, SpoolFull or SpoolShut; then the item is not taken and its sender must be told.
    """
    folder = data / "spool"
    spool_id = secrets.token_hex(16)
    now = time.time()
    partial = folder / f".{spool_id}.partial"
    try:
        public = _public_key(data)
        text = json.dumps({"id": spool_id, "kind": kind, "at": now, "payload": payload}, ensure_ascii=False)
        sealed = FORMAT + _name_of(public) + _suite().encrypt(text.encode(), public, info=PURPOSE)
        folder.mkdir(mode=0o700, exist_ok=True)
        with _one_writer(data):
            number = _room_for(folder, len(sealed), now)
            file = folder / f"{number:010d}-{int(now)}-{spool_id}{SUFFIX}"
            try:
                with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                    out.write(sealed)
                    out.flush()
                    os.fsync(out.fileno())
                partial.rename(file)
                _sync(folder)
            except BaseException:
                # Whoever gets no receipt sends again.
                for left in (partial, file):
                    left.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise SpoolShut(f"Nothing can be laid into {folder}: {error.strerror or error}.") from error
    return spool_id


@contextmanager
def _one_writer(data: Path) -> Iterator[None]:
    """Counting and adding in one step, for the threads of all processes; the kernel lets go if one dies."""
    run = data / "run"
    run.mkdir(exist_ok=True)
    with (run / "spool.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _room_for(folder: Path, size: int, now: float) -> int:
    """The number of the next item. Raises SpoolBusy or SpoolFull."""
    last = lately = used = 0
    for place in (folder, folder / BROKEN):
        # One look at the folder without paths and patterns: at its fullest it holds thousands of files.
        with contextlib.suppress(FileNotFoundError), os.scandir(place) as files:
            for file in files:
                if file.name.endswith(".partial"):
                    Path(file.path).unlink(missing_ok=True)  # nobody else is writing: whoever began it has died
                elif file.name.endswith(SUFFIX):
                    used += _blocks(_size(file))
                    if place is folder:
                        last = max(last, _number(file.name))
                        lately += abs(now - _came_at(file.name)) < 60
    if lately >= ITEMS_PER_MINUTE:
        raise SpoolBusy(f"More than {ITEMS_PER_MINUTE} letters came to the spool in one minute.")
    if used + _blocks(size) > MEGABYTES << 20:
        raise SpoolFull(f"The spool {folder} holds {MEGABYTES} MB, which is all that it takes.")
    return last + 1


def _size(file: Path | os.DirEntry[str]) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:  # delivered just now
        return 0


def _blocks(size: int) -> int:
    return -(-size // BLOCK_BYTES) * BLOCK_BYTES


# Taking out --------------------------------------------------------------------------------------


def spool_waiting(*, data: Path) -> list[Path]:
    """The files of all that waits, in the order in which it came."""
    return sorted((data / "spool").glob("*" + SUFFIX), key=lambda file: (_number(file.name), file.name))


def spool_open(*, data: Path, file: Path) -> Item:
    """What is in a file. Raises KeyMissing when nothing can be opened, NotOpened when this one cannot."""
    from cryptography.exceptions import InvalidTag

    keys = _private_keys(data)
    try:
        sealed = file.read_bytes()
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOMEM):
            raise  # our own need, which passes
        raise NotOpened(f"it cannot be read ({error.strerror})") from error
    head = len(FORMAT) + 8
    if sealed[: len(FORMAT)] != FORMAT:
        raise NotOpened("it is not of a form we know")
    key = {_name_of(key.public_key()): key for key in keys}.get(sealed[len(FORMAT) : head])
    if key is None:
        raise NotOpened("it is sealed to another key than the one in data/secrets")
    try:
        text = _suite().decrypt(sealed[head:], key, info=PURPOSE)
        read = json.loads(text)
        return Item(id=str(read["id"]), kind=str(read["kind"]), at=float(read["at"]), payload=dict(read["payload"]))
    except (InvalidTag, ValueError, KeyError, TypeError) as error:
        raise NotOpened("it is damaged") from error


def spool_remove(*, file: Path) -> None:
    """Forget an item that has been delivered. Lost to a power failure, the removal is made up at the next delivery."""
    file.unlink(missing_ok=True)


def spool_set_aside(*, file: Path) -> Path:
    """Move an item that cannot be delivered out of the others' way. It is kept until the operator decides."""
    aside = file.parent / BROKEN
    aside.mkdir(mode=0o700, exist_ok=True)
    target = aside / file.name
    file.rename(target)
    return target


def spool_aside(*, data: Path) -> list[Path]:
    """The files of what was set aside."""
    return sorted((data / "spool" / BROKEN).glob("*" + SUFFIX))


def spool_forget_aside(*, data: Path, before: float) -> int:
    """Delete what was set aside and came in before a moment (seconds since 1970); returns how many."""
    old = [file for file in spool_aside(data=data) if _came_at(file.name) < before]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def spool_state(*, data: Path) -> SpoolState:
    """How much waits, since when, and whether the keys are as they should be."""
    waiting = spool_waiting(data=data)
    broken = spool_aside(data=data)
    return SpoolState(
        waiting=len(waiting),
        oldest_at=min((_came_at(file.name) for file in waiting), default=0.0),
        broken=len(broken),
        bytes=sum(_blocks(_size(file)) for file in [*waiting, *broken]),
        trouble=_trouble(data),
    )


def _trouble(data: Path) -> str:
    try:
        _public_key(data)
        keys = _private_keys(data)
    except (SpoolShut, KeyMissing) as error:
        return str(error)
    if _name_of(keys[0].public_key()) != _name_of(_public_key(data)):
        return f"{_public_file(data)} does not belong to {_private_file(data)}."
    return ""


def _number(name: str) -> int:
    """10 of `0000000010-1763884800-….item`; a name of another form goes first and will be found out."""
    number = name.partition("-")[0]
    return int(number) if number.isascii() and number.isdigit() else 0


def _unnumbered(file: Path) -> str:
    return file.name.partition("-")[2]


def _came_at(name: str) -> float:
    at = name.split("-")[1] if name.count("-") > 1 else ""
    return float(at) if at.isascii() and at.isdigit() else 0.0


# Keys --------------------------------------------------------------------------------------------


def keys_make(*, data: Path) -> bool:
    """Make the pair of keys where there is none; returns whether anything was written.

    Raises KeyMissing when there is a private key that cannot be read, and OSError.
    A private key is never replaced. When it is lost while items wait, nothing is made: what waits could never be
    opened again with a new one, and perhaps a backup has it.
    """
    private, public = _private_file(data), _public_file(data)
    if private.exists() and public.exists():
        return False
    # Not before: the supervisor asks at every start and would keep eight megabytes of it.
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    if not private.exists():
        if spool_waiting(data=data):
            return False
        private.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(private, _text(X25519PrivateKey.generate().private_bytes_raw()), 0o600)
    _write(public, _text(_private_keys(data)[0].public_key().public_bytes_raw()), 0o644)
    return True


def spool_carry_over(*, source: Path, target: Path) -> int:
    """Take what waits in one data folder along into another, with the key that opens it; returns how many items.

    For a restore: what came in since the backup was made must not stay behind.
    """
    waiting = spool_waiting(data=source)
    if not waiting:
        return 0
    (target / "spool").mkdir(mode=0o700, exist_ok=True)
    there = spool_waiting(data=target)
    known_items = {_unnumbered(file) for file in there}
    number = max((_number(file.name) for file in there), default=0)
    for file in waiting:
        if _unnumbered(file) not in known_items:
            number += 1
            _write(target / "spool" / f"{number:010d}-{_unnumbered(file)}", file.read_bytes(), 0o600)
    with contextlib.suppress(FileNotFoundError):
        lines = _private_file(source).read_bytes().split()
        known = _private_file(target).read_bytes().split() if _private_file(target).exists() else []
        # The first is the one of the public key; the others only open.
        _private_file(target).parent.mkdir(mode=0o700, exist_ok=True)
        _write(_private_file(target), b"\n".join(dict.fromkeys([*known, *lines])) + b"\n", 0o600)
    return len(waiting)


def _public_key(data: Path) -> X25519PublicKey:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    file = _public_file(data)
    if not _private_file(data).exists():
        # What nobody can open must not be taken.
        raise SpoolShut(f"The spool's private key {_private_file(data)} is missing.")
    try:
        return X25519PublicKey.from_public_bytes(base64.b64decode(file.read_bytes(), validate=False))
    except OSError as error:
        raise SpoolShut(f"The spool's public key {file} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise SpoolShut(f"The spool's public key {file} is damaged.") from error


def _private_keys(data: Path) -> list[X25519PrivateKey]:
    """The newest first; older ones only open what was sealed to them."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    file = _private_file(data)
    try:
        lines = file.read_bytes().split()
        keys = [X25519PrivateKey.from_private_bytes(base64.b64decode(line, validate=True)) for line in lines]
    except OSError as error:
        raise KeyMissing(f"The spool's private key {file} cannot be read: {error.strerror}.") from error
    except (ValueError, binascii.Error) as error:
        raise KeyMissing(f"The spool's private key {file} is damaged.") from error
    if not keys:
        raise KeyMissing(f"The spool's private key {file} is empty.")
    return keys


def _private_file(data: Path) -> Path:
    return data / "secrets" / "spool.key"


def _public_file(data: Path) -> Path:
    return data / "secrets" / "spool.pub"


def _name_of(key: X25519PublicKey) -> bytes:
    return hashlib.sha256(key.public_bytes_raw()).digest()[:8]


def _text(raw: bytes) -> bytes:
    return base64.b64encode(raw) + b"\n"


def _suite() -> Suite:
    from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


def _write(file: Path, content: bytes, mode: int) -> None:
    """A small file, whole or not at all, on the disk when this returns."""
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(file)
    _sync(file.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
