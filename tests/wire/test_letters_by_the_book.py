"""Each kind of mail in each language, held against the standards of mail: RFC 5322, 2045, 2047, 2369, 3834 and 8058."""

from __future__ import annotations

import email
import email.policy
import re
from email.header import decode_header
from email.utils import parsedate_to_datetime

import pytest
from lxml import html as reader

from standfirst.mailroom.models import Letter, Mailing, Note
from standfirst.mailroom.posting import form_of_letter, form_of_note
from standfirst.mailroom.services import letter_draft, subscribe
from standfirst.wire.letters.composing import letter_words, stories_for

pytestmark = pytest.mark.django_db
KEY, OTHER = "0" * 32, "f" * 32
KINDS = ("daily", "weekly", "breaking", "correction", "confirm")
HEADLINES = {
    "en": "Three engineers told the harbour board on Tuesday that the old swing bridge needs a new bearing",
    "uk": "Троє інженерів сказали у вівторок портовій раді, що старому розвідному мосту потрібна нова опора",
}
WORDS = {
    "en": "The board heard them for two hours, asked what it costs, and put the vote off until the first of December. ",
    "uk": "Рада слухала їх дві години, спитала про ціну і відклала голосування до першого грудня, бо бракує коштів. ",
}


def made(newsroom, kind: str, language: str, number: int = 3) -> Letter | Note:
    """A letter, or the mail that asks for a confirmation."""
    if kind == "confirm":
        Mailing.objects.filter(key="daily").update(is_open=True)
        subscribe(email="a@example.org", mailing="daily", language=language, page="/newsletters/", wording="Yes.")
        return Note.objects.get()
    picture = newsroom.picture()
    stories = [
        newsroom.publish(
            f"{HEADLINES[language]} {one}", language=language, standfirst=WORDS[language] * 2,
            **({"lead_image": picture, "lead_alt": "The bridge, half open"} if not one else {}),
        )
        for one in range(1 if kind == "breaking" else number)
    ]  # fmt: skip
    mailing = Mailing.objects.get(key="daily" if kind == "correction" else kind)
    found = stories_for([story.pk for story in stories], language)
    earlier = letter_draft(mailing=mailing, subject=HEADLINES[language], language=language, text="x")
    intro = "Доброго ранку.\n\nСьогодні три." if language == "uk" else "Good morning.\n\nThree today."
    words = letter_words(
        mailing=mailing, language=language, stories=found, intro=intro if kind in ("breaking", "correction") else "",
        corrects=earlier if kind == "correction" else None,
    )  # fmt: skip
    return letter_draft(
        mailing=mailing, language=language, subject=words.subject, preheader=words.preheader, text=words.text,
        html=words.html, carries=words.carries,
    )  # fmt: skip


def mail_of(what: Letter | Note, key: str = KEY) -> bytes:
    if isinstance(what, Note):
        return form_of_note(what).post(delivery=12, to="a@example.org").data
    return form_of_letter(what).post(delivery=12, to="a@example.org", key=key).data


EVERY = [(kind, language) for kind in KINDS for language in ("en", "uk")]


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_every_mail_is_as_the_standards_ask(newsroom, kind, language):
    data = mail_of(made(newsroom, kind, language))

    # RFC 5322, 2.1 and 2.3: CRLF alone ends a line; RFC 2045, 6.7: lines of 76; nothing needs eight bits.
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", data)
    assert data.isascii()
    head, _blank, body = data.partition(b"\r\n\r\n")
    assert max(map(len, head.split(b"\r\n"))) <= 78
    assert max(map(len, body.split(b"\r\n"))) <= 76
    message = email.message_from_bytes(data, policy=email.policy.default)
    parts = list(message.walk())
    assert [part.defects for part in parts] == [[]] * len(parts)
    names = [name.lower() for name in message.keys()]  # noqa: SIM118
    for name in ("from", "to", "subject", "date", "message-id", "mime-version", "auto-submitted", "content-language"):
        assert names.count(name) == 1, name
    assert len(names) == len(set(names))
    assert all(not value.defects for value in message.values())
    assert parsedate_to_datetime(message["Date"]).tzinfo is not None
    assert re.fullmatch(r"<[^@<>\s]+@testserver>", message["Message-ID"])
    assert re.fullmatch(r"[^:]+:[^:]+:(letter|note):[a-z0-9]{5,15}", message["Feedback-ID"])
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == language
    # RFC 2047: words of at most 75 signs, none of which cuts a letter in two.
    for word in re.findall(rb"=\?[^?]+\?[bq]\?[^?]*\?=", head):
        assert len(word) <= 75
        ((said, charset),) = decode_header(word.decode())
        assert said.decode(charset)
    plain = message.get_body(("plain",)).get_content()
    assert all(len(line) <= 78 or "://" in line for line in plain.splitlines())
    if kind == "confirm":
        assert message.get_content_type() == "text/plain"
        assert not {"list-unsubscribe", "precedence", "list-id"} & set(names)
        return
    assert message.get_content_type() == "multipart/alternative"
    # RFC 2046, 5.1.4: the richest form comes last.
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message["Precedence"] == "bulk"
    assert re.fullmatch(r"<[a-z-]+\.testserver>", message["List-Id"])
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    way_out = message["List-Unsubscribe"].strip("<>")
    assert way_out in plain
    assert plain.rstrip().endswith(way_out)


@pytest.mark.parametrize(("kind", "language"), [pair for pair in EVERY if pair[0] != "confirm"])
def test_a_letters_page_says_its_language_names_its_pictures_and_asks_nobody_else(newsroom, kind, language):
    letter = made(newsroom, kind, language)

    message = email.message_from_bytes(mail_of(letter), policy=email.policy.default)
    words = message.get_body(("html",)).get_content()
    page = reader.document_fromstring(words)

    assert (page.get("lang"), page.get("dir")) == (language, "ltr")
    assert page.findtext(".//title") == letter.subject
    assert page.xpath("//meta[@name='color-scheme']/@content") == ["light dark"]
    assert "prefers-color-scheme: dark" in words
    assert set(page.xpath("//table/@role")) == {"presentation"}
    assert letter.preheader in page.find("body").text_content().strip()[: len(letter.preheader) + 20]
    (picture,) = page.xpath("//img")
    assert picture.get("alt") == "The bridge, half open"
    assert picture.get("width") == "560"
    loaded = page.xpath("//img/@src | //link/@href | //script/@src | //iframe/@src | //*/@background")
    assert all(address.startswith("http://testserver/") for address in loaded)
    assert not page.xpath("//script | //form | //link | //iframe | //@onclick")
    assert "url(" not in words
    # A link says where it goes, and every one goes to the paper.
    assert all(address.startswith("http://testserver/") for address in page.xpath("//a/@href"))


def test_two_readers_get_the_same_letter_but_for_their_own_way_out(newsroom):
    letter = made(newsroom, "daily", "uk")

    one, other = mail_of(letter), mail_of(letter, OTHER)

    differ = [(a, b) for a, b in zip(one.split(b"\r\n"), other.split(b"\r\n"), strict=True) if a != b]
    # In the header, the plain text and the page: nothing else could tell who opens it.
    assert len(differ) == 3
    assert all(b"/u/" in a or b"/u/" in b or len(a) == len(b) for a, b in differ)


@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_longest_letter_is_not_cut_off_by_gmail(newsroom, language):
    letter = made(newsroom, "weekly", language, number=15)

    page = email.message_from_bytes(mail_of(letter), policy=email.policy.default).get_body(("html",))

    assert len(page.get_content().encode()) < 102_000
