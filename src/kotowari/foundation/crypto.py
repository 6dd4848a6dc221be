"""The keyring, and how personal data is sealed with it: AES-256-GCM, bound to one row and column.

A sealed value opens only where it was sealed: its label ("bank_account.number") and the key of its row are
authenticated with it, so a value copied into another row or column does not open there. Whatever does not
open raises; a ciphertext is never handed out in place of the text. Keys stand in a keyring, newest first:
the first key seals, all of them open. Models use it through `foundation.sealed`. The format and how keys are
changed stand in docs/security/encryption.md.
"""

import base64
import binascii
import fcntl
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from kotowari.kernel.errors import KotowariError

KEYRING_VARIABLE = "KOTOWARI_KEYRING"
FORMAT = b"\x01"
KEY_BYTES = 32
KEY_ID_BYTES = 4
NONCE_BYTES = 12
TAG_BYTES = 16
HEAD_BYTES = len(FORMAT) + KEY_ID_BYTES
SMALLEST_SEALED_BYTES = HEAD_BYTES + NONCE_BYTES + TAG_BYTES


class CryptoError(KotowariError):
    """A sealed value or a keyring cannot be used."""


class KeyringInvalid(CryptoError):  # noqa: N818
    """The keyring does not hold what it must; the message says which line."""


class UnknownKey(CryptoError):  # noqa: N818
    """A value was sealed with a key that is not in the keyring."""

    def __init__(self, key_id: str, label: str) -> None:
        self.key_id, self.label = key_id, label
        super().__init__(f"{label}: sealed with key {key_id}, which is not in the keyring")


class SealBroken(CryptoError):  # noqa: N818
    """A value was damaged, or sealed for another row or column, or never sealed at all."""

    def __init__(self, label: str, row: str) -> None:
        self.label, self.row = label, row
        super().__init__(f"{label} of {row} does not open: damaged, or not sealed for this place")


@dataclass(frozen=True, slots=True)
class Key:
    """32 secret bytes; `id` is computed from them, so that a key cannot be filed under a wrong name."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise KeyringInvalid(f"a key has {KEY_BYTES} bytes, not {len(self.secret)}")

    @property
    def id(self) -> bytes:
        return hashlib.sha256(b"kotowari key id" + self.secret).digest()[:KEY_ID_BYTES]

    @classmethod
    def made(cls) -> Self:
        """A new random key."""
        return cls(secrets.token_bytes(KEY_BYTES))


@dataclass(frozen=True)
class Keyring:
    """The keys in force, newest first. `seal_keys` hide values, `index_keys` find them; never the same."""

    seal_keys: tuple[Key, ...]
    index_keys: tuple[Key, ...]

    def __post_init__(self) -> None:
        if not self.seal_keys or not self.index_keys:
            raise KeyringInvalid("a keyring needs at least one seal key and one index key")
        everything = [key.id for key in (*self.seal_keys, *self.index_keys)]
        if len(set(everything)) != len(everything):
            raise KeyringInvalid("a key stands twice in the keyring")

    @classmethod
    def made(cls) -> Self:
        """A new keyring with one key of each kind."""
        return cls((Key.made(),), (Key.made(),))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read lines of `seal <base64url>` or `index <base64url>`; `;` also ends a line, `#` begins a comment."""
        found: dict[str, list[Key]] = {"seal": [], "index": []}
        for number, line in enumerate(text.replace(";", "\n").splitlines(), 1):
            words = line.partition("#")[0].split()
            if not words:
                continue
            if len(words) != 2 or words[0] not in found:
                raise KeyringInvalid(f"line {number} of the keyring is neither 'seal KEY' nor 'index KEY'")
            try:
                secret = base64.b64decode(words[1].encode(), altchars=b"-_", validate=True)
            except (binascii.Error, UnicodeEncodeError):
                raise KeyringInvalid(f"line {number} of the keyring is not base64url") from None
            if len(secret) != KEY_BYTES:
                raise KeyringInvalid(f"line {number} of the keyring has {len(secret)} bytes, not {KEY_BYTES}")
            found[words[0]].append(Key(secret))
        return cls(tuple(found["seal"]), tuple(found["index"]))

    def render(self) -> str:
        """The keyring as its file holds it."""
        lines = ["# Keys of the personal data in the database, newest first. Lost keys mean lost data."]
        for kind, keys in (("seal", self.seal_keys), ("index", self.index_keys)):
            lines += [f"{kind} {base64.urlsafe_b64encode(k.secret).decode()}  # {k.id.hex()}" for k in keys]
        return "\n".join(lines) + "\n"

    @cached_property
    def _ciphers(self) -> dict[bytes, AESGCM]:
        return {key.id: AESGCM(key.secret) for key in self.seal_keys}

    @cached_property
    def _head(self) -> bytes:
        return FORMAT + self.seal_keys[0].id

    def seal(self, plain: bytes, *, label: str, row: str) -> bytes:
        """Hide `plain` for one place: format, key id, nonce, ciphertext with tag."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        hidden = self._ciphers[self.seal_keys[0].id].encrypt(nonce, plain, _place(self._head, label, row))
        return self._head + nonce + hidden

    def open(self, sealed: bytes, *, label: str, row: str) -> bytes:
        """What was sealed for this place. Raises `UnknownKey` or `SealBroken`, whatever is wrong."""
        if len(sealed) < SMALLEST_SEALED_BYTES or sealed[:1] != FORMAT:
            raise SealBroken(label, row)
        head, rest = sealed[:HEAD_BYTES], sealed[HEAD_BYTES:]
        cipher = self._ciphers.get(head[1:])
        if cipher is None:
            raise UnknownKey(head[1:].hex(), label)
        try:
            return cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], _place(head, label, row))
        except InvalidTag:
            raise SealBroken(label, row) from None

    def is_current(self, sealed: bytes) -> bool:
        """Whether the newest key sealed it."""
        return sealed[:HEAD_BYTES] == self._head

    def indexes(self, value: str, *, label: str) -> list[bytes]:
        """The blind index of a value under every index key, newest first: 32 bytes each, for equality only."""
        text = _measured(label.encode()) + value.encode()
        return [hmac.digest(key.secret, text, "sha256") for key in self.index_keys]

    def index(self, value: str, *, label: str) -> bytes:
        """The blind index to store: equal values under one label give equal bytes, and only that shows."""
        return self.indexes(value, label=label)[0]


def _place(head: bytes, label: str, row: str) -> bytes:
    """The bytes authenticated beside the text. Lengths go first, so that no two places read the same."""
    return head + _measured(label.encode()) + _measured(row.encode())


def _measured(part: bytes) -> bytes:
    return len(part).to_bytes(4, "big") + part


# --- The keyring of this installation ------------------------------------------------------------------


def keyring() -> Keyring:
    """The keys of this installation: `KOTOWARI_KEYRING`, else the keyring file, made at the first start.

    The file is read again whenever it changed, so a new key needs no restart.
    """
    given = os.environ.get(KEYRING_VARIABLE)
    if given:
        return _parsed(given)
    path = keyring_path()
    try:
        stat = path.stat()
    except FileNotFoundError:
        _create(path)
        stat = path.stat()
    return _read(path, stat.st_ino, stat.st_mtime_ns, stat.st_size)


def keyring_path() -> Path:
    """Where the keyring file stands: beside the other secrets, never in the database or its backups."""
    return Path(settings.DATA_DIR) / "secrets" / "keyring"


def add_seal_key() -> str:
    """Put a new seal key first in the keyring file; returns its id. Old values open as before: then `reseal`."""
    return _add("seal_keys")


def add_index_key() -> str:
    """Put a new index key first in the keyring file; returns its id. Searches find old values until `reseal`."""
    return _add("index_keys")


def _add(kind: str) -> str:
    if os.environ.get(KEYRING_VARIABLE):
        raise KeyringInvalid(f"the keys come from {KEYRING_VARIABLE}: add the new key there")
    keyring()
    path, key = keyring_path(), Key.made()
    with _alone(path):
        ring = Keyring.parse(path.read_text())
        ring = replace(ring, **{kind: (key, *getattr(ring, kind))})
        os.replace(_written_beside(path, ring), path)
        _flush_folder(path.parent)
    return key.id.hex()


@lru_cache(maxsize=8)
def _parsed(text: str) -> Keyring:
    return Keyring.parse(text)


@lru_cache(maxsize=8)
def _read(path: Path, _inode: int, _mtime_ns: int, _size: int) -> Keyring:
    return Keyring.parse(path.read_text())


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(path):
        if not path.exists():
            os.replace(_written_beside(path, Keyring.made()), path)
            _flush_folder(path.parent)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One process at a time: two that each add a key would lose one, and with it what it sealed meanwhile."""
    descriptor = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _written_beside(path: Path, ring: Keyring) -> Path:
    """The new keyring, whole and on the disk, ready to take the old one's place."""
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(ring.render())
        file.flush()
        os.fsync(file.fileno())
    return beside


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
