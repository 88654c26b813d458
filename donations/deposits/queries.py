"""What pages show of a deposit."""

from django.utils.translation import gettext as _

from charity_hub.money import yuan
from charity_hub.portal.templatetags.hub import figure
from donations.deposits.models import CashDeposit


def facts_of(deposit: CashDeposit) -> list[tuple[str, object]]:
    """The deposit, line by line."""
    return [
        (_("Amount"), figure(yuan(deposit.amount_fen))),
        (_("Fund"), deposit.fund.name),
        (_("Station"), deposit.station.name),
        (_("Number of the deposit slip"), deposit.slip),
        (_("Deposited on"), deposit.handed_in_on.isoformat()),
        (_("Deposited by"), deposit.handed_in_by),
        (_("Credited on"), deposit.received_on.isoformat() if deposit.received_on else ""),
        (_("Confirmed by"), deposit.received_by or ""),
    ]
