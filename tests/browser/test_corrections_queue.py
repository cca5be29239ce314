"""The queue of corrections in a browser: decided by single keys, by thumb, and without script."""

import os
import subprocess
import sys
import textwrap

import pytest

from tests.browser.desk import sign_in
from tests.browser.paper import ROOT

PLACE = "/desk/corrections/"
FILL = """
    from standfirst.corrections.models import Case
    from standfirst.stories.models import StoryPage
    from standfirst.stories.passages import text_of_version
    from tests.corrections.reports import reported

    story = StoryPage.objects.live().filter(locale__language_code="en").order_by("pk")[3]
    text = text_of_version(story.public_versions.order_by("-number")[0])
    long = [passage for passage in text.passages if len(passage.text) > 200]
    seen = set()
    for number in range(30):
        words = long[number % len(long)].text.split()
        exact = " ".join(words[number : number + 5])
        if len(words) < number + 8 or exact in seen or text.whole.count(exact) != 1:
            continue
        seen.add(exact)
        wording = {"wording": exact.replace("the", "a") + " indeed", "why": "I was there."}
        reported(story, exact, wording, wording, {"wording": exact.upper(), "reply_to": "p@readers.example"},
                 gravity=1 + number % 2)
    spelling = {"wording": "the wether of each day", "credit": "Vira Stelmakh"}
    rescue = StoryPage.objects.live().get(title__startswith="The people who pull others out")
    reported(rescue, "the weather of each day", spelling, spelling, gravity=3)
    reported(rescue, "went out sixty-one times", {"wording": "went out sixty-two times"}, gravity=3)
"""


@pytest.fixture(scope="module")
def filled(paper, tmp_path_factory):
    """Reports of readers, in the served newsroom."""
    code = "from standfirst.ops.create import open_django; import pathlib; "
    code += f"open_django(pathlib.Path({str(paper.folder)!r}))\n" + textwrap.dedent(FILL)
    environ = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "STANDFIRST_NEWSROOM": str(paper.folder)}
    environ["DJANGO_SETTINGS_MODULE"] = "standfirst.config.settings"
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return paper


def waiting(page) -> int:
    return int(page.locator("h1 .sf-count").inner_text())


def shoot(page, name, tmp_path):
    size = page.viewport_size
    page.set_viewport_size({"width": size["width"], "height": 2400})
    page.screenshot(path=f"{os.environ.get('SCREENSHOTS', tmp_path)}/{name}.png")
    page.set_viewport_size(size)


def test_one_case_after_another_is_decided_by_single_keys(visit, filled, tmp_path):
    visitor = visit()
    sign_in(visitor.page, filled)
    page = visitor.open(PLACE)
    before = waiting(page)
    first = page.locator("[data-case]").get_attribute("data-case")

    page.keyboard.press("j")
    page.wait_for_url("**case=**")
    second = page.locator("[data-case]").get_attribute("data-case")
    assert second != first
    page.keyboard.press("k")
    page.wait_for_function(f"document.querySelector('[data-case]')?.dataset.case === '{first}'")

    with page.expect_navigation():
        page.keyboard.press("1")
    assert waiting(page) == before - 1
    assert page.locator("[data-case]").get_attribute("data-case") == second
    assert "Not an error" in page.locator(".sf-queue-done").inner_text()

    with page.expect_navigation():
        page.keyboard.press("u")
    assert waiting(page) == before
    assert page.locator("[data-case]").get_attribute("data-case") == first

    with page.expect_navigation():
        page.keyboard.press("s")
    assert waiting(page) == before - 1
    assert visitor.complaints == []


def test_what_is_plain_is_put_right_with_one_key_and_what_is_not_asks(visit, filled):
    visitor = visit()
    sign_in(visitor.page, filled)
    page = visitor.open(f"{PLACE}?gravity=3&words=weather")
    assert page.locator("[name=label]:checked").get_attribute("value") == "typo"

    with page.expect_navigation():
        page.keyboard.press("a")
    assert "Accepted" in page.locator(".sf-queue-done").inner_text()

    page = visitor.open(f"{PLACE}?gravity=3&words=sixty-one")
    case = page.locator("[data-case]").get_attribute("data-case")
    page.keyboard.press("a")
    page.wait_for_timeout(300)
    # A number changed: the editor says what it was, and the browser shows where.
    assert page.locator("[data-case]").get_attribute("data-case") == case
    assert page.evaluate("document.activeElement.name") == "label"
    assert "sixty-one" in page.input_value("#sf-note")

    page.keyboard.press("e")
    page.fill("#sf-wording", "went out sixty-three times")
    page.wait_for_function("document.querySelector('#sf-note').value.includes('sixty-three')")
    page.locator("[name=label][value=correction]").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Put it right, now").click()
    assert "Correction" in page.locator(".sf-queue-done a").inner_text()
    path = page.locator(".sf-queue-done a").get_attribute("href")
    assert "sixty-three" in visitor.open(path).locator("main").inner_text()
    assert visitor.complaints == []


def test_keys_do_nothing_while_somebody_types(visit, filled):
    visitor = visit()
    sign_in(visitor.page, filled)
    page = visitor.open(PLACE)
    before = waiting(page)

    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.id") == "sf-answer"
    page.keyboard.type("1 sunk ships, as you say: jack")

    assert page.input_value("#sf-answer") == "1 sunk ships, as you say: jack"
    assert waiting(page) == before
    with page.expect_navigation():
        page.get_by_role("button", name="Send your own").click()
    assert waiting(page) == before - 1


def test_a_ukrainian_keyboard_has_the_same_keys(visit, filled):
    visitor = visit()
    sign_in(visitor.page, filled)
    page = visitor.open(PLACE)

    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'т', code: 'KeyN', bubbles: true}))")

    assert page.evaluate("document.activeElement.id") == "sf-answer"


def test_the_keys_stand_in_the_list_behind_the_question_mark(visit, filled):
    visitor = visit()
    sign_in(visitor.page, filled)
    page = visitor.open(PLACE)

    page.keyboard.press("?")

    assert page.get_by_role("dialog").get_by_text("not an error: send this ready answer").is_visible()


def test_single_keys_are_switched_off_in_the_account(visit, filled):
    visitor = visit()
    sign_in(visitor.page, filled, "reporter")
    page = visitor.open("/desk/account/")
    page.locator("input[type=checkbox][name$=keyboard_shortcuts]").uncheck(force=True)
    page.get_by_role("button", name="Save").first.click()
    page.wait_for_load_state("load")
    page = visitor.open(PLACE)
    before = waiting(page)

    page.keyboard.press("s")
    page.wait_for_timeout(300)

    assert waiting(page) == before
    assert "Single keys are switched off" in page.locator(".sf-keys").text_content()


def test_a_thumb_answers_on_a_phone(visit, filled, tmp_path):
    visitor = visit(width=360, touch=True)
    sign_in(visitor.page, filled)
    page = visitor.open(PLACE)
    before = waiting(page)
    shoot(page, "queue-360", tmp_path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    with page.expect_navigation():
        page.locator(".sf-ready button[name=ready]").nth(2).tap()

    assert waiting(page) == before - 1
    assert page.locator("[data-case]").count() == 1


def test_many_are_ticked_and_answered_without_script(visit, filled):
    visitor = visit()
    sign_in(visitor.page, filled)
    state = visitor.context.storage_state()
    plain = visit(script=False)
    plain.context.add_cookies(state["cookies"])
    page = plain.open(PLACE)
    before = waiting(page)

    page.locator("[name=ticked]").nth(0).check()
    page.locator("[name=ticked]").nth(1).check()
    page.locator("select[name=ready]").select_option("style")
    with page.expect_navigation():
        page.locator(".sf-queue-many button[value=decline]").click()

    assert waiting(page) == before - 2


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_axe_finds_nothing_in_the_queue(visit, filled, dark, width, tmp_path):
    visitor = visit(width=width, dark=dark)
    sign_in(visitor.page, filled)
    page = visitor.open(PLACE)
    shoot(page, f"queue-{width}-{'dark' if dark else 'light'}", tmp_path)
    page.locator(".sf-keys summary").click()

    assert visitor.axe() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_axe_finds_nothing_in_the_ready_answers(visit, filled, tmp_path):
    visitor = visit(width=768)
    sign_in(visitor.page, filled)
    visitor.open(f"{PLACE}answers/")

    assert visitor.axe() == []
    shoot(visitor.page, "answers", tmp_path)
