"""The small personal request of public pages: who works at the desk, and how to edit what she reads."""

from __future__ import annotations

import pytest
from django.templatetags.static import static
from django.test import Client

from standfirst.stories.models import Section
from tests.desk import colleague, signed_in

pytestmark = pytest.mark.django_db

AS_SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


def asked(client: Client, path: str):
    return client.get("/desk/here/", {"path": path}, headers=AS_SCRIPT)


def links(client: Client, path: str) -> dict[str, str]:
    return {link["text"]: link["href"] for link in asked(client, path).json()["links"]}


def test_an_editor_is_named_and_led_to_the_storys_form(newsroom):
    story = newsroom.publish()
    client = signed_in(colleague("editor"))

    answer = asked(client, story.public_path)

    assert answer.json() == {
        "name": "Olena Marchuk",
        "links": [
            {"text": "Edit this story", "href": f"/desk/pages/{story.pk}/edit/"},
            {"text": "Desk", "href": "/desk/"},
        ],
        "style": static("theme/personal.css"),
    }
    assert "no-store" in answer["Cache-Control"]
    assert links(client, f"{story.public_path}text/")["Edit this story"] == f"/desk/pages/{story.pk}/edit/"


def test_what_is_made_by_itself_leads_to_the_desk_alone(newsroom):
    client = signed_in(colleague("editor"))

    for path in ("/archive/", "/search/", "/nothing/", "/2026/01/01/nothing/", "no path", "", "/" + "x" * 9000, "/\0/"):
        assert links(client, path) == {"Desk": "/desk/"}, path


def test_sections_and_standing_pages_have_their_own_forms(newsroom):
    client = signed_in(colleague("administrator"))
    city = Section.objects.get(slug="city")

    assert str(city.pk) in links(client, "/city/")["Edit this page"]
    assert links(client, "/uk/city/")["Edit this page"] == links(client, "/city/")["Edit this page"]
    assert links(client, "/privacy/")["Edit this page"] != links(client, "/uk/privacy/")["Edit this page"]
    assert links(client, "/")["Edit this page"] != links(client, "/uk/")["Edit this page"]


def test_nobody_is_led_to_a_form_that_would_refuse_her(newsroom):
    client = signed_in(colleague("reporter"))

    assert links(client, "/city/") == {"Desk": "/desk/"}


def test_strangers_learn_nothing(newsroom, client):
    story = newsroom.publish()

    answer = asked(client, story.public_path)

    assert answer.status_code == 403
    assert story.title not in answer.content.decode()
    assert client.post("/desk/here/", headers=AS_SCRIPT).status_code in (403, 405)


def test_a_withdrawn_storys_address_names_nothing(newsroom):
    story = newsroom.publish()
    client = signed_in(colleague("editor"))
    type(story).objects.filter(pk=story.pk).update(live=False)

    assert links(client, story.public_path) == {"Desk": "/desk/"}


def test_pages_stay_the_same_for_everybody(newsroom):
    reader, editor = Client(), signed_in(colleague("editor"))

    assert reader.get("/").content == editor.get("/").content
    assert reader.get("/").content.count(b"theme/personal") == 1
