"""A fund's accounts in the ledger: where its money is, and which purpose it is for."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from charity_hub.ledger.actions import open_account, open_book
from charity_hub.ledger.models import Account, AccountKind, AccountRole, Book
from funds.profile.models import Fund, Purpose


def bank_of(fund: Fund) -> Account:
    """The fund's part of its host charity's bank account; exists once the fund was activated."""
    return Account.objects.get(book=fund.book_id, role=AccountRole.BANK)


def open_books_of(fund: Fund) -> Book:
    """Open the fund's book with its bank account and the accounts of every purpose."""
    book = open_book(fund.code, fund.name)
    with override(settings.LANGUAGE_CODE):
        name = _("%(fund)s: bank account of %(host)s") % {"fund": fund.name, "host": fund.host.name}
    open_account(book, f"bank:{fund.code}", name[:120], AccountKind.ASSET, role=AccountRole.BANK)
    for purpose in fund.purposes.all():
        open_accounts_of(purpose, book)
    return book


def open_accounts_of(purpose: Purpose, book: Book) -> None:
    """Open a purpose's accounts: available (net assets) and committed."""
    fund = purpose.fund
    with override(settings.LANGUAGE_CODE):
        committed = _("%(purpose)s: committed") % {"purpose": purpose.name}
    purpose.net_account = open_account(
        book,
        f"net:{fund.code}:{purpose.slug}",
        purpose.name,
        AccountKind.NET_ASSETS,
        role=AccountRole.FREE,
        party=purpose.pk,
    )
    purpose.committed_account = open_account(
        book,
        f"committed:{fund.code}:{purpose.slug}",
        committed[:120],
        AccountKind.COMMITTED,
        role=AccountRole.COMMITTED,
        party=purpose.pk,
    )
    purpose.save(update_fields=["net_account", "committed_account"])


@dataclass(frozen=True)
class PurposeMoney:
    """The balances of one purpose, in fen."""

    purpose: Purpose
    free: int
    committed: int

    @property
    def may_retire(self) -> bool:
        """Whether it is in use, restricted and empty."""
        return (
            self.purpose.restricted and not self.purpose.retired_on and not self.free and not self.committed
        )


@dataclass(frozen=True)
class FundMoney:
    """Where a fund's money is and what it is for, in fen."""

    bank: int
    at_stations: int
    in_transit: int
    purposes: list[PurposeMoney]

    @property
    def free(self) -> int:
        return sum(one.free for one in self.purposes)

    @property
    def committed(self) -> int:
        return sum(one.committed for one in self.purposes)

    @property
    def not_banked(self) -> int:
        """Cash and cheques at stations or in transit to the bank."""
        return self.at_stations + self.in_transit

    @property
    def total(self) -> int:
        return self.bank + self.not_banked


def money_of(fund: Fund) -> FundMoney:
    """A fund's money now: one query for the accounts, one for the purposes."""
    purposes = fund.purposes.select_related("net_account", "committed_account")
    assets = Account.objects.filter(book=fund.book_id, kind=AccountKind.ASSET) if fund.book_id else []
    return FundMoney(
        bank=_total(assets, AccountRole.BANK),
        at_stations=_total(assets, AccountRole.STATION_CASH),
        in_transit=_total(assets, AccountRole.IN_TRANSIT),
        purposes=[
            PurposeMoney(purpose, _held(purpose.net_account), _held(purpose.committed_account))
            for purpose in purposes
        ],
    )


def _total(accounts: Iterable[Account], role: AccountRole) -> int:
    return sum(account.balance for account in accounts if account.role == role)


def _held(account: Account | None) -> int:
    return account.normal_balance if account else 0


def is_empty(fund: Fund) -> bool:
    """Whether all accounts of the fund's book are at zero, so that they can be closed."""
    return not Account.objects.filter(book=fund.book_id).exclude(balance=0).exists()
