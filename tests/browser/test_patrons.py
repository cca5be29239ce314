"""A reader becomes a patron and all that follows, in a real browser: on a phone by touch, by keyboard, without script.

The demo's company is the sandbox; the background process works on its messages, so pages are looked at again, as the
page itself offers, until they say it.
"""

import itertools
import re
import time
import zipfile

import pytest

from tests.browser.desk import sign_in as desk_sign_in
from tests.browser.test_every_page import nu_complaints
from tests.browser.test_reader_account import letter_to, sign_in

# Each visitor's own: one connection may send only so much.
CONNECTIONS = itertools.count(1)
# A fresh demo presses all its pages beside the first payment.
PATIENCE_SECONDS = 240
SANDBOX = "Sandbox: this is for trying out. No money moves."


def look_until(visitor, words):
    """Look again at the patron's page until it says these words."""
    patience = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < patience:
        if words in visitor.page.locator("main").inner_text():
            return
        time.sleep(0.5)
        visitor.page.reload()
    raise AssertionError(f"The page never said “{words}”: {visitor.page.locator('main').inner_text()}")


def join(visitor, address, root="/"):
    """From the support page to the sandbox, whatever the language, by touch or by click."""
    visitor.open(f"{root}support/")
    press(visitor, ".sf-support__prices a")
    page = visitor.page
    page.locator("input[name=email]").fill(address)
    page.locator("input[name=name]").fill("Vira-Oleksandra Stelmakh-Ostapchuk")
    page.locator("input[name=provider][value=sandbox]").check()
    # No person is faster; what is, is taken for a machine.
    page.wait_for_timeout(2100)
    press(visitor, "form.sf-form button[type=submit]")
    page.wait_for_url("**/support/sandbox/**")


def press(visitor, what):
    """Tap or click what is named, and wait for the page that follows."""
    target = visitor.page.locator(what).first if isinstance(what, str) else what
    with visitor.page.expect_navigation():
        (target.tap if visitor.touch else target.click)()


@pytest.fixture
def phone(visit):
    def new(**more):
        visitor = visit(width=360, connection=f"192.0.2.{next(CONNECTIONS)}", **({"touch": True} | more))
        visitor.touch = more.get("touch", True)
        return visitor

    return new


def fits(visitor):
    return visitor.page.evaluate("document.documentElement.scrollWidth") <= 360 and visitor.axe() == []


@pytest.mark.parametrize("dark", [False, True])
def test_a_patron_on_a_phone_pays_fails_repairs_changes_cancels_and_comes_back(phone, paper, dark):
    reader = phone(dark=dark)
    page = reader.page
    join(reader, f"phone-{dark}@patrons.example".lower())
    assert SANDBOX in page.locator("main").inner_text()
    assert fits(reader)

    # The card is refused, and paying again repairs it.
    press(reader, "button[value=fail]")
    look_until(reader, "The payment did not go through. Nothing was charged.")
    assert fits(reader)
    press(reader, "a.sf-button")
    press(reader, "button[value=pay]")
    look_until(reader, "Thank you. You support the paper.")
    assert fits(reader)
    mine = page.url.partition("?")[0]

    page.locator("summary", has_text="Give another amount").tap()
    page.locator("input[name=amount]").fill("1234567.89")
    press(reader, page.get_by_role("button", name="Give this from the next payment on"))
    assert "567.89" in page.locator("main").inner_text()
    assert fits(reader)

    page.locator("summary", has_text="Cancel").tap()
    press(reader, page.get_by_role("button", name="Cancel now"))
    assert "Cancelled. Nothing more will be charged." in page.locator("h1").inner_text()
    assert fits(reader)
    press(reader, page.get_by_role("button", name="Come back"))
    assert "Thank you. You support the paper." in page.locator("h1").inner_text()

    press(reader, page.get_by_role("link", name="Withdraw from contract here"))
    assert fits(reader)
    press(reader, page.get_by_role("button", name="Withdraw from contract here"))
    press(reader, page.get_by_role("button", name="Confirm withdrawal"))
    look_until(reader, "Your money has been given back.")
    press(reader, page.locator("main a", has_text="LN-").last)
    assert page.locator("h1").inner_text().startswith(("Receipt", "Credit note"))
    assert fits(reader)
    assert page.goto(mine).headers["cache-control"].startswith("no-store")
    assert reader.foreign_requests == []
    assert reader.complaints == []


def test_by_keyboard_alone(visit, paper):
    reader = visit(connection=f"192.0.2.{next(CONNECTIONS)}")
    reader.touch = False
    page = reader.page
    reader.open("/support/")
    page.locator(".sf-support__prices a").first.focus()
    page.keyboard.press("Enter")
    page.locator("input[name=amount]").focus()
    page.keyboard.press("Tab")  # how often: chosen by the price
    page.keyboard.press("Tab")
    page.keyboard.type("keyboard@patrons.example")
    page.keyboard.press("Tab")
    page.keyboard.type("Petro")
    page.keyboard.press("Tab")  # the first way of paying
    page.keyboard.press("ArrowDown")
    while page.evaluate("document.activeElement.value") != "sandbox":
        page.keyboard.press("ArrowDown")
    page.wait_for_timeout(2100)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/support/sandbox/**")
    page.locator("button[value=pay]").focus()
    page.keyboard.press("Enter")
    look_until(reader, "Thank you. You support the paper.")
    page.locator("summary", has_text="Cancel").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("h1", has_text="Cancelled. Nothing more will be charged.").wait_for()


def test_without_script_a_gift_in_ukrainian(phone, paper):
    reader = phone(script=False)
    page = reader.page
    before = time.time() - 1
    reader.open("/uk/support/")
    press(reader, page.locator("a[href*='gift=1']").first)
    page.locator("input[name=amount]").fill("1200")
    page.locator("input[name=period][value=year]").check()
    page.locator("input[name=friend]").fill("friend@patrons.example")
    page.locator("input[name=email]").fill("giver@patrons.example")
    page.locator("input[name=provider][value=sandbox]").check()
    time.sleep(2.1)
    press(reader, page.locator("form.sf-form button[type=submit]"))
    press(reader, page.locator("button[value=pay]"))
    look_until(reader, "Дякуємо")

    letter = letter_to(paper, "friend@patrons.example", before)
    assert "Пісочниця" in letter
    assert re.search(r"/uk/support/mine/\S+", letter_to(paper, "giver@patrons.example", before))


def test_her_account_shows_gives_along_and_erases_what_she_gives(phone, paper):
    reader = phone()
    page = reader.page
    address = "account@patrons.example"
    join(reader, address)
    press(reader, "button[value=pay]")
    look_until(reader, "Thank you. You support the paper.")
    sign_in(reader, paper, address)
    assert SANDBOX in page.locator("main").inner_text()
    assert "Thank you. You support the paper." in page.locator("main").inner_text()
    assert fits(reader)

    with page.expect_download() as download:
        page.get_by_role("button", name="Take all of it with me").tap()
    with zipfile.ZipFile(download.value.path()) as taken:
        said = b"".join(taken.read(name) for name in taken.namelist()).decode()
    assert address in said
    assert "120" in said

    reader.open("/account/erase/")
    assert fits(reader)
    page.locator("input[name=sure]").check()
    press(reader, page.locator("form.sf-form button[type=submit]"))
    page.get_by_role("heading", name="Erased").wait_for()
    assert fits(reader)


@pytest.mark.parametrize("script", [True, False])
def test_letters_are_asked_for_confirmed_and_left(phone, paper, script):
    reader = phone(script=script)
    page = reader.page
    address, before = f"letters-{script}@patrons.example".lower(), time.time() - 1
    reader.open("/newsletters/")
    page.locator("main input[type=checkbox]").first.check()
    page.locator("main input[type=email]").fill(address)
    time.sleep(2.1)
    press(reader, page.locator("main button[type=submit]").first)
    assert not script or fits(reader)

    page.goto(re.search(r"http://\S+", letter_to(paper, address, before))[0])
    assert not script or fits(reader)
    press(reader, page.locator("main button[type=submit]").first)
    assert not script or fits(reader)
    press(reader, "main a[href*='/u/']")
    assert not script or fits(reader)
    press(reader, page.get_by_role("button", name="Leave"))
    assert "You have left: we send you no more" in page.locator("main").inner_text()
    assert not script or fits(reader)


def test_every_page_is_right_html(phone, paper, tmp_path):
    """The pages that no link of the paper leads to; the others are looked at with all the rest."""
    reader = phone()
    join(reader, "nu@patrons.example")
    pages = {"sandbox": reader.page.url}
    press(reader, "button[value=pay]")
    look_until(reader, "Thank you. You support the paper.")
    mine = reader.page.url.partition("?")[0]
    pages |= {"mine": mine, "back": mine + "?back=1", "withdraw": mine + "withdraw/"}
    pages["receipt"] = reader.page.locator("main a", has_text="LN-").first.evaluate("link => link.href")
    pages |= {
        "gift": reader.home + "/support/join/?gift=1&tier=coffee",
        "once": reader.home + "/uk/support/join/?period=once",
    }

    bodies = {name: paper.get(address).body for name, address in pages.items()}

    assert nu_complaints(bodies, tmp_path) == []


def test_the_desks_pages_of_patrons_and_letters(visit, paper):
    desk = visit()
    desk_sign_in(desk.page, paper, "administrator")

    for address in ("patrons/", "patrons/1/", "patrons/3/", "patrons/statement/", "newsletters/"):
        desk.open(f"/desk/{address}")
        assert [line for line in desk.axe() if "listing" not in line] == [], address
        desk.page.set_viewport_size({"width": 360, "height": 740})
        assert desk.page.evaluate("document.documentElement.scrollWidth") <= 360, address
        desk.page.set_viewport_size({"width": 1280, "height": 800})
    assert SANDBOX in desk.open("/desk/patrons/").locator("main").inner_text()
