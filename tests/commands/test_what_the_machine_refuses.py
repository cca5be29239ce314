"""What the machine refuses in the middle of any command is a sentence with the next step, never a traceback."""

import errno

import pytest
from django.db.utils import OperationalError

from standfirst import cli

WRAPPED = RuntimeError("Error calling __set_name__")
WRAPPED.__cause__ = KeyboardInterrupt()


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "a", None, "b"), 1, "No room is left on the disk."),
        (OperationalError("database or disk is full"), 1, "Make room (`df -h` says where), then type it again."),
        (PermissionError(errno.EACCES, "denied", "/srv/a.xml"), 1, "/srv/a.xml may not be opened by this account."),
        (OSError(errno.EROFS, "Read-only file system", "/srv/data"), 1, "as with `runuser -u standfirst --`"),
        (WRAPPED, 130, "Stopped."),
    ],
)
def test_the_command_ends_with_a_sentence(monkeypatch, capsys, error, code, says):
    def refused(given):
        raise error

    monkeypatch.setattr(cli, "_doctor", refused)

    assert cli.main(["doctor"]) == code

    told = capsys.readouterr()
    assert says in told.err
    assert told.out == ""


def test_what_nobody_foresaw_keeps_its_traceback(monkeypatch):
    def refused(given):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(cli, "_doctor", refused)

    with pytest.raises(OSError, match="Input/output"):
        cli.main(["doctor"])
