"""What `doctor` asks before readers come, and on every night after: backups, people, words, sign-ins."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from standfirst.kit.statefile import read_json
from standfirst.ops import folders
from standfirst.ops.backup import LAST_BACKUP
from standfirst.ops.finding import ADVICE, OK, PROBLEM, Finding

if TYPE_CHECKING:
    from standfirst.config.newsroom import Newsroom

LAST_DRILL = "last-drill.json"
OLD_DAYS, VERY_OLD_DAYS, DRILL_DAYS = 2, 8, 40


def backups(newsroom: Newsroom) -> Iterator[Finding]:
    run = newsroom.data / "run"
    last = read_json(run / LAST_BACKUP)
    how = f"standfirst --newsroom {newsroom.folder} backup FILE; better a timer (docs: Going live, 7)"
    if not last:
        state = ADVICE if newsroom.is_public else OK
        yield Finding("backup", state, "none was made here yet", how)
        return
    file, days = Path(last["file"]), (time.time() - last["at"]) / 86_400
    if days > OLD_DAYS:
        state = PROBLEM if days > VERY_OLD_DAYS else ADVICE
        yield Finding(
            "backup",
            state,
            f"the last one is {days:.0f} days old: {file}",
            "See why the timer makes none: systemctl status standfirst-backup.timer standfirst-backup.service",
        )
    elif not file.exists():
        yield Finding("backup", ADVICE, f"the last one, {file}, is not there any more", how)
    else:
        yield Finding("backup", OK, f"{_ago(last['at'])}: {file}")
    tried = read_json(run / LAST_DRILL)
    if not newsroom.is_public and not tried:
        return
    if tried.get("problems"):
        yield Finding(
            "drill", PROBLEM, f"{tried['file']} did not come back whole", "standfirst drill says what is wrong"
        )
    elif not tried or (time.time() - tried["at"]) / 86_400 > DRILL_DAYS:
        seen = f"no backup was tried for {DRILL_DAYS} days" if tried else "no backup was ever tried"
        yield Finding("drill", ADVICE, seen, "standfirst drill; better a timer (docs: Going live, 7)")
    else:
        yield Finding("drill", OK, f"a backup came back whole, {_ago(tried['at'])}")


def people(newsroom: Newsroom) -> Iterator[Finding]:
    """Whether somebody can still look after the desk when one phone is lost."""
    from allauth.mfa.models import Authenticator
    from django.db.utils import Error

    from standfirst.people.middleware import SECOND_FACTORS
    from standfirst.people.models import User

    try:
        administrators = list(User.objects.filter(is_active=True, is_superuser=True))
        factors = list(Authenticator.objects.filter(user__is_active=True))
    except Error:
        return  # said under database
    if not administrators:
        yield Finding(
            "people", PROBLEM, "there is no administrator", "standfirst people add ADDRESS --role administrator"
        )
        return
    closed = sum(_is_closed(factor) for factor in factors if factor.type != Authenticator.Type.WEBAUTHN)
    if closed:
        yield Finding(
            "people",
            PROBLEM,
            f"{closed} authenticator apps and sets of recovery codes were sealed with another secret_key",
            "Put the old secret_key back, or for each: standfirst people reset ADDRESS",
        )
    if not newsroom.is_public:
        yield Finding("people", OK, f"{len(administrators)} administrators, {User.objects.count()} accounts")
        return
    able = {factor.user_id for factor in factors if factor.type in SECOND_FACTORS}
    without = [user.email for user in administrators if user.pk not in able]
    if without:
        yield Finding(
            "people",
            ADVICE,
            f"{', '.join(without[:3])} never set up a second factor",
            "Sign in at /desk/, or have it done; until then whoever knows the first password can",
        )
    if len(administrators) == 1:
        yield Finding(
            "people",
            ADVICE,
            f"{administrators[0].email} is the only administrator: with her phone lost, only this shell helps",
            "Make a second one at the desk (Settings, Users), and keep recovery codes on paper",
        )
    elif not without and not closed:
        yield Finding("people", OK, f"{len(administrators)} administrators, each with a second factor")


def _is_closed(factor: object) -> bool:
    from standfirst.people import sealing

    try:
        sealing.resealed(factor.data, sealing.unseal)  # type: ignore[attr-defined]
    except sealing.Unreadable:
        return True
    return False


def sign_ins(newsroom: Newsroom) -> Iterator[Finding]:
    if not newsroom.is_public:
        return
    for file in sorted((newsroom.data / "secrets").glob("*" + folders.SIGN_INS)):
        yield Finding(
            "sign-ins",
            ADVICE,
            f"the first password still lies in {file}",
            f"Sign in, change the password at the desk, then: rm {file}",
        )


def words(newsroom: Newsroom) -> Iterator[Finding]:
    """Standing pages with gaps that only the newsroom can fill."""
    from django.db.utils import Error

    from standfirst.fronts.selectors import standing_to_fill

    if not newsroom.is_public:
        return
    try:
        waiting = [page.title for page in standing_to_fill()]
    except Error:
        return
    if waiting:
        named = ", ".join(waiting[:4]) + (" …" if len(waiting) > 4 else "")
        yield Finding(
            "pages",
            ADVICE,
            f"{len(waiting)} standing pages wait for what only you know: {named}",
            "The first page of the desk names them; read them and fill the gaps before readers come",
        )
    else:
        yield Finding("pages", OK, "no standing page has a gap")


def _ago(at: float) -> str:
    hours = (time.time() - at) / 3600
    return f"{hours:.0f} hours ago" if hours < 48 else f"{hours / 24:.0f} days ago"
