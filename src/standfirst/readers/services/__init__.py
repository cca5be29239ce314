"""The room's doors: every write, one function per act of a reader."""

from standfirst.readers.services.codes import code_ask, code_use
from standfirst.readers.services.passkeys import passkey_add, passkey_remove, passkey_rename, passkey_used
from standfirst.readers.services.readers import (
    address_change,
    details_change,
    reader_confirmed,
    reader_erase,
    reader_found,
)
from standfirst.readers.services.sessions import session_begin, session_end, session_seen, sessions_end

__all__ = [
    "address_change",
    "code_ask",
    "code_use",
    "details_change",
    "passkey_add",
    "passkey_remove",
    "passkey_rename",
    "passkey_used",
    "reader_confirmed",
    "reader_erase",
    "reader_found",
    "session_begin",
    "session_end",
    "session_seen",
    "sessions_end",
]
