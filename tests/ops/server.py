"""A small Debian server in a folder: runs what a page of documentation says, with stand-ins for what needs the world.

Real: the wheel and pip, bash, Standfirst itself, restic, the checkers of Caddy and systemd. Stand-ins: apt and the
firewall, accounts, ssh (the other machine is a folder), and systemctl, which really starts and stops what a unit says.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.ops.conftest import ROOT, free_port

SYSTEMCTL = r"""
import os, re, shlex, signal, subprocess, sys, time, urllib.request
UNITS, RUN, PORT = os.environ["UNITS"], os.environ["RUN"], os.environ["PORT"]

def lines(name, key):
    text = open(os.path.join(UNITS, name)).read()
    return re.findall(rf"(?m)^{key}=(.*)$", text)

def environ(name):
    env = dict(os.environ)
    for line in lines(name, "Environment"):
        env.update([line.split("=", 1)])
    for file in lines(name, "EnvironmentFile"):
        env.update(line.strip().split("=", 1) for line in open(file) if "=" in line)
    return env

def words(line):
    return shlex.split(line.replace("%%", "%"))

def start(name):
    if lines(name, "Type") == ["oneshot"]:
        try:
            for key in ("ExecStartPre", "ExecStart"):
                for line in lines(name, key):
                    subprocess.run(words(line), env=environ(name), check=True)
        finally:
            for line in lines(name, "ExecStopPost"):
                subprocess.run(words(line), env=environ(name), check=True)
        return
    log = open(os.path.join(RUN, name + ".log"), "a")
    (line,) = lines(name, "ExecStart")
    process = subprocess.Popen(words(line), env=environ(name), stdout=log, stderr=log, start_new_session=True)
    open(os.path.join(RUN, name), "w").write(str(process.pid))
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=5).read()
            return
        except OSError:
            if process.poll() is not None:
                sys.exit(f"{name} ended with {process.returncode}")
            time.sleep(0.2)
    sys.exit(f"{name} did not come up")

def stop(name):
    file = os.path.join(RUN, name)
    if os.path.exists(file):
        pid = int(open(file).read())
        os.unlink(file)
        os.kill(pid, signal.SIGTERM)
        for _ in range(600):
            try:
                state = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0]
            except OSError:
                return
            if state == "Z":
                return
            time.sleep(0.1)
        sys.exit(f"{name} did not end")

verb, *rest = [word for word in sys.argv[1:] if not word.startswith("--") or word == "--now"]
now = "--now" in rest
for name in [word for word in rest if word != "--now"]:
    if name.endswith(".timer"):
        assert lines(name, "OnCalendar"), name
        continue
    if name == "caddy":
        continue
    name = name if name.endswith(".service") else name + ".service"
    if verb == "start" or (verb == "enable" and now):
        start(name)
    elif verb in ("stop", "disable"):
        stop(name)
    elif verb == "restart":
        stop(name)
        start(name)
"""
STUBS = {
    **dict.fromkeys(("apt", "ufw", "adduser", "journalctl", "createuser", "createdb"), "exit 0"),
    "runuser": 'while [ "$1" != "--" ]; do shift; done; shift; exec "$@"',
    "install": 'set -- $(printf "%s\\n" "$@" | sed "/^--owner$/,+1d;/^--group$/,+1d"); exec /usr/bin/install "$@"',
    "ssh-keygen": 'for last; do :; done; echo key > "$last"; echo "ssh-ed25519 AAAA newsroom" > "$last.pub"',
    "curl": 'for last; do :; done; case "$last" in https:*) exit 0;; esac; '
    'exec python3 -c "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).read().decode())" "$last"',
    "rsync": "exit 0",
}


@dataclass
class Server:
    """One machine. `files` are what the page told to write, by their name there."""

    folder: Path
    port: int = field(default_factory=free_port)
    files: dict[str, Path] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("etc/caddy", "units", "run", "stubs", "usr/bin", "usr/sbin", "srv/standfirst", "opt", "elsewhere"):
            (self.folder / name).mkdir(parents=True)
        for name, text in STUBS.items():
            self._program(f"stubs/{name}", f"#!/bin/sh\n{text}\n")
        self._program("stubs/systemctl", f"#!{sys.executable}\n{SYSTEMCTL}")
        (self.folder / "stubs" / "python3").symlink_to(Path(sys.executable).resolve())
        # What the wheel depends on is there, as pip would have fetched it; Standfirst itself is not.
        deps = self.folder / "deps"
        deps.mkdir()
        for entry in (
            Path(shutil.__file__).parent.glob("site-packages")
            if sys.prefix == sys.base_prefix
            else [Path(path) for path in sys.path if path.startswith(sys.prefix) and path.endswith("site-packages")]
        ):
            for package in entry.iterdir():
                if "standfirst" not in package.name and package.suffix != ".pth":
                    (deps / package.name).symlink_to(package)
        self.wheels = self.folder / "wheels"
        self.wheels.mkdir()
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("STANDFIRST_", "DJANGO_"))}
        self.environ = kept | {
            "PATH": f"{self.folder}/stubs:{self.folder}/usr/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "PYTHONPATH": str(deps),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "UNITS": str(self.folder / "units"),
            "RUN": str(self.folder / "run"),
            "PORT": str(self.port),
            "HOME": str(self.folder / "srv/standfirst"),
            "LC_ALL": "C.UTF-8",
        }

    def _program(self, name: str, text: str) -> None:
        file = self.folder / name
        file.write_text(text, encoding="utf-8")
        file.chmod(0o755)

    def here(self, text: str) -> str:
        """The page's words with this server's places."""
        for there, here in {
            "/srv/standfirst": "srv/standfirst",
            "/opt/standfirst": "opt/standfirst",
            "/usr/local/sbin": "usr/sbin",
            "/usr/local/bin": "usr/bin",
            "/etc/systemd/system": "units",
            "/etc/caddy": "etc/caddy",
            "/etc/standfirst": "etc/standfirst",
        }.items():
            text = text.replace(there, f"{self.folder}/{here}")
        text = text.replace("sftp:backup@other.example:newsroom", f"{self.folder}/elsewhere")
        return text.replace("127.0.0.1:8000", f"127.0.0.1:{self.port}").replace("--port 8000", f"--port {self.port}")

    def follow(self, section: str) -> str:
        """Do what a section says, block by block: write its files, run its commands. Returns what was printed."""
        said = ""
        before = ""
        for words, language, block in re.findall(r"(.*?)```(\w+)\n(.*?)```", section, re.DOTALL):
            before += words
            if language == "console":
                said += self.run(self.here(block))
            else:
                (*_, name) = re.findall(r"`(/[\w./-]+)`", before)
                file = Path(self.here(name))
                file.write_text(self.here(block), encoding="utf-8")
                self.files[name] = file
        return said

    def run(self, commands: str) -> str:
        """In a shell that goes on where the last one stopped."""
        env = self.folder / "run" / "environ"
        script = f"set -e\n{commands}\nenv -0 > {env}\n"
        done = subprocess.run(
            ["bash", "-c", script],
            env=self.environ,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
        self.environ = dict(pair.split("=", 1) for pair in env.read_text(encoding="utf-8").split("\0") if "=" in pair)
        return done.stdout + done.stderr

    def refused(self, command: str) -> str:
        """A command that must fail; returns its last words."""
        done = subprocess.run(
            ["bash", "-c", self.here(command)], env=self.environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr

    def wheel(self, version: str, migration: str = "") -> None:
        """Build the wheel as `make wheel` does, from a copy of the sources; then pip can find it."""
        source = self.folder / "source"
        if not source.exists():
            ignored = shutil.ignore_patterns("__pycache__", "_built")
            shutil.copytree(ROOT / "src", source / "src", ignore=ignored)
            for name in ("pyproject.toml", "README.md", "LICENSE"):
                shutil.copy2(ROOT / name, source / name)
            environ = self.environ | {"PYTHONPATH": f"{source / 'src'}:{self.environ['PYTHONPATH']}"}
            # The facts of the packages it stands on, not of an installed Standfirst.
            made = [sys.executable, "-m", "standfirst.ops.built"]
            subprocess.run(made, env=environ, cwd=source, check=True, capture_output=True, timeout=600)
        for name, pattern in {
            "pyproject.toml": r'(?m)^version = ".*"',
            "src/standfirst/__init__.py": r'__version__ = ".*"',
        }.items():
            file = source / name
            text = file.read_text(encoding="utf-8")
            said = pattern.removeprefix("(?m)^").split(" = ")[0]
            file.write_text(re.sub(pattern, f'{said} = "{version}"', text), encoding="utf-8")
        if migration:
            (source / "src/standfirst/people/migrations/0999_next.py").write_text(migration, encoding="utf-8")
        build = ["-m", "hatchling", "build", "-t", "wheel", "-d", str(self.wheels)]
        if subprocess.run([sys.executable, "-c", "import hatchling"], capture_output=True, check=False).returncode:
            # Not in this environment: uv fetches it, as `make wheel` lets it.
            command = [str(Path(sys.executable).with_name("uv")), "build", "--wheel", "-o", str(self.wheels)]
        else:
            command = [sys.executable, *build]
        subprocess.run(command, cwd=source, check=True, capture_output=True, timeout=300)
