"""Which kinds of statement each test sends, so that the second database is asked all of them by few tests.

`make test` runs every test on SQLite, and writes down what each sent. On PostgreSQL it then runs as many tests as it
takes to send every kind of statement again, each from at least two places, and to meet every error of the database that
was met. A test that was not written down runs, and so does every one that commits (its threads and processes send what
is not seen here). `make prove` runs all of them on both.
"""

from __future__ import annotations

import heapq
import json
import os
import re
import time
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

#: A folder in which every worker of the first run leaves its record, and from which the second reads.
WHERE = "STANDFIRST_TEST_ASKED"
#: Numbers and names that differ from run to run, and lists that are longer or shorter.
_VARIES = [
    (re.compile(r"'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b"), "?"),
    (re.compile(r'"?s\d+_x\d+"?'), "savepoint"),
    (re.compile(r"%s|%\(\w+\)s|\?"), "?"),
    (re.compile(r"\(\s*\?(?:\s*,\s*\?)+\s*\)"), "(?)"),
    (re.compile(r"\(\?\)(?:\s*,\s*\(\?\))+"), "(?)"),
    (re.compile(r"(\S+ = \?)(?: (AND|OR) \1)+"), r"\1"),
]
#: From how many tests each kind is sent, where there are as many.
PLACES = 2


def kind(sql: str) -> int:
    """A number for all statements that differ in their values alone."""
    for pattern, instead in _VARIES:
        sql = pattern.sub(instead, sql)
    return zlib.crc32(sql.encode())


class Asked:
    """What the tests of this process sent."""

    def __init__(self) -> None:
        self.kinds: dict[str, int] = {}
        self.sent: dict[str, list] = {}
        self.now: set[int] = set()
        self.began = 0.0

    def start(self) -> None:
        self.now, self.began = set(), time.monotonic()

    def end(self, test: str) -> None:
        if self.now:
            self.sent[test] = [round(time.monotonic() - self.began, 2), sorted(self.now)]

    def look(self, execute: Any, sql: Any, *rest: Any) -> Any:
        """Stand before every statement (`execute_wrappers`)."""
        sql = str(sql)
        number = self.kinds.get(sql)
        if number is None:
            number = self.kinds[sql] = kind(sql)
        self.now.add(number)
        try:
            return execute(sql, *rest)
        except Exception as error:
            self.now.add(kind(f"{type(error).__name__} of {number}"))
            raise

    def write(self, worker: str) -> None:
        Path(os.environ[WHERE], f"{worker}.json").write_text(json.dumps(self.sent))


def read(folder: Path) -> dict[str, list]:
    """What the first run wrote down: for each test its seconds and its kinds."""
    return {test: sent for file in sorted(folder.glob("*.json")) for test, sent in json.loads(file.read_text()).items()}


def few(sent: Mapping[str, list], always: Iterable[str], places: int = PLACES) -> set[str]:
    """The tests that send every kind from so many places, by what is new in them for each second they take.

    Every worker comes to the same answer: order of names where two are worth the same.
    """
    chosen = set(always)
    wanted: dict[int, int] = {}
    for _, kinds in sent.values():
        for number in kinds:
            wanted[number] = min(places, wanted.get(number, 0) + 1)

    def send(test: str) -> None:
        for number in sent[test][1]:
            wanted[number] -= 1

    def worth(test: str) -> float:
        seconds, kinds = sent[test]
        return sum(wanted[number] > 0 for number in kinds) / (seconds + 0.05)

    for test in chosen & sent.keys():
        send(test)
    waiting = [(-worth(test), test) for test in sent if test not in chosen]
    heapq.heapify(waiting)
    while waiting:
        _, test = heapq.heappop(waiting)
        now = worth(test)
        # What others have sent meanwhile is worth nothing any more; worth only falls.
        if waiting and -now > waiting[0][0]:
            if now:
                heapq.heappush(waiting, (-now, test))
        elif now:
            chosen.add(test)
            send(test)
    return chosen
