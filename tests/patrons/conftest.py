import pytest
from django.core import mail
from django.db.models.signals import post_save

from standfirst.mailroom.models import Delivery
from tests.patrons import companies


@pytest.fixture
def company(settings):
    """A payment company on loopback that stands for Stripe and for LiqPay."""
    with companies.open_company() as company:
        settings.NEWSROOM = companies.payments(company.address)
        yield company


@pytest.fixture(autouse=True)
def posted():
    """What this room hands over to the mailroom lies in `mail.outbox`; that it is sent then, tests/mailroom proves."""

    def take(sender, instance, created, **kwargs):
        if created and instance.note and instance.state == Delivery.State.QUEUED:
            note = instance.note
            mail.outbox.append(mail.EmailMessage(note.subject, note.text, to=[instance.to], headers=note.headers))

    post_save.connect(take, sender=Delivery)
    yield
    post_save.disconnect(take, sender=Delivery)
