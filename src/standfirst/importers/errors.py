"""Why an import is refused before anything is changed.

ImportRefused
├── FileUnreadable    not there, not the right kind, or packed in a way we cannot unpack
├── FileBroken        not well-formed beyond mending; names the line
└── FileTooLarge      larger, deeper or packed more tightly than an export of a newspaper can be

UNREADABLE are the errors that one entry's strange content may raise in the libraries below; that entry is left out.

The text is a whole sentence or two for the operator: what, where, what to do.
"""

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
