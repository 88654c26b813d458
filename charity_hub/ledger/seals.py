"""Seals: a chain of hashes over everything posted, so that changes of sealed transfers are detected.

A seal's hash is the SHA-256 of lines, each a JSON array and a line feed, in UTF-8: first the header
``["seal", day, previous hash]``, then for each transfer, by id, ``["transfer", id, kind, date,
posted at (UTC), memo, source type, source id, actor, key, reverses]`` and for each of its entries, by id,
``["entry", id, account code, number, amount, balance after]``.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from charity_hub.ledger.models import Seal, Transfer
from charity_hub.ledger.queries import latest_seal

ROWS = """
SELECT t.id, t.kind, t.occurred_on, t.posted_at, t.memo, t.source_type_id, t.source_id, t.actor_id,
       t.idempotency_key, t.reverses_id, e.id, a.code, e.number, e.amount, e.balance_after
FROM ledger_transfer t
LEFT JOIN ledger_entry e ON e.transfer_id = t.id
LEFT JOIN ledger_account a ON a.id = e.account_id
WHERE t.id > %s AND t.id <= %s
ORDER BY t.id, e.id
"""


class Digest(NamedTuple):
    """The hash of a range of transfers."""

    hash: str
    transfers: int
    entries: int


def seal_through(day: date) -> Seal | None:
    """Seal every transfer that is not sealed yet, under the date ``day``.

    If the day has a seal, it is returned unchanged. If a night was missed, the next
    seal covers its transfers too. Returns None if a later day is sealed already. Postings wait meanwhile.
    Raises ValueError for a future day.
    """
    if day > timezone.localdate():
        raise ValueError(f"{day} has not come yet")
    with transaction.atomic():
        _stop_posting()
        before = latest_seal()
        if before is not None and before.day >= day:
            return Seal.objects.filter(day=day).first()
        return _seal(day, before)


def digest(day: date, previous_hash: str, after: int, through: int) -> Digest:
    """The hash of the transfers ``after`` < id ≤ ``through``, read as a stream, so memory use is constant."""
    sha = hashlib.sha256(_line("seal", day.isoformat(), previous_hash))
    transfers = entries = 0
    for _pk, rows in groupby(_rows(after, through), key=itemgetter(0)):
        for place, row in enumerate(rows):
            if place == 0:
                transfers += 1
                sha.update(_transfer_line(row))
            if row[10] is not None:
                entries += 1
                sha.update(_line("entry", *row[10:]))
    return Digest(sha.hexdigest(), transfers, entries)


def _stop_posting() -> None:
    """Wait for running postings and block new ones, so that no smaller id can appear later."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE ledger_transfer IN SHARE ROW EXCLUSIVE MODE")


def _seal(day: date, before: Seal | None) -> Seal:
    after = before.last_transfer if before else 0
    previous_hash = before.hash if before else ""
    through = Transfer.objects.filter(pk__gt=after).aggregate(last=Max("pk"))["last"] or after
    sealed = digest(day, previous_hash, after, through)
    return Seal.objects.create(
        day=day,
        first_transfer=after,
        last_transfer=through,
        transfer_count=sealed.transfers,
        entry_count=sealed.entries,
        previous_hash=previous_hash,
        hash=sealed.hash,
    )


def _rows(after: int, through: int) -> Iterator[tuple[Any, ...]]:
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(ROWS, [after, through])
        yield from cursor


def _transfer_line(row: tuple[Any, ...]) -> bytes:
    pk, kind, occurred_on, posted_at, *rest = row[:10]
    posted = posted_at.astimezone(UTC).isoformat(timespec="microseconds")
    return _line("transfer", pk, kind, occurred_on.isoformat(), posted, *rest)


def _line(*values: str | int | None) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
