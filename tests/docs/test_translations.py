"""Every string a person sees exists in Ukrainian, whole, and the compiled catalogue is the current one."""

import gettext
import io
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import messages  # noqa: E402
import po  # noqa: E402


@pytest.fixture(scope="module")
def catalogue():
    return po.read(messages.CATALOGUE)


def test_every_marked_string_has_a_ukrainian_translation():
    if not shutil.which("xgettext"):
        pytest.skip("needs gettext; make test installs it")

    lacking = messages.lacking(messages.collect())

    assert sorted(lacking) == []


def test_the_catalogue_holds_nothing_that_is_no_longer_marked(catalogue):
    if not shutil.which("xgettext"):
        pytest.skip("needs gettext; make test installs it")

    marked = {entry.key for entry in messages.marked()}

    assert {entry.key for entry in catalogue if entry.source} - marked == set()


def test_no_translation_is_a_guess(catalogue):
    assert [entry.key for entry in catalogue if entry.is_fuzzy] == []


def test_translations_keep_the_placeholders_of_their_source(catalogue):
    wrong = {entry.key: entry.misplaced() for entry in catalogue if entry.source and entry.misplaced()}

    assert wrong == {}


def test_ukrainian_counts_in_four_forms(catalogue):
    translations = gettext.GNUTranslations(io.BytesIO(po.compiled(catalogue, messages.FORMS)))

    assert po.forms_of(catalogue) == messages.FORMS
    assert [translations.plural(n) for n in (1, 21, 2, 24, 5, 11, 0)] == [0, 0, 1, 1, 2, 2, 2]
    assert [entry.key for entry in catalogue if entry.plural and sorted(entry.texts) != [0, 1, 2, 3]] == []


def test_the_compiled_catalogue_is_the_one_of_its_text(catalogue):
    def said(data: bytes) -> dict:
        return gettext.GNUTranslations(io.BytesIO(data))._catalog

    stored = messages.CATALOGUE.with_suffix(".mo").read_bytes()

    # Not byte by byte: gettext's own compiler lays a table of its own in between.
    assert said(stored) == said(po.compiled(catalogue, messages.FORMS)), "Run `make messages`."


def test_a_translation_with_another_placeholder_is_refused():
    entry = po.Entry(source="Published by %(name)s", texts={0: ""})

    refused = messages.merge([entry], {entry.key: "Опублікував %(who)s"})

    assert len(refused) == 1
    assert entry.texts == {0: ""}
