"""Memory that a process needed for a moment, given back to the machine. Imports no Django."""

from __future__ import annotations

import contextlib
import ctypes
import gc


def keep_loaded() -> None:
    """What is loaded by now stays: the collector of garbage need not walk over all of it while somebody waits.

    A walk over Django, its templates and our models takes a tenth of a second of processor, and one comes with every
    second publication.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def give_back() -> None:
    """Forget what nothing refers to, and hand the free pages back: the C library keeps them otherwise."""
    keep_loaded()
    with contextlib.suppress(OSError, AttributeError):  # a C library without it
        ctypes.CDLL(None).malloc_trim(0)
