"""The chain shows any single change of what was written."""

import dataclasses
import hashlib
import json
import random

import pytest

from standfirst.kit.chain import Broken, Link, checked, version_digest, words_digest


def chain(length):
    links, previous = [], ""
    for number in range(1, length + 1):
        digest = hashlib.sha256(f"{number}".encode()).hexdigest()
        at = f"2026-11-03T07:00:{number % 60:02}+00:00"
        links.append(Link(number, "version", f"{number}/1", digest, at, previous).sealed())
        previous = links[-1].hash
    return links


def test_a_chain_as_it_was_written_is_whole():
    links = chain(40)

    assert list(checked(links)) == links
    assert list(checked([])) == []


def test_whoever_has_sha256_and_json_can_check_it():
    """The recipe of docs/developers/the-record.md, with nothing of ours."""
    lines = [json.dumps(link.as_dict()) for link in chain(12)]

    previous = ""
    for number, line in enumerate(lines, 1):
        entry = json.loads(line)
        told = entry.pop("hash")
        text = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert entry["number"] == number
        assert entry["previous"] == previous
        assert hashlib.sha256(text.encode()).hexdigest() == told
        previous = told


@pytest.mark.parametrize("seed", range(200))
def test_any_single_changed_byte_is_seen(seed):
    """Whatever is changed, and even if the entry is sealed anew by whoever changed it."""
    chosen, links = random.Random(seed), chain(9)
    at = chosen.randrange(len(links) - 1)
    name = chosen.choice(["kind", "subject", "digest", "at", "previous", "hash", "number"])
    value = getattr(links[at], name)
    if isinstance(value, int):
        changed = dataclasses.replace(links[at], number=value + chosen.choice([-1, 1]))
    else:
        place = chosen.randrange(len(value)) if value else 0
        other = chosen.choice([letter for letter in "0123456789abcdefxyz" if letter != value[place : place + 1]])
        changed = dataclasses.replace(links[at], **{name: value[:place] + other + value[place + 1 :]})
    if chosen.random() < 0.5 and name != "hash":
        changed = changed.sealed()
    links[at] = changed

    with pytest.raises(Broken):
        list(checked(links))


@pytest.mark.parametrize("left_out", [0, 3, 7])
def test_an_entry_that_is_missing_is_seen(left_out):
    links = chain(9)
    del links[left_out]

    with pytest.raises(Broken, match="is missing"):
        list(checked(links))


def test_two_entries_that_change_places_are_seen():
    links = chain(9)
    links[3], links[4] = links[4], links[3]

    with pytest.raises(Broken):
        list(checked(links))


def test_what_is_kept_of_a_version_tells_every_fact_of_it_apart():
    facts = {"story": 12, "number": 3, "published_at": "2026-11-03T07:00:00+00:00", "label": "typo", "digest": "a"}
    digests = {
        version_digest(**facts),
        *(version_digest(**(facts | {name: facts[name] * 2})) for name in facts),
        version_digest(**facts, note_digest="b"),
    }

    assert len(digests) == 7


def test_no_note_has_no_digest_and_a_note_cannot_be_guessed_from_its_own():
    assert words_digest("", salt=b"1") == ""
    assert words_digest("It is nine.", salt=b"1") != words_digest("It is nine.", salt=b"2")
