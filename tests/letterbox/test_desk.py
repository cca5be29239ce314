"""Letters at the desk."""

import pytest

from standfirst.letterbox.models import Letter
from standfirst.letterbox.services import letter_receive
from tests import desk

SLY = '<script>alert("x")</script>'


@pytest.fixture
def letter(paper):
    letter_receive(token="noise", kind="contact", text="Another letter", language="en", is_spam=True)
    return letter_receive(
        token="t",
        kind="correction",
        text=f"Wrong year {SLY}",
        language="uk",
        about_path=paper.story.public_path,
        about_block="abc12",
        quote="in 1991",
        reply_to="reader@example.org",
    )


@pytest.fixture
def signed_in(client, letter):
    def sign_in(role):
        return desk.signed_in(desk.colleague(role), client)

    return sign_in


def test_an_editor_reads_a_letter_and_closes_it(signed_in, letter, paper):
    client = signed_in("editor")

    listed = client.get("/desk/letters/").content.decode()
    shown = client.get(f"/desk/letters/edit/{letter.pk}/").content.decode()
    client.post(f"/desk/letters/edit/{letter.pk}/", {"state": "done", "note": "Corrected at once."})

    assert "Wrong year" in listed
    assert "Letters (1)" in listed, "spam does not count"
    assert f'href="{paper.story.public_path}#p-abc12"' in shown
    assert "mailto:reader%40example.org" in shown
    assert "in 1991" in shown
    assert SLY not in listed + shown
    letter.refresh_from_db()
    assert (letter.state, letter.note) == ("done", "Corrected at once.")
    assert letter.closed_at is not None
    assert letter.text == f"Wrong year {SLY}", "the reader's words are not the desk's to change"


def test_a_reporter_reads_letters_but_closes_none(signed_in, letter):
    client = signed_in("reporter")

    assert "Wrong year" in client.get("/desk/letters/").content.decode()
    assert client.get(f"/desk/letters/inspect/{letter.pk}/").status_code == 200
    client.post(f"/desk/letters/edit/{letter.pk}/", {"state": "done", "note": ""})

    letter.refresh_from_db()
    assert letter.state == "new"


@pytest.mark.parametrize("role", ["editor", "administrator"])
def test_nobody_writes_or_deletes_a_letter_at_the_desk(signed_in, letter, role):
    client = signed_in(role)

    assert client.get("/desk/letters/new/").status_code == 302
    assert client.post(f"/desk/letters/delete/{letter.pk}/").status_code == 302
    assert Letter.objects.count() == 2


def test_a_stranger_sees_no_letters(client, letter):
    assert client.get("/desk/letters/").status_code == 302
