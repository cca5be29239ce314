"""The press's round in the background process, and what it takes for a reason to press everything anew."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import threading
import time
from pathlib import Path

from django.conf import settings
from django.urls import set_urlconf

from standfirst.ops import built, folders
from standfirst.press import queue
from standfirst.press.reads import counted
from standfirst.press.render import origin

READS = "reads-*.json"


class PressRound:
    """Press what is wanted; returns when the clock wants the next page."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stopping = threading.Event()
        self._is_started = False
        self._reads: dict[Path, float] = {}
        self._clock: float | None = None

    def stop(self) -> None:
        self._stopping.set()

    def __call__(self) -> dt.datetime | None:
        # In this thread: naming the desk's addresses would load its screens, thirty megabytes of them.
        set_urlconf(settings.PUBLIC_URLCONF)
        if not self._is_started:
            queue.start(fingerprint())
            self._is_started = True
        self._note_reads()
        self._mind_the_clock()
        queue.run(stopping=self._stopping.is_set)
        return queue.next_at()

    def _mind_the_clock(self) -> None:
        """At the start, and when the clock was put back, want what was pressed while it was ahead."""
        clock = time.time() - time.monotonic()
        if self._clock is None or clock < self._clock - queue.CLOCK_SLACK.total_seconds():
            queue.want_those_ahead()
        self._clock = clock

    def _note_reads(self) -> None:
        """What the web workers wrote down since we last looked, all of them together."""
        counts: dict[str, int] = {}
        for file in folders.run_folder(self._folder).glob(READS):
            changed = file.stat().st_mtime
            if self._reads.get(file) == changed:
                continue
            self._reads[file] = changed
            for path, count in counted(file).items():
                counts[path] = counts.get(path, 0) + count
        if counts:
            queue.note_reads(counts)


def fingerprint() -> str:
    """Of this code and of the settings that stand on every page: another one presses everything anew."""
    newsroom = settings.NEWSROOM
    said = [built.code_key(), *origin(), newsroom.name, newsroom.time_zone, *newsroom.languages]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:40]
