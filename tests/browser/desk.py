"""Hands for the desk: signing in, typing into the editor, pasting what a program put on the clipboard."""

from __future__ import annotations

import json
from pathlib import Path

from playwright.sync_api import Locator, Page

CLIPBOARD = Path(__file__).resolve().parent / "clipboard"
EDITOR = "[contenteditable=true].public-DraftEditor-content"


def sign_in(page: Page, paper, role: str = "editor") -> None:
    """Sign in as the demo's person of that role."""
    person = paper.sign_ins[role]
    page.goto(paper.url + "/desk/login/")
    page.fill("[name=login]", person["email"])
    page.fill("[name=password]", person["password"])
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/desk/")


def paste(page: Page, editor: Locator, *, html: str = "", text: str = "") -> None:
    """Paste as the browser does: one event that carries what the clipboard holds, in both forms."""
    editor.click()
    editor.evaluate(
        """(element, [html, text]) => {
            const data = new DataTransfer();
            if (html) data.setData('text/html', html);
            data.setData('text/plain', text);
            element.dispatchEvent(
                new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        [html, text],
    )
    page.wait_for_timeout(200)


def running_text(page: Page) -> Locator:
    """The editor of the story's running text, which the form opens with."""
    return page.locator(f"#body-root {EDITOR}").first


def text_of(page: Page, *, until: str = "") -> str:
    """The stored content of the first text block, once it holds the words that are waited for."""
    page.wait_for_function(
        "words => (document.querySelector('[name=body-0-value]')?.value || '').includes(words)", arg=until
    )
    return page.input_value("[name=body-0-value]")


def publish(page: Page) -> None:
    """Press Publish in the menu beside Save draft."""
    page.locator("footer .w-dropdown__toggle, .footer .w-dropdown__toggle").last.click()
    page.locator("[name=action-publish]").click()
    page.wait_for_load_state("load")


def clipboard(name: str) -> dict[str, str]:
    """What a program wrote: {"html": …, "text": …}."""
    content = (CLIPBOARD / name).read_text(encoding="utf-8")
    if name.endswith(".txt"):
        return {"text": content}
    # Programs put the bare words beside; an address among them must not undo the rest.
    return {"html": content, "text": "The river crossing …\nhttps://council.example/notices/14\nThursday."}


def written(value: str) -> list[tuple[str, str]]:
    """The editor's stored content as (kind of line, words), links and styles marked in the words."""
    content = json.loads(value)
    lines = []
    for block in content["blocks"]:
        marks: list[tuple[int, int, str]] = []
        for style in block["inlineStyleRanges"]:
            sign = {"BOLD": "**", "ITALIC": "_"}.get(style["style"], f"<{style['style']}>")
            marks += [(style["offset"], 1, sign), (style["offset"] + style["length"], 0, sign)]
        for link in block["entityRanges"]:
            entity = content["entityMap"][str(link["key"])]
            target = entity["data"].get("url", entity["type"])
            marks += [(link["offset"], 1, "["), (link["offset"] + link["length"], 0, f"]({target})")]
        words = block["text"]
        for position, _opens, sign in sorted(marks, reverse=True):
            words = words[:position] + sign + words[position:]
        if words.strip():
            lines.append((block["type"], words.replace("\u00a0", " ").strip()))
    return lines


def stories_called(page: Page, headline: str) -> list[str]:
    """The state of every story with this headline, as the desk's newest stories are listed."""
    page.goto(page.url.split("/desk/")[0] + "/desk/stories/?ordering=-latest_revision_created_at")
    rows = page.locator("table.listing tbody tr").filter(has=page.get_by_role("link", name=headline, exact=True))
    return [row.locator(".w-status").last.inner_text().split()[-1].lower() for row in rows.all()]
