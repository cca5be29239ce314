"""Moving in through the command's own door, and looking at what came of it."""

import io
import json
from urllib.parse import urlsplit

from standfirst.importers.models import ImportedItem
from standfirst.importers.wordpress import run
from tests.importers.wxr import plain


def move_in(file, media=None):
    """The import's report; fails the test when it was refused."""
    out, err = io.StringIO(), io.StringIO()
    assert run(file=file, media=media, json=True, out=out, err=err) == 0, err.getvalue()
    return json.loads(out.getvalue())


def imported(number, kind="post"):
    return ImportedItem.objects.get(kind=kind, foreign_id=str(number)).object


def words_of(story):
    """What the body says, in the way the independent reader says it."""
    parts = []
    for block in story.body:
        if block.block_type == "text":
            parts.append(str(block.value.source))
        elif block.block_type == "table":
            table = block.value["table"]
            parts += [column["heading"] for column in table.columns]
            parts += [str(cell.value) for row in table.rows for cell in row]
        elif block.block_type == "embed":
            parts += [block.value["url"], words_of_embed(block.value)]
        elif block.block_type == "picture":
            parts.append(block.value["caption"])
        elif block.block_type == "gallery":
            parts += [picture["caption"] for picture in block.value["pictures"]]
    return plain("".join(parts))


def words_of_embed(value):
    """What the original said under an embed. Without words of its own it is called by its host here."""
    host = (urlsplit(value["url"]).hostname or "").removeprefix("www.")
    return value["caption"] or ("" if value["title"] == host else value["title"])
