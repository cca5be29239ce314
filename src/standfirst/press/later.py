"""Django, loaded while readers are served already.

Importing it takes seconds. What needs it waits; what lies in the store does not.
"""

from __future__ import annotations

import importlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from standfirst.press.ondemand import Demand, Nothing
from standfirst.press.serve import OutcomeLike

WAIT_SECONDS = 60.0
LOOK_SECONDS = 0.2


class Later:
    """An application that a thread is loading. `future` holds it, or why it could not be loaded.

    is_held_back: while it says so nothing is loaded, because the database is not ready for this release.
    """

    def __init__(self, load: Callable[[], Any], *, is_held_back: Callable[[], bool] = lambda: False) -> None:
        self.future: Future[Any] = Future()
        self.future.set_running_or_notify_cancel()
        self._load = load
        self._is_held_back = is_held_back
        self._started = threading.Lock()

    def start(self) -> None:
        """Begin to load; later calls do nothing."""
        if self._started.acquire(blocking=False):
            threading.Thread(target=self._run, name="loading", daemon=True).start()

    @property
    def is_away(self) -> bool:
        """Whether waiting would be of no use: nobody can say how long the loading is held back."""
        return not self.future.done() and self._is_held_back()

    def wait(self) -> Any:
        """The application. Raises what its loading raised, or TimeoutError."""
        self.start()
        return self.future.result(WAIT_SECONDS)

    def demand(self) -> Demand:
        """`pressing.demand`, once there is a Django to press with."""

        def demand(path: str, query: str) -> OutcomeLike:
            if self.is_away:
                return Nothing(503)
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
        while self._is_held_back():
            time.sleep(LOOK_SECONDS)
        try:
            loaded = self._load()
        except BaseException as error:
            self.future.set_exception(error)
        else:
            self.future.set_result(loaded)
