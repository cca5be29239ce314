"""A story, a reader's browser with its own clock, and programs that send JSON."""

import json

import pytest
from bs4 import BeautifulSoup

from standfirst.corrections.services.placing import Versions
from tests.letterbox.conftest import Browser, clock, data

__all__ = ["clock", "data"]

BODY = (
    '<p data-block-key="aaaaa">The bridge was closed on Monday after two of nine bearings failed an inspection.</p>'
    '<p data-block-key="bbbbb">Mayor Andri Kosenko said it would not open before 2027. He shaked hands with them.</p>'
    '<p data-block-key="ccccc">Some 7,000 people cross the bridge every day.</p>'
)


class Reader(Browser):
    """A browser, and a program beside it."""

    def fields(self, response):
        values = super().fields(response)
        for select in BeautifulSoup(response.content, "html.parser").find_all("select"):
            chosen = select.find("option", selected=True)
            values[select["name"]] = chosen["value"] if chosen else ""
        return values

    def token(self, address, wait=5, **headers):
        answer = self.client.get(address, HTTP_ACCEPT="application/json", **headers)
        self.clock.now += wait
        return answer.json()["token"]

    def posts(self, address, body, **headers):
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        sent = {"HTTP_ORIGIN": "http://testserver"} | headers
        return self.client.post(address, text, content_type="application/json", **sent)

    def send_blind(self, address, **typed):
        """As a form that was opened before its story went away."""
        token = self.token(address)
        return self.client.post(address, {"token": token, "kind": "correction", **typed})

    def suggests(self, address, headers=None, **fields):
        """As the page's own script does it: a fresh token, then the words."""
        fields.setdefault("token", self.token(address))
        return self.posts(address, fields, **(headers or {}))


@pytest.fixture
def reader(client, clock):
    return Reader(client, clock)


@pytest.fixture
def story(newsroom):
    return newsroom.publish(
        "Old bridge closes for eleven months",
        standfirst="Trams will turn back at the river.",
        body=[{"type": "text", "value": BODY}],
    )


def republish(newsroom, story, **changes):
    """Publish the story anew with other words in it, as the desk does."""
    from standfirst.stories.models import StoryPage
    from standfirst.stories.services import story_publish

    story = StoryPage.objects.get(pk=story.pk)
    for name, value in changes.items():
        setattr(story, name, value)
    story.change_label, story.change_from, story.change_note = "update", story.public_versions.count(), ""
    story.save_revision(user=newsroom.editor)
    story_publish(story=story, editor=newsroom.editor, label="update")
    return StoryPage.objects.get(pk=story.pk)


def with_text(html):
    return [{"type": "text", "value": html}]


def stands(words):
    """What really stands at the place of a case or a suggestion, in the version it names."""
    story = words.story if hasattr(words, "story") else words.case.story
    text = Versions(story).text(words.version)
    begin = text.begin(words.block)
    return text.whole[begin + words.start : begin + words.end]
