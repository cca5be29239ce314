"""What is withheld is gone at once, from everything that anybody can ask for; a dated line with its reason stays."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from standfirst.corrections import vault
from standfirst.corrections.errors import NotAllowed, NotReady
from standfirst.corrections.models import Case, Correction, Suggestion, Withholding
from standfirst.corrections.services import suggestion_forget
from standfirst.corrections.services.destroying import withholding_destroy
from standfirst.corrections.services.log import correction_amend
from standfirst.corrections.services.withholding import (
    Wanted,
    withhold,
    withholding_confirm,
    withholding_lift,
)
from standfirst.importers.models import Move, MoveEntry
from standfirst.letterbox.models import Letter
from standfirst.ops.exporting.export import export
from standfirst.press import queue
from standfirst.press.pressing import the_store
from standfirst.stories.models import NewsImage, PublicVersion, StoryPage
from standfirst.stories.record import record_state
from standfirst.stories.services import story_publish
from tests.corrections.reports import reported
from tests.corrections.test_log import change
from tests.desk import colleague
from tests.newsroom import picture_file

pytestmark = pytest.mark.django_db

NAME = "Zorian Kvitka"
# Neither may be left over alone.
PARTS = ("Zorian", "Kvitka", "zorian", "kvitka")
BODY = [
    {
        "type": "text",
        "value": f"<p>The witness <b>Zorian</b> <i>Kvitka</i> lives at Poplar Lane.</p><p>Nobody else saw it.</p>"
        f"<h2>What {NAME.upper()} says</h2><p>“I saw it,” said {NAME}.</p>",
    },
    {"type": "fact_box", "value": {"heading": "The witness", "text": "<p>Zorian&nbsp;Kvitka, 40.</p>"}},
]


@pytest.fixture
def second(newsroom):
    return colleague("editor", name="Lesia Harmash", email="lesia@lantern.example")


@pytest.fixture
def story(newsroom):
    """A story with a witness's name in every place, three versions, an entry with a line below it, and two reports."""
    story = newsroom.publish("A witness speaks", standfirst=f"{NAME} saw it all.", kicker="Court", body=BODY)
    note = f"An earlier version said that {NAME} saw half of it."
    change(story, standfirst=f"{NAME} saw nearly all.", note=note)
    change(story, label="update", note="", dateline="KYIV")
    correction_amend(correction=Correction.objects.get(), text=f"{NAME} told us so.", editor=newsroom.editor)
    reported(story, "saw nearly all", {"wording": f"{NAME} saw all", "why": f"I know {NAME}."})
    reported(story, "Nobody else saw it")
    return StoryPage.objects.get(pk=story.pk)


def words_of(story):
    return Wanted(story=story, kind="words", category="danger", words=[NAME])


def everything_public(story, client):
    """Every answer that may say something of the story, by its address."""
    path = story.public_path
    below = ["", "text/", "versions/", "versions/text/", "suggest/"]
    below += [f"versions/{number}{end}" for number in range(1, 6) for end in ("/", "/text/", ".json")]
    addresses = [path + one for one in below]
    addresses += ["/", "/text/", "/city/", "/city/text/", "/corrections/", "/corrections/1/", "/corrections/1/text/"]
    addresses += ["/corrections/text/", "/corrections.json", "/corrections/feed.atom", "/corrections/feed.json"]
    addresses += ["/feed/atom", "/feed/rss", "/feed/json", "/news-sitemap.xml", "/sitemap.xml", "/search/?q=witness"]
    addresses += [f"/search/?q={NAME}".replace(" ", "+")]
    addresses += [f"/suggestions/{one.token}/" for one in Suggestion.objects.filter(case__story=story)]
    return {address: client.get(address).content.decode() for address in addresses}


def bytes_of_store():
    root = the_store().root
    return {str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*") if file.is_file()}


def assert_nowhere(found, allowed=()):
    for name, content in found.items():
        text = content if isinstance(content, str) else content.decode("utf-8", "replace")
        for part in PARTS:
            if name.startswith("/search/?q=Zorian"):
                # The form repeats what was asked.
                text = text.replace(NAME, "")
            assert part not in text, (name, part, text[max(0, text.find(part) - 80) :][:200])


def test_words_are_gone_from_everything_public_at_once(story, newsroom, client):
    queue.drain()
    queue.run()
    before = everything_public(story, client)
    assert sum(NAME in page for page in before.values()) > 8

    one = withhold(wanted=words_of(story), editor=newsroom.editor)
    queue.drain()

    assert_nowhere(bytes_of_store())
    after = everything_public(story, client)
    assert_nowhere(after)
    queue.run()
    assert_nowhere(bytes_of_store())
    marker = "danger to a person]"
    for below in ("", "text/", "versions/1/", "versions/2/text/", "versions/3.json"):
        assert marker in after[story.public_path + below], below
    assert record_state().troubles == []
    assert one.entry.label == "removal"
    assert one.entry.text.note == "Some words of a story are withheld: danger to a person."


def test_words_are_gone_from_every_draft_and_do_not_come_back_by_an_open_form(story, newsroom, client):
    draft = StoryPage.objects.get(pk=story.pk)
    draft.methods = f"<p>We asked {NAME}, and others.</p>"
    draft.save_revision()
    open_form = StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object()

    withhold(wanted=words_of(story), editor=newsroom.editor)
    open_form.change_label, open_form.change_from = "update", 4
    open_form.save_revision()
    story_publish(story=StoryPage.objects.get(pk=story.pk), editor=newsroom.editor, label="update")

    story = StoryPage.objects.get(pk=story.pk)
    assert "and others" in story.methods
    assert NAME not in json.dumps(story.serializable_data(), default=str)
    assert_nowhere(everything_public(story, client))


def test_reports_keep_their_places_and_lose_the_words(story, newsroom):
    withhold(wanted=words_of(story), editor=newsroom.editor)

    first, other = Case.objects.filter(story=story).order_by("pk")
    assert (other.version, other.exact, other.is_placed) == (4, "Nobody else saw it", True)
    suggestion = first.suggestions.get()
    assert "Kvitka" not in f"{suggestion.prefix}{suggestion.exact}{suggestion.wording}{suggestion.why}{first.prefix}"
    assert "I know [withheld on" in suggestion.why


def test_a_version_is_withheld_and_the_newest_stays(story, newsroom, client):
    version = story.public_versions.get(number=1)

    withhold(wanted=Wanted(story, "version", "accident", version=version), editor=newsroom.editor)

    page = client.get(f"{story.public_path}versions/1/").content.decode()
    day = timezone.localdate().strftime("%-d %B %Y")
    assert f"Withheld on {day}: published by accident." in page
    assert "saw it all" not in page
    assert client.get(f"{story.public_path}versions/1.json").status_code == 410
    assert "saw it all" not in client.get(f"{story.public_path}versions/").content.decode()
    assert "saw it all" not in client.get("/corrections/1/").content.decode()
    assert "saw it all" not in client.get("/corrections.json").content.decode()
    assert "saw nearly all" in client.get(story.public_path).content.decode()
    assert record_state().troubles == []


def test_withholding_the_newest_version_takes_the_story_out_until_another_text_is_published(story, newsroom, client):
    version = story.public_versions.get(number=3)

    withhold(wanted=Wanted(story, "version", "court", version=version), editor=newsroom.editor)

    assert client.get(story.public_path).status_code == 410
    story = StoryPage.objects.get(pk=story.pk)
    with pytest.raises(Exception, match="withheld"):
        story_publish(story=story, editor=newsroom.editor)
    story.standfirst = "A witness saw it."
    story.save_revision()
    story_publish(story=StoryPage.objects.get(pk=story.pk), editor=newsroom.editor)
    assert "A witness saw it." in client.get(story.public_path).content.decode()
    assert client.get(f"{story.public_path}versions/3.json").status_code == 410


def test_a_whole_story_is_withheld_with_its_versions_and_notes(story, newsroom, client):
    queue.drain()
    queue.run()
    withhold(wanted=Wanted(story, "story", "danger"), editor=newsroom.editor)
    queue.drain()

    assert_nowhere(bytes_of_store())
    after = everything_public(story, client)
    assert_nowhere(after)
    assert "witness speaks" not in "".join(after.values())
    assert client.get(story.public_path).status_code == 410
    queue.run()
    own = the_store().read(f"/-/gone{story.public_path}").decode()
    assert ": danger to a person." in own
    assert_nowhere(bytes_of_store())
    assert "A story is withheld as a whole: danger to a person." in after["/corrections/"]
    assert record_state().troubles == []
    with pytest.raises(Exception, match="withheld"):
        story_publish(story=StoryPage.objects.get(pk=story.pk), editor=newsroom.editor)


def test_a_note_is_withheld_and_its_change_stays(story, newsroom, client):
    entry = Correction.objects.get()

    withhold(wanted=Wanted(story, "note", "privacy", note_of=entry), editor=newsroom.editor)

    for address in ("/corrections/", "/corrections/1/", story.public_path, f"{story.public_path}versions/"):
        assert "saw half of it" not in client.get(address).content.decode(), address
    assert record_state().troubles == []


def test_what_is_lifted_is_as_it_was(story, newsroom, second, client):
    old = {one.pk: (bytes(one.text.canonical), one.text.note, bytes(one.salt)) for one in story.public_versions.all()}
    reports = list(Suggestion.objects.order_by("pk").values_list("exact", "prefix", "suffix", "wording", "why"))
    words = withhold(wanted=words_of(story), editor=newsroom.editor)
    version = withhold(
        wanted=Wanted(story, "version", "court", version=story.public_versions.get(number=1)), editor=newsroom.editor
    )

    withholding_lift(withholding=version, editor=second)
    assert NAME not in bytes(PublicVersion.objects.get(story=story, number=1).text.canonical).decode()
    withholding_lift(withholding=words, editor=second)

    for one in PublicVersion.objects.filter(pk__in=old).select_related("text"):
        assert (bytes(one.text.canonical), one.text.note, bytes(one.salt)) == old[one.pk]
    assert list(Suggestion.objects.order_by("pk").values_list("exact", "prefix", "suffix", "wording", "why")) == reports
    assert record_state().troubles == []
    assert "This is no longer withheld." in client.get(f"/corrections/{words.entry.number}/").content.decode()


def test_lifted_words_stand_in_the_drafts_again_and_readers_wait_for_somebody_to_publish(
    story, newsroom, second, client
):
    draft = StoryPage.objects.get(pk=story.pk)
    draft.standfirst = f"Never out: {NAME} and Poplar Lane."
    draft.save_revision(user=newsroom.editor)
    words = withhold(wanted=words_of(story), editor=newsroom.editor)
    other = Wanted(story=story, kind="words", category="danger", words=["Poplar Lane"])
    withhold(wanted=other, editor=newsroom.editor)
    working = StoryPage.objects.get(pk=story.pk).get_latest_revision_as_object()
    working.dateline = "LVIV"
    working.save_revision(user=newsroom.editor)

    withholding_lift(withholding=words, editor=second)

    story = StoryPage.objects.get(pk=story.pk)
    working = story.get_latest_revision_as_object()
    said = str(working.serializable_data())
    assert working.standfirst == f"Never out: {NAME} and {vault.mask_of(words).marker}."
    assert "said Zorian Kvitka." in said
    assert "What ZORIAN KVITKA says" in said
    assert working.dateline == "LVIV"
    assert "Poplar" not in said
    assert f"said {NAME}" not in client.get(story.public_path).content.decode()
    words.refresh_from_db()
    assert words.pieces == []
    story_publish(story=working, editor=newsroom.editor, label="update")
    assert f"said {NAME}" in client.get(story.public_path).content.decode()


def test_a_story_without_a_draft_gets_one_with_the_lifted_words(story, newsroom, second, client):
    words = withhold(wanted=words_of(story), editor=newsroom.editor)

    withholding_lift(withholding=words, editor=second)

    story = StoryPage.objects.get(pk=story.pk)
    assert story.has_unpublished_changes
    assert story.get_latest_revision_as_object().standfirst == f"{NAME} saw nearly all."
    assert f"said {NAME}" not in client.get(story.public_path).content.decode()


def test_what_a_reader_took_back_meanwhile_does_not_return(story, newsroom, second):
    words = withhold(wanted=words_of(story), editor=newsroom.editor)
    suggestion = Suggestion.objects.get(wording__contains="saw all")
    suggestion_forget(suggestion=suggestion)

    withholding_lift(withholding=words, editor=second)

    suggestion.refresh_from_db()
    assert (suggestion.wording, suggestion.why) == ("", "")


def test_only_who_may_publish_withholds_and_another_confirms(story, newsroom, second):
    with pytest.raises(NotAllowed):
        withhold(wanted=words_of(story), editor=newsroom.reporter)
    assert not Withholding.objects.exists()

    one = withhold(wanted=words_of(story), editor=newsroom.editor)
    with pytest.raises(NotAllowed):
        withholding_confirm(withholding=one, editor=newsroom.editor)
    with pytest.raises(NotAllowed):
        withholding_lift(withholding=one, editor=newsroom.reporter)
    withholding_confirm(withholding=one, editor=second)

    assert (one.confirmed_by, one.lifted_at) == (second, None)
    with pytest.raises(NotReady):
        withholding_confirm(withholding=one, editor=second)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "words", "words": ["Nobody Here"]}, "stand nowhere"),
        ({"kind": "words", "words": []}, "Write the words"),
        ({"kind": "words", "words": ["ab"]}, "too short"),
        ({"kind": "version"}, "Choose the version"),
        ({"kind": "note"}, "Choose the note"),
        ({"kind": "all"}, "what is to be withheld"),
        ({"kind": "story", "category": "whim"}, "why"),
    ],
)
def test_what_cannot_be_withheld_is_refused_and_changes_nothing(story, newsroom, fields, sentence):
    number = story.public_versions.count()

    with pytest.raises(NotReady, match=sentence):
        withhold(wanted=Wanted(**({"story": story, "category": "danger"} | fields)), editor=newsroom.editor)

    assert not Withholding.objects.exists()
    assert Correction.objects.count() == 1
    assert story.public_versions.count() == number
    assert StoryPage.objects.get(pk=story.pk).live


def test_a_picture_is_gone_from_every_story_and_no_file_of_it_is_public(story, newsroom, second, client):
    picture = newsroom.picture()
    other = newsroom.publish("Another story", lead_image=picture, lead_alt="A bridge")
    block = [{"type": "picture", "value": {"image": picture.pk, "alt": "A bridge", "caption": "At the bridge"}}]
    shown = newsroom.publish("A story with a picture", body=[*BODY, *block])
    files = [(one.file.storage, one.file.name) for one in picture.renditions.all()]
    storage, original = picture.file.storage, picture.file.name
    assert files
    assert "At the bridge" in client.get(shown.public_path).content.decode()

    wanted = Wanted(shown, "picture", "privacy", picture=picture)
    with pytest.MonkeyPatch.context() as patched:
        # Files go after the commit.
        patched.setattr("django.db.transaction.on_commit", lambda act, **kwargs: act())
        one = withhold(wanted=wanted, editor=newsroom.editor)

    for story_now in (shown, other):
        page = client.get(story_now.public_path).content.decode()
        assert "/m/" not in page
        assert story_now.public_versions.count() == 2
    assert "At the bridge" not in client.get(shown.public_path).content.decode()
    assert not any(place.exists(name) for place, name in files)
    assert not storage.exists(original)
    assert "/m/" not in client.get(f"{other.public_path}versions/1/").content.decode()

    withholding_lift(withholding=one, editor=second)
    assert storage.exists(original)


def test_reports_of_imports_and_letters_lose_the_words_when_they_are_destroyed(story, newsroom):
    move = Move.objects.create(source="wordpress:old.example")
    entry = MoveEntry.objects.create(
        move=move, status="public", page_id=story.pk, title=f"{NAME} speaks", sought=NAME.lower(),
        details={"our_text": f"It was {NAME}.", "their_text": "It was nobody."},
    )  # fmt: skip
    letter = Letter.objects.create(about_path=story.public_path, quote=f"{NAME} saw", text=f"I know {NAME}.", token="x")
    one = withhold(wanted=words_of(story), editor=newsroom.editor)

    withholding_destroy(withholding=one)

    entry.refresh_from_db()
    letter.refresh_from_db()
    for said in (entry.title, entry.sought, str(entry.details), letter.quote, letter.text):
        assert "kvitka" not in said.lower()
    assert entry.details["their_text"] == "It was nobody."
    one.refresh_from_db()
    assert (one.words, one.pieces, one.is_held) == ([], [], False)
    assert record_state().troubles == []
    with pytest.raises(NotReady):
        withholding_lift(withholding=one, editor=newsroom.editor)


def test_a_destroyed_picture_leaves_no_byte_anywhere(newsroom, second, tmp_path):
    picture = NewsImage.objects.create(title="Her house", credit="X", file=picture_file(colour="#8a1"))
    with picture.file.open() as file:
        original = file.read()
    shown = newsroom.publish("A story with a picture", lead_image=picture, lead_alt="A bridge")
    queue.drain()
    queue.run()
    kept = [original]
    for rendition in picture.renditions.all():
        with rendition.file.open() as file:
            kept.append(file.read())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("django.db.transaction.on_commit", lambda act, **kwargs: act())
        one = withhold(wanted=Wanted(shown, "picture", "privacy", picture=picture), editor=newsroom.editor)
        withholding_confirm(withholding=one, editor=second)
        withholding_destroy(withholding=one)
        queue.drain()
        queue.run()
    export(newsroom=settings.NEWSROOM, folder=tmp_path / "export", private=True)

    roots = [settings.NEWSROOM.data, settings.NEWSROOM.originals, settings.NEWSROOM.renditions, tmp_path]
    files = {file for root in [*roots, the_store().root] for file in Path(root).rglob("*") if file.is_file()}
    assert len(files) > 20
    for file in files:
        content = file.read_bytes()
        assert not any(data in content for data in kept), file
    image = NewsImage.objects.get(pk=picture.pk)
    assert (image.title, image.credit, image.description) == ("—", "", "")
