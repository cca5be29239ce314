"""The demo's texts and pictures, read as a careful editor would read them."""

import datetime as dt
import hashlib
import re
import zoneinfo
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from standfirst.ops.demo import markup, reading

ZONE = zoneinfo.ZoneInfo("Europe/Kyiv")
NOW = dt.datetime(2026, 3, 4, 10, 30, tzinfo=ZONE)
STORIES = reading.stories(now=NOW)
PICTURES = reading.pictures()
PAPER = reading.paper()
# Fields that no reader reads as words.
UNREAD = {"id", "slug", "url", "name", "kind", "section", "bylines", "tags", "related", "time", "published_on"}

each = pytest.mark.parametrize("story", STORIES, ids=lambda story: story.file)


def words_of(value, key=""):
    """Every text of a story that readers see, in order."""
    if isinstance(value, dict):
        return [text for name, item in value.items() for text in words_of(item, name)]
    if isinstance(value, list):
        return [text for item in value for text in words_of(item, key)]
    return [value] if isinstance(value, str) and key not in UNREAD else []


def prose(story):
    texts = words_of(story.fields)
    for kind, value in markup.blocks(story.body):
        texts += [value] if kind == "text" else words_of(value)
    return [re.sub(r"\]\([^)]*\)", "]", text) for text in texts]


def count_words(story):
    return len(re.findall(r"[^\W_]+", " ".join(prose(story))))


@each
def test_every_story_says_who_where_and_what(story):
    assert story.headline
    assert story.kicker
    assert story.section in {section["slug"] for section in PAPER["sections"]}
    assert story.kind in {"news", "analysis", "opinion"}
    assert story.bylines
    assert set(story.bylines) <= {byline["slug"] for byline in PAPER["bylines"]}
    assert story.standfirst or story.no_standfirst
    assert len(story.standfirst) <= 600
    assert set(story.tags) <= set(PAPER["tags"])
    assert len(story.tags) == len(set(story.tags)) > 0


@each
def test_every_story_has_an_address_of_its_own_in_ascii(story):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", story.slug)
    assert len(story.slug) <= 100
    same = [other.file for other in STORIES if other.slug == story.slug and other.language == story.language]
    assert same == [story.file]


@each
def test_stories_lie_in_the_two_months_before_now_and_refer_to_the_past(story):
    assert NOW - dt.timedelta(days=62) < story.when < NOW
    for target in story.links:
        found = next(o for o in STORIES if o.id == target and o.language == story.language)
        assert found.when < story.when, f"{story.file} links to {target}, which came later"
    known = {other.id for other in STORIES}
    assert set(story.related or []) <= known


@each
def test_every_use_of_a_picture_is_described_in_the_language_of_the_story(story):
    uses = [story.picture] if story.picture else []
    for kind, value in markup.blocks(story.body):
        uses += [value] if kind == "picture" else value["pictures"] if kind == "gallery" else []
    for use in uses:
        described = PICTURES[use["name"]].get(f"alt_{story.language}", "")
        assert 20 < len(described) <= 250, f"{use['name']} in {story.file}"


@each
def test_texts_are_typeset_by_hand(story):
    for text in prose(story):
        assert '"' not in text
        assert "'" not in text
        assert " - " not in text
        assert "  " not in text
        assert not re.search(r"\{\w*[+-]?\d*\}", text), "a date was not written out"
        assert "lorem" not in text.lower()


@pytest.mark.parametrize("story", [story for story in STORIES if story.language == "uk"], ids=lambda story: story.file)
def test_ukrainian_texts_have_no_latin_look_alikes(story):
    # Letters that look the same in both scripts; a word made of them alone is Latin by mistake.
    twins = set("aceiopxykhmtbACEIOPXYKHMTB")
    for text in prose(story):
        for word in re.findall(r"[^\W\d_]+", text):
            latin = set(re.findall(r"[a-zA-Z]", word))
            cyrillic = re.findall(r"[\u0400-\u04ff]", word)
            assert not (latin and cyrillic), f"“{word}” mixes two scripts"
            assert not (latin and latin <= twins), f"“{word}” is Latin and looks Cyrillic"
            assert not set("ыэъёЫЭЪЁ") & set(word), f"“{word}” is not Ukrainian"


def test_no_sentence_is_said_twice():
    sentences = Counter()
    for story in STORIES:
        for text in prose(story):
            for sentence in re.split(r"(?<=[.!?])\s+|\n", text):
                if len(sentence.split()) >= 7:
                    sentences[story.language, sentence.strip()] += 1
    assert [sentence for sentence, count in sentences.items() if count > 1] == []


def test_stories_are_as_long_as_a_paper_prints_them():
    lengths = {story.file: count_words(story) for story in STORIES}
    assert min(lengths.values()) >= 110
    assert sum(1 for length in lengths.values() if length < 230) >= 5, "some shorts"
    assert sum(1 for length in lengths.values() if length >= 350) >= 24, "most are of full length"


def test_no_eight_words_in_a_row_are_another_papers():
    theirs = set((Path(__file__).parent / "other_papers_words.txt").read_text().split())
    ours = [*words_of(PAPER), *words_of(PICTURES)]
    for story in STORIES:
        ours += prose(story)
    for text in ours:
        words = re.findall(r"[^\W_]+", text.lower().replace("’", "").replace("'", ""))
        for n in range(len(words) - 7):
            run = " ".join(words[n : n + 8])
            assert hashlib.sha256(run.encode()).hexdigest()[:12] not in theirs, run


def test_both_languages_have_their_share():
    by_language = Counter(story.language for story in STORIES)
    assert by_language["en"] >= 28
    assert by_language["uk"] >= 18
    pairs = {s.id for s in STORIES if s.language == "en"} & {s.id for s in STORIES if s.language == "uk"}
    assert len(pairs) >= 14


def test_the_hard_cases_of_the_look_are_there():
    assert any(len(story.headline.split()) == 1 for story in STORIES), "a one-word headline"
    assert any(story.language == "uk" and len(story.headline) > 180 for story in STORIES), "a very long one"
    assert any(not story.picture for story in STORIES), "no picture"
    assert any(not story.standfirst for story in STORIES), "no standfirst"
    everything = next(story for story in STORIES if story.id == "bridge-closes" and story.language == "en")
    kinds = {kind for kind, _value in markup.blocks(everything.body)}
    assert kinds == {
        "text",
        "picture",
        "gallery",
        "table",
        "fact_box",
        "embed",
        "file",
        "update_note",
        "unknowns",
    }
    for name in ("methods", "sources", "based_on", "related", "picture", "dateline", "kicker"):
        assert everything.fields[name], name


def test_the_lead_story_has_the_anatomy_of_a_page_that_answers():
    lead = next(story for story in STORIES if story.lead and story.language == "en")
    assert ", " in lead.headline
    assert PICTURES[lead.picture["name"]]["source_kind"] == "handout"
    assert "Kremlin" in PICTURES[lead.picture["name"]]["credit"]
    assert "drawing" in lead.picture["caption"]
    assert lead.based_on[0]["name"] == "EFE"
    assert lead.based_on[0]["url"].startswith("https://")
    assert lead.body.count("\n## ") >= 3
    table = next(value for kind, value in markup.blocks(lead.body) if kind == "table")
    assert [row[0] for row in table["rows"][1:]] == ["about 12,000", "more than 7,000", "3,000"]
    assert len({row[1] for row in table["rows"][1:]}) == 2, "different speakers"
    assert lead.body.count("2024") >= 6, "the real dates carry their year"


def test_planted_slips_stand_where_they_are_said_to_stand():
    slips = reading.slips()
    assert len(slips) >= 10
    kinds = {slip["kind"] for slip in slips}
    assert {"verb_form", "name_spelling", "heading_place"} <= kinds
    for slip in slips:
        story = next(s for s in STORIES if s.id == slip["story"] and s.language == slip["language"])
        text = "\n".join(prose(story))
        assert text.count(slip["wrong"]) == 1, slip
        assert slip["right"] not in slip["wrong"] or slip["kind"] == "doubled_word"


def test_a_change_is_of_words_that_are_printed_and_of_no_planted_slip():
    slips = reading.slips()
    for change in reading.changes():
        assert set(change) == {"story", *reading.LANGUAGES}
        for language in reading.LANGUAGES:
            words = change[language]
            story = next(s for s in STORIES if s.id == change["story"] and s.language == language)
            assert story.body.count(words["was"]) == 1
            assert not [slip for slip in slips if slip["story"] == story.id and slip["language"] == language]
            for text in (words["is"], words["note"]):
                assert not re.search(r"[\"']| - |  ", text)


def test_readers_report_what_is_printed_and_no_planted_slip_is_put_right():
    slips = {(slip["story"], slip["language"]) for slip in reading.slips()}
    said = reading.corrections()
    for report in said["reports"]:
        story = next(s for s in STORIES if s.id == report["story"] and s.language == report["language"])
        printed = re.sub(r"\*\*|\[|\]\([^)]*\)", "", "\n".join(prose(story)))
        assert printed.count(report["quote"]) == 1, report
        if report.get("decision") == "accept":
            assert (story.id, story.language) not in slips
    for change in said["changes"]:
        for language in reading.LANGUAGES:
            story = next(s for s in STORIES if s.id == change["story"] and s.language == language)
            assert story.body.count(change[language]["was"]) == 1
            assert (story.id, language) not in slips


def test_pictures_are_credited_wide_and_light():
    total = 0
    used = {story.picture["name"] for story in STORIES if story.picture}
    for story in STORIES:
        for kind, value in markup.blocks(story.body):
            if kind in ("picture", "gallery"):
                used |= {use["name"] for use in value.get("pictures", [value])}
    for name, about in PICTURES.items():
        file = reading.PICTURES / about["file"]
        total += file.stat().st_size
        with Image.open(file) as picture:
            assert picture.size == (1600, 900), name
        assert about["title"]
        assert about["credit"]
        assert about["credit_uk"]
        assert about["source_kind"] in {"illustration", "archive", "handout"}
        assert name in used, f"{name} is in no story"
    assert total < 1_500_000
    assert {path.stem for path in reading.PICTURES.iterdir() if path.suffix in (".jpg", ".png")} == set(PICTURES)


def test_staff_is_the_standing_cast():
    from tests import cast

    staff = {person["email"]: (person["name"], person["role"]) for person in PAPER["staff"]}
    assert staff == {person.email: (person.name, person.role) for person in cast.STAFF}
    kinds = Counter(byline.get("kind", "person") for byline in PAPER["bylines"])
    assert kinds == {"person": 6, "guest": 1, "pen_name": 1, "desk": 2}
