"""An annotation client that is not ours finds the same words by what we store (W3C quote, refined by the block)."""

import json
import re
from pathlib import Path

import pytest

from standfirst.kit.anchoring import Place, Quote, normal, place
from tests.kit.marked import PAGES, cases_of, html_of, text_on

MODULES = Path(__file__).resolve().parents[2] / "tools" / "node_modules"
CLIENT = "dom-anchor-text-quote"
REQUIRED = re.compile(r"\brequire\('([^']+)'\)")

#: The page's characters are others than those that are read. This client compares UTF-16 unit by unit: before it looks,
#: the page must be read as docs/developers/passages.md says, in NFC and without what cannot be seen.
OTHER_LETTERS = {
    "soft hyphens cannot be seen",
    "two code points are the one letter they make",
    "and the other way round",
    "a Korean syllable in three parts",
}
#: The page has words of its own in between (the heading above the update), which no version holds and no quote has.
WORDS_BETWEEN = {"from a quotation into an update"}
CASES = [
    pytest.param(page, case, id=f"{page}: {case['name']}")
    for page in PAGES
    for case in cases_of(page)
    if "place" in case and "how" not in case["place"] and case["name"] not in WORDS_BETWEEN
]

# The quote, and as a hint the position within its block.
FIND = """([name, selector, start]) => {
    const root = document.querySelector("article");
    const all = [...root.querySelectorAll("[id], [data-passage]")];
    const block = all.find(element => element.dataset.passage === name || element.id === name);
    const before = document.createRange();
    before.setStart(root, 0);
    before.setEnd(block, 0);
    // It takes surroundings of 32 UTF-16 units at most.
    const quote = {...selector, prefix: selector.prefix.slice(-32), suffix: selector.suffix.slice(0, 32)};
    const range = window.client.toRange(root, quote, {hint: before.toString().length + start});
    if (!range) return null;
    const node = range.startContainer;
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    const passage = element.closest("[id^='p-'], [data-passage]");
    return {text: range.toString(), passage: passage && (passage.dataset.passage || passage.id)};
}"""


# Text node by text node, as it stands on the page.
READ = r"""() => {
    const walker = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
    const unseen = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        node.data = node.data.normalize("NFC").replace(unseen, "");
    }
}"""


def bundle(name: str) -> str:
    """The client and what it stands on as one script: it is written for Node's way of requiring files."""
    files: dict[str, str] = {}

    def add(path: Path) -> str:
        key = str(path.relative_to(MODULES))
        if key not in files:
            files[key] = ""
            files[key] = REQUIRED.sub(lambda one: f"require({json.dumps(add(found(path, one[1])))})", path.read_text())
        return key

    first = add(found(MODULES / "x", name))
    bodies = ",".join(
        f"{json.dumps(key)}: function (module, exports, require) {{{body}\n}}" for key, body in files.items()
    )
    return f"""() => {{
        const files = {{{bodies}}}, loaded = {{}};
        const require = (key) => {{
            if (!loaded[key]) {{
                const module = loaded[key] = {{exports: {{}}}};
                files[key].call(window, module, module.exports, require);
            }}
            return loaded[key].exports;
        }};
        window.client = require({json.dumps(first)});
    }}"""


def found(asking: Path, name: str) -> Path:
    base = asking.parent / name if name.startswith(".") else MODULES / name
    if base.is_dir():
        package = base / "package.json"
        main = json.loads(package.read_text()).get("main", "index.js") if package.exists() else "index.js"
        return found(base / "package.json", f"./{main}")
    return base if base.suffix == ".js" else base.with_name(base.name + ".js")


@pytest.fixture(scope="module")
def pages(chromium):
    script = bundle(CLIENT)
    opened = {}
    for name in PAGES:
        opened[name] = page = chromium.new_page()
        page.set_content(html_of(name))
        page.evaluate(script)
        opened[name, "read"] = read = chromium.new_page()
        read.set_content(html_of(name))
        read.evaluate(READ)
        read.evaluate(script)
    yield opened
    for page in opened.values():
        page.close()


def test_there_are_enough_cases_of_every_kind():
    names = " ".join(case.id for case in CASES)

    assert len(CASES) >= 25
    assert all(word in names for word in ("across paragraphs", "family", "Hebrew", "Arabic", "repeated", "cell"))


@pytest.mark.parametrize(("page", "case"), CASES)
def test_the_outside_client_finds_the_words_where_we_place_them(pages, page, case):
    stored = place(Quote(**case["quote"]), text_on(html_of(page)))
    assert isinstance(stored, Place)

    selector = {"exact": stored.exact, "prefix": stored.prefix, "suffix": stored.suffix}
    shown = pages[page, "read"] if case["name"] in OTHER_LETTERS else pages[page]
    outside = shown.evaluate(FIND, [stored.block, selector, stored.start])

    assert outside is not None
    assert outside["passage"] == stored.block
    assert normal(outside["text"]) == normal(stored.exact)
