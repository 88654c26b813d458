"""Reading the books: from balances and month totals, never by adding up entries."""

from collections.abc import Iterable
from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet, Sum

from charity_hub.ledger.models import Account, Book, MonthTotal, Seal, Transfer


def month_totals(accounts: Iterable[Account | int], start: date, end: date) -> QuerySet[MonthTotal]:
    """Debits and credits by account, month and kind of transfer, for the months of ``start`` to ``end``.

    Rows have ``account_id``, ``month`` (its first day), ``kind``, ``debits``, ``credits`` (fen or minutes).
    """
    return MonthTotal.objects.filter(
        account__in=[_pk(account) for account in accounts], month__gte=start.replace(day=1), month__lte=end
    )


def balances(accounts: Iterable[Account | int]) -> dict[int, int]:
    """The present balances, debit-positive, by account id."""
    chosen = Account.objects.filter(pk__in=[_pk(account) for account in accounts])
    return dict(chosen.values_list("pk", "balance"))


def entries_in(book: Book) -> int:
    """The number of entries in a book's accounts: it changes with every posting into the book."""
    counted = Account.objects.filter(book=book).aggregate(count=Sum("entry_count", default=0))
    return int(counted["count"])


def transfers_of(row: Model) -> QuerySet[Transfer]:
    """The transfers of a row that are in force: neither reversals nor reversed. Oldest first."""
    return Transfer.objects.filter(
        source_type=ContentType.objects.get_for_model(row),
        source_id=row.pk,
        reverses=None,
        reversed_by=None,
    ).order_by("pk")


def latest_seal() -> Seal | None:
    """The latest seal of the chain; None before the first night."""
    return Seal.objects.order_by("day").last()


def _pk(account: Account | int) -> int:
    return account if isinstance(account, int) else account.pk
