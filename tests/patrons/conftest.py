import pytest
from django.core import mail
from django.db.models.signals import post_save
from django.utils import timezone
from wagtail.models import Site

from standfirst.mailroom.models import Delivery
from standfirst.patrons import services
from standfirst.patrons.models import Support, Tier
from tests.patrons import companies
from tests.patrons.listing import NOW


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


@pytest.fixture
def now(monkeypatch):
    """It is the day on which the lists were exported."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def tier(newsroom, now):
    """A tier that lists do not name, on the day of the lists."""
    Support.objects.create(site=Site.objects.get(is_default_site=True), is_open=True, currency="EUR")
    # Noise: somebody who pays here, and must not be touched by anybody's list.
    services.pledge_start(email="noise@readers.example", amount_minor=500, currency="EUR", period="month",
                          provider="bank")  # fmt: skip
    return Tier.objects.create(name="A cup of coffee", slug="coffee", gives_no_sponsors=True)
