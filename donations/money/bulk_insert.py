"""Gifts and donors written a batch at a time: one statement whatever the number."""

import csv
import json
from collections.abc import Sequence
from datetime import date, datetime
from io import StringIO
from typing import Final, NamedTuple

from django.db import connection, transaction

from donations.money.models import Gift

# Characters handed over at a time: the whole batch, so that no other thread comes in between.
_AT_ONCE: Final = 1 << 26


class GiftRow(NamedTuple):
    """A gift as it is written: the columns of ``donations_gift`` in the order of the model's fields."""

    id: int
    number: str
    station_id: int
    fund_id: int
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
    state: str
    recorded_by_id: int | None
    recorded_at: datetime
    voided_by_id: int | None
    key: str
    transfer_id: int


def insert_gifts(rows: Sequence[GiftRow]) -> None:
    """Write the gifts in one statement."""
    copy_rows("donations_gift", GiftRow._fields, rows)


def as_gifts(rows: Sequence[GiftRow]) -> list[Gift]:
    """The gifts that were written, in the same order."""
    return [Gift.from_db(connection.alias, GiftRow._fields, row) for row in rows]


def copy_rows(table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write rows with COPY, which reads them far quicker than an INSERT with as many values.

    In its CSV what has no quotes is NULL, so every value but None is given some. COPY passes by Django's
    cursor: the savepoint before it tells the rows' history who acts, and no count of queries sees it.
    """
    if not rows:
        return
    text = StringIO()
    csv.writer(text, quoting=csv.QUOTE_NOTNULL).writerows(rows)
    text.seek(0)
    connection.validate_no_broken_transaction()
    with transaction.atomic(), connection.wrap_database_errors, connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT csv)", text, _AT_ONCE)


def existing_keys(keys: Sequence[str]) -> set[str]:
    """Which of these keys belong to gifts that are recorded (or voided) already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key FROM donations_gift WHERE key IN (SELECT json_array_elements_text(%s))",
            [json.dumps(keys)],
        )
        return {key for (key,) in cursor.fetchall()}
