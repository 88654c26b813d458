"""The actions of the ledger. Nothing else writes to it."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from django.db import models, transaction
from django.utils import timezone

from charity_hub.ledger.errors import KeyReused, MonthClosed
from charity_hub.ledger.models import Account, AccountRole, Book, Side, Transfer, Unit
from charity_hub.ledger.postings import Line, Posting, Written, explaining, found, write
from charity_hub.people.models import User

__all__ = [
    "Line",
    "Posting",
    "close_account",
    "close_month",
    "hold_book",
    "open_account",
    "open_book",
    "post",
    "post_batch",
    "post_many",
    "reverse",
]


def open_book(code: str, name: str) -> Book:
    """The book with this code, opened now if it does not exist."""
    return Book.objects.get_or_create(code=code, defaults={"name": name})[0]


def open_account(
    book: Book,
    code: str,
    name: str,
    kind: str,
    *,
    role: str = AccountRole.NONE,
    party: int | None = None,
    unit: str = Unit.CNY,
    floor: int | None = 0,
) -> Account:
    """The account with this code, opened now if it does not exist.

    ``role`` is its role in the book, ``party`` the id of the row that it is kept for; both identify
    it. ``floor`` is the minimum balance on its normal side (fen or minutes), None for no minimum.
    Raises ValueError if an account of another book, kind, unit or role has the code.
    """
    defaults = {
        "book": book,
        "name": name,
        "kind": kind,
        "role": role,
        "party": party,
        "unit": unit,
        "floor": floor,
        "normal_side": Side.normal_for(kind),
    }
    account, _made = Account.objects.get_or_create(code=code, defaults=defaults)
    found = (account.book_id, account.kind, account.unit, account.role, account.party)
    if found != (book.pk, kind, unit, role, party):
        raise ValueError(f"account {code} is there already, with another book, kind, unit or role")
    return account


def close_account(account: Account) -> None:
    """Close an account for entries. Refused unless its balance is zero; a second call does nothing."""
    with explaining(), transaction.atomic():
        Account.objects.filter(pk=account.pk, closed=False).update(closed=True)
    account.closed = True


def close_month(book: Book, month: date) -> None:
    """Close the book through the end of the month in which ``month`` lies. This cannot be undone.

    Waits for running postings. A closed month is a no-op; a month that is not over is refused.
    """
    through = month.replace(day=monthrange(month.year, month.month)[1])
    behind = models.Q(closed_through=None) | models.Q(closed_through__lt=through)
    with explaining(), transaction.atomic():
        Book.objects.filter(behind, pk=book.pk).update(closed_through=through)
    book.refresh_from_db(fields=["closed_through"])


def hold_book(book: Book) -> None:
    """Block postings into the book until the transaction ends; waits for running postings first.

    The figures of the book do not change from then until the transaction ends.
    """
    Book.objects.select_for_update(no_key=True).get(pk=book.pk)


def post(
    kind: str,
    lines: Sequence[Line],
    *,
    key: str,
    occurred_on: date,
    memo: str = "",
    source: models.Model | tuple[int, int] | None = None,
    actor: User | None = None,
) -> Transfer:
    """Post one transfer; a second call with the same ``key`` returns the same transfer.

    ``lines`` are debits (+) and credits (−) in fen or minutes that sum to zero in one unit. Raises
    ``Unbalanced``, ``FloorPassed``, ``MonthClosed``, ``AccountClosed``, ``FutureDate``, or ``KeyReused``
    if the key was used for a different transfer.
    """
    posting = Posting(
        kind=kind, lines=lines, key=key, occurred_on=occurred_on, memo=memo, source=source, actor=actor
    )
    return post_many([posting])[0]


def post_many(postings: Sequence[Posting]) -> list[Transfer]:
    """Post a batch in one transaction, all or nothing; returns the transfers in the given order.

    A transfer already posted with its key is returned unchanged. Raises as ``post`` does.
    """
    if not postings:
        return []
    with explaining(), transaction.atomic():
        written = write(postings)
        transfers = written.transfers() | _there(postings, written)
    return [transfers[posting.key] for posting in postings]


def post_batch(postings: Sequence[Posting]) -> list[int]:
    """``post_many``, but returns only the transfers' ids."""
    if not postings:
        return []
    with explaining(), transaction.atomic():
        written = write(postings)
        ids = {key: pk for key, (pk, _posted_at) in written.made.items()}
        ids |= {key: transfer.pk for key, transfer in _there(postings, written).items()}
    return [ids[posting.key] for posting in postings]


def _there(postings: Sequence[Posting], written: Written) -> dict[str, Transfer]:
    known = written.known
    return {transfer.idempotency_key: transfer for transfer in found(postings, known)} if known else {}


def reverse(transfer: Transfer, reason: str, *, actor: User | None) -> Transfer:
    """Undo a transfer with its mirror image; the second call returns the same reversal, quietly.

    It has the kind of the original, so that totals by kind net out, and its date while the month is open in
    every book concerned, today's otherwise. Refused for a reversal, a closed account, when what came
    in has been spent (``FloorPassed``), or when something else has the reversal's key (``KeyReused``).
    """
    earlier = Transfer.objects.filter(reverses=transfer).first()
    if earlier is not None:
        return earlier
    try:
        return _reverse_on(transfer.occurred_on, transfer, reason, actor)
    except MonthClosed:
        return _reverse_on(timezone.localdate(), transfer, reason, actor)


def _reverse_on(day: date, transfer: Transfer, reason: str, actor: User | None) -> Transfer:
    entries = transfer.entries.values_list("account_id", "amount")
    source = (transfer.source_type_id, transfer.source_id)
    posting = Posting(
        kind=transfer.kind,
        lines=[Line(account, -amount) for account, amount in entries],
        key=f"reversal:{transfer.pk}",
        occurred_on=day,
        memo=reason,
        source=None if source[0] is None or source[1] is None else (source[0], source[1]),
        actor=actor,
    )
    with explaining(), transaction.atomic():
        written = write([posting], reverses=transfer)
    reversal = written.transfers().get(posting.key) or Transfer.objects.filter(reverses=transfer).first()
    if reversal is None:
        raise KeyReused
    return reversal
