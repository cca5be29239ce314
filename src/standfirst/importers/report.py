"""What an import says at the end: how much came in, what was changed, what was left out and why."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any, TextIO

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_SHOWN_IDS = 5


def shown_id(foreign_id: str) -> int | str:
    """A number where the old system counts its texts, else the name it has for them."""
    return int(foreign_id) if foreign_id.isascii() and foreign_id.isdigit() and len(foreign_id) < 16 else foreign_id


def _few(numbers: list[int | str]) -> str:
    """The first few numbers, and that there are more."""
    more = len(numbers) - _SHOWN_IDS
    shown = ", ".join(map(str, numbers[:_SHOWN_IDS]))
    return shown if more <= 0 else _("%(numbers)s and %(more)d more") % {"numbers": shown, "more": more}


@dataclass
class Report:
    source: str = ""
    totals: dict[str, int] = field(default_factory=dict)
    stories: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[dict[str, Any]] = field(default_factory=list)
    missing_pictures: dict[str, dict[str, Any]] = field(default_factory=dict)
    changed_here: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    seconds: float = 0.0

    def count(self, what: str, number: int = 1) -> None:
        self.totals[what] = self.totals.get(what, 0) + number

    def note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)

    def miss(self, *, picture: str, why: str, text: str, caption: str = "") -> None:
        entry = self.missing_pictures.setdefault(picture, {"picture": picture, "why": why, "in": [], "captions": []})
        if len(entry["in"]) < 50 and shown_id(text) not in entry["in"]:
            entry["in"].append(shown_id(text))
        if caption and caption not in entry["captions"]:
            entry["captions"].append(caption)

    def done(self) -> None:
        self.seconds = round(time.monotonic() - self.began, 2)

    @property
    def per_second(self) -> float:
        done = sum(self.totals.get(key, 0) for key in ("published", "drafts", "pages", "updated", "unchanged"))
        return round(done / self.seconds, 1) if self.seconds else 0.0

    def as_json(self) -> str:
        return json.dumps(
            {
                "source": self.source,
                "totals": self.totals,
                "seconds": self.seconds,
                "per_second": self.per_second,
                "stories": self.stories,
                "left_out": self.left_out,
                "missing_pictures": list(self.missing_pictures.values()),
                "changed_here": self.changed_here,
                "notes": self.notes,
            },
            ensure_ascii=False,
            indent=1,
        )

    def write_plain(self, out: TextIO) -> None:
        """The report for people: the sums, then every entry about which there is something to say."""
        for line in self._sums():
            out.write(f"{line}\n")
        self._list(
            out, _("Changed or worth a look:"), [self._about(story) for story in self.stories if story["changes"]]
        )
        self._list(
            out,
            _("Changed here since, and therefore left alone:"),
            [
                _("%(id)s “%(ours)s” at %(address)s; the export now says “%(theirs)s”.") % entry
                for entry in self.changed_here
            ],
        )
        self._list(out, _("Left out:"), [f"{e['id']} “{e['title']}”: {e['why']}" for e in self.left_out])
        self._list(
            out,
            _("Pictures that were not found; the stories stand without them:"),
            [
                _("%(picture)s in %(posts)s: %(why)s") % {**e, "posts": _few(e["in"])}
                for e in self.missing_pictures.values()
            ],
        )
        for note in self.notes:
            out.write(f"{note}\n")
        out.write(
            _("%(seconds).1f seconds, %(rate).0f entries a second.\n")
            % {"seconds": self.seconds, "rate": self.per_second}
        )

    def _sums(self) -> list[str]:
        sums = {
            "published": lambda n: ngettext("%(n)d story published.", "%(n)d stories published.", n),
            "drafts": lambda n: ngettext("%(n)d story kept as a draft.", "%(n)d stories kept as drafts.", n),
            "pages": lambda n: ngettext("%(n)d page.", "%(n)d pages.", n),
            "pictures": lambda n: ngettext("%(n)d picture.", "%(n)d pictures.", n),
            "sections": lambda n: ngettext("%(n)d new section.", "%(n)d new sections.", n),
            "bylines": lambda n: ngettext("%(n)d new byline.", "%(n)d new bylines.", n),
            "tags": lambda n: ngettext("%(n)d new tag.", "%(n)d new tags.", n),
            "addresses": lambda n: ngettext("%(n)d old address leads here.", "%(n)d old addresses lead here.", n),
            "updated": lambda n: ngettext("%(n)d entry brought up to date.", "%(n)d entries brought up to date.", n),
            "unchanged": lambda n: ngettext("%(n)d entry was here already.", "%(n)d entries were here already.", n),
            "changed_here": lambda n: ngettext(
                "%(n)d entry was changed here since and left alone.",
                "%(n)d entries were changed here since and left alone.",
                n,
            ),
            "left_out": lambda n: ngettext("%(n)d entry left out.", "%(n)d entries left out.", n),
            "comments": lambda n: ngettext("%(n)d comment left out.", "%(n)d comments left out.", n),
        }
        return [text(self.totals[key]) % {"n": self.totals[key]} for key, text in sums.items() if self.totals.get(key)]

    def _about(self, story: dict[str, Any]) -> str:
        return f"{story['id']} “{story['title']}”: {' '.join(story['changes'])}"

    def _list(self, out: TextIO, heading: str, lines: list[str]) -> None:
        if lines:
            out.write(f"\n{heading}\n")
            out.writelines(f"  {line}\n" for line in lines)
            out.write("\n")
