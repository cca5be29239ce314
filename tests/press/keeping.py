"""Keeping what pages share, in tests whose own transaction would forbid it."""

from django.db import connection


class AsIfOutside:
    """The connection as it would be without the test's own transactions, inside which nothing is ever kept."""

    def __init__(self) -> None:
        self.depth = len(connection.savepoint_ids)

    @property
    def in_atomic_block(self) -> bool:
        return len(connection.savepoint_ids) > self.depth
