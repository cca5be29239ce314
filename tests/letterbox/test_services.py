"""Letters after they have arrived."""

import datetime as dt

from django.utils import timezone

from standfirst.letterbox.models import Letter
from standfirst.letterbox.selectors import letters_waiting
from standfirst.letterbox.services import letter_decide, letter_receive, letters_forget_due
from standfirst.ops.housekeeping import housekeeping


def letter(number, **fields):
    return letter_receive(token=f"t{number}", kind="contact", text=f"Letter {number}", language="en", **fields)


def test_a_letter_is_forgotten_ninety_days_after_it_was_closed(db):
    now = timezone.now()
    new, done, spam, recent = letter(1), letter(2), letter(3, is_spam=True), letter(4)
    letter_decide(letter=done, state="done", note="Corrected.")
    letter_decide(letter=recent, state="done")
    long_ago = now - dt.timedelta(days=91)
    Letter.objects.filter(pk__in=[done.pk, spam.pk]).update(closed_at=long_ago)
    Letter.objects.filter(pk=new.pk).update(received_at=long_ago)

    assert letters_forget_due(now=now) == 2
    assert letters_forget_due(now=now) == 0

    assert set(Letter.objects.all()) == {new, recent}


def test_opening_a_letter_again_stops_its_time(db):
    one = letter_decide(letter=letter(1), state="done")

    letter_decide(letter=one, state="new")

    assert one.closed_at is None
    assert letters_forget_due(now=timezone.now() + dt.timedelta(days=400)) == 0


def test_deciding_twice_keeps_the_first_closing(db):
    one = letter_decide(letter=letter(1), state="done")
    closed = one.closed_at

    letter_decide(letter=one, state="spam")

    assert one.closed_at == closed


def test_spam_does_not_wait_for_the_desk(db):
    letter(1)
    letter(2, is_spam=True)

    assert letters_waiting() == 1


def test_the_daily_housekeeping_forgets_letters(db, tmp_path):
    one = letter_decide(letter=letter(1), state="done")
    Letter.objects.filter(pk=one.pk).update(closed_at=timezone.now() - dt.timedelta(days=91))

    (tmp_path / "data").mkdir()

    chores = housekeeping(tmp_path).failed

    assert not [chore for chore in chores if "letters" in chore]
    assert Letter.objects.count() == 0
