"""An import while the newsroom runs, and its report at the desk, on a wide screen and on a phone."""

import json
import subprocess
import sys
from pathlib import Path

from tests.browser.desk import sign_in
from tests.importers.wxr import export, item

COMMAND = Path(sys.executable).with_name("standfirst")
EVERYTHING = (
    item(9001, "The harbour reopens", link="https://old.example/2019/05/harbour-reopens/", slug="harbour-reopens"),
    item(
        9002,
        "A very long headline about the harbour, its cranes and the people who have worked on them for thirty years",
        '<p>[my_box]Words[/my_box] <a href="/2019/05/harbour-reopens/">Before</a> '
        '<img src="/wp-content/uploads/2019/05/a-picture-with-a-name-that-nobody-would-ever-type-by-hand.jpg"></p>',
    ),
    item(9003, "Kept back", status="private"),
    item(9004, "An event", kind="event"),
)


def bring_in(paper, file):
    done = subprocess.run(
        [COMMAND, "--newsroom", paper.folder, "import", "wordpress", file, "--json"],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_an_editor_reads_the_report_of_an_import(visit, paper, tmp_path):
    report = bring_in(paper, export(tmp_path, *EVERYTHING))
    assert report["totals"]["published"] == 2
    assert paper.get("/2019/05/harbour-reopens/").headers["location"] == "/2024/11/04/harbour-reopens/"
    assert paper.get("/2019/05/harbour-reopens/amp/").headers["location"] == "/2024/11/04/harbour-reopens/"
    assert "The harbour reopens" in paper.get("/2024/11/04/harbour-reopens/").body.decode()

    for width in (1280, 360):
        visitor = visit(width=width, touch=width == 360)
        sign_in(visitor.page, paper)
        page = visitor.open("/desk/reports/imports/")
        page.get_by_role("link", name="export.xml").first.click()
        page.wait_for_load_state("load")
        assert page.get_by_role("heading", name="A very long headline").is_visible()
        page.screenshot(path=tmp_path / f"report-{width}.png", full_page=True)
        # In Wagtail's frame, which scrolls by itself, nothing stands out to the side.
        assert page.evaluate("document.querySelector('.sf-moves').scrollWidth <= innerWidth")
        assert visitor.axe() == []
        page.get_by_role("link", name="Left out").click()
        page.wait_for_load_state("load")
        assert page.get_by_text("It is of a kind we have no place for (event).").is_visible()
        assert visitor.complaints == []
