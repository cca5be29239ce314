"""Once a day: what only housekeeping does, and nobody would miss until much later."""

import pytest
from django.db import connection

from standfirst.ops.housekeeping import housekeeping

COUNTED = "SELECT COUNT(*) FROM sqlite_stat1"


def told(cursor, question):
    cursor.execute(question)
    return cursor.fetchone()[0]


def test_sqlite_chooses_its_plans_as_in_the_tests(transactional_db, homes, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL counts its tables by itself.")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        assert told(cursor, COUNTED) > 0

        assert housekeeping(tmp_path).failed == []

        assert told(cursor, COUNTED) == 0
