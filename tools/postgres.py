"""Run a command with a PostgreSQL server of its own, made for it and gone after it.

    postgres.py COMMAND …      the command finds the server in STANDFIRST_TEST_DATABASE_URL

The cluster lies in a folder only its owner can read, listens on a loopback port that was free, and
wants a password made up for this run: its superuser could otherwise be anyone on the machine.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

SETTINGS = {
    # Nothing here must survive a power cut.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "60",
}


def binaries() -> Path:
    """Return the folder of the newest PostgreSQL of this machine; Debian keeps it out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parent.parent.name))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    if initdb:
        return Path(initdb).resolve().parent
    raise SystemExit("PostgreSQL was not found. On Debian: apt-get install -y postgresql")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Start a fresh cluster, give its URL, stop and delete it whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="standfirst-postgres-"))
    # PostgreSQL refuses to run as root; Debian's package brings the account `postgres`.
    as_owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_owner:
        shutil.chown(folder, "postgres")
    owner = "postgres" if as_owner else pwd.getpwuid(os.geteuid()).pw_name
    password, port, bin_folder, data = secrets.token_urlsafe(24), free_port(), binaries(), folder / "data"
    password_file = folder / "password"
    password_file.write_text(password)
    password_file.chmod(0o600)
    if as_owner:
        shutil.chown(password_file, owner)
    options = " ".join(f"-c {name}='{value}'" for name, value in SETTINGS.items())

    def ask(*command: object) -> None:
        result = subprocess.run(
            [*as_owner, *map(str, command)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False, cwd="/",
        )  # fmt: skip
        if result.returncode:
            log = folder / "log"
            words = log.read_text() if log.exists() else ""
            raise SystemExit(f"PostgreSQL did not start: {result.stdout}{result.stderr}{words}")

    try:
        ask(bin_folder / "initdb", "-D", data, "-U", owner, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
            "--auth=scram-sha-256", "--pwfile", password_file)  # fmt: skip
        ask(bin_folder / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", folder / "log",
            "-o", f"{options} -p {port}", "start")  # fmt: skip
        yield f"postgres://{owner}:{password}@127.0.0.1:{port}/postgres"
    finally:
        with contextlib.suppress(SystemExit):
            ask(bin_folder / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def main(command: list[str]) -> int:
    if not command:
        sys.exit(__doc__)
    with server() as url:
        # Ctrl+C goes to the command; we stay to tidy up.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        environment = {**os.environ, "STANDFIRST_TEST_DATABASE_URL": url}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    # A plain `kill` must stop the server as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
