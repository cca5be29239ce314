"""Saved pages of many makes: each read as the JSON beside it says, with nothing of the page around the story."""

import json

import pytest

from tests.importers.saved import PAGES, only, told

EXPECTED = sorted(PAGES.glob("*.json"))


@pytest.mark.parametrize("expected", EXPECTED, ids=[file.stem for file in EXPECTED])
def test_a_saved_page_is_read_as_it_was_printed(expected, settings):
    settings.TIME_ZONE = "Europe/Kyiv"
    wanted = json.loads(expected.read_text(encoding="utf-8"))
    page = next(file for file in PAGES.glob(f"{expected.stem}.*") if file.suffix != ".json")

    found = told(only(page))

    if wanted["published"] and found["published"]:
        found["published"] = found["published"][: len(wanted["published"])]
    assert found == wanted
