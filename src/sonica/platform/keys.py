"""Keys to sign with, each in a file that only its owner may read."""

import base64
import hashlib
import os
import stat
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from sonica.platform.errors import SonicaError
from sonica.platform.files import exclusive_lock, replacing

FOLDER = "keys"
PRIVATE = 0o600


class KeyFileError(SonicaError):
    """Codes: `key_unreadable`, `key_not_private` (others may read it), `key_not_writable`."""


class SigningKey:
    """An Ed25519 key. `public`: its 32 bytes; `id`: by which it is told from later ones."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = hashlib.sha256(self.public).hexdigest()[:16]

    def __repr__(self) -> str:
        return f"SigningKey({self.id})"

    def sign(self, message: bytes) -> bytes:
        """The signature of a message, 64 bytes."""
        return self._private.sign(message)

    @property
    def pem(self) -> str:
        """The public key as `openssl` reads it."""
        made = self._private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return made.decode("ascii")


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature is of the message, by the key whose public half is given (32 bytes)."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def signing_key(home: Path, name: str) -> SigningKey:
    """The key of that name in the data folder, made where there is none yet. Raises KeyFileError."""
    file = home / FOLDER / f"{name}.pem"
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with exclusive_lock(file.parent / ".lock"):
            if not file.exists():
                _make(file)
        return SigningKey(_load(file))
    except OSError as error:
        said = f"The key {file} could not be made or read ({error.strerror})."
        raise KeyFileError("key_not_writable", said, "Check who owns that folder.") from error


def _make(file: Path) -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with replacing(file) as temporary:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
        with os.fdopen(descriptor, "wb") as new:
            new.write(pem)


def _load(file: Path) -> Ed25519PrivateKey:
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & 0o077:
        said = f"Others may read the key {file} (mode {mode:o})."
        hint = f"If nobody else had it: chmod 600 {file}. Else remove it: a new one is made."
        raise KeyFileError("key_not_private", said, hint)
    try:
        key = load_pem_private_key(file.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        said = f"{file} holds no Ed25519 key."
        raise KeyFileError(
            "key_unreadable", said, "Restore it from a backup, or remove it: a new one is made."
        )
    return key


def as_text(data: bytes) -> str:
    """Bytes as base64."""
    return base64.b64encode(data).decode("ascii")
