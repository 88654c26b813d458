"""Personal data at rest: encrypted text fields and blind indexes to find them by.

``FIELD_ENCRYPTION_KEYS`` holds the keys, newest first: the first one encrypts, all of them decrypt,
so a key is rotated by putting a new one in front (``key_rotation``). The blind index is keyed by the *last*
(oldest) key, so that a new key in front does not lose anybody.
"""

import base64
import hashlib
import hmac
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
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


def is_under(secret: str, token: str) -> bool:
    """Whether this key alone opens the value."""
    try:
        _fernet((secret,)).decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def blind_index(text: str, secret: str | None = None) -> str:
    """A keyed hash by which an encrypted value is found again; empty for an empty value.

    Keyed by the last of ``FIELD_ENCRYPTION_KEYS`` unless another secret is given.
    """
    return _keyed_hash(text, "index", secret)


def end_index(text: str, secret: str | None = None) -> str:
    """A hash of a number's last four digits, keyed like ``blind_index``; empty where it has fewer."""
    digits = [letter for letter in text if letter.isdecimal()][-4:]
    return _keyed_hash("".join(digits), "end", secret) if len(digits) == 4 else ""


def _keyed_hash(text: str, use: str, secret: str | None) -> str:
    if not text:
        return ""
    key = _key(settings.FIELD_ENCRYPTION_KEYS[-1] if secret is None else secret, use)
    return hmac.digest(key, text.encode(), "sha256").hex()


class EncryptedTextField(models.TextField[str, str]):
    """Text that PostgreSQL only ever sees encrypted.

    Not searchable: ``found_by`` names the column beside it that holds its ``blind_index``, if it has one, and
    ``found_by_end`` that of its ``end_index``.
    """

    def __init__(self, *args: Any, found_by: str = "", found_by_end: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # No part of the column, so no part of ``deconstruct``: migrations do not see it.
        named = {found_by: blind_index, found_by_end: end_index}
        self.indexes = {column: index for column, index in named.items() if column}

    def get_prep_value(self, value: Any) -> str | None:
        text = super().get_prep_value(value)
        return encrypt(text) if text else text

    def from_db_value(self, value: str | None, _expression: object, _connection: object) -> str | None:
        return decrypt(value) if value else value
