"""What `doctor` sees of the world outside: the mail server, the domain, the web server in front, the file system."""

from __future__ import annotations

import contextlib
import os
import smtplib
import socket
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from standfirst.ops import folders
from standfirst.ops.finding import ADVICE, OK, PROBLEM, Finding

if TYPE_CHECKING:
    from standfirst.config.newsroom import Newsroom

PATIENCE_SECONDS = 6
# File systems over a network, on which SQLite's locks cannot be relied on.
NETWORKED = ("nfs", "cifs", "smb", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs", "fuse.rclone", "fuse.s3fs")


# Mail ------------------------------------------------------------------------------------------


def smtp(url: str) -> Finding:
    """Say hello, encrypt, sign in; send nothing."""
    parts = urlsplit(url)
    host, secure = parts.hostname or "localhost", parts.scheme == "smtps"
    port = parts.port or (465 if secure else 587)
    try:
        with contextlib.closing((smtplib.SMTP_SSL if secure else smtplib.SMTP)(host, port, timeout=10)) as server:
            if not secure and port != 25:
                server.starttls()
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
    except (OSError, smtplib.SMTPException) as error:
        why, do = _why_no_mail(error, host, port, secure)
        return Finding("mail", PROBLEM, f"{host}:{port} did not take us: {why}", do)
    return Finding("mail", OK, f"{host}:{port} takes us")


def _why_no_mail(error: Exception, host: str, port: int, secure: bool) -> tuple[str, str]:
    """What went wrong and what to do, for the mistakes that are usually made."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return (
            f"user or password is wrong ({error.smtp_code})",
            "Correct them in mail_url; signs such as @ : / # are written %40 %3A %2F %23 there",
        )
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return str(error), "Use smtps:// if your provider names port 465, else ask it for a port with STARTTLS"
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error.decode(errors="replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        return f"{error.smtp_code} {said}", "Ask your mail provider what that means"
    if isinstance(error, socket.gaierror):
        return f"there is no host of the name {host}", "Correct the host in mail_url"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there", "Correct the port in mail_url: usually smtp://…:587, or smtps://…:465"
    if isinstance(error, TimeoutError):
        return (
            "no answer in ten seconds",
            "Correct host and port in mail_url; some hosting providers block outgoing mail until they are asked",
        )
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid: {error.verify_message}", "Use the host name that your provider names"
    if isinstance(error, ssl.SSLError) or (secure and isinstance(error, smtplib.SMTPServerDisconnected)):
        return "it does not speak smtps", f"Use smtp:// for port {port} (STARTTLS), or smtps:// with port 465"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "it hung up", "Use smtps:// if your provider names port 465; else correct host and port in mail_url"
    return str(error), "Correct mail_url; ask your mail provider for host, port and password"


# The domain and what answers there -------------------------------------------------------------


def domain(newsroom: Newsroom) -> Iterator[Finding]:
    """From name to page, as a reader's browser goes; only for a newsroom with a public address."""
    if not newsroom.is_public:
        return
    parts = urlsplit(newsroom.base_url)
    host = parts.hostname or ""
    if not resolves(host):
        yield Finding(
            "domain",
            ADVICE,
            f"{host} leads nowhere: no address in the DNS",
            "At your domain's registrar, make an A record (and AAAA) with this server's address; it may take an hour",
        )
        return
    yield Finding("domain", OK, f"{host} has an address in the DNS")
    if folders.is_locked(newsroom.folder):
        yield _in_front(newsroom.base_url)
    other = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
    if host.count(".") == 1 or host.startswith("www."):
        yield from _other_name(other, newsroom.base_url)


def _in_front(base_url: str) -> Finding:
    status, _location, why = fetched(f"{base_url}/healthz")
    if status == 200:
        return Finding("web server", OK, f"{base_url} answers")
    if status == 421:
        return Finding(
            "web server",
            PROBLEM,
            f"what stands before us at {base_url} passes on another Host",
            "Have the web server keep the Host header; `standfirst press caddy` and `nginx` print one that does",
        )
    seen = f"{base_url} answers {status}" if status else f"{base_url} cannot be reached from here: {why}"
    return Finding(
        "web server",
        PROBLEM if status else ADVICE,
        seen,
        "See that Caddy or nginx runs and passes on to `standfirst run` (systemctl status caddy), and that the DNS "
        "leads to this machine",
    )


def _other_name(other: str, base_url: str) -> Iterator[Finding]:
    """Half of all readers type the www, or leave it away."""
    if not resolves(other):
        yield Finding(
            "domain",
            ADVICE,
            f"{other} leads nowhere, and some readers will type that",
            f"Make a DNS record for it too, and let the web server lead it to {base_url}",
        )
        return
    status, location, _why = fetched(f"https://{other}/")
    if status in (301, 302, 307, 308) and location.startswith(base_url):
        yield Finding("domain", OK, f"{other} leads to {base_url}")
    elif status:
        yield Finding(
            "domain",
            ADVICE,
            f"{other} answers {status} and does not lead to {base_url}",
            f"In the Caddyfile: {other} {{ redir {base_url}{{uri}} permanent }}",
        )


def resolves(host: str) -> bool:
    """Whether the name has an address; a resolver that is silent for some seconds counts as no."""
    found: list[bool] = []

    def ask() -> None:
        with contextlib.suppress(OSError, UnicodeError):
            found.append(bool(socket.getaddrinfo(host, None)))

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(PATIENCE_SECONDS)
    return any(found)


def fetched(url: str) -> tuple[int, str, str]:
    """Status, where it leads, or why there was no answer. Follows no redirect, goes through no proxy."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), Stay())
    try:
        with opener.open(url, timeout=PATIENCE_SECONDS) as answer:
            return answer.status, "", ""
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get("Location", ""), ""
    except (OSError, ValueError) as error:
        return 0, "", str(getattr(error, "reason", error))


# The machine -----------------------------------------------------------------------------------


def filesystem(newsroom: Newsroom, mounts: Path = Path("/proc/self/mounts")) -> Iterator[Finding]:
    """SQLite wants a disk of this machine."""
    if newsroom.database_url:
        return
    kind = mounted_as(newsroom.data, mounts)
    if kind.startswith(NETWORKED):
        yield Finding(
            "database",
            PROBLEM,
            f"the file lies on {kind}, a disk over the network, where SQLite can be damaged",
            "Move the newsroom to a disk of this machine, or use PostgreSQL",
        )


def mounted_as(folder: Path, mounts: Path) -> str:
    """The kind of file system a folder lies on; '' where nobody says."""
    best, kind = "", ""
    with contextlib.suppress(OSError):
        for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
            words = line.split(" ")
            if len(words) > 2:
                point = words[1].replace("\\040", " ")
                if folder.resolve().is_relative_to(point) and len(point) >= len(best):
                    best, kind = point, words[2]
    return kind


def ownership(newsroom: Newsroom) -> Iterator[Finding]:
    """Who may read the newsroom, and whether its own account can write everything."""
    folder = newsroom.folder
    mode, owner = folder.stat().st_mode, folder.stat().st_uid
    if mode & 0o007:
        yield Finding(
            "folder",
            ADVICE,
            f"every account of this machine can open {folder}, where secrets and letters lie",
            f"chmod o-rwx {folder}",
        )
    else:
        yield Finding("folder", OK, f"{folder} is closed to other accounts")
    if os.geteuid() != owner and os.geteuid() == 0:
        yield Finding(
            "folder",
            ADVICE,
            "you run this as root, and what root writes there the newsroom cannot change",
            f"Run it as the newsroom's account: runuser -u {_name_of(owner)} -- standfirst …",
        )
    places = [*newsroom.data.glob("standfirst.sqlite3*"), *newsroom.data.glob("run/*"), *newsroom.data.glob("*/")]
    foreign = [file for file in places if _owner(file) not in (owner, None)]
    if foreign:
        yield Finding(
            "folder",
            PROBLEM,
            f"{foreign[0]} belongs to {_name_of(_owner(foreign[0]) or 0)}, so the newsroom cannot write it",
            f"chown -R {_name_of(owner)}: {folder}",
        )


def _owner(file: Path) -> int | None:
    with contextlib.suppress(OSError):
        return file.stat().st_uid
    return None


def _name_of(uid: int) -> str:
    import pwd

    with contextlib.suppress(KeyError):
        return pwd.getpwuid(uid).pw_name
    return str(uid)
