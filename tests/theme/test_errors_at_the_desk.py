"""What a colleague, or a stranger at the door, is told when there is nothing to show."""

import errno
from unittest.mock import Mock

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import get_resolver
from wagtail.users.models import UserProfile

from tests.desk import colleague, signed_in

pytestmark = pytest.mark.django_db

MISSING = "Nothing lies at this address"
# Allauth's, Wagtail's own, one that no pattern knows, and one of ours below Wagtail's.
ADDRESSES = [
    "/desk/security/recovery-codes/",
    "/desk/pages/4711/edit/",
    "/desk/nothing/here/",
    "/desk/corrections/4711/",
]


@pytest.fixture
def reporter():
    colleague("editor", name="Daria Kovalenko")
    return colleague("reporter")


def is_whole(page: str) -> bool:
    """Sentences, a way back, and nothing of the readers' frame."""
    return "</p>" in page and 'href="/">To the front page</a>' in page and "sf-menu" not in page


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_not_at_the_desk_is_said_with_a_way_back(reporter, address):
    answer = signed_in(reporter).get(address)
    page = answer.content.decode()

    assert answer.status_code == 404
    assert MISSING in page
    assert "Nothing was changed." in page
    assert 'href="/desk/">To the desk</a>' in page
    assert is_whole(page)
    assert "no-store" in answer["Cache-Control"]


def test_a_stranger_is_led_to_the_sign_in_and_learns_nothing(client):
    for address in ADDRESSES:
        answer = client.get(address)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/desk/login/"), address


@pytest.mark.parametrize(
    ("status", "said"), [(404, MISSING), (403, "This is not open to you"), (400, "nothing was saved")]
)
def test_the_pages_need_neither_session_nor_account(rf, status, said):
    answer = get_resolver().resolve_error_handler(status)(rf.get("/desk/nothing/"), Exception())

    assert answer.status_code == status
    assert said in answer.content.decode()
    assert is_whole(answer.content.decode())


def test_a_colleague_reads_it_in_her_own_language(reporter):
    UserProfile.objects.create(user=reporter, preferred_language="uk")

    page = signed_in(reporter).get("/desk/security/recovery-codes/").content.decode()

    assert '<html lang="uk"' in page
    assert MISSING not in page


def test_a_form_that_does_not_come_from_the_desk_is_refused_in_whole_sentences(reporter):
    browser = signed_in(reporter, Client(enforce_csrf_checks=True))

    answer = browser.post("/desk/stories/quick/", {"headline": "Bridge open"})
    page = answer.content.decode()

    assert answer.status_code == 403
    assert "Nothing was saved" in page
    assert "load the page anew and send it once more." in page
    assert is_whole(page)


def test_a_stranger_without_a_cookie_is_told_how_to_sign_in_after_all():
    answer = Client(enforce_csrf_checks=True).post("/desk/login/", {"login": "a@lantern.example", "password": "x"})

    assert answer.status_code == 403
    assert "your browser keeps no cookie for the desk" in answer.content.decode()


def test_what_cannot_be_read_is_refused_in_whole_sentences(reporter, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3

    answer = signed_in(reporter).post("/desk/stories/quick/", {f"field{n}": "x" for n in range(9)})
    page = answer.content.decode()

    assert answer.status_code == 400
    assert "nothing was saved. Go back, load the page anew and try once more." in page
    assert is_whole(page)


def test_what_is_not_open_says_whom_to_ask(client):
    answer = client.get("/desk/pages/", headers={"x-requested-with": "XMLHttpRequest"})
    page = answer.content.decode()

    assert answer.status_code == 403
    assert "asks an administrator of the newsroom." in page
    assert is_whole(page)


def test_a_reader_is_not_sent_to_the_desk(client, rf):
    missing = client.get("/nothing/here/")
    assert missing.status_code == 404
    assert "Nothing is printed here" in missing.content.decode()

    unreadable = get_resolver().resolve_error_handler(400)(rf.post("/contact/"), Exception())
    assert unreadable.status_code == 400
    assert is_whole(unreadable.content.decode())
    assert "/desk/" not in unreadable.content.decode()


@pytest.mark.parametrize("path", ["/desk/login/", "/desk/", "/support/join/", "/uk/support/join/"])
def test_a_database_that_is_away_is_said_as_such_with_what_to_do(reporter, homes, path):
    client = Client(raise_request_exception=False)
    client.force_login(reporter)

    def away(*args):
        raise OperationalError("disk I/O error")

    with connection.execute_wrapper(away):
        answer = client.get(path)
    page = answer.content.decode()

    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "60", "no-store")
    assert ("standfirst doctor" in page) is path.startswith("/desk/")
    assert ("База даних не відповідає" in page) is path.startswith("/uk/")


def test_a_full_disk_is_said_as_such_and_any_other_fault_as_ours(reporter, monkeypatch):
    client = Client(raise_request_exception=False)
    for error, status in [(OSError(errno.ENOSPC, "No space left"), 503), (OSError(errno.EIO, "I/O"), 500),
                          (ValueError("ours"), 500)]:  # fmt: skip
        monkeypatch.setattr("allauth.account.views.LoginView.dispatch", Mock(side_effect=error))
        assert client.get("/desk/login/").status_code == status
