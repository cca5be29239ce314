"""Links of letters that are counted: off unless an editor says so, said to readers, and never in anybody's way."""

import re
from email import message_from_bytes, policy

import pytest
from django.db import DatabaseError
from django.test import Client

from standfirst.kit import keeping
from standfirst.mailroom.links import counted_address, paths_in
from standfirst.mailroom.models import Delivery, Letter, Link, Mailing, Subscription
from standfirst.mailroom.posting import form_of_letter
from standfirst.mailroom.services import letter_draft, letter_send, mailing_change, subscribe
from standfirst.wire.letters.composing import letter_words
from standfirst.wire.letters.schedule import letters_send_due
from tests.desk import signed_in
from tests.wire.test_letters import morning

pytestmark = pytest.mark.django_db
SAID = "Links in this letter are counted, without knowing who clicked."


@pytest.fixture
def daily(newsroom):
    mailing = Mailing.objects.get(key="daily")
    mailing.is_open = True
    mailing.save()
    for number in range(2):
        subscribe(
            email=f"r{number}@example.org", mailing=mailing, language="en", page="", wording="", basis="import: test"
        )
    return mailing


def sent(mailing, stories, language="en"):
    words = letter_words(mailing=mailing, language=language, stories=stories)
    draft = letter_draft(
        mailing=mailing, language=language, subject=words.subject, text=words.text, html=words.html,
        carries=words.carries, counts_links=words.counts_links,
    )  # fmt: skip
    return letter_send(letter=draft)


def mail_to(letter, number):
    subscription = Subscription.objects.get(email=f"r{number}@example.org")
    data = form_of_letter(letter).post(delivery=number + 1, to=subscription.email, key=subscription.key).data
    mail = message_from_bytes(data, policy=policy.default)
    return {kind: mail.get_body((kind,)).get_content() for kind in ("plain", "html")}


def hrefs(html):
    return re.findall(r'href="([^"]+)"', html)


def test_nothing_is_counted_and_nothing_goes_round_unless_an_editor_says_so(newsroom, daily):
    story = newsroom.publish("A bridge")

    letter = sent(daily, [story])

    assert SAID not in letter.html
    assert f"http://testserver{story.public_path}" in hrefs(mail_to(letter, 0)["html"])
    assert "/newsletters/to/" not in "".join(mail_to(letter, 0).values())
    assert not Link.objects.exists()


def test_an_editor_switches_it_on_the_letter_says_so_and_the_desk_shows_it(newsroom, daily, client):
    story = newsroom.publish("A bridge & a ferry")
    signed_in(newsroom.editor, client)
    page = client.get("/desk/newsletters/mailings/").content.decode()
    assert SAID in page
    typed = {}
    for key, rhythm in (("daily", "daily"), ("weekly", "weekly"), ("breaking", "by-hand")):
        typed |= {f"{key}-rhythm": rhythm, f"{key}-hour": "6", f"{key}-weekday": "0"}
    client.post("/desk/newsletters/mailings/", typed | {"daily-is_open": "on", "daily-counts_links": "on"})
    daily.refresh_from_db()
    made = client.post(
        "/desk/newsletters/new/",
        {"mailing": daily.pk, "language": "en", "subject": "", "preheader": "", "intro": "", f"story-{story.pk}": "1"},
    )
    letter = Letter.objects.get()
    assert SAID in client.get(f"{made['Location']}preview/day/").content.decode()
    assert "Its links will be counted" in client.get(made["Location"]).content.decode()
    letter = letter_send(letter=letter)

    one, two = mail_to(letter, 0), mail_to(letter, 1)
    counted = [href for href in hrefs(one["html"]) if "/newsletters/to/" in href]
    mine = f"http://testserver{counted_address(letter.pk, story.public_path)}"
    assert mine in counted
    # The same for everybody; the way out is each reader's own and is not counted; the plain text leads straight.
    assert counted == [href for href in hrefs(two["html"]) if "/newsletters/to/" in href]
    assert any("/u/" in href for href in hrefs(one["html"]))
    assert "/newsletters/to/" not in one["plain"]
    assert f"http://testserver{story.public_path}" in one["plain"].splitlines()

    reader = Client()
    for _ in range(3):
        answer = reader.get(mine.removeprefix("http://testserver"))
        assert (answer.status_code, answer["Location"]) == (302, story.public_path)
        assert answer["Cache-Control"] == "no-store"
        assert not answer.cookies
    reader.head(mine.removeprefix("http://testserver"))
    reader.get(mine.removeprefix("http://testserver"), HTTP_SEC_PURPOSE="prefetch;prerender")
    assert dict(letter.links.values_list("path", "count")) == {"/": 0, story.public_path: 3}
    shown = client.get(f"/desk/newsletters/{letter.pk}/").content.decode()
    assert re.search(r"A bridge &amp; a ferry</a></th><td>3</td>", shown)
    assert "As long as the letter itself" in str(
        next(row.how_long for row in keeping.holdings() if row.key == "mailroom.links")
    )


def test_the_letter_that_goes_out_by_itself_counts_and_says_so_in_its_readers_language(newsroom, daily):
    mailing_change(mailing=daily, counts_links=True)
    subscribe(email="r2@example.org", mailing=daily, language="uk", page="", wording="", basis="import: test")
    newsroom.publish("Міст відкрито", language="uk")

    letters_send_due(morning())

    letter = Letter.objects.get(language="uk")
    assert letter.counts_links
    assert "не знаючи, хто" in letter.html
    assert letter.links.filter(path__startswith="/uk/").exists()
    assert Delivery.objects.filter(letter=letter).count() == 1


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/",
        "/\\evil.example/",
        "/%2F/evil.example/",
        "/desk/",
        "/https://evil.example/",
        "/x\r\nSet-Cookie:a",
    ],
)
def test_nobody_is_led_anywhere_by_a_link_that_no_letter_has(newsroom, daily, path):
    mailing_change(mailing=daily, counts_links=True)
    story = newsroom.publish("A bridge")
    letter = sent(daily, [story])
    good = counted_address(letter.pk, story.public_path)
    mark = good.split(".")[1].split("/")[0]

    for forged in (mark, "A" * 16):
        answer = Client().get(f"/newsletters/to/{letter.pk}.{forged}{path}")
        assert answer.status_code in (400, 404)
        assert "Location" not in answer
        assert 'evil.example/"' not in answer.content.decode()
    other = Client().get(good.replace(f"/{letter.pk}.", f"/{letter.pk + 1}."))
    assert other.status_code == 404
    # An honest page, with the way there as a link to be pressed.
    assert f'<a href="{story.public_path}">' in other.content.decode()
    assert not Link.objects.exclude(count=0).exists()


def test_a_link_leads_on_while_the_database_is_away_and_after_the_secret_was_changed(
    newsroom, daily, settings, monkeypatch
):
    mailing_change(mailing=daily, counts_links=True)
    story = newsroom.publish("A bridge")
    letter = sent(daily, [story])
    address = counted_address(letter.pk, story.public_path)

    def away(**given):
        raise DatabaseError

    with monkeypatch.context() as broken:
        broken.setattr("standfirst.mailroom.services.link_followed", away)
        assert Client().get(address)["Location"] == story.public_path
    settings.SECRET_KEY = "another" * 9
    assert Client().get(address)["Location"] == story.public_path
    assert letter.links.get(path=story.public_path).count == 1


def test_once_it_is_switched_off_nothing_is_counted_and_links_go_on_working(newsroom, daily):
    mailing_change(mailing=daily, counts_links=True)
    story = newsroom.publish("A bridge")
    letter = sent(daily, [story])
    mailing_change(mailing=daily, counts_links=False)

    answer = Client().get(counted_address(letter.pk, story.public_path))

    assert answer["Location"] == story.public_path
    assert letter.links.get(path=story.public_path).count == 0


def test_only_links_to_our_own_pages_are_counted():
    html = '<a href="http://testserver/2026/11/24/a/">x</a> <a class="y" href="https://other.example/a/">y</a>'
    assert paths_in(
        html + '<a href="http://testserver.evil.example/a/">z</a><a href="http://testserver/a/?b=1">q</a>'
    ) == ["/2026/11/24/a/"]
