"""The `standfirst` command. Starts without Django; a command that needs it opens it.

Exit 0 done, 1 refused or a problem found, 2 wrong usage. Problems go to stderr in whole sentences.
"""

from __future__ import annotations

import argparse
import errno
import importlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from standfirst import __version__
from standfirst.commands import export, importing, members, people, press
from standfirst.commands.given import folder_of, say
from standfirst.config import newsroom as config
from standfirst.ops import create, folders
from standfirst.ops.errors import Refused, WrongUsage

BENCHES = ("serve", "publish", "import", "scale", "story", "corrections", "mail")
NO_ROOM = "No room is left on the disk. What was done is whole. Make room (`df -h` says where), then type it again."
NEWSROOM_HELP = "the newsroom's folder (default: STANDFIRST_NEWSROOM, else ./newsroom)"


def parser() -> argparse.ArgumentParser:
    """The whole command line; docs/operators/commands.md is made from it."""
    top = argparse.ArgumentParser(
        prog="standfirst",
        description="The publishing system for a small, independent newsroom.",
        epilog="A newsroom is a folder with standfirst.toml and data/. "
        "Exit: 0 done, 1 refused or a problem found, 2 wrong usage.",
    )
    top.add_argument("--version", action="version", version=f"standfirst {__version__}")
    top.add_argument("--newsroom", metavar="DIR", default=None, help=NEWSROOM_HELP)
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def command(
        name: str, act: Any, text: str, *, within: Any = commands, machine: bool = False, more: str = ""
    ) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = within.add_parser(
            name, help=text, description=text + ("\n\n" + more if more else "")
        )
        made.add_argument("--newsroom", metavar="DIR", default=argparse.SUPPRESS, help=NEWSROOM_HELP)
        if machine:
            made.add_argument("--json", action="store_true", help="print the outcome as JSON, for programs")
        made.set_defaults(act=act)
        return made

    demo = command("demo", _demo, "Make a full demo newsroom, if there is none, and serve it.")
    _serving(demo)
    demo.add_argument("--yes", action="store_true", help="serve the demo where others can reach it")
    demo.add_argument("--no-run", action="store_true", help="make it and stop")

    new = command("new", _new, "Make an empty newsroom; asks for what is not given.", machine=True)
    new.add_argument("--name", help="the name of the paper")
    new.add_argument("--base-url", help="the public address, such as https://news.example; empty for none yet")
    new.add_argument("--language", help="language codes with commas, the first language first, such as en,uk")
    new.add_argument("--time-zone", help="such as Europe/Kyiv; it dates the stories (default: this machine's)")
    new.add_argument("--editor-email", help="the address of the first account, an administrator")
    new.add_argument("--editor-name", default="", help="that person's name")

    run = command("run", _run, "Serve readers and editors, run the background work and the schedule.")
    _serving(run)
    run.add_argument("--yes", action="store_true", help="serve a demo newsroom where others can reach it")

    importing.declare(commands, command)
    members.declare(commands, command)

    export.add_export(command("export", export.export, export.EXPORT, machine=True))

    pressing = commands.add_parser("press", help="The page store.", description="The page store.").add_subparsers(
        dest="doing", metavar="ACTION", required=True
    )
    command("status", press.status, "What the store holds, waits for and fails at.", within=pressing, machine=True)
    rebuild = command(
        "rebuild",
        press.rebuild,
        "Press pages anew, all of them unless told which; readers keep the old ones meanwhile.",
        within=pressing,
        machine=True,
    )
    which = rebuild.add_mutually_exclusive_group()
    which.add_argument("--key", default="", metavar="KEY", help="pages that show this, such as story:12")
    which.add_argument("--path", default="", metavar="PATH", help="the page at this address, such as /world/")
    rebuild.add_argument("--now", action="store_true", help="press here, when the newsroom does not run")
    command(
        "verify",
        press.verify,
        "Compare every stored page with a fresh render and name each difference; 1 when there is one.",
        within=pressing,
        machine=True,
    )
    for server, called in (("nginx", "an nginx configuration"), ("caddy", "a Caddyfile")):
        made = command(server, press.server, f"Print {called} that serves the page store.", within=pressing)
        made.add_argument("--app", default="127.0.0.1:8000", metavar="HOST:PORT", help="where `standfirst run` listens")

    backup = command("backup", _backup, "Write the whole newsroom into one file, while it runs.", machine=True)
    backup.add_argument("file", type=Path, metavar="FILE", help="where to; a name ending in .tar.gz is compressed")
    backup.add_argument("--yes", action="store_true", help="replace a file that is there")

    restore = command(
        "restore", _restore, "Put a backup in the newsroom's place, after checking it wholly.", machine=True
    )
    restore.add_argument("file", type=Path, metavar="FILE", help="a file made by `standfirst backup`")
    restore.add_argument("--yes", action="store_true", help="replace the newsroom that is there; it is kept beside")

    drill = command(
        "drill",
        _drill,
        "Restore the newest backup into a scratch place, look at it, and say in plain words whether it comes back.",
        machine=True,
    )
    drill.add_argument(
        "source",
        type=Path,
        nargs="?",
        metavar="FROM",
        help="a backup, or a folder of them (default: where the last one went)",
    )
    drill.add_argument("--scratch", type=Path, metavar="DIR", help="a folder with room (default: in data/run)")

    upgrade = command(
        "upgrade", _upgrade, "Back up, then bring the newsroom up to the installed release.", machine=True
    )
    upgrade.add_argument(
        "--rehearse", action="store_true", help="try it on a copy; the newsroom goes on, and nothing is changed"
    )
    upgrade.add_argument(
        "--backup", type=Path, metavar="FILE", help="where the backup goes (default: data/backups/before-…)"
    )
    upgrade.add_argument("--scratch", type=Path, metavar="DIR", help="for the copy: a folder with room")

    command(
        "doctor", _doctor, "Examine settings, database, media, mail, press, schedule, disk and clock.", machine=True
    )

    bench = commands.add_parser(
        "bench",
        help="Measure this installation and print a table.",
        description="Measure this installation in a scratch newsroom and print a table; --json after the name for "
        "programs, --help after it for its other options.",
    )
    bench.add_argument("what", choices=BENCHES, metavar="WHAT", help=", ".join(BENCHES))
    bench.add_argument("options", nargs=argparse.REMAINDER, metavar="…", help="its own options")
    bench.set_defaults(act=_bench)

    doings = commands.add_parser(
        "people", help="Accounts of the desk.", description="Accounts of the desk."
    ).add_subparsers(dest="doing", metavar="ACTION", required=True)
    add = command("add", people.add, "Make an account; prints its first password.", within=doings, machine=True)
    add.add_argument("email", metavar="EMAIL", help="the address to sign in with")
    add.add_argument("--name", default="", help="the person's name")
    add.add_argument(
        "--role", default="reporter", choices=["reporter", "editor", "administrator"], help="default: reporter"
    )
    reset = command(
        "reset",
        people.reset,
        "New password and no second factor, for a lost phone; ends all sessions.",
        within=doings,
        machine=True,
    )
    reset.add_argument("email", metavar="EMAIL", help="whose account")
    command("list", people.list_all, "All accounts with their roles.", within=doings, machine=True)
    return top


def _serving(command: argparse.ArgumentParser) -> None:
    command.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")
    command.add_argument("--port", type=_port, default=8000, help="the port (default: 8000)")
    command.add_argument("--workers", type=_workers, default=1, help="web processes (default: 1)")


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port; use a number from 1 to 65535")
    return int(text)


def _workers(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"{text} is no number of workers; use 1 to 64")
    return int(text)


def main(argv: Sequence[str] | None = None) -> int:
    given = parser().parse_args(argv)
    try:
        return int(given.act(given) or 0)
    except (Refused, config.NewsroomError) as refusal:
        print(refusal, file=sys.stderr)
        return 2 if isinstance(refusal, WrongUsage) else 1
    except BrokenPipeError:
        # Whoever read our lines has gone, as `head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130
    except Exception as error:
        if isinstance(error.__cause__, KeyboardInterrupt):  # Python before 3.12 wraps it while a class is made
            print("Stopped.", file=sys.stderr)
            return 130
        sentence = _as_sentence(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)
        return 1


def _as_sentence(error: Exception) -> str | None:
    """What the machine, Django or a room refused, in words; None for what nobody foresaw: it deserves its traceback."""
    if isinstance(error, OSError):
        return _of_the_disk(error)
    if "django" in sys.modules:
        from django.core.exceptions import ValidationError
        from django.db.utils import OperationalError

        if isinstance(error, OperationalError):
            if "disk is full" in str(error) or "No space left" in str(error):
                return NO_ROOM
            return f"The database does not answer as it should: {str(error).strip()}. `standfirst doctor` says more."
        if isinstance(error, ValidationError):
            return " ".join(error.messages)
    refusals = sys.modules.get("standfirst.people.errors")
    if refusals is not None and isinstance(error, refusals.PeopleError):
        return str(error)
    return None


def _of_the_disk(error: OSError) -> str | None:
    place = error.filename2 or error.filename
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return NO_ROOM
    if place and error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"{os.fsdecode(place)} may not be opened by this account. Type the command as the account that the "
            "newsroom belongs to, as with `runuser -u standfirst --`, or give that account the file."
        )
    return None


def _demo(given: argparse.Namespace) -> int:
    from standfirst.ops import built, serve

    folder = folder_of(given)
    if not (folder / config.SETTINGS_FILE).exists():
        if not given.no_run:
            serve.refuse_open_demo(given.host, given.yes)
            # In a process of its own, so that the supervisor after it stays small.
            command = [sys.executable, "-m", "standfirst.cli", "demo", "--no-run", "--newsroom", str(folder)]
            with subprocess.Popen(command) as making:
                if built.is_working_copy():
                    built.static_made()  # meanwhile
            if making.returncode:
                return 1
        else:
            print(f"Making the demo newsroom in {folder}: stories, pictures, people. Half a minute or so …", flush=True)
            create.demo_made(folder)
    elif not folders.is_demo(folder):
        raise Refused(
            f"{folder} holds a newsroom of your own, not the demo. "
            "Serve it with `standfirst run`, or name another folder."
        )
    return 0 if given.no_run else _run(given)


def _run(given: argparse.Namespace) -> int:
    from standfirst.ops.serve import serve

    newsroom = config.load(folder_of(given))
    return serve(newsroom, host=given.host, port=given.port, workers=given.workers, allow_open_demo=given.yes)


def _new(given: argparse.Namespace) -> int:
    from standfirst.commands import new

    said = {
        "name": given.name,
        "base_url": given.base_url,
        "languages": given.language,
        "time_zone": given.time_zone,
        "editor_email": given.editor_email,
    }
    ask = new.Asking(aside=given.json) if sys.stdin.isatty() else None
    value, lines = new.found(folder=folder_of(given), given=said, editor_name=given.editor_name, ask=ask)
    say(given, value, *lines)
    return 0


def _bench(given: argparse.Namespace) -> int:
    measure = importlib.import_module(f"standfirst.bench.{given.what}")
    done: int = measure.main(given.options)
    return done


def _backup(given: argparse.Namespace) -> int:
    from standfirst.ops.backup import backup_make

    made = backup_make(newsroom=config.load(folder_of(given)), file=given.file, overwrite=given.yes)
    for name in made.vanished:
        print(f"{name} was removed while the backup was made and is not in it.", file=sys.stderr)
    say(
        given,
        {"file": str(made.file), "files": made.files, "bytes": made.bytes, "vanished": made.vanished},
        f"{made.file}: {made.files} files, {made.bytes / 1e6:.1f} MB. "
        "It holds the secret key and all accounts; keep it safe.",
    )
    return 0


def _restore(given: argparse.Namespace) -> int:
    from standfirst.ops.restore import restore

    done = restore(file=given.file, folder=folder_of(given), replace=given.yes, load_newsroom=config.load)
    lines = [f"The backup of {done.manifest['made_at']} is in place in {done.folder}."]
    if done.before:
        lines.append(f"What was there before is kept in {done.before}; delete it when all is well.")
    before = str(done.before) if done.before else None
    say(given, {"newsroom": str(done.folder), "before": before, "made_at": done.manifest["made_at"]}, *lines)
    return 0


def _drill(given: argparse.Namespace) -> int:
    from standfirst.commands.drill import drill

    value, lines = drill(folder=folder_of(given), source=given.source, scratch=given.scratch)
    say(given, value, *lines)
    return 1 if value["problems"] else 0


def _upgrade(given: argparse.Namespace) -> int:
    from standfirst.commands import upgrade

    if given.rehearse:
        value, lines = upgrade.rehearse(folder=folder_of(given), scratch=given.scratch)
    else:
        value, lines = upgrade.upgrade(folder=folder_of(given), backup=given.backup)
    say(given, value, *lines)
    return 1 if value.get("problems") else 0


def _doctor(given: argparse.Namespace) -> int:
    from standfirst.ops import doctor

    newsroom = config.load(folder_of(given))
    create.open_django(newsroom.folder)
    found = doctor.examine(newsroom)
    problems = sum(finding.state == doctor.PROBLEM for finding in found)
    lines = [
        f"{finding.state:8} {finding.what}: {finding.seen}."
        + (f" {finding.do}." if finding.do and finding.state != doctor.OK else "")
        for finding in found
    ]
    advice = sum(finding.state == doctor.ADVICE for finding in found)
    if problems:
        lines.append(f"{problems} problem{'s' if problems > 1 else ''} found.")
    elif advice and newsroom.is_public:
        lines.append(f"No problem; {advice} line{'s' if advice > 1 else ''} of advice.")
    else:
        lines.append("All is well.")
    say(given, {"problems": problems, "advice": advice, "findings": [finding.as_dict() for finding in found]}, *lines)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
