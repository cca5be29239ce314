"""Second factors at rest: sealed with the newsroom's secret key, so that the database alone opens no account.

Who has a copy of the database and not of `standfirst.toml` can neither compute an app's digits nor read recovery codes.
"""

from __future__ import annotations

import base64
import functools

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

#: Names the way of sealing; what stands in the database without it was never sealed.
MARK = "sf1:"


class Unreadable(Exception):
    """It was sealed with another key."""


def seal(text: str) -> str:
    return MARK + _lock(settings.SECRET_KEY).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """Raises Unreadable when the newsroom's secret key is not the one it was sealed with."""
    if not sealed.startswith(MARK):
        return sealed
    try:
        return _lock(settings.SECRET_KEY).decrypt(sealed[len(MARK) :].encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def resealed(data: dict[str, object], act: object) -> dict[str, object]:
    """The stored data of a second factor with each of its secrets passed through `act`."""
    assert callable(act)
    new = dict(data)
    for name in ("secret", "seed"):
        if isinstance(new.get(name), str):
            new[name] = act(new[name])
    if isinstance(new.get("migrated_codes"), list):
        new["migrated_codes"] = [act(code) for code in new["migrated_codes"]]  # type: ignore[attr-defined]
    return new


@functools.lru_cache(maxsize=4)
def _lock(secret_key: str) -> Fernet:
    # 256 random bits go in, so one cheap derivation is enough; the label keeps it apart from other uses of the key.
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"standfirst.people.second-factors").derive(
        secret_key.encode()
    )
    return Fernet(base64.urlsafe_b64encode(key))
