"""What the corrections room takes out of a newsroom, and how it is read back.

The log goes into every export, as far as its stories do; what readers sent and the desk's work on it only into a
private one.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch

from standfirst.corrections import withheld_export
from standfirst.corrections.models import (
    Amendment,
    AmendmentText,
    Case,
    Correction,
    CorrectionLabel,
    CorrectionText,
    ReadyAnswer,
    SecondLook,
    Suggestion,
    Withholding,
)
from standfirst.kit.canonical import canonical_digest
from standfirst.kit.exports import BadExport, Fields, In, Out, Part, gettext_noop, moment, part, records
from standfirst.people.models import User
from standfirst.stories.models import PublicVersion

LOG, CASES, ANSWERS = "corrections.json", "cases.json", "ready-answers.json"
_PASSAGE = ("version", "block", "start", "end", "exact", "prefix", "suffix")


def register() -> None:
    part(Part("corrections", 60, _write, _read, holds=_holds))


def _holds() -> dict[str, int]:
    return {
        "corrections": Correction.objects.count(),
        "cases": Case.objects.count(),
        "withholdings": Withholding.objects.count(),
    }


def _write(out: Out) -> None:
    rows = (
        Correction.objects.select_related("text", "before", "after")
        .prefetch_related(Prefetch("amendments", Amendment.objects.select_related("words").order_by("number")))
        .order_by("number")
    )
    if not out.private:
        rows = rows.filter(story__live=True, story__public_path__isnull=False)
    said = [_entry(one) for one in rows]
    out.json(LOG, said)
    out.count("corrections", len(said))
    withheld_export.write(out)
    answers = ReadyAnswer.objects.order_by("language", "kind")
    out.json(ANSWERS, [{"language": one.language, "kind": one.kind, "text": one.text} for one in answers])
    if out.private:
        cases = Case.objects.select_related("assigned_to", "decided_by", "correction").order_by("pk")
        cases = cases.prefetch_related(Prefetch("suggestions", Suggestion.objects.order_by("pk")))
        out.json(CASES, {"cases": [_case(one) for one in cases], "second_looks": _second_looks()})
        out.count("cases", len(cases))


def _entry(one: Correction) -> dict[str, Any]:
    said: dict[str, Any] = {
        "number": one.number,
        "story": one.story_id,
        "label": one.label,
        "before": one.before.number if one.before else None,
        "after": one.after.number if one.after else None,
        "place": one.place,
        "origin": one.origin,
        "reported_at": moment(one.reported_at),
        "fixed_at": moment(one.fixed_at),
        "digest": one.digest,
        "amendments": [
            {"number": line.number, "at": moment(line.at), "digest": line.digest}
            | ({"text": line.text, "salt": bytes(line.salt).hex()} if line.text else {})
            | ({"is_masked": True} if hasattr(line, "words") and line.words.is_masked else {})
            for line in one.amendments.all()
        ],
    }
    if not one.is_withheld:
        words = {name: getattr(one.text, name) for name in ("note", "was", "now", "credit")}
        said |= {"text": words, "salt": bytes(one.salt).hex()} | ({"is_masked": True} if one.text.is_masked else {})
    return said


def _case(one: Case) -> dict[str, Any]:
    return {
        "id": one.pk,
        "story": one.story_id,
        **_passage(one),
        "state": one.state,
        "gravity": one.gravity,
        "reports": one.reports,
        "opened_at": moment(one.opened_at),
        "reported_at": moment(one.reported_at),
        "is_aside": one.is_aside,
        "assigned_to": one.assigned_to.email if one.assigned_to else "",
        "decided_by": one.decided_by.email if one.decided_by else "",
        "decided_at": moment(one.decided_at),
        "answer": one.answer,
        "note": one.note,
        "duplicate_of": one.duplicate_of_id,
        "correction": one.correction.number if one.correction else None,
        "suggestions": [
            {
                **_passage(each),
                "token": each.token,
                "number": each.number,
                "once": each.once,
                "spool_id": each.spool_id or "",
                "kind": each.kind,
                "received_at": moment(each.received_at),
                "language": each.language,
                "wording": each.wording,
                "why": each.why,
                "reply_to": each.reply_to,
                "credit": each.credit,
                "is_spam": each.is_spam,
                "told_at": moment(each.told_at),
            }
            for each in one.suggestions.all()
        ],
    }


def _passage(one: Case | Suggestion) -> dict[str, Any]:
    return {name: getattr(one, name) for name in _PASSAGE}


def _second_looks() -> list[dict[str, Any]]:
    rows = SecondLook.objects.select_related("correction", "author", "looked_by").order_by("correction__number")
    return [
        {
            "correction": one.correction.number,
            "author": one.author.email if one.author else "",
            "waits_since": moment(one.waits_since),
            "looked_by": one.looked_by.email if one.looked_by else "",
            "looked_at": moment(one.looked_at),
        }
        for one in rows
    ]


# Back ---------------------------------------------------------------------------------------------


def _read(inward: In) -> None:
    entries = {one.number: one for one in (_read_entry(inward, said) for said in records(inward.json(LOG), LOG))}
    inward.count("corrections", len(entries))
    withheld_export.read(inward, entries)
    ReadyAnswer.objects.bulk_create(
        [
            ReadyAnswer(
                language=said.needed("language", 20), kind=said.needed("kind", 12), text=said.needed("text", 2000)
            )
            for said in records(inward.json(ANSWERS), ANSWERS)
        ]
    )
    if not inward.has(CASES):
        return
    said = Fields(inward.json(CASES), CASES)
    accounts = {user.email.lower(): user for user in User.objects.all()}
    duplicates: list[tuple[int, int]] = []
    for line in said.records("cases"):
        case = _read_case(inward, line, entries, accounts)
        first = line.number_or_none("duplicate_of")
        if first is not None:
            duplicates.append((case.pk, first))
    for pk, first in duplicates:
        Case.objects.filter(pk=pk).update(duplicate_of_id=first)
    inward.count("cases", len(said.items("cases")))
    for line in said.records("second_looks"):
        SecondLook.objects.create(
            correction=_needed_entry(line, entries),
            author=accounts.get(line.text("author", 254).lower()),
            waits_since=_needed_moment(line, "waits_since"),
            looked_by=accounts.get(line.text("looked_by", 254).lower()),
            looked_at=line.moment("looked_at"),
        )


def _read_entry(inward: In, said: Fields) -> Correction:
    story = said.number("story")
    if story not in inward.known("story"):
        raise BadExport(
            gettext_noop("%(where)s: its story %(story)s is not in the export. Export again."),
            where=said.where,
            story=story,
        )
    words = said.record("text")
    text = {name: words.text(name) for name in ("note", "was", "now", "credit")} if words else None
    salt, is_masked = _salt(said), said.flag("is_masked")
    if text is not None and not is_masked and canonical_digest(text, salt=salt) != said.text("digest", 64):
        raise BadExport(
            gettext_noop("%(where)s: its words are not those readers were told. Export again."), where=said.where
        )
    one = Correction.objects.create(
        number=said.number("number"),
        story_id=story,
        label=said.choice("label", CorrectionLabel.values),
        before=_version(said, story, "before"),
        after=_version(said, story, "after"),
        place=said.choice("place", Correction.Place.values),
        origin=said.choice("origin", Correction.Origin.values),
        reported_at=said.moment("reported_at"),
        fixed_at=_needed_moment(said, "fixed_at"),
        digest=said.needed("digest", 64),
    )
    if text is not None:
        CorrectionText.objects.create(correction=one, salt=salt, is_masked=is_masked, **text)
    for line in said.records("amendments"):
        amendment = Amendment.objects.create(
            correction=one,
            number=line.number("number"),
            at=_needed_moment(line, "at"),
            digest=line.needed("digest", 64),
        )
        if said_line := line.text("text", 1000):
            AmendmentText.objects.create(
                amendment=amendment, text=said_line, salt=_salt(line), is_masked=line.flag("is_masked")
            )
    return one


def _read_case(inward: In, said: Fields, entries: dict[int, Correction], accounts: dict[str, User]) -> Case:
    story = said.number("story")
    if story not in inward.known("story"):
        raise BadExport(
            gettext_noop("%(where)s: its story %(story)s is not in the export. Export again."),
            where=said.where,
            story=story,
        )
    entry = said.number_or_none("correction")
    case = Case.objects.create(
        pk=said.number("id"),
        story_id=story,
        **_read_passage(said),
        state=said.choice("state", Case.State.values),
        gravity=said.number("gravity", least=1, most=3),
        reports=said.number("reports", least=0),
        opened_at=_needed_moment(said, "opened_at"),
        reported_at=_needed_moment(said, "reported_at"),
        is_aside=said.flag("is_aside"),
        assigned_to=accounts.get(said.text("assigned_to", 254).lower()),
        decided_by=accounts.get(said.text("decided_by", 254).lower()),
        decided_at=said.moment("decided_at"),
        answer=said.text("answer", 2000),
        note=said.text("note", 2000),
        correction=_needed_entry(said, entries) if entry is not None else None,
    )
    Suggestion.objects.bulk_create(
        [
            Suggestion(
                case=case,
                **_read_passage(line),
                token=line.needed("token", 43),
                number=line.needed("number", 12),
                once=line.needed("once", 64),
                spool_id=line.text("spool_id", 32) or None,
                kind=line.choice("kind", Suggestion.Kind.values),
                received_at=_needed_moment(line, "received_at"),
                language=line.text("language", 20),
                wording=line.text("wording", 1000),
                why=line.text("why", 2000),
                reply_to=line.text("reply_to", 254),
                credit=line.text("credit", 100),
                is_spam=line.flag("is_spam"),
                told_at=line.moment("told_at"),
            )
            for line in said.records("suggestions")
        ]
    )
    return case


def _read_passage(said: Fields) -> dict[str, Any]:
    return {
        "version": said.number("version", least=0),
        "block": said.text("block", 80),
        "start": said.number_or_none("start", least=0),
        "end": said.number_or_none("end", least=0),
        "exact": said.text("exact", 500),
        "prefix": said.text("prefix", 64),
        "suffix": said.text("suffix", 64),
    }


def _version(said: Fields, story: int, name: str) -> PublicVersion | None:
    number = said.number_or_none(name)
    if number is None:
        return None
    found = PublicVersion.objects.filter(story_id=story, number=number).first()
    if found is None:
        raise BadExport(
            gettext_noop("%(where)s: version %(number)s of its story is not in the export. Export again."),
            where=said.where,
            number=number,
        )
    return found


def _needed_entry(said: Fields, entries: dict[int, Correction]) -> Correction:
    number = said.number("correction")
    if number not in entries:
        raise BadExport(
            gettext_noop("%(where)s: entry %(number)s of the log is not in the export. Export again."),
            where=said.where,
            number=number,
        )
    return entries[number]


def _needed_moment(said: Fields, name: str) -> Any:
    found = said.moment(name)
    if found is None:
        raise BadExport(
            gettext_noop("%(where)s: “%(name)s” should be a moment such as 2026-11-03T07:00:00+00:00."),
            where=said.where,
            name=name,
        )
    return found


def _salt(said: Fields) -> bytes:
    try:
        return bytes.fromhex(said.text("salt", 128))
    except ValueError:
        raise BadExport(gettext_noop("%(where)s: “salt” should be hexadecimal."), where=said.where) from None
