"""Lists of patrons and members, and what became of them."""

import datetime as dt
from pathlib import Path

from standfirst.patrons.models import Pledge
from standfirst.patrons.services import Choices, members_import
from tests.cast import EDITOR

LISTS = Path(__file__).parent / "lists"
NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
VIRA = "patron@readers.example"


def text(name):
    return (LISTS / f"{name}.csv").read_text()


def taken(data, name="list.csv", now=NOW, for_show=False, **choices):
    data = data.encode() if isinstance(data, str) else data
    return members_import(name=name, data=data, by=EDITOR.email, choices=Choices(**choices), now=now, for_show=for_show)


def standing(state=None):
    return {one.email.partition("@")[0]: one.state for one in Pledge.objects.all() if state in (None, one.state)}
