"""How the press can refuse."""


class PressError(Exception):
    """
    ├── NotInTransaction    refresh() was called where nothing could be undone together
    └── RenderFailed        a page could not be rendered; the one stored before is kept
    """


class NotInTransaction(PressError):
    pass


class RenderFailed(PressError):
    pass
