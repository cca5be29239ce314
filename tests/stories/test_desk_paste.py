"""Real clipboards, as their programs fill them, on their way into a story."""

from pathlib import Path

import pytest

from standfirst.stories.models import NewsImage
from standfirst.stories.plain import typed_lists
from tests.desk import signed_in
from tests.newsroom import picture_file

CLIPBOARD = Path(__file__).resolve().parents[1] / "browser" / "clipboard"


def pasted(client, name):
    plain = "?plain" if name.endswith(".txt") else ""
    body = (CLIPBOARD / name).read_bytes()
    answer = client.post(f"/desk/stories/paste/{plain}", body, content_type="text/plain")
    assert answer.status_code == 200
    return answer.json()["html"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(file.name for file in CLIPBOARD.glob("*.*") if file.suffix != ".md"))
def test_links_and_lists_are_kept_and_styling_is_dropped(newsroom, name):
    html = pasted(signed_in(newsroom.reporter), name)

    assert 'href="https://council.example/notices/14"' in html
    assert html.count("<li>") == 3
    assert "• " not in html
    assert "style=" not in html
    assert "class=" not in html
    assert html.count("What happens now") == 1


@pytest.mark.django_db
def test_a_picture_dropped_into_the_text_is_kept(newsroom):
    client = signed_in(newsroom.reporter)

    answer = client.post("/desk/stories/picture/", {"file": picture_file(name="bridge.jpg")})

    picture = NewsImage.objects.get(pk=answer.json()["id"])
    assert (picture.title, picture.uploaded_by_user) == ("bridge", newsroom.reporter)
    assert answer.json()["preview"]["width"] > 0


@pytest.mark.django_db
def test_what_is_no_picture_is_refused_in_a_sentence(newsroom):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client = signed_in(newsroom.reporter)
    before = NewsImage.objects.count()

    answer = client.post("/desk/stories/picture/", {"file": SimpleUploadedFile("x.jpg", b"no picture at all")})

    assert answer.status_code == 422
    assert answer.json()["error"].endswith(".")
    assert NewsImage.objects.count() == before


@pytest.mark.django_db
def test_strangers_have_nothing_cleaned_here(client):
    assert client.post("/desk/stories/paste/", b"<p>x</p>", content_type="text/plain").status_code == 302
    assert client.post("/desk/stories/picture/", {"file": picture_file()}).status_code == 302


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Known:<br>• one<br>• two</p>", "<p>Known:</p><ul><li>one</li><li>two</li></ul>"),
        ("<p>- one<br>- two<br>After.</p>", "<ul><li>one</li><li>two</li></ul><p>After.</p>"),
        ("<p><b>• one</b></p>", "<ul><li><b>one</b></li></ul>"),
        ("<p>2024-2026 – a line<br>and more</p>", "<p>2024-2026 – a line<br>and more</p>"),
        ("<p>Plain.</p>", "<p>Plain.</p>"),
    ],
)
def test_typed_bullets_are_a_list(html, expected):
    assert typed_lists(html) == expected
