"""Handing in, and what the moves of a deposit do in the ledger. Amounts are fen, days Asia/Shanghai dates."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.ledger.actions import Line, post, reverse
from charity_hub.ledger.errors import FloorPassed
from charity_hub.ledger.queries import transfers_of
from charity_hub.money import yuan
from charity_hub.numbering import next_number
from charity_hub.people.access import require
from charity_hub.people.models import User
from charity_hub.plain_text import clean_name
from charity_hub.workflow.actions import record
from charity_hub.workflow.moves import Data
from donations.deposits.models import CashDeposit, DepositState
from donations.deposits.permissions import may_hand_in
from donations.deposits.rules import check_day
from donations.stations.accounts import cash_account, transit_account
from donations.stations.models import Station
from funds.profile.accounts import bank_of
from funds.profile.models import Fund


@transaction.atomic
def hand_in_cash(
    *, station: Station, fund: Fund, amount_fen: int, slip: str, handed_in_on: date, actor: User
) -> CashDeposit:
    """The station paid in this much of the fund's cash and cheques. ``actor`` works at the station.

    Raises ``Refused`` for a future or closed date, a missing slip number, or more than the station
    holds (with the figure).
    """
    require(may_hand_in(actor, station), _("Only the station's own workers deposit its cash."))
    fund = Fund.objects.select_for_update(of=("self",), no_key=True).select_related("book").get(pk=fund.pk)
    check_day(fund, handed_in_on, "handed_in_on")
    if amount_fen <= 0:
        raise Refused(_("The amount must be more than zero."), "amount_fen")
    if not (slip := clean_name(slip)):
        raise Refused(_("Enter the number on the bank's deposit slip."), "slip")
    deposit = CashDeposit.objects.create(
        number=next_number("donations_deposit_number", "JK", handed_in_on.year),
        station=station,
        fund=fund,
        amount_fen=amount_fen,
        slip=slip,
        handed_in_on=handed_in_on,
        handed_in_by=actor,
    )
    _post_handed_in(deposit, actor)
    record(deposit, "", DepositState.HANDED_IN, actor=actor)
    return deposit


def _post_handed_in(deposit: CashDeposit, actor: User) -> None:
    cash = cash_account(deposit.station, deposit.fund)
    transit = transit_account(deposit.station, deposit.fund)
    try:
        with transaction.atomic():
            post(
                "deposit",
                [Line(transit, deposit.amount_fen), Line(cash, -deposit.amount_fen)],
                key=f"deposit:{deposit.number}",
                occurred_on=deposit.handed_in_on,
                memo=deposit.number,
                source=deposit,
                actor=actor,
            )
    except FloorPassed as passed:
        raise Refused(
            _("The station has only %(held)s of this fund in cash and cheques. Enter at most that amount.")
            % {"held": yuan(passed.available)},
            "amount_fen",
        ) from passed


def post_arrival(deposit: CashDeposit, actor: User, data: Data) -> None:
    """The money is at the host charity's bank, on ``data["received_on"]``."""
    transit = transit_account(deposit.station, deposit.fund)
    post(
        "deposit_received",
        [Line(bank_of(deposit.fund), deposit.amount_fen), Line(transit, -deposit.amount_fen)],
        key=f"deposit_received:{deposit.number}",
        occurred_on=data["received_on"],
        memo=deposit.number,
        source=deposit,
        actor=actor,
    )


def return_cash(deposit: CashDeposit, actor: User, data: Data) -> None:
    """The money is the station's cash again: the deposit's transfers are reversed, the latest first.

    Raises ``Refused`` when it has been spent or committed since.
    """
    try:
        with transaction.atomic():
            for transfer in transfers_of(deposit).reverse():
                reverse(transfer, data["reason"], actor=actor)
    except FloorPassed as passed:
        raise Refused(
            _(
                "This deposit of %(amount)s cannot be withdrawn: only %(left)s of it is left; "
                "the rest has been spent or committed. Release an approval first."
            )
            % {"amount": yuan(deposit.amount_fen), "left": yuan(passed.available)}
        ) from passed
