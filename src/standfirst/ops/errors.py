"""How operators' commands refuse.

Refused         an expected refusal: shown as its sentence, exit 1, no traceback
└── WrongUsage  the command was asked for in a way that cannot mean anything: exit 2
"""

from __future__ import annotations


class Refused(Exception):
    """The text is one or two whole sentences: what happened, to which value, what to do."""


class WrongUsage(Refused):
    pass
