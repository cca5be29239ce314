"""The phone is lost: recovery codes on paper, and a colleague who helps, each in a real browser."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

from tests.browser.desk import sign_in
from tests.desk import code_of


def account(paper, email: str) -> str:
    """Made from the shell, as an operator does it; returns its password."""
    done = subprocess.run(
        [sys.executable, "-m", "standfirst.cli", "--newsroom", str(paper.folder), "people", "add", email, "--json"],
        env={key: value for key, value in os.environ.items() if not key.startswith("DJANGO_")} | {"PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)["password"]


def enter(page, paper, email: str, password: str) -> None:
    page.goto(paper.url + "/desk/login/")
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")


def again(page, password: str) -> None:
    """The desk asks once more before anything about the sign-in is changed."""
    page.wait_for_url("**/reauthenticate/**")
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")


def test_codes_shown_once_open_the_desk_without_the_phone(visit, paper):
    password = account(paper, "phone@lantern.example")
    visitor = visit()
    page = visitor.page
    enter(page, paper, "phone@lantern.example", password)
    page.wait_for_url("**/desk/")
    page.goto(paper.url + "/desk/security/totp/activate/")
    again(page, password)
    page.wait_for_url("**/totp/activate/")
    secret = page.locator("#authenticator_secret").input_value()
    page.fill("[name=code]", code_of(secret))
    page.press("[name=code]", "Enter")

    page.wait_for_url("**/recovery-codes/")
    codes = page.locator("#recovery-codes code").all_text_contents()
    assert len(codes) == 10
    assert visitor.axe() == []
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as a file").click()
    saved = saving.value.path().read_text(encoding="utf-8")
    assert re.findall(r"\d{4} \d{4}", saved) == codes
    page.emulate_media(media="print")
    assert page.locator("#recovery-codes").is_visible()
    assert not page.get_by_role("button", name="Print").is_visible()
    page.emulate_media(media="screen")
    page.reload()
    assert page.locator("#recovery-codes").count() == 0

    other = visit(width=360, touch=True, script=False)
    enter(other.page, paper, "phone@lantern.example", password)
    other.page.wait_for_url("**/authenticate/**")
    other.page.fill("[name=code]", codes[4])
    other.page.press("[name=code]", "Enter")
    other.page.wait_for_url("**/desk/")
    other.page.goto(paper.url + "/desk/security/")
    assert "9 codes are left" in other.page.content()

    third = visit()
    enter(third.page, paper, "phone@lantern.example", password)
    third.page.wait_for_url("**/authenticate/**")
    third.page.fill("[name=code]", codes[4])
    third.page.press("[name=code]", "Enter")
    assert third.page.get_by_text("Incorrect code").is_visible()
    assert visitor.complaints == []


def test_a_colleague_resets_the_sign_in_at_the_desk(visit, paper):
    old = account(paper, "lost@lantern.example")
    page = visit().page
    sign_in(page, paper, "administrator")
    page.goto(paper.url + "/desk/users/?q=lost")
    page.get_by_role("link", name="lost", exact=True).first.click()
    page.wait_for_url("**/users/edit/**")
    page.get_by_role("button", name="Actions").click()
    page.get_by_role("link", name="Lost phone or password").click()
    again(page, paper.sign_ins["administrator"]["password"])
    page.wait_for_url("**/reset/")
    page.get_by_role("button", name="Yes, reset this sign-in").click()
    page.wait_for_url("**/desk/users/")
    link = page.locator(".messages code").text_content()

    hers = visit().page
    hers.goto(link.replace("http://localhost:8000", paper.url))
    hers.fill("[name=password1]", "quite another lantern")
    hers.fill("[name=password2]", "quite another lantern")
    hers.press("[name=password2]", "Enter")
    hers.wait_for_url("**/key/done/")
    enter(hers, paper, "lost@lantern.example", old)
    assert hers.url.endswith("/desk/login/")
    enter(hers, paper, "lost@lantern.example", "quite another lantern")
    hers.wait_for_url("**/desk/")
