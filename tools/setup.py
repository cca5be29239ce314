"""Set up what `make run` and `make test` need; a second call takes a moment.

Uses the standard library alone, because it runs before anything is installed.

    setup.py run    .venv with the locked packages and Standfirst itself
    setup.py dev    the same with the tools of developers
    setup.py test   the same with Chromium, PostgreSQL, nginx, Caddy, systemd, restic, SpamAssassin, curl, Java,
                    gettext, npm packages
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "standfirst-{level}.stamp"
#: Debian package → what shows that it is there already.
SYSTEM_PACKAGES = {
    "chromium": ("chromium", "chromium-browser"),
    "postgresql": ("/usr/lib/postgresql/*/bin/initdb",),
    "default-jre-headless": ("java",),
    "gettext": ("msgfmt", "xgettext"),
    "nginx": ("/usr/sbin/nginx",),
    "caddy": ("caddy",),
    "systemd": ("systemd-analyze",),
    "restic": ("restic",),
    "curl": ("curl",),
    "spamassassin": ("spamassassin",),
}


def say(words: str) -> None:
    print(words, flush=True)


def call(*command: object) -> None:
    """Run a command without a keyboard; stop everything with one sentence when it fails."""
    words = [str(part) for part in command]
    result = subprocess.run(words, cwd=ROOT, stdin=subprocess.DEVNULL, check=False)
    if result.returncode:
        sys.exit(f"Setting up stopped: `{' '.join(words)}` ended with {result.returncode}; see above.")


def fingerprint(*files: Path) -> str:
    """What the environment was made from: the locks, the package's own facts, the interpreter, the place."""
    digest = hashlib.sha256(f"{sys.version_info[:3]} {ROOT}".encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def environment(level: str) -> None:
    """Make `.venv` from the hashed locks; do nothing when it was made from the same ones."""
    locks = [ROOT / "requirements" / "build.txt"]
    # The developers' lock holds everything of the plain one, in the same versions.
    locks.append(ROOT / "requirements" / ("run.txt" if level == "run" else "dev.txt"))
    wanted = fingerprint(*locks, ROOT / "pyproject.toml", Path(__file__))
    stamp = Path(str(STAMP).format(level=level))
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    if not PYTHON.exists() or not runs(PYTHON, "-c", "pass"):
        say("Making .venv …")
        make_venv()
    pip = [*pip_for_venv(), "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    say("Installing the locked packages …")
    requirements = [word for lock in locks for word in ("--requirement", lock)]
    call(*pip, "--require-hashes", *requirements)
    call(*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT)
    stamp.write_text(wanted)


def make_venv() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    if runs(sys.executable, "-c", "import ensurepip"):
        call(sys.executable, "-m", "venv", VENV)
    else:
        # Debian keeps ensurepip in python3-venv; pip itself can serve an environment from outside.
        call(sys.executable, "-m", "venv", "--without-pip", VENV)


def pip_for_venv() -> list:
    if runs(PYTHON, "-m", "pip", "--version"):
        return [PYTHON, "-m", "pip"]
    if runs(sys.executable, "-m", "pip", "--version"):
        return [sys.executable, "-m", "pip", "--python", PYTHON]
    sys.exit("Python has no pip here. On Debian: apt-get install -y python3-pip python3-venv")


def runs(*command: object) -> bool:
    return not subprocess.run(
        [str(part) for part in command], stdin=subprocess.DEVNULL, capture_output=True, check=False
    ).returncode


def system_packages() -> None:
    """Install what the tests need from Debian when we are root; else print the one line and stop."""
    missing = [package for package, signs in SYSTEM_PACKAGES.items() if not all_found(package, signs)]
    if not missing:
        return
    install = f"apt-get install -y --no-install-recommends {' '.join(missing)}"
    if os.geteuid() or not shutil.which("apt-get"):
        names = ", ".join(missing)
        sys.exit(f"The tests need {names}. Please run this once, then `make test` again:\n  sudo {install}")
    say(f"Installing {', '.join(missing)} …")
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    call("apt-get", "-qq", "update")
    call("apt-get", "-qq", *install.split()[1:])


def all_found(package: str, signs: tuple) -> bool:
    def found(sign: str) -> bool:
        if sign.startswith("/"):
            return any(Path("/").glob(sign[1:]))
        return shutil.which(sign) is not None

    return (any if package == "chromium" else all)(found(sign) for sign in signs)


def npm_packages() -> None:
    """Install axe-core, the Nu HTML checker, an annotation client and an e-mail linter as locked, with their hashes."""
    lock = ROOT / "tools" / "package-lock.json"
    stamp = ROOT / "tools" / "node_modules" / "standfirst.stamp"
    wanted = fingerprint(lock)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    if not shutil.which("npm"):
        sys.exit("The browser tests need npm. On Debian: apt-get install -y npm")
    say("Installing axe-core, the Nu HTML checker, an annotation client and a linter of e-mail …")
    call("npm", "ci", "--prefix", "tools", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write_text(wanted)


def main(level: str) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 (this file is what says so to an older one)
        sys.exit(f"Standfirst needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    if level == "test":
        system_packages()
    environment("run" if level == "run" else "dev")
    if level == "test":
        npm_packages()


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in {"run", "dev", "test"}:
        sys.exit(__doc__)
    main(sys.argv[1])
