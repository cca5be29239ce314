"""Amounts as banks and people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfirst.kit import money


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("150", "UAH", 15000),
        ("1 234,56", "UAH", 123456),
        ("1\u00a0234,5", "UAH", 123450),
        ("1.234,56", "EUR", 123456),
        ("1,234.56", "USD", 123456),
        ("1,234", "USD", 123400),
        ("1.234.567", "EUR", 123456700),
        ("1,234", "KWD", 1234),
        ("-5.00 EUR", "EUR", -500),
        ("−5", "EUR", -500),
        ("500", "JPY", 500),
        ("5.000", "JPY", 5000),
        ("12'500.05", "CHF", 1250005),
        ("4,50 €", "EUR", 450),
    ],
)
def test_an_amount_is_read_as_it_was_meant(text, currency, minor):
    assert money.minor_of(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency"),
    [("", "EUR"), ("five", "EUR"), ("5.5", "JPY"), ("1.2345", "EUR"), ("5", "XXX"), ("--5", "EUR"), ("9" * 20, "EUR")],
)
def test_what_is_no_amount_is_refused_in_a_sentence(text, currency):
    with pytest.raises(money.NotMoney) as refused:
        money.minor_of(text, currency)

    assert str(refused.value).endswith(".")


@given(st.integers(-money.LARGEST_MINOR, money.LARGEST_MINOR), st.sampled_from(["UAH", "JPY", "KWD", "CLF", "EUR"]))
def test_what_is_written_for_machines_is_read_back_exactly(minor, currency):
    # A group of three behind the point is money only where the currency has three digits there.
    assert money.minor_of(money.plain(minor, currency), currency) == minor


def test_people_read_short_amounts():
    assert money.for_people(15000, "UAH") == "150\u00a0₴"
    assert money.for_people(450, "EUR", point=",") == "4,50\u00a0€"
    assert money.for_people(-1234500, "CHF") == "−12\u202f345\u00a0CHF"
