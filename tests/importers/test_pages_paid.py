"""Saved pages of papers that showed a part of their stories to some readers only."""

import json

import pytest

from tests.importers.saved import only
from tests.importers.test_pages_forms import WORDS, article, save

PAID = (
    '<div class="paid-part paywall"><p>He came back on Sunday, and the shutter was down for good.</p>'
    "<p>He has kept the paper, folded, with the lighter on top of it.</p></div>"
)
SCRIPT = '<script type="application/ld+json">%s</script>'
STORY = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "The last kiosk"}
BARRIER = {"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".paywall"}


@pytest.mark.parametrize(
    "head",
    [
        SCRIPT % json.dumps(STORY | {"isAccessibleForFree": False, "hasPart": BARRIER}),
        SCRIPT % json.dumps(STORY | {"hasPart": [BARRIER]}),
        SCRIPT % json.dumps(STORY | {"isAccessibleForFree": "http://schema.org/False", "hasPart": BARRIER}),
    ],
)
def test_what_only_some_could_read_is_held_and_its_paid_part_is_of_the_story(tmp_path, head):
    item = only(save(tmp_path, "kiosk.html", article(body=WORDS + PAID, head=head)))

    assert item.held_because == "It was for some readers only on the old site; look whether the whole text is here."
    assert "the shutter was down for good" in item.html
    assert "with the lighter on top of it" in item.html


def test_a_tier_of_facebooks_holds_a_story_and_a_free_one_does_not(tmp_path):
    tier = '<meta property="article:content_tier" content="%s">'
    locked = only(save(tmp_path, "a.html", article(head=tier % "locked")))
    free = only(save(tmp_path / "free", "b.html", article(head=tier % "free")))
    said = only(
        save(tmp_path / "said", "c.html", article(head=SCRIPT % json.dumps(STORY | {"isAccessibleForFree": True})))
    )

    assert locked.held_because
    assert (free.held_because, said.held_because) == ("", "")
