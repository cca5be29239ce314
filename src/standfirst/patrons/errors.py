"""The ways the room can refuse. The text of each is a whole sentence for the person who asked.

PatronsError
├── AlreadyPatron     she has an active pledge
├── NotPossible       this state does not allow the act
├── ProviderAway      a provider does not answer, or not as it should; nothing was changed
├── BadSignature      a message that its provider did not sign
└── NotRead           a file, or a message, that cannot be read
"""

from __future__ import annotations


class PatronsError(Exception):
    pass


class AlreadyPatron(PatronsError):
    pass


class NotPossible(PatronsError):
    pass


class ProviderAway(PatronsError):
    pass


class BadSignature(PatronsError):
    pass


class NotRead(PatronsError):
    pass
