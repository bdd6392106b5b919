"""Sealing of sensitive values: envelope encryption with keys that live outside the database.

Each value has its own data key, wrapped by the installation's key. Rotating the installation's key re-wraps 32
bytes a value and never touches the value itself. Layout: version 1 byte, key id 4 bytes, nonce 12, wrapped data
key 48, nonce 12, ciphertext with tag.
"""

import hashlib
import hmac
import os
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

VERSION = b"\x01"


def _id(key: bytes) -> bytes:
    return hashlib.sha256(b"sealing key" + key).digest()[:4]


@cache
def _keys() -> dict[bytes, bytes]:
    """All keys by id; the first one seals, the others still open."""
    return {_id(key): key for key in [settings.SEALING_KEY, *settings.OLD_SEALING_KEYS]}


def seal(text: str) -> bytes:
    """Encrypt a text so that only this installation's key can read it."""
    key_id, key = next(iter(_keys().items()))
    data_key, key_nonce, nonce = os.urandom(32), os.urandom(12), os.urandom(12)
    wrapped = AESGCM(key).encrypt(key_nonce, data_key, key_id)
    return (
        VERSION + key_id + key_nonce + wrapped + nonce + AESGCM(data_key).encrypt(nonce, text.encode(), None)
    )


def unseal(sealed: bytes) -> str:
    """Decrypt what `seal` made; raises KeyError when its key is not at hand, InvalidTag when it was altered."""
    key_id, key_nonce, wrapped = sealed[1:5], sealed[5:17], sealed[17:65]
    data_key = AESGCM(_keys()[key_id]).decrypt(key_nonce, wrapped, key_id)
    return AESGCM(data_key).decrypt(sealed[65:77], sealed[77:], None).decode()


def fingerprint(text: str) -> bytes:
    """Return a keyed hash by which a secret can be looked up without being stored."""
    return hmac.new(settings.SEALING_KEY, b"fingerprint" + text.encode(), hashlib.sha256).digest()


class SealedTextField(models.BinaryField):
    """A text that is encrypted in the database and plain in Python."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else unseal(bytes(value))

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else seal(value) if isinstance(value, str) else value

    def get_internal_type(self) -> str:
        return "BinaryField"
