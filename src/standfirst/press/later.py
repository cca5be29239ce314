"""Django, loaded while readers are served already.

Importing it takes seconds. What needs it waits; what lies in the store does not.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from standfirst.press.ondemand import Demand
from standfirst.press.serve import OutcomeLike

WAIT_SECONDS = 60.0


class Later:
    """An application that a thread is loading. `future` holds it, or why it could not be loaded."""

    def __init__(self, load: Callable[[], Any]) -> None:
        self.future: Future[Any] = Future()
        self.future.set_running_or_notify_cancel()
        self._load = load
        self._started = threading.Lock()

    def start(self) -> None:
        """Begin to load; later calls do nothing."""
        if self._started.acquire(blocking=False):
            threading.Thread(target=self._run, name="loading", daemon=True).start()

    def wait(self) -> Any:
        """The application. Raises what its loading raised, or TimeoutError."""
        self.start()
        return self.future.result(WAIT_SECONDS)

    def demand(self) -> Demand:
        """`pressing.demand`, once there is a Django to press with."""

        def demand(path: str, query: str) -> OutcomeLike:
            self.wait()
            pressing = importlib.import_module("standfirst.press.pressing")
            close = importlib.import_module("django.db").close_old_connections
            close()
            try:
                outcome: OutcomeLike = pressing.demand(path, query)
                return outcome
            finally:
                close()

        return demand

    def _run(self) -> None:
        try:
            loaded = self._load()
        except BaseException as error:
            self.future.set_exception(error)
        else:
            self.future.set_result(loaded)
