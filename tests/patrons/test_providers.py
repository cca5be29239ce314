"""The interface of payment companies: what a provider says that it can, it can, and nothing else."""

import pytest

from standfirst.patrons import providers
from standfirst.patrons.errors import NotPossible
from standfirst.patrons.models import Event, Pledge
from standfirst.patrons.providers.base import PROMISES, Provider
from tests.letterbox.conftest import Browser, clock
from tests.patrons.test_pages import joined, open_page

__all__ = ["clock", "open_page"]

CALLS = {
    "parse_webhook": lambda one: one.parse_webhook(b"{}", {}),
    "read": lambda one: one.read("{}"),
    "fetch_state": lambda one: one.fetch_state(None),
    "cancel": lambda one: one.cancel(None),
    "resume": lambda one: one.resume(None),
    "change": lambda one: one.change(None, 100),
    "refund": lambda one: one.refund(None, 100),
    "portal_url": lambda one: one.portal_url(None, back="/"),
}


@pytest.mark.parametrize("one", providers._all().values(), ids=lambda one: one.name)
def test_a_provider_refuses_in_a_sentence_what_it_does_not_declare(one):
    assert str(one.label)
    for capability in PROMISES.keys() - one.capabilities:
        for method in PROMISES[capability]:
            with pytest.raises(NotPossible, match=r"^This way to pay .+\.$"):
                CALLS[method](one)


def test_a_provider_that_promises_what_it_does_not_do_is_refused_when_it_is_made():
    with pytest.raises(TypeError, match="has no cancel"):
        type("Boaster", (Provider,), {"capabilities": frozenset({"month", "cancel"})})


def test_a_provider_that_hides_what_it_does_is_refused_when_it_is_made():
    with pytest.raises(TypeError, match="does not declare “refund”"):
        type("Quiet", (Provider,), {"refund": lambda self, payment, amount_minor: None})


def test_a_capability_that_nobody_knows_is_refused_when_it_is_made():
    with pytest.raises(TypeError, match="are no capabilities"):
        type("Odd", (Provider,), {"capabilities": frozenset({"teleport"})})


def test_a_provider_without_a_checkout_cannot_be_made():
    half = type("Half", (Provider,), {"capabilities": frozenset({"month"})})

    with pytest.raises(TypeError, match="start_checkout"):
        half()


@pytest.mark.parametrize("length", ["many", "-1", "99999999"])
def test_a_message_that_says_nonsense_of_its_size_is_refused_unread(client, newsroom, company, length):
    answer = client.post("/hooks/payments/stripe/", b"{}", content_type="application/json", CONTENT_LENGTH=length)

    assert (answer.status_code, answer.content) == (413, b"The message is larger than any we know.\n")
    assert Event.objects.count() == 0


def test_a_machine_that_fills_in_the_hidden_field_begins_nothing(client, clock, open_page):
    answer = joined(Browser(client, clock), homepage="https://spam.example")

    assert answer.status_code == 422
    assert "We could not be sure that a person sent this." in answer.content.decode()
    assert Pledge.objects.count() == 0
