import shutil

import pytest
from bs4 import BeautifulSoup
from django.conf import settings

from standfirst.letterbox import spool
from tests.clocks import stopped
from tests.printed import paper, printed

__all__ = ["paper", "printed"]


@pytest.fixture
def data():
    """The newsroom's data folder with the keys of its spool, which is empty before and after."""
    data = settings.NEWSROOM.data
    data.mkdir(exist_ok=True)
    spool.keys_make(data=data)
    yield data
    for name in ("spool", "secrets", "run"):
        shutil.rmtree(data / name, ignore_errors=True)


@pytest.fixture
def clock(monkeypatch):
    """The guards' clock, which moves only when a test says so."""
    return stopped(monkeypatch)


class Browser:
    """Opens a form, waits, and sends what is in it with what a reader types."""

    def __init__(self, client, clock):
        self.client, self.clock = client, clock

    def fields(self, response):
        soup = BeautifulSoup(response.content, "html.parser")
        form = soup.find("form", method="post")
        values = {}
        for tag in form.find_all(["input", "textarea"], attrs={"name": True}):
            if tag.get("type") == "radio" and not tag.has_attr("checked"):
                continue
            values[tag["name"]] = tag.get("value", "") if tag.name == "input" else tag.text.lstrip("\n")
        return values

    def send(self, address, wait=5, headers=None, **typed):
        values = self.fields(self.client.get(address)) | typed
        self.clock.now += wait
        return self.client.post(address, values, **({"HTTP_ORIGIN": "http://testserver"} | (headers or {})))

    def again(self, response, address, wait=5, **typed):
        self.clock.now += wait
        return self.client.post(address, self.fields(response) | typed, HTTP_ORIGIN="http://testserver")


@pytest.fixture
def browser(client, clock):
    return Browser(client, clock)


def words(response):
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())
