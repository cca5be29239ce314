"""The demo newsroom, built through the services into an empty database."""

import datetime as dt
import os
import re
import stat
import zoneinfo
from collections import Counter
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.utils import timezone

from standfirst.config.newsroom import load
from standfirst.corrections.models import Case, Correction
from standfirst.fronts.models import HomePage, Masthead
from standfirst.letterbox.models import Letter
from standfirst.mailroom.models import Subscription
from standfirst.ops.demo import reading
from standfirst.ops.demo.builder import demo_build
from standfirst.patrons.ledger import State
from standfirst.patrons.models import Notice, Pledge, Receipt, Support
from standfirst.patrons.selectors import standing_of
from standfirst.people.errors import AlreadyThere
from standfirst.people.models import Byline, User
from standfirst.readers.models import Reader
from standfirst.stories.models import NewsImage, PublicVersion, Section, StoryPage
from tests import cast

# The real now: a story for tomorrow must not be out today.
NOW = dt.datetime.now(zoneinfo.ZoneInfo("Europe/Kyiv"))

#: Out in two public versions, in both languages.
CHANGED = {change["story"] for change in reading.changes()}
#: Put right since it came out.
CORRECTED = {one["story"] for one in reading.corrections()["reports"] if one.get("decision") == "accept"} | {
    one["story"] for one in reading.corrections()["changes"]
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(db, settings):
    # As in a real demo, slow work (AVIF, related stories, the index) waits for the background process.
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    return demo_build(newsroom=load(Path(os.environ["STANDFIRST_NEWSROOM"])), now=NOW)


def test_the_demo_paper_is_built_whole(report):
    # One build, many questions: it is the dearest fixture of the room.
    written = reading.stories(now=NOW)
    assert report.stories == {"en": 32, "uk": 22}
    assert StoryPage.objects.live().count() == len(written) == 54
    assert PublicVersion.objects.count() == 54 + 2 + 3
    assert NewsImage.objects.count() == report.pictures == 27
    assert Byline.objects.count() == report.bylines == 10
    assert [section.title_in("uk") for section in Section.objects.all()] == [
        "Світ",
        "Місто",
        "Суди",
        "Економіка",
        "Культура",
    ]

    _stories_keep_their_dates_and_pairs(written)
    _a_story_changed_after_it_came_out(written)
    _the_story_with_everything(report)
    _fronts_are_arranged(report)
    _masthead_speaks_both_languages()
    _the_desk_has_something_to_do()
    _readers_were_right_and_wrong()
    _patrons_stand_in_every_state()
    _nobody_else_can_read_the_sign_ins(report)

    with pytest.raises(AlreadyThere):
        demo_build(newsroom=load(Path(os.environ["STANDFIRST_NEWSROOM"])), now=NOW)
    assert StoryPage.objects.live().count() == 54


def _stories_keep_their_dates_and_pairs(written):
    for one in written:
        story = StoryPage.objects.get(slug=one.slug, locale__language_code=one.language)
        assert story.first_published_at == one.when
        if one.id not in CHANGED | CORRECTED:
            assert story.changed_at == one.when
        day = timezone.localtime(one.when).strftime("%Y/%m/%d")
        prefix = "" if one.language == "en" else f"/{one.language}"
        assert story.public_path == f"{prefix}/{day}/{one.slug}/"
    lead = StoryPage.objects.get(slug__startswith="un-chief")
    twin = lead.get_translations().get()
    assert twin.locale.language_code == "uk"
    assert twin.lead_credit.startswith("пресслужба Кремля")
    assert [one.name for one in lead.based_on.all()] == ["EFE"]
    assert {tag.name for tag in twin.tags.all()} == {"Війна Росії", "Дипломатія", "ООН"}


def _a_story_changed_after_it_came_out(written):
    for one in (one for one in written if one.id in CHANGED):
        story = StoryPage.objects.get(slug=one.slug, locale__language_code=one.language)
        first, second = story.public_versions.order_by("number")
        assert (first.published_at, second.published_at) == (one.when, story.changed_at)
        assert story.changed_at - one.when > dt.timedelta(hours=5)
        assert not story.has_unpublished_changes
        before, after = (bytes(version.text.canonical).decode() for version in (first, second))
        change = next(change for change in reading.changes() if change["story"] == one.id)[one.language]
        assert (change["was"] in before, change["is"] in before) == (True, False)
        assert (change["was"] in after, change["is"] in after) == (False, True)
        assert keys(before) == keys(after)[: len(keys(before))], "a paragraph lost its address"


def keys(canonical):
    return re.findall(r'data-block-key=\\?"([^"\\]+)', canonical)


def _the_story_with_everything(report):
    story = StoryPage.objects.get(public_path=report.everything)
    kinds = {block.block_type for block in story.body}
    assert kinds == {
        "text",
        "picture",
        "gallery",
        "table",
        "fact_box",
        "embed",
        "file",
        "update_note",
        "unknowns",
    }
    table = next(block.value for block in story.body if block.block_type == "table")
    assert next(column["heading"] for column in table["table"].columns) == "Means"
    assert next(iter(table["table"].rows))[1].value == "9,300"
    linked = StoryPage.objects.get(slug="judge-fines-city-for-blacked-out-contract")
    texts = "".join(block.value.source for block in story.body if block.block_type == "text")
    assert f'<a linktype="page" id="{linked.pk}">' in texts
    assert story.related_by_hand.count() == 3


def _fronts_are_arranged(report):
    home = HomePage.objects.get(locale__language_code="en")
    assert home.live
    assert home.lead.specific.public_path == report.lead
    assert home.seconds.count() == 3
    assert [band.section.slug for band in home.bands.all()] == ["city", "courts", "economy", "culture", "world"]
    other = HomePage.objects.get(locale__language_code="uk")
    assert other.lead.locale.language_code == "uk"
    assert other.lead.specific.kind.label_in("uk") == "Новини"
    assert {second.story.locale.language_code for second in other.seconds.all()} == {"uk"}


def _masthead_speaks_both_languages():
    masthead = Masthead.objects.get()
    assert masthead.name_in("en") == "The Lantern"
    assert masthead.name_in("uk") == "Ліхтар"
    assert "cup of coffee" in masthead.words("appeal_amount", "en")
    assert "чашки кави" in masthead.words("appeal_amount", "uk")
    assert masthead.support_url


def _the_desk_has_something_to_do():
    draft = StoryPage.objects.get(slug="twenty-shops-on-the-left-bank")
    assert not draft.live
    assert draft.public_path is None
    tomorrow = StoryPage.objects.get(slug="town-hall-clock-goes-right-again")
    assert not tomorrow.live
    assert tomorrow.scheduled_revision is not None
    letters = {(letter.kind, letter.sender_name) for letter in Letter.objects.filter(state=Letter.State.NEW)}
    assert letters == {("contact", cast.PATRON.name)}
    assert [letter.sender_name for letter in Letter.objects.filter(state=Letter.State.SPAM)] == [cast.STRANGER.name]
    for letter in Letter.objects.exclude(about_path=""):
        assert StoryPage.objects.filter(public_path=letter.about_path).exists()


def _readers_were_right_and_wrong():
    found = {(case.story.slug, case.state): case for case in Case.objects.select_related("story", "correction__text")}
    states = Counter(state for _slug, state in found)
    assert states == {Case.State.NEW: 3, Case.State.CHECKING: 1, Case.State.ACCEPTED: 1, Case.State.DECLINED: 1}
    assert all(case.is_placed for case in found.values() if case.is_open)
    assert sorted(case.reports for case in found.values() if case.is_open) == [1, 1, 1, 3]
    (right,) = [case for case in found.values() if case.state == Case.State.ACCEPTED]
    assert right.correction.origin == "reader"
    assert right.correction.text.credit == cast.PATRON.name
    assert right.correction.after.number == 2
    assert [entry.label for entry in Correction.objects.order_by("number")] == [
        "correction",
        "clarification",
        "clarification",
    ]


def _patrons_stand_in_every_state():
    states = Counter(Pledge.objects.values_list("state", flat=True))
    assert set(states) == set(State)
    assert set(Pledge.objects.values_list("kind", flat=True)) == set(Pledge.Kind.values)
    assert set(Pledge.objects.values_list("provider", flat=True)) == {"sandbox", "bank", "desk"}
    assert standing_of(cast.PATRON.email).gives == {"vote", "letters"}
    assert Support.objects.get().is_open
    receipts = list(Receipt.objects.order_by("number").select_related("payment"))
    assert [one.number for one in receipts] == list(range(1, len(receipts) + 1))
    assert receipts == sorted(receipts, key=lambda one: one.payment.at)
    assert Reader.objects.exclude(confirmed_at=None).count() == 3
    assert not Notice.objects.filter(sent_at=None).exists()
    assert set(Subscription.objects.values_list("language", flat=True)) == {"en", "uk"}


def _nobody_else_can_read_the_sign_ins(report):
    assert stat.S_IMODE(report.sign_ins.stat().st_mode) == 0o600
    lines = report.sign_ins.read_text().splitlines()[2:]
    assert len(lines) == 3
    for line in lines:
        role, email, secret = line.split()
        user = User.objects.get(email=email)
        assert user.check_password(secret)
        assert authenticate(username=email, password=secret) == user or user.is_active
        assert user.is_superuser == (role == "administrator")
