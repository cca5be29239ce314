"""Codes by e-mail: made, kept as a keyed hash, used once, in the browser that asked."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
import unicodedata

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from standfirst.kit import mailaddress
from standfirst.readers.errors import CodeOver, CodeWrong
from standfirst.readers.models import Code, Reader
from standfirst.readers.selectors import mark_of

DIGITS = 8
LIFE = dt.timedelta(minutes=15)
TRIES = 5


def code_ask(
    *, email: str, browser: str, purpose: str = Code.Purpose.SIGN_IN, reader: Reader | None = None, instead: str = ""
) -> str:
    """A new code for an address, good for LIFE in the browser that holds the secret `browser`. Returns its digits.

    Asks nothing about readers, so that nobody learns by it who has an account. instead: the secret of an earlier
    request of the same browser, whose code ends now.
    """
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    email = mailaddress.normal(email)
    now = timezone.now()
    Code.objects.filter(browser=mark_of(instead)).delete()
    Code.objects.create(
        purpose=purpose,
        email=email,
        reader=reader,
        browser=mark_of(browser),
        mark=_mark(browser, purpose, email, code),
        made_at=now,
        expires_at=now + LIFE,
    )
    return code


def code_use(*, browser: str, typed: str, purpose: str = Code.Purpose.SIGN_IN, reader: Reader | None = None) -> str:
    """Take a code, once; returns the address it was sent to.

    Call it outside a transaction: the count of tries must stay whatever follows.
    Raises CodeWrong with the tries left, or CodeOver.
    """
    row = Code.objects.filter(
        browser=mark_of(browser), purpose=purpose, reader=reader, expires_at__gt=timezone.now()
    ).first()
    if row is None or not Code.objects.filter(pk=row.pk, tries__lt=TRIES).update(tries=F("tries") + 1):
        raise CodeOver
    digits = "".join(
        str(unicodedata.decimal(letter)) for letter in typed[:40] if unicodedata.decimal(letter, None) is not None
    )
    if not hmac.compare_digest(row.mark, _mark(browser, purpose, row.email, digits)):
        left = max(0, TRIES - row.tries - 1)
        if not left:
            raise CodeOver
        raise CodeWrong(left=left)
    # Two that come at once with the right code: one of them deletes it.
    if not Code.objects.filter(pk=row.pk).delete()[0]:
        raise CodeOver
    return row.email


def _mark(browser: str, purpose: str, email: str, code: str) -> str:
    key = hashlib.sha256(b"standfirst.readers.code" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, f"{browser}|{purpose}|{email}|{code}".encode(), hashlib.sha256).hexdigest()
