"""Wagtail's index of words and its index of references, brought up to date when a test asks for them.

Work in the background is done at once in the tests. These two are asked for at every save of a page, which took a
quarter of the time of all tests with stories in them, and few tests look there. Here they wait, and are done the moment
any statement names one of their tables: whoever looks finds what would have been there anyhow.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django_tasks.backends.immediate import ImmediateBackend

LATER = {"modelsearch.tasks.insert_or_update_object_task", "wagtail.tasks.update_reference_index_task"}
TABLES = ("referenceindex", "indexentry")


class Waiting:
    """What waits in this test; only while everything happens in one transaction, which all of it sees."""

    def __init__(self) -> None:
        self.is_open = False
        self.tasks: dict[tuple, tuple[Backend, Any]] = {}

    def start(self, *, is_open: bool) -> None:
        """Begin a test: what the one before left was rolled back with it."""
        self.tasks.clear()
        self.is_open = is_open

    def catch_up(self) -> None:
        """Do what waits. Those who count statements do not see it, as they would not have before."""
        tasks = [*self.tasks.values()]
        self.tasks.clear()
        wrappers, connection.execute_wrappers = connection.execute_wrappers, []
        logged, connection.force_debug_cursor = connection.force_debug_cursor, False
        was_open, self.is_open = self.is_open, False
        try:
            for backend, result in tasks:
                backend.execute(result)
        finally:
            connection.execute_wrappers, connection.force_debug_cursor = wrappers, logged
            self.is_open = was_open

    def look(self, execute: Any, sql: Any, *rest: Any) -> Any:
        """Stand before every statement (`execute_wrappers`)."""
        if self.tasks and not connection.needs_rollback and any(table in str(sql) for table in TABLES):
            self.catch_up()
        return execute(sql, *rest)


WAITING = Waiting()


class Backend(ImmediateBackend):
    def execute(self, result: Any) -> None:
        super()._execute_task(result)

    def _execute_task(self, result: Any) -> None:
        name = result.task.module_path
        if name not in LATER or not WAITING.is_open or not connection.in_atomic_block:
            self.execute(result)
            return
        # Once is enough for one page, and after the last time it was saved.
        key = (name, repr(result.args), repr(result.kwargs))
        WAITING.tasks.pop(key, None)
        WAITING.tasks[key] = (self, result)
