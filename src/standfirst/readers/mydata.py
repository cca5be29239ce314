"""Everything that is kept about a person, gathered from the privacy register."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language

from standfirst.kit.keeping import Holding, holdings


@dataclass(frozen=True)
class Kept:
    holding: Holding
    rows: list[dict[str, Any]]


def kept_about(email: str) -> list[Kept]:
    """What is kept under an address, by holding; holdings with nothing are left out."""
    return [Kept(holding, rows) for holding in holdings() if (rows := holding.given(email))]


def gathered(email: str) -> dict[str, Any]:
    """The same as plain data, with what the register says of it."""
    return {
        "paper": settings.NEWSROOM.name,
        "address": email,
        "made_at": timezone.now(),
        "kept": [
            {
                "key": kept.holding.key,
                "what": str(kept.holding.what),
                "why": str(kept.holding.why),
                "how_long": str(kept.holding.how_long),
                "basis": kept.holding.basis,
                "rows": kept.rows,
            }
            for kept in kept_about(email)
        ],
    }


def packed(email: str) -> bytes:
    """A ZIP with everything.json and everything.html, which say the same."""
    data = gathered(email)
    pages = {
        "everything.json": json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1) + "\n",
        "everything.html": render_to_string("readers/everything.html", {**data, "language": get_language()}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in pages.items():
            archive.writestr(name, text)
    return out.getvalue()
