"""Pictures of the old site by download: one at a time, politely, kept at once, and asked for only once.

What came lies in a folder of the newsroom under the digest of its address: `ab/ab12….jpg` is whole and was opened as a
picture; `….part` with `….part.json` was interrupted and goes on from there; `….no` says why there is none. So the
import can be stopped at any byte and started again, and a second run asks for nothing that is here.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import hashlib
import os
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from anyascii import anyascii
from django.conf import settings
from django.utils.translation import gettext as _

from standfirst import __version__
from standfirst.importers.asides import aside_folder
from standfirst.importers.media import MAX_FILE_BYTES, picture_problem
from standfirst.importers.reach import Answer, Forbidden, Reach, Target, Unreachable, target_of
from standfirst.importers.records import Source
from standfirst.kit.links import joined, split
from standfirst.kit.statefile import read_json, write_json

SUFFIXES = {"jpeg": ".jpg", "mpo": ".jpg", "png": ".png", "webp": ".webp", "gif": ".gif", "avif": ".avif"}
_SIZED = re.compile(r"-\d{2,5}x\d{2,5}(?=\.[A-Za-z]{3,5}$)")
_PHOTON = re.compile(r"^i[0-3]\.wp\.com$")
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Limits:
    """pause: seconds between two requests to one host. again: when a refusal is asked anew.

    seconds and picture_bytes are for one picture; total_bytes for one run; free_bytes stay free on the disk.
    """

    pause: float = 0.25
    seconds: float = 180
    picture_bytes: int = MAX_FILE_BYTES
    total_bytes: int = 200 * 1024**3
    free_bytes: int = 1024**3
    redirects: int = 5
    tries: int = 3
    wait_at_most: float = 60
    silent_hosts_after: int = 3
    again: dt.timedelta = dt.timedelta(days=1)


class _Refused(Exception):
    """There is no picture at this address, and asking again today would not bring one. The text says why."""


class _Later(Exception):
    """Not now; another run may have more luck. The text says why."""


class _TooSlow(_Later):
    """Its time is over for this run; where the site can go on from the middle, the next run does."""


class _HostWaits(_Later):
    """Nothing more is asked of this host in this run."""


class Downloads:
    """The pictures of one source that were or will be downloaded into `folder`.

    site_url: the old site's root; its own port is allowed there, however unusual.
    again: ask at once for those that were refused before.
    sleep and now are for tests, which cannot wait.
    """

    def __init__(
        self,
        folder: Path,
        *,
        reach: Reach,
        site_url: str = "",
        again: bool = False,
        limits: Limits | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self._folder = folder
        self._reach = reach
        self._again = again
        self._limits = limits or Limits()
        self._sleep, self._now = sleep, now
        self._own = _own(site_url)
        self._asked_at: dict[str, float] = {}
        self._silences: dict[str, int] = {}
        self._waiting: dict[str, str] = {}
        self.bytes_here = 0
        self.count = 0

    def find(self, address: str) -> Path | None:
        """The picture behind an address, if it is here. Asks nobody."""
        for place in originals(address):
            stem = self._stem(place)
            for suffix in dict.fromkeys(SUFFIXES.values()):
                file = stem.with_name(stem.name + suffix)
                if file.is_file():
                    return file
        return None

    def fetch(self, address: str) -> Path | None:
        """The picture behind an address: from here, else from there. None where there is none; `why` says why."""
        found = self.find(address)
        if found is not None:
            return found
        for place in originals(address):
            if self._is_settled(place):
                continue
            try:
                return self._take(place)
            except (_Refused, Forbidden) as refusal:
                self._remember(place, str(refusal), lasting=True)
            except (_Later, Unreachable) as trouble:
                self._remember(place, str(trouble), lasting=False)
        return None

    def why(self, address: str) -> str:
        """Why a picture is not here, as it was last told; "" when it was never asked for."""
        for place in reversed(originals(address)):
            said = read_json(self._beside(place, ".no"))
            if said.get("why"):
                return str(said["why"])
        return ""

    def progress(self) -> str:
        """What a progress bar adds: how many pictures came in this run, and how many megabytes."""
        return _(" · %(count)d pictures fetched, %(size).1f MB") % {"count": self.count, "size": self.bytes_here / 1e6}

    def close(self) -> None:
        self._reach.close()

    def _is_settled(self, address: str) -> bool:
        said = read_json(self._beside(address, ".no"))
        if self._again or not said.get("lasting"):
            return False
        try:
            asked = dt.datetime.fromisoformat(str(said.get("at")))
            return self._now() - asked < self._limits.again
        except (ValueError, TypeError):
            return False

    def _take(self, address: str) -> Path:
        """Ask, follow, store, open. Raises one of ours."""
        self._stem(address).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        last: Exception | None = None
        for attempt in range(self._limits.tries):
            if attempt:
                self._sleep(2**attempt)
            try:
                return self._once(address)
            except (_HostWaits, _TooSlow):
                raise
            except (_Later, Unreachable) as trouble:
                last = trouble
        assert last is not None
        raise last

    def _once(self, address: str) -> Path:
        part, notes = self._beside(address, ".part"), self._beside(address, ".part.json")
        known = read_json(notes)
        have = part.stat().st_size if part.is_file() and known.get("validator") else 0
        headers = {"Range": f"bytes={have}-", "If-Range": str(known["validator"])} if have else {}
        began, whole = time.monotonic(), False
        answer, target = self._answer(address, headers)
        try:
            if answer.status == 416 and have:
                part.unlink(missing_ok=True)
                raise _Later(_("It changed while it was being fetched."))
            if answer.status not in (200, 206):
                raise self._refusal(answer, target)
            have = self._start(answer, address, part, notes, have)
            self._store(answer, part, have)
            whole = True
        except Unreachable as silence:
            if time.monotonic() - began >= self._limits.seconds:
                raise _TooSlow(_("It came too slowly.")) from silence
            # Something came: that is not the silence of a host that is gone.
            raise _Later(str(silence)) from silence
        except _Refused:
            part.unlink(missing_ok=True)
            notes.unlink(missing_ok=True)
            raise
        finally:
            answer.done(whole=whole)
        return self._settle(address, part, notes)

    def _answer(self, address: str, headers: dict[str, str]) -> tuple[Answer, Target]:
        """The last answer of a chain of redirects; every hop is judged as the first was."""
        began = time.monotonic()
        for _hop in range(self._limits.redirects + 1):
            target = target_of(address, own=self._own)
            answer = self._ask(target, headers, self._limits.seconds - (time.monotonic() - began))
            to = answer.headers.get("Location", "")
            if answer.status not in (301, 302, 303, 307, 308) or not to:
                return answer, target
            answer.done(whole=False)
            address = joined(target.address, to)
        raise _Refused(_("Its address leads from one to the next without an end."))

    def _ask(self, target: Target, headers: dict[str, str], seconds: float) -> Answer:
        host = target.host
        if host in self._waiting:
            raise _HostWaits(self._waiting[host])
        rest = self._asked_at.get(host, 0.0) + self._limits.pause - time.monotonic()
        if rest > 0 and host in self._asked_at:
            self._sleep(rest)
        try:
            answer = self._reach.get(target, headers=headers, seconds=max(1.0, seconds))
        except Unreachable as silence:
            self._silences[host] = self._silences.get(host, 0) + 1
            if self._silences[host] >= self._limits.silent_hosts_after:
                self._waiting[host] = _("%(host)s did not answer several times; it was not asked again.") % {
                    "host": host
                }
                raise _HostWaits(str(silence)) from silence
            raise
        finally:
            self._asked_at[host] = time.monotonic()
        self._silences[host] = 0
        if answer.status in (429, 503):
            answer.done(whole=False)
            self._wait_for(host, answer)
        return answer

    def _wait_for(self, host: str, answer: Answer) -> None:
        """The site asks for patience: have it if it is short, else leave the site alone for this run."""
        seconds = _seconds(answer.headers.get("Retry-After", ""), self._now())
        if seconds is None or seconds <= self._limits.wait_at_most:
            self._sleep(seconds if seconds is not None else 10)
            self._silences[host] = self._silences.get(host, 0) + 1
            if self._silences[host] < self._limits.silent_hosts_after:
                raise _Later(_("The site asked for a pause."))
        self._waiting[host] = _("%(host)s asks not to be asked for a while. Run the import again later.") % {
            "host": host
        }
        raise _HostWaits(self._waiting[host])

    def _refusal(self, answer: Answer, target: Target) -> Exception:
        if answer.status >= 500:
            return _Later(_("The site answered with an error (%(status)d).") % {"status": answer.status})
        if answer.status in (404, 410):
            return _Refused(_("The site no longer has it (%(status)d).") % {"status": answer.status})
        if answer.status in (401, 403):
            return _Refused(_("The site does not give it to us (%(status)d).") % {"status": answer.status})
        return _Refused(_("The site answered with the status %(status)d.") % {"status": answer.status})

    def _start(self, answer: Answer, address: str, part: Path, notes: Path, have: int) -> int:
        """How many bytes count as here: those of the part when the site goes on from there, else none."""
        if answer.status == 206:
            match = _RANGE.match(answer.headers.get("Content-Range", ""))
            if match and int(match[1]) == have:
                return have
            part.unlink(missing_ok=True)
            raise _Later(_("The site sent another part than we asked for."))
        validator = answer.headers.get("ETag", "")
        if validator.startswith("W/"):
            validator = ""  # weak: the bytes may differ
        write_json(
            notes, {"address": address, "validator": validator or answer.headers.get("Last-Modified", "")}, mode=0o600
        )
        part.unlink(missing_ok=True)
        return 0

    def _store(self, answer: Answer, part: Path, have: int) -> None:
        wanted = answer.headers.get("Content-Length", "")
        if wanted.isascii() and wanted.isdigit():
            self._check_size(have + int(wanted))
        if (answer.headers.get("Content-Type") or "").strip().lower().startswith(("text/html", "application/xhtml")):
            raise _Refused(_("There is a page at this address, not a picture."))
        if self.bytes_here > self._limits.total_bytes:
            raise _HostWaits(_("This run has fetched as much as one run may. Run the import again to go on."))
        if shutil.disk_usage(self._folder).free < self._limits.free_bytes:
            raise _HostWaits(_("The disk is nearly full. Make room and run the import again."))
        began = time.monotonic()
        # Written through, so that what a Ctrl+C or a power cut leaves is a true beginning.
        with open(part, "ab" if have else "wb", buffering=0, opener=_private) as out:
            for piece in answer.pieces(_CHUNK):
                out.write(piece)
                have += len(piece)
                self.bytes_here += len(piece)
                self._check_size(have)
                if time.monotonic() - began > self._limits.seconds:
                    raise _TooSlow(_("It came too slowly."))

    def _check_size(self, size: int) -> None:
        if size > self._limits.picture_bytes:
            raise _Refused(
                _("The file is larger than %(limit)d MB.") % {"limit": self._limits.picture_bytes // 1024**2}
            )

    def _settle(self, address: str, part: Path, notes: Path) -> Path:
        """The whole file under its last name, if the imaging library opens it; the header's word counts nothing."""
        from PIL import Image

        problem, kind = picture_problem(part), ""
        if problem is None:
            try:
                with Image.open(part) as image:
                    kind = (image.format or "").lower()
                    image.draft("RGB", (160, 160))  # a JPEG is read to its end, but at an eighth of its size
                    image.load()
            except Exception:
                # Whatever a file that ends too early makes the library raise.
                problem = _("The file is damaged or no picture.")
        notes.unlink(missing_ok=True)
        if problem is not None:
            part.unlink(missing_ok=True)
            raise _Refused(problem)
        final = self._beside(address, SUFFIXES[kind])
        part.replace(final)
        self._beside(address, ".no").unlink(missing_ok=True)
        self.count += 1
        return final

    def _remember(self, address: str, why: str, *, lasting: bool) -> None:
        self._stem(address).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        said = {"address": address, "why": why, "at": self._now().isoformat(), "lasting": lasting}
        write_json(self._beside(address, ".no"), said, mode=0o600)

    def _stem(self, address: str) -> Path:
        digest = hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:40]
        return self._folder / digest[:2] / digest

    def _beside(self, address: str, ending: str) -> Path:
        stem = self._stem(address)
        return stem.with_name(stem.name + ending)


def downloads_of(source: Source, *, again: bool = False) -> Downloads:
    """What the command works with: the open internet and nothing else. The User-Agent names the paper that asks."""
    newsroom = settings.NEWSROOM
    folder = aside_folder(newsroom.data, source.name) / "pictures"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    reach = Reach(user_agent=user_agent(newsroom.name, newsroom.base_url))
    return Downloads(folder, reach=reach, site_url=source.site_url, again=again)


def user_agent(paper: str, address: str) -> str:
    """Who asks, so that the old site's administrator can see it is the paper itself and not a thief."""
    name = re.sub(r"[^ -~]", "", anyascii(paper)).translate(str.maketrans("();", "   ")).strip()
    who = f"moving in for {name}" if name else "moving in"
    return f"Standfirst/{__version__} ({who}" + (f"; +{address})" if address else ")")


def originals(address: str) -> list[str]:
    """Where to look for a picture, best first: the original that WordPress made a smaller copy of, then as written."""
    parts = split(address)
    if _PHOTON.match(parts.hostname or "") and "/" in parts.path.strip("/"):
        # Their proxy of pictures: the host and path of the original are its path.
        address = "https://" + parts.path.lstrip("/")
        parts = split(address)
    whole = _SIZED.sub("", parts.path)
    if whole == parts.path:
        return [address]
    return [parts._replace(path=whole).geturl(), address]


def _own(site_url: str) -> Target | None:
    parts = split(site_url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return Target(parts.scheme, parts.hostname.lower(), port, "/")


def _seconds(said: str, now: dt.datetime) -> float | None:
    """What Retry-After asks for: a number of seconds, or a moment."""
    said = said.strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        moment = email.utils.parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return max(0.0, (moment - now).total_seconds())


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
