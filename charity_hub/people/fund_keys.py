"""How the fund of a role is chosen: funds, a floor above, register the key by which they are searched."""

from typing import Any

from django.db import models

_keys: list[models.ForeignKey[Any, Any]] = []


def register_fund_key(key: models.ForeignKey[Any, Any]) -> None:
    """Search funds as the administration does for this key; its rows need a ``code``, their administration
    ``search_fields``.
    """
    _keys[:] = [key]


def fund_key() -> models.ForeignKey[Any, Any] | None:
    """The registered key; None where there are no funds."""
    return _keys[0] if _keys else None
