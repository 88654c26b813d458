"""Recompute everything that the ledger states and report differences.

Each check is one query over all rows, so it sees a ledger in use at one moment. Its columns fill its
sentence.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

import pghistory.core
from cryptography.fernet import InvalidToken
from django.apps import apps
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charity_hub.ledger import guarantees, kinds
from charity_hub.ledger.models import KnownKind, Seal
from charity_hub.ledger.seals import digest
from charity_hub.people.encryption import EncryptedTextField, decrypt


class Check(NamedTuple):
    """A query for errors, and the sentence for each row that it returns."""

    sentence: Any
    query: str


CHECKS = [
    Check(
        gettext_lazy(
            "Transfer #%(transfer)s has %(entries)s entries, in %(units)s units, which sum to %(total)s."
        ),
        """
        SELECT t.id AS transfer, count(e.id) AS entries, count(DISTINCT a.unit) AS units,
               coalesce(sum(e.amount), 0) AS total
        FROM ledger_transfer t
        LEFT JOIN ledger_entry e ON e.transfer_id = t.id
        LEFT JOIN ledger_account a ON a.id = e.account_id
        GROUP BY t.id
        HAVING count(e.id) < 2 OR sum(e.amount) <> 0 OR count(DISTINCT a.unit) <> 1
        """,
    ),
    Check(
        gettext_lazy("Entry #%(entry)s: transfer #%(transfer)s or account #%(account)s does not exist."),
        """
        SELECT e.id AS entry, e.transfer_id AS transfer, e.account_id AS account
        FROM ledger_entry e
        LEFT JOIN ledger_transfer t ON t.id = e.transfer_id
        LEFT JOIN ledger_account a ON a.id = e.account_id
        WHERE t.id IS NULL OR a.id IS NULL
        """,
    ),
    Check(
        gettext_lazy(
            "Account %(account)s shows %(balance)s after %(count)s entries; its %(found)s entries "
            "sum to %(total)s."
        ),
        """
        SELECT a.code AS account, a.balance, a.entry_count AS count,
               coalesce(e.found, 0) AS found, coalesce(e.total, 0) AS total
        FROM ledger_account a
        LEFT JOIN (
            SELECT account_id, count(*) AS found, sum(amount) AS total FROM ledger_entry GROUP BY account_id
        ) e ON e.account_id = a.id
        WHERE a.balance <> coalesce(e.total, 0) OR a.entry_count <> coalesce(e.found, 0)
        """,
    ),
    Check(
        gettext_lazy(
            "Account %(account)s, entry #%(entry)s: number %(number)s and balance %(balance)s, "
            "expected %(step)s and %(total)s."
        ),
        """
        SELECT DISTINCT ON (e.account_id) a.code AS account, e.id AS entry, e.number,
               e.balance_after AS balance, e.step, e.total
        FROM (
            SELECT *, row_number() OVER so_far AS step, sum(amount) OVER so_far AS total
            FROM ledger_entry
            WINDOW so_far AS (PARTITION BY account_id ORDER BY number, id ROWS UNBOUNDED PRECEDING)
        ) e
        JOIN ledger_account a ON a.id = e.account_id
        WHERE e.number IS DISTINCT FROM e.step OR e.balance_after <> e.total
        ORDER BY e.account_id, e.step
        """,
    ),
    Check(
        gettext_lazy(
            "Account %(account)s, %(month)s, %(kind)s: the month total shows %(said_debits)s and "
            "%(said_credits)s, the entries %(debits)s and %(credits)s (debits and credits)."
        ),
        """
        SELECT (SELECT code FROM ledger_account WHERE id = account_id) AS account,
               to_char(month, 'YYYY-MM') AS month, kind,
               coalesce(m.debits, 0) AS said_debits, coalesce(m.credits, 0) AS said_credits,
               coalesce(e.debits, 0) AS debits, coalesce(e.credits, 0) AS credits
        FROM ledger_month_total m
        FULL JOIN (
            SELECT e.account_id, date_trunc('month', t.occurred_on::timestamp)::date AS month, t.kind,
                   sum(greatest(e.amount, 0)) AS debits, sum(greatest(-e.amount, 0)) AS credits
            FROM ledger_entry e JOIN ledger_transfer t ON t.id = e.transfer_id
            GROUP BY e.account_id, 2, t.kind
        ) e USING (account_id, month, kind)
        WHERE (m.debits, m.credits) IS DISTINCT FROM (e.debits, e.credits)
        """,
    ),
    Check(
        gettext_lazy("Account %(account)s has %(balance)s, below its lower limit of %(floor)s."),
        """
        SELECT code AS account, balance * normal_side AS balance, floor FROM ledger_account
        WHERE balance * normal_side < floor
        """,
    ),
    Check(
        gettext_lazy("Account %(account)s is closed but has %(balance)s."),
        "SELECT code AS account, balance FROM ledger_account WHERE closed AND balance <> 0",
    ),
    Check(
        gettext_lazy("Transfer #%(reversal)s is not a correct reversal of #%(original)s."),
        """
        SELECT r.id AS reversal, r.reverses_id AS original
        FROM ledger_transfer r
        LEFT JOIN ledger_transfer o ON o.id = r.reverses_id
        WHERE r.reverses_id IS NOT NULL AND (
            o.id IS NULL OR o.reverses_id IS NOT NULL OR o.kind <> r.kind OR r.occurred_on < o.occurred_on
            OR (
                SELECT array_agg(row(e.account_id, e.amount) ORDER BY e.account_id, e.amount)
                FROM ledger_entry e WHERE e.transfer_id = r.id
            ) IS DISTINCT FROM (
                SELECT array_agg(row(e.account_id, -e.amount) ORDER BY e.account_id, -e.amount)
                FROM ledger_entry e WHERE e.transfer_id = o.id
            )
        )
        """,
    ),
    Check(
        gettext_lazy("Transfer #%(original)s is reversed %(times)s times."),
        """
        SELECT reverses_id AS original, count(*) AS times FROM ledger_transfer
        WHERE reverses_id IS NOT NULL GROUP BY reverses_id HAVING count(*) > 1
        """,
    ),
    Check(
        gettext_lazy("Transfer #%(transfer)s is dated %(day)s, after the day it was posted on (%(posted)s)."),
        """
        SELECT id AS transfer, occurred_on AS day, (posted_at AT TIME ZONE 'Asia/Shanghai')::date AS posted
        FROM ledger_transfer WHERE occurred_on > (posted_at AT TIME ZONE 'Asia/Shanghai')::date
        """,
    ),
    # Sealed transfers are checked with their seal.
    Check(
        gettext_lazy("Transfer #%(transfer)s of %(day)s does not say any more what was posted."),
        """
        SELECT t.id AS transfer, t.occurred_on AS day FROM ledger_transfer t
        WHERE t.id > (SELECT coalesce(max(last_transfer), 0) FROM ledger_seal)
          AND t.content_hash <> ledger_transfer_hash(t)
        """,
    ),
    Check(
        gettext_lazy("The second factor #%(factor)s of person #%(person)s came or went past its history."),
        """
        SELECT coalesce(now.id, last.factor) AS factor, coalesce(now.user_id, last.person_id) AS person
        FROM mfa_authenticator now FULL JOIN (
            SELECT DISTINCT ON (factor) * FROM people_factor_change ORDER BY factor, id DESC
        ) last ON last.factor = now.id
        WHERE CASE WHEN now.id IS NULL THEN last.event <> 'removed'
              ELSE last.event IS NULL OR last.event = 'removed'
                   OR (last.person_id, last.type) <> (now.user_id, now.type) END
        """,
    ),
    # The hour is for a closing that waited for running postings: it has the time of its transaction's start.
    Check(
        gettext_lazy(
            "Transfer #%(transfer)s of %(day)s was posted into book %(book)s after that month was closed."
        ),
        """
        SELECT DISTINCT t.id AS transfer, t.occurred_on AS day, b.code AS book
        FROM (
            SELECT pgh_obj_id AS book_id, closed_through, min(pgh_created_at) AS closed_at
            FROM ledger_book_event WHERE closed_through IS NOT NULL GROUP BY 1, 2
        ) closing
        JOIN ledger_book b ON b.id = closing.book_id
        JOIN ledger_account a ON a.book_id = b.id
        JOIN ledger_entry e ON e.account_id = a.id
        JOIN ledger_transfer t ON t.id = e.transfer_id
        WHERE t.occurred_on <= closing.closed_through AND t.posted_at > closing.closed_at + interval '1 hour'
        """,
    ),
]

# Rows against their transfers: their view (charity_hub.ledger.proofs) and the books.
ROW_AND_TRANSFERS = """
WITH said AS (
    SELECT source_id, kind::text, occurred_on, account_id, amount FROM {view}
), standing AS (
    SELECT t.source_id, t.kind::text, t.occurred_on, e.account_id, e.amount
    FROM ledger_transfer t JOIN ledger_entry e ON e.transfer_id = t.id
    JOIN django_content_type c ON c.id = t.source_type_id AND c.app_label || '.' || c.model = '{model}'
    WHERE t.reverses_id IS NULL AND NOT EXISTS (SELECT FROM ledger_transfer u WHERE u.reverses_id = t.id)
), line AS (
    SELECT source_id, kind, account_id, amount, 1 AS way FROM said
    UNION ALL SELECT source_id, kind, account_id, amount, -1 FROM standing
)
SELECT '{model}' AS model, source_id AS row, kind,
       (SELECT code FROM ledger_account WHERE id = account_id) AS account, sum(way * amount) AS fen
FROM line GROUP BY source_id, kind, account_id, amount HAVING sum(way) <> 0
UNION
SELECT '{model}', said.source_id, said.kind, (SELECT code FROM ledger_account WHERE id = said.account_id), 0
FROM said JOIN standing USING (source_id, kind, account_id, amount)
WHERE said.occurred_on <> standing.occurred_on
"""

# A transfer against its kind: the model of its row, and whether the row exists.
TRANSFER_AND_KIND = """
SELECT t.id AS transfer, t.kind, coalesce(c.app_label || '.' || c.model, '') AS model, t.source_id AS row
FROM ledger_transfer t
LEFT JOIN django_content_type c ON c.id = t.source_type_id
LEFT JOIN ledger_transfer_kind k ON k.code = t.kind
WHERE k.code IS NULL OR k.source <> coalesce(c.app_label || '.' || c.model, '')
"""
TRANSFER_AND_ROW = """
SELECT t.id AS transfer, t.kind, '{model}' AS model, t.source_id AS row
FROM ledger_transfer t
JOIN ledger_transfer_kind k ON k.code = t.kind AND k.source = '{model}'
WHERE NOT EXISTS (SELECT FROM {table} WHERE {key} = t.source_id)
"""

# A row against its recorded history: a change made while the guards were off is missing there.
ROW_AND_HISTORY = """
SELECT '{table}' AS table, coalesce(now.{key}, last.pgh_obj_id) AS row
FROM {table} now FULL JOIN (
    SELECT DISTINCT ON (pgh_obj_id) * FROM {history} ORDER BY pgh_obj_id, pgh_id DESC
) last ON last.pgh_obj_id = now.{key}
WHERE CASE WHEN now.{key} IS NULL THEN last.pgh_label <> 'delete'
      ELSE last.pgh_label IS NULL OR last.pgh_label = 'delete' OR ROW({now}) IS DISTINCT FROM ROW({last}) END
"""

PAST_ITS_HISTORY = gettext_lazy(
    "%(table)s #%(row)s was changed, added or deleted without a record in its history."
)

# The same for encrypted values, of which each is another text: those that may be another value.
HIDDEN_AND_HISTORY = """
SELECT now.{key} AS row, now."{column}" AS now, last."{column}" AS last
FROM {table} now JOIN (
    SELECT DISTINCT ON (pgh_obj_id) pgh_obj_id, "{column}" FROM {history} ORDER BY pgh_obj_id, pgh_id DESC
) last ON last.pgh_obj_id = now.{key}
WHERE now."{column}" IS DISTINCT FROM last."{column}"
"""

type MoreChecks = Callable[[], Iterable[str]]
_more: list[MoreChecks] = []


def register_check(check: MoreChecks) -> None:
    """Let ``verify_ledger`` report contradictions that a room of a higher layer finds."""
    _more.append(check)


def differences(kept_seals: Iterable[tuple[date, str]] = ()) -> Iterator[str]:
    """All differences, a sentence each; empty if the books are correct.

    ``kept_seals``: days and hashes of seals that somebody wrote down outside.
    """
    for check in [*CHECKS, *_transfers_and_kinds(), *_rows_and_transfers(), *_rows_and_histories()]:
        yield from _found(check)
    yield from _hidden_values()
    yield from _changed_kinds()
    yield from guarantees.broken()
    yield from _broken_seals()
    yield from unknown_seals(kept_seals)
    for more in _more:
        yield from more()


def unknown_seals(kept: Iterable[tuple[date, str]]) -> Iterator[str]:
    """A sentence for each published or written-down seal that is not in the chain."""
    chain = dict(Seal.objects.values_list("day", "hash"))
    for day, noted in kept:
        if chain.get(day) != noted:
            yield _("The seal of %(day)s that was written down, %(hash)s, is not in the chain of seals.") % {
                "day": day,
                "hash": noted,
            }


def _found(check: Check) -> Iterator[str]:
    for row in _found_rows(check.query):
        yield str(check.sentence) % row


def _found_rows(query: str) -> Iterator[dict[str, Any]]:
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(query)
        for row in cursor:
            names = [column.name for column in cursor.description]
            yield dict(zip(names, row, strict=True))


def _transfers_and_kinds() -> Iterator[Check]:
    yield Check(
        gettext_lazy("Transfer #%(transfer)s of kind %(kind)s belongs to a row of another model: %(model)s."),
        TRANSFER_AND_KIND,
    )
    for label in sorted({kind.source for kind in kinds.registered()} - {""}):
        source = apps.get_model(label)._meta
        yield Check(
            gettext_lazy("Transfer #%(transfer)s of kind %(kind)s has no row: %(model)s #%(row)s."),
            TRANSFER_AND_ROW.format(model=label, table=source.db_table, key=source.pk.column),
        )


def _changed_kinds() -> Iterator[str]:
    """A sentence for each kind that differs between PostgreSQL and the code."""
    known = dict(KnownKind.objects.values_list("code", "source"))
    for kind in kinds.registered():
        if known.get(kind.code) != kind.source:
            yield _(
                "The kind of transfer “%(kind)s” in the database differs from its declaration in the code."
            ) % {"kind": kind.code}


def _rows_and_transfers() -> Iterator[Check]:
    for label in sorted({kind.source for kind in kinds.registered()}):
        view = f"{apps.get_model(label)._meta.db_table}_entries" if label else ""
        if view in connection.introspection.table_names(include_views=True):
            yield Check(
                gettext_lazy(
                    "%(model)s #%(row)s and its transfers differ: %(kind)s, account %(account)s, %(fen)s."
                ),
                ROW_AND_TRANSFERS.format(view=view, model=label),
            )


def _rows_and_histories() -> Iterator[Check]:
    histories: list[Any] = pghistory.core.event_models()
    for history in histories:
        model = history.pgh_tracked_model
        columns = [
            field.column
            for field in history._meta.concrete_fields
            if field.name in {one.name for one in model._meta.concrete_fields}
            # The same value encrypted with another key is another text.
            and not isinstance(field, EncryptedTextField)
            and not field.name.endswith("_index")
        ]
        yield Check(
            PAST_ITS_HISTORY,
            ROW_AND_HISTORY.format(
                table=model._meta.db_table,
                key=model._meta.pk.column,
                history=history._meta.db_table,
                now=", ".join(f'now."{column}"' for column in columns),
                last=", ".join(f'last."{column}"' for column in columns),
            ),
        )


def _hidden_values() -> Iterator[str]:
    """A sentence for each encrypted value that is not the one in the row's history, under whatever key."""
    histories: list[Any] = pghistory.core.event_models()
    for history in histories:
        model = history.pgh_tracked_model
        for field in history._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                rows = _found_rows(
                    HIDDEN_AND_HISTORY.format(
                        table=model._meta.db_table,
                        key=model._meta.pk.column,
                        history=history._meta.db_table,
                        column=field.column,
                    )
                )
                for row in rows:
                    if _opened(row["now"]) != _opened(row["last"]):
                        yield str(PAST_ITS_HISTORY) % {"table": model._meta.db_table, "row": row["row"]}


def _opened(token: str) -> str:
    """The value, or what stands there where no key opens it."""
    try:
        return decrypt(token) if token else token
    except InvalidToken:
        return token


def _broken_seals() -> Iterator[str]:
    before = ("", 0)
    for seal in Seal.objects.order_by("day"):
        if (seal.previous_hash, seal.first_transfer) != before:
            yield _("The seal of %(day)s does not follow from the one before it.") % {"day": seal.day}
        now = digest(seal.day, seal.previous_hash, seal.first_transfer, seal.last_transfer)
        if now != (seal.hash, seal.transfer_count, seal.entry_count):
            yield _(
                "What the seal of %(day)s covers (transfers #%(first)s to #%(last)s) has changed since."
            ) % {"day": seal.day, "first": seal.first_transfer + 1, "last": seal.last_transfer}
        before = (seal.hash, seal.last_transfer)
