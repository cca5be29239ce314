"""Every kind of mail in each language, judged by other people's programs: a spam filter and a linter of HTML e-mail."""

from __future__ import annotations

import email
import email.policy
import json
import os
import re
import subprocess

import pytest

from tests.programs import PACKAGES, needs, needs_package
from tests.sizes import FULL
from tests.wire.test_letters_by_the_book import EVERY, made, mail_of

pytestmark = pytest.mark.django_db
# One of each look; `make prove` judges every kind in every language.
SOME = EVERY if FULL else [("daily", "uk"), ("breaking", "en"), ("correction", "uk"), ("confirm", "en")]
# What some mail programs leave away, and what their readers then see. Everything else is understood everywhere.
HARMLESS = {
    "@media": "the same letter in the colours of the day",
    "<body> element": "its colours stand on the table inside as well",
    "dir attribute": "the words, in their program's direction",
    "lang attribute": "the words; a reading machine may take the wrong voice",
    "role attribute": "the words; a reading machine may name a table",
    "display:none": "the line of the preview above the letter",
    "overflow": "the line of the preview above the letter",
    "text-decoration": "links underlined in their program's way",
    "width attribute": "the picture in its own size, at most as wide as the letter",
}
LINT = """
import { doIUseEmail } from '@jsx-email/doiuse-email';
import fs from 'node:fs';
const pages = JSON.parse(fs.readFileSync(0, 'utf8'));
console.log(JSON.stringify(pages.map(page => doIUseEmail(page, { emailClients: ['*'] }).errors ?? [])));
"""


@needs("spamassassin")
def test_a_spam_filter_finds_nothing_that_looks_like_spam(newsroom, tmp_path):
    box = tmp_path / "box"
    mails = [mail_of(made(newsroom, kind, language)).replace(b"\r\n", b"\n") for kind, language in SOME]
    box.write_bytes(b"".join(b"From n@testserver Mon Nov 23 10:00:00 2026\n" + mail + b"\n" for mail in mails))

    # Without the network: what the words and their form are worth. Nothing of the machine's own is read or kept.
    told = subprocess.run(
        ["spamassassin", "--local", "--test-mode", "--prefspath=/dev/null", "--mbox", box],
        capture_output=True, check=False, env={**os.environ, "HOME": str(tmp_path)},
    ).stdout.decode(errors="replace")  # fmt: skip

    points = [float(found) for found in re.findall(r"Content analysis details:\s+\((-?[\d.]+) points", told)]
    assert len(points) == len(SOME), told[-2000:]
    # At five most servers call it spam.
    assert max(points) < 1.5, told


@needs_package("@jsx-email/doiuse-email")
def test_a_linter_of_mail_finds_no_word_lost_in_any_mail_program(newsroom):
    letters = [pair for pair in SOME if pair[0] != "confirm"]
    mails = [mail_of(made(newsroom, kind, language)) for kind, language in letters]
    bodies = [email.message_from_bytes(mail, policy=email.policy.default).get_body(("html",)) for mail in mails]

    told = subprocess.run(
        ["node", "--input-type=module", "--eval", LINT], input=json.dumps([body.get_content() for body in bodies]),
        capture_output=True, text=True, check=False, cwd=PACKAGES.parent,
    )  # fmt: skip

    assert told.returncode == 0, told.stderr
    wrong = json.loads(told.stdout)
    assert len(wrong) == len(letters)
    lost = {re.match(r"`([^`]+)`", one)[1] for errors in wrong for one in errors}
    assert lost <= set(HARMLESS), [one for errors in wrong for one in errors if one.split("`")[1] not in HARMLESS]
