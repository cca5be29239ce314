"""What programs put on the clipboard (tests/browser/clipboard/) becomes the same plain story text."""

from pathlib import Path

import pytest

from standfirst.kit.html import clean_paste

CLIPBOARD = Path(__file__).resolve().parents[1] / "browser" / "clipboard"
LINK = '<a href="https://council.example/notices/14">city council</a>'
FIRST = (
    f"<p>The river crossing was closed on Monday, the {LINK} said, "
    "after <strong>two of nine</strong> bearings failed an inspection.</p>"
)
LAST = "<p>The council meets again on Thursday.</p>"
WHOLE = (
    f"{FIRST}<h2>What happens now</h2><p>Three things are known:</p>"
    "<ul><li>buses take the northern road</li><li>repairs begin on Friday</li>"
    f"<li>the cost is <em>not known</em></li></ul>{LAST}"
)
# Telegram knows no subheads and no lists: its lines stay lines.
LINES = (
    f"{FIRST}<p>What happens now</p><p>Three things are known:<br>• buses take the northern road"
    f"<br>• repairs begin on Friday<br>• the cost is <em>not known</em></p>{LAST}"
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("google-docs.html", WHOLE),
        ("word.html", WHOLE),
        ("wordpress.html", WHOLE),
        ("wordpress-page.html", WHOLE),
        ("telegram-web.html", LINES),
    ],
)
def test_a_pasted_text_keeps_links_subheads_and_lists_and_drops_styling(name, expected):
    assert clean_paste((CLIPBOARD / name).read_text(encoding="utf-8")) == expected
