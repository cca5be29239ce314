"""The ways a door of the mailroom can refuse.

MailroomRefused
├── NoAddress        what was given is no e-mail address that we can write to
├── NoMailing        there is no such mailing, or nobody can subscribe to it
├── NotNow           the letter is in another state than this act needs
├── NoWords          there is nothing in the letter yet
└── NobodyToWriteTo  the mailing has no subscriber who could get this letter
"""

from __future__ import annotations


class MailroomRefused(Exception):
    """The text is one whole sentence for whoever asked."""


class NoAddress(MailroomRefused):
    pass


class NoMailing(MailroomRefused):
    pass


class NotNow(MailroomRefused):
    pass


class NoWords(MailroomRefused):
    pass


class NobodyToWriteTo(MailroomRefused):
    pass
