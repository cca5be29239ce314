"""Money at the desk: who sees it, statements of the bank, and what is done by hand."""

import datetime as dt

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from standfirst.patrons import services
from standfirst.patrons.errors import NotRead
from standfirst.patrons.models import Alarm, Payment, Pledge, StatementLine, Tier
from standfirst.patrons.statements import bookings_of, references_in
from tests.cast import PATRON, READER
from tests.desk import colleague, signed_in

REFERENCE = "SF23456789ABCD"


def pledged(email=PATRON.email, reference=REFERENCE, **more):
    values = {"email": email, "amount_minor": 15000, "currency": "UAH", "period": "month", "provider": "bank"} | more
    pledge = services.pledge_start(**values)
    Pledge.objects.filter(pk=pledge.pk).update(reference=reference)
    pledge.refresh_from_db()
    return pledge


@pytest.fixture(autouse=True)
def november(monkeypatch):
    """The statements here are of November 2026."""
    now = timezone.now
    shift = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC) - now()
    monkeypatch.setattr(timezone, "now", lambda: now() + shift)


@pytest.fixture
def noise(newsroom):
    return pledged(READER.email, "SFZZZZZZZZZZZZ")


@pytest.fixture
def treasurer(newsroom):
    return colleague("administrator", name="Lesia Harmash", email="lesia@lantern.example")


@pytest.fixture
def desk(treasurer):
    return signed_in(treasurer)


# Reading ------------------------------------------------------------------------------------------

UKRAINIAN = (
    "Виписка за рахунком;;;;\r\n"
    "Дата операції;Сума;Валюта;Контрагент;Призначення платежу\r\n"
    "05.11.2026;1 150,00;UAH;Стельмах Віра;Підтримка sf2345 6789-abcd\r\n"
    "06.11.2026;-200,00;UAH;Банк;Комісія\r\n"
    "06.11.2026;50,00;UAH;Хтось;на ліхтар\r\n"
    "06.11.2026;50,00;UAH;Хтось;на ліхтар\r\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_a_statement_is_read_in_the_encodings_of_banks(encoding):
    found = bookings_of(UKRAINIAN.encode(encoding), currency="UAH")

    assert [one.amount_minor for one in found] == [115000, 5000, 5000]
    assert found[0].payer == "Стельмах Віра"
    assert len({one.digest for one in found}) == 3
    assert references_in([found[0].purpose]) == {REFERENCE}


def test_a_statement_with_commas_and_english_headings_is_read_too():
    text = f'Date,Description,Amount,Currency\n2026-11-05,"Thanks, {REFERENCE}","1,150.00",EUR\n'

    [found] = bookings_of(text.encode(), currency="UAH")

    assert (found.amount_minor, found.currency, found.at.date()) == (115000, "EUR", dt.date(2026, 11, 5))


@pytest.mark.parametrize("data", [b"", b"hello", b"\x00\xff\x00", b"a;b\n1;2\n"])
def test_what_is_no_statement_is_refused_in_a_sentence(data):
    with pytest.raises(NotRead, match=r"No columns"):
        bookings_of(data, currency="UAH")


# Booking ------------------------------------------------------------------------------------------


def sent(desk, text, name="november.csv"):
    return desk.post("/desk/patrons/statement/", {"file": SimpleUploadedFile(name, text.encode("cp1251"))}, follow=True)


def test_a_statement_books_what_carries_a_reference_and_the_same_twice_does_nothing(desk, noise):
    pledge = pledged()

    page = sent(desk, UKRAINIAN).content.decode()
    assert "Booked: 1. To be decided: 2. Known from before: 0." in page
    again = sent(desk, UKRAINIAN, "again.csv").content.decode()
    assert "Booked: 0. To be decided: 0. Known from before: 3." in again

    pledge.refresh_from_db()
    noise.refresh_from_db()
    assert (pledge.state, pledge.received_minor, noise.state) == ("active", 115000, "pending")
    assert Payment.objects.count() == 1


def test_a_line_with_two_references_waits_for_a_person(desk, noise, treasurer):
    pledge = pledged()
    text = f"Дата;Сума;Валюта;Призначення\n05.11.2026;150,00;UAH;{REFERENCE} {noise.reference}\n"
    sent(desk, text)
    line = StatementLine.objects.get()
    assert line.state == "undecided"

    desk.post(f"/desk/patrons/statement/{line.pk}/", {"act": "book", "reference": "SFnobody"})
    line.refresh_from_db()
    assert line.state == "undecided"
    desk.post(f"/desk/patrons/statement/{line.pk}/", {"act": "book", "reference": REFERENCE.lower()})
    desk.post(f"/desk/patrons/statement/{line.pk}/", {"act": "ignore"})

    line.refresh_from_db()
    pledge.refresh_from_db()
    assert (line.state, pledge.state) == ("matched", "active")


def test_cash_and_refunds_are_booked_by_hand(desk, noise):
    pledge = pledged()

    desk.post(f"/desk/patrons/{pledge.pk}/cash/", {"amount": "150"})
    payment = Payment.objects.get()
    assert desk.post(f"/desk/patrons/{pledge.pk}/refund/", {"payment": payment.pk, "amount": "200"}).status_code == 409
    assert desk.post(f"/desk/patrons/{pledge.pk}/cash/", {"amount": "much"}).status_code == 422
    desk.post(f"/desk/patrons/{pledge.pk}/refund/", {"payment": payment.pk, "amount": "50,00"})

    pledge.refresh_from_db()
    assert (pledge.state, pledge.received_minor) == ("active", 10000)
    page = desk.get(f"/desk/patrons/{pledge.pk}/").content.decode()
    assert "this decides the state" in page
    assert "lesia@lantern.example" in page


def test_the_list_shows_states_sums_and_alarms(desk, noise):
    pledge = pledged(name="Vira Stelmakh")
    services.cash_note(pledge=pledge, amount_minor=15000, by=colleague("administrator", email="x@lantern.example"))
    Alarm.objects.create(key="double:1", kind="double", pledge=pledge)

    page = desk.get("/desk/patrons/?q=vira").content.decode()

    assert PATRON.email in page
    assert READER.email not in page
    assert f"{timezone.localdate():%B %Y}: 150\u00a0₴" in page
    assert "Two pledges of one patron" in page
    desk.post(f"/desk/patrons/alarms/{Alarm.objects.get().pk}/")
    assert Alarm.objects.get().closed_by.email == "lesia@lantern.example"


def test_a_complimentary_pledge_makes_a_patron_until_its_day(desk, noise):
    tier = Tier.objects.create(name="A cup of coffee", slug="coffee")
    day = timezone.localdate() + dt.timedelta(days=30)

    desk.post("/desk/patrons/new/", {"email": "Friend@Readers.example", "until": "yesterday", "tier": tier.pk})
    assert Pledge.objects.count() == 1
    desk.post("/desk/patrons/new/", {"email": "Friend@Readers.example", "until": day.isoformat(), "tier": tier.pk})

    pledge = Pledge.objects.get(kind="complimentary")
    assert (pledge.email, pledge.state, pledge.received_minor) == ("friend@readers.example", "active", 0)
    page = f"/desk/patrons/{pledge.pk}/"
    assert "Take back now" in desk.get(page).content.decode()
    desk.post(f"{page}take-back/")
    pledge.refresh_from_db()
    assert pledge.state == "ended"
    assert mail.outbox == []
    assert "Take back now" not in desk.get(page).content.decode()
    twice = desk.post(f"{page}take-back/")
    assert (twice.status_code, "Nothing is given here" in twice.content.decode()) == (409, True)


def test_what_was_paid_cannot_be_taken_back(desk, noise):
    services.cash_note(
        pledge=noise, amount_minor=noise.amount_minor, by=colleague("editor", email="cash@lantern.example")
    )
    entries = noise.entries.count()

    answer = desk.post(f"/desk/patrons/{noise.pk}/take-back/")

    noise.refresh_from_db()
    assert (answer.status_code, noise.state, noise.entries.count()) == (409, "active", entries)


@pytest.mark.parametrize("role", ["reporter", "editor"])
def test_editors_and_reporters_see_no_money(newsroom, noise, role):
    client = signed_in(colleague(role, email=f"{role}2@lantern.example"))

    for address in ("", f"{noise.pk}/", "statement/"):
        assert client.get(f"/desk/patrons/{address}").status_code in (302, 403), address
    client.post(f"/desk/patrons/{noise.pk}/cash/", {"amount": "150"})
    assert Payment.objects.count() == 0
    assert "/desk/patrons/" not in client.get("/desk/").content.decode()
