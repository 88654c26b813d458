"""Gifts written a batch at a time: one statement whatever the number."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from django.db import connection
from django.utils import timezone

from donations.money.models import Donor, Gift, GiftState


class GiftRow(NamedTuple):
    """What differs from gift to gift within a batch, in the order of ``COLUMNS``."""

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


COLUMNS: Final = {
    "id": "bigint",
    "number": "text",
    "purpose_id": "bigint",
    "donor_id": "bigint",
    "donor_kind": "text",
    "amount_fen": "bigint",
    "way": "text",
    "given_on": "date",
    "handler": "text",
    "publish_name": "boolean",
    "publish_amount": "boolean",
    "official_receipt": "text",
    "note": "text",
    "key": "text",
    "transfer_id": "bigint",
}
SHARED: Final = ("station_id", "fund_id", "recorded_by_id", "recorded_at", "state")
# One JSON text is far quicker to hand over than an array a column.
INSERT: Final = (
    f"INSERT INTO donations_gift ({', '.join([*COLUMNS, *SHARED])}) "  # noqa: S608 - names of this module alone
    f"SELECT given.*, %s, %s, %s, %s, %s FROM json_to_recordset(%s) "
    f"AS given ({', '.join(f'{name} {kind}' for name, kind in COLUMNS.items())})"
)


class WrittenGifts(NamedTuple):
    """Gifts as they were written: what differs, and what all of them share (in the order of ``SHARED``)."""

    rows: list[GiftRow]
    shared: tuple[object, ...]


def insert_gifts(
    rows: list[GiftRow], *, station_id: int, fund_id: int, recorded_by_id: int | None, recorded_at: datetime
) -> WrittenGifts:
    """Write the gifts in one statement."""
    shared = (station_id, fund_id, recorded_by_id, recorded_at, GiftState.RECORDED.value)
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [*shared, _as_json(zip(COLUMNS, row, strict=True) for row in rows)])
    return WrittenGifts(rows, shared)


def as_gifts(written: WrittenGifts) -> list[Gift]:
    """The gifts that were written, in the same order."""
    return [_gift((*row, *written.shared)) for row in written.rows]


def _gift(values: Sequence[object]) -> Gift:
    given = dict(zip((*COLUMNS, *SHARED), values, strict=True))
    names = [field.attname for field in Gift._meta.concrete_fields]
    return Gift.from_db(connection.alias, names, [given[name] for name in names])


_DONOR_TEXTS: Final = ("kind", "name", "name_key", "pinyin", "phone_index", "id_index")
_DONOR_SECRETS: Final = ("phone", "id_number")
_DONOR_COLUMNS: Final = ("id", "charity_id", *_DONOR_TEXTS, *_DONOR_SECRETS)
_INSERT_DONORS: Final = (
    f"INSERT INTO donations_donor (created_at, {', '.join(_DONOR_COLUMNS)}) "  # noqa: S608
    f"SELECT %s, given.* FROM json_to_recordset(%s) AS given (id bigint, charity_id bigint, "
    f"{', '.join(f'{name} text' for name in (*_DONOR_TEXTS, *_DONOR_SECRETS))})"
)


def insert_donors(donors: Sequence[Donor], sealed: Mapping[str, str]) -> None:
    """Write new donors, whose ids are drawn already, in one statement.

    ``sealed`` has the encrypted form of every phone and ID of theirs.
    """
    if not donors:
        return
    rows = (_donor_columns(donor, sealed) for donor in donors)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_DONORS, [timezone.now(), _as_json(rows)])


def _donor_columns(donor: Donor, sealed: Mapping[str, str]) -> Iterable[tuple[str, object]]:
    yield from (("id", donor.pk), ("charity_id", donor.charity_id))
    yield from ((name, getattr(donor, name)) for name in _DONOR_TEXTS)
    for name in _DONOR_SECRETS:
        text = getattr(donor, name)
        yield name, sealed[text] if text else ""


def _as_json(rows: Iterable[Iterable[tuple[str, object]]]) -> str:
    """Rows for ``json_to_recordset``; dates as PostgreSQL reads them."""
    return json.dumps([dict(row) for row in rows], ensure_ascii=False, default=str)


def next_numbers(count: int) -> list[tuple[int, int]]:
    """Row id and running number for each gift, out of PostgreSQL's sequences: unique, with gaps allowed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('donations_gift', 'id')), "
            "nextval('donations_gift_number') FROM generate_series(1, %s)",
            [count],
        )
        return list(cursor.fetchall())
