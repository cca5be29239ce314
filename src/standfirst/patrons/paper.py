"""Receipts on paper."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

from django.contrib.staticfiles import finders
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from standfirst.kit import money
from standfirst.patrons.models import Receipt
from standfirst.patrons.providers.sandbox import Sandbox


def said(receipt: Receipt) -> dict[str, Any]:
    """What a receipt says, on the page and on paper."""
    payment, words = receipt.payment, receipt.words
    is_back = payment.amount_minor < 0
    if is_back:
        title = _("Credit note %(number)s") % {"number": receipt}
    else:
        title = _("Receipt %(number)s") % {"number": receipt}
    amount = money.for_people(payment.amount_minor, payment.currency)
    lines = [
        (_("Date"), date_format(timezone.localtime(payment.at), "DATE_FORMAT")),
        (_("From"), receipt.name or "—"),
        (_("Amount"), f"{amount} ({payment.currency})"),
        (_("For"), _("A donation, for nothing in return") if payment.is_donation else words.get("tier") or "—"),
        (_("Reference"), words.get("reference", "")),
    ]
    issuer = [one for one in (words.get("issuer"), words.get("address"), words.get("registration")) if one]
    is_sandbox = payment.provider == Sandbox.name
    return {"title": title, "lines": lines, "issuer": issuer, "tax": words.get("tax", ""), "sandbox": is_sandbox}


#: The house's own letters, in the parts in which pages load them; the first that has a sign draws it.
_PARTS = ("latin", "cyrillic", "latin-ext")
_LEFT, _TOP, _WIDTH = 62.0, 770.0, 470.0


@cache
def _faces() -> list[tuple[str, frozenset[int]]]:
    """The parts as faces that a PDF can hold, each with the signs it has."""
    from fontTools.ttLib import TTFont as Source
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    found = []
    for part in _PARTS:
        file = finders.find(f"theme/fonts/brygada-1918-{part}-normal.woff2")
        source = Source(file)
        signs = frozenset(source.getBestCmap())
        source.flavor = None
        plain = io.BytesIO()
        source.save(plain)
        plain.seek(0)
        pdfmetrics.registerFont(TTFont(f"brygada-{part}", plain))
        found.append((f"brygada-{part}", signs))
    return found


def _runs(text: str) -> list[tuple[str, str]]:
    """The text in pieces, each with the face that has all its signs; what none has becomes a blank."""
    runs: list[tuple[str, str]] = []
    for sign in text.replace("\u202f", " ").replace("\u00a0", " ").replace("−", "-"):
        face = next((name for name, signs in _faces() if ord(sign) in signs), "")
        sign, face = (sign, face) if face else (" ", _faces()[0][0])
        if runs and runs[-1][0] == face:
            runs[-1] = (face, runs[-1][1] + sign)
        else:
            runs.append((face, sign))
    return runs


def _width(text: str, size: float) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return sum(stringWidth(piece, face, size) for face, piece in _runs(text))


def _lines(text: str, size: float, width: float) -> list[str]:
    lines: list[str] = []
    for paragraph in text.splitlines():
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and _width(longer, size) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return lines


def pdf(receipt: Receipt) -> bytes:
    """The receipt as one page of A4, in the language it was made in."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    facts, out = said(receipt), io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True, lang=receipt.language)
    canvas.setTitle(facts["title"])
    y = _TOP

    def written(text: str, size: float, x: float = _LEFT, width: float = _WIDTH) -> None:
        nonlocal y
        for line in _lines(text, size, width):
            at = x
            for face, piece in _runs(line):
                canvas.setFont(face, size)
                canvas.drawString(at, y, piece)
                at += _width(piece, size)
            y -= size * 1.4

    for line in facts["issuer"]:
        written(line, 11)
    y -= 26
    written(facts["title"], 22)
    y -= 14
    if facts["sandbox"]:
        written(_("Sandbox: this is for trying out. No money moves."), 11)
        y -= 10
    for label, value in facts["lines"]:
        top = y
        written(str(label), 11, width=110)
        y, below = top, y
        # With its code in letters: not every face has every sign of a currency.
        written(str(value), 11, _LEFT + 120, _WIDTH - 120)
        y = min(y, below) - 4
    if facts["tax"]:
        y -= 18
        written(facts["tax"], 10)
    canvas.save()
    return out.getvalue()
