"""Running text from an export, read with distrust: block by block as `StoryBody` has them, whatever blocks there are.

What Standfirst itself wrote passes letter for letter, so that the same words stay the same version. What it would never
write is cleaned by the allow-list of every other import.
"""

from __future__ import annotations

import re
from typing import Any

from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock

from standfirst.kit.exports import BadExport, In, gettext_noop
from standfirst.kit.links import safe_href
from standfirst.stories.blocks import StoryBody

MOST_BLOCKS = 5_000
_body = StoryBody()


class Body:
    """Reads one story's running text, or another stream of the same blocks: `stream`, named `name` in its file."""

    def __init__(self, inward: In, where: str, *, stream: blocks.StreamBlock = _body, name: str = "body") -> None:
        self.inward, self.where = inward, where
        self._stream, self._name = stream, name

    def read(self, value: Any) -> list[dict[str, Any]]:
        if not isinstance(value, list) or len(value) > MOST_BLOCKS:
            raise self._wrong(gettext_noop("“%(name)s” should be a list of blocks"), name=self._name)
        return [self._stream_child(one) for one in value]

    def _wrong(self, what: str, **values: str) -> BadExport:
        sentence = gettext_noop("%(where)s: %(wanted)s. Export again, or take the line out.")
        return BadExport(sentence, where=self.where, wanted=what, **values)

    def _stream_child(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict) or not isinstance(value.get("type"), str):
            raise self._wrong(gettext_noop("a block has no type"))
        block = self._stream.child_blocks.get(value["type"])
        if block is None:
            raise self._wrong(
                gettext_noop("a block is of type “%(kind)s”, which this release does not know; use a newer one"),
                kind=value["type"][:40],
            )
        made = {"type": value["type"], "value": self._value(block, value.get("value"))}
        if isinstance(value.get("id"), str) and re.fullmatch(r"[A-Za-z0-9-]{1,64}", value["id"]):
            made["id"] = value["id"]
        return made

    def _value(self, block: blocks.Block, value: Any) -> Any:
        if isinstance(block, TypedTableBlock):
            return self._table(value)
        if isinstance(block, blocks.StructBlock):
            if not isinstance(value, dict):
                raise self._wrong(gettext_noop("a block should hold names and values"))
            known = block.child_blocks
            return {name: self._value(known[name], one) for name, one in value.items() if name in known}
        if isinstance(block, blocks.ListBlock):
            return self._list(block, value)
        if value is None:
            return None
        if isinstance(block, blocks.ChooserBlock):
            return self._choice(block, value)
        if isinstance(block, blocks.BooleanBlock):
            if not isinstance(value, bool):
                raise self._wrong(gettext_noop("a yes or no is neither true nor false"))
            return value
        if not isinstance(value, str) or "\0" in value:
            raise self._wrong(gettext_noop("a block should hold text and holds something else"))
        if isinstance(block, blocks.RichTextBlock):
            return self.inward.rich(value, self.where)
        if isinstance(block, blocks.URLBlock) and value and safe_href(value) is None:
            raise self._wrong(gettext_noop("“%(text)s” is no address that a page may link to"), text=value[:80])
        if isinstance(block, blocks.DateTimeBlock):
            try:
                block.to_python(value)
            except (ValueError, TypeError, AttributeError):
                raise self._wrong(gettext_noop("“%(text)s” is no moment"), text=value[:40]) from None
        return value

    def _list(self, block: blocks.ListBlock, value: Any) -> list[Any]:
        if not isinstance(value, list) or len(value) > MOST_BLOCKS:
            raise self._wrong(gettext_noop("a list is none, or too long"))
        items = []
        for one in value:
            if isinstance(one, dict) and one.get("type") == "item" and "value" in one:
                item = {"type": "item", "value": self._value(block.child_block, one["value"])}
                if isinstance(one.get("id"), str) and re.fullmatch(r"[A-Za-z0-9-]{1,64}", one["id"]):
                    item["id"] = one["id"]
                items.append(item)
            else:
                items.append(self._value(block.child_block, one))
        return items

    def _choice(self, block: blocks.ChooserBlock, value: Any) -> int | None:
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong(gettext_noop("a picture or file is not named by its number"))
        kind = "document" if isinstance(block, DocumentChooserBlock) else "picture"
        if value in self.inward.known(kind):
            return value
        self.inward.note(
            gettext_noop("%(where)s: %(kind)s %(value)s is not in the export; the story stands without it."),
            where=self.where,
            kind=kind,
            value=value,
        )
        return None

    def _table(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self._wrong(gettext_noop("a table is none"))
        columns, rows = value.get("columns"), value.get("rows")
        if not isinstance(columns, list) or not isinstance(rows, list):
            raise self._wrong(gettext_noop("a table has no columns or rows"))
        made_columns = []
        for column in columns:
            if not isinstance(column, dict) or not isinstance(column.get("heading"), str):
                raise self._wrong(gettext_noop("a column of a table has no heading"))
            if column.get("type") not in ("text", "number"):
                raise self._wrong(gettext_noop("a column of a table is neither of text nor of numbers"))
            made_columns.append({"type": column["type"], "heading": column["heading"]})
        made_rows = []
        for row in rows:
            cells = row.get("values") if isinstance(row, dict) else None
            if not isinstance(cells, list) or len(cells) != len(columns):
                raise self._wrong(gettext_noop("a row of a table does not fit its columns"))
            if not all(isinstance(cell, str) and "\0" not in cell for cell in cells):
                raise self._wrong(gettext_noop("a cell of a table is no text"))
            made_rows.append({"values": cells})
        caption = value.get("caption", "")
        return {"columns": made_columns, "rows": made_rows} | (
            {"caption": caption} if isinstance(caption, str) and "caption" in value else {}
        )
