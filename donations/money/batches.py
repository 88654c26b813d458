"""Gifts written a batch at a time: one statement whatever the number."""

from collections.abc import Sequence
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
INSERT: Final = (
    f"INSERT INTO donations_gift ({', '.join([*COLUMNS, *SHARED])}) "  # noqa: S608 - names of this module alone
    f"SELECT given.*, %s, %s, %s, %s, %s "
    f"FROM unnest({', '.join(f'%s::{kind}[]' for kind in COLUMNS.values())}) AS given"
)


class WrittenGifts(NamedTuple):
    """Gifts as they were written: what differs, and what all of them share (in the order of ``SHARED``)."""

    rows: list[GiftRow]
    shared: tuple[object, ...]


def insert_gifts(
    rows: list[GiftRow], *, station_id: int, fund_id: int, recorded_by_id: int, recorded_at: datetime
) -> WrittenGifts:
    """Write the gifts in one statement."""
    shared = (station_id, fund_id, recorded_by_id, recorded_at, GiftState.RECORDED.value)
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [*shared, *(list(column) for column in zip(*rows, strict=True))])
    return WrittenGifts(rows, shared)


def as_gifts(written: WrittenGifts) -> list[Gift]:
    """The gifts that were written, in the same order."""
    return [_gift((*row, *written.shared)) for row in written.rows]


def _gift(values: Sequence[object]) -> Gift:
    given = dict(zip((*COLUMNS, *SHARED), values, strict=True))
    names = [field.attname for field in Gift._meta.concrete_fields]
    return Gift.from_db(connection.alias, names, [given[name] for name in names])


_DONOR_TEXTS: Final = (
    "kind",
    "name",
    "name_key",
    "pinyin",
    "phone",
    "phone_index",
    "id_number",
    "id_index",
)
_INSERT_DONORS: Final = (
    f"INSERT INTO donations_donor (id, charity_id, created_at, {', '.join(_DONOR_TEXTS)}) "  # noqa: S608
    f"SELECT given.id, given.charity_id, %s, {', '.join(f'given.{name}' for name in _DONOR_TEXTS)} "
    f"FROM unnest(%s::bigint[], %s::bigint[], {', '.join('%s::text[]' for _name in _DONOR_TEXTS)}) "
    f"AS given (id, charity_id, {', '.join(_DONOR_TEXTS)})"
)


def insert_donors(donors: Sequence[Donor]) -> None:
    """Write new donors, whose ids are drawn already, in one statement; phones and IDs enter encrypted."""
    if not donors:
        return
    now = timezone.now()
    columns: list[list[object]] = [[donor.pk for donor in donors], [donor.charity_id for donor in donors]]
    for name in _DONOR_TEXTS:
        prepare = Donor._meta.get_field(name).get_prep_value
        columns.append([prepare(getattr(donor, name)) for donor in donors])
    with connection.cursor() as cursor:
        cursor.execute(_INSERT_DONORS, [now, *columns])
    for donor in donors:
        donor.created_at, donor._state.adding = now, False


def next_numbers(count: int) -> list[tuple[int, int]]:
    """Row id and running number for each gift, out of PostgreSQL's sequences: unique, with gaps allowed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('donations_gift', 'id')), "
            "nextval('donations_gift_number') FROM generate_series(1, %s)",
            [count],
        )
        return list(cursor.fetchall())
