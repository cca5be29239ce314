"""Old pictures and files: what was taken in answers at its old address, what was not is named."""

import shutil

import pytest
from django.test import Client

from standfirst.importers.models import ImportedItem
from standfirst.press import pressing
from standfirst.stories.models import NewsDocument, NewsImage
from standfirst.stories.services import story_withdraw
from tests.importers.moving import imported, move_in
from tests.importers.wxr import attachment, export, item
from tests.newsroom import picture_file

pytestmark = pytest.mark.django_db

UPLOADS = "/wp-content/uploads/2019/05"
PICTURE = f'<img src="https://old.example{UPLOADS}/Quay-300x200.JPG" class="wp-image-20">'
FILE = f'<p>See <a href="https://old.example{UPLOADS}/report%20one.pdf">the report</a>.</p>'


@pytest.fixture
def media(tmp_path):
    folder = tmp_path / "media"
    for name in ("Quay.JPG", "team.jpg", "secret.jpg"):
        file = folder / "2019/05" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as out:
            shutil.copyfileobj(picture_file(), out)
    (folder / "2019/05/report one.pdf").write_bytes(b"%PDF-1.4 words")
    (folder / "2019/05/council.mp3").write_bytes(b"ID3 sound")
    return folder


def lead(address):
    path, _mark, query = address.partition("?")
    answer = Client().get(path, QUERY_STRING=query)
    return answer.status_code, answer.get("Location")


def test_a_pictures_old_address_in_any_size_leads_to_it_in_one_hop(newsroom, media, tmp_path):
    move_in(export(tmp_path, item(1, content=f"<p>Words.</p>{PICTURE}"), attachment(20, "2019/05/Quay.JPG")), media)
    image = imported(1).body[1].value["image"]
    whole = [one.file.url for one in image.renditions.filter(filter_spec="width-800|format-jpeg")]

    for old in ("Quay.JPG", "Quay-300x200.JPG", "Quay-1024x768.JPG", "Quay-scaled.JPG"):
        assert lead(f"{UPLOADS}/{old}") == (302, whole[0]), old
    assert lead("/?attachment_id=20") == (302, whole[0])
    outcome = pressing.demand(f"{UPLOADS}/Quay-300x200.JPG")
    assert (outcome.status, dict(outcome.headers)["location"], outcome.kept) == (302, whole[0], False)
    assert lead(f"{UPLOADS}/quay.jpg") == (404, None)
    assert lead("/?attachment_id=21")[0] == 200


def test_what_no_reader_sees_is_led_to_by_no_old_address(newsroom, media, tmp_path):
    content = f'<p>Words.</p><img src="https://old.example{UPLOADS}/secret.jpg">'
    file = export(tmp_path, item(1, content=content, status="draft"), item(2, content=PICTURE + FILE))
    move_in(file, media)
    assert NewsImage.objects.filter(title="secret").exists()

    assert lead(f"{UPLOADS}/secret.jpg") == (404, None)
    assert lead(f"{UPLOADS}/Quay.JPG")[0] == 302
    story_withdraw(story=imported(2), editor=newsroom.editor)
    assert lead(f"{UPLOADS}/Quay.JPG") == (404, None)
    assert lead(f"{UPLOADS}/report%20one.pdf") == (404, None)


def test_a_file_for_download_comes_along_and_its_old_address_leads_to_it(newsroom, media, tmp_path):
    report = move_in(export(tmp_path, item(1, content=FILE), item(2, content=f"{FILE}<p>Again.</p>")), media)

    document = NewsDocument.objects.get()
    assert report["totals"]["files"] == 1
    assert (document.title, document.filename, document.file_size) == ("the report", "report_one.pdf", 14)
    page = Client().get(imported(1).public_path).content.decode()
    assert f'<a href="{document.file.url}">the report</a>' in page
    assert lead(f"{UPLOADS}/report%20one.pdf") == (302, document.file.url)
    assert document.file.storage.exists(document.file.name)
    again = move_in(export(tmp_path, item(1, content=FILE), item(2, content=f"{FILE}<p>Again.</p>")), media)
    assert again["totals"]["unchanged"] == 2
    assert NewsDocument.objects.count() == 1


def test_a_recording_of_the_old_site_is_offered_as_a_file(newsroom, media, tmp_path):
    audio = f'<audio src="https://old.example{UPLOADS}/council.mp3"></audio>'
    sound = f"<figure>{audio}<figcaption>The vote</figcaption></figure>"
    move_in(export(tmp_path, item(1, content=f"<p>Words.</p>{sound}")), media)

    block = imported(1).body[1]
    assert (block.block_type, block.value["label"]) == ("file", "The vote")
    assert lead(f"{UPLOADS}/council.mp3") == (302, block.value["document"].file.url)


def test_a_file_that_is_not_here_is_named_and_found_the_next_time(newsroom, media, tmp_path):
    first = move_in(export(tmp_path, item(1, content=FILE)))

    assert first["stories"][0]["changes"] == [
        f"The file {UPLOADS}/report%20one.pdf is not here; what offers it leads nowhere."
    ]
    assert f'<a href="{UPLOADS}/report%20one.pdf">' in imported(1).body[0].value.source
    second = move_in(export(tmp_path, item(1, content=FILE)), media)
    assert second["totals"]["updated"] == 1
    assert 'linktype="document"' in imported(1).body[0].value.source


def test_a_page_that_a_browser_would_run_is_no_file_for_download(newsroom, media, tmp_path):
    (media / "2019/05/evil.html").write_text("<script>alert(1)</script>")
    (media / "2019/05/evil.svg").write_text("<svg onload='alert(1)'/>")
    content = "".join(f'<p><a href="https://old.example{UPLOADS}/evil.{end}">it</a></p>' for end in ("html", "svg"))
    move_in(export(tmp_path, item(1, content=content)), media)

    assert NewsDocument.objects.count() == 0


def test_files_that_no_text_uses_are_named_and_not_taken_in(newsroom, media, tmp_path):
    file = export(
        tmp_path,
        item(1, content=PICTURE + FILE),
        attachment(20, "2019/05/Quay.JPG"),
        attachment(21, "2019/05/team.jpg"),
        attachment(22, "2019/05/report one.pdf"),
        attachment(23, "2019/05/old.doc"),
    )
    report = move_in(file, media)

    assert report["totals"]["unused_files"] == 2
    unused = [one for one in report["left_out"] if one["kind"] == "attachment"]
    assert [(one["id"], one["was"]) for one in unused] == [
        (21, f"https://old.example{UPLOADS}/team.jpg"),
        (23, f"https://old.example{UPLOADS}/old.doc"),
    ]
    assert all("No text that came in" in one["why"] for one in unused)
    assert "left_out" not in report["totals"]
    assert not ImportedItem.objects.filter(kind="upload", foreign_id=f"{UPLOADS}/team.jpg").exists()
    assert lead("/?attachment_id=21")[0] == 200


def test_a_standing_pages_pictures_stand_where_they_stood(newsroom, media, tmp_path):
    caption = f'<figure><img src="https://old.example{UPLOADS}/Quay.JPG"><figcaption>Our quay</figcaption></figure>'
    table = "<table><tr><th>Desk</th><th>Call</th></tr><tr><td>News</td><td>1</td></tr></table>"
    quay = attachment(20, "2019/05/Quay.JPG", caption="Our lead")
    words = f"<p>We are.</p>{caption}<p>Below it.</p>{table}{FILE}"
    items = [
        item(3, "About", words, kind="page", categories=()),
        item(4, "Team", "<p>We are.</p>", kind="page", categories=(), meta={"_thumbnail_id": "20"}),
        item(5, "Again", f"<p>A.</p>{PICTURE}", kind="page", categories=(), meta={"_thumbnail_id": "20"}),
    ]
    report = move_in(export(tmp_path, quay, *items), media)

    page, team, again = (imported(number, "page") for number in (3, 4, 5))
    assert [block.block_type for block in page.more] == ["picture", "text", "table", "text"]
    assert page.more[0].value["caption"] == "Our quay"
    assert not any("picture" in change for one in report["stories"] for change in one["changes"])
    shown = Client().get(page.public_address).content.decode()
    places = [shown.index(words) for words in ("We are.", "<figure", "Our quay", "Below it.", ">News<", "the report")]
    assert places == sorted(places)
    assert "<picture" in shown
    text = Client().get(f"{page.public_address}text/").content.decode()
    places = [text.index(words) for words in ("We are.", "Our quay", "Below it.", ">News<", "the report")]
    assert places == sorted(places)
    assert "<img" not in text
    # The picture set above a page stands above it, and not twice.
    assert (team.body, team.more[0].value["caption"]) == ("", "Our lead")
    assert (again.body, [block.block_type for block in again.more]) == ("<p>A.</p>", ["picture"])
    assert move_in(tmp_path / "export.xml", media)["totals"] == {"unchanged": 3}


def test_a_picture_found_later_does_not_make_a_story_one_that_was_changed(newsroom, media, tmp_path):
    caption = f'<figure><img src="https://old.example{UPLOADS}/Quay.JPG"><figcaption>Our quay</figcaption></figure>'
    file = export(tmp_path, item(1, content=f"<p>Words.</p>{caption}<p>More words.</p>"))
    move_in(file)
    before = imported(1)

    report = move_in(file, media)

    story = imported(1)
    assert report["totals"]["updated"] == 1
    assert story.public_versions.count() == 2
    assert story.changed_at == before.changed_at
    assert "Changed" not in Client().get(story.public_path).content.decode()

    move_in(export(tmp_path, item(1, content=f"<p>Other words.</p>{caption}<p>More words.</p>")), media)
    story = imported(1)
    assert story.changed_at > before.changed_at
    assert "Changed" in Client().get(story.public_path).content.decode()
