"""A GET that cannot be led inside: one address resolved once, judged, connected to, and looked at again.

An export names the addresses of pictures, and whoever wrote it may have named the router, a neighbour's database or the
cloud's table of keys. Every hop of every redirect passes here: http and https alone, the ports of the public web alone,
no password in the address, no cookie, no proxy, and only addresses that the whole world can reach.
"""

from __future__ import annotations

import ipaddress
import logging
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import urllib3
from django.utils.translation import gettext as _
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError

from standfirst.kit.links import split

# What a strange server sends is told in the report; the library would write a traceback of it to the terminal.
logging.getLogger("urllib3").setLevel(logging.ERROR)

Resolver = Callable[[str, int], Iterable[Any]]
Judge = Callable[[str], bool]
MAX_ADDRESS_CHARS = 2000
_SHORT = 64 * 1024
_PORTS = {"http": 80, "https": 443}
_SAFE = "/:@!$&'()*+,;=~%-._?"


class Forbidden(Exception):
    """An address we do not ask; the text is the sentence for the report."""


class Unreachable(Exception):
    """It did not answer, or not as the web answers; another time it may."""


@dataclass(frozen=True)
class Target:
    """One address, ready to be asked. path holds the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == _PORTS[self.scheme] else f":{self.port}")

    @property
    def address(self) -> str:
        return self.origin + self.path


def target_of(address: str, *, own: Target | None = None) -> Target:
    """An address taken apart and judged by its looks. own: the old site, whose unusual port is allowed on its host.

    Raises Forbidden with the sentence that says why.
    """
    parts = split(address.strip())
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower().rstrip(".")
    if scheme not in _PORTS or not host or len(address) > MAX_ADDRESS_CHARS:
        raise Forbidden(_("It is not an address of the web."))
    if parts.username is not None or parts.password is not None:
        raise Forbidden(_("Its address holds a name or a password; such addresses are not asked."))
    if ":" not in host:
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            raise Forbidden(_("It is not an address of the web.")) from None
    port = parts.port or _PORTS[scheme]
    is_own_port = own is not None and (host, port) == (own.host, own.port)
    if port not in _PORTS.values() and not is_own_port:
        raise Forbidden(_("Its address has the port %(port)d, which no public site has.") % {"port": port})
    path = quote(parts.path or "/", safe=_SAFE)
    return Target(scheme, host, port, path + (f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""))


def is_public(address: str) -> bool:
    """Whether a numeric address belongs to the open internet, also behind the ways that wrap one in another."""
    try:
        number = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(number, ipaddress.IPv6Address):
        inner = number.ipv4_mapped or number.sixtofour or (number.teredo and number.teredo[1])
        if inner is None and (number in _NAT64 or number in _COMPATIBLE):
            inner = ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)
        if inner:
            return is_public(str(inner)) and not number.teredo
        if number.is_site_local:
            return False
    return number.is_global and not (number.is_multicast or number.is_reserved or number.is_unspecified)


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")


def _resolve(host: str, port: int) -> Iterable[Any]:
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


class Reach:
    """Asks one host at a time, over one connection that is kept while the next address is on the same host.

    is_allowed and resolve are for tests, which have no internet: no command and no setting reaches them.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        is_allowed: Judge = is_public,
        resolve: Resolver = _resolve,
        connect_seconds: float = 10,
        silent_seconds: float = 20,
    ) -> None:
        self._headers = {"User-Agent": user_agent, "Accept": "image/*,*/*;q=0.1", "Accept-Encoding": "identity"}
        self._is_allowed = is_allowed
        self._resolve = resolve
        self._connect_seconds = connect_seconds
        self._timeout = urllib3.Timeout(connect=connect_seconds, read=silent_seconds)
        self._pool: urllib3.HTTPConnectionPool | None = None
        self._origin = ""
        self._sockets: set[socket.socket] = set()
        self.was_cut = False

    def get(self, target: Target, *, headers: dict[str, str], seconds: float) -> Answer:
        """The answer to a GET, its body still to be read; redirects are the caller's to follow.

        seconds: how long the whole may take, body and all; then the connection is cut.
        Raises Forbidden and Unreachable.
        """
        if target.origin != self._origin or self._pool is None:
            self.close()
            self._pool, self._origin = self._new_pool(target), target.origin
        self.was_cut = False
        watch = threading.Timer(seconds, self._cut)
        watch.daemon = True
        watch.start()
        try:
            response = self._pool.urlopen(
                "GET",
                target.path,
                headers={**self._headers, **headers},
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=False,
                assert_same_host=False,
            )
        except (HTTPError, OSError, ValueError) as error:
            watch.cancel()
            self.close()
            raise Unreachable(_reason(error)) from error
        except BaseException:
            watch.cancel()
            self.close()
            raise
        answer = Answer(self, response, watch)
        if self.was_cut:
            answer.done(whole=False)
            raise Unreachable(_("It did not answer in time."))
        return answer

    def close(self) -> None:
        if self._pool is not None:
            self._pool.close()
        self._pool, self._origin = None, ""
        self._sockets.clear()

    def _cut(self) -> None:
        self.was_cut = True
        for sock in list(self._sockets):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # closed already

    def _connected(self, host: str, port: int) -> socket.socket:
        """A connection to the very address that was judged; the name is not asked a second time."""
        try:
            rows = list(self._resolve(host, port))
        except (OSError, UnicodeError) as error:
            raise Unreachable(_("Its host has no address (%(host)s).") % {"host": host}) from error
        allowed = [row for row in rows if self._is_allowed(str(row[4][0]))]
        if not allowed:
            raise Forbidden(_("Its address leads into a private network (%(host)s).") % {"host": host})
        last: OSError | None = None
        for family, kind, protocol, _name, place in allowed[:4]:
            sock = socket.socket(family, kind, protocol)
            try:
                sock.settimeout(self._connect_seconds)
                sock.connect(place)
                if not self._is_allowed(str(sock.getpeername()[0])):
                    raise Forbidden(_("Its address leads into a private network (%(host)s).") % {"host": host})
            except OSError as error:
                sock.close()
                last = error
                continue
            except Forbidden:
                sock.close()
                raise
            self._sockets.add(sock)
            return sock
        assert last is not None
        raise last

    def _new_pool(self, target: Target) -> urllib3.HTTPConnectionPool:
        reach = self

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return _joined(self, reach, target)

        class Sealed(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return _joined(self, reach, target)

        kind = urllib3.HTTPSConnectionPool if target.scheme == "https" else urllib3.HTTPConnectionPool
        pool = kind(target.host, target.port, maxsize=1, block=True, timeout=self._timeout, retries=False)
        pool.ConnectionCls = Sealed if target.scheme == "https" else Plain
        return pool


class Answer:
    """A status, its headers, and a body that comes piece by piece."""

    def __init__(self, reach: Reach, response: Any, watch: threading.Timer) -> None:
        self._reach = reach
        self._response = response
        self._watch = watch
        self.status: int = response.status
        self.headers: Any = response.headers

    def pieces(self, size: int = 64 * 1024) -> Iterable[bytes]:
        """The body as it arrives. Raises Unreachable when it ends before it should."""
        wanted = self.headers.get("Content-Length", "")
        left = int(wanted) if wanted.isascii() and wanted.isdigit() else None
        try:
            # read1: a body that drips is seen drop by drop, so that the caller can lose patience.
            while piece := self._response.read1(size):
                if left is not None:
                    left -= len(piece)
                yield piece
        except (HTTPError, OSError, ValueError) as error:
            raise Unreachable(_reason(error)) from error
        # Without a length a cut looks like an end.
        if self._reach.was_cut or (left is not None and left > 0):
            raise Unreachable(_("It ended before it was whole."))

    def done(self, *, whole: bool) -> None:
        """Give the connection back; what is long and was not read to its end is hung up on."""
        length = self.headers.get("Content-Length", "")
        if not whole and not self._reach.was_cut and length.isascii() and length.isdigit() and int(length) <= _SHORT:
            # The page that says "not found": cheaper to read than to connect anew.
            self._response.drain_conn()
            whole = not self._reach.was_cut
        self._watch.cancel()
        if whole:
            self._response.release_conn()
        else:
            self._response.close()
            self._reach.close()


def _joined(connection: Any, reach: Reach, target: Target) -> socket.socket:
    try:
        return reach._connected(target.host, target.port)
    except OSError as error:
        raise NewConnectionError(connection, str(error)) from error


def _reason(error: BaseException) -> str:
    """What went wrong, in a sentence without the library's own names."""
    if isinstance(error, urllib3.exceptions.SSLError) or "CERTIFICATE" in str(error).upper():
        return _("The site's certificate is not valid.")
    if isinstance(error, urllib3.exceptions.TimeoutError | TimeoutError):
        return _("It did not answer in time.")
    return _("It did not answer, or hung up.")
