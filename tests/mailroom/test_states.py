"""A delivery moves only as the table in ROOM.md says, whatever comes in whatever order, doubled and late."""

import contextlib
import time

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standfirst.mailroom.errors import MailroomRefused
from standfirst.mailroom.journal import Outcome
from standfirst.mailroom.models import Delivery, Letter, Mailing, Subscription, Suppression
from standfirst.mailroom.posting import message_id_of
from standfirst.mailroom.returns import Return
from standfirst.mailroom.services import (
    letter_pause,
    letter_queue,
    letter_resume,
    letter_stop,
    letter_unsure_again,
    return_take,
    unsubscribe,
)
from standfirst.mailroom.services.outcomes import deliveries_recover, letters_finish, outcomes_write

TABLE = {
    "queued": {"sending", "suppressed", "given-up"},
    "deferred": {"sending", "suppressed", "given-up", "bounced", "complained"},
    "sending": {"sent", "unsure", "deferred", "given-up", "bounced", "queued", "complained"},
    "sent": {"bounced", "complained"},
    "unsure": {"queued", "bounced", "complained"},
    "bounced": set(),
    "complained": set(),
    "suppressed": set(),
    "given-up": set(),
}
ACTS = st.sampled_from(
    [
        *("claim", "sent", "unsure", "deferred", "refused", "gone", "back", "killed"),
        *("bounce", "complaint", "leave", "pause", "resume", "stop", "again", "finish"),
    ]
)


def act(name, letter, delivery):
    row = Delivery.objects.get(pk=delivery.pk)
    answers = {"refused": "refused", "gone": "refused"}
    if name == "claim":
        open_states = ["queued", "deferred"]
        Delivery.objects.filter(pk=row.pk, state__in=open_states, letter__state="sending").update(state="sending")
    elif name in ("sent", "unsure", "deferred", "back", *answers):
        outcomes_write([Outcome(row.pk, answers.get(name, name), time.time(), "s", "said", is_address=name == "gone")])
    elif name == "killed":
        deliveries_recover({})
    elif name in ("bounce", "complaint"):
        if row.state in ("sent", "unsure"):
            what = "bounced" if name == "bounce" else "complained"
            return_take(returned=Return(what, to=row.to, message_id=message_id_of(row.pk), said="x", is_address=True))
    elif name == "leave":
        unsubscribe(subscription=row.subscription)
    elif name == "again":
        letter_unsure_again(letter=letter)
    elif name == "finish":
        letters_finish()
    else:
        {"pause": letter_pause, "resume": letter_resume, "stop": letter_stop}[name](letter=letter)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, max_size=12))
def test_a_delivery_moves_only_as_the_table_says(acts):
    for model in (Suppression, Delivery, Letter, Subscription):
        model.objects.all().delete()
    mailing = Mailing.objects.get(key="daily")
    Subscription.objects.create(
        email="r@example.org", mailing=mailing, language="en", state="active", confirmed_at=timezone.now()
    )
    letter = letter_queue(mailing=mailing, subject="S", preheader="", text="T", html="", language="en")
    delivery = letter.deliveries.get()
    was, handed_over = "queued", 0

    for name in acts:
        with contextlib.suppress(MailroomRefused):
            act(name, letter, delivery)
        now = Delivery.objects.get(pk=delivery.pk).state
        assert now == was or now in TABLE[was], (name, was, now)
        handed_over += now in ("sent", "unsure") and was == "sending"
        # Twice only when an editor asked for it.
        assert handed_over <= 1 + acts.count("again")
        was = now

    state = Letter.objects.get(pk=letter.pk).state
    assert state != "sent" or was not in ("queued", "sending", "deferred")
