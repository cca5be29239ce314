"""Members out and in again: everything comes back as it was, into an empty newsroom."""

import csv
import datetime as dt
import io
import itertools
import json

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standfirst.mailroom.models import Mailing, Subscription, Suppression
from standfirst.patrons.ledger import Fact, Kind, State
from standfirst.patrons.members import own
from standfirst.patrons.models import Entry, Member, Notice, Payment, Pledge, Receipt, Tier
from standfirst.patrons.selectors import standing_of
from standfirst.patrons.services import entries_add, members_export, members_import
from standfirst.readers.models import Reader
from standfirst.stories.guards import lifted
from tests.cast import EDITOR

DAY = dt.timedelta(days=1)
NOW = dt.datetime(2026, 11, 20, 12, 0, 0, 123456, tzinfo=dt.UTC)
KINDS, PERIODS, CURRENCIES = ("own", "gift", "complimentary"), ("month", "year", "once"), ("UAH", "EUR", "JPY", "KWD")
LETTERS = ((), ("daily",), ("daily", "weekly"))
PROVIDERS = ("stripe", "liqpay", "bank", "sandbox", "external", "desk")


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def house(newsroom):
    """What a new newsroom has before anybody comes: its ways to support and its mailings."""
    Tier.objects.create(name="A cup of coffee", slug="coffee", gives_no_sponsors=True)
    for key in ("daily", "weekly"):
        Mailing.objects.get_or_create(key=key)


def at(days):
    return NOW + days * DAY


def history(state, period, mark):
    """Facts that lead to a state, by the way a company tells them."""
    begun = Fact("started", Kind.STARTED, at(-20))
    paid = Fact(f"paid:{mark}", Kind.PAID, at(-19), mark, 4500, at(11) if period == "month" else at(346))
    stopped = Fact("cancel:1", Kind.CANCELLED, at(-5))
    back = Fact(f"refunded:{mark}:4500", Kind.REFUNDED, at(-4), mark, 4500)
    return [begun] + {
        State.PENDING: [],
        State.ACTIVE: [paid],
        State.PAST_DUE: [paid, Fact("failed:2", Kind.FAILED, at(-2))],
        State.CANCELLED: [paid, stopped],
        State.ENDED: [stopped],
        State.REFUNDED: [paid, back],
        State.DISPUTED: [paid, Fact(f"disputed:{mark}", Kind.DISPUTED, at(-3), mark)],
    }[state]


def empty():
    """Everybody goes; the house stays."""
    # As in a newsroom that nobody has come to yet: what is only ever added is taken out with its guards away.
    with lifted():
        for kind in (Notice, Receipt, Payment, Entry):
            kind.objects.all().delete()
    for kind in (Pledge, Member, Subscription, Reader):
        kind.objects.all().delete()


def everything():
    """All that a list holds of people, without what is new with every row."""
    pledges = {
        one["reference"]: {name: value for name, value in one.items() if name not in ("id", "token", "replaces_id",
                                                                                     "tier_id", "checkout_url")}
        for one in Pledge.objects.values()
    }  # fmt: skip
    links = {one.reference: (one.tier and one.tier.slug, one.replaces and one.replaces.reference)
             for one in Pledge.objects.select_related("tier", "replaces")}  # fmt: skip
    facts = sorted((one.pledge.reference, repr(one.fact), one.currency, one.by)
                   for one in Entry.objects.select_related("pledge"))  # fmt: skip
    members = {one["email"]: {**one, "id": 0, "made_at": None} for one in Member.objects.values()}
    letters = {
        (one["email"], one["mailing__key"]): one
        for one in Subscription.objects.values(
            "email",
            "mailing__key",
            "language",
            "state",
            "asked_at",
            "page",
            "wording",
            "basis",
            "confirmed_at",
            "left_at",
        )
    }
    standings = {email: standing_of(email) for email in {one["email"] for one in pledges.values()}}
    return {"pledges": pledges, "links": links, "facts": facts, "members": members, "letters": letters,
            "standings": standings}  # fmt: skip


def taken_in(text, **more):
    return members_import(name="members.csv", data=text.encode(), by=EDITOR.email, now=NOW, **more)


def told(pledge, state):
    """Let a pledge come to a state as in life."""
    facts = history(state, pledge.period, pledge.reference)
    if pledge.kind == "complimentary":
        facts = [Fact("granted", Kind.GRANTED, at(-19), until=at(30)), *facts[2:]]
    entries_add(pledge=pledge, facts=facts, now=NOW, by="provider")


def test_every_state_kind_period_currency_and_choice_of_letters_comes_back(house):
    tier = Tier.objects.get()
    turn = itertools.cycle(LETTERS)
    providers, before = itertools.cycle(PROVIDERS), None
    for number, (state, kind, period) in enumerate(itertools.product(State, KINDS, PERIODS)):
        email = f"p{number}@readers.example"
        pledge = Pledge.objects.create(
            email=email,
            name='=Віра, "Стельмах"\n' if number % 2 else "",
            kind=kind,
            payer_email="payer@readers.example" if kind == "gift" else "",
            payer_name="+Payer" if kind == "gift" else "",
            message="-@'quoted'" if kind == "gift" else "",
            language="uk" if number % 3 else "en",
            tier=tier if number % 4 else None,
            amount_minor=4500,
            amounts=[4000, 4500],
            currency=CURRENCIES[number % 4],
            period=period,
            renews=kind == "own" and period != "once",
            starts_at=at(-19) if kind == "gift" else None,
            provider=next(providers),
            provider_customer=f"cus_{number}",
            provider_pledge=f"sub_{number}",
            replaces=before if number % 5 == 0 else None,
            made_at=at(-20),
            origin="ghost" if number % 2 else "",
            note="a note",
        )
        told(pledge, state)
        before = pledge
        for key in next(turn):
            Subscription.objects.create(
                email=email, mailing=Mailing.objects.get(key=key), language="uk", state="active", asked_at=at(-9),
                confirmed_at=at(-8), page="/newsletters/", wording="Yes, please.", basis="consent",
            )  # fmt: skip
    weekly = Mailing.objects.get(key="weekly")
    Subscription.objects.create(email="p0@readers.example", mailing=weekly, language="en", state="left",
                                asked_at=at(-9), left_at=at(-3), basis="import:ghost")  # fmt: skip
    Subscription.objects.create(email="asks@readers.example", mailing=weekly, language="en", asked_at=at(-1))
    Member.objects.create(email="p1@readers.example", labels=["print", "a, b", '"q"'], number="6b0")
    Member.objects.create(email="free@readers.example", name="@Free", labels=["x"], note="=1+1", joined_at=at(-99),
                          origin="ghost", number="6b1", language="uk")  # fmt: skip
    assert set(Pledge.objects.values_list("state", flat=True)) == set(State)
    was, text = everything(), members_export()
    sent = len(mail.outbox)

    empty()
    report = taken_in(text)

    assert report.problems == []
    now_is = everything()
    for part in was:
        # A person with a pledge has her name there.
        if part == "members":
            for one in (*was[part].values(), *now_is[part].values()):
                if one["email"].startswith("p"):
                    one |= {"name": "", "language": "", "origin": "", "joined_at": None, "note": ""}
        assert now_is[part] == was[part], part
    assert members_export() == text
    # It has all happened before: nothing is booked, and nobody is written to.
    assert (Payment.objects.count(), Notice.objects.count(), len(mail.outbox)) == (0, 0, sent)
    # And once more into what is there now.
    again = taken_in(text)
    assert (again.changes, again.letters, again.people) == ([], 0, 0)
    assert members_export() == text


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(list(State)), st.sampled_from(KINDS), st.sampled_from(PERIODS), st.sampled_from(CURRENCIES),
            st.sampled_from(PROVIDERS), st.sampled_from(LETTERS),
            st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12), st.integers(0, 2),
        ),
        max_size=5,
    )
)  # fmt: skip
def test_whatever_stands_in_a_newsroom_comes_back(house, people):
    with transaction.atomic():
        for state, kind, period, currency, provider, letters, words, person in people:
            email = f"p{person}@readers.example"
            pledge = Pledge.objects.create(
                email=email, name=words, note=words, kind=kind, amount_minor=4500, amounts=[4500], currency=currency,
                period=period, provider=provider, renews=kind == "own" and period != "once", made_at=at(-20),
            )  # fmt: skip
            told(pledge, state)
            for key in letters:
                Subscription.objects.get_or_create(
                    email=email, mailing=Mailing.objects.get(key=key),
                    defaults={"language": "en", "state": "active", "confirmed_at": at(-1), "wording": words},
                )  # fmt: skip
        was, text = everything(), members_export()
        empty()

        report = taken_in(text)

        assert report.problems == []
        assert everything() == was
        assert members_export() == text
        transaction.set_rollback(True)


def test_no_cell_is_a_formula_for_a_table_program(house):
    words = ["=1+1", "+cmd", "-2", "@SUM(A1)", "\t=1", "\r=1", "'=1", "'", "plain"]
    for number, said in enumerate(words):
        Member.objects.create(email=f"m{number}@readers.example", name=said, note=said, labels=[said])

    text = members_export()
    empty()
    taken_in(text)

    cells = [cell for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert [one.name for one in Member.objects.order_by("email")] == words
    assert [one.note for one in Member.objects.order_by("email")] == words


def test_a_list_that_excel_has_saved_with_semicolons_comes_back_too(house):
    pledge = Pledge.objects.create(email="p@readers.example", amount_minor=4500, currency="UAH", provider="bank",
                                   made_at=at(-20), name="Віра; «Ліхтар»")  # fmt: skip
    told(pledge, State.ACTIVE)
    was, text = everything(), members_export()
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(rows)
    empty()

    report = members_import(name="m.csv", data=out.getvalue().encode("cp1251"), by=EDITOR.email, now=NOW)

    assert report.problems == []
    assert everything() == was


def test_a_list_written_by_hand_needs_little(house):
    text = (
        "email,kind,state,tier,period,amount,currency,until,letters,letters_left,labels\n"
        "Vira@readers.example,own,active,coffee,month,4.50,EUR,2026-12-31,weekly,daily,print\n"
        "ostap@readers.example,own,cancelled,coffee,year,45,EUR,2027-01-31,,,\n"
        "olha@readers.example,complimentary,active,coffee,year,0,EUR,2027-01-31,,,\n"
        "past@readers.example,own,ended,coffee,month,4,EUR,2026-01-31,,,\n"
        "reader@readers.example,,,,,,,,daily,,print\n"
    )

    report = taken_in(text)

    assert report.problems == []
    assert {one.email.partition("@")[0]: one.state for one in Pledge.objects.all()} == {
        "vira": "active", "ostap": "cancelled", "olha": "active", "past": "ended"
    }  # fmt: skip
    assert standing_of("vira@readers.example").gives == {"vote", "no-sponsors", "letters"}
    letters = {(one.email, one.mailing.key): (one.state, one.basis[:7]) for one in Subscription.objects.all()}
    assert letters == {
        ("vira@readers.example", "weekly"): ("active", "import:"),
        ("vira@readers.example", "daily"): ("left", "import:"),
        ("reader@readers.example", "daily"): ("active", "import:"),
    }
    assert mail.outbox == []


def test_bad_lines_of_our_own_list_are_named_and_nothing_is_half_done(house):
    good = "a@readers.example,own,active,,month,4,EUR,2026-12-31,,\n"
    bad = [
        ("nobody,own,active,,month,4,EUR,2026-12-31,,", "is not an e-mail address"),
        ("b@readers.example,own,dancing,,month,4,EUR,2026-12-31,,", "is no kind, period or state"),
        ("b@readers.example,own,active,,month,much,EUR,2026-12-31,,", "is no amount"),
        ("b@readers.example,own,active,,month,4,XXX,2026-12-31,,", "is no currency"),
        ("b@readers.example,own,active,,month,4,EUR,,,", "needs a day until which"),
        ("b@readers.example,own,active,,month,4,EUR,soon,,", "is no date"),
        ('b@readers.example,own,active,,month,4,EUR,,,"{""facts"": 1}"', "“history” is not as it was written"),
        (
            'b@readers.example,own,active,,month,4,EUR,,,"{""amounts"": [1' + "0" * 30 + '], ""facts"": []}"',
            "“history”",
        ),
        ("b@readers.example,own,active,,month,4,EUR,9999-12-31,,", "is no date"),
        ('b@readers.example,own,active,,month,4,EUR,2026-12-31,"[1]",', "“consent” is not as it was written"),
    ]
    head = "email,kind,state,tier,period,amount,currency,until,consent,history\n"

    report = taken_in(head + good + "".join(line + "\n" for line, _why in bad))

    assert [one.line for one in report.problems] == list(range(3, 3 + len(bad)))
    for problem, (_line, why) in zip(report.problems, bad, strict=True):
        assert why in problem.sentence
    assert (report.is_done, Pledge.objects.count(), Entry.objects.count()) == (False, 0, 0)


def test_a_list_cannot_take_somebody_elses_pledge_nor_write_to_who_must_not_be_written_to(house):
    Pledge.objects.create(email="mine@readers.example", reference="SF23456789ABCD", amount_minor=1, currency="EUR",
                          provider="bank")  # fmt: skip
    Suppression.objects.create(email="no@readers.example", reason="complained")
    head = "email,kind,state,reference,letters\n"

    stolen = taken_in(head + "thief@readers.example,own,pending,SF23456789ABCD,\n")
    written = taken_in(head + "no@readers.example,,,,weekly\n")

    assert "somebody else's" in stolen.problems[0].sentence
    assert dict(written.without_letters) == {"takes no mail, or has complained": 1}
    assert Subscription.objects.count() == 0


def test_history_is_plain_json_that_names_each_fact(house):
    pledge = Pledge.objects.create(email="p@readers.example", amount_minor=4500, amounts=[4500], currency="UAH",
                                   provider="bank", made_at=at(-20))  # fmt: skip
    told(pledge, State.REFUNDED)

    said = json.loads(own.history_said(pledge.amounts, list(pledge.entries.all())))

    assert [one["kind"] for one in said["facts"]] == ["started", "paid", "refunded"]
