"""A reader's private page about what she sent, and forgetting."""

import datetime as dt

import pytest
from django.utils import timezone

from standfirst.corrections.models import Case, Suggestion
from standfirst.corrections.receipts import was_given
from standfirst.corrections.services import suggestion_file, suggestions_forget_due
from standfirst.kit.anchoring import Quote
from tests.corrections.readers.conftest import republish
from tests.letterbox.conftest import words


def file(story, exact="shaked hands", **fields):
    given = {"why": "It is shook.", "reply_to": "petro@readers.example", "credit": "Petro", "wording": "shook hands"}
    return suggestion_file(story=story, quote=Quote(exact), **(given | fields))


def address(suggestion):
    return f"/suggestions/{suggestion.token}/"


def test_the_page_says_what_was_sent_and_is_nobody_elses(story, client):
    suggestion = file(story)

    page = client.get(address(suggestion))

    assert page.status_code == 200
    said = words(page)
    for part in (suggestion.number, "We have it. No editor has decided", "shaked hands", "shook hands", "It is shook."):
        assert part in said
    assert "petro@readers.example" not in page.content.decode(), "the address is kept for the desk alone"
    assert f'href="{story.public_path}"' in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "no-referrer"
    assert page["X-Robots-Tag"] == "noindex"
    assert b'content="noindex"' in page.content
    assert page.cookies == {}


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("new", "We have it. No editor has decided about it yet."),
        ("checking", "An editor is checking it."),
        ("accepted", "You were right: the story has been changed."),
        ("declined", "An editor has looked at it, and the words stay as they are."),
        ("duplicate", "this had been reported and decided before"),
        ("spam", "An editor has laid this aside."),
    ],
)
@pytest.mark.parametrize("language", ["", "/uk"])
def test_every_state_has_words(story, client, state, sentence, language):
    suggestion = file(story)
    Case.objects.update(state=state, answer="Because.", decided_at=timezone.now())

    page = client.get(language + address(suggestion))

    assert page.status_code == 200
    assert (sentence in words(page)) == (not language)
    assert "Because." in words(page)


def test_a_duplicate_tells_what_became_of_the_other(story, client):
    first, second = file(story), file(story, "7,000")
    Case.objects.filter(pk=first.case_id).update(state="accepted", answer="Thanks.")
    Case.objects.filter(pk=second.case_id).update(state="duplicate", duplicate_of=first.case_id)

    assert "You were right" in words(client.get(address(second)))

    Case.objects.filter(pk=first.case_id).update(state="duplicate", duplicate_of=second.case_id)
    assert "reported and decided before" in words(client.get(address(second))), "a ring is no trap"


def test_an_unknown_address_says_what_to_do(story, client):
    for token in ("x", "A" * 43, "-" * 200):
        page = client.get(f"/suggestions/{token}/")
        assert page.status_code == 404
        assert "There is no suggestion at this address." in words(page)
        assert b"/contact/" in page.content
        told = client.get(f"/suggestions/{token}/", HTTP_ACCEPT="application/json")
        assert (told.status_code, "error" in told.json()) == (404, True)
        assert page["Referrer-Policy"] == told["Referrer-Policy"] == "no-referrer"
        assert not was_given(token)


def test_the_address_is_taken_back_with_two_taps(story, client):
    suggestion = file(story)

    answer = client.post(address(suggestion), {"act": "forget-address"}, HTTP_ORIGIN="http://testserver")

    assert (answer.status_code, answer["Location"]) == (303, address(suggestion))
    suggestion.refresh_from_db()
    assert (suggestion.reply_to, suggestion.why) == ("", "It is shook.")
    assert "No e-mail address." in words(client.get(address(suggestion)))


def test_all_that_was_written_is_taken_back_and_the_item_stays(story, client):
    suggestion = file(story)

    assert client.post(address(suggestion), {"act": "forget"}).status_code == 303

    suggestion.refresh_from_db()
    assert (suggestion.reply_to, suggestion.credit, suggestion.wording, suggestion.why) == ("",) * 4
    assert Case.objects.get().exact == "shaked hands"
    assert client.get(address(suggestion)).status_code == 200


@pytest.mark.parametrize(
    ("sent", "headers", "code"),
    [
        ({"act": "forget"}, {"HTTP_ORIGIN": "https://elsewhere.example"}, 403),
        ({"act": "burn"}, {}, 400),
        ({}, {}, 400),
        ({"act": "x" * 200_000}, {}, 413),
    ],
)
def test_a_wrong_press_changes_nothing(story, client, sent, headers, code):
    suggestion = file(story)

    answer = client.post(address(suggestion), sent, **headers)

    assert answer.status_code == code
    assert b'role="alert"' in answer.content
    assert Suggestion.objects.get().why == "It is shook."


def test_a_program_reads_it_as_a_web_annotation(newsroom, story, client):
    suggestion = file(story, language="en", version=1)
    republish(newsroom, story, title="Another headline")

    for kind in ("application/ld+json", "application/json"):
        answer = client.get(address(suggestion), HTTP_ACCEPT=kind)
        assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    made = answer.json()

    start = made["target"]["selector"][2]["start"]
    assert made == {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": f"http://testserver{address(suggestion)}",
        "type": "Annotation",
        "motivation": "editing",
        "created": suggestion.received_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "creator": {"type": "Person", "name": "Petro"},
        "body": [
            {"type": "TextualBody", "format": "text/plain", "purpose": purpose, "value": value, "language": "en"}
            for purpose, value in (("editing", "shook hands"), ("commenting", "It is shook."))
        ],
        "target": {
            "source": f"http://testserver{story.public_path}",
            "state": {"type": "TimeState", "cached": f"http://testserver{story.public_path}versions/1/"},
            "selector": [
                {
                    "type": "FragmentSelector",
                    "conformsTo": "http://tools.ietf.org/rfc/rfc3236",
                    "value": "p-bbbbb",
                    "refinedBy": {"type": "TextPositionSelector", "start": 59, "end": 71},
                },
                {
                    "type": "TextQuoteSelector",
                    "exact": "shaked hands",
                    "prefix": suggestion.prefix,
                    "suffix": suggestion.suffix,
                },
                {"type": "TextPositionSelector", "start": start, "end": start + 12},
            ],
        },
        "standfirst": {
            "number": suggestion.number,
            "state": "new",
            "words": "We have it. No editor has decided about it yet.",
            "answer": "",
            "correction": None,
        },
    }
    assert "petro@readers" not in answer.content.decode()


def test_words_across_passages_are_a_range(story, client):
    suggestion = file(story, "an inspection. Mayor Andri")

    selector = client.get(address(suggestion), HTTP_ACCEPT="application/json").json()["target"]["selector"][0]

    assert selector["type"] == "RangeSelector"
    start, end = selector["startSelector"], selector["endSelector"]
    assert (start["type"], start["value"], end["type"], end["value"]) == (
        "FragmentSelector", "p-aaaaa", "FragmentSelector", "p-bbbbb",
    )  # fmt: skip
    assert end["refinedBy"]["start"] == len("Mayor Andri")


def test_names_and_addresses_go_ninety_days_after_the_decision(story):
    now = timezone.now()
    old, young, waiting = file(story), file(story, "7,000"), file(story, "Monday")
    for suggestion, days, state in ((old, 91, "declined"), (young, 89, "accepted"), (waiting, 400, "new")):
        Case.objects.filter(pk=suggestion.case_id).update(state=state, decided_at=now - dt.timedelta(days=days))

    assert suggestions_forget_due(now=now) == 1
    assert suggestions_forget_due(now=now) == 0

    kept = {one.pk: (one.reply_to, one.credit) for one in Suggestion.objects.all()}
    assert kept == {
        old.pk: ("", ""),
        young.pk: ("petro@readers.example", "Petro"),
        waiting.pk: ("petro@readers.example", "Petro"),
    }
    assert Suggestion.objects.get(pk=old.pk).why == "It is shook."


def test_spam_is_deleted_whole_after_a_fortnight(story):
    now = timezone.now()
    gone, kept = file(story, is_spam=True), file(story, "7,000")
    Case.objects.filter(pk=gone.case_id).update(decided_at=now - dt.timedelta(days=15))

    assert suggestions_forget_due(now=now) == 1

    assert [*Suggestion.objects.all()] == [kept]
    assert Case.objects.count() == 1


def test_the_daily_round_forgets(story, tmp_path):
    from standfirst.ops.housekeeping import housekeeping

    suggestion = file(story)
    Case.objects.update(state="declined", decided_at=timezone.now() - dt.timedelta(days=100))

    failed = housekeeping(tmp_path).failed

    assert not [line for line in failed if "suggestions" in line]
    suggestion.refresh_from_db()
    assert suggestion.reply_to == ""
