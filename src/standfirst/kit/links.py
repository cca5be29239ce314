"""Addresses: which of those in strangers' HTML may stay, what they really lead to, and which mean this machine."""

import ipaddress
import re
from urllib.parse import SplitResult, parse_qs, urljoin, urlsplit

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_SCHEME = re.compile(r"^([a-zA-Z][a-zA-Z0-9+.-]*):")
_BLANKS = re.compile(r"[\x00-\x20\x7f]+")
_GOOGLE = re.compile(r"^(www\.)?google\.[a-z.]{2,6}$")


def safe_href(href: str) -> str | None:
    """The address if a story may link to it, else None.

    http, https, mailto and tel; a path of our own site ("/…") or a place on the page ("#…"). An address that
    begins with two slashes is somebody else's and becomes https.
    """
    # Browsers drop control characters before they look for a scheme, so "java\nscript:" must not pass here.
    address = _BLANKS.sub("", href) if "\n" in href or "\t" in href or "\r" in href else href.strip()
    address = "".join(char for char in address if char >= " " and char != "\x7f").strip()
    scheme = _SCHEME.match(address)
    if scheme:
        return _web(address, scheme[1].lower())
    if address.startswith("//"):
        return _web("https:" + address, "https")
    if address.startswith("/"):
        return None if address[1:2] in ("\\", "/") else address
    return address if address.startswith("#") and len(address) > 1 else None


def split(address: str) -> SplitResult:
    """The parts of an address; all empty for one that cannot be taken apart (http://[)."""
    try:
        parts = urlsplit(address)
        parts.hostname, parts.port  # noqa: B018 (both may refuse what urlsplit let pass)
    except ValueError:
        return SplitResult("", "", "", "", "")
    return parts


def joined(base: str, address: str) -> str:
    """An address as it is meant on the page at `base`; "" for one that cannot be taken apart."""
    try:
        return urljoin(base, address)
    except ValueError:
        return ""


def unwrapped(href: str) -> str:
    """The address behind a redirecting link of Google or Facebook, as their editors put into copied text."""
    try:
        parts = urlsplit(href.strip())
        host = (parts.hostname or "").lower()
    except ValueError:
        return href
    names: tuple[str, ...] = ()
    if _GOOGLE.match(host) and parts.path == "/url":
        names = ("q", "url")
    elif host in ("l.facebook.com", "lm.facebook.com") and parts.path == "/l.php":
        names = ("u",)
    query = parse_qs(parts.query) if names else {}
    for name in names:
        if query.get(name, [""])[0].startswith(("http://", "https://")):
            return query[name][0]
    return href


def _web(address: str, scheme: str) -> str | None:
    if scheme not in SCHEMES:
        return None
    rest = address[len(scheme) + 1 :]
    if scheme in ("http", "https"):
        try:
            host = urlsplit(address).hostname
        except ValueError:
            return None
        if not rest.startswith("//") or not host:
            return None
    return address if rest.strip("/") else None


def is_loopback(host: str) -> bool:
    """Whether a host name or an address means this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
