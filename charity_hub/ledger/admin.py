"""The books, read-only."""

from typing import Any, override

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display

from charity_hub.admin_history import TrackedAdmin
from charity_hub.admin_model import ReadOnlyAdmin
from charity_hub.ledger.amounts import written
from charity_hub.ledger.kinds import called, in_words
from charity_hub.ledger.models import Account, Book, Entry, MonthTotal, Seal, Transfer


class EstimatingPaginator(Paginator):  # type: ignore[type-arg]  # generic in its stubs alone
    """Uses PostgreSQL's estimate for the number of rows of a big table without filters, and counts
    otherwise.
    """

    LARGE = 50_000

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if isinstance(rows, QuerySet) and not rows.query.where:
            estimate = _estimated_rows(rows.query.get_meta().db_table)
            if estimate > self.LARGE:
                return estimate
        return super().count


def _estimated_rows(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [table])
        return int(cursor.fetchone()[0])


class BigTableAdmin(ReadOnlyAdmin):
    """For tables with millions of rows: no count of the whole table, no search without an index."""

    paginator = EstimatingPaginator
    show_full_result_count = False
    list_per_page = 50

    def found(self, text: str) -> Q:
        """The condition of a search."""
        raise NotImplementedError

    @override
    def get_search_results(
        self,
        request: HttpRequest,
        queryset: QuerySet[Any],
        search_term: str,
    ) -> tuple[QuerySet[Any], bool]:
        text = search_term.strip()
        return (queryset.filter(self.found(text)) if text else queryset), False


class KindFilter(admin.SimpleListFilter):
    """Kinds from the month totals: a few rows, while there may be millions of transfers."""

    title = _("kind")
    parameter_name = "kind"

    @override
    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        kinds = MonthTotal.objects.order_by("kind").values_list("kind", flat=True).distinct()
        return [(kind, in_words(kind)) for kind in kinds]

    @override
    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class KindInWords:
    """Shows the label of the kind of a transfer or a month total."""

    @display(description=_("kind"))
    def kind_shown(self, row: Transfer | MonthTotal) -> str:
        return in_words(row.kind)


def number_is(field: str, text: str) -> Q:
    """The condition that the field equals the number in the text; no rows without a number."""
    return Q(**{field: int(text)}) if text.isascii() and text.isdigit() and len(text) < 19 else Q(pk__in=[])


def in_unit(amount: int, account: Account) -> SafeString:
    return format_html(
        '<span class="tabular-nums whitespace-nowrap">{}</span>', written(amount, account.unit)
    )


@admin.register(Book)
class BookAdmin(TrackedAdmin, ReadOnlyAdmin):
    list_display = ["code", "name", "closed_through"]
    search_fields = ["code", "name"]
    list_filter = ["closed_through"]


@admin.register(Account)
class AccountAdmin(TrackedAdmin, ReadOnlyAdmin):
    list_display = ["code", "name", "book", "kind", "unit", "balance_shown", "entry_count", "state"]
    list_select_related = ["book"]
    list_filter = ["kind", "unit", "closed"]
    search_fields = ["code", "name", "book__code"]
    fields = [
        ("code", "name"),
        ("book", "closed"),
        ("kind", "normal_side", "unit"),
        ("balance_shown", "floor_shown", "entry_count"),
    ]
    readonly_fields = ["balance_shown", "floor_shown"]

    @display(description=_("state"), label={"open": "success", "closed": "info"}, ordering="closed")
    def state(self, account: Account) -> tuple[str, object]:
        return ("closed", _("Closed")) if account.closed else ("open", _("In use"))

    @display(description=_("balance"), ordering="balance")
    def balance_shown(self, account: Account) -> SafeString:
        return in_unit(account.normal_balance, account)

    @display(description=_("lower limit"))
    def floor_shown(self, account: Account) -> SafeString | None:
        return None if account.floor is None else in_unit(account.floor, account)


class EntryInline(TabularInline):
    model = Entry
    extra = 0
    max_num = 0
    can_delete = False
    fields = ["account", "debit", "credit", "balance_shown"]
    readonly_fields = fields
    ordering = ["id"]

    @display(description=_("Debit"))
    def debit(self, entry: Entry) -> SafeString | str:
        return in_unit(entry.amount, entry.account) if entry.amount > 0 else ""

    @display(description=_("Credit"))
    def credit(self, entry: Entry) -> SafeString | str:
        return in_unit(-entry.amount, entry.account) if entry.amount < 0 else ""

    @display(description=_("balance after"))
    def balance_shown(self, entry: Entry) -> SafeString:
        return in_unit(entry.balance_after * entry.account.normal_side, entry.account)


@admin.register(Transfer)
class TransferAdmin(KindInWords, BigTableAdmin):
    list_display = ["id", "occurred_on", "kind_shown", "memo", "actor", "posted_at", "reversal"]
    list_select_related = ["actor", "reversed_by"]
    list_filter = [KindFilter, "occurred_on", ("reverses", admin.EmptyFieldListFilter)]
    search_fields = ["id", "idempotency_key"]
    search_help_text = _("Number or idempotency key, in full")
    ordering = ["-id"]
    fields = [
        ("occurred_on", "posted_at"),
        "kind_shown",
        "memo",
        "actor",
        "source_shown",
        "idempotency_key",
        "reverses",
    ]
    readonly_fields = ["kind_shown", "source_shown"]
    inlines = [EntryInline]

    @display(description=_("source"))
    def source_shown(self, transfer: Transfer) -> str:
        """The row that the transfer came from, e.g. the gift."""
        if transfer.source_type is None:
            return ""
        return f"{transfer.source_type.name} #{transfer.source_id}: {transfer.source or ''}"

    def found(self, text: str) -> Q:
        return number_is("pk", text) | Q(idempotency_key=text)

    @display(description=_("reversal"))
    def reversal(self, transfer: Transfer) -> str:
        """The transfer that this one reverses, or that reverses it."""
        if transfer.reverses_id is not None:
            return f"↩ #{transfer.reverses_id}"
        later = getattr(transfer, "reversed_by", None)
        return "" if later is None else f"↪ #{later.pk}"


@admin.register(Entry)
class EntryAdmin(BigTableAdmin):
    list_display = [
        "id",
        "of_transfer",
        "day",
        "kind_shown",
        "account",
        "number",
        "amount_shown",
        "balance_shown",
    ]
    list_select_related = ["account", "transfer"]
    search_fields = ["account__code", "transfer__id"]
    search_help_text = _("Account code or transfer number, in full")
    ordering = ["-id"]
    sortable_by = ["id"]

    def found(self, text: str) -> Q:
        return number_is("transfer", text) | Q(account__code=text)

    @display(description=_("transfer"))
    def of_transfer(self, entry: Entry) -> str:
        return f"#{entry.transfer_id}"

    @display(description=_("date"))
    def day(self, entry: Entry) -> object:
        return entry.transfer.occurred_on

    @display(description=_("kind"))
    def kind_shown(self, entry: Entry) -> str:
        return in_words(entry.transfer.kind)

    @display(description=_("amount"))
    def amount_shown(self, entry: Entry) -> SafeString:
        return in_unit(entry.amount, entry.account)

    @display(description=_("balance after"))
    def balance_shown(self, entry: Entry) -> SafeString:
        return in_unit(entry.balance_after, entry.account)


@admin.register(MonthTotal)
class MonthTotalAdmin(KindInWords, BigTableAdmin):
    list_display = ["month", "account", "kind_shown", "debits_shown", "credits_shown"]
    list_select_related = ["account"]
    list_filter = ["month", KindFilter]
    search_fields = ["account__code", "kind"]
    search_help_text = _("Account code or kind, in full")
    ordering = ["-month", "account_id", "kind"]

    def found(self, text: str) -> Q:
        return Q(account__code=text) | Q(kind__in=called(text))

    @display(description=_("debits"))
    def debits_shown(self, total: MonthTotal) -> SafeString:
        return in_unit(total.debits, total.account)

    @display(description=_("credits"))
    def credits_shown(self, total: MonthTotal) -> SafeString:
        return in_unit(total.credits, total.account)


@admin.register(Seal)
class SealAdmin(BigTableAdmin):
    list_display = ["day", "sealed_at", "transfer_count", "entry_count", "last_transfer", "hash"]
    search_fields = ["hash"]
    ordering = ["-day"]

    def found(self, text: str) -> Q:
        return Q(hash__startswith=text.lower())
