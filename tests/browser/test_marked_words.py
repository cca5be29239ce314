"""What the page's script says of marked words is what the server finds: passage by passage, letter by letter."""

import pytest
from playwright.sync_api import expect

from standfirst.kit.anchoring import Quote, normal, place
from tests.browser.marking import RUN, dialog, first_words, reading, stories
from tests.kit.marked import text_on

__all__ = ["reading", "stories"]


def told(page) -> dict:
    """What the script says of what is marked now."""
    # Loaded when words are marked for the first time.
    src = page.wait_for_function(
        "() => performance.getEntriesByType('resource').map(e => e.name).find(name => /corrections\\/words/.test(name))"
    ).json_value()
    return page.evaluate(
        """async src => {
            const {marked} = await import(src);
            const found = marked(getSelection(), document.querySelector('[data-suggest]'));
            return found && {...found, ranges: found.ranges.map(String)};
        }""",
        src,
    )


def agrees(page, quote: dict):
    """Whether the server's half places the quote exactly where the browser says that it is."""
    text = text_on(page.evaluate("document.documentElement.outerHTML"))
    names = ("exact", "prefix", "suffix", "block", "start", "end")
    found = place(Quote(**{name: quote[name] for name in names}), text)
    assert {name: getattr(found, name) for name in names} == {name: quote[name] for name in names}
    assert found.how == "there"


@pytest.mark.parametrize("language", ["en", "uk"])
def test_every_paragraph_caption_and_cell_is_told_as_the_server_counts(reading, paper, language):
    visitor, page, _desk = reading(language)
    checked = 0
    for path in paper.of_kind("story", language)[:6]:
        visitor.open(path)
        page.wait_for_timeout(100)
        names = page.locator("article [id^='p-'], article [data-passage]").count()
        for index in range(names):
            quote = page.evaluate(
                """index => {
                    const all = document.querySelectorAll("article [id^='p-'], article [data-passage]");
                    if (!all[index].textContent.trim()) return;
                    getSelection().selectAllChildren(all[index]);
                }""",
                index,
            )
            quote = told(page)
            if quote and quote["block"]:
                agrees(page, quote)
                checked += 1

    assert checked > 60


def test_backwards_over_paragraphs_and_from_outside_of_any(reading):
    _visitor, page, _desk = reading()
    texts = page.locator(f"{RUN} p").all_inner_texts()

    page.evaluate(
        """selector => {
            const [first, second] = document.querySelectorAll(selector);
            getSelection().setBaseAndExtent(second.lastChild, 3, first.firstChild, 4);
        }""",
        f"{RUN} p",
    )
    backwards = told(page)
    agrees(page, backwards)
    assert backwards["exact"].startswith(normal(texts[0][4:])[:40])

    page.evaluate(
        """selector => {
            const head = document.querySelector('.sf-facts').firstElementChild;
            getSelection().setBaseAndExtent(head, 0, document.querySelector(selector).firstChild, 9);
        }""",
        f"{RUN} p",
    )
    across = told(page)
    agrees(page, across)
    assert across["exact"].endswith(normal(texts[0][:9]))


def test_more_than_five_hundred_characters_are_cut_at_a_word_and_she_is_told(reading):
    _visitor, page, desk = reading()
    page.evaluate("getSelection().selectAllChildren(document.querySelector('article'))")

    quote = told(page)
    agrees(page, quote)
    assert 420 < len(quote["exact"]) <= 500
    assert quote["isCut"]
    page.keyboard.press("Control+Enter")

    expect(dialog(page)).to_contain_text("That was more than 500 characters")
    page.get_by_role("button", name="Send").click()
    expect(dialog(page).get_by_role("heading", name="Thank you")).to_be_visible()
    assert desk.sent[0]["exact"] == quote["exact"]


SIGNS = [
    "👨\u200d👩\u200d👧 and 👋🏽 met",
    "flags 🇺🇦🇵🇱🇺🇦 fly",
    "cafe\u0301 and м\u0306ак",
    "שָׁלוֹם, אמר הקברניט",
    "قال القبطان إن العبّارة",
    "soft\u00adhyphen\u00a0and\u200bnothing",
]


@pytest.mark.parametrize("sign", SIGNS)
def test_letters_of_several_code_points_are_whole_and_counted(reading, sign):
    _visitor, page, _desk = reading()
    page.evaluate(
        """([selector, sign]) => {
            const paragraph = document.querySelector(selector);
            paragraph.textContent = `Before it ${sign} after it.`;
        }""",
        [f"{RUN} p", sign],
    )
    for start in range(10, 10 + len(sign.encode("utf-16-le")) // 2):
        for end in (start + 1, start + 3):
            page.evaluate(
                """([selector, start, end]) => {
                    const node = document.querySelector(selector).firstChild;
                    getSelection().setBaseAndExtent(node, start, node, Math.min(end, node.length));
                }""",
                [f"{RUN} p", start, end],
            )
            quote = told(page)
            if quote:
                agrees(page, quote)


def test_a_name_under_the_story_is_challenged_like_any_words(reading):
    _visitor, page, desk = reading()
    words = first_words(page, ".sf-facts dd a", 2)

    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Send").click()

    expect(dialog(page).get_by_role("heading", name="Thank you")).to_be_visible()
    assert (desk.sent[0]["exact"], desk.sent[0]["block"], desk.sent[0]["why"]) == (normal(words), "byline-1", "")


def test_a_date_beside_the_text_is_told_in_words_and_the_form_says_so(reading):
    _visitor, page, desk = reading()
    words = first_words(page, ".sf-facts time", 2)

    page.keyboard.press("Control+Enter")
    expect(dialog(page).get_by_text("A date, or a line that is the same all over the paper")).to_be_visible()
    page.get_by_role("button", name="Send").click()

    expect(dialog(page).get_by_role("heading", name="Thank you")).to_be_visible()
    assert (desk.sent[0]["exact"], desk.sent[0]["why"]) == ("", f"“{normal(words)}”")
