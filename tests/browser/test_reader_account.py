"""A reader's account in a real browser: by code, by passkey, without script, on a phone."""

import email
import email.policy
import re
import time

import pytest

READER = "vira.stelmakh@readers.example"


def letter_to(paper, address, after):
    """The newest letter to an address that the newsroom wrote into its folder since then."""
    for _look in range(600):
        for file in sorted((paper.folder / "data" / "mail").glob("*"), key=lambda file: -file.stat().st_mtime_ns):
            if file.stat().st_mtime < after:
                break
            for part in file.read_bytes().split(b"-" * 79):
                letter = email.message_from_bytes(part.strip(), policy=email.policy.default)
                if address in str(letter["to"]) and letter.get_content_type() == "text/plain":
                    return letter.get_content()
        time.sleep(0.1)
    raise AssertionError(f"No letter to {address} came.")


def sign_in(visitor, paper, address=READER, root="/"):
    before = time.time() - 1
    visitor.open(f"{root}account/")
    visitor.page.locator("input[name=email]").fill(address)
    visitor.page.locator("form.sf-form button[type=submit]").first.click()
    visitor.page.locator("input[name=code]").wait_for()
    visitor.page.locator("input[name=code]").fill(re.match(r"\d{4} \d{4}", letter_to(paper, address, before))[0])
    visitor.page.locator("form.sf-form button[type=submit]").click()
    visitor.page.locator("[data-reader=in]").wait_for()


@pytest.mark.parametrize("dark", [False, True])
def test_a_reader_signs_in_and_out_on_a_phone(visit, paper, dark):
    reader = visit(width=360, dark=dark, touch=True)
    reader.open("/account/")
    assert reader.axe() == []
    sign_in(reader, paper, f"phone-{dark}@readers.example".lower())

    assert reader.axe() == []
    assert reader.page.evaluate("document.documentElement.scrollWidth") <= 360
    reader.page.locator("a[href='/account/erase/']").click()
    assert reader.axe() == []
    # Her name, or the way to her page, on a page that is the same for everybody.
    reader.open("/")
    box = reader.page.locator("aside.sf-colleague")
    box.wait_for()
    box.get_by_role("link", name="Your account").click()
    reader.page.locator("[data-reader=in] button").first.click()
    reader.page.locator("[data-reader=out]").wait_for()
    reader.open("/")
    assert reader.page.evaluate("localStorage.getItem('standfirst-reader')") is None
    assert reader.foreign_requests == []
    assert reader.complaints == []


def test_a_reader_without_script_erases_everything(visit, paper):
    reader = visit(width=360, script=False)
    sign_in(reader, paper, "no-script@readers.example", "/uk/")

    reader.page.locator("a[href='/uk/account/erase/']").click()
    reader.page.locator("input[name=sure]").check()
    reader.page.locator("form.sf-form button[type=submit]").click()
    reader.page.get_by_role("heading", name="Стерто").wait_for()
    reader.open("/uk/account/")
    assert reader.page.locator("input[name=email]").count() == 1


def test_a_passkey_is_added_and_signs_in(visit, paper):
    reader = visit()
    # Browsers give passkeys to localhost, not to an address in numbers.
    reader.home = paper.url.replace("127.0.0.1", "localhost")
    devices = reader.context.new_cdp_session(reader.page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(reader, paper, "passkey@readers.example")

    reader.page.get_by_role("button", name="Add a passkey of this device").click()
    reader.page.locator("input[id^=passkey-]").wait_for()
    assert reader.axe() == []
    reader.page.locator("[data-reader=in] button").first.click()
    reader.page.locator("[data-reader=out]").wait_for()

    reader.open("/account/")
    reader.page.get_by_role("button", name="Sign in with a passkey").click()
    reader.page.locator("[data-reader=in]").wait_for()
    assert "passkey@readers.example" in reader.page.locator("main").inner_text()
    assert reader.complaints == []


@pytest.mark.parametrize("address", ["/privacy/", "/uk/privacy/", "/cookies/"])
def test_the_register_is_read_on_a_phone(visit, address):
    reader = visit(width=360)
    reader.open(address)

    assert reader.page.locator("main dl.sf-facts").count() >= 1
    assert reader.page.evaluate("document.documentElement.scrollWidth") <= 360
    assert reader.axe() == []
