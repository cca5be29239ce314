"""A whole newsroom in open files, compared with the database by a reader of its own."""

import datetime as dt
import hashlib
import json
import re
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.utils import timezone
from PIL import Image

from standfirst.ops.errors import Refused
from standfirst.people.models import Byline
from standfirst.press import queue
from standfirst.stories.models import NewsImage, PublicVersion, StoryPage, Tag
from standfirst.stories.services import address_change
from tests.stories.camera import SECRETS

pytestmark = pytest.mark.django_db


def said(folder, name):
    return json.loads((folder / name).read_text(encoding="utf-8"))


def everything(folder):
    """Name → bytes of every file."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_every_public_story_is_there_word_for_word(unhurried, paper, exported):
    folder = exported()

    live = StoryPage.objects.filter(live=True)
    names = {str(file.relative_to(folder / "stories")) for file in (folder / "stories").rglob("*.json")}
    assert names == {f"{story.public_path.strip('/')}.json" for story in live}
    assert len(names) == 6
    for story in live:
        found = said(folder, f"stories/{story.public_path.strip('/')}.json")
        assert found["headline"] == story.title
        assert found["standfirst"] == story.standfirst
        assert dt.datetime.fromisoformat(found["published_at"]) == story.first_published_at
        texts = [block["value"] for block in found["body"] if block["type"] == "text"]
        assert texts == [block["value"] for block in story.body.raw_data if block["type"] == "text"]
        assert [line["name"] for line in found["bylines"]] == [
            line.byline.name_in(story.language) for line in story.story_bylines.all()
        ]
    assert exported.written.counts["stories"] == 6
    assert exported.written.missing == []


def test_a_story_reads_by_itself(unhurried, paper, exported):
    folder = exported()

    file = folder / "stories" / f"{paper.story.public_path.strip('/')}.html"
    html = file.read_text(encoding="utf-8")
    assert "<h1>Closed for “eleven” months &amp; more</h1>" in html
    assert "Photo: Olena Marchuk / The Lantern" in html
    assert "Photo: By a reader" in html
    assert "By &lt;b&gt;tram&lt;/b&gt; &amp; bus" in html
    assert f'<a href="http://testserver{paper.story.public_path}">' in html
    assert '<a href="http://testserver/world/">the world</a>' in html
    assert "<script" not in html
    assert "style" not in html
    beside = [link for link in re.findall(r'(?:href|src)="([^"]+)"', html) if "://" not in link]
    assert len(beside) == 7
    assert all((file.parent / unquote(link)).resolve().is_file() for link in beside)


def test_every_version_can_be_checked_by_anyone(unhurried, paper, exported):
    folder = exported()

    checked = 0
    for file in (folder / "stories").rglob("*.json"):
        for version in json.loads(file.read_bytes())["versions"]:
            content = (folder / version["file"]).read_bytes()
            assert hashlib.sha256(bytes.fromhex(version["salt"]) + content).hexdigest() == version["digest"]
            checked += 1
    assert checked == PublicVersion.objects.filter(story__live=True).count() == 7
    done = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    listed = {line[66:] for line in (folder / "SHA256SUMS").read_text().splitlines()}
    assert listed == set(everything(folder)) - {"SHA256SUMS", "manifest.json"}


def test_a_withheld_text_keeps_its_digest_and_no_salt(unhurried, paper, exported):
    paper.story.public_versions.get(number=1).text.delete()

    folder = exported()

    first, second = said(folder, f"stories/{paper.story.public_path.strip('/')}.json")["versions"]
    assert set(first) == {"number", "published_at", "digest", "label", "note_digest"}
    assert set(second) == {"number", "published_at", "digest", "label", "note_digest", "salt", "file", "note"}


def test_what_is_not_public_stays_in_the_newsroom(unhurried, paper, exported):
    folder = exported(with_site=True)

    words = [
        "mayor does not know", "Out tomorrow", "not out yet", "had to go", "a-name-that", "Operation Heron", "heron",
        "Confidential matter", "the witness", "Witness programme", "old-secret", "@paper.example", "Iryna Savchuk",
    ]  # fmt: skip
    for name, content in everything(folder).items():
        for word in words:
            assert word.encode() not in content, (name, word)
            assert word not in name
    assert not (folder / "drafts").exists()
    assert not (folder / "accounts.json").exists()
    assert f"{paper.secret_photo.pk}.json" not in {file.name for file in (folder / "media/pictures").iterdir()}


def test_a_private_export_holds_the_desk_too_but_no_secret(unhurried, paper, exported):
    folder = exported(private=True)

    drafts = {said(folder, f"drafts/{file.name}")["headline"] for file in (folder / "drafts").iterdir()}
    assert drafts == {
        "A draft nobody may see",
        "What the mayor does not know yet",
        "Out tomorrow at seven",
        "A name that had to go",
        "The ferry comes back, and stays: not out yet",
    }
    accounts = said(folder, "accounts.json")
    assert [one["email"] for one in accounts] == ["editor@paper.example", "reporter@paper.example"]
    assert accounts[0]["roles"] == ["editor"]
    assert "password" not in (folder / "accounts.json").read_text()
    assert paper.editor.password.encode() not in b"".join(everything(folder).values())
    assert folder.stat().st_mode & 0o777 == 0o700
    assert "MORE THAN IS PUBLIC" in (folder / "README.txt").read_text()


def test_pictures_leave_without_place_and_serial_number(unhurried, paper, exported):
    public, private = exported("public"), exported("private", private=True)

    name = f"media/pictures/{paper.photo.pk}.jpg"
    content = (public / name).read_bytes()
    assert not any(secret in content for secret in SECRETS)
    assert b"Olena Marchuk / The Lantern" in content
    original = NewsImage.objects.get(pk=paper.photo.pk)
    with original.open_file() as file, Image.open(file) as was, Image.open(public / name) as now:
        assert was.tobytes() == now.tobytes()
        assert now.getexif().get(0x0112) == 6
    assert (private / name).read_bytes() == Path(original.file.path).read_bytes()
    found = said(public, f"media/pictures/{paper.photo.pk}.json")
    assert (found["credit"], found["licence"], found["focal_point"]) == (
        "Olena Marchuk / The Lantern",
        "CC BY 4.0",
        [100, 120, 80, 80],
    )


def test_again_without_a_change_is_the_same_folder(unhurried, paper, exported):
    folder = exported(with_site=True)
    before = {name: file.stat().st_mtime_ns for name in everything(folder) if (file := folder / name)}

    exported(with_site=True)

    after = {name: file.stat().st_mtime_ns for name in everything(folder) if (file := folder / name)}
    moved = {name for name in after if before.get(name) != after[name]}
    assert moved == {"manifest.json", "SHA256SUMS"}
    assert (exported.written.changed, exported.written.removed) == (0, 0)


def test_a_story_that_moved_moves_in_the_export(unhurried, paper, exported):
    folder = exported()
    old = paper.story.public_path
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("kept")
    (folder / "notes-of-my-own.txt").write_text("kept")
    StoryPage.objects.filter(pk=paper.story.pk).update(public_path="/2026/10/07/another-name/")
    paper.story.refresh_from_db()
    address_change(old=old, new=paper.story.public_path)

    exported()

    assert not (folder / "stories" / f"{old.strip('/')}.json").exists()
    assert (folder / "stories/2026/10/07/another-name.json").exists()
    assert f"{old.rstrip('/')},/2026/10/07/another-name/,301" in (folder / "redirects.csv").read_text()
    assert (folder / ".git" / "config").read_text() == (folder / "notes-of-my-own.txt").read_text() == "kept"


def test_a_folder_with_something_else_is_left_alone(unhurried, paper, exported, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")

    with pytest.raises(Refused, match="is not empty"):
        exported("thesis")
    assert everything(tmp_path / "thesis") == {"chapter.txt": b"years of work"}

    folder = exported("thesis", overwrite=True)
    assert (folder / "chapter.txt").read_text() == "years of work"
    exported("thesis")
    assert (folder / "chapter.txt").read_text() == "years of work"


def test_a_private_export_never_slips_into_a_public_one(unhurried, paper, exported):
    folder = exported()

    with pytest.raises(Refused, match="holds a public export"):
        exported(private=True)
    assert not (folder / "drafts").exists()

    exported(private=True, overwrite=True)
    assert (folder / "drafts").is_dir()
    exported()
    assert not (folder / "drafts").exists()
    assert not (folder / "accounts.json").exists()


def test_not_into_the_newsroom_itself(unhurried, paper, exported):
    from standfirst.ops.exporting.export import export

    with pytest.raises(Refused, match="inside the newsroom"):
        export(newsroom=settings.NEWSROOM, folder=settings.NEWSROOM.data / "export")
    assert not (settings.NEWSROOM.data / "export").exists()


def test_an_interrupted_export_says_so_and_goes_on(unhurried, paper, exported):
    folder = exported()
    name = f"stories/{paper.story.public_path.strip('/')}.html"
    whole = everything(folder)
    (folder / name).unlink()
    (folder / name).mkdir()
    (folder / name / "in-the-way").write_text("")

    with pytest.raises(Refused, match="marked as incomplete"):
        exported()
    assert not (folder / "manifest.json").exists()
    assert "was interrupted" in (folder / "EXPORT-IS-INCOMPLETE.txt").read_text()

    (folder / name / "in-the-way").unlink()
    (folder / name).rmdir()
    exported()
    again = everything(folder)
    assert not (folder / "EXPORT-IS-INCOMPLETE.txt").exists()
    assert {k: v for k, v in again.items() if k != "manifest.json"} == {
        k: v for k, v in whole.items() if k != "manifest.json"
    }


def test_an_original_that_is_lost_is_named_and_the_rest_goes_on(unhurried, paper, exported):
    paper.photo.file.storage.delete(paper.photo.file.name)

    folder = exported()

    assert exported.written.missing == [
        f"media/pictures/{paper.photo.pk}.jpg: its original is not in the media folder."
    ]
    assert said(folder, "manifest.json")["missing"] == exported.written.missing
    assert said(folder, "manifest.json")["counts"]["stories"] == 6


@pytest.mark.once
def test_the_site_is_whole_for_any_web_server(unhurried, paper, exported):
    queue.run()
    for number in range(25):
        paper.publish(f"Short news {number}", first_published_at=timezone.now() - dt.timedelta(hours=number))

    site = exported(with_site=True) / "site"

    assert (site / "index.html").is_file()
    assert (site / "uk" / "index.html").is_file()
    assert (site / "archive" / "page" / "1" / "index.html").is_file()
    assert (site / "city" / "page" / "1" / "text" / "index.html").is_file()
    assert (site / "feed" / "atom").is_file()
    assert (site / "404.html").is_file()
    live = re.compile(r"/(?:uk/)?(?:search|contact|account|newsletters|desk)/|/suggest/|/feed/$")
    asked = set()
    for file in site.rglob("*.html"):
        for link in re.findall(r'(?:href|src)="(/[^"#?]*)', file.read_text(encoding="utf-8")):
            if not live.search(link):
                asked.add(link)
    for sheet in site.rglob("*.css"):
        for link in re.findall(r"url\(\"?([^\")]+)", sheet.read_text(encoding="utf-8")):
            assert link.startswith("data:") or (sheet.parent / link).resolve().is_file()
    asked = {unquote(f"{link}index.html" if link.endswith("/") else link) for link in asked}
    missing = {link for link in asked if not (site / link[1:]).is_file()}
    assert missing == set()
    assert len(asked) > 100
    assert (site / paper.ruling.file.url[1:]).is_file() or any(site.glob("m/files/*/*.pdf"))


EXPORTED = {
    "people.Byline": "name slug kind role bio portrait fediverse website is_listed account",
    "mailroom.Link": "letter path count",
    "mailroom.Mailing": "key names descriptions rhythm hour weekday audience is_open is_under_stories sort_order "
    "counts_links",
    "mailroom.ScrambleKey": "key",
    "mailroom.Subscription": "key email mailing language state asked_at page wording basis confirmed_at left_at",
    "mailroom.Suppression": "email reason said since",
    "mailroom.Letter": "id mailing language state subject preheader text html source carries slot corrects made_by "
    "made_at due_at started_at finished_at counts counts_links",
    "readers.Reader": "handle email name language made_at confirmed_at seen_on",
    "people.BylineText": "language name role bio",
    "stories.Section": "title slug description sort_order in_menu",
    "stories.SectionText": "language title description",
    "stories.StoryKind": "label slug is_opinion is_labelled is_active sort_order",
    "stories.StoryKindText": "language label",
    "stories.Tag": "name slug",
    "stories.StoryPage": "kicker standfirst kind section dateline lead_image lead_alt lead_decorative lead_caption "
    "lead_credit body methods public_path changed_at label_shown held_because kept_from_search",
    "stories.StoryByline": "byline note",
    "stories.StoryBasedOn": "name url",
    "stories.StorySource": "title publisher url published_on note",
    "stories.StoryRelated": "related",
    "stories.RelatedStory": "story related score",
    "stories.PublicVersion": "story number published_at digest label note_digest",
    "stories.RecordEntry": "number kind subject digest at previous hash",
    "stories.VersionText": "canonical note salt is_masked",
    "corrections.Correction": "number story label before after place origin reported_at fixed_at digest",
    "corrections.CorrectionText": "note was now credit salt is_masked",
    "corrections.Amendment": "number at digest",
    "corrections.AmendmentText": "text salt is_masked",
    "corrections.SecondLook": "correction author waits_since looked_by looked_at",
    "corrections.ReadyAnswer": "language kind text",
    "corrections.Case": "story version block start end exact prefix suffix state gravity reports opened_at reported_at "
    "is_aside assigned_to decided_by decided_at answer note duplicate_of correction",
    "corrections.Suggestion": "version block start end exact prefix suffix token number once case kind received_at "
    "language wording why reply_to credit is_spam spool_id told_at",
    "stories.NewsImage": "title description width height created_at focal_point_x focal_point_y focal_point_width "
    "focal_point_height file_hash file credit credit_pending source_kind taken_on taken_place licence licence_url "
    "may_be_passed_on is_imported",
    "stories.NewsDocument": "title created_at file_hash file source",
    "fronts.HomePage": "lead lead_until seconds_count thirds_count",
    "fronts.HomeSecond": "story until",
    "fronts.HomeBand": "section count",
    "fronts.StandingPage": "path_in_language introduction body more needs_newsroom in_footer",
    "fronts.Masthead": "name logo icon accent accent_dark face founded_year legal_name contact_email postal_address "
    "extract_limit_chars support_url newsletter_url",
    "fronts.MastheadText": "language name tagline funder_line appeal_heading appeal_text appeal_amount appeal_button "
    "other_ways",
    "fronts.MastheadLink": "place language label address",
}
#: Numbers and ties of the database; who uploaded; what a file says of itself; the label of a change, which its version
#: keeps once it is out; what did not come along, which every import finds out anew.
LEFT_OUT = {
    "id", "sort_order", "page_ptr", "site", "collection", "uploaded_by_user", "file_size", "byline", "section", "kind",
    "story", "home", "masthead", "version", "content_object", "tag", "change_label", "change_note", "change_from",
    "is_elsewhere", "correction", "amendment",
}  # fmt: skip
NOT_EXPORTED = {
    # To whom mail went is forgotten after a while, and nothing is sent anew from it.
    "mailroom.Delivery", "mailroom.Note", "mailroom.Supplier",
    "people.User", "readers.Code", "readers.Passkey", "readers.Session", "stories.MonthPage",
    "stories.NewsRendition", "stories.RecordGuard", "stories.StoryTag", "stories.WordEdit",
    # The words, which stay, and whom the newsroom asks; what is withheld goes along (corrections.withheld_export).
    "corrections.Withholding", "corrections.WithheldOriginal", "corrections.WithheldReach",
    "corrections.WithholdingRules",
}  # fmt: skip


def test_no_field_is_forgotten():
    """A new field belongs into the room's export, and into the list above."""
    from django.apps import apps

    for label in ("people", "readers", "mailroom", "stories", "fronts", "corrections"):
        for model in apps.get_app_config(label).get_models():
            if model._meta.label in NOT_EXPORTED:
                continue
            own = {field.name for field in model._meta.local_concrete_fields}
            assert own - LEFT_OUT <= set(EXPORTED[model._meta.label].split()), model._meta.label


def test_names_and_subjects_are_those_of_the_paper(unhurried, paper, exported):
    folder = exported()

    people = {one["slug"]: one for one in said(folder, "people.json")}
    assert set(people) == set(Byline.objects.values_list("slug", flat=True))
    assert people["taras-melnyk"]["texts"][0]["name"] == "Тарас Мельник"
    assert "account" not in people["taras-melnyk"]
    assert {one["name"] for one in said(folder, "tags.json")} == {"The river", "Bridges"}
    assert Tag.objects.count() == 4
    assert said(folder, "fronts.json")[0]["lead"]["address"] == paper.story.public_path
