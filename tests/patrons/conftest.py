import pytest

from tests.patrons import companies


@pytest.fixture
def company(settings):
    """A payment company on loopback that stands for Stripe and for LiqPay."""
    with companies.open_company() as company:
        settings.NEWSROOM = companies.payments(company.address)
        yield company
