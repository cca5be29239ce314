"""The demo's content as it lies in files: the paper, its pictures, its stories, and the slips planted in them."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from standfirst.ops.demo.markup import WrongText, front_matter, links_to_stories, with_dates

HERE = Path(__file__).resolve().parent
CONTENT, PICTURES = HERE / "content", HERE / "pictures"
LANGUAGES = ("en", "uk")
# What the demo's standfirst.toml says about itself; the rest is the installation's own.
SETTINGS = {"name": "The Lantern", "language": "en", "languages": list(LANGUAGES), "time_zone": "Europe/Kyiv"}

# A Ukrainian story takes these from its English pair unless it says otherwise.
_INHERITED = ("kind", "section", "bylines", "tags", "related", "lead", "no_standfirst")


@dataclass(frozen=True)
class Story:
    """One story as written. `when` and the dates in its texts are worked out from "now"."""

    id: str
    language: str
    file: str
    fields: dict[str, Any] = field(repr=False)
    body: str = field(repr=False)
    when: dt.datetime

    @property
    def links(self) -> list[str]:
        return links_to_stories(self.body)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.fields.get(name, "")


def paper() -> dict[str, Any]:
    """The masthead, staff, bylines, sections and tags."""
    return tomllib.loads((CONTENT / "newsroom.toml").read_text(encoding="utf-8"))


def pictures() -> dict[str, dict[str, Any]]:
    """Name of a picture → its file, title, credit and descriptions."""
    return tomllib.loads((CONTENT / "pictures.toml").read_text(encoding="utf-8"))


def slips() -> list[dict[str, str]]:
    """The slips planted on purpose: story, language, wrong, right, kind, note."""
    return json.loads((CONTENT / "slips.json").read_text(encoding="utf-8"))["slips"]


def changes() -> list[dict[str, Any]]:
    """What changed in stories that were out: the story's id; by language the words before and after, and a note."""
    return tomllib.loads((CONTENT / "changes.toml").read_text(encoding="utf-8"))["changes"]


def stories(*, now: dt.datetime) -> list[Story]:
    """All stories, oldest first. now: aware, in the paper's time zone."""
    found: list[Story] = []
    english: dict[str, dict[str, Any]] = {}
    for language in LANGUAGES:
        for file in sorted((CONTENT / language).glob("*.md")):
            try:
                fields, body = front_matter(file.read_text(encoding="utf-8"))
            except (WrongText, tomllib.TOMLDecodeError) as error:
                raise WrongText(f"{language}/{file.name}: {error}") from error
            if language == LANGUAGES[0]:
                english[fields["id"]] = fields
            elif pair := english.get(fields["id"]):
                fields = _paired(fields, pair)
            when = _when(fields, now)
            dated = with_dates({"fields": fields, "body": body}, when.date(), language)
            found.append(Story(fields["id"], language, f"{language}/{file.name}", dated["fields"], dated["body"], when))
    return sorted(found, key=lambda story: (story.when, story.file))


def desk(*, now: dt.datetime) -> list[Story]:
    """What is not out yet: a draft, a scheduled story. In the first language."""
    found = []
    for file in sorted((CONTENT / "desk").glob("*.md")):
        fields, body = front_matter(file.read_text(encoding="utf-8"))
        found.append(Story(fields["id"], LANGUAGES[0], f"desk/{file.name}", fields, body, _when(fields, now)))
    return found


def letters() -> list[dict[str, Any]]:
    """What readers have written: kind, text, sender; the story's id and the words it is about, if any."""
    return tomllib.loads((CONTENT / "letters.toml").read_text(encoding="utf-8"))["letters"]


def patrons() -> dict[str, Any]:
    """What readers can give and who gives it, with all that happened to each pledge; and who gets which letters."""
    return tomllib.loads((CONTENT / "patrons.toml").read_text(encoding="utf-8"))


def corrections() -> dict[str, Any]:
    """What readers said was wrong, with the desk's decision if there is one, and what the desk put right by itself."""
    return tomllib.loads((CONTENT / "corrections.toml").read_text(encoding="utf-8"))


def _paired(fields: dict[str, Any], pair: dict[str, Any]) -> dict[str, Any]:
    fields = {key: pair[key] for key in _INHERITED if key in pair} | fields
    if "picture" in pair:
        fields["picture"] = pair["picture"] | {"caption": ""} | fields.get("picture", {})
    return fields


def _when(fields: dict[str, Any], now: dt.datetime) -> dt.datetime:
    if "hours" in fields:
        return (now + dt.timedelta(hours=fields["hours"])).replace(second=0, microsecond=0)
    clock = dt.time.fromisoformat(fields["time"])
    return dt.datetime.combine(now.date() + dt.timedelta(days=fields["days"]), clock, tzinfo=now.tzinfo)
