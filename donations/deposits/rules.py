"""What must be true of a deposit, as sentences that point to a field."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.people.models import User
from charity_hub.workflow.moves import Data
from donations.deposits.models import CashDeposit
from funds.profile.models import Fund


def check_day(fund: Fund, day: date, field: str) -> None:
    """Raise ``Refused`` at ``field`` for a day that is to come or lies in a closed month."""
    closed = fund.book.closed_through if fund.book else None
    if day > timezone.localdate():
        raise Refused(_("This date is in the future. Enter the actual date."), field)
    if closed and day <= closed:
        raise Refused(
            _("The books of this fund are closed through %(day)s. Enter a later date.")
            % {"day": closed.isoformat()},
            field,
        )


def check_arrival(deposit: CashDeposit, _actor: User, data: Data) -> None:
    """Raise ``Refused`` for a day on which the deposit cannot have arrived."""
    check_day(deposit.fund, data["received_on"], "received_on")
    if data["received_on"] < deposit.handed_in_on:
        raise Refused(
            _("The cash was deposited on %(day)s, so it cannot have arrived before that day.")
            % {"day": deposit.handed_in_on.isoformat()},
            "received_on",
        )
