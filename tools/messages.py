"""Collect the strings marked for translation, and keep the Ukrainian catalogue and its compiled form.

    messages.py                     collect anew, compile, say how many lack a translation
    messages.py missing [FILE]      write those as JSON: source → "" (or a list of plural forms)
    messages.py merge FILE          take translations from such a JSON file, compile

English is the source and needs no catalogue. Collecting needs gettext (Debian: `gettext`); nothing
else does, neither the tests nor a newsroom.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "standfirst"
CATALOGUE = SOURCE / "locale" / "uk" / "LC_MESSAGES" / "django.po"
#: Ukrainian counts one, few, many, and parts of one (CLDR).
FORMS = 4
PLURALS = (
    "nplurals=4; plural=(n % 1 == 0 && n % 10 == 1 && n % 100 != 11 ? 0 : n % 1 == 0 && n % 10 >= 2 && "
    "n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14) ? 1 : n % 1 == 0 && (n % 10 ==0 || (n % 10 >=5 && "
    "n % 10 <=9) || (n % 100 >=11 && n % 100 <=14 )) ? 2: 3);"
)
HEADER = f"""\
Project-Id-Version: Standfirst
Language: uk
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit
Plural-Forms: {PLURALS}
"""


def collect(target: Path = CATALOGUE) -> list[po.Entry]:
    """Bring the catalogue up to the source: new strings come in empty, those gone are dropped."""
    known = {entry.key: entry for entry in po.read(target)} if target.exists() else {}
    found = sorted(marked(), key=lambda entry: (places(entry), entry.key))
    for entry in found:
        if entry.key in known and known[entry.key].plural == entry.plural:
            entry.texts = known[entry.key].texts
    header = po.Entry(texts={0: HEADER})
    return [header, *found]


def places(entry: po.Entry) -> list[str]:
    return [line for line in entry.comments if line.startswith("#:")]


def marked() -> list[po.Entry]:
    """Every string marked in Python and templates, by Django's own collector in a scratch catalogue."""
    with tempfile.TemporaryDirectory() as folder:
        # The collector writes beside the source; a link gives it a folder of its own to write into.
        scratch = Path(folder) / "standfirst"
        scratch.mkdir()
        for item in SOURCE.iterdir():
            if item.name not in {"locale", "__pycache__"}:
                (scratch / item.name).symlink_to(item)
        (scratch / "locale").mkdir()
        command = [
            sys.executable, "-m", "django", "makemessages", "--locale=uk", "--symlinks", "--no-wrap",
            "--no-obsolete", "--add-location=file", "--extension=html,py,txt,xml", "--verbosity=0",
        ]  # fmt: skip
        environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
        done = subprocess.run(command, cwd=scratch, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"The strings could not be collected: {done.stderr or done.stdout}")
        entries = po.read(scratch / "locale" / "uk" / "LC_MESSAGES" / "django.po")
    for entry in entries:
        entry.texts = dict.fromkeys(range(FORMS), "") if entry.plural else {0: ""}
        # File names without line numbers: a catalogue that changes only when a string does.
        entry.comments = [line for line in entry.comments if not line.startswith("#, fuzzy")]
    return [entry for entry in entries if entry.source]


def save(entries: list[po.Entry]) -> None:
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    po.write(CATALOGUE, entries)
    CATALOGUE.with_suffix(".mo").write_bytes(po.compiled(entries, FORMS))


def lacking(entries: list[po.Entry]) -> dict[str, object]:
    """Messages without a whole translation, in the form in which `merge` takes them back."""
    return {
        entry.key: [entry.texts.get(number, "") for number in range(FORMS)] if entry.plural else ""
        for entry in entries
        if entry.source and (entry.missing(FORMS) or entry.is_fuzzy)
    }


def merge(entries: list[po.Entry], given: dict[str, object]) -> list[str]:
    """Put translations into the entries; return what could not be used, with the reason."""
    by_key, refused = {entry.key: entry for entry in entries if entry.source}, []
    for key, text in given.items():
        entry = by_key.get(key)
        if not text:
            continue
        if entry is None:
            refused.append(f"{key!r} is not marked anywhere in the source.")
            continue
        texts = [text] if isinstance(text, str) else list(text)  # type: ignore[call-overload]
        if len(texts) != (FORMS if entry.plural else 1):
            refused.append(f"{key!r} needs {FORMS if entry.plural else 1} forms and was given {len(texts)}.")
            continue
        before, entry.texts = entry.texts, dict(enumerate(texts))
        if wrong := entry.misplaced():
            refused.append(f"{key!r} has other placeholders than its source: {', '.join(sorted(wrong))}.")
            entry.texts = before
            continue
        entry.comments = [re.sub(r",\s*fuzzy", "", line) for line in entry.comments]
        entry.comments = [line for line in entry.comments if line.strip() != "#"]
    return refused


def main(arguments: list[str]) -> int:
    match arguments:
        case []:
            entries = collect()
            save(entries)
            print(f"{len(entries) - 1} strings, {len(lacking(entries))} without a Ukrainian translation.")
            return 0
        case ["missing", *file] if len(file) < 2:
            entries = collect()
            text = json.dumps(lacking(entries), ensure_ascii=False, indent=1)
            if file:
                Path(file[0]).write_text(text + "\n", encoding="utf-8")
            else:
                print(text)
            return 0
        case ["merge", file]:
            entries = collect()
            refused = merge(entries, json.loads(Path(file).read_text(encoding="utf-8")))
            save(entries)
            print(*refused, sep="\n", file=sys.stderr)
            print(f"{len(entries) - 1} strings, {len(lacking(entries))} without a Ukrainian translation.")
            return int(bool(refused))
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
