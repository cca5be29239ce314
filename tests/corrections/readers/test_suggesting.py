"""A reader suggests, by the form and by JSON: what arrives, what is refused, and with which words."""

import json

import pytest

from standfirst.corrections.models import Case, Suggestion
from standfirst.letterbox import guards
from standfirst.letterbox.models import Letter
from tests.corrections.readers.conftest import republish, stands, with_text
from tests.letterbox.conftest import words

FOREIGN = {"HTTP_ORIGIN": "https://elsewhere.example"}


def nothing_is_kept():
    return (Case.objects.count(), Suggestion.objects.count(), Letter.objects.count()) == (0, 0, 0)


def test_words_marked_in_the_page_become_a_case_with_their_place(story, reader):
    answer = reader.suggests(
        story.suggest_path,
        exact="Andri Kosenko",
        prefix="Mayor ",
        suffix=" said it",
        block="p-bbbbb",
        start=6,
        end=19,
        version=1,
        wording="Andrii Kosenko",
        why="His own page spells it so.",
        email="petro@readers.example",
        credit="Petro",
    )

    assert answer.status_code == 201, answer.content
    suggestion, case = Suggestion.objects.get(), Case.objects.get()
    assert answer.json() == {
        "number": suggestion.number,
        "status": f"/suggestions/{suggestion.token}/",
        "waiting": False,
    }
    assert answer["Cache-Control"] == "no-store"
    assert answer.cookies == {}
    assert (suggestion.block, suggestion.start, suggestion.end, suggestion.version) == ("p-bbbbb", 6, 19, 1)
    assert (suggestion.exact, stands(suggestion), stands(case)) == ("Andri Kosenko",) * 3
    assert (suggestion.wording, suggestion.why) == ("Andrii Kosenko", "His own page spells it so.")
    assert (suggestion.reply_to, suggestion.credit, suggestion.kind) == ("petro@readers.example", "Petro", "correction")
    assert (case.story, case.state, case.reports, case.is_aside) == (story, "new", 1, False)
    assert case.gravity == Case.Gravity.FACT


def test_the_form_offers_the_passages_and_takes_words_from_one(story, reader):
    shown = reader.client.get(story.suggest_path)
    answer = reader.send(
        story.suggest_path, block="p-bbbbb", exact="shaked hands", wording="shook hands", kind="correction"
    )

    page = words(shown)
    for offered in ("The whole story", "Headline: Old bridge closes", "Standfirst: Trams", "Some 7,000 people cross"):
        assert offered in page
    assert answer.status_code == 303
    suggestion = Suggestion.objects.get()
    assert answer["Location"] == f"/suggestions/{suggestion.token}/"
    assert (suggestion.version, stands(suggestion)) == (1, "shaked hands")


def test_a_passage_that_is_named_in_the_address_is_quoted_and_meant(story, reader):
    for asked in ("aaaaa", "p-aaaaa"):
        shown = reader.client.get(f"{story.suggest_path}?p={asked}")
        assert reader.fields(shown)["block"] == "p-aaaaa"
        assert b"<blockquote" in shown.content

    answer = reader.send(f"{story.suggest_path}?p=aaaaa", kind="clarification", why="Which inspection?")

    assert answer.status_code == 303
    suggestion = Suggestion.objects.get()
    assert (suggestion.kind, suggestion.start) == ("clarification", 0)
    assert stands(suggestion).startswith("The bridge was closed on Monday")
    assert stands(suggestion).endswith("inspection.")


@pytest.mark.parametrize("block", ["", "nowhere", "x" * 500, '"><script>alert(1)</script>', "../../etc", "p'--"])
def test_a_passage_that_is_not_there_leaves_the_reader_to_choose(story, reader, block):
    response = reader.client.get(story.suggest_path, {"p": block})

    assert response.status_code == 200
    assert b"<script>alert" not in response.content
    assert reader.fields(response)["block"] == ""


def test_forms_are_never_stored_and_set_no_cookie(newsroom, story, client):
    for address in (story.suggest_path, newsroom.noise[1].suggest_path):
        response = client.get(address)

        assert (response.status_code, response["Cache-Control"]) == (200, "no-store")
        assert response.cookies == {}
        assert b"<style" not in response.content


def test_a_word_about_the_whole_story_is_kept_without_a_place(story, reader):
    assert (
        reader.send(story.suggest_path, kind="correction", why="This happened in Lviv, not in Kyiv.").status_code == 303
    )

    case = Case.objects.get()
    assert (case.exact, case.is_placed, case.reports) == ("", False, 1)


def test_a_suggestion_in_ukrainian_says_so(newsroom, reader):
    story = newsroom.publish("Міст закрито", language="uk", body=with_text("<p>Міст закрили у понеділок.</p>"))

    answer = reader.suggests(story.suggest_path, exact="у понеділок", wording="у вівторок")

    assert answer.status_code == 201
    assert answer.json()["status"].startswith("/uk/suggestions/")
    suggestion = Suggestion.objects.get()
    assert (suggestion.language, stands(suggestion)) == ("uk", "у понеділок")
    assert suggestion.case.gravity == Case.Gravity.FACT


def test_words_that_are_nowhere_in_the_story_are_told_so(story, reader):
    by_program = reader.suggests(story.suggest_path, exact="a zebra walked across the runway", why="no")
    by_form = reader.send(story.suggest_path, exact="a zebra walked across the runway", why="Kept <words>")

    assert by_program.status_code == by_form.status_code == 422
    assert by_program.json()["error"].startswith("These words are not in the story.")
    assert "These words are not in the story." in words(by_form)
    assert reader.fields(by_form)["why"] == "Kept <words>"
    assert nothing_is_kept()
    assert reader.again(by_form, story.suggest_path, exact="").status_code == 303


def test_words_of_an_older_version_are_taken_though_they_have_changed(newsroom, story, reader):
    changed = republish(newsroom, story, title="Old bridge closes for a year")

    answer = reader.suggests(changed.suggest_path, exact="for eleven months", version=1)

    assert answer.status_code == 201
    suggestion, case = Suggestion.objects.get(), Case.objects.get()
    assert (suggestion.version, stands(suggestion)) == (1, "for eleven months")
    assert (case.version, case.is_placed, case.exact) == (2, False, "for eleven months")


def test_an_address_the_story_has_left_still_takes_suggestions(newsroom, story, reader):
    old = story.suggest_path
    moved = republish(newsroom, story, slug="bridge-closed")
    assert moved.suggest_path != old

    assert reader.suggests(old, exact="shaked hands").status_code == 201
    assert Case.objects.get().story == moved


@pytest.mark.parametrize("which", ["draft", "withdrawn", "nowhere"])
def test_only_a_published_story_takes_suggestions(story, reader, which):
    if which == "withdrawn":
        story.unpublish()
    address = story.suggest_path if which == "withdrawn" else "/2026/11/03/nowhere/suggest/"

    assert reader.client.get(address).status_code == 404
    assert reader.send_blind(address, exact="bridge").status_code == 404
    answer = reader.suggests(address, exact="bridge")
    assert (answer.status_code, answer.json()["error"]) == (404, "There is no story at this address.")
    assert nothing_is_kept()


def test_the_same_form_sent_twice_arrives_once_with_one_receipt(story, reader):
    token = reader.token(story.suggest_path)
    fields = {"token": token, "exact": "shaked hands", "why": "shook"}

    answers = [reader.posts(story.suggest_path, fields) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert len({answer.json()["number"] for answer in answers}) == 1
    assert Case.objects.get().reports == 1
    reader.posts(story.suggest_path, fields | {"why": "I forgot to say why."})
    assert (Suggestion.objects.count(), Case.objects.get().reports) == (2, 2)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "There is nothing to tell yet."),
        ({"exact": "x" * 501}, "The passage has 501 characters; the first 500 are enough."),
        ({"wording": "x" * 1001}, "The wording has 1001 characters; at most 1000 fit."),
        ({"why": "x" * 2001}, "What you wrote has 2001 characters; at most 2000 reach the desk."),
        ({"why": "Hi", "email": "nobody at home"}, "This is not an e-mail address."),
        ({"why": "Hi", "kind": "praise"}, "Say whether you suggest a correction or a clarification."),
        ({"why": "Hi", "credit": "x" * 101}, "The name has 101 characters; at most 100 fit."),
        ({"why": "a\0b"}, "Null characters are not allowed."),
    ],
)
def test_a_mistake_in_the_form_is_explained_and_nothing_typed_is_lost(story, reader, typed, sentence):
    response = reader.send(story.suggest_path, **{"credit": "Iryna <b>", "block": "p-ccccc"} | typed)

    assert response.status_code == 422
    assert sentence in words(response)
    assert "Your suggestion has not been sent yet" in words(response)
    assert reader.fields(response)["block"] == "p-ccccc"
    if "credit" not in typed:
        assert reader.fields(response)["credit"] == "Iryna <b>"
    assert nothing_is_kept()


@pytest.mark.parametrize(
    ("body", "status", "sentence", "field"),
    [
        (" ", 400, "This is not JSON that can be read.", None),
        ("{", 400, "This is not JSON that can be read.", None),
        (b"\xff\xfe", 400, "This is not JSON that can be read.", None),
        ("[" * 40_000, 400, "This is not JSON that can be read.", None),
        ('{"a":' * 15_000, 400, "This is not JSON that can be read.", None),
        ('{"start": ' + "9" * 5000 + "}", 400, "This is not JSON that can be read.", None),
        ('{"start": NaN}', 400, "This is not JSON that can be read.", None),
        ("[]", 400, "Send one JSON object", None),
        ('"words"', 400, "Send one JSON object", None),
        ("null", 400, "Send one JSON object", None),
        ({"exact": ["bridge"]}, 400, "The field “exact” must be text.", "exact"),
        ({"exact": {"$ne": 1}}, 400, "The field “exact” must be text.", "exact"),
        ('{"why": "\\ud800"}', 400, "The field “why” must be text.", "why"),
        ({"why": "a\0b"}, 400, "The field “why” must be text.", "why"),
        ({"start": "3"}, 400, "The field “start” must be a whole number from 0.", "start"),
        ({"start": -1}, 400, "The field “start” must be a whole number from 0.", "start"),
        ({"end": True}, 400, "The field “end” must be a whole number from 0.", "end"),
        ({"end": 1.5}, 400, "The field “end” must be a whole number from 0.", "end"),
        ({"version": 10**12}, 400, "The field “version” must be a whole number from 0.", "version"),
        ({"exact": "bridge"}, 422, "We could not be sure that a person sent this.", None),
        ({"exact": "bridge", "token": "AAAA.AAAA"}, 422, "We could not be sure", None),
    ],
)
def test_json_that_is_not_as_it_should_be_gets_one_clear_answer(story, reader, body, status, sentence, field):
    answer = reader.posts(story.suggest_path, body)

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/json")
    said = answer.json()
    assert said["error"].startswith(sentence)
    assert said.get("field") == field
    assert answer["Cache-Control"] == "no-store"
    assert nothing_is_kept()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"exact": "x" * 501}, "exact"),
        ({"exact": "bridge", "email": "nobody"}, "email"),
        ({"exact": "bridge", "kind": "praise"}, "kind"),
        ({}, "why"),
    ],
)
def test_json_with_wrong_values_names_the_field(story, reader, fields, field):
    answer = reader.suggests(story.suggest_path, **fields)

    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert nothing_is_kept()


def test_places_that_cannot_be_are_hints_and_no_more(story, reader):
    for number, place in enumerate(
        (
            {"start": 9_999_999, "end": 9_999_999},
            {"start": 20, "end": 3},
            {"block": "../<b>"},
            {"version": 77},
            {"start": 4},
        )
    ):
        answer = reader.suggests(story.suggest_path, exact="shaked hands", why=f"{number}", **place)
        assert answer.status_code == 201, answer.content

    assert {stands(suggestion) for suggestion in Suggestion.objects.all()} == {"shaked hands"}
    assert Case.objects.get().reports == 5


def test_a_body_of_ten_megabytes_is_not_read(story, reader):
    big = json.dumps({"exact": "bridge", "why": "x" * 10_000_000})
    by_program = reader.posts(story.suggest_path, big)
    by_form = reader.send(story.suggest_path, why="x" * 10_000_000)

    assert by_program.status_code == by_form.status_code == 413
    assert "more than a letter can hold" in by_program.json()["error"]
    assert "more than a letter can hold" in words(by_form)
    assert nothing_is_kept()


def test_another_site_can_send_nothing(story, reader):
    token = reader.token(story.suggest_path)
    for headers in (FOREIGN, {"HTTP_ORIGIN": "null"}, {"HTTP_SEC_FETCH_SITE": "cross-site"}):
        answer = reader.posts(story.suggest_path, {"token": token, "exact": "bridge"}, **headers)
        assert answer.status_code == 403
        assert answer.json()["error"].startswith("This form was sent from another site.")
        form = reader.send(story.suggest_path, headers=headers, why="Kept words")
        assert form.status_code == 403
        assert reader.fields(form)["why"] == "Kept words"
    assert nothing_is_kept()


def test_json_under_another_name_is_no_json(story, reader):
    """A page of another site could send text/plain without being asked first."""
    body = json.dumps({"token": reader.token(story.suggest_path), "exact": "bridge", "why": "x"})

    answer = reader.client.post(story.suggest_path, body, content_type="text/plain")

    assert answer.status_code == 422
    assert answer["Content-Type"].startswith("text/html")
    assert nothing_is_kept()


def test_the_token_of_one_story_does_not_open_another(newsroom, story, reader):
    token = reader.token(newsroom.noise[0].suggest_path)

    assert reader.posts(story.suggest_path, {"token": token, "exact": "bridge"}).status_code == 422
    assert nothing_is_kept()


def test_too_fast_and_too_late_are_refused_and_then_taken(story, reader):
    early = reader.token(story.suggest_path, wait=1)
    assert (
        "faster than a person writes"
        in reader.posts(story.suggest_path, {"token": early, "exact": "9"}).json()["error"]
    )
    reader.clock.now += 86_400
    late = reader.posts(story.suggest_path, {"token": early, "exact": "shaked"})
    assert "open for more than a day" in late.json()["error"]
    assert nothing_is_kept()
    assert reader.suggests(story.suggest_path, exact="shaked").status_code == 201


def test_what_a_machine_filled_in_never_reaches_the_queue(story, reader):
    answer = reader.send(story.suggest_path, why="Buy!", homepage="https://spam.example")

    assert answer.status_code == 303, "a machine learns nothing"
    suggestion, case = Suggestion.objects.get(), Case.objects.get()
    assert (suggestion.is_spam, case.state, case.reports) == (True, "spam", 0)


def test_who_writes_when_very_many_do_is_not_told_that_it_was_her(story, reader, monkeypatch):
    monkeypatch.setattr("standfirst.letterbox.guards.RATE_OF_ALL", (0, 60))

    refused = reader.suggests(story.suggest_path, exact="shaked")

    assert refused.status_code == 429
    assert nothing_is_kept()
    assert refused.json()["error"].startswith("Very many letters are coming in just now. Your words are still here")
    assert "connection" not in refused.json()["error"]
    assert 0 < int(refused["Retry-After"]) <= 61


def test_one_connection_must_wait_after_a_dozen(story, reader):
    for number in range(12):
        assert reader.suggests(story.suggest_path, exact="shaked", why=str(number)).status_code == 201

    refused = reader.suggests(story.suggest_path, exact="shaked", why="One too many")

    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 601
    assert "Many letters have come from your connection." in refused.json()["error"]
    assert Suggestion.objects.count() == 12
    neighbour = reader.suggests(story.suggest_path, exact="shaked", headers={"REMOTE_ADDR": "192.0.2.7"})
    assert neighbour.status_code == 201


def test_no_address_of_a_machine_is_kept(story, reader):
    from django.core.cache import cache

    reader.suggests(story.suggest_path, exact="shaked", headers={"REMOTE_ADDR": "198.51.100.77"})

    rows = [*Suggestion.objects.values(), *Case.objects.values()]
    assert len(rows) == 2
    assert "198.51.100" not in str(rows)
    assert "198.51.100" not in str(cache._cache)


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_other_methods_are_refused(story, client, method):
    assert getattr(client, method)(story.suggest_path).status_code == 405


def test_the_token_costs_no_look_into_the_database(story, client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get(story.suggest_path, HTTP_ACCEPT="application/json")

    assert (answer.status_code, answer["Cache-Control"], answer["Vary"]) == (200, "no-store", "Accept, Accept-Encoding")
    assert set(answer.json()) == {"token"}


def test_a_form_that_very_many_open_asks_the_database_nothing_and_keeps_its_passage(
    story, reader, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(guards, "LOOKS_OF_ALL", (0, 60))
    with django_assert_num_queries(0):
        shown = reader.client.get(f"{story.suggest_path}?p=p-ccccc")

    assert "its page comes plain" in words(shown)
    assert reader.again(shown, story.suggest_path, why="Nobody counted them.", kind="correction").status_code == 303
    assert stands(Suggestion.objects.get()) == "Some 7,000 people cross the bridge every day."
