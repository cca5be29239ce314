"""A picture that is pasted or dropped into the text stands where the cursor stood."""

import io
import json

import pytest
from PIL import Image

from tests.browser.desk import running_text, sign_in

LINES = ["The bridge was closed.", "Nobody was hurt.", "It opens on Friday."]


@pytest.fixture
def desk(visit, paper):
    """An editor's browser at a new story of three paragraphs."""
    visitor = visit(width=1280)
    sign_in(visitor.page, paper)
    page = visitor.open("/desk/stories/new/en/")
    page.fill("[name=title]", "A picture in the middle")
    editor = running_text(page)
    editor.click()
    for line in LINES:
        page.keyboard.type(line)
        if line != LINES[-1]:
            page.keyboard.press("Enter")
    return visitor


def photo() -> list[int]:
    data = io.BytesIO()
    Image.effect_noise((320, 200), 40).convert("RGB").save(data, "JPEG")
    return list(data.getvalue())


SEND = """(element, [bytes, kind, x, y]) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], "bridge.jpg", {type: "image/jpeg"}));
    const options = {bubbles: true, cancelable: true};
    element.dispatchEvent(kind === "paste"
        ? new ClipboardEvent("paste", {...options, clipboardData: data})
        : new DragEvent("drop", {...options, dataTransfer: data, clientX: x, clientY: y}));
}"""


def story(page, *, until: int) -> list:
    """The running text as the form holds it: words of a text block, or the word "picture"."""
    blocks = page.locator("#body-root > [data-streamfield-stream-container] > [data-streamfield-child]")
    page.wait_for_function(
        "count => document.querySelectorAll('#body-root > div > [data-streamfield-child]').length === count", arg=until
    )
    found = []
    for block in blocks.all():
        if block.locator(":scope > [name$='-type']").input_value() == "picture":
            assert block.locator("[name$='-value-image']").input_value()
            found.append("picture")
        else:
            editor = block.locator("[contenteditable=true].public-DraftEditor-content")
            found.append([line for line in editor.inner_text().split("\n") if line.strip()])
    return found


def test_a_picture_pasted_between_two_paragraphs_stands_between_them(desk):
    page = desk.page
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")

    running_text(page).evaluate(SEND, [photo(), "paste", 0, 0])

    assert story(page, until=3) == [LINES[:1], "picture", LINES[1:]]


def test_a_picture_pasted_within_a_paragraph_parts_it_and_nothing_is_lost(desk, paper):
    page = desk.page
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")
    for _ in range(len("Nobody ")):
        page.keyboard.press("ArrowRight")

    running_text(page).evaluate(SEND, [photo(), "paste", 0, 0])
    assert story(page, until=3) == [[LINES[0], "Nobody "], "picture", ["was hurt.", LINES[2]]]
    with page.expect_navigation():
        page.keyboard.press("Control+s")

    kept = story(page, until=3)
    assert [[line.strip() for line in part] if part != "picture" else part for part in kept] == [
        [LINES[0], "Nobody"],
        "picture",
        ["was hurt.", LINES[2]],
    ]


def test_a_picture_pasted_at_the_end_or_the_beginning_cuts_nothing(desk):
    page = desk.page
    running_text(page).evaluate(SEND, [photo(), "paste", 0, 0])
    assert story(page, until=2) == [LINES, "picture"]

    running_text(page).click()
    page.keyboard.press("Control+Home")
    running_text(page).evaluate(SEND, [photo(), "paste", 0, 0])

    assert story(page, until=3) == ["picture", LINES, "picture"]


def test_a_picture_dropped_before_a_paragraph_stands_before_it(desk):
    page = desk.page
    line = page.get_by_text(LINES[2], exact=True).bounding_box()

    running_text(page).evaluate(SEND, [photo(), "drop", line["x"] + 1, line["y"] + line["height"] / 2])

    assert story(page, until=3) == [LINES[:2], "picture", LINES[2:]]


def test_an_empty_line_made_for_the_picture_goes(desk):
    page = desk.page
    page.keyboard.press("ArrowUp")
    page.keyboard.press("End")
    page.keyboard.press("Enter")

    running_text(page).evaluate(SEND, [photo(), "paste", 0, 0])

    assert story(page, until=3) == [LINES[:2], "picture", LINES[2:]]
    empty = (
        "() => Array.from(document.querySelectorAll('#body-root [data-block]')).filter(p => !p.innerText.trim()).length"
    )
    assert page.evaluate(empty) == 0


def test_paragraphs_keep_their_keys_when_a_picture_parts_them(desk):
    page = desk.page
    page.wait_for_function("() => (document.querySelector('[name=body-0-value]').value || '').includes('Friday')")
    before = [block["key"] for block in json.loads(page.input_value("[name=body-0-value]"))["blocks"]]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Home")

    running_text(page).evaluate(SEND, [photo(), "paste", 0, 0])
    story(page, until=3)
    page.wait_for_timeout(600)
    values = page.evaluate(
        """() => Array.from(document.querySelectorAll("[name^=body-][name$=-value]"))
            .filter(field => field.draftailEditor).map(field => field.value)"""
    )

    after = [block["key"] for value in values for block in json.loads(value)["blocks"] if block["text"].strip()]
    assert after == before
