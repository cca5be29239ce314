"""A flood fills neither the queue nor the disk, and who is refused is told so."""

import pytest

from standfirst.corrections import floods
from standfirst.corrections.models import Case, Suggestion
from standfirst.letterbox import guards
from tests.corrections.readers.conftest import with_text
from tests.letterbox.conftest import words
from tests.sizes import FULL


@pytest.fixture
def long_story(newsroom):
    """Two thousand sentences, each of which somebody may mark."""
    paragraphs = [
        "<p>" + " ".join(f"Fact {row}-{number} is told here." for number in range(20)) + "</p>" for row in range(100)
    ]
    return newsroom.publish("A long story", body=with_text("".join(paragraphs)))


@pytest.fixture
def low(monkeypatch):
    """The same walls, lower."""
    for name, most in (("NEW_CASES_OF_STORY", 4), ("NEW_CASES_OF_ALL", 6), ("ASIDE", 5), ("KEPT_OF_CASE", 3)):
        monkeypatch.setattr(floods, name, most)


def address_of(number):
    return {"REMOTE_ADDR": f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}"}


def test_on_a_story_that_everybody_attacks_new_items_lie_aside(newsroom, long_story, reader, low):
    for number in range(6):
        answer = reader.suggests(long_story.suggest_path, exact=f"Fact 1-{number} is", headers=address_of(number * 256))
        assert answer.status_code == 201
    quiet = newsroom.publish("Another", body=with_text("<p>Nobody attacks this.</p>"))
    assert reader.suggests(quiet.suggest_path, exact="Nobody attacks", headers=address_of(99)).status_code == 201

    aside = list(Case.objects.order_by("pk").values_list("is_aside", flat=True))
    assert aside == [False, False, False, False, True, True, False]


def test_reports_on_the_same_words_are_no_flood(long_story, reader, low, monkeypatch):
    monkeypatch.setattr(floods, "KEPT_OF_CASE", 50)
    for number in range(20):
        answer = reader.suggests(
            long_story.suggest_path, exact="Fact 1-1 is", why=str(number), headers=address_of(number * 256)
        )
        assert answer.status_code == 201

    case = Case.objects.get()
    assert (case.reports, case.is_aside) == (20, False)


def test_beyond_what_is_kept_of_an_item_a_reader_is_counted_and_told(long_story, reader, low):
    answers = [
        reader.suggests(long_story.suggest_path, exact="Fact 1-1 is", why=str(n), headers=address_of(n * 256))
        for n in range(5)
    ]

    assert [answer.status_code for answer in answers] == [201, 201, 201, 429, 429]
    assert "Very many readers have told us about these words already." in answers[-1].json()["error"]
    assert (Case.objects.get().reports, Suggestion.objects.count()) == (5, 3)


def test_a_full_pile_is_an_honest_refusal(long_story, reader, low):
    statuses = [
        reader.suggests(long_story.suggest_path, exact=f"Fact 2-{n} is", headers=address_of(n * 256)).status_code
        for n in range(12)
    ]
    assert statuses == [201] * 9 + [503] * 3
    assert Case.objects.filter(is_aside=True).count() == 5

    refused = reader.send(
        long_story.suggest_path, kind="correction", exact="Fact 3-1 is", why="Kept <words>", headers=address_of(77_000)
    )
    assert (refused.status_code, refused["Retry-After"]) == (503, "3600")
    assert "More is coming in just now than an editor could ever read" in words(refused)
    assert reader.fields(refused)["why"] == "Kept <words>"
    # What is reported already can still be reported.
    assert reader.suggests(long_story.suggest_path, exact="Fact 2-1 is", headers=address_of(78_000)).status_code == 201


def test_spam_too_has_an_end(story, reader, low):
    statuses = [
        reader.send(story.suggest_path, why=f"Buy {n}", homepage="x", headers=address_of(n * 256)).status_code
        for n in range(7)
    ]

    assert statuses == [303] * 5 + [503] * 2
    assert Suggestion.objects.count() == 5


def test_a_crowd_of_one_network_lies_aside_and_nobody_is_refused(long_story, reader, monkeypatch):
    monkeypatch.setattr(guards, "RATE_OF_NEIGHBOURS", (3, 3600))
    for number in range(5):
        headers = {"REMOTE_ADDR": f"198.51.100.{number}"}
        assert reader.suggests(long_story.suggest_path, exact=f"Fact 1-{number} is", headers=headers).status_code == 201
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert reader.suggests(long_story.suggest_path, exact="Fact 9-1 is", headers=elsewhere).status_code == 201

    aside = list(Case.objects.order_by("pk").values_list("is_aside", flat=True))
    assert aside == [False, False, False, True, True, False]


def test_an_item_aside_comes_forward_when_somebody_else_says_so_too(long_story, reader, monkeypatch):
    monkeypatch.setattr(guards, "RATE_OF_NEIGHBOURS", (0, 3600))
    reader.suggests(long_story.suggest_path, exact="Fact 1-1 is")
    assert Case.objects.get().is_aside
    monkeypatch.setattr(guards, "RATE_OF_NEIGHBOURS", (9, 3600))

    reader.suggests(long_story.suggest_path, exact="Fact 1-1 is told", headers=address_of(5))

    case = Case.objects.get()
    assert (case.is_aside, case.reports) == (False, 2)


def test_neighbourhoods():
    assert guards.neighbourhood_of("198.51.100.7") == guards.neighbourhood_of("198.51.100.250") == "198.51.100.0/24"
    assert guards.neighbourhood_of("2001:db8:1:2::7") == guards.neighbourhood_of("2001:db8:1:ffff::9")
    assert guards.neighbourhood_of("2001:db8:2:2::7") != guards.neighbourhood_of("2001:db8:1:2::7")
    assert guards.neighbourhood_of("not an address") == "unknown"


def test_made_up_words_keep_no_worker_busy(long_story, reader, monkeypatch):
    monkeypatch.setattr(floods, "NEAR_SEARCHES", 2)
    asked = []
    monkeypatch.setattr("standfirst.kit.anchoring.near", lambda *args, **kwargs: asked.append(args) or [])

    for number in range(6):
        fields = {"exact": f"zebra {number} crossed", "headers": address_of(number * 256)}
        assert reader.suggests(long_story.suggest_path, **fields).status_code == 422

    assert len(asked) <= 2
    # What stands there is found all the same.
    assert reader.suggests(long_story.suggest_path, exact="Fact 1-1 is", headers=address_of(1)).status_code == 201


REPORTS = 10_000 if FULL else 150


def test_automatic_reports_from_changing_addresses_fill_nothing(long_story, reader, monkeypatch):
    """Ten thousand in an hour, each from an address of its own, each with other words of the story."""
    if not FULL:
        monkeypatch.setattr(floods, "NEW_CASES_OF_STORY", 20)
        monkeypatch.setattr(floods, "ASIDE", 40)
    token = reader.token(long_story.suggest_path)
    statuses: dict[int, int] = {}
    for number in range(REPORTS):
        reader.clock.now += 3600 / REPORTS / 2
        fields = {"token": token, "exact": f"Fact {number // 20 % 100}-{number % 20} is", "why": f"Wrong {number}"}
        answer = reader.posts(long_story.suggest_path, fields, **address_of(number * 256))
        statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1

    assert sum(statuses.values()) == REPORTS
    assert set(statuses) <= {201, 429, 503}
    assert Case.objects.filter(is_aside=False).count() == floods.NEW_CASES_OF_STORY
    assert Case.objects.filter(is_aside=True).count() == floods.ASIDE
    assert Suggestion.objects.count() <= floods.KEPT_OF_ALL
    assert statuses[201] == Suggestion.objects.count(), "who was told that it is kept was told the truth"
