"""Calls to a payment company: plain HTTP with a short patience, and one sentence when it does not answer."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import urllib3

from standfirst.patrons.errors import ProviderAway

_POOL = urllib3.PoolManager(
    num_pools=4, maxsize=4, timeout=urllib3.Timeout(connect=5, read=15), retries=urllib3.Retry(0, redirect=0)
)
MOST_BYTES = 2 * 1024 * 1024


def call(
    method: str,
    url: str,
    *,
    company: str,
    fields: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    missing_ok: bool = False,
) -> dict[str, Any]:
    """The JSON object that the company answers. Raises ProviderAway for everything else; {} for a 404 if `missing_ok`.

    What it says goes into no message: it can hold a card's or a person's data.
    """
    body = None
    sent = {"Accept": "application/json", **(headers or {})}
    if fields is not None and method == "POST":
        body = urlencode(fields).encode()
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    elif fields:
        url = f"{url}?{urlencode(fields)}"
    try:
        answer = _POOL.request(method, url, body=body, headers=sent, preload_content=False)
        try:
            data = answer.read(MOST_BYTES + 1)
        finally:
            answer.release_conn()
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise ProviderAway(f"{company} does not answer ({type(error).__name__}).") from error
    if missing_ok and answer.status == 404:
        return {}
    if not 200 <= answer.status < 300:
        raise ProviderAway(f"{company} refused the call with status {answer.status}{_code(data)}.")
    try:
        said = json.loads(data)
    except ValueError as error:
        raise ProviderAway(f"{company} answered with something that cannot be read.") from error
    if not isinstance(said, dict):
        raise ProviderAway(f"{company} answered with something that cannot be read.")
    return said


def _code(data: bytes) -> str:
    """The company's own code of a refusal, which names no person."""
    try:
        code = json.loads(data)["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return ""
    return f" ({code})" if isinstance(code, str) and code.isascii() and len(code) < 60 else ""


def idempotency_key(*parts: str) -> str:
    """A UUID of version 4's form that is the same for the same act, so that a call that is repeated is one call."""
    digest = hashlib.sha256("\n".join(parts).encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))


def basic(user: str, password: str = "") -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
