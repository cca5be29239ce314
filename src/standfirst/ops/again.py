"""After a restore, before anything is served: what was withheld since the backup was made is withheld in it, too.

`python -m standfirst.ops.again --folder COPY`, in a process of its own with Django open for the copy. Prints how many.
"""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from standfirst.kit.ledger import BESIDE, NAME, ledger_join, ledger_read
from standfirst.ops.errors import Refused


def ledgers_carry_over(*, scratch: Path, folder: Path, file: Path) -> bool:
    """Bring every ledger there is into the unpacked backup: its own, the newsroom's, the one beside the file.

    Whether anything in it holds, so that `withheld_again` has something to do.
    """
    target = scratch / "data" / NAME
    ledger_join([folder / "data" / NAME, file.parent / BESIDE], target)
    return any(line.get("state") in ("withheld", "destroyed") for line in ledger_read(target).values())


def withheld_again(*, scratch: Path, environ: Mapping[str, str], settings_module: str) -> int:
    """Bring the unpacked copy's database up to this code and do again what its ledger tells.

    Raises Refused when that fails: better no newsroom than one that says what somebody had to take back.
    """
    told = {
        **environ,
        "STANDFIRST_NEWSROOM": str(scratch),
        "DJANGO_SETTINGS_MODULE": settings_module,
        "PYTHONPATH": ":".join(path for path in sys.path if path),
    }
    command = [sys.executable, "-m", "standfirst.ops.again", "--folder", str(scratch)]
    done = subprocess.run(command, env=told, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise Refused(
            f"What was withheld since could not be withheld in the backup ({last.rstrip('.')}). Nothing was changed."
        )
    return int(done.stdout.strip().splitlines()[-1])


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    given = parser.parse_args(argv)
    importlib.import_module("django").setup()
    from standfirst.corrections.services.again import withholdings_again
    from standfirst.corrections.services.destroying import database_scrub
    from standfirst.ops import prepare
    from standfirst.press import queue

    prepare.migrate(given.folder)
    count = withholdings_again(ledger_read(given.folder / "data" / NAME).values())
    queue.drain()
    if count:
        database_scrub()
    print(count)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
