"""Rotating the keys of personal data: every value under the first key, every index under it too if wished.

    FIELD_ENCRYPTION_KEYS=new,old   reencrypt            while the portal runs; again as often as needed
                                    reencrypt --indexes  while it stands still; after it ``old`` may go

It works in batches, each a transaction of its own; what is under the first key already is left alone, so a
command that was killed goes on where it stopped. The recorded history of a row is re-encrypted in place and
gets no new entry: nothing was changed but the key.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from charity_hub.people.encryption import EncryptedTextField, decrypt, encrypt, is_under

type Index = Callable[[str, str | None], str]

BATCH: Final = 500
# Where allauth keeps what ``FactorAdapter`` has encrypted.
FACTOR_SECRETS: Final = ("secret", "seed", "migrated_codes")


@dataclass
class Count:
    """What was found in one column: rewritten, left as it was, and what no key opens (its ids)."""

    name: str
    rewritten: int = 0
    left: int = 0
    unreadable: list[int] | None = None

    def note_unreadable(self, pk: int) -> None:
        self.unreadable = [*(self.unreadable or []), pk]


def columns() -> list[tuple[type[models.Model], EncryptedTextField]]:
    """Every encrypted column of every model, recorded history included."""
    return [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField)
    ]


def reencrypt(batch: int = BATCH) -> Iterator[Count]:
    """Put every value under the first key; yields what was found, column by column."""
    for model, field in columns():
        count = Count(f"{model._meta.label}.{field.name}")
        _walk(model, field.name, batch, partial(_renewed, count=count))
        yield count
    yield _reencrypt_factors()


@transaction.atomic
def rekey_indexes(batch: int = BATCH) -> list[Count]:
    """Put every blind index under the first key, all or none. The portal must stand still."""
    return [
        _rekey_index(model, field, column, index, batch)
        for model, field in columns()
        for column, index in field.indexes.items()
    ]


def _renewed(pk: int, token: str, count: Count) -> str | None:
    """The value under the first key, or None where it is under it already or cannot be read."""
    if is_under(settings.FIELD_ENCRYPTION_KEYS[0], token):
        count.left += 1
        return None
    try:
        fresh = encrypt(decrypt(token))
    except InvalidToken:
        count.note_unreadable(pk)
        return None
    count.rewritten += 1
    return fresh


def _walk(
    model: type[models.Model], column: str, batch: int, renew: Callable[[int, str], str | None]
) -> None:
    last = 0
    while True:
        with transaction.atomic():
            _open_door()
            rows = _next_rows(model, column, last, batch)
            _write(model, column, [(pk, fresh) for pk, token in rows if (fresh := renew(pk, token))])
        if not rows:
            return
        last = rows[-1][0]


def _open_door() -> None:
    """Declare to the guards what is being done, until the transaction ends: only the tables' owner may."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('charity_hub.reencrypting', 'on', true)")


def _next_rows(model: type[models.Model], column: str, last: int, batch: int) -> list[tuple[int, str]]:
    table, key, name = _quoted(model, column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, {name} FROM {table} WHERE {key} > %s AND {name} <> '' "  # noqa: S608 - own names
            f"ORDER BY {key} LIMIT %s FOR NO KEY UPDATE",
            [last, batch],
        )
        return list(cursor.fetchall())


def _write(model: type[models.Model], column: str, rows: list[tuple[int, str]]) -> None:
    if not rows:
        return
    table, key, name = _quoted(model, column)
    ids, values = zip(*rows, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS kept SET {name} = given.fresh "  # noqa: S608 - own names
            f"FROM unnest(%s::bigint[], %s::text[]) AS given (id, fresh) WHERE kept.{key} = given.id",
            [list(ids), list(values)],
        )


def _quoted(model: type[models.Model], column: str) -> tuple[str, str, str]:
    quote = connection.ops.quote_name
    return quote(model._meta.db_table), quote(model._meta.pk.attname), quote(column)


def _reencrypt_factors() -> Count:
    """Second factors: allauth keeps theirs as JSON."""
    count = Count("mfa.Authenticator.data")
    for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            factor = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if factor and _renew_factor(factor, count):
                factor.save(update_fields=["data"])
    return count


def _renew_factor(factor: Authenticator, count: Count) -> bool:
    before = count.rewritten
    for name in FACTOR_SECRETS:
        held = factor.data.get(name)
        if isinstance(held, str):
            factor.data[name] = _renewed(factor.pk, held, count) or held
        elif isinstance(held, list):
            factor.data[name] = [_renewed(factor.pk, one, count) or one for one in held]
    return count.rewritten > before


def _rekey_index(
    model: type[models.Model], field: EncryptedTextField, column: str, index_of: Index, batch: int
) -> Count:
    """An index that the last key made of the value is made anew of the same value; empty ones stay empty."""
    count = Count(f"{model._meta.label}.{column}")
    table, key, name = _quoted(model, field.name)
    index = connection.ops.quote_name(column)
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {key}, {name}, {index} FROM {table} WHERE {key} > %s AND {index} <> '' "  # noqa: S608
                f"ORDER BY {key} LIMIT %s FOR NO KEY UPDATE",
                [last, batch],
            )
            rows = cursor.fetchall()
        if not rows:
            return count
        fresh = [
            (pk, made) for pk, token, old in rows if (made := _new_index(pk, token, old, index_of, count))
        ]
        _open_door()
        _write(model, column, fresh)
        last = rows[-1][0]


def _new_index(pk: int, token: str, old: str, index_of: Index, count: Count) -> str | None:
    try:
        text = decrypt(token)
    except InvalidToken:
        count.note_unreadable(pk)
        return None
    first, last = settings.FIELD_ENCRYPTION_KEYS[0], settings.FIELD_ENCRYPTION_KEYS[-1]
    made = index_of(text, first)
    if old == made:
        count.left += 1
        return None
    if old != index_of(text, last):
        count.note_unreadable(pk)
        return None
    count.rewritten += 1
    return made
