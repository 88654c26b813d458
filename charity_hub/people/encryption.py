"""Personal data at rest: encrypted text fields and blind indexes to find them by.

``FIELD_ENCRYPTION_KEYS`` holds the keys, newest first: the first one encrypts, all of them decrypt,
so a key is rotated by putting a new one in front. The blind index is keyed by the *last* (oldest) key,
so that rotation does not lose anybody.
"""

import base64
import hashlib
import hmac
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


@cache
def _key(secret: str, use: str) -> bytes:
    return hashlib.blake2b(use.encode(), key=secret.encode()[:64], digest_size=32).digest()


@cache
def _fernet(secrets: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_key(secret, "field"))) for secret in secrets])


def encrypt(text: str) -> str:
    return _fernet(tuple(settings.FIELD_ENCRYPTION_KEYS)).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    return _fernet(tuple(settings.FIELD_ENCRYPTION_KEYS)).decrypt(token.encode()).decode()


def blind_index(text: str) -> str:
    """A keyed hash by which an encrypted value is found again; empty for an empty value."""
    if not text:
        return ""
    return hmac.digest(_key(settings.FIELD_ENCRYPTION_KEYS[-1], "index"), text.encode(), "sha256").hex()


class EncryptedTextField(models.TextField[str, str]):
    """Text that PostgreSQL only ever sees encrypted. Not searchable: keep a ``blind_index`` beside it."""

    def get_prep_value(self, value: Any) -> str | None:
        text = super().get_prep_value(value)
        return encrypt(text) if text else text

    def from_db_value(self, value: str | None, _expression: object, _connection: object) -> str | None:
        return decrypt(value) if value else value
