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
