"""How the press can refuse."""


class NotInTransaction(Exception):
    """refresh() was called where nothing could be undone together."""
