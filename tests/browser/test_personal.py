"""Who works at the desk sees on every page the way back to it; everyone else's browser asks for nothing."""

from tests.browser.desk import sign_in


def story_of(window) -> str:
    return window.page.locator("main h2 a, main h3 a").first.get_attribute("href")


def test_a_colleague_goes_from_the_page_to_its_form_and_readers_see_nothing(visit, paper):
    editor, reader = visit(), visit(width=360)
    sign_in(editor.page, paper)
    editor.page.wait_for_load_state("load")

    editor.open("/")
    address = story_of(editor)
    editor.open(address)
    box = editor.page.locator("aside.sf-colleague")
    box.wait_for()
    assert editor.axe() == []
    box.get_by_role("link", name="Edit this story").click()
    editor.page.locator("[name=title]").wait_for()

    reader.open(address)
    assert reader.page.locator(".sf-colleague").count() == 0
    assert [url for url in reader.requests if "/desk/" in url] == []


def test_after_signing_out_the_page_is_a_readers_again_and_says_nothing(visit, paper):
    editor = visit()
    sign_in(editor.page, paper)
    editor.page.wait_for_load_state("load")
    editor.open("/uk/")
    editor.page.locator(".sf-colleague").wait_for()

    editor.page.context.clear_cookies()
    with editor.page.expect_response("**/desk/here/**") as refused:
        editor.open("/uk/")
    assert refused.value.status == 403
    for _look in range(100):
        if editor.page.evaluate("localStorage.getItem('standfirst-desk')") is None:
            break
        editor.page.wait_for_timeout(100)
    else:
        raise AssertionError("The browser still believes that somebody works here.")

    assert editor.page.locator(".sf-colleague").count() == 0
    editor.open("/uk/")
    assert [line for line in editor.complaints if "403" not in line] == []
