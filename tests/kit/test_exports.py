"""What an export is refused for: whole sentences, in the language of whoever reads them."""

import pytest
from django.utils import translation
from django.utils.translation import gettext

from standfirst.kit.exports import BadExport, Fields, records


@pytest.mark.parametrize(
    ("read", "english", "ukrainian"),
    [
        (
            lambda: Fields({"title": 5}, "stories/a.json").text("title", 200),
            "stories/a.json: “title” should be a text of at most 200 characters. Export again, or take the line out.",
            "текст щонайбільше з 200 знаків",
        ),
        (
            lambda: Fields({"kind": "x"}, "a.json").choice("kind", ["b", "a"]),
            "a.json: “kind” should be one of a, b. Export again, or take the line out.",
            "одне з a, b",
        ),
        (
            lambda: Fields({"n": 9}, "100%.json").number("n", most=5),
            "100%.json: “n” should be a number from 1 to 5. Export again, or take the line out.",
            "число від 1 до 5",
        ),
        (lambda: records({}, "a.json"), "a.json should hold a list, and holds something else.", "має містити список"),
    ],
)
def test_a_refusal_is_told_in_the_language_of_who_reads_it(read, english, ukrainian):
    with pytest.raises(BadExport) as refusal:
        read()

    assert str(refusal.value) == english
    with translation.override("uk"):
        assert ukrainian in refusal.value.said(gettext)
    assert BadExport("It lies at 100% of a path.").said(gettext) == "It lies at 100% of a path."
