"""Why an import is refused before anything is changed.

ImportRefused
├── FileUnreadable    not there, not the right kind, or packed in a way we cannot unpack
├── FileBroken        not well-formed beyond mending; names the line
└── FileTooLarge      larger, deeper or packed more tightly than an export of a newspaper can be

UNREADABLE are the errors that one entry's strange content may raise in the libraries below; that entry is left out.

The text is a whole sentence or two for the operator: what, where, what to do.
"""

import errno
import os
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError
from django.utils.translation import gettext as _
from lxml import etree

UNREADABLE = (
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    RecursionError,
    ObjectDoesNotExist,
    ValidationError,
    DatabaseError,
    OSError,
    etree.LxmlError,
)


class ImportRefused(Exception):
    """The import did not begin, and the newsroom is as it was."""


class FileUnreadable(ImportRefused):
    pass


class FileBroken(ImportRefused):
    pass


class FileTooLarge(ImportRefused):
    pass


def stop_if_ours(error: BaseException) -> None:
    """Raise what is wrong with our own disk again: the next entry would fail in the same way, and so would all."""
    if not isinstance(error, OSError):
        return
    place = Path(os.fsdecode(error.filename2 or error.filename or ""))
    is_ours = place.is_absolute() and any(
        place.is_relative_to(folder)
        for folder in (settings.NEWSROOM.folder, settings.NEWSROOM.originals, settings.NEWSROOM.renditions)
    )
    is_refused = error.errno in (errno.EACCES, errno.EPERM) and is_ours
    if is_refused or error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
        raise error


def no_look(error: OSError) -> None:
    """Refuse a folder that cannot be looked into: all that lies in it would be said to be missing."""
    raise FileUnreadable(
        _("%(folder)s cannot be read (%(reason)s). Let the account that imports read it and all below it.")
        % {"folder": error.filename, "reason": error.strerror}
    )


def web_page_instead(file: str) -> FileUnreadable:
    """For a file that is a web page: browsers save one under the name of the export when they are signed out."""
    return FileUnreadable(
        _(
            "%(file)s is a web page and no export; often it is the old site's sign-in page that was saved in its "
            "place. Sign in there, export again, and look whether the file opens as text. Saved stories are brought in "
            "by “standfirst import pages”."
        )
        % {"file": file}
    )
