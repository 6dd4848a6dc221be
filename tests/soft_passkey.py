"""A passkey in software, which does what a browser and its device do: for tests without a browser."""

import hashlib
import json
import os
import struct
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode

USER_PRESENT, USER_VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class SoftPasskey:
    """One key pair for one account of one site. `counts` tells whether it counts its uses."""

    def __init__(self, origin: str = "http://localhost:8000", rp_id: str = "localhost", *, counts: bool = True) -> None:
        self.origin, self.rp_id, self.counts = origin, rp_id, counts
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(32)
        self.user_handle = b""
        self.used = 0

    def made(self, options: dict[str, Any], *, verified: bool = True) -> dict[str, Any]:
        """The answer to being asked for a new passkey."""
        self.user_handle = websafe_decode(options["user"]["id"])
        public = dict(ES256.from_cryptography_key(self.key.public_key()))
        credential = b"\0" * 16 + struct.pack(">H", len(self.id)) + self.id + cbor.encode(public)
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._data(ATTESTED, verified) + credential}
        return self._answer(
            {
                "clientDataJSON": self._client("webauthn.create", options["challenge"]),
                "attestationObject": cbor.encode(attestation),
            }
        )

    def shown(self, options: dict[str, Any], *, verified: bool = True) -> dict[str, Any]:
        """The answer to being asked for this passkey."""
        self.used += self.counts
        client, data = self._client("webauthn.get", options["challenge"]), self._data(0, verified)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": client,
                "authenticatorData": data,
                "signature": signed,
                "userHandle": self.user_handle,
            }
        )

    def _data(self, flags: int, verified: bool) -> bytes:
        flags |= USER_PRESENT | (USER_VERIFIED if verified else 0)
        return hashlib.sha256(self.rp_id.encode()).digest() + struct.pack(">BI", flags, self.used)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, response: dict[str, bytes]) -> dict[str, Any]:
        named = {name: websafe_encode(value) for name, value in response.items()}
        return {
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "type": "public-key",
            "clientExtensionResults": {},
            "response": named,
        }
