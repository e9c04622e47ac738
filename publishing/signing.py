"""Signing the sums of a bundle with a key of one's own (Ed25519), and checking who signed.

Offline and by a maintained library. A key is a PEM file: ``openssl genpkey -algorithm ed25519 -out key.pem``.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from frisat.errors import UsageError
from frisat.files import sha256

VARIABLE = "FRISAT_SIGNING_KEY"
SIGNATURE, PUBLIC_KEY = "SHA256SUMS.sig", "SHA256SUMS.pub"


def signing_key() -> Ed25519PrivateKey | None:
    """Return the key in the file that ``FRISAT_SIGNING_KEY`` names, or ``None`` where it is not set.

    Raises:
        UsageError: there is no such file, or it holds no Ed25519 key.
    """
    name = os.environ.get(VARIABLE, "").strip()
    if not name:
        return None
    try:
        key = load_pem_private_key(Path(name).read_bytes(), password=None)
    except OSError as error:
        raise UsageError(f"{VARIABLE} names {name}, which cannot be read: {error.strerror}") from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UsageError(f"{VARIABLE} names {name}, which holds no private key without a password: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(f"{VARIABLE} names {name}, which is no Ed25519 key; 'frisat review key FILE' makes one")
    return key


def new_key(path: Path) -> str:
    """Write a new key to ``path``, readable by nobody else; return the fingerprint of its public half.

    Raises:
        UsageError: something is there already, or it cannot be written.
    """
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
            handle.write(pem)
    except OSError as error:
        raise UsageError(f"the key cannot be written to {path}: {error.strerror}") from error
    return fingerprint(public_pem(key))


def public_pem(key: Ed25519PrivateKey) -> bytes:
    """Return the public half of a key."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def fingerprint(pem: bytes) -> str:
    """Return what a public key is told by: the first 32 digits of the SHA-256 of its bytes.

    Raises:
        ValueError: it is no Ed25519 public key.
    """
    try:
        key = load_pem_public_key(pem)
    except UnsupportedAlgorithm as error:
        raise ValueError(str(error)) from error
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("is no Ed25519 public key")  # noqa: TRY004 - what it holds is wrong, not its type
    return sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw))[:32]


def is_signed(content: bytes, signature: bytes, pem: bytes) -> bool:
    """Say whether ``signature`` (hexadecimal) over ``content`` is by the key whose public half is ``pem``.

    Raises:
        ValueError: the public key or the signature is none.
    """
    fingerprint(pem)
    key = load_pem_public_key(pem)
    assert isinstance(key, Ed25519PublicKey)  # noqa: S101 - fingerprint() has seen to it
    try:
        key.verify(bytes.fromhex(signature.decode("ascii").strip()), content)
    except InvalidSignature:
        return False
    return True
