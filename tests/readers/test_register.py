"""The privacy register: what is kept about people is entered, given, and let go."""

import datetime as dt

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import override

from standfirst.kit import keeping, mailaddress
from standfirst.readers.models import Reader
from standfirst.readers.services import reader_found
from tests.cast import READER, STRANGER
from tests.readers.planting import PLANTED

pytestmark = pytest.mark.django_db


def address_fields():
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.EmailField)
    }


def database_text():
    """Everything that every table holds, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [f"{table}: {row}" for row in cursor.fetchall()]
    return [line.lower() for line in found]


def given(email):
    return {holding.key: rows for holding in keeping.holdings() if (rows := holding.given(email))}


def test_every_field_for_an_address_is_planted_here():
    assert address_fields() == set(PLANTED), "Plant an address there too: tests/readers/planting.py."


@pytest.mark.parametrize("field", sorted(PLANTED))
def test_what_is_kept_under_an_address_is_given_and_let_go(field, newsroom):
    PLANTED[field](newsroom, STRANGER.email)
    PLANTED[field](newsroom, READER.email)

    shown = given(READER.email)
    assert READER.email in str(shown), "No holding gives what stands in this field."
    assert STRANGER.email not in str(shown)

    with transaction.atomic():
        erased = [holding.erase(READER.email) for holding in keeping.holdings()]
    left = [line for line in database_text() if READER.email in line]

    if left:
        assert any(one.kept for one in erased), left
    assert any(STRANGER.email in line for line in database_text()), "A neighbour went along."


@pytest.mark.parametrize("field", ["letterbox.Letter.reply_to", "corrections.Suggestion.reply_to"])
def test_an_address_is_found_however_it_was_typed(field, newsroom):
    PLANTED[field](newsroom, "Petro@Приклад.укр")
    email = mailaddress.normal("petro@приклад.УКР")

    assert email == "petro@xn--80aikifvh.xn--j1amh"
    assert "Petro@" in str(given(email))

    with transaction.atomic():
        assert sum(holding.erase(email).done for holding in keeping.holdings()) == 1
    assert given(email) == {}


def test_every_holding_speaks_to_readers_in_both_languages():
    assert len(keeping.holdings()) >= 10
    for holding in keeping.holdings():
        said = {}
        for language in ("en", "uk"):
            with override(language):
                said[language] = [str(holding.what), str(holding.why), str(holding.how_long)]
        assert all(said["en"])
        assert all(one != other for one, other in zip(said["en"], said["uk"], strict=True)), holding.key


def test_an_unknown_basis_is_refused():
    wrong = keeping.Holding("a.b", "x", "y", "z", "because", keeping.nothing_given, keeping.nothing_erased)

    with pytest.raises(ValueError, match=r"“because” is no basis for a\.b"):
        keeping.register(wrong)


def test_a_reader_is_one_person_however_her_address_is_written():
    one = reader_found(email=" Petro.Hnatiuk@Readers.example ", name="Petro")
    other = reader_found(email=READER.email, name="Somebody else", language="uk")

    assert one == other
    other.refresh_from_db()
    assert (other.email, other.name, other.language, other.confirmed_at) == (READER.email, "Petro", "uk", None)


@pytest.mark.parametrize(
    "wrong", ["", "petro", "a b@readers.example", "petro@x\nBcc: all@readers.example", "a" * 260 + "@x.example"]
)
def test_what_is_no_address_makes_no_reader(wrong):
    with pytest.raises(ValueError, match="is no e-mail address"):
        reader_found(email=wrong)

    assert Reader.objects.count() == 0


def test_accounts_that_nobody_needs_go_by_themselves():
    def entered(name, *, days, confirmed, seen=None):
        reader = reader_found(email=f"{name}@readers.example")
        long_ago = timezone.now() - dt.timedelta(days=days)
        Reader.objects.filter(pk=reader.pk).update(
            made_at=long_ago, confirmed_at=long_ago if confirmed else None,
            seen_on=timezone.localdate() - dt.timedelta(days=seen) if seen is not None else None,
        )  # fmt: skip

    entered("never-came", days=31, confirmed=False)
    entered("may-still-come", days=29, confirmed=False)
    entered("long-gone", days=900, confirmed=True, seen=731)
    entered("still-here", days=900, confirmed=True, seen=729)

    [account] = [holding for holding in keeping.holdings() if holding.key == "readers.account"]
    assert account.forget_due() == 2
    assert account.forget_due() == 0
    assert sorted(Reader.objects.values_list("email", flat=True)) == [
        "may-still-come@readers.example", "still-here@readers.example",
    ]  # fmt: skip


def test_addresses_are_kept_in_one_spelling():
    table = {
        "Petro@Readers.Example": "petro@readers.example",
        " petro@readers.example\n": "petro@readers.example",
        "ＰＥＴＲＯ@readers.example": "petro@readers.example",
        "petro@ПРИКЛАД.укр": "petro@xn--80aikifvh.xn--j1amh",
        "no address": "no address",
    }

    assert {text: mailaddress.normal(text) for text in table} == table
    assert mailaddress.shown("petro@xn--80aikifvh.xn--j1amh") == "petro@приклад.укр"
