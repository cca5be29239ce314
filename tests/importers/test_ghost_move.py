"""Moving in from Ghost through the command's own door, looked at as readers, editors and an enemy look."""

import datetime as dt
import io
import json
import random
import re
import stat

import pytest
from django.conf import settings as django_settings
from wagtail.contrib.redirects.models import Redirect

from standfirst.fronts.models import StandingPage
from standfirst.importers.command import run
from standfirst.importers.models import ImportedItem
from standfirst.people.models import Byline
from standfirst.stories.models import Section, StoryPage, Tag
from standfirst.stories.services import story_publish
from tests.importers.ghostly import card, data, lexical, move_in, node, post, refused, words, written
from tests.importers.moving import imported as imported_by
from tests.importers.test_ghost_texts import HOSTILE

pytestmark = pytest.mark.django_db


def imported(number, kind="post"):
    return imported_by(f"{number:024x}", kind)


@pytest.fixture
def file(tmp_path):
    return tmp_path / "old-paper.ghost.2026-11-22.json"


def words_in(story):
    return json.dumps(list(story.body.raw_data), ensure_ascii=False)


def entry(report, number):
    return next(one for one in report["stories"] if str(one["id"]) == f"{number:024x}")


def test_names_dates_and_words_come_with_a_story(newsroom, file):
    tables = data(
        post(1, "A & B <b>", custom_excerpt="Short & <i>", published_at=1_600_000_000_000, featured=1),
        tags={1: ["harbour", "world", "hash-internal"]},
        posts_meta=[{"post_id": f"{1:024x}", "meta_title": "Found as", "meta_description": "Said so"}],
    )
    tables["posts_authors"] = [
        {"post_id": f"{1:024x}", "author_id": f"{801:024x}", "sort_order": 0},
        {"post_id": f"{1:024x}", "author_id": f"{800:024x}", "sort_order": 1},
    ]

    report = move_in(written(file, tables))

    story = imported(1)
    assert (story.title, story.standfirst) == ("A & B <b>", "Short & <i>")
    assert story.first_published_at == dt.datetime.fromtimestamp(1_600_000_000, tz=dt.UTC)
    assert story.section.title == "Harbour"
    assert [line.tag.name for line in story.tagged_items.all()] == ["World"]
    assert [line.byline.name for line in story.story_bylines.all()] == ["Ivan Example", "Олена Приклад"]
    assert (story.seo_title, story.search_description) == ("Found as", "Said so")
    assert entry(report, 1)["changes"] == []
    assert "The internal tag “#internal” was left out, of texts: 1." in report["notes"]


def test_old_addresses_lead_to_the_story_in_one_hop(newsroom, file, client):
    tables = data(
        post(1, slug="bridge", published_at="2024-11-04T23:30:00.000Z"),
        post(2, slug="fire", canonical_url="https://www.old.example/news/fire/"),
        post(3, slug="about-us", type="page"),
        tags={1: ["world", "harbour"], 2: ["harbour"]},
    )
    tables["settings"].append({"key": "timezone", "value": "Europe/Kyiv"})
    tables["settings"].append({"key": "amp", "value": "true"})
    move_in(
        written(file, tables, version="4.48.0"),
        site="https://old.example/",
        permalinks=["/{primary_tag}/{year}/{month}/{day}/{slug}/"],
    )

    bridge, fire = imported(1).public_path, imported(2).public_path
    for old, new in [
        ("/bridge/", bridge),
        ("/bridge", bridge),
        ("/bridge/amp/", bridge),
        # Ghost counted days in the old site's time zone.
        ("/world/2024/11/05/bridge/", bridge),
        (f"/p/00000000-0000-4000-8000-{1:012d}/", bridge),
        ("/news/fire/", fire),
        ("/harbour/2024/11/04/fire/", fire),
        ("/tag/world/", "/world/"),
        ("/tag/world/page/2/", "/world/"),
        ("/tag/world/rss/", "/world/feed/rss"),
        # Harbour is a section somewhere and a tag elsewhere: its old address leads to the section.
        ("/tag/harbour/", "/harbour/"),
        ("/author/olena/", Byline.objects.get(name="Олена Приклад").get_absolute_url()),
        ("/author/olena/rss/", Byline.objects.get(name="Олена Приклад").get_absolute_url() + "feed/rss"),
    ]:
        response = client.get(old)
        assert response.status_code == 301, old
        assert response["Location"].removeprefix("http://testserver") == new, old
    assert client.get("/about-us/").status_code == 200
    for old, new in (("/rss/", "/feed/rss"), ("/page/2/", "/archive/")):
        assert client.get(old)["Location"].removeprefix("http://testserver") == new, old


def test_what_was_not_public_is_a_draft_with_the_reason_and_nobody_reaches_it(newsroom, file, client):
    secrets = [
        (1, {"status": "draft"}, "a draft"),
        (2, {"status": "scheduled", "published_at": "2030-01-01T10:00:00.000Z"}, "scheduled for 2030-01-01"),
        (3, {"status": "sent"}, "by e-mail only"),
        (4, {"visibility": "members"}, "members only"),
        (5, {"visibility": "paid"}, "paying members"),
        (6, {"visibility": "tiers"}, "paying members"),
        (7, {"visibility": "product:gold"}, "product:gold"),
        (8, {"status": "odd"}, "status “odd”"),
        (9, {"published_at": "2031-01-01T10:00:00.000Z"}, "lies in the future"),
        (10, {"type": "page", "visibility": "members"}, "members only"),
        (11, {"email": True}, "by e-mail only"),
    ]
    posts = [
        post(number, "Open secret", **{k: v for k, v in more.items() if k != "email"}) for number, more, _w in secrets
    ]
    tables = data(*posts, post(20, "Plainly public"), posts_meta=[{"post_id": f"{11:024x}", "email_only": 1}])

    report = move_in(written(file, tables))

    assert report["totals"]["published"] == 1
    assert report["totals"]["drafts"] == 10
    for number, _more, why in secrets:
        told = entry(report, number)
        assert (told["status"], told["now"]) == ("draft", None)
        assert any(why in change for change in told["changes"]), (number, told)
        assert client.get(f"/post-{number}/").status_code == 404
    assert StoryPage.objects.filter(live=False, title="Open secret").count() == 10
    assert not StandingPage.objects.get(title="Open secret").live
    for address in ("/", "/world/", "/feed/rss", "/sitemap.xml"):
        assert "Open secret" not in client.get(address).content.decode()


def test_a_site_that_was_private_publishes_nothing(newsroom, file):
    tables = data(post(1))
    tables["settings"].append({"key": "is_private", "value": "true"})

    report = move_in(written(file, tables))

    assert report["totals"]["drafts"] == 1
    assert "password" in entry(report, 1)["changes"][0]


def test_a_paywall_in_a_public_post_hid_nothing_and_hides_nothing(newsroom, file):
    open_text = lexical("Before", card("paywall"), "After")

    report = move_in(written(file, data(post(1, lexical=open_text), post(2, lexical=open_text, visibility="paid"))))

    assert "After" in words_in(imported(1))
    assert (imported(1).live, imported(2).live) == (True, False)
    assert any("members only" in change for change in entry(report, 1)["changes"])


def test_a_tag_for_a_language_decides_where_a_story_stands(newsroom, file):
    tables = data(post(1, "Міст"), post(2), post(3, locale="uk"), tags={1: ["world", "hash-uk"], 2: ["world"]})

    report = move_in(written(file, tables))

    assert [imported(number).locale.language_code for number in (1, 2, 3)] == ["uk", "en", "uk"]
    assert entry(report, 1)["changes"] == []
    assert not any("#uk" in note for note in report["notes"])


def test_old_exports_are_read_too(newsroom, file):
    old = {
        "id": 7,
        "uuid": "u",
        "title": "Old",
        "slug": "old",
        "markdown": "*x*",
        "html": "<p>Old <em>words</em></p>",
        "image": "/content/images/2015/01/a.jpg",
        "featured": 0,
        "page": 0,
        "status": "published",
        "language": "en_US",
        "author_id": 1,
        "created_at": "2015-01-02 10:00:00",
        "published_at": 1420192800000,
        "meta_title": "M",
    }
    tables = {
        "posts": [old, {**old, "id": 8, "slug": "about", "page": 1}],
        "tags": [{"id": 1, "name": "World", "slug": "world"}],
        "posts_tags": [{"post_id": 7, "tag_id": 1}],
        "users": [{"id": 1, "name": "Ann", "slug": "ann"}],
        "settings": [{"key": "title", "value": "Old Paper"}],
    }
    file.write_text(json.dumps({"meta": {"version": "003"}, "data": tables}))

    report = move_in(file)

    story = imported_by("7")
    assert report["source"] == "ghost:old-paper"
    assert story.first_published_at == dt.datetime(2015, 1, 2, 10, tzinfo=dt.UTC)
    assert [line.byline.name for line in story.story_bylines.all()] == ["Ann"]
    assert story.seo_title == "M"
    assert imported_by("8", "page").title == "Old"
    assert report["missing_pictures"][0]["picture"] == "2015/01/a.jpg"


def test_what_has_no_place_here_is_named(newsroom, file):
    tables = data(
        post(1, codeinjection_head="<script>", canonical_url="https://first.example/x", custom_template="custom-wide"),
        post(1, "Again"),
        snippets=[{"id": 1}],
        offers=[],
        posts_meta=[{"post_id": f"{1:024x}", "og_title": "Other words"}],
    )
    tables["settings"].append({"key": "codeinjection_foot", "value": "<script>"})

    report = move_in(written(file, tables))

    assert len(entry(report, 1)["changes"]) == 4
    assert {one["title"] for one in report["left_out"]} == {"Again", "snippets", "codeinjection_foot"}
    assert imported(1).title == "A bridge is closed"


def test_members_go_to_a_file_of_their_own_without_what_nobody_needs(newsroom, file):
    member = {
        "id": "m1",
        "email": "reader@example.org",
        "name": "Reader",
        "status": "paid",
        "transient_id": "secret-token",
        "geolocation": "{}",
        "email_open_rate": 3,
        "created_at": "2024-01-01T00:00:00.000Z",
    }
    tables = data(
        post(1),
        members=[member],
        labels=[{"id": "l1", "name": "print"}],
        members_labels=[{"member_id": "m1", "label_id": "l1"}],
        products=[{"id": "p1", "name": "Gold"}],
        members_products=[{"member_id": "m1", "product_id": "p1"}],
        members_stripe_customers=[{"member_id": "m1", "customer_id": "cus_secret"}],
        comments=[{"id": "c1", "post_id": f"{1:024x}", "member_id": "m1", "html": "<p>Well said</p>"}],
    )

    report = move_in(written(file, tables))

    folder = django_settings.NEWSROOM.data / "moved-in" / "ghost-abc123"
    (line,) = (folder / "members.jsonl").read_text().splitlines()
    record = json.loads(line)
    assert record["email"] == "reader@example.org"
    assert (record["labels"], record["tiers"]) == (["print"], ["Gold"])
    assert not {"transient_id", "geolocation", "email_open_rate"} & set(record)
    assert json.loads((folder / "comments.jsonl").read_text())["text"] == "Well said"
    everything = b"".join(one.read_bytes() for one in folder.iterdir())
    assert b"secret" not in everything
    assert stat.S_IMODE((folder / "members.jsonl").stat().st_mode) == 0o600
    assert any("members.jsonl" in note for note in report["notes"])


def test_members_from_a_list_of_their_own(newsroom, file, tmp_path):
    members = tmp_path / "members.csv"
    members.write_text(
        "id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels,tiers\n"
        'm1,one@example.org,"One, the first",n,true,false,cus_secret,2024-01-01,,"print, vip",\n'
        "m2,two@example.org,Два,,false,,,2024-01-02,,,Gold\n",
        encoding="utf-8-sig",
    )
    move_in(written(file, data(post(1))), members=members)

    path = django_settings.NEWSROOM.data / "moved-in" / "ghost-abc123" / "members.jsonl"
    first, second = map(json.loads, path.read_text().splitlines())
    assert (first["name"], first["subscribed_to_emails"], first["labels"]) == ("One, the first", True, ["print", "vip"])
    assert (second["name"], second["tiers"]) == ("Два", ["Gold"])
    assert "cus_secret" not in path.read_text()


def test_a_list_of_members_may_come_beside_the_export_or_alone(newsroom, file, tmp_path):
    members = tmp_path / "members.csv"
    members.write_text("email,name\none@example.org,One\n")
    written(file, data(post(1)))

    move_in([file, members])
    alone = move_in(members)

    moved_in = django_settings.NEWSROOM.data / "moved-in"
    assert json.loads((moved_in / "ghost-abc123" / "members.jsonl").read_text())["name"] == "One"
    assert json.loads((moved_in / "ghost-members" / "members.jsonl").read_text())["name"] == "One"
    assert alone["stories"] == []
    assert "Name each once" in refused([file, file])


def test_of_very_many_first_tags_the_largest_and_those_of_the_menu_are_sections(newsroom, file):
    many = [(number, f"subject-{number:02d}") for number in range(1, 41)]
    posts = [post(number) for number, _slug in many] + [post(50), post(51)]
    tables = data(*posts, tags={})
    tables["tags"] = [{"id": f"t{n}", "name": slug.title(), "slug": slug} for n, slug in many]
    tables["tags"].append({"id": "t0", "name": "World", "slug": "world"})
    rows = [(number, f"t{number}", 0) for number, _slug in many] + [(number, "t0", 1) for number, _slug in many]
    rows += [(50, "t0", 0), (51, "t0", 0)]
    tables["posts_tags"] = [{"post_id": f"{p:024x}", "tag_id": tag, "sort_order": order} for p, tag, order in rows]
    menu = [{"label": "Mine", "url": "/tag/subject-40/"}]
    tables["settings"].append({"key": "navigation", "value": json.dumps(menu)})

    report = move_in(written(file, tables))

    assert report["totals"]["sections"] == 23  # World was here already
    assert imported(40).section.title == "Subject-40"
    assert imported(39).section.title == "World"
    assert [line.tag.name for line in imported(39).tagged_items.all()] == ["Subject-39"]
    assert any("41 tags stood first" in note for note in report["notes"])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"name,mail\na,b\n", "no column"),
        (b"id,email\nm1,one@example.org\nm2,nothing\n", "line 3"),
        (b"id,email\nm1,\xff\xfe@x\n", "UTF-8"),
        (b'id,email\nm1,"one@example.org\n', "broken"),
    ],
)
def test_a_broken_list_of_members_is_refused_before_anything_changes(newsroom, file, tmp_path, content, says):
    members = tmp_path / "members.csv"
    members.write_bytes(content)

    assert says in refused(written(file, data(post(1))), members=members)
    assert not ImportedItem.objects.exists()


def test_no_script_reaches_a_reader(newsroom, file, client):
    posts = [post(number, lexical=lexical(one, "Last words")) for number, one in enumerate(HOSTILE, 1)]
    posts.append(post(90, html="<script>alert(1)</script><p onclick=alert(1)>Last words</p>"))
    posts.append(post(91, "<script>alert(1)</script>", custom_excerpt="<script>alert(1)</script>"))
    posts.append(post(92, type="page", lexical=lexical(*HOSTILE, "Last words")))
    tables = data(*posts)
    tables["tags"][0]["name"] = "<script>alert(1)</script>"
    tables["users"][0]["name"] = "<script>alert(1)</script>"

    move_in(written(file, tables))

    for one in posts:
        page = client.get(f"/{one['slug']}/", follow=True)
        html = page.content.decode()
        assert page.status_code == 200
        assert "<script>alert" not in html.lower()
        assert not re.search(r"(?:href|src)=.?javascript:", html.lower())
        assert "onerror=" not in html.lower().replace("&quot; onerror=&quot;", "")
        if one["slug"] != "post-91":
            assert "Last words" in html


def test_links_between_stories_lead_to_paths_of_ours(newsroom, file):
    text = lexical(node("paragraph", node("link", words("before"), url="__GHOST_URL__/post-2/?x=1#y")))

    move_in(written(file, data(post(1, lexical=text), post(2))))

    assert "__GHOST" not in words_in(imported(1))
    assert "before</a>" in words_in(imported(1))


def test_a_story_changed_here_is_left_alone_and_named(newsroom, file):
    move_in(written(file, data(post(1), post(2))))
    story = imported(1)
    story.title = "Changed by hand"
    story.save_revision(user=newsroom.editor)
    story_publish(story=story, editor=newsroom.editor, label="update")

    report = move_in(written(file, data(post(1, "Theirs is new"), post(2, "Theirs is new"))))

    assert imported(1).title == "Changed by hand"
    assert imported(2).title == "Theirs is new"
    assert [(one["ours"], one["theirs"]) for one in report["changed_here"]] == [("Changed by hand", "Theirs is new")]


def test_a_broken_file_changes_nothing(newsroom, file):
    written(file, data(post(1), post(2)))
    models = (StoryPage, Section, Tag, Byline, Redirect, ImportedItem)
    before = {model: list(model.objects.order_by("pk").values_list()) for model in models}
    whole = file.read_bytes()

    for cut in (0, 1, 40, len(whole) // 2, len(whole) - 2):
        file.write_bytes(whole[:cut])
        assert "old-paper.ghost.2026-11-22.json" in refused(file)
    assert {model: list(model.objects.order_by("pk").values_list()) for model in models} == before


def test_flipped_bytes_are_refused_with_nothing_changed_or_come_in_whole(newsroom, file):
    posts = [post(1, html="<p>Words &amp; <b>more</b></p>"), post(2, lexical=lexical(*HOSTILE[:3], "Last words"))]
    whole = written(file, data(*posts), indent=1).read_bytes()
    models = (StoryPage, Section, Tag, Byline, Redirect, ImportedItem)
    chance = random.Random(20261123)
    outcomes = []

    for _turn in range(40):
        spoiled = bytearray(whole)
        for _flip in range(chance.randint(1, 3)):
            spoiled[chance.randrange(len(whole))] = chance.randrange(256)
        file.write_bytes(bytes(spoiled))
        before = {model: list(model.objects.order_by("pk").values_list()) for model in models}
        out, err = io.StringIO(), io.StringIO()
        outcomes.append(run(source="ghost", file=file, json=True, out=out, err=err))
        if outcomes[-1]:
            assert file.name in err.getvalue()
            assert "Traceback" not in err.getvalue()
            assert {model: list(model.objects.order_by("pk").values_list()) for model in models} == before
        else:
            told = json.loads(out.getvalue())["totals"]
            assert sum(told.get(key, 0) for key in ("published", "drafts", "pages", "updated", "unchanged")) >= 1

    assert set(outcomes) == {0, 1}
    assert not any("<script" in str(list(story.body.raw_data)) for story in StoryPage.objects.all())
