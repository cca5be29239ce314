"""What stands between a stranger's form and the desk: origin, time, size, honeypot, rate. No cookie, no address kept.

Nothing here knows what a form is about, so that other rooms can use it for theirs (decision 17).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import secrets
import struct
import time
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from standfirst.kit.links import is_loopback
from standfirst.letterbox.errors import (
    CameFromElsewhere,
    TokenTooOld,
    TokenTooYoung,
    TokenWrong,
    TooLarge,
    TooMany,
    TooManyOfAll,
)

# The form as a whole; the longest field holds 5,000 characters of up to four bytes, percent-encoded threefold.
LARGEST_BYTES = 96 * 1024
YOUNGEST_SECONDS = 2
OLDEST_SECONDS = 24 * 60 * 60
# (letters, seconds) from one connection, and from all of them together in one process.
RATES_OF_ONE = ((5, 600), (20, 24 * 60 * 60))
RATE_OF_ALL = (120, 60)
# How often a form is opened before its page comes plain. Nobody is refused a form for it.
LOOKS_OF_ONE = (60, 600)
LOOKS_OF_ALL = (300, 60)
# From one neighbourhood of the network: a /24 of IPv4, a /48 of IPv6, which is what one customer may have. Behind one
# address of a mobile provider sit whole towns, so nobody is refused for it.
RATE_OF_NEIGHBOURS = (30, 3600)

# What only machines fill in: a field that people do not see.
HONEYPOT = "homepage"


# The time token -----------------------------------------------------------------------------------


def token_make(purpose: str) -> str:
    """A token for one form: when it was handed out, a random part, and our mark. Nothing is stored.

    purpose: what the form is for; a token of another form does not open this one.
    """
    body = struct.pack(">Q", int(time.time())) + secrets.token_bytes(9)
    return _written(body) + "." + _written(_mark(purpose, body))


def token_check(token: str, purpose: str) -> None:
    """Raise TokenWrong, TokenTooYoung or TokenTooOld unless a person may have filled in this form."""
    written, _dot, mark = token.partition(".")
    try:
        body, given = _read(written), _read(mark)
    except ValueError:
        raise TokenWrong from None
    if len(body) != 17 or not hmac.compare_digest(given, _mark(purpose, body)):
        raise TokenWrong
    age = time.time() - struct.unpack(">Q", body[:8])[0]
    if age < YOUNGEST_SECONDS:
        raise TokenTooYoung
    if age > OLDEST_SECONDS:
        raise TokenTooOld


def _mark(purpose: str, body: bytes) -> bytes:
    key = hashlib.sha256(b"standfirst.letterbox.token" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, purpose.encode() + b"\0" + body, hashlib.sha256).digest()[:18]


def _written(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _read(text: str) -> bytes:
    if not text.isascii() or len(text) > 100:
        raise ValueError
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


# Where it comes from ------------------------------------------------------------------------------


def origin_check(request: HttpRequest) -> None:
    """Raise CameFromElsewhere when a browser says that another site sent this form.

    A browser that says nothing (very old ones) is believed: there is no cookie that another site could misuse.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site and site != "same-origin":
        raise CameFromElsewhere
    origin = request.headers.get("Origin")
    if not origin or (origin == "null" and site == "same-origin"):
        return
    try:
        host = urlsplit(origin).netloc.lower()
    except ValueError:
        host = ""
    own = {request.get_host().lower(), urlsplit(settings.NEWSROOM.base_url).netloc.lower()} - {""}
    if host not in own:
        raise CameFromElsewhere


def size_check(request: HttpRequest, *, largest: int = LARGEST_BYTES) -> None:
    """Raise TooLarge before anything of an outsized form is read, or of one that says nonsense of its size."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise TooLarge from None
    if not 0 <= length <= largest:
        raise TooLarge


# How often ----------------------------------------------------------------------------------------


def rate_check(request: HttpRequest, *, of_one: tuple[tuple[int, int], ...] = RATES_OF_ONE) -> None:
    """Count this letter; raise TooMany with the seconds to wait when there were too many from one connection, and
    TooManyOfAll when there were from all together.

    The connection is known only by a hash whose salt lives in memory and changes with every period.
    Each web process counts for itself.
    """
    # Already the reader's own behind a trusted proxy (config/middleware.py).
    where = network_of(request.META.get("REMOTE_ADDR", ""))
    for most, seconds in of_one:
        count(where, most, seconds)
    try:
        count("all", *RATE_OF_ALL)
    except TooMany as error:
        raise TooManyOfAll(retry_after=error.retry_after) from error


def is_crowd(request: HttpRequest) -> bool:
    """Count this letter for its neighbourhood of the network; whether very many have come from there."""
    try:
        count(f"near {neighbourhood_of(request.META.get('REMOTE_ADDR', ''))}", *RATE_OF_NEIGHBOURS)
    except TooMany:
        return True
    return False


def is_rush(request: HttpRequest) -> bool:
    """Count that a form is opened; whether so many are that their pages come plain and ask the database nothing.

    Whoever sits at this machine is counted with all, and not for herself.
    """
    sender = request.META.get("REMOTE_ADDR", "")
    is_here = is_loopback(sender) and not getattr(request, "was_forwarded", False)
    try:
        if not is_here:
            count(f"looks {network_of(sender)}", *LOOKS_OF_ONE)
        count("looks all", *LOOKS_OF_ALL)
    except TooMany:
        return True
    return False


def count(who: str, most: int, seconds: int, *, room: str = "letterbox") -> None:
    """Count once more for somebody or something; raise TooMany when it was too often in this period.

    room: whose count it is. Those of the readers' room are shared by all web processes (config/counters.py).
    """
    period = int(time.time()) // seconds
    salt = cache.get_or_set(f"{room}:salt:{seconds}:{period}", lambda: secrets.token_hex(16), seconds)
    name = hashlib.blake2s(f"{salt}|{who}".encode(), digest_size=12).hexdigest()
    key = f"{room}:{seconds}:{period}:{name}"
    cache.add(key, 0, seconds)
    try:
        times = cache.incr(key)
    except ValueError:  # it ran out between the two
        return
    if times > most:
        raise TooMany(retry_after=int((period + 1) * seconds - time.time()) + 1)


def network_of(address: str) -> str:
    """An IPv4 address, or the /64 in which one household has all IPv6 addresses it likes."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def neighbourhood_of(address: str) -> str:
    """The networks round an address: a /24 of IPv4, a /48 of IPv6."""
    network = network_of(address)
    if network == "unknown":
        return network
    at = ipaddress.ip_network(network)
    return str(at.supernet(new_prefix=24 if at.version == 4 else 48))
