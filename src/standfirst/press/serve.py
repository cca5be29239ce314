"""The outermost layer: answers from memory, then from the store's files, and says when Django is needed.

Knows no server and no Django. An adapter (`ops/bridge.py`, `wsgi.py`, `asgi.py`) asks `Core.quick` or `Core.answer` and
acts on what it says: sends an Answer; hands the request to Django (NEEDS_DJANGO); or has a page pressed (NeedsDemand,
through `ondemand.Gate`) and asks `Core.demanded` what to send then. Any thread may ask at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from email.utils import formatdate
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from standfirst.kit import oldpaths
from standfirst.press import moved, plainly
from standfirst.press.addresses import INTERNAL, INTERNAL_GONE, Live, is_plausible, is_storable, kind_of, text_of
from standfirst.press.files import Files, Mount
from standfirst.press.lately import Lately
from standfirst.press.memory import Answer, Entry, Headers, Memory
from standfirst.press.negotiation import accepted, is_known_host, knows
from standfirst.press.ondemand import Nothing
from standfirst.press.reads import Reads
from standfirst.press.store import Store

if TYPE_CHECKING:
    from collections.abc import Sequence

EMERGENCY = "EMERGENCY"
MEMORY_BYTES = 32 << 20
LOOK_SECONDS = 0.5
LONGEST_PATH = 2000
_SUFFIXES = {"br": ".br", "gzip": ".gz", "": ""}
_BY_PREFERENCE = {"br": ("br", "gzip", ""), "gzip": ("gzip", ""), "": ("",)}
Get = Callable[[str], "str | None"]


class OutcomeLike(Protocol):
    """What pressing on demand says (`pressing.Outcome`)."""

    @property
    def status(self) -> int: ...
    @property
    def kept(self) -> bool: ...
    @property
    def body(self) -> bytes: ...
    @property
    def headers(self) -> Sequence[tuple[str, str]]: ...


@dataclass(frozen=True)
class NeedsDemand:
    """The address is not in the store and may be a page: press it."""

    path: str
    query: str
    counter: int

    @property
    def address(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


class NeedsDjango:
    """The address is live, or the method is one that changes things."""


NEEDS_DJANGO = NeedsDjango()


@dataclass(frozen=True)
class Place:
    """Where one newsroom lies and how it is called: all that the serving layer must know of it."""

    folder: str
    store: str
    base_url: str
    languages: tuple[str, ...]
    static: str
    renditions: str

    @classmethod
    def of(cls, newsroom: Any) -> Place:
        """Of an opened newsroom (`config.newsroom.Newsroom`)."""
        return cls(
            folder=str(newsroom.folder),
            store=str(newsroom.press_store),
            base_url=newsroom.base_url,
            languages=tuple(newsroom.languages),
            static=str(newsroom.data / "static"),
            renditions=str(newsroom.renditions),
        )

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Place:
        given = json.loads(text)
        return cls(**{**given, "languages": tuple(given["languages"])})


def has_it(entry: Entry, get: Get) -> bool:
    """Whether the asker has these very bytes. RFC 9110, 13.2.2: the tag decides where it is sent, else the date."""
    known = get("if-none-match")
    if known is not None:
        return knows(known, entry.etag)
    return get("if-modified-since") == entry.modified


class Core:
    """The serving layer of one newsroom in one process."""

    def __init__(
        self, place: Place, *, memory_bytes: int = MEMORY_BYTES, reads_file: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self.store = Store(Path(place.store))
        self.memory = Memory(memory_bytes)
        self.lately = Lately(clock=clock)
        self._reads = Reads(reads_file, self.memory, clock=clock) if reads_file else None
        self._ours = urlsplit(place.base_url).netloc.lower() or None
        self._languages = {f"/{code}/": f"{INTERNAL}{code}/" for code in place.languages[1:]}
        self._live = Live(place.languages)
        self._files = Files([Mount("/s/", Path(place.static)), Mount("/m/", Path(place.renditions), handed_in=True)])
        self._emergency_file = os.path.join(place.folder, EMERGENCY)  # noqa: PTH118
        self.clock = clock
        self._look_at = 0.0
        self._seen = -1
        self.is_emergency = False
        self._kinds: dict[str, Headers] = {}
        self._gone: frozenset[str] = frozenset()
        self._moved: moved.Moved | None = None
        self._query_paths: frozenset[str] = frozenset()
        self._special: dict[str, tuple[int, int, int] | None] = {}
        self._internal: dict[tuple[str, str], Entry] = {}
        self._hosts: set[str | None] = set()
        self._packings: dict[str | None, str] = {None: "", "": ""}
        self._hot: dict[str | None, dict[str, Entry]] = dict.fromkeys((None, ""), self.memory.hot[""])
        self._counter: Any = [0]
        self._lock = threading.Lock()
        self._look()

    @property
    def is_warm(self) -> bool:
        """Whether the store holds the front page, so that readers can be served without anything else."""
        return os.path.exists(self.store.file("/"))  # noqa: PTH110

    # The hot path -----------------------------------------------------------------------------------

    def quick(self, method: str, path: str, query: str, get: Get) -> Answer | None:
        """The answer when it lies in memory and is still true; None for everything that needs a second thought.

        Looks at one file's date at most: fit for a thread that must not wait.
        """
        if method != "GET" or (query and path in self._query_paths):
            return None
        if self.clock() >= self._look_at:
            self._look()
        if self._counter[0] != self._seen:
            self._keep_up()
        packed = self._hot.get(get("accept-encoding"))
        if packed is None:
            return None
        entry = packed.get(path)
        if entry is None or get("host") not in self._hosts:
            return None
        if entry.checked != self._seen and not self._is_still(entry):
            return None
        if entry.is_ranged and get("range") is not None:
            return None
        entry.reads += 1
        return entry.known if has_it(entry, get) else entry.full

    # Everything else ----------------------------------------------------------------------------------

    def answer(
        self, method: str, path: str, query: str, get: Get, *, host: str | None = None
    ) -> Answer | NeedsDemand | NeedsDjango:
        """What to do about any request. path: percent-decoded once, without the query. host: where the server knows
        better than the header (HTTP/2, a request without one)."""
        if self.clock() >= self._look_at:
            self._look()
        if self._counter[0] != self._seen:
            self._keep_up()
        asked = get("host") if host is None else host
        if not self._is_our_host(asked):
            return plainly.answer(421)
        if path.startswith(("/s/", "/m/")):
            return self._file(method, path, get)
        if method not in ("GET", "HEAD"):
            return NEEDS_DJANGO
        if not path.startswith("/") or "\0" in path or len(path) > LONGEST_PATH or path.startswith(INTERNAL):
            return self.error(404, path, get)
        if self._live(path):
            return NEEDS_DJANGO
        if self._is_gone(path):
            return self.error(410, path, get)
        return self._page(path, query, get)

    def known(self, need: NeedsDemand) -> OutcomeLike | None:
        """What has become known of an address since it was found to need pressing; None when it still does."""
        if self._counter[0] != self._seen:
            self._keep_up()
        if not need.query and self._entry(need.path, lambda name: None) is not None:
            return Nothing(200, kept=True)
        return self.lately.recall(need.address, self._seen)

    def learn(self, need: NeedsDemand, outcome: OutcomeLike) -> None:
        """What pressing an address said: known to whoever asks from now on."""
        if need.query or not outcome.kept:
            self.lately.remember(need.address, outcome, need.counter)

    def demanded(self, need: NeedsDemand, outcome: OutcomeLike, get: Get) -> Answer:
        """What to send after an address was pressed on demand."""
        if self._counter[0] != self._seen:
            self._keep_up()
        if need.query and outcome.status in plainly.REDIRECTS:
            return plainly.redirect_as_told(outcome)
        if self._is_gone(need.path):
            return self.error(410, need.path, get)
        entry = self._entry(need.path, get)
        if entry is not None:
            return self._of(entry, get)
        if outcome.kept:
            # Taken away again at once, or a disk that lost it.
            return self.error(503, need.path, get)
        return self._told(need.path, "", outcome, get)

    def busy(self, need: NeedsDemand, get: Get) -> Answer:
        """When too many addresses wait to be pressed already, or the database is known to be away."""
        return self.error(503, need.path, get)

    def error(self, status: int, path: str, get: Get) -> Answer:
        """An error page in the language of the address, from the store; a plain sentence where there is none."""
        if status == 410:
            own = self._internal_entry(f"{INTERNAL_GONE}{self._gone_root(path) or path}", get)
            if own is not None:
                return Answer(status, plainly.headers_of_error(status, own.full.headers), own.full.body)
        folder = next((ours for prefix, ours in self._languages.items() if path.startswith(prefix)), INTERNAL)
        for inside in dict.fromkeys((folder, INTERNAL)):
            entry = self._internal_entry(f"{inside}{status}/", get)
            if entry is not None:
                return Answer(status, plainly.headers_of_error(status, entry.full.headers), entry.full.body)
        return plainly.answer(status)

    def close(self) -> None:
        if self._reads is not None:
            self._reads.write()

    def _page(self, path: str, query: str, get: Get) -> Answer | NeedsDemand:
        if query:
            led = self._led_by_query(path, query)
            if led is not None:
                return led
        entry = self._entry(path, get)
        if entry is not None:
            return self._of(entry, get)
        maps = self._moved
        if maps is not None:
            found = maps.find(path) or maps.find_by_ending(path, lambda below: self._entry(below, get) is not None)
            if found is not None:
                return plainly.redirect(*found)
        if not path.endswith("/") and self._entry(path + "/", get) is not None:
            return plainly.redirect(301, path + "/", query)
        if maps is not None and not is_plausible(path) and not oldpaths.is_file(path):
            # None of our addresses looks like this, and no old one is known.
            return self.error(404, path, get)
        outcome = self.lately.recall(path, self._seen)
        return NeedsDemand(path, "", self._seen) if outcome is None else self._told(path, query, outcome, get)

    def _led_by_query(self, path: str, query: str) -> Answer | NeedsDemand | None:
        if path not in self._query_paths:
            return None
        if self._moved is not None:
            found = self._moved.find_query(path, query)
            if found is not None:
                return plainly.redirect(*found)
            may_lead = oldpaths.asks_by_rule(query)
        else:
            # The maps were not pressed yet, and the front page would hide where this old address leads.
            may_lead = any(part.partition("=")[0] in moved.QUERY_NAMES for part in query.split("&"))
        if not may_lead:
            return None
        outcome = self.lately.recall(f"{path}?{query}", self._seen)
        if outcome is None:
            return NeedsDemand(path, query, self._seen)
        return plainly.redirect_as_told(outcome) if outcome.status in plainly.REDIRECTS else None

    def _told(self, path: str, query: str, outcome: OutcomeLike, get: Get) -> Answer:
        if outcome.status in plainly.REDIRECTS:
            return plainly.redirect_as_told(outcome, path, query)
        if outcome.status in (404, 410, 503) or not outcome.body:
            return self.error(outcome.status if outcome.status >= 400 else 503, path, get)
        return Answer(outcome.status, plainly.headers_as_told(outcome), outcome.body)

    def _file(self, method: str, path: str, get: Get) -> Answer:
        if self._is_gone(path):
            return self.error(410, path, get)
        found = self._files.answer(path=path, method=method, get=get)
        if isinstance(found, Answer):
            return found
        self.memory.put(found)
        return found.known if has_it(found, get) else found.full

    # Pages of the store -------------------------------------------------------------------------------

    def _of(self, entry: Entry, get: Get) -> Answer:
        entry.reads += 1
        return entry.known if has_it(entry, get) else entry.full

    def _entry(self, path: str, get: Get) -> Entry | None:
        """The page in the packing this reader takes, or in the next best that is there."""
        if path.startswith(INTERNAL):
            return None
        for encoding in _BY_PREFERENCE[self._packing(get)]:
            entry = self.memory.hot[encoding].get(path)
            if entry is not None and (entry.checked == self._seen or self._is_still(entry)):
                return entry
            entry = self._read_in(path, encoding)
            if entry is not None:
                self.memory.put(entry)
                return entry
        return None

    def _internal_entry(self, path: str, get: Get) -> Entry | None:
        for encoding in _BY_PREFERENCE[self._packing(get)]:
            entry = self._internal.get((path, encoding))
            if entry is None or (entry.checked != self._seen and not self._is_still(entry)):
                entry = self._loaded(path, path, encoding)
                if entry is None:
                    self._internal.pop((path, encoding), None)
                    continue
                self._internal[path, encoding] = entry
            return entry
        return None

    def _read_in(self, path: str, encoding: str) -> Entry | None:
        if not is_storable(path):
            return None
        text = text_of(path) if self.is_emergency else None
        if text is not None and is_storable(text):
            entry = self._loaded(path, text, encoding)
            if entry is not None:
                return entry
        entry = self._loaded(path, path, encoding)
        if entry is not None and text is not None:
            entry.is_second_best = True  # its text edition may come at any moment
        return entry

    def _loaded(self, path: str, stored_at: str, encoding: str) -> Entry | None:
        """Read one packing of a stored page and make its answers ready."""
        kind = kind_of(stored_at)
        headers = self._kinds.get(kind or "")
        if headers is None:
            return None
        checked = self._seen
        source = f"{self.store.file(stored_at)}{_SUFFIXES[encoding]}"
        try:
            with open(source, "rb", buffering=0) as file:  # noqa: PTH123
                stat = os.fstat(file.fileno())
                body = file.read()
        except OSError:
            return None
        if len(body) != stat.st_size:
            return None
        etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}{"-" + encoding if encoding else ""}"'
        told = [(name, value) for name, value in headers if name not in ("vary", "etag", "content-encoding")]
        modified = formatdate(stat.st_mtime, usegmt=True)
        told += [("vary", "Accept-Encoding"), ("etag", etag), ("last-modified", modified)]
        known = [(name, value) for name, value in told if name != "content-type"]
        if encoding:
            told.append(("content-encoding", encoding))
        return Entry(
            path=path,
            encoding=encoding,
            source=source,
            identity=(stat.st_ino, stat.st_mtime_ns, stat.st_size),
            etag=etag,
            modified=modified,
            full=Answer(200, told, body),
            known=Answer(304, known),
            checked=checked,
        )

    def _is_still(self, entry: Entry) -> bool:
        """Whether what lies in memory is what lies on disk, and may be shown."""
        seen = self._seen
        if not entry.is_second_best and _identity(entry.source) == entry.identity and not self._is_gone(entry.path):
            if entry.checked >= 0:
                entry.checked = seen
            return True
        self.memory.drop(entry)
        return False

    def _is_gone(self, path: str) -> bool:
        return bool(self._gone and self._gone_root(path))

    def _gone_root(self, path: str) -> str:
        """The withdrawn address that this is, or is below of; "" of none."""
        gone = self._gone
        if path in gone:
            return path
        if path + "/" in gone:
            return path + "/"
        end = path.find("/", 1)
        while end > 0:
            if path[: end + 1] in gone:
                return path[: end + 1]
            end = path.find("/", end + 1)
        return ""

    # Who asks -----------------------------------------------------------------------------------------

    def _is_our_host(self, host: str | None) -> bool:
        if host in self._hosts:
            return True
        if not is_known_host(host or "", self._ours):
            return False
        if len(self._hosts) < 1000:
            self._hosts.add(host)
        return True

    def _packing(self, get: Get) -> str:
        header = get("accept-encoding")
        encoding = self._packings.get(header)
        if encoding is None:
            encoding = accepted(header or "")
            if len(self._packings) < 1000 and len(header or "") < 200:
                self._packings[header] = encoding
                self._hot[header] = self.memory.hot[encoding]
        return encoding

    # What moved ---------------------------------------------------------------------------------------

    def _look(self) -> None:
        """Twice a second: whether the paper is in an emergency, and whether the store is still the same folder."""
        self._look_at = self.clock() + LOOK_SECONDS
        with contextlib.suppress(OSError, ValueError):
            self._counter = self.store.counter_view()
        is_emergency = os.path.exists(self._emergency_file)  # noqa: PTH110
        if is_emergency != self.is_emergency:
            self.is_emergency = is_emergency
            self.memory.clear()
        if self._counter[0] != self._seen:
            self._keep_up()
        if self._reads is not None:
            self._reads.write_if_due()

    def _keep_up(self) -> None:
        """The store changed: see whether its lists did. A page is looked at when somebody asks for it."""
        with self._lock:
            seen = int(self._counter[0])
            root = self.store.root
            if self._has_changed(f"{root}/headers.json"):
                self._kinds = self.store.headers()
                self._internal.clear()
                self.memory.clear()
            if self._has_changed(f"{root}/gone.txt"):
                self._gone = frozenset(self.store.gone())
            maps = [moved.PERMANENT, moved.TEMPORARY]
            if True in {self._has_changed(str(self.store.file(path))) for path in maps}:
                texts = [self.store.read(path) for path in maps]
                self._moved = None if texts[0] is None else moved.read(*((one or b"").decode() for one in texts))
                names: Iterable[str] = moved.FRONT if self._moved is None else self._moved.paths_with_query
                self._query_paths = frozenset(names)
            self._seen = seen

    def _has_changed(self, file: str) -> bool:
        identity = _identity(file)
        if file in self._special and self._special[file] == identity:
            return False
        self._special[file] = identity
        return True


def _identity(file: str) -> tuple[int, int, int] | None:
    try:
        stat = os.stat(file)  # noqa: PTH116
    except OSError:
        return None
    return stat.st_ino, stat.st_mtime_ns, stat.st_size
