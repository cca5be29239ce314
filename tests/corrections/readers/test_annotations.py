"""Annotations of other people's programs, in the forms that the W3C's data model allows."""

import json
import unicodedata

import pytest

from standfirst.corrections.models import Case, Suggestion
from tests.corrections.readers.conftest import republish, stands, with_text

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
QUOTE = {"type": "TextQuoteSelector", "exact": "Andri Kosenko", "prefix": "Mayor ", "suffix": " said"}
HOME = "http://testserver"


def annotated(reader, story, selector=None, *, kind="application/ld+json", target=None, **members):
    """Post an annotation as a program of somebody's own would."""
    source = HOME + story.public_path
    plain = {"source": source, **({"selector": selector} if selector is not None else {})}
    target = plain if target is None else target
    said = {"@context": CONTEXT, "type": "Annotation", "motivation": "commenting", "target": target}
    said |= {"bodyValue": "His own page spells it otherwise."} if "body" not in members else {}
    said = {name: value for name, value in (said | members).items() if value is not ...}
    token = reader.token(story.suggest_path)
    return reader.client.post(
        story.suggest_path, json.dumps(said | {"token": token}), content_type=kind, HTTP_ORIGIN=HOME
    )


def in_passage(name, start, end, kind="FragmentSelector"):
    refined = {"type": "TextPositionSelector", "start": start, "end": end}
    return {"type": kind, "value": name, "refinedBy": refined}


def whole_place(story, words):
    from standfirst.stories.passages import text_of_version

    start = text_of_version(story.public_versions.get(number=1)).whole.index(words)
    return {"type": "TextPositionSelector", "start": start, "end": start + len(words)}


NAMED = {
    "a quote": QUOTE,
    "a quote in a list": [QUOTE],
    "a quote with a place that means nothing here": [{"type": "TextPositionSelector", "start": 3, "end": 9}, QUOTE],
    "a place in a paragraph": in_passage("p-bbbbb", 6, 19),
    "a place in a paragraph by hash": in_passage("#p-bbbbb", 6, 19),
    "a place in an element by CSS": in_passage("article p#p-bbbbb", 6, 19, "CssSelector"),
    "a place in an element by XPath": in_passage('//*[@id="p-bbbbb"]', 6, 19, "XPathSelector"),
    "a quote in a paragraph": {"type": "FragmentSelector", "value": "p-bbbbb", "refinedBy": QUOTE},
    "a quote below an XPath of their own page": {
        "type": "XPathSelector", "value": "/html/body/div[2]/p[3]", "refinedBy": QUOTE,
    },
    "a quote refined by a quote": {
        "type": "TextQuoteSelector", "exact": "Mayor Andri Kosenko said it",
        "refinedBy": {"type": "TextQuoteSelector", "exact": "Andri Kosenko"},
    },
    "a quote refined by a place": {
        "type": "TextQuoteSelector", "exact": "Mayor Andri Kosenko said it",
        "refinedBy": [{"type": "TextPositionSelector", "start": 6, "end": 19}],
    },
    "a place refined by a place": {
        "type": "FragmentSelector", "value": "p-bbbbb",
        "refinedBy": {
            "type": "TextPositionSelector", "start": 6, "end": 40,
            "refinedBy": {"type": "TextPositionSelector", "start": 0, "end": 13},
        },
    },
    "a range between two quotes": {
        "type": "RangeSelector",
        "startSelector": {"type": "TextQuoteSelector", "exact": "Andri"},
        "endSelector": {"type": "TextQuoteSelector", "exact": " said it would"},
    },
    "a range between two places": {
        "type": "RangeSelector", "startSelector": in_passage("p-bbbbb", 6, 19),
        "endSelector": in_passage("p-bbbbb", 19, 30),
    },
    "what nobody can follow, beside a quote": [
        {"type": "SvgSelector", "value": "<svg/>"},
        {"type": "RangeSelector", "startContainer": "/div[1]/p[2]", "startOffset": 6},
        {"type": "XPathSelector", "value": "/html/body/div[2]/p[3]"},
        QUOTE,
    ],
    "types with the name of their vocabulary": [{**QUOTE, "type": ["oa:TextQuoteSelector", "other:Thing"]}],
    "an old way of saying type": {"@type": "TextQuoteSelector", "exact": "Andri Kosenko"},
    "a language beside the words": {**QUOTE, "exact": {"@value": "Andri Kosenko", "@language": "en"}},
}  # fmt: skip


@pytest.mark.parametrize("selector", NAMED.values(), ids=NAMED)
def test_words_are_found_by_every_selector_that_tells_them(story, reader, selector):
    answer = annotated(reader, story, selector)

    assert answer.status_code == 201, answer.content
    suggestion = Suggestion.objects.get()
    assert (suggestion.exact.strip(), stands(suggestion).strip()) == ("Andri Kosenko",) * 2
    assert (suggestion.block, suggestion.why) == ("p-bbbbb", "His own page spells it otherwise.")
    assert answer["Location"] == f"/suggestions/{suggestion.token}/"


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("The café “Naïve” is open.", unicodedata.normalize("NFD", "café “Naïve”")),
        (unicodedata.normalize("NFD", "The café “Naïve” is open."), "café “Naïve”"),
        ("Some 7&nbsp;000 people came.", "7 000"),
        ("Some 7 000 people came.", "7\u00a0000"),
        ("Winners 🏅🏅 and 👩‍👩‍👧 came.", "🏅 and 👩‍👩‍👧"),
        ("The hydro\u00adelectric plant runs.", "hydroelectric plant"),
        ("The hydroelectric plant runs.", "hydro\u00adelectric plant"),
        ("One line<br/>and another.", "line\nand"),
        ("First one.</p><p>Second one.", "one.\n\n  Second"),
        ("First one.</p><p>Second one.", "one.Second"),
        ("Fish &amp; chips &lt;b&gt; cost.", "Fish & chips <b>"),
    ],
)
def test_letters_that_are_written_otherwise_are_the_same_words(newsroom, reader, written, sent):
    story = newsroom.publish("Letters", body=with_text(f"<p>{written}</p>"))

    answer = annotated(reader, story, {"type": "TextQuoteSelector", "exact": sent})

    assert answer.status_code == 201, answer.content
    assert Suggestion.objects.get().start is not None


def test_places_count_code_points_of_the_version_they_name(newsroom, story, reader):
    story = newsroom.publish("Medals", body=with_text('<p data-block-key="mmmmm">🏅🏅🏅 for Vira Stelmak.</p>'))
    republish(newsroom, story, title="More medals than ever before")

    for member in (
        {"state": {"type": "TimeState", "cached": f"{HOME}{story.public_path}versions/1/"}},
        {"state": [{"type": "HttpRequestState"}, {"type": "TimeState", "cached": [f"{story.public_path}versions/1/"]}]},
        {"source": f"{HOME}{story.public_path}versions/1/"},
    ):
        Suggestion.objects.all().delete()
        target = {"source": HOME + story.public_path, "selector": whole_place(story, "Vira Stelmak")} | member
        assert annotated(reader, story, target=target).status_code == 201
        suggestion = Suggestion.objects.get()
        assert (suggestion.exact, suggestion.version, suggestion.start) == ("Vira Stelmak", 1, 8)


def test_a_target_is_an_address_or_a_list_of_one(story, reader):
    source = HOME + story.public_path
    for target in (source, [source], {"id": source}, {"source": {"id": source}}, story.public_path, f"{source}text/"):
        assert annotated(reader, story, target=target, bodyValue=f"{target} says so.").status_code == 201
    elsewhere = {"source": "https://elsewhere.example/", "selector": QUOTE}
    assert annotated(reader, story, target=[elsewhere, {"source": source, "selector": QUOTE}]).status_code == 201
    assert annotated(reader, story, target=f"{source}#p-ccccc", bodyValue="How many?").status_code == 201

    placed = Suggestion.objects.filter(start__isnull=False).order_by("pk")
    assert [one.block for one in placed] == ["p-bbbbb", "p-ccccc"]
    assert Suggestion.objects.count() == 8


@pytest.mark.parametrize(
    ("members", "wording", "why", "kind", "language"),
    [
        ({"motivation": "editing", "bodyValue": "Andrii"}, "Andrii", "", "correction", "en"),
        ({"motivation": ["oa:editing"], "bodyValue": "Andrii"}, "Andrii", "", "correction", "en"),
        ({"motivation": "http://www.w3.org/ns/oa#questioning", "bodyValue": "Who?"}, "", "Who?", "clarification", "en"),
        ({"motivation": ..., "bodyValue": "No."}, "", "No.", "correction", "en"),
        (
            {
                "motivation": ["editing", "commenting"],
                "body": [
                    {"type": "TextualBody", "purpose": "editing", "value": "Andrii", "language": "uk"},
                    {"type": "TextualBody", "purpose": ["commenting"], "value": "His page.", "format": "text/plain"},
                    "https://city.example/mayor",
                    {"type": "SpecificResource", "purpose": "linking", "source": "https://city.example/two"},
                ],
            },
            "Andrii", "His page.\n\nhttps://city.example/mayor\n\nhttps://city.example/two", "correction", "uk",
        ),
        (
            {"body": {"type": "TextualBody", "value": "<p>Fish &amp; <b>chips</b></p>", "format": "text/html"}},
            "", "Fish & chips", "correction", "en",
        ),
        (
            {"body": {"type": "Choice", "items": [{"value": "Так.", "language": ["uk-UA"]}, {"value": "Yes."}]}},
            "", "Так.", "correction", "uk",
        ),
        ({"body": {"value": "Non.", "language": "fr"}}, "", "Non.", "correction", "en"),
    ],
)  # fmt: skip
def test_bodies_say_better_words_and_what_is_wrong(story, reader, members, wording, why, kind, language):
    answer = annotated(reader, story, QUOTE, **members)

    assert answer.status_code == 201, answer.content
    suggestion = Suggestion.objects.get()
    said = (suggestion.wording, suggestion.why, suggestion.kind, suggestion.language)
    assert said == (wording, why, kind, language)


def test_what_we_serve_is_taken_again(story, reader):
    creator = {"type": "Person", "name": "Petro", "email": "mailto:petro@readers.example"}
    first = annotated(reader, story, in_passage("p-bbbbb", 6, 19), creator=creator)
    served = reader.client.get(first.json()["status"], HTTP_ACCEPT="application/ld+json").json()

    answer = annotated(reader, story, **{name: served[name] for name in served if name != "id"})

    assert answer.status_code == 201
    one, other = Suggestion.objects.order_by("pk")
    for name in ("exact", "prefix", "suffix", "block", "start", "end", "version", "wording", "why", "credit"):
        assert getattr(one, name) == getattr(other, name)
    assert (one.credit, one.reply_to, other.reply_to) == ("Petro", "petro@readers.example", "")
    assert Case.objects.get().reports == 2


def test_words_of_several_passages_are_served_and_taken_as_a_range(story, reader):
    first = annotated(reader, story, {"type": "TextQuoteSelector", "exact": "eleven months Trams will turn"})
    selector = reader.client.get(first.json()["status"], HTTP_ACCEPT="application/ld+json").json()["target"]["selector"]

    assert (selector[0]["type"], selector[0]["startSelector"]["value"]) == (
        "RangeSelector",
        '[data-passage="headline"]',
    )
    assert annotated(reader, story, selector[0], bodyValue="By the range alone.").status_code == 201
    one, other = Suggestion.objects.order_by("pk")
    assert (one.block, one.start, one.end) == (other.block, other.start, other.end)


@pytest.mark.parametrize(
    "kind", ["application/json", 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"']
)
@pytest.mark.parametrize(
    "context", [CONTEXT, [CONTEXT, {"x": "https://x.example/"}], CONTEXT.replace("http", "https"), ...]
)
def test_contexts_and_types_of_content(story, reader, kind, context):
    assert annotated(reader, story, QUOTE, kind=kind, **{"@context": context}).status_code == 201


@pytest.mark.parametrize(
    ("members", "status", "field"),
    [
        ({"@context": "https://schema.org"}, 400, "@context"),
        ({"type": "Person"}, 422, "type"),
        ({"motivation": {"id": 1}}, 400, "motivation"),
        ({"body": {"type": "TextualBody"}}, 422, "body.value"),
        ({"body": {"value": ["a"]}}, 400, "body.value"),
        ({"body": 7}, 400, "body"),
        ({"bodyValue": 7}, 400, "bodyValue"),
        ({"bodyValue": "x" * 2001}, 422, "body"),
        ({"target": 7}, 400, "target"),
        ({"target": []}, 400, "target"),
        ({"target": "https://elsewhere.example/2026/11/03/old-bridge/"}, 422, "target.source"),
        ({"target": "/corrections/"}, 422, "target.source"),
        ({"target": "http://[half"}, 400, "target.source"),
        ({"target": {"selector": QUOTE}}, 400, "target.source"),
        ({"creator": {"name": 7}}, 400, "creator.name"),
        ({"creator": {"email": "nobody at home"}}, 422, "creator.email"),
    ],
)
def test_a_refusal_names_the_member(story, reader, members, status, field):
    answer = annotated(reader, story, QUOTE, **members)

    assert (answer.status_code, answer.json().get("field")) == (status, field)
    assert answer.json()["error"].endswith(".")
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize(
    ("selector", "status", "field"),
    [
        ({"exact": "Andri"}, 400, "target.selector.type"),
        ({"type": "TextQuoteSelector"}, 400, "target.selector.exact"),
        ({"type": "TextQuoteSelector", "exact": "x" * 501}, 422, "target.selector.exact"),
        ({"type": "TextQuoteSelector", "exact": "Andri", "prefix": 7}, 400, "target.selector.prefix"),
        ({"type": "TextPositionSelector", "start": "3", "end": 4}, 400, "target.selector.start"),
        ({"type": "TextPositionSelector", "start": 9, "end": 4}, 422, "target.selector.end"),
        ({"type": "TextPositionSelector", "start": 9, "end": 40_000}, 422, "target.selector"),
        ({"type": "FragmentSelector", "value": 7}, 400, "target.selector.value"),
        ({"type": "XPathSelector", "value": "/html/body/p[3]"}, 422, "target.selector"),
        ({"type": "SvgSelector", "value": "<svg/>"}, 422, "target.selector"),
        (in_passage("p-zzzzz", 1, 5), 422, "target.selector"),
        ({**QUOTE, "refinedBy": {"type": "TextQuoteSelector", "exact": "zebra"}}, 422, "target.selector.refinedBy"),
        ({"type": "RangeSelector", "startSelector": in_passage("p-ccccc", 0, 3),
          "endSelector": in_passage("p-bbbbb", 0, 3)}, 422, "target.selector.endSelector"),
        (7, 400, "target.selector"),
        ([QUOTE] * 40, 422, "target.selector"),
    ],
)  # fmt: skip
def test_a_selector_that_selects_nothing_is_refused_by_its_name(story, reader, selector, status, field):
    answer = annotated(reader, story, selector)

    assert (answer.status_code, answer.json().get("field")) == (status, field)
    assert not Suggestion.objects.exists()


def test_selectors_within_selectors_have_an_end(story, reader):
    selector = QUOTE
    for _ in range(200):
        selector = {"type": "FragmentSelector", "value": "p-bbbbb", "refinedBy": selector}

    assert annotated(reader, story, selector).status_code == 422


def test_several_places_of_a_story_are_several_annotations(story, reader):
    target = {"source": HOME + story.public_path, "selector": QUOTE}

    answer = annotated(reader, story, target=[target, target])

    assert (answer.status_code, answer.json()["field"]) == (422, "target")


def test_without_a_token_nothing_is_read(story, reader):
    said = {"@context": CONTEXT, "type": "Annotation", "target": story.public_path, "bodyValue": "No."}

    answer = reader.client.post(story.suggest_path, json.dumps(said), content_type="application/ld+json")

    assert (answer.status_code, Suggestion.objects.count()) == (422, 0)
    told = reader.client.get(story.suggest_path, HTTP_ACCEPT="application/ld+json")
    assert "token" in told.json()
