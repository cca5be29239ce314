"""What lies sealed on disk belongs to its senders as well: the privacy register opens it."""

import pytest
from django.db import transaction

from standfirst.letterbox import privacy, spool

pytestmark = pytest.mark.django_db(transaction=True)
HERS = "vira@xn--e1afmkfd.example"


@pytest.fixture
def sealed(data):
    """Hers set aside and waiting, somebody else's, and one that nobody can open."""

    def put(**payload):
        spool.spool_put(data=data, kind="subscribe", payload=payload)
        return spool.spool_waiting(data=data)[-1]

    broken = spool.spool_set_aside(file=put(email="Vira@пример.example", mailings=["daily"]))
    waiting = put(letter={"from": [" vira@xn--e1afmkfd.example "]})
    others = put(email="petro@readers.example")
    damaged = put(email=HERS)
    damaged.write_bytes(b"damaged")
    return broken, waiting, others, spool.spool_set_aside(file=damaged)


def test_she_gets_and_erases_what_lies_sealed_with_her_address(sealed):
    broken, waiting, others, damaged = sealed

    given = privacy.spooled_given(HERS)

    assert [one.get("mailings") for one in given] == [None, ["daily"]]
    with transaction.atomic():
        assert privacy.spooled_erase(HERS).done == 2
        # Only to see what would go.
        transaction.set_rollback(True)
    assert broken.exists()
    with transaction.atomic():
        privacy.spooled_erase(HERS)
    assert [file.exists() for file in (broken, waiting, others, damaged)] == [False, False, True, True]


def test_what_nobody_could_deliver_goes_after_ninety_days(sealed, monkeypatch):
    broken, waiting, _others, damaged = sealed

    assert privacy.spooled_forget_due() == 0
    now = privacy.time.time()
    monkeypatch.setattr(privacy.time, "time", lambda: now + 91 * 86_400)

    assert privacy.spooled_forget_due() == 2
    assert [file.exists() for file in (broken, waiting, damaged)] == [False, True, False]


def test_without_the_key_nothing_is_given_and_nothing_breaks(sealed, data):
    (data / "secrets" / "spool.key").unlink()

    assert privacy.spooled_given(HERS) == []
    assert privacy.spooled_erase(HERS).done == 0
