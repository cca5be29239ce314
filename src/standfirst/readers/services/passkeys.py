"""Passkeys: a device of the reader's signs in for her (WebAuthn Level 2). Each challenge is good once."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from standfirst.readers.errors import PasskeyRefused
from standfirst.readers.models import Passkey, Reader
from standfirst.readers.selectors import mark_of

#: As long as a person may take to find her phone.
CHALLENGE_SECONDS = 5 * 60
MOST = 20
#: What a made-up answer of a device runs into.
WRONG = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
VERIFIED = UserVerificationRequirement.REQUIRED


def offer(*, reader: Reader, origin: str, paper: str, browser: str) -> dict[str, Any]:
    """What a browser needs to make a passkey for this reader. browser: the secret of its cookie."""
    options, state = _server(origin, paper).register_begin(
        PublicKeyCredentialUserEntity(
            id=reader.handle.encode(), name=reader.email, display_name=reader.name or reader.email
        ),
        [_kept(key) for key in reader.passkeys.all()],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=VERIFIED,
    )
    _remember("add", browser, state)
    return dict(options)


def passkey_add(*, reader: Reader, answer: str, name: str, origin: str, paper: str, browser: str) -> Passkey:
    """Keep the passkey that a browser has made. Raises PasskeyRefused."""
    state = _remembered("add", browser)
    try:
        response = RegistrationResponse.from_dict(json.loads(answer))
        made = _server(origin, paper).register_complete(state, response).credential_data
        if made is None or reader.passkeys.count() >= MOST:
            raise PasskeyRefused
        counter = response.response.attestation_object.auth_data.counter
        with transaction.atomic():
            return Passkey.objects.create(
                reader=reader,
                name=name.strip()[:80] or _("Passkey"),
                credential=websafe_encode(made.credential_id),
                public_key=bytes(made),
                sign_count=counter,
            )
    except (*WRONG, IntegrityError) as error:
        raise PasskeyRefused from error


def ask(*, origin: str, paper: str, browser: str) -> dict[str, Any]:
    """What a browser needs to sign somebody in; names nobody, the device knows whose key it has."""
    options, state = _server(origin, paper).authenticate_begin(user_verification=VERIFIED)
    _remember("sign-in", browser, state)
    return dict(options)


def passkey_used(*, answer: str, origin: str, paper: str, browser: str) -> Reader:
    """The reader whose passkey has signed our challenge. Raises PasskeyRefused."""
    state = _remembered("sign-in", browser)
    try:
        response = AuthenticationResponse.from_dict(json.loads(answer))
        key = Passkey.objects.select_related("reader").get(credential=websafe_encode(response.raw_id))
        _server(origin, paper).authenticate_complete(state, [_kept(key)], response)
        handle = response.response.user_handle
        if handle is not None and handle != key.reader.handle.encode():
            raise PasskeyRefused
        counter = response.response.authenticator_data.counter
    except (*WRONG, Passkey.DoesNotExist) as error:
        raise PasskeyRefused from error
    # A device that counts must go on counting: two with one key are a copy. Synced passkeys stay at nought.
    if counter <= key.sign_count and (counter or key.sign_count):
        raise PasskeyRefused
    Passkey.objects.filter(pk=key.pk).update(sign_count=counter, used_on=timezone.localdate())
    return key.reader


def passkey_rename(*, passkey: Passkey, name: str) -> Passkey:
    passkey.name = name.strip()[:80] or passkey.name
    passkey.save(update_fields=["name"])
    return passkey


def passkey_remove(*, passkey: Passkey) -> None:
    passkey.delete()


def _server(origin: str, paper: str) -> Fido2Server:
    host = urlsplit(origin).hostname or ""
    return Fido2Server(PublicKeyCredentialRpEntity(id=host, name=paper), verify_origin=lambda said: said == origin)


def _kept(key: Passkey) -> AttestedCredentialData:
    return AttestedCredentialData(bytes(key.public_key))


def _remember(what: str, browser: str, state: Any) -> None:
    cache.set(f"readers:{what}:{mark_of(browser)}", state, CHALLENGE_SECONDS)


def _remembered(what: str, browser: str) -> Any:
    """The challenge this browser was given; gone with the asking, so that an answer counts once."""
    key = f"readers:{what}:{mark_of(browser)}"
    state = cache.get(key)
    if state is None or not cache.delete(key):
        raise PasskeyRefused
    return state
