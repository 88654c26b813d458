"""Postings, and the one statement that writes them.

All transfers of a batch and all their entries go to PostgreSQL in a single statement: its triggers check each
transfer as a whole, lock the accounts in id order and update balances and totals. For an existing key nothing
is written; the contents are compared.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import Error, connection, models
from django.utils.translation import gettext as _

from charity_hub.ledger.errors import KeyReused, Unbalanced, explained
from charity_hub.ledger.models import Account, Transfer
from charity_hub.people.models import User

LARGEST = 2**63 - 1

STATEMENT = """
SELECT * FROM ledger_post(
    %s::text[], %s::text[], %s::date[], %s::text[], %s::integer[], %s::bigint[], %s::bigint[], %s::bigint[],
    %s::text[], %s::bigint[], %s::bigint[]
)
"""


class Line(NamedTuple):
    """One line: the account (or its id) and the amount in fen or minutes, debit positive, credit negative."""

    account: Account | int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One transfer to post. ``source`` is the row it comes from, or its (content type id, id)."""

    kind: str
    lines: Sequence[Line]
    key: str
    occurred_on: date
    memo: str = ""
    source: models.Model | tuple[int, int] | None = None
    actor: User | None = None


class Content(NamedTuple):
    """The stored content of a posting; two postings with the same key must have the same content."""

    kind: str
    occurred_on: date
    memo: str
    source_type: int | None
    source_id: int | None
    actor: int | None
    reverses: int | None
    lines: tuple[tuple[int, int], ...]

    def same_as(self, other: "Content") -> bool:
        heads = self._replace(actor=None, lines=()), other._replace(actor=None, lines=())
        return heads[0] == heads[1] and sorted(self.lines) == sorted(other.lines)


@contextmanager
def explaining() -> Iterator[None]:
    """Turn PostgreSQL's refusals into sentences; use it outside ``transaction.atomic``."""
    try:
        yield
    except Error as error:
        refusal = explained(error)
        if refusal is None:
            raise
        raise refusal from error


@dataclass(frozen=True, slots=True)
class Written:
    """The result of one statement: id and time of each new transfer, by its key."""

    contents: dict[str, Content]
    made: dict[str, tuple[int, datetime]]

    @property
    def known(self) -> set[str]:
        """The keys that existed before."""
        return self.contents.keys() - self.made.keys()

    def transfers(self) -> dict[str, Transfer]:
        """The new transfers, by key."""
        return {
            key: _transfer(pk, key, posted_at, self.contents[key])
            for key, (pk, posted_at) in self.made.items()
        }


def write(postings: Sequence[Posting], *, reverses: Transfer | None = None) -> Written:
    """Post what is new in one statement. Call it inside ``explaining()`` and ``transaction.atomic()``.

    ``reverses`` is for a single posting: the transfer that it undoes.
    Raises ValueError for a mistake of the caller, ``KeyReused`` if two postings of the batch have the same
    key and differ, and the ledger's refusals.
    """
    contents = _by_key(postings, reverses)
    with connection.cursor() as cursor:
        columns = [*_transfer_columns(contents), *_line_columns(contents)]
        cursor.execute(STATEMENT, [array_of(column) for column in columns])
        rows = cursor.fetchall()
    return Written(contents, {key: (pk, posted_at) for key, pk, posted_at in rows})


def found(postings: Sequence[Posting], keys: set[str]) -> list[Transfer]:
    """The existing transfers with these keys. Raises ``KeyReused`` if the content of one differs."""
    contents = _by_key([posting for posting in postings if posting.key in keys])
    transfers = list(Transfer.objects.filter(idempotency_key__in=keys).prefetch_related("entries"))
    for transfer in transfers:
        if not contents[transfer.idempotency_key].same_as(_content_of_transfer(transfer)):
            raise KeyReused
    return transfers


def _by_key(postings: Sequence[Posting], reverses: Transfer | None = None) -> dict[str, Content]:
    contents: dict[str, Content] = {}
    for posting in postings:
        content = _content(posting, reverses)
        earlier = contents.setdefault(posting.key, content)
        if earlier is not content and not earlier.same_as(content):
            raise KeyReused
    return contents


def _content(posting: Posting, reverses: Transfer | None) -> Content:
    if isinstance(posting.occurred_on, datetime) or not isinstance(posting.occurred_on, date):
        raise ValueError(f"occurred_on must be a date, not {posting.occurred_on!r}")  # noqa: TRY004
    if not posting.kind or not posting.key:
        raise ValueError("a posting needs a kind and a key")
    source_type, source_id = _source(posting.source)
    return Content(
        kind=posting.kind,
        occurred_on=posting.occurred_on,
        memo=posting.memo,
        source_type=source_type,
        source_id=source_id,
        actor=posting.actor.pk if posting.actor else None,
        reverses=reverses.pk if reverses else None,
        lines=_checked(posting.lines),
    )


def _checked(lines: Sequence[Line]) -> tuple[tuple[int, int], ...]:
    if len(lines) < 2:
        raise ValueError("a transfer has two lines or more")
    for _account, amount in lines:
        if type(amount) is not int:  # bool is a subclass of int, and would be a mistake here
            raise ValueError(f"an amount is a whole number of fen or minutes, not {amount!r}")
        if amount == 0 or abs(amount) > LARGEST:
            raise ValueError(f"no line can have the amount {amount}")
    if sum(amount for _account, amount in lines) != 0:
        raise Unbalanced(_("Debits and credits must be equal."))
    return tuple((account if isinstance(account, int) else account.pk, amount) for account, amount in lines)


def _source(source: models.Model | tuple[int, int] | None) -> tuple[int | None, int | None]:
    if source is None:
        return None, None
    if isinstance(source, models.Model):
        return ContentType.objects.get_for_model(source).pk, source.pk
    return source


def _content_of_transfer(transfer: Transfer) -> Content:
    return Content(
        kind=transfer.kind,
        occurred_on=transfer.occurred_on,
        memo=transfer.memo,
        source_type=transfer.source_type_id,
        source_id=transfer.source_id,
        actor=transfer.actor_id,
        reverses=transfer.reverses_id,
        lines=tuple((entry.account_id, entry.amount) for entry in transfer.entries.all()),
    )


def _transfer_columns(contents: dict[str, Content]) -> list[tuple[object, ...]]:
    columns = [
        (key, c.kind, c.occurred_on, c.memo, c.source_type, c.source_id, c.actor, c.reverses)
        for key, c in contents.items()
    ]
    return list(zip(*columns, strict=True))


def _line_columns(contents: dict[str, Content]) -> list[tuple[object, ...]]:
    rows = [(key, account, amount) for key, c in contents.items() for account, amount in c.lines]
    return list(zip(*rows, strict=True))


def array_of(column: Sequence[object]) -> str:
    """An array as one PostgreSQL literal, which is faster to parse than psycopg2's one per element."""
    return f"{{{','.join(map(_element, column))}}}"


def _element(value: object) -> str:
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return "NULL" if value is None else str(value)


def _transfer(pk: int, key: str, posted_at: datetime, content: Content) -> Transfer:
    values = {
        "id": pk,
        "kind": content.kind,
        "occurred_on": content.occurred_on,
        "posted_at": posted_at,
        "memo": content.memo,
        "source_type_id": content.source_type,
        "source_id": content.source_id,
        "actor_id": content.actor,
        "idempotency_key": key,
        "reverses_id": content.reverses,
    }
    return Transfer.from_db(connection.alias, list(values), list(values.values()))
