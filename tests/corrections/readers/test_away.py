"""Readers suggest while the database is away: by form and by JSON, each arrives once, and nothing untrue is said."""

import dataclasses

import pytest
from django.db import InterfaceError, OperationalError

from standfirst.corrections import floods
from standfirst.corrections.models import Case, Suggestion
from standfirst.corrections.services import Sent
from standfirst.letterbox import delivery, spool
from standfirst.letterbox.models import Letter
from tests.corrections.readers.conftest import republish, stands
from tests.letterbox.conftest import words
from tests.letterbox.test_away import database_away

WAITS = "What you sent is kept safely and waits for it"


def deliver(data):
    assert delivery.spool_deliver(data=data) is None
    assert spool.spool_waiting(data=data) == []


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_json_sent_while_the_database_is_away_arrives_when_it_is_back(story, reader, data, error):
    with database_away(error):
        answer = reader.suggests(
            story.suggest_path, exact="Andri Kosenko", block="p-bbbbb", start=6, end=19, version=1,
            wording="Andrii Kosenko", why="Його сторінка.", email="petro@readers.example", credit="Петро",
        )  # fmt: skip
        status = reader.client.get(answer.json()["status"])

    assert (answer.status_code, answer.json()["waiting"]) == (201, True)
    assert (status.status_code, status["Cache-Control"]) == (200, "no-store")
    assert WAITS in words(status)
    assert status["Referrer-Policy"] == "no-referrer"
    assert "it reaches the desk" in words(reader.client.get(answer.json()["status"])).replace(
        "and reaches", "it reaches"
    )
    assert Suggestion.objects.count() == 0

    deliver(data)
    suggestion = Suggestion.objects.get()
    assert suggestion.number == answer.json()["number"]
    assert answer.json()["status"] == f"/suggestions/{suggestion.token}/"
    assert (stands(suggestion), stands(suggestion.case)) == ("Andri Kosenko",) * 2
    assert (suggestion.reply_to, suggestion.credit, suggestion.why) == (
        "petro@readers.example",
        "Петро",
        "Його сторінка.",
    )
    assert "We have it. No editor has decided" in words(reader.client.get(answer.json()["status"]))


def test_the_form_works_without_the_database_and_names_its_passage(story, reader, data):
    with database_away():
        shown = reader.client.get(f"{story.suggest_path}?p=p-ccccc")
        answer = reader.send(f"{story.suggest_path}?p=p-ccccc", why="Nobody counted them.", kind="correction")
        status = reader.client.get(answer["Location"])

    assert (shown.status_code, shown["Cache-Control"]) == (200, "no-store")
    assert b"<script" not in shown.content
    assert answer.status_code == 303
    assert WAITS in words(status)

    deliver(data)
    suggestion = Suggestion.objects.get()
    assert stands(suggestion) == "Some 7,000 people cross the bridge every day."
    assert answer["Location"] == f"/suggestions/{suggestion.token}/"


def test_a_form_opened_before_the_database_went_away_can_be_sent(story, reader, data):
    values = reader.fields(reader.client.get(story.suggest_path)) | {"exact": "shaked hands", "block": "p-bbbbb"}
    reader.clock.now += 5
    with database_away():
        assert reader.client.post(story.suggest_path, values).status_code == 303

    deliver(data)
    assert stands(Suggestion.objects.get()) == "shaked hands"


def test_a_form_opened_while_it_was_away_can_be_sent_when_it_is_back(story, reader, data):
    with database_away():
        values = reader.fields(reader.client.get(f"{story.suggest_path}?p=../<b>"))
    reader.clock.now += 5

    assert reader.client.post(story.suggest_path, values | {"why": "Sent after."}).status_code == 303
    assert spool.spool_waiting(data=data) == []
    assert (Suggestion.objects.get().why, Suggestion.objects.get().block) == ("Sent after.", "")


def test_the_same_sending_has_one_receipt_and_arrives_once(story, reader, data):
    token = reader.token(story.suggest_path)
    fields = {"token": token, "exact": "shaked hands"}
    with database_away():
        away = [reader.posts(story.suggest_path, fields).json() for _ in range(2)]
    there = reader.posts(story.suggest_path, fields).json()

    assert away[0] == away[1] == there | {"waiting": True}
    deliver(data)
    assert (Suggestion.objects.count(), Case.objects.get().reports) == (1, 1)


def test_a_hundred_suggestions_all_arrive_once(story, newsroom, reader, data):
    exacts = ["shaked hands", "Andri Kosenko", "7,000", "Monday", "eleven months"]
    receipts = []
    with database_away():
        for number in range(100):
            reader.clock.now += 1
            answer = reader.suggests(
                story.suggest_path, exact=exacts[number % 5], why=f"Report {number}",
                headers={"REMOTE_ADDR": f"10.{number}.0.1"},
            )  # fmt: skip
            assert (answer.status_code, answer.json()["waiting"]) == (201, True)
            receipts.append(answer.json()["number"])
    files = [(file.name, file.read_bytes()) for file in spool.spool_waiting(data=data)]
    deliver(data)
    # As if the background process had died before it could remove them.
    for name, sealed in files:
        (data / "spool" / name).write_bytes(sealed)
    deliver(data)

    assert list(Suggestion.objects.order_by("pk").values_list("number", flat=True)) == receipts
    assert {stands(case): case.reports for case in Case.objects.all()} == dict.fromkeys(exacts, 20)
    assert sorted(Suggestion.objects.values_list("why", flat=True)) == sorted(f"Report {n}" for n in range(100))


def test_what_has_a_receipt_is_kept_though_there_is_a_flood(story, reader, data, monkeypatch):
    for name in ("NEW_CASES_OF_STORY", "NEW_CASES_OF_ALL", "ASIDE", "KEPT_OF_CASE", "KEPT_OF_ALL"):
        monkeypatch.setattr(floods, name, 0)
    with database_away():
        for exact in ("shaked hands", "shaked", "7,000", "no such words at all"):
            assert reader.suggests(story.suggest_path, exact=exact).status_code == 201

    deliver(data)

    assert Suggestion.objects.count() == 4
    assert set(Case.objects.values_list("is_aside", flat=True)) == {True}
    absent = Suggestion.objects.get(exact="no such words at all")
    assert (absent.is_placed, absent.case.is_placed) == (False, False)


def test_words_that_were_changed_meanwhile_are_kept_with_their_version(newsroom, story, reader, data):
    with database_away():
        reader.suggests(story.suggest_path, exact="for eleven months", version=1)
    republish(newsroom, story, title="Old bridge closes for a year", slug="old-bridge-for-a-year")

    deliver(data)

    suggestion = Suggestion.objects.get()
    assert (suggestion.version, stands(suggestion), suggestion.case.is_placed) == (1, "for eleven months", False)


def test_a_withdrawn_story_still_gets_what_waited(story, reader, data):
    with database_away():
        reader.suggests(story.suggest_path, exact="shaked hands")
    story.unpublish()

    deliver(data)
    assert Case.objects.get().story_id == story.pk


def test_what_is_about_no_story_reaches_the_desk_as_a_letter(story, reader, data):
    with database_away():
        answer = reader.suggests("/2026/11/03/nowhere/suggest/", exact="bridge", why="Words.", email="a@b.example")
    assert answer.status_code == 201

    deliver(data)

    letter = Letter.objects.get()
    assert (letter.kind, letter.about_path) == ("correction", "/2026/11/03/nowhere/")
    assert (letter.quote, letter.text, letter.reply_to) == ("bridge", "Words.", "a@b.example")
    assert Case.objects.count() == 0


@pytest.mark.parametrize(
    ("refusal", "sentence", "wait"),
    [
        ("busy", "very many letters are coming in", "60"),
        ("full", "the place where letters wait for it is full, so yours has not arrived", "3600"),
        ("shut", "nothing else could keep your letter, so it has not arrived", "120"),
    ],
)
def test_a_refusal_is_a_sentence_and_the_words_stay(story, reader, data, monkeypatch, refusal, sentence, wait):
    if refusal == "shut":
        (data / "secrets" / "spool.key").unlink()
    else:
        monkeypatch.setattr(spool, {"full": "MEGABYTES", "busy": "ITEMS_PER_MINUTE"}[refusal], 0)

    with database_away():
        by_program = reader.suggests(story.suggest_path, exact="shaked")
        by_form = reader.send(story.suggest_path, kind="correction", why="Precious <words>")

    assert by_program.status_code == by_form.status_code == 503
    assert by_program["Retry-After"] == by_form["Retry-After"] == wait
    assert sentence in by_program.json()["error"]
    assert sentence in words(by_form)
    assert reader.fields(by_form)["why"] == "Precious <words>"
    assert spool.spool_waiting(data=data) == []


def test_an_unknown_page_says_that_it_cannot_be_looked_up(story, reader, data):
    with database_away():
        page = reader.client.get(f"/suggestions/{'A' * 43}/")
        told = reader.client.get(f"/suggestions/{'A' * 43}/", HTTP_ACCEPT="application/json")

    assert page.status_code == told.status_code == 503
    assert "Our database is away just now" in words(page)


def test_an_item_of_a_later_release_is_read_as_far_as_it_goes(story, data):
    sent = dataclasses.asdict(Sent(path=story.public_path, exact="shaked", form="form"))
    spool.spool_put(data=data, kind="suggestion", payload=sent | {"mood": "cross"})

    deliver(data)
    assert Suggestion.objects.get().exact == "shaked"
