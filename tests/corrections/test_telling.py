"""A reader who left an address hears what became of it: once, in her language, without anything that follows her."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from standfirst.corrections import tasks
from standfirst.corrections.models import Case, Suggestion
from standfirst.corrections.services import cases
from standfirst.mailroom.addresses import scrambled
from standfirst.mailroom.models import Suppression
from standfirst.mailroom.returns import BOUNCED, Return
from standfirst.mailroom.services import address_suppress
from standfirst.mailroom.services.returning import return_take
from tests.corrections.reports import reported, suggested

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed_post(monkeypatch):
    """The mail server takes nothing until the test says so."""

    class Post:
        is_open = False
        tried = 0

    def send(self, fail_silently=False):
        Post.tried += 1
        if not Post.is_open:
            raise ConnectionRefusedError("nobody listens")
        mail.outbox.append(self)
        return 1

    monkeypatch.setattr("django.core.mail.EmailMessage.send", send)
    return Post


def test_the_letter_is_plain_and_holds_her_words_the_answer_and_her_own_page(case, editor):
    cases.case_decline(case=case, answer="Our source says two.", editor=editor)

    letter = next(one for one in mail.outbox if one.to == ["petro@readers.example"])
    suggestion = Suggestion.objects.get(reply_to="petro@readers.example")
    assert letter.content_subtype == "plain"
    assert not getattr(letter, "alternatives", None)
    assert suggestion.number in letter.subject
    assert "two of nine bearings" in letter.body
    assert "Our source says two." in letter.body
    assert letter.body.count("http") == 1
    assert f"http://testserver/suggestions/{suggestion.token}/" in letter.body
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
    assert editor.email not in str(letter.message())
    assert editor.get_full_name() not in letter.body


def test_it_is_written_in_the_language_she_wrote_in(newsroom, editor):
    story = newsroom.publish("Міст закрито", language="uk")
    case = reported(story, "The bridge", {"reply_to": "petro@readers.example"})

    cases.case_decline(case=case, answer="Дякуємо.", editor=editor)

    (letter,) = mail.outbox
    assert "Ви писали" in letter.body or "Вітаємо" in letter.body
    assert "Hello" not in letter.body


def test_running_the_task_again_sends_nothing(case, editor):
    cases.case_decline(case=case, answer="Thank you.", editor=editor)
    told = Suggestion.objects.get(reply_to="petro@readers.example")
    mail.outbox.clear()

    tasks.reporter_tell.enqueue(told.pk)

    assert mail.outbox == []


def test_spam_within_a_case_is_told_nothing(case, editor):
    suggested(case, reply_to="machine@elsewhere.example", is_spam=True)

    cases.case_decline(case=case, answer="Thank you.", editor=editor)

    assert "machine@elsewhere.example" not in [letter.to[0] for letter in mail.outbox]


@pytest.mark.parametrize(
    "listed", ["petro@readers.example", scrambled("petro@readers.example")], ids=["by name", "as a mark"]
)
def test_an_address_that_is_not_written_to_any_more_is_not_written_to_from_here(case, editor, listed):
    Suppression.objects.create(email=listed, reason=Suppression.Reason.COMPLAINED)
    Suggestion.objects.filter(reply_to="petro@readers.example").update(reply_to="Petro@Readers.example")

    cases.case_decline(case=case, answer="Thank you.", editor=editor)

    assert "petro@readers.example" not in [letter.to[0].lower() for letter in mail.outbox]
    assert len(mail.outbox) == 1  # the other reader hears of it as ever
    assert not Suggestion.objects.filter(reply_to__iexact="petro@readers.example").exists()
    Case.objects.filter(pk=case.pk).update(decided_at=timezone.now() - dt.timedelta(hours=1))
    assert tasks.untold().count() == 0


def test_a_letter_that_could_not_be_sent_is_seen_and_tried_again(case, editor, closed_post):
    cases.case_decline(case=case, answer="Thank you.", editor=editor)
    assert Suggestion.objects.exclude(told_at=None).count() == 0
    assert tasks.untold().count() == 0  # not yet a matter for anybody
    Case.objects.filter(pk=case.pk).update(decided_at=timezone.now() - dt.timedelta(hours=1))
    assert tasks.untold().count() == 2

    closed_post.is_open = True
    assert cases.tell_again(editor=editor) == 2

    assert len(mail.outbox) == 2
    assert tasks.untold().count() == 0


def test_the_task_waits_in_the_database_and_is_put_off_after_a_failure(case, editor, closed_post, settings):
    from django_tasks_db.models import DBTaskResult

    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "ENQUEUE_ON_COMMIT": False}}

    cases.case_decline(case=case, answer="Thank you.", editor=editor)

    waiting = DBTaskResult.objects.filter(task_path="standfirst.corrections.tasks.reporter_tell")
    assert waiting.count() == 2
    # So long a slip of the finger can be taken back before anybody hears of it.
    assert all(job.run_after > timezone.now() + dt.timedelta(minutes=1) for job in waiting)

    tasks.reporter_tell.func(Suggestion.objects.get(reply_to="petro@readers.example").pk)

    assert closed_post.tried == 1
    later = waiting.order_by("-enqueued_at")[0]
    assert later.args_kwargs["args"][1] == 1


def test_a_decision_taken_back_in_time_is_told_to_nobody(case, editor, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "ENQUEUE_ON_COMMIT": False}}
    cases.case_decline(case=case, answer="Thank you.", editor=editor)
    cases.case_reopen(case=case, editor=editor)

    for suggestion in Suggestion.objects.filter(case=case):
        tasks.reporter_tell.func(suggestion.pk)

    assert mail.outbox == []
    assert Suggestion.objects.exclude(told_at=None).count() == 0


def test_what_comes_back_of_a_letter_ends_writing_to_that_address(case, editor):
    cases.case_decline(case=case, answer="Thank you.", editor=editor)
    letter = next(one for one in mail.outbox if one.to == ["petro@readers.example"])
    came = {"what": BOUNCED, "message_id": letter.extra_headers["Message-ID"], "is_address": True}

    assert not return_take(returned=Return(**came, to="somebody@else.example"))
    assert return_take(returned=Return(**came, to="petro@readers.example"))

    assert [row.email for row in Suppression.objects.all()] == ["petro@readers.example"]


def test_an_address_refused_for_good_is_not_tried_again(case, editor, monkeypatch):
    def send(self, fail_silently=False):
        address_suppress(email=self.to[0], reason=Suppression.Reason.BOUNCED, said="550 5.1.1")
        raise ConnectionRefusedError("550 5.1.1 no such user")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", send)

    cases.case_decline(case=case, answer="Thank you.", editor=editor)

    assert not Suggestion.objects.exclude(reply_to="").filter(case=case).exists()
