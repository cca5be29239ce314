"""Memory that a process needed for a moment, given back to the machine. Imports no Django."""

from __future__ import annotations

import contextlib
import ctypes
import gc


def give_back() -> None:
    """Forget what nothing refers to, and hand the free pages back: the C library keeps them otherwise."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):  # a C library without it
        ctypes.CDLL(None).malloc_trim(0)
