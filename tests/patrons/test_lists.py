"""Lists of patrons and members from elsewhere are taken in, and a newer one updates."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standfirst.mailroom.models import Mailing, Subscription, Suppression
from standfirst.patrons import privacy, services
from standfirst.patrons.errors import NotPossible, NotRead, PatronsError
from standfirst.patrons.models import Alarm, Entry, ExternalPage, Member, Payment, Pledge, Support
from standfirst.patrons.selectors import gets_letters, standing_of
from standfirst.patrons.services import pledges_carry_on
from standfirst.patrons.tables import moment_of
from standfirst.readers.services import reader_found
from tests.cast import EDITOR
from tests.patrons.listing import DAY, NOW, VIRA, standing, taken, text

# Patreon ------------------------------------------------------------------------------------------


def test_patrons_of_patreon_stand_as_patreon_says_and_have_what_their_tier_gives(tier):
    report = taken(text("patreon"))

    assert (report.source, report.is_done, report.problems) == ("patreon", True, [])
    assert standing() == {
        "patron": "active", "ostap": "active", "left": "cancelled", "declined": "past-due", "noise": "pending"
    }  # fmt: skip
    assert dict(report.passed_over) == {"follows without paying": 1, "has never paid": 1, "has left before": 1}
    assert dict(report.tiers_missing) == {"Printing press": 1}
    vira = Pledge.objects.get(email=VIRA)
    assert (vira.amount_minor, vira.currency, vira.period, vira.origin) == (500, "USD", "month", "patreon")
    assert (vira.name, vira.until) == ("Віра Стельмах", dt.datetime(2026, 12, 10, tzinfo=dt.UTC))
    assert Pledge.objects.get(email="ostap@readers.example").period == "year"
    # By the same address, however she signs in: votes, no sponsors, letters.
    assert standing_of(reader_found(email=" Patron@readers.example")).gives == {"vote", "no-sponsors", "letters"}
    assert gets_letters(VIRA)
    # The money is Patreon's: nothing is booked, no receipt is written, and no letter of ours goes out.
    assert Payment.objects.count() == 0
    assert mail.outbox == []


def test_the_same_list_twice_changes_nothing(tier):
    taken(text("patreon"))
    entries = list(Entry.objects.values_list("pk", "key"))

    report = taken(text("patreon"), now=NOW + DAY)

    assert (report.changes, report.unchanged) == ([], 4)
    assert list(Entry.objects.values_list("pk", "key")) == entries


def test_a_newer_list_extends_cancels_and_brings_back(tier, monkeypatch):
    taken(text("patreon"))
    later = NOW + 25 * DAY
    monkeypatch.setattr(timezone, "now", lambda: later)
    newer = text("patreon")
    # Vira has paid again, Ostap is not in the list any more, who had left came back, who was declined has paid.
    newer = newer.replace("2026-11-10 13:37:14,Paid", "2026-12-10 00:01:00,Paid").replace(
        "2026-12-10 00:00:00", "2027-01-10 00:00:00"
    )
    newer = "\n".join(row for row in newer.splitlines() if "ostap@" not in row)
    newer = newer.replace(",USD,,2026-12-05 00:00:00,,,", ",USD,,,2027-01-05 00:00:00,,")
    newer = newer.replace("Declined patron,Yes,No,No,10.00", "Active patron,Yes,No,No,15.00").replace(
        "2026-11-15 10:00:00,Declined,,14,2026-11-18 15:52:24,USD,,,2026-11-15",
        "2026-12-15 10:00:00,Paid,,14,2026-11-18 15:52:24,USD,,,2027-01-15",
    )

    report = taken(newer, now=later)

    assert {one.email.partition("@")[0]: (one.before, one.after) for one in report.changes} == {
        "patron": ("active", "active"),
        "ostap": ("active", "cancelled"),
        "left": ("cancelled", "active"),
        "declined": ("past-due", "active"),
    }
    assert Pledge.objects.get(email=VIRA).until == dt.datetime(2027, 1, 10, tzinfo=dt.UTC)
    # Who left stays a patron until the end of what is paid, and then is none, by the clock alone.
    assert standing_of("ostap@readers.example").until == dt.datetime(2027, 2, 1, tzinfo=dt.UTC)
    pledges_carry_on(now=dt.datetime(2027, 2, 2, tzinfo=dt.UTC))
    assert standing()["ostap"] == "ended"


def test_a_list_that_nobody_renews_ends_after_the_days_of_grace(tier):
    taken(text("patreon"))

    pledges_carry_on(now=dt.datetime(2026, 12, 12, tzinfo=dt.UTC))
    assert standing()["patron"] == "past-due"
    pledges_carry_on(now=dt.datetime(2026, 12, 25, tzinfo=dt.UTC))

    assert standing()["patron"] == "ended"
    assert mail.outbox == []


def test_money_that_went_back_at_patreon_makes_nobody_a_patron(tier):
    taken(text("patreon"))

    taken(text("patreon").replace("13:37:14,Paid", "13:37:14,Refunded"), now=NOW + DAY)
    refused = taken(
        text("patreon").replace("Patron@", "new@").replace("13:37:14,Paid", "13:37:14,Fraud"), now=NOW + DAY
    )

    assert standing()["patron"] == "ended"
    assert "new" not in standing()
    assert refused.passed_over["has left before"] == 2


def test_a_look_says_all_that_would_change_and_changes_nothing(tier):
    before = list(Pledge.objects.values()), Entry.objects.count()

    report = taken(text("patreon"), for_show=True)

    assert [(one.line, one.email, one.before, one.after) for one in report.changes] == [
        (2, VIRA, "", "active"),
        (3, "ostap@readers.example", "", "active"),
        (4, "left@readers.example", "", "cancelled"),
        (5, "declined@readers.example", "", "past-due"),
    ]
    assert not report.is_done
    assert (list(Pledge.objects.values()), Entry.objects.count()) == before


def test_bad_lines_are_named_with_their_numbers_and_nothing_is_half_done(tier):
    bad = text("patreon").replace("ostap@readers.example", "ostap at home").replace(",60.00,60.00,", ",60.00,much,")
    bad = bad.replace("left@readers.example", VIRA).replace("2026-11-15 10:00:00,Declined", "in autumn,Declined")

    report = taken(bad)

    assert [(one.line, one.sentence) for one in report.problems] == [
        (3, "“ostap at home” is not an e-mail address. Write it like name@example.org."),
        (4, "patron@readers.example stands in line 2 already."),
        (5, "“in autumn” is no date."),
    ]
    assert not report.is_done
    assert standing() == {"noise": "pending"}
    assert taken(bad, leave_out_bad=True).is_done
    assert standing() == {"noise": "pending", "patron": "active"}


def test_who_stands_in_a_line_that_cannot_be_read_has_not_left(tier):
    taken(text("patreon"))

    report = taken(text("patreon").replace("2026-12-10 00:00:00", "soon"), leave_out_bad=True, now=NOW + DAY)

    assert [one.line for one in report.problems] == [2]
    assert standing()["patron"] == "active"


@pytest.mark.parametrize(
    ("changes", "encoding"),
    [
        ([], "utf-8-sig"),
        ([], "utf-16"),
        ([("\n", "\r\n")], "utf-8"),
        ([(",", ";"), ('"1;150.00"', '"1 150,00"'), ('"Oko; Ostap"', "Oko")], "cp1251"),
        ([(",", "\t"), ('"1\t150.00"', '"1,150.00"'), ('"Oko\t Ostap"', "Oko")], "utf-16"),
        ([("Patron Status", "patron_status"), ("Email", " E-mail ")], "utf-8"),
        ([("2026-12-10 00:00:00", "10.12.2026"), ("2026-11-05 10:00:00", "05/11/2026")], "utf-8"),
    ],
    ids=["mark", "utf-16", "windows lines", "semicolons in cp1251", "tabs", "headings", "dates"],
)
def test_a_list_is_read_in_whatever_form_a_table_program_has_saved_it(tier, changes, encoding):
    said = text("patreon")
    for old, new in changes:
        said = said.replace(old, new)

    report = taken(said.encode(encoding))

    assert report.problems == []
    assert standing("active") == {"patron": "active", "ostap": "active"}
    assert Pledge.objects.get(email=VIRA).name == "Віра Стельмах"
    assert Pledge.objects.get(email=VIRA).until.date() == dt.date(2026, 12, 10)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-12-01", (2026, 12, 1, 12)),
        ("2026-12-01 07:00:00.123", (2026, 12, 1, 7)),
        ("2026-12-01T07:00:00Z", (2026, 12, 1, 7)),
        ("01.12.2026", (2026, 12, 1, 12)),
        ("01/12/2026", (2026, 12, 1, 12)),
        ("12/31/2026", (2026, 12, 31, 12)),
        ("Dec 1, 2026", (2026, 12, 1, 12)),
        ("1 December 2026", (2026, 12, 1, 12)),
    ],
)
def test_dates_are_understood_in_several_forms(said, meant):
    assert moment_of(said).replace(microsecond=0) == dt.datetime(*meant, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("2026-12-10 00:00:00", "9999-12-31 00:00:00", "“9999-12-31 00:00:00” is no date."),
        ('"1,150.00"', "9" * 40, f"“{'9' * 40}” is no amount."),
        ('"1,150.00"', "-5", "“-5” is no amount."),
        (",USD,,,2026-12-10", ",Dollars,,,2026-12-10", "“Dollars” is no currency."),
    ],
)
def test_what_no_calendar_and_no_book_holds_is_refused(tier, old, new, sentence):
    (problem,) = taken(text("patreon").replace(old, new, 1)).problems

    assert (problem.line, problem.sentence.startswith(sentence)) == (2, True), problem.sentence
    assert standing() == {"noise": "pending"}


def test_zero_bytes_in_a_name_stop_nothing(tier):
    taken(text("patreon").replace("Віра", "Ві\0ра"))

    assert Pledge.objects.get(email=VIRA).name == "Віра Стельмах"


@pytest.mark.parametrize("data", [b"", b"hello", b"\x00\xff\x00", b"a,b\n1,2\n", b"%PDF-1.4"])
def test_what_is_no_list_is_refused_in_a_sentence(tier, data):
    with pytest.raises(NotRead, match=r"\.$"):
        taken(data)
    assert standing() == {"noise": "pending"}


def sentences_of(data):
    """What an import of this would say is wrong."""
    try:
        report = taken(data, for_show=True)
    except PatronsError as refusal:
        return [str(refusal)]
    assert all(one.line > 1 for one in report.problems)
    return [one.sentence for one in report.problems]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300), st.integers(0, 900))
def test_whatever_a_file_holds_it_is_refused_in_a_sentence_or_told_line_by_line(tier, noise, at):
    whole = text("patreon").encode()

    for data in (noise, whole[:at] + noise + whole[at:]):
        assert all(sentence.endswith(".") for sentence in sentences_of(data))


# Ko-fi and Buy Me a Coffee ------------------------------------------------------------------------


def test_payments_of_kofi_make_patrons_of_members_and_not_of_who_gave_once(tier):
    report = taken(text("kofi"))

    assert standing("active") == {"patron": "active"}
    assert Pledge.objects.get(email=VIRA).until == dt.datetime(2026, 12, 2, 10, tzinfo=dt.UTC)
    assert dict(report.passed_over) == {"gave once": 1, "gave without an address": 1}


def test_members_of_buy_me_a_coffee_are_read_too(tier):
    taken(text("coffee"))

    assert standing() == {"patron": "active", "ostap": "cancelled", "noise": "pending"}
    ostap = Pledge.objects.get(email="ostap@readers.example")
    assert (ostap.amount_minor, ostap.currency, ostap.period) == (5000, "EUR", "year")
    assert ostap.until.date() == dt.date(2027, 3, 2)


def test_the_supporters_of_buy_me_a_coffee_are_no_patrons_and_it_is_said(tier):
    data = "Supporter Email,Supporter Name,Coffees,Coffee Price,Currency,Supported On\na@b.example,A,1,5,USD,2/14/26\n"

    with pytest.raises(NotRead, match="gave once"):
        taken(data)


def test_lists_of_two_services_leave_each_other_alone(tier):
    taken(text("patreon"))
    taken(text("coffee").replace("patron@", "other@").replace("ostap@", "third@"))

    assert standing("active") == {"patron": "active", "ostap": "active", "other": "active"}


def test_who_pays_here_and_there_holds_one_pledge_and_the_desk_hears_of_it(tier):
    taken(text("patreon"))
    taken(text("coffee"))

    assert sorted(Pledge.objects.filter(email=VIRA).values_list("state", flat=True)) == ["active", "cancelled"]
    assert sorted(Alarm.objects.values_list("kind", flat=True)) == ["cancel", "double"]


# What a patron from elsewhere sees ----------------------------------------------------------------


def test_the_support_page_leads_elsewhere_by_a_plain_link(client, homes, tier):
    ExternalPage.objects.create(
        support=Support.objects.get(), name="Patreon", address="https://www.patreon.com/lantern"
    )

    page = client.get("/support/").content.decode()

    assert '<a href="https://www.patreon.com/lantern" rel="noopener">On our page at Patreon</a>' in page
    assert page.count("patreon.com") == 1


def test_her_page_says_where_it_is_paid_and_changes_nothing_here(client, homes, tier):
    taken(text("patreon"))
    ExternalPage.objects.create(
        support=Support.objects.get(), name="Patreon", address="https://www.patreon.com/lantern"
    )
    pledge = Pledge.objects.get(email=VIRA)
    address = f"/support/mine/{pledge.token}/"

    page = client.get(address).content.decode()
    assert "Change or cancel at Patreon" in page
    assert "Give another amount" not in page
    assert 'value="cancel"' not in page
    for fields in ({"act": "cancel"}, {"act": "change", "amount": "7"}):
        assert client.post(address, fields, HTTP_ORIGIN="http://testserver").status_code == 409
    pledge.refresh_from_db()
    assert (pledge.state, Pledge.objects.filter(email=VIRA).count()) == ("active", 1)
    card = client.post(address, {"act": "card"}, HTTP_ORIGIN="http://testserver")
    assert (card.status_code, card["Location"]) == (303, "https://www.patreon.com/lantern")


def test_what_the_desk_cancels_is_to_be_told_elsewhere_by_hand(tier):
    taken(text("patreon"))

    services.pledge_cancel(pledge=Pledge.objects.get(email=VIRA), by=EDITOR.email)

    assert standing()["patron"] == "cancelled"
    assert "must be told by hand" in Alarm.objects.get().detail


# Ghost --------------------------------------------------------------------------------------------


@pytest.fixture
def mailing(tier):
    weekly = Mailing.objects.get_or_create(key="weekly")[0]
    Mailing.objects.get_or_create(key="daily")
    Subscription.objects.create(email="left@readers.example", mailing=weekly, language="en", state="left",
                                left_at=NOW)  # fmt: skip
    Suppression.objects.create(email="bounced@readers.example", reason="bounced")
    return weekly


def test_members_of_ghost_come_with_tiers_free_plans_labels_and_letters(mailing):
    report = taken(text("ghost"), letters=("weekly",))

    assert report.source == "ghost"
    assert standing() == {"patron": "active", "ostap": "active", "noise": "pending"}
    vira, ostap = Pledge.objects.get(email=VIRA), Pledge.objects.get(email="ostap@readers.example")
    assert (vira.kind, vira.provider_customer, vira.until.date()) == ("own", "cus_1", dt.date(2026, 12, 20))
    assert (ostap.kind, ostap.renews, ostap.until.date()) == ("complimentary", False, dt.date(2027, 11, 20))
    member = Member.objects.get(email=VIRA)
    assert (member.labels, member.number) == (["print", "Kyiv"], "6b032e8b7026fa7547677901")
    assert Member.objects.get(email="ostap@readers.example").note == "asked for paper"
    assert Member.objects.count() == 5
    assert dict(report.passed_over) == {"deleted in Ghost": 1}
    # Letters: who had them, but nobody who has left here or takes no mail; with the record of where it came from.
    active = Subscription.objects.filter(state="active")
    assert {one.email for one in active} == {VIRA, "ostap@readers.example"}
    assert {one.basis for one in active} == {f"import:ghost, list.csv, {EDITOR.email}"}
    assert dict(report.without_letters) == {
        "has left these letters here": 1, "takes no mail, or has complained": 1
    }  # fmt: skip
    assert mail.outbox == []


def test_without_a_choice_nobody_gets_letters_and_it_is_said(mailing):
    report = taken(text("ghost"))

    assert Subscription.objects.filter(state="active").count() == 0
    assert report.without_letters["had letters; none was chosen for them here"] == 4
    with pytest.raises(NotPossible, match="There is no mailing “hourly”"):
        taken(text("ghost"), letters=("hourly",))


def test_an_end_may_be_named_and_cancelled_members_stay_until_then(mailing):
    added = text("ghost").replace("gift_id\n", "gift_id,paid_until,cancel_at_period_end\n", 1)
    added = added.replace("A cup of coffee,\n", "A cup of coffee,,2026-12-24,true\n", 1)

    taken(added, paid_until=dt.datetime(2027, 5, 1, tzinfo=dt.UTC))

    vira = Pledge.objects.get(email=VIRA)
    assert (vira.state, vira.until.date()) == ("cancelled", dt.date(2026, 12, 24))
    assert Pledge.objects.get(kind="complimentary").until.date() == dt.date(2027, 5, 1)


def test_members_that_the_import_of_ghost_put_aside_are_taken_in(mailing):
    aside = (
        '{"id": "6b1", "email": "reader@readers.example", "name": "Free Reader", "subscribed_to_emails": true, '
        '"labels": ["print"], "tiers": []}\n'
        '{"id": "6b2", "email": "ostap@readers.example", "complimentary_plan": true, "labels": [], '
        '"tiers": ["coffee"]}\n'
    )

    report = taken(aside, name="members.jsonl", letters=("weekly",))

    assert (report.people, report.letters) == (2, 1)
    assert Member.objects.get(email="reader@readers.example").labels == ["print"]
    assert standing("active") == {"ostap": "active"}


def test_who_was_on_a_list_can_ask_move_and_be_forgotten(mailing):
    taken(text("ghost"))

    assert privacy.members_given(VIRA)[0]["labels"] == ["print", "Kyiv"]
    services.address_move(old=VIRA, new="new@readers.example")
    assert Member.objects.get(email="new@readers.example").labels == ["print", "Kyiv"]
    assert privacy.members_erase("new@readers.example").done == 1
    assert privacy.members_forget_due(now=NOW + 370 * DAY) == 3
    assert [one.email for one in Member.objects.all()] == ["ostap@readers.example"]
