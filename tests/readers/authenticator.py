"""A passkey in software: what a phone does when its owner puts her finger on it."""

from __future__ import annotations

import hashlib
import json
import secrets
import struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class Authenticator:
    def __init__(self, *, origin="http://testserver", rp="testserver", flags=PRESENT | VERIFIED):
        self.origin, self.rp, self.flags = origin, rp, flags
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)
        self.counter, self.handle = 0, b""

    def _client(self, kind, challenge):
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _data(self, flags, more=b""):
        return hashlib.sha256(self.rp.encode()).digest() + struct.pack(">BI", flags, self.counter) + more

    def _answer(self, response):
        name = websafe_encode(self.id)
        said = {key: websafe_encode(value) for key, value in response.items()}
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": said, "clientExtensionResults": {}}
        )

    def make(self, options):
        """Make a key for what /account/passkeys/offer/ offers."""
        options = options["publicKey"]
        self.handle = websafe_decode(options["user"]["id"])
        public = cbor.encode(ES256.from_cryptography_key(self.key.public_key()))
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        data = self._data(self.flags | ATTESTED, attested)
        return self._answer({
            "clientDataJSON": self._client("webauthn.create", options["challenge"]),
            "attestationObject": cbor.encode({"fmt": "none", "attStmt": {}, "authData": data}),
        })  # fmt: skip

    def sign(self, options, *, counter=0):
        """Sign what /account/passkeys/ask/ asks."""
        self.counter = counter
        client = self._client("webauthn.get", options["publicKey"]["challenge"])
        data = self._data(self.flags)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer({
            "clientDataJSON": client, "authenticatorData": data, "signature": signature, "userHandle": self.handle,
        })  # fmt: skip
