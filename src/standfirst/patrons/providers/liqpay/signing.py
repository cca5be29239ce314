"""`signature` = base64(HASH(private key + data + private key)); SHA-1 by the official pages, SHA3-256 in newer ones."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from standfirst.patrons.errors import BadSignature, NotRead

_HASHES = {"sha1": hashlib.sha1, "sha3-256": hashlib.sha3_256}


def data_of(said: dict[str, Any]) -> str:
    return base64.b64encode(json.dumps(said, ensure_ascii=False).encode()).decode()


def signature(*, private_key: str, data: str, algorithm: str) -> str:
    return base64.b64encode(_HASHES[algorithm](f"{private_key}{data}{private_key}".encode()).digest()).decode()


def check(*, private_key: str, data: str, given: str, algorithm: str) -> None:
    wanted = signature(private_key=private_key, data=data, algorithm=algorithm)
    if not hmac.compare_digest(wanted.encode(), given.encode()):
        raise BadSignature(f"The signature of the message is not LiqPay's by {algorithm}.")


def read(data: str) -> dict[str, Any]:
    try:
        said = json.loads(base64.b64decode(data, validate=True))
    except ValueError as error:
        raise NotRead("The message of LiqPay cannot be read.") from error
    if not isinstance(said, dict):
        raise NotRead("The message of LiqPay cannot be read.")
    return said
