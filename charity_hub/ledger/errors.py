"""The ledger's refusals, as sentences for people.

PostgreSQL names the violated rule; ``explained`` finds its sentence.
"""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import Error
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.ledger.amounts import written
from charity_hub.ledger.models import Account

type Facts = dict[str, Any]


class Unbalanced(Refused):
    """The lines of a transfer do not sum to zero in one unit."""


class FloorPassed(Refused):
    """An account has less than is to be taken from it. ``available`` is in fen or minutes."""

    def __init__(self, account: Account, available: int) -> None:
        super().__init__(
            _(
                "“%(account)s” has only %(available)s, which is not enough. Enter at most that "
                "amount, or wait for more money to arrive."
            )
            % {"account": account.name, "available": written(available, account.unit)},
            field="amount",
        )
        self.account = account
        self.available = available


class MonthClosed(Refused):
    """The date is in a closed month of one of the books."""


class AccountClosed(Refused):
    """One of the accounts is closed."""


class KeyReused(Refused):
    """The idempotency key belongs to a transfer with other content."""

    def __init__(self) -> None:
        super().__init__(
            _("Another entry is already recorded under this number. Reload the page and enter it again.")
        )


class FutureDate(Refused):
    """The date is in the future (Asia/Shanghai)."""


def _floor(facts: Facts) -> Refused:
    if "account" not in facts:  # not a posting: the floor itself was raised above the balance
        return Refused(_("The balance would be below the lower limit. Choose a lower limit."), field="floor")
    return FloorPassed(Account.objects.get(pk=facts["account"]), facts["available"])


def _month(facts: Facts) -> Refused:
    through = date.fromisoformat(facts["closed_through"])
    return MonthClosed(
        _("The books are closed through %(day)s. Choose a later date.") % {"day": through}, field="date"
    )


def _account_closed(facts: Facts) -> Refused:
    name = Account.objects.get(pk=facts["account"]).name
    return AccountClosed(
        _("“%(account)s” is closed and accepts no further entries. Choose another account.")
        % {"account": name}
    )


def _future(facts: Facts) -> Refused:
    return FutureDate(
        _("The date %(day)s is in the future. Enter today or an earlier date.")
        % {"day": facts["occurred_on"]},
        field="date",
    )


def _units(_facts: Facts) -> Refused:
    return Unbalanced(_("Money and hours cannot be mixed in one transfer."))


def _reversal_is_final(_facts: Facts) -> Refused:
    return Refused(
        _("This is itself a reversal and cannot be reversed. Enter the transaction again instead.")
    )


def _account_not_empty(_facts: Facts) -> Refused:
    return Refused(_("The account can only be closed when its balance is zero."))


def _book_reopened(_facts: Facts) -> Refused:
    return MonthClosed(_("Closed months cannot be reopened. Correct with a reversal dated today."))


def _month_not_over(_facts: Facts) -> Refused:
    return MonthClosed(_("This month has not ended yet. Close it afterwards."))


SENTENCES: dict[str, Callable[[Facts], Refused]] = {
    "account_balance_at_or_above_floor": _floor,
    "ledger_month_is_open": _month,
    "ledger_account_is_open": _account_closed,
    "ledger_transfer_is_not_in_the_future": _future,
    "ledger_transfer_has_one_unit": _units,
    "ledger_reversal_is_final": _reversal_is_final,
    "account_closed_only_at_zero": _account_not_empty,
    "ledger_book_is_never_reopened": _book_reopened,
    "ledger_book_closes_what_is_over": _month_not_over,
}


def explained(error: Error) -> Refused | None:
    """The refusal behind a database error; None if it is not a rule of the ledger that people can meet."""
    diagnosis = getattr(error.__cause__, "diag", None)
    sentence = SENTENCES.get(getattr(diagnosis, "constraint_name", None) or "")
    if sentence is None:
        return None
    return sentence(_facts(diagnosis.message_detail))  # type: ignore[union-attr]


def _facts(detail: str | None) -> Facts:
    try:
        facts = json.loads(detail or "{}")
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}
