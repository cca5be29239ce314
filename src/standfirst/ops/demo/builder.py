"""Build the demo newsroom, all of it through the rooms' own services, which so prove themselves."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import transaction
from django.utils import timezone, translation

from standfirst.corrections.answers import answer_in
from standfirst.corrections.models import Case
from standfirst.corrections.services import suggestion_file
from standfirst.corrections.services.accepting import case_accept
from standfirst.corrections.services.cases import case_check, case_decline
from standfirst.fronts.models import HomeBand, HomePage, HomeSecond, Masthead, MastheadText
from standfirst.fronts.services import paper_found
from standfirst.kit.anchoring import Place, Quote, place
from standfirst.letterbox.services import letter_receive
from standfirst.mailroom.models import Mailing
from standfirst.mailroom.services import letter_queue, mailing_change, subscribe
from standfirst.ops import folders
from standfirst.ops.demo import markup, reading
from standfirst.ops.demo.patrons import patrons_enter
from standfirst.people.models import Byline, User
from standfirst.people.services import account_add, byline_add
from standfirst.stories.models import NewsDocument, NewsImage, Section, StoryKind, StoryKindText, StoryPage
from standfirst.stories.passages import text_of_version
from standfirst.stories.richtext import repair_stream
from standfirst.stories.services import PassageEdit, section_add, story_draft, story_publish, story_revise
from standfirst.wire.letters.composing import letter_words, stories_for

if TYPE_CHECKING:
    from standfirst.config.newsroom import Newsroom

EVERYTHING = "bridge-closes"
_figure = re.compile(r"[€$]?[\d.,\s]+(\s?(%|UAH|€))?")


@dataclass
class DemoReport:
    """What was built, for whoever prints it."""

    stories: dict[str, int]
    pictures: int
    bylines: int
    sign_ins: Path
    accounts: list[str]
    lead: str
    everything: str


@dataclass
class _Room:
    """What has been built so far."""

    now: dt.datetime
    homes: dict[str, HomePage] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    bylines: dict[str, Byline] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    kinds: dict[str, StoryKind] = field(default_factory=dict)
    pictures: dict[str, NewsImage] = field(default_factory=dict)
    about: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, NewsDocument] = field(default_factory=dict)
    stories: dict[tuple[str, str], StoryPage] = field(default_factory=dict)


def demo_build(*, newsroom: Newsroom, now: dt.datetime | None = None) -> DemoReport:
    """Fill an empty, migrated newsroom with the demo paper.

    All or nothing as far as the database goes. now: the moment the demo is "today"; stories lie in the two
    months before it. The passwords of the three accounts are random and lie in a file that only its owner
    can read. Raises AlreadyThere when the newsroom has the demo's accounts.
    """
    zone = zoneinfo.ZoneInfo(newsroom.time_zone)
    room = _Room(now=(now or timezone.now()).astimezone(zone))
    with timezone.override(zone), translation.override(reading.LANGUAGES[0]), transaction.atomic():
        paper = reading.paper()
        room.homes = paper_found(
            name=paper["masthead"]["name"], languages=reading.LANGUAGES, base_url=newsroom.base_url
        )
        secrets = _people(room, paper)
        _frame(paper)
        _pictures(room)
        written = reading.stories(now=room.now)
        for story in written:
            _story(room, story, paper["tags"])
        _changes(room)
        _corrections(room)
        _home(room, paper["home"], written)
        _desk(room, paper["tags"])
        _letters(room, written)
        patrons_enter(now=room.now, by=room.people["administrator"].email)
    sign_ins = _write_sign_ins(newsroom, paper, secrets)
    return DemoReport(
        stories={code: sum(story.language == code for story in written) for code in reading.LANGUAGES},
        pictures=len(room.pictures),
        bylines=len(room.bylines),
        sign_ins=sign_ins,
        accounts=[person["email"] for person in paper["staff"]],
        lead=_address(room, next(story.id for story in written if story.lead)),
        everything=_address(room, EVERYTHING),
    )


def _people(room: _Room, paper: dict[str, Any]) -> dict[str, str]:
    secrets: dict[str, str] = {}
    for person in paper["staff"]:
        user, secret = account_add(email=person["email"], name=person["name"], role=person["role"])
        room.people[person["key"]] = user
        secrets[person["email"]] = secret
    for one in paper["bylines"]:
        byline = byline_add(
            name=one["name"],
            slug=one["slug"],
            kind=one.get("kind", Byline.Kind.PERSON),
            role=one["role"],
            bio=one["bio"],
            account=room.people.get(one.get("account", "")),
            texts={"uk": one["uk"]},
        )
        if one.get("fediverse"):
            byline.fediverse = one["fediverse"]
            byline.save()
        room.bylines[one["slug"]] = byline
    for order, one in enumerate(paper["sections"]):
        room.sections[one["slug"]] = section_add(
            title=one["title"],
            slug=one["slug"],
            description=one["description"],
            sort_order=10 * (order + 1),
            texts={"uk": one["uk"]},
        )
    room.kinds = {kind.slug: kind for kind in StoryKind.objects.all()}
    for slug, label in paper["kinds"].items():
        kind = room.kinds[slug]
        kind.texts = [StoryKindText(language="uk", label=label)]
        kind.save()
    return secrets


def _frame(paper: dict[str, Any]) -> None:
    """The masthead's values and its words in both languages."""
    words = dict(paper["masthead"])
    texts = words.pop("texts")
    masthead = Masthead.objects.get()
    for name, value in words.items():
        setattr(masthead, name, value)
    masthead.texts = [MastheadText(language=code, **texts[code]) for code in reading.LANGUAGES]
    masthead.full_clean()
    masthead.save()


def _pictures(room: _Room) -> None:
    room.about = reading.pictures()
    for name, about in room.about.items():
        with (reading.PICTURES / about["file"]).open("rb") as file:
            picture = NewsImage(
                title=about["title"],
                file=ImageFile(file, name=about["file"]),
                credit=about["credit"],
                source_kind=about["source_kind"],
                taken_on=about.get("taken_on", ""),
                taken_place=about["taken_place"],
                licence="CC BY 4.0",
                licence_url="https://creativecommons.org/licenses/by/4.0/",
                may_be_passed_on=about["source_kind"] == NewsImage.SourceKind.ILLUSTRATION,
                uploaded_by_user=room.people["editor"],
            )
            # The point that must stay in view when a picture is cropped, in pixels of the original.
            x, y = about["focus"]
            picture.focal_point_x, picture.focal_point_y = int(x * picture.width), int(y * picture.height)
            picture.focal_point_width = picture.focal_point_height = 400
            picture.save()
        room.pictures[name] = picture
    for file in sorted(reading.PICTURES.glob("*.pdf")):
        room.files[file.name] = NewsDocument.objects.create(
            title="Report 14/2, pages 31–44 (invented)",
            file=ContentFile(file.read_bytes(), name=file.name),
            source="The Lantern",
            uploaded_by_user=room.people["reporter"],
        )


def _story(room: _Room, story: reading.Story, tags: dict[str, list[str]]) -> None:
    draft = _draft(room, story, tags, first_published_at=story.when)
    story_publish(story=draft, editor=room.people["editor"])
    draft.refresh_from_db()
    room.stories[story.id, story.language] = draft


def _changes(room: _Room) -> None:
    """Publish again what changed since it came out, so that readers see when, and what it said before."""
    editor = room.people["editor"]
    for change in reading.changes():
        for language in reading.LANGUAGES:
            story, words = room.stories[change["story"], language], change[language]
            draft = story.get_latest_revision_as_object()
            body = draft.body.get_prep_value()
            for block in body:
                if block["type"] == "text":
                    block["value"] = block["value"].replace(words["was"], words["is"])
            note = {"at": room.now.replace(second=0, microsecond=0), "text": markup.html(words["note"])}
            body.append({"type": "update_note", "value": note})
            draft.body = draft.body.stream_block.to_python(repair_stream(body))
            draft.save_revision(user=editor)
            story.refresh_from_db()
            story_publish(story=story, editor=editor, label="update")
            story.refresh_from_db()


def _corrections(room: _Room) -> None:
    """Reports of readers with what the desk made of them, and what it put right by itself."""
    said = reading.corrections()
    for report in said["reports"]:
        language = report["language"]
        story = room.stories[report["story"], language]
        for reader in report["readers"]:
            words = {name: reader[name] for name in ("kind", "wording", "why", "reply_to", "credit") if name in reader}
            at = room.now - dt.timedelta(hours=reader["hours"])
            quote = Quote(exact=report["quote"])
            case = suggestion_file(story=story, quote=quote, language=language, received_at=at, **words).case
        _decide(room, case, report)
        story.refresh_from_db()
    for change in said["changes"]:
        for language in reading.LANGUAGES:
            story, words = room.stories[change["story"], language], change[language]
            text = text_of_version(story.public_versions.order_by("-number")[0])
            found = place(Quote(exact=words["was"]), text) if text is not None else None
            if not isinstance(found, Place):
                raise markup.WrongText(f"{change['story']} ({language}) does not say “{words['was']}”.")
            edit = PassageEdit(found.block, found.start, found.end, found.exact, words["is"])
            editor = room.people["editor"]
            story_revise(story=story, edits=[edit], label=change["label"], note=words["note"], editor=editor)
            story.refresh_from_db()


def _decide(room: _Room, case: Case, report: dict[str, Any]) -> None:
    editor, note, decision = room.people["editor"], report.get("note", ""), report.get("decision")
    if decision == "accept":
        reader = report["readers"][0]
        credit = reader.get("credit", "")
        case_accept(
            case=case, wording=reader["wording"], label=report["label"], note=note, editor=editor, credit=credit
        )
    elif decision == "check":
        case_check(case=case, assigned_to=room.people[report["by"]], note=note, editor=editor)
    elif decision == "decline":
        case_decline(case=case, answer=answer_in(report["language"], report["answer"]), editor=editor)


def _letters(room: _Room, written: list[reading.Story]) -> None:
    """Readers of the daily letter, and one on its way to them: into data/mail, when the newsroom runs."""
    for mailing in Mailing.objects.filter(key__in=["daily", "weekly"]):
        mailing_change(mailing=mailing, is_open=True)
    daily = Mailing.objects.get(key="daily")
    for language, names in reading.patrons()["letters"]["readers"].items():
        for name in names:
            subscribe(
                email=f"{name}@readers.example", mailing=daily, language=language, page="", wording="",
                basis="import: the demo",
            )  # fmt: skip
    language = reading.LANGUAGES[0]
    keys = [room.stories[story.id, language].pk for story in written if story.language == language][:4]
    words = letter_words(mailing=daily, language=language, stories=stories_for(keys, language))
    letter_queue(
        mailing=daily, subject=words.subject, preheader=words.preheader, text=words.text, html=words.html,
        language=language, carries=words.carries,
    )  # fmt: skip


def _desk(room: _Room, tags: dict[str, list[str]]) -> None:
    """What the desk finds in the morning: a draft, a story for tomorrow, letters from readers."""
    for story in reading.desk(now=room.now):
        draft = _draft(room, story, tags)
        if story.state == "scheduled":
            draft.go_live_at = story.when
            draft.save_revision(user=room.people["editor"]).publish(user=room.people["editor"])
    for number, letter in enumerate(reading.letters()):
        story_id = letter.pop("story", None)
        about = room.stories[story_id, letter["language"]].public_path if story_id else ""
        letter_receive(token=f"demo-{number}", about_path=str(about), **letter)


def _draft(
    room: _Room, story: reading.Story, tags: dict[str, list[str]], *, first_published_at: dt.datetime | None = None
) -> StoryPage:
    language = story.language
    picture = story.picture or {}
    about = room.about[picture["name"]] if picture else {}
    author = next((room.bylines[slug].account for slug in story.bylines), None) or room.people["reporter"]
    return story_draft(
        language=language,
        headline=story.headline,
        slug=story.slug,
        kicker=story.kicker,
        standfirst=story.standfirst,
        kind=room.kinds[story.kind],
        section=room.sections[story.section],
        author=author,
        dateline=story.dateline,
        bylines=[room.bylines[slug] for slug in story.bylines],
        based_on=[(one["name"], one["url"]) for one in story.based_on or []],
        lead_image=room.pictures[picture["name"]] if picture else None,
        lead_alt=about.get(f"alt_{language}", ""),
        lead_caption=picture.get("caption", ""),
        lead_credit=_credit(about, language),
        body=_body(room, story),
        methods=markup.html(story.methods) if story.methods else "",
        sources=story.sources or [],
        tags=[tags[slug][reading.LANGUAGES.index(language)] for slug in story.tags],
        # Only what was there before it: a later story enters older lists by machine.
        related=[room.stories[one, language] for one in story.related or [] if (one, language) in room.stories],
        first_published_at=first_published_at,
        translation_of=next(
            (room.stories[story.id, code] for code in reading.LANGUAGES if (story.id, code) in room.stories), None
        ),
    )


def _credit(about: dict[str, Any], language: str) -> str:
    """Credits are written in the paper's first language; another language has its own words for them."""
    return about.get(f"credit_{language}", "") if language != reading.LANGUAGES[0] else ""


def _body(room: _Room, story: reading.Story) -> list[dict[str, Any]]:
    pages = {one: page.pk for (one, language), page in room.stories.items() if language == story.language}
    made = []
    for kind, value in markup.blocks(story.body):
        if kind == "text":
            value = markup.html(value, pages)
        elif kind == "picture":
            value = _use(room, value, story.language)
        elif kind == "gallery":
            value = value | {"pictures": [_use(room, one, story.language) for one in value["pictures"]]}
        elif kind == "table":
            value = _table(value)
        elif kind == "fact_box":
            value = value | {"text": markup.html(value["text"], pages)}
        elif kind == "file":
            value = {"document": room.files[value["name"]].pk, "label": value["label"]}
        elif kind == "update_note":
            day = story.when.date() + dt.timedelta(days=value["day"])
            at = dt.datetime.combine(day, dt.time.fromisoformat(value["time"]), tzinfo=story.when.tzinfo)
            value = {"at": at, "text": markup.html(value["text"], pages)}
        made.append({"type": kind, "value": value})
    return made


def _use(room: _Room, use: dict[str, Any], language: str) -> dict[str, Any]:
    """One use of a picture in running text, described in the story's language."""
    about = room.about[use["name"]]
    return {
        "image": room.pictures[use["name"]].pk,
        "alt": use.get("alt") or about.get(f"alt_{language}", ""),
        "decorative": use.get("decorative", False),
        "caption": use.get("caption", ""),
        "credit": _credit(about, language),
    }


def _table(value: dict[str, Any]) -> dict[str, Any]:
    heads, *rows = value["rows"]
    # A column of figures stands to the right; words stand to the left and may break.
    kinds = [
        "number" if all(_figure.fullmatch(cell) for cell in cells) else "text" for cells in zip(*rows, strict=True)
    ]
    return {
        "caption": value["caption"],
        "note": value.get("note", ""),
        "first_column_is_header": value.get("first_column_is_header", True),
        "table": {
            "columns": [{"type": kind, "heading": head} for kind, head in zip(kinds, heads, strict=True)],
            "rows": [{"values": row} for row in rows],
            "caption": "",
        },
    }


def _home(room: _Room, arranged: dict[str, Any], written: list[reading.Story]) -> None:
    """Arrange both fronts by hand, as an editor would of a morning."""
    lead = next(story.id for story in written if story.lead)
    for language, home in room.homes.items():
        home.lead = room.stories[lead, language]
        home.seconds = [
            HomeSecond(story=room.stories[one, language], sort_order=order)
            for order, one in enumerate(arranged["seconds"])
        ]
        home.seconds_count = len(arranged["seconds"])
        home.bands = [
            HomeBand(section=room.sections[slug], sort_order=order) for order, slug in enumerate(arranged["bands"])
        ]
        home.save_revision(user=room.people["editor"]).publish(user=room.people["editor"])


def _address(room: _Room, story_id: str) -> str:
    return str(room.stories[story_id, reading.LANGUAGES[0]].public_path)


def _write_sign_ins(newsroom: Newsroom, paper: dict[str, Any], secrets: dict[str, str]) -> Path:
    """The passwords, in a file that only its owner can read."""
    lines = [f"{paper['masthead']['name']}, a demo newsroom. Sign in at /desk/ with one of these:", ""]
    for person in paper["staff"]:
        lines.append(f"{person['role']:14} {person['email']:32} {secrets[person['email']]}")
    target = folders.secrets_folder(newsroom.folder) / folders.SIGN_INS
    folders.write_private(target, "\n".join(lines) + "\n")
    return target
