"""The ways the room's doors can refuse.

PeopleError
├── AlreadyThere    there is such an account
├── NobodyThere     there is none
├── NotAllowed      an administrator's account, and whoever asks is none; or one's own
└── UnknownRole     no such role
"""


class PeopleError(Exception):
    pass


class AlreadyThere(PeopleError):
    pass


class NobodyThere(PeopleError):
    pass


class UnknownRole(PeopleError):
    pass


class NotAllowed(PeopleError):
    pass
