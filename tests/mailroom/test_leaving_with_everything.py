"""The mailroom out of one newsroom and into another: every state of a subscription, a letter and a suppression."""

import datetime as dt
import json

import pytest
from django.utils import timezone

from standfirst.mailroom import export
from standfirst.mailroom.addresses import scrambled
from standfirst.mailroom.models import Letter, Mailing, ScrambleKey, Subscription, Suppression
from standfirst.mailroom.selectors import is_suppressed
from standfirst.mailroom.services import letter_draft, note_send

pytestmark = pytest.mark.django_db
STATES = list(Subscription.State.values)
MOVING = {"queued", "sending", "paused"}


class Folder:
    """An export's folder, in memory: what is written goes through JSON, as it does on a disk."""

    private = True

    def __init__(self):
        self.files, self.counted, self.notes = {}, {}, []

    def json(self, name, value=None):
        if value is None:
            return json.loads(self.files[name]) if name in self.files else None
        self.files[name] = json.dumps(value)
        return None

    def count(self, what, number=1):
        self.counted[what] = self.counted.get(what, 0) + number

    def note(self, sentence, **values):
        self.notes.append(sentence % values if values else sentence)


@pytest.fixture
def everything(db):
    """Somebody in every state, by consent and by import, in two languages."""
    now = timezone.now().replace(microsecond=0)
    daily, weekly = Mailing.objects.get(key="daily"), Mailing.objects.get(key="weekly")
    Mailing.objects.filter(key="daily").update(
        names={"uk": "Ранок"}, is_open=True, is_under_stories=True, audience="patrons", hour=5
    )
    for number, state in enumerate(STATES):
        for mailing, basis in ((daily, "consent"), (weekly, "import: Ghost, 2026-11-01")):
            Subscription.objects.create(
                email=f"r{number}@example.org", mailing=mailing, language=("en", "uk")[number % 2], state=state,
                asked_at=now - dt.timedelta(days=3), page="/uk/newsletters/", wording="Надсилайте мені ці листи.",
                basis=basis, confirmed_at=None if state == "pending" else now - dt.timedelta(days=2),
                left_at=now if state == "left" else None,
            )  # fmt: skip
    for reason in Suppression.Reason.values:
        Suppression.objects.create(email=f"{reason}@example.org", reason=reason, said="550 5.1.1", since=now)
    Suppression.objects.create(email=scrambled("gone@example.org"), reason="complained", since=now)
    first = None
    for state in Letter.State.values:
        letter = letter_draft(
            mailing=daily, subject=f"Лист {state}", language="uk", text="Слова", html="<p>Слова</p>",
            carries=["story:1"], slot=f"daily:uk:{state}", corrects=first,
        )  # fmt: skip
        Letter.objects.filter(pk=letter.pk).update(
            state=state, counts={"sent": 3, "bounced": 1} if state == "sent" else {}, started_at=now, finished_at=now
        )
        first = first or letter


def test_everything_comes_back_as_it_was_and_nothing_is_sent_anew(everything):
    out = Folder()
    export.write(out)
    Letter.objects.filter(corrects__isnull=False).delete()
    for model in (Letter, Subscription, Suppression, Mailing):
        model.objects.all().delete()

    export.read(out)
    again = Folder()
    export.write(again)

    letters, before = again.json(export.LETTERS), out.json(export.LETTERS)
    for letter in before:
        letter["state"] = "stopped" if letter["state"] in MOVING else letter["state"]
    assert letters == before
    assert len(out.notes) == len(MOVING)
    for name in (export.MAILINGS, export.SUBSCRIPTIONS, export.SUPPRESSED):
        assert again.json(name) == out.json(name), name
    assert Subscription.objects.count() == 2 * len(STATES)
    assert not Letter.objects.filter(state__in=MOVING).exists()


def test_coming_in_twice_is_once(everything):
    out = Folder()
    export.write(out)

    export.read(out)
    export.read(out)

    again = Folder()
    export.write(again)
    for name in (export.MAILINGS, export.SUBSCRIPTIONS, export.SUPPRESSED):
        assert again.json(name) == out.json(name), name


def test_an_erased_reader_is_not_written_to_after_a_move_to_another_secret_key(everything, settings):
    out = Folder()
    export.write(out)
    Letter.objects.filter(corrects__isnull=False).delete()
    for model in (Letter, Subscription, Suppression):
        model.objects.all().delete()
    settings.SECRET_KEY = "another newsroom's secret, of fifty signs or more, and random"
    assert not is_suppressed("gone@example.org")

    export.read(out)
    export.read(out)

    assert ScrambleKey.objects.count() == 1
    assert is_suppressed("gone@example.org")
    assert not is_suppressed("somebody.else@example.org")
    # Once more on, and from there as well.
    onward = Folder()
    export.write(onward)
    assert len(onward.json(export.KEYS)) == 2
    note = note_send(to="gone@example.org", subject="S", text="T", language="en", kind="receipt", reference="r-9")
    assert note.state == "suppressed"


def test_nobody_gets_letters_by_an_export_that_says_so_without_a_confirmation(everything):
    out = Folder()
    export.write(out)
    forged = [
        {**one, "email": f"x{one['email']}", "key": "", "state": "active", "confirmed_at": None}
        for one in out.json(export.SUBSCRIPTIONS)
    ]
    out.json(export.SUBSCRIPTIONS, forged)
    before = Subscription.objects.count()

    export.read(out)

    assert Subscription.objects.count() == before
    assert all("nobody has confirmed" in note for note in out.notes if "subscriptions" in note)


def test_a_public_export_names_no_reader(everything):
    out = Folder()
    out.private = False

    export.write(out)

    assert list(out.files) == [export.MAILINGS]
