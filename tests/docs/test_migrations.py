"""Migrations hold what models say."""

import pytest
from django.core.management import call_command

ROOMS = ["people", "stories", "fronts", "letterbox", "corrections", "readers", "patrons", "mailroom"]


@pytest.mark.django_db
def test_no_migration_is_missing(capsys):
    try:
        call_command("makemigrations", *ROOMS, check=True, dry_run=True, verbosity=1)
    except SystemExit as stop:
        pytest.fail(f"makemigrations would write ({stop.code}):\n{capsys.readouterr().out}")


def test_the_settings_pass_their_own_check():
    call_command("check", fail_level="WARNING")
