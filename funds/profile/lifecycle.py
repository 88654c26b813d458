"""Changes of a fund in force besides its state: people, purposes, and closing its accounts.

Its leftovers are handed over in ``remaining_assets``.
"""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from charity_hub.errors import Refused
from charity_hub.ledger.actions import close_account
from charity_hub.ledger.models import Account, Book
from charity_hub.money import yuan
from charity_hub.people.access import require
from charity_hub.people.models import User
from charity_hub.workflow.actions import lock, record, required_reason
from funds.profile.accounts import open_accounts_of
from funds.profile.actions import write_seats
from funds.profile.models import Fund, FundState, Purpose
from funds.profile.permissions import works_for_host
from funds.profile.rules import raise_first, seats_problems, slug_for
from funds.profile.terms import NewPurpose, Seat


def _locked_for_host(fund: Fund, actor: User) -> Fund:
    fund = lock(fund)
    require(works_for_host(actor, fund))
    return fund


@transaction.atomic
def change_committee(fund: Fund, seats: Sequence[Seat], reason: str, *, actor: User) -> bool:
    """Replace the committee and supervisors of a fund in force, for example at the end of a term.

    The history keeps who came, who left and why. The same people again change nothing.
    """
    fund = _locked_for_host(fund, actor)
    if fund.state not in {FundState.ACTIVE, FundState.SUSPENDED, FundState.WINDING_UP}:
        raise Refused(
            _(
                "The committee can be changed here only while the fund is in force. Change a draft's "
                "committee in the draft."
            )
        )
    raise_first(seats_problems(seats))
    before = _sitting(fund)
    if before == set(seats):
        return False
    why = required_reason(reason)
    write_seats(fund, seats)
    record(fund, fund.state, fund.state, actor=actor, why=_exchanged(before, set(seats), why))
    return True


def _sitting(fund: Fund) -> set[Seat]:
    return {Seat(one.name, one.position, one.represents) for one in fund.committee.all()}


def _exchanged(before: set[Seat], after: set[Seat], why: str) -> str:
    """“委员甲 (Member)” and so on. The position is included, so that a new chair is named too."""
    with override(settings.LANGUAGE_CODE):
        return _("Committee and supervisors. New: %(came)s. Before: %(left)s. %(reason)s") % {
            "came": _named(after - before),
            "left": _named(before - after),
            "reason": why,
        }


def _named(seats: set[Seat]) -> str:
    return "、".join(sorted(f"{seat.name} ({seat.title})" for seat in seats)) or "–"


@transaction.atomic
def add_purpose(fund: Fund, name: str, *, actor: User) -> Purpose:
    """Add a restricted purpose and open its accounts; the same name again returns the existing purpose."""
    fund = _locked_for_host(fund, actor)
    if fund.state not in {FundState.ACTIVE, FundState.SUSPENDED}:
        raise Refused(
            _(
                "This fund is “%(state)s”. Only an active or suspended fund can get a new "
                "purpose. Edit a draft's purposes in the draft; for a fund that ends, use "
                "another fund."
            )
            % {"state": fund.get_state_display()}
        )
    if found := fund.purposes.filter(name=name).first():
        return found
    taken = fund.purposes.values_list("slug", flat=True)
    purpose = Purpose(
        fund=fund, name=name, slug=slug_for(NewPurpose(name), taken), position=fund.purposes.count()
    )
    purpose.save()
    open_accounts_of(purpose, Book.objects.get(fund=fund))
    return purpose


@transaction.atomic
def retire_purpose(purpose: Purpose, *, actor: User) -> None:
    """Retire an empty restricted purpose and close its accounts."""
    _locked_for_host(purpose.fund, actor)
    purpose = lock(purpose)
    if purpose.retired_on:
        return
    if not purpose.restricted:
        raise Refused(_("The unrestricted purpose cannot be retired. Retire a restricted purpose instead."))
    accounts = _lock_accounts(Account.objects.filter(pk__in=[account.pk for account in purpose.accounts]))
    if held := sum(account.normal_balance for account in accounts):
        raise Refused(
            _("“%(purpose)s” still has %(amount)s. Spend it on this purpose first, then retire it.")
            % {"purpose": purpose, "amount": yuan(held)}
        )
    for account in accounts:
        close_account(account)
    purpose.retired_on = timezone.localdate()
    purpose.save(update_fields=["retired_on"])


def close_accounts(fund: Fund) -> None:
    """Close all accounts of a fund. Raises ``Refused`` with those that are not empty."""
    accounts = _lock_accounts(Account.objects.filter(book=fund.book_id))
    left = [f"{account.name} {yuan(account.normal_balance)}" for account in accounts if account.balance]
    if left:
        raise Refused(
            _("These accounts are not empty yet: %(accounts)s. Hand the leftovers over first.")
            % {"accounts": ", ".join(left)}
        )
    for account in accounts:
        close_account(account)


def _lock_accounts(accounts: QuerySet[Account]) -> list[Account]:
    """Lock the accounts in the ledger's order, so that nothing is posted before they are closed."""
    return list(accounts.select_for_update(of=("self",), no_key=True).order_by("pk"))
