"""Read, write and compile gettext catalogues in plain Python, so that neither needs gettext installed."""

from __future__ import annotations

import ast
import re
import struct
from dataclasses import dataclass, field
from pathlib import Path

#: python-format and brace placeholders; a translation must hold the same ones.
PLACEHOLDER = re.compile(r"%\([A-Za-z_][A-Za-z0-9_]*\)[#0\- +]*[0-9.]*[a-z]|%[sd]|\{[A-Za-z_][A-Za-z0-9_.]*\}")
CONTEXT = "\x04"


@dataclass
class Entry:
    """One message: what the source says and what the catalogue makes of it."""

    source: str = ""
    plural: str = ""
    context: str | None = None
    texts: dict[int, str] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The message's name in gettext: context, if any, and source."""
        return self.source if self.context is None else f"{self.context}{CONTEXT}{self.source}"

    @property
    def is_fuzzy(self) -> bool:
        return any(line.startswith("#,") and "fuzzy" in line for line in self.comments)

    @property
    def is_obsolete(self) -> bool:
        return any(line.startswith("#~") for line in self.comments)

    def missing(self, forms: int) -> bool:
        wanted = range(forms) if self.plural else [0]
        return not all(self.texts.get(number) for number in wanted)

    def misplaced(self) -> set[str]:
        """Placeholders that a translation invents or loses."""
        allowed = set(PLACEHOLDER.findall(self.source)) | set(PLACEHOLDER.findall(self.plural))
        wrong = set()
        for number, text in self.texts.items():
            if not text:
                continue
            found = set(PLACEHOLDER.findall(text))
            # "One story" and "%(count)s stories": singular forms may leave the number out.
            lost = set() if self.plural and number == 0 else set(PLACEHOLDER.findall(self.plural or self.source))
            wrong |= (found - allowed) | (lost - found)
        return wrong


def read(path: Path) -> list[Entry]:
    """Read a .po file; the header is the entry with an empty source."""
    entries, entry, target = [], Entry(), None
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if not line.strip():
            if target is not None or entry.is_obsolete:
                entries.append(entry)
            entry, target = Entry(), None
        elif line.startswith("#"):
            entry.comments.append(line)
        elif line.startswith('"'):
            _append(entry, target, ast.literal_eval(line))
        else:
            word, _, text = line.partition(" ")
            target = word
            if word == "msgctxt":
                entry.context = ""
            _append(entry, target, ast.literal_eval(text))
    return [entry for entry in entries if not entry.is_obsolete]


def _append(entry: Entry, target: str | None, text: str) -> None:
    if target == "msgid":
        entry.source += text
    elif target == "msgid_plural":
        entry.plural += text
    elif target == "msgctxt":
        entry.context = (entry.context or "") + text
    elif target == "msgstr":
        entry.texts[0] = entry.texts.get(0, "") + text
    elif target and (number := re.fullmatch(r"msgstr\[(\d)\]", target)):
        entry.texts[int(number[1])] = entry.texts.get(int(number[1]), "") + text


def write(path: Path, entries: list[Entry]) -> None:
    blocks = []
    for entry in entries:
        lines = list(entry.comments)
        if entry.context is not None:
            lines.append(f"msgctxt {quote(entry.context)}")
        lines.append(f"msgid {quote(entry.source)}")
        if entry.plural:
            lines.append(f"msgid_plural {quote(entry.plural)}")
            lines += [f"msgstr[{number}] {quote(text)}" for number, text in sorted(entry.texts.items())]
        else:
            lines.append(f"msgstr {quote(entry.texts.get(0, ''))}")
        blocks.append("\n".join(lines))
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def quote(text: str) -> str:
    """One line, or one for each line of the text, as gettext itself writes it."""

    def one(part: str) -> str:
        escaped = part.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
        return f'"{escaped}"'

    parts = text.splitlines(keepends=True)
    return one(text) if len(parts) < 2 else "\n".join(['""', *map(one, parts)])


def compiled(entries: list[Entry], forms: int) -> bytes:
    """Return the .mo bytes; the same entries always give the same bytes.

    Format: GNU gettext manual, "The Format of GNU MO Files".
    """
    texts = {}
    for entry in entries:
        if (entry.is_fuzzy and entry.source) or entry.missing(forms):
            continue
        key = f"{entry.key}\0{entry.plural}" if entry.plural else entry.key
        texts[key.encode()] = "\0".join(text for _, text in sorted(entry.texts.items())).encode()
    keys = sorted(texts)
    offset = 7 * 4 + 16 * len(keys)
    tables, data = [], b""
    for column in (keys, [texts[key] for key in keys]):
        for text in column:
            tables.append(struct.pack("<II", len(text), offset + len(data)))
            data += text + b"\0"
    header = struct.pack("<7I", 0x950412DE, 0, len(keys), 28, 28 + 8 * len(keys), 0, 0)
    return header + b"".join(tables) + data


def forms_of(entries: list[Entry]) -> int:
    """How many plural forms the header names."""
    header = next((entry.texts.get(0, "") for entry in entries if not entry.source), "")
    found = re.search(r"nplurals=(\d)", header)
    return int(found[1]) if found else 0
