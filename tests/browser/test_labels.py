"""Publishing a change of what readers have seen: one question, answered by Enter where nothing must be chosen."""

import os
import subprocess
import sys

import pytest

from tests.browser.desk import running_text, sign_in
from tests.browser.paper import ROOT

CORRECT = """
import pathlib
from standfirst.ops.create import open_django
open_django(pathlib.Path({folder!r}))
from standfirst.people.models import User
from standfirst.stories.models import StoryPage
from standfirst.stories.services import PassageEdit, story_revise
from standfirst.stories.wording import Wording
story = StoryPage.objects.get(pk={number})
block = next(p.name for p in Wording.of(story).text.passages if p.text.startswith("Two of nine"))
edit = PassageEdit(block, 0, 3, "Two", "Three")
editor = User.objects.filter(is_superuser=True)[0]
story_revise(story=story, edits=[edit], label="correction", note="It was three.", editor=editor)
"""


def write_story(page, visitor, headline):
    """A story of this test's own, published; leaves its form open. Others' stories stay as they are."""
    visitor.open("/desk/stories/quick/")
    page.fill("[name=headline]", headline)
    page.select_option("[name=section]", index=1)
    page.fill("[name=text]", "Two of nine bearings failed on Monday. The bridge is closed.")
    page.click("[name=publish]")
    page.wait_for_url("**/edit/**")
    running_text(page).wait_for()


def write_behind(page, words):
    editor = running_text(page)
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words, delay=5)


def press_publish(page):
    page.locator("footer .w-dropdown__toggle, .footer .w-dropdown__toggle").last.click()
    page.locator("[name=action-publish]").click()


def shoot(page, name, tmp_path):
    page.screenshot(path=f"{os.environ.get('SCREENSHOTS', tmp_path)}/{name}.png")


def replace_first_word(page, word):
    running_text(page).click()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Control+Shift+ArrowRight")
    page.keyboard.type(f"{word} ", delay=5)


@pytest.mark.parametrize("width", [1280, 360])
def test_an_addition_is_confirmed_by_enter(visit, paper, tmp_path, width):
    visitor = visit(width=width)
    page = visitor.page
    sign_in(page, paper)
    write_story(page, visitor, f"Added at {width}")
    write_behind(page, " It reopens soon.")

    press_publish(page)

    dialog = page.locator("dialog.sf-change-dialog")
    dialog.wait_for()
    assert dialog.locator("[name=change_label]:checked").get_attribute("value") == "update"
    assert dialog.locator("ins").first.inner_text() == "It reopens soon."
    assert page.evaluate("document.activeElement.matches('[data-change-confirm]')")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # The form's own buttons, behind a modal dialog, are nobody's target; axe measures the distance to them.
    found = [line for line in visitor.axe() if not line.startswith("target-size")]
    assert [line for line in found if "sf-change" in line or "change-" in line] == []
    shoot(page, f"label-added-{width}", tmp_path)
    page.keyboard.press("Enter")
    page.wait_for_load_state("load")
    page.wait_for_url(lambda url: "/edit/" not in url)
    assert "has been published" in page.inner_text("body")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_changed_number_must_be_chosen_and_the_note_is_there(visit, paper, tmp_path, width):
    visitor = visit(width=width)
    page = visitor.page
    sign_in(page, paper)
    write_story(page, visitor, f"Chosen at {width}")
    replace_first_word(page, "Three")

    press_publish(page)

    dialog = page.locator("dialog.sf-change-dialog")
    dialog.wait_for()
    assert dialog.locator("[name=change_label]:checked").count() == 0
    assert "Two of nine" in dialog.locator("[name=change_note]").input_value()
    shoot(page, f"label-chosen-{width}", tmp_path)
    page.keyboard.press("Enter")
    assert "Choose what the change is." in dialog.locator("[data-change-problem]").inner_text()
    dialog.locator("[data-change-back]").click()
    assert page.locator("dialog.sf-change-dialog").count() == 0
    press_publish(page)
    dialog.wait_for()
    dialog.locator("#change-correction").check()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/edit/" not in url)
    assert "has been published" in page.inner_text("body")


def test_words_corrected_in_another_window_stay_corrected(visit, paper, tmp_path):
    """Two windows on one story: one publishes a correction, the other goes on writing in what it had open."""
    visitor = visit()
    page = visitor.page
    sign_in(page, paper)
    write_story(page, visitor, "Two windows")
    address = page.url
    number = address.split("/pages/")[1].split("/")[0]
    environ = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "STANDFIRST_NEWSROOM": str(paper.folder)}
    environ["DJANGO_SETTINGS_MODULE"] = "standfirst.config.settings"
    code = CORRECT.format(folder=str(paper.folder), number=number)
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

    write_behind(page, " It reopens soon.")
    page.locator(".sf-words-kept").wait_for()

    assert "“Two” → “Three”" in page.locator(".sf-words-kept").inner_text()
    shoot(page, "label-kept", tmp_path)
    page.goto(address)
    running_text(page).wait_for()
    words = running_text(page).inner_text()
    assert words.startswith("Three of nine")
    assert "It reopens soon." in words
