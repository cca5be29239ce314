"""`standfirst export` beside a newsroom that is being served, and the way back, by the commands themselves."""

import json
import subprocess

from tests.ops.conftest import EDITOR, in_newsroom, standfirst

STORY = """
from standfirst.people.services import byline_add
from standfirst.stories.models import StoryKind
from standfirst.stories.services import section_add, story_draft, story_publish
story = story_draft(
    language="en", headline="The bridge is closed", section=section_add(title="City"), kind=StoryKind.objects.first(),
    bylines=[byline_add(name="Olena Marchuk")], body=[{"type": "text", "value": "<p>Since Monday.</p>"}])
story_publish(story=story)
story.refresh_from_db()
print(story.public_path)
"""


def test_a_served_newsroom_leaves_and_comes_back(newsroom, serving, tmp_path):
    address = in_newsroom(newsroom, STORY).strip()
    serving(newsroom)
    folder, again = tmp_path / "export", tmp_path / "again"

    done = standfirst("--newsroom", newsroom, "export", folder, "--json")

    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["counts"]["stories"], said["missing"], said["private"]) == (1, [], False)
    assert said["files"] == sum(1 for file in folder.rglob("*") if file.is_file()) - 2
    assert (folder / "site" / address.strip("/") / "index.html").is_file()
    checked = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr

    refused = standfirst("--newsroom", newsroom, "import", "export", folder)
    assert refused.returncode == 1
    assert "is not empty" in refused.stderr

    made = standfirst(
        "--newsroom", again, "new", "--name", "The Lantern", "--base-url", "", "--language", "en,uk",
        "--time-zone", "Europe/Kyiv", "--editor-email", EDITOR,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    back = standfirst("--newsroom", again, "import", "export", folder, "--json")
    assert back.returncode == 0, back.stderr
    assert json.loads(back.stdout)["counts"]["stories"] == 1
    # Whoever made the new newsroom can still sign in.
    people = json.loads(standfirst("--newsroom", again, "people", "list", "--json").stdout)["people"]
    assert [(one["email"], one["active"]) for one in people] == [(EDITOR, True)]
    second = standfirst("--newsroom", again, "export", tmp_path / "second", "--without-site")
    assert second.returncode == 0, second.stderr
    story = f"stories/{address.strip('/')}.json"
    assert (tmp_path / "second" / story).read_bytes() == (folder / story).read_bytes()
    assert standfirst("--newsroom", newsroom, "export", newsroom / "data" / "x").returncode == 1
