"""Gifts written a batch at a time: one statement whatever the number."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from io import StringIO
from typing import Final, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from charity_hub.people.models import User
from donations.money.models import Gift, GiftState

# Characters handed over at a time: the whole batch, so that no other thread comes in between.
_AT_ONCE: Final = 1 << 26


class GiftRow(NamedTuple):
    """What differs from gift to gift within a batch."""

    id: int
    number: str
    purpose_id: int
    donor_id: int | None
    donor_kind: str
    amount_fen: int
    way: str
    given_on: date
    handler: str
    publish_name: bool
    publish_amount: bool
    official_receipt: str
    note: str
    key: str
    transfer_id: int


SHARED: Final = ("station_id", "fund_id", "recorded_by_id", "recorded_at", "state", "voided_by_id")


class WrittenGifts(NamedTuple):
    """Gifts as they were written: what differs, and what all of them share (in the order of ``SHARED``)."""

    rows: list[GiftRow]
    shared: tuple[object, ...]
    recorded_at: datetime


def insert_gifts(
    rows: list[GiftRow], *, station_id: int, fund_id: int, recorded_by_id: int | None, recorded_at: datetime
) -> WrittenGifts:
    """Write the gifts in one statement."""
    shared = (station_id, fund_id, recorded_by_id, recorded_at, GiftState.RECORDED.value, None)
    _copy("donations_gift", GiftRow._fields, rows, dict(zip(SHARED, shared, strict=True)))
    return WrittenGifts(rows, shared, recorded_at)


def as_gifts(written: WrittenGifts) -> list[Gift]:
    """The gifts that were written, in the same order."""
    return [_gift((*row, *written.shared)) for row in written.rows]


def _gift(values: Sequence[object]) -> Gift:
    given = dict(zip((*GiftRow._fields, *SHARED), values, strict=True))
    names = [field.attname for field in Gift._meta.concrete_fields]
    return Gift.from_db(connection.alias, names, [given[name] for name in names])


class NewDonor(NamedTuple):
    """A donor to be added: phone and ID sealed, the id drawn already."""

    id: int
    charity_id: int
    kind: str
    name: str
    name_key: str
    pinyin: str
    phone: str
    phone_index: str
    phone_end_index: str
    id_number: str
    id_index: str


def insert_donors(donors: Sequence[NewDonor], added_by: User | None) -> None:
    """Write new donors in one statement."""
    if donors:
        shared = {"created_at": timezone.now(), "added_by_id": added_by.pk if added_by else None}
        _copy("donations_donor", NewDonor._fields, donors, shared)


def _copy(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[object]], shared: Mapping[str, object]
) -> None:
    """Write rows with COPY, which reads them far quicker than an INSERT with as many values.

    In its CSV what has no quotes is NULL, so every value but None is given some. What all rows share is
    put into words once. COPY passes by Django's cursor: the savepoint before it tells the rows' history who
    acts, and no count of queries sees it.
    """
    same = [None if value is None else str(value) for value in shared.values()]
    text = StringIO()
    csv.writer(text, quoting=csv.QUOTE_NOTNULL).writerows((*row, *same) for row in rows)
    text.seek(0)
    names = ", ".join([*columns, *shared])
    connection.validate_no_broken_transaction()
    with transaction.atomic(), connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)", text, _AT_ONCE)


def existing_keys(keys: Sequence[str]) -> set[str]:
    """Which of these keys belong to gifts that are recorded (or voided) already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key FROM donations_gift WHERE key IN (SELECT json_array_elements_text(%s))",
            [json.dumps(keys)],
        )
        return {key for (key,) in cursor.fetchall()}
