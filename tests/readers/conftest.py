import re

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client

from tests.cast import READER
from tests.clocks import stopped

SELF = {"HTTP_ORIGIN": "http://testserver"}
FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


@pytest.fixture
def clock(monkeypatch):
    """The guards' clock, which moves only when a test says so."""
    return stopped(monkeypatch)


class Browser:
    """One person's browser: opens forms, types into them, sends them as a browser would."""

    def __init__(self, where="192.0.2.1"):
        self.client = Client(HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR=where)

    def get(self, address):
        return self.client.get(address)

    def fields(self, address, action=""):
        soup = BeautifulSoup(self.client.get(address).content, "html.parser")
        wanted = action or address.partition("?")[0]
        form = next(form for form in soup.find_all("form", method="post") if form.get("action", wanted) == wanted)
        return {
            tag["name"]: tag.get("value", "")
            for tag in form.find_all("input", attrs={"name": True})
            if tag.get("type") != "checkbox"
        }

    def send(self, address, *, page="", headers=SELF, **typed):
        """Send the form of `page` (that lies at `address` by itself) with what is typed."""
        where = page or address
        return self.client.post(address, self.fields(where, address.partition("?")[0]) | typed, **headers)

    def ask(self, email=READER.email, *, at="/account/sign-in/", on=""):
        return self.send(f"{at}?next={on}" if on else at, email=email, **({"next": on} if on else {}))

    def is_signed_in(self):
        return b'data-reader="in"' in self.client.get("/account/").content

    def signed_in(self, email=READER.email):
        self.ask(email)
        response = self.send("/account/code/", code=code())
        assert response.status_code == 303, words(response)
        return self


def code():
    """What stands in the last letter."""
    return re.match(r"(\d{4} \d{4})\n", mail.outbox[-1].body)[1]


def wrong_code():
    """Another than that."""
    return f"{(int(code().replace(' ', '')) + 1) % 10**8:08d}"


def words(response):
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


@pytest.fixture
def browser(homes):
    return Browser()


@pytest.fixture
def other(homes):
    return Browser(where="198.51.100.7")
