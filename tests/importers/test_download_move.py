"""Moving in with pictures fetched from the old site: outside transactions, stopped and started, found later."""

import pytest
from django.db import connection

from standfirst.importers.download import Downloads, Limits, downloads_of
from standfirst.importers.move import move_in
from standfirst.importers.reach import Reach
from standfirst.importers.wordpress import open_source
from standfirst.stories.models import NewsImage
from tests.importers.moving import imported, words_of
from tests.importers.oldsite import picture
from tests.importers.wxr import attachment, export, item

pytestmark = pytest.mark.django_db


@pytest.fixture
def move(site, tmp_path):
    """Moves a file in with downloads from the site on loopback; the command itself has no such switch."""
    folder = tmp_path / "pictures"
    folder.mkdir()

    def go(file, **options):
        def of(source):
            reach = Reach(user_agent="test", is_allowed=site.allow, resolve=site.resolve, silent_seconds=2)
            options.setdefault("sleep", lambda seconds: None)
            return Downloads(
                folder, reach=reach, site_url=site.url, limits=Limits(pause=0, free_bytes=0, tries=1), **options
            )

        return move_in(open_source=lambda: open_source([file]), downloads_of=of)

    return go


def archive(site, tmp_path, text="Old words."):
    """Two stories: one with a lead picture and one in the text, one with a picture that was made smaller."""
    base = f"{site.url}/wp-content/uploads/2024/11"
    file = export(
        tmp_path,
        attachment(10, "2024/11/quay.jpg"),
        item(
            1,
            meta={"_thumbnail_id": "10"},
            content=f'<p>{text}</p><figure><img src="{base}/crane.jpg"><figcaption>The crane.</figcaption></figure>',
        ),
        item(2, content=f'<p>More.</p><p><img src="{base}/bridge-300x200.jpg"></p>'),
    )
    file.write_text(file.read_text(encoding="utf-8").replace("https://old.example", site.url), encoding="utf-8")
    return file


def test_pictures_come_from_the_old_site_before_anything_is_written(newsroom, site, move, tmp_path):
    depths = []

    def counted(on):
        on.send(picture())

    for name in ("quay", "crane", "bridge"):
        site.pages[f"/wp-content/uploads/2024/11/{name}.jpg"] = counted
    outside = len(connection.savepoint_ids)
    file = archive(site, tmp_path)
    real = Downloads.fetch
    Downloads.fetch = lambda self, address: (depths.append(len(connection.savepoint_ids)), real(self, address))[1]
    try:
        report = move(file)
    finally:
        Downloads.fetch = real

    assert report.totals["pictures"] == 3
    assert not report.move.entries.filter(status="picture").exists()
    assert set(depths) == {outside}
    story = imported(1)
    assert story.lead_image.title == "quay.jpg"
    assert [block.block_type for block in story.body] == ["text", "picture"]
    assert all(
        image.is_imported for image in NewsImage.objects.filter(title__in=["quay.jpg", "crane", "bridge-300x200"])
    )

    asked = len(site.asked)
    again = move(file)
    assert len(site.asked) == asked
    assert again.totals["unchanged"] == 2


def test_what_is_missing_is_listed_and_comes_into_the_untouched_story_when_it_is_found(newsroom, site, move, tmp_path):
    site.pages["/wp-content/uploads/2024/11/quay.jpg"] = picture()
    file = archive(site, tmp_path)

    first = move(file)

    base = f"{site.url}/wp-content/uploads/2024/11"
    missing = {entry.was: entry.changes[0] for entry in first.move.entries.filter(status="picture")}
    assert missing[f"{base}/crane.jpg"] == "The site no longer has it (404)."
    assert len(missing) == 2
    assert [block.block_type for block in imported(1).body] == ["text"]
    assert "Thecrane." in words_of(imported(1))

    site.pages["/wp-content/uploads/2024/11/crane.jpg"] = picture()
    report = move(file)
    assert report.totals["unchanged"] == 2  # refused a moment ago: not asked again today

    report = move(file, again=True)
    assert report.totals["updated"] == 1
    assert [block.block_type for block in imported(1).body] == ["text", "picture"]


def test_stopped_between_two_pictures_nothing_of_the_batch_is_half(newsroom, site, move, tmp_path):
    site.pages["/wp-content/uploads/2024/11/quay.jpg"] = picture()
    file = archive(site, tmp_path)
    real = Downloads.fetch

    def stop(self, address):
        if "crane" in address:
            raise KeyboardInterrupt
        return real(self, address)

    Downloads.fetch = stop
    try:
        with pytest.raises(KeyboardInterrupt):
            move(file)
    finally:
        Downloads.fetch = real
    assert not NewsImage.objects.filter(title="quay.jpg").exists()

    site.pages["/wp-content/uploads/2024/11/crane.jpg"] = picture()
    site.pages["/wp-content/uploads/2024/11/bridge.jpg"] = picture()
    report = move(file)

    assert site.asked.count("/wp-content/uploads/2024/11/quay.jpg") == 1
    assert report.totals["pictures"] == 3
    assert report.totals["published"] == 2


def test_the_command_downloads_into_the_newsroom_and_reaches_no_private_address(newsroom, site, tmp_path, settings):
    class Here:
        data = tmp_path / "data"
        name = "The Lantern"
        base_url = "https://lantern.example"

    Here.data.mkdir()
    settings.NEWSROOM = Here
    source = open_source([archive(site, tmp_path)])
    downloads = downloads_of(source)
    address = f"http://127.0.0.1:{site.port}/x.jpg"
    try:
        assert downloads.fetch(address) is None
        assert downloads.fetch("http://127.0.0.1/x.jpg") is None
    finally:
        downloads.close()

    folder = next((tmp_path / "data" / "moved-in").iterdir()) / "pictures"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert downloads.why("http://127.0.0.1/x.jpg") == "Its address leads into a private network (127.0.0.1)."
    assert site.asked == []
