"""What became of each mail, written to a file at the moment it is known: it outlives a process that is killed.

The database learns it a moment later, many at once. After a `kill -9` the file says which mails had been handed over,
so that nobody gets a letter twice and nobody is left out. A line is one write to the kernel, which keeps it when the
process dies; a power failure may lose the last lines.
"""

from __future__ import annotations

import ctypes
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

# The C library, called without letting other threads run meanwhile.
_C = ctypes.PyDLL(None, use_errno=True)
_C.write.argtypes, _C.write.restype = (ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t), ctypes.c_ssize_t
# What became of a mail.
SENT, UNSURE, DEFERRED, REFUSED, BACK = "sent", "unsure", "deferred", "refused", "back"


@dataclass(frozen=True)
class Outcome:
    """delivery: its number. what: one of the five above. at: seconds since 1970. supplier, answer, foreign_id: as they
    are kept. is_address: a refusal that is about the address. again_at: of BACK, when to try."""

    delivery: int
    what: str
    at: float
    supplier: str = ""
    answer: str = ""
    foreign_id: str = ""
    is_address: bool = False
    again_at: float = 0.0


class Journal:
    """The file of one sender. Its methods may be called from several threads: each line is one write."""

    def __init__(self, file: Path) -> None:
        self._file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        self._handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def at_the_dot(self, delivery: int, supplier: str, at: float) -> None:
        """The final dot of this mail goes over the line now. Until its outcome is written it is unsure."""
        said = {"delivery": delivery, "what": UNSURE, "at": at, "supplier": supplier, "answer": ""}
        line = json.dumps(said).encode() + b"\n"
        # Not by os.write, which lets the other connections run before this one comes to its dot: a kill would find
        # the line written and the dot still here, and that reader left out.
        if _C.write(self._handle, line, len(line)) != len(line):
            raise OSError(ctypes.get_errno(), "The journal of mails cannot be written.")

    def outcome(self, outcome: Outcome) -> None:
        os.write(self._handle, json.dumps(asdict(outcome)).encode() + b"\n")

    def clear(self) -> None:
        """Everything in it is in the database."""
        os.ftruncate(self._handle, 0)

    def close(self) -> None:
        os.close(self._handle)


def outcomes_in(file: Path) -> dict[int, Outcome]:
    """The last that is known of each delivery in a file that a process has left."""
    found: dict[int, Outcome] = {}
    try:
        lines = file.read_bytes().splitlines()
    except FileNotFoundError:
        return found
    for line in lines:
        try:
            said = json.loads(line)
            outcome = Outcome(**said)
        except (ValueError, TypeError):
            continue  # torn by a power failure
        found[outcome.delivery] = outcome
    return found
