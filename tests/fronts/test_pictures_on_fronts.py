"""A story with a picture can stand anywhere on a front."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/", "/city/", "/tags/bridges/", "/authors/taras-melnyk/", "/archive/"])
def test_a_story_with_a_picture_is_shown(client, newsroom, path):
    for number in range(4):
        story = newsroom.publish(
            f"A bridge {number}", lead_image=newsroom.picture(f"Bridge {number}"), lead_alt="A bridge", tags=["Bridges"]
        )

    answer = client.get(path)

    assert answer.status_code == 200
    assert story.title in answer.content.decode()
