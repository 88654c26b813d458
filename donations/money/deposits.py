"""Cash on its way: from the station's box to the host charity's bank, seen by two people."""

from datetime import date

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.ledger.actions import Line, post, reverse
from charity_hub.ledger.errors import FloorPassed
from charity_hub.ledger.queries import transfers_of
from charity_hub.money import yuan
from charity_hub.people.access import require
from charity_hub.people.models import User
from charity_hub.workflow.actions import lock, move, record
from donations.money.accounts import cash_account, transit_account
from donations.money.deposit_models import DEPOSIT_FLOW, CashDeposit, DepositState
from donations.money.names import clean_name
from donations.money.permissions import is_bank_officer, may_hand_in, may_withdraw
from donations.stations.models import Station
from funds.profile.accounts import bank_of
from funds.profile.models import Fund


@transaction.atomic
def hand_in_cash(
    *, station: Station, fund: Fund, amount_fen: int, slip: str, handed_in_on: date, actor: User
) -> CashDeposit:
    """The station paid in this much of the fund's cash and cheques. ``actor`` works at the
    station.

    Raises ``Refused`` for a future or closed date, a missing slip number, or more than the station
    holds (with the figure).
    """
    require(may_hand_in(actor, station), _("Only the station's own workers deposit its cash."))
    fund = Fund.objects.select_for_update(of=("self",), no_key=True).select_related("book").get(pk=fund.pk)
    _check_day(fund, handed_in_on, "handed_in_on")
    if amount_fen <= 0:
        raise Refused(_("The amount must be more than zero."), "amount_fen")
    if not clean_name(slip):
        raise Refused(_("Enter the number on the bank's deposit slip."), "slip")
    deposit = CashDeposit.objects.create(
        number=_next_number(handed_in_on),
        station=station,
        fund=fund,
        amount_fen=amount_fen,
        slip=clean_name(slip),
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


def receive_cash(deposit: CashDeposit, *, received_on: date, actor: User, reason: str = "") -> bool:
    """The host charity found the deposit on its bank account. False when it was received already.
    ``actor`` is an officer of that charity; ``reason`` stays in the history.

    Raises ``Refused`` when whoever handed it in wants to receive it too, or for a date before it was
    handed in.
    """
    with transaction.atomic():
        deposit_now = lock(deposit)
        require(
            is_bank_officer(actor, deposit_now),
            _("Only the host charity of the fund confirms this."),
        )
        if deposit_now.state != DepositState.HANDED_IN:
            return move(deposit_now, DepositState.RECEIVED, DEPOSIT_FLOW, actor=actor)
        if deposit_now.handed_in_by_id == actor.pk:
            raise Refused(
                _("You deposited this cash yourself. Somebody else at the charity must confirm its arrival.")
            )
        fund = Fund.objects.select_related("book").get(pk=deposit_now.fund_id)
        _check_day(fund, received_on, "received_on")
        if received_on < deposit_now.handed_in_on:
            raise Refused(
                _("The cash was deposited on %(day)s, so it cannot have arrived before that day.")
                % {"day": deposit_now.handed_in_on.isoformat()},
                "received_on",
            )
        post(
            "deposit_received",
            [
                Line(bank_of(fund), deposit_now.amount_fen),
                Line(transit_account(deposit_now.station, fund), -deposit_now.amount_fen),
            ],
            key=f"deposit_received:{deposit_now.number}",
            occurred_on=received_on,
            memo=deposit_now.number,
            source=deposit_now,
            actor=actor,
        )
        return move(
            deposit_now,
            DepositState.RECEIVED,
            DEPOSIT_FLOW,
            actor=actor,
            why=reason.strip(),
            received_by=actor,
            received_on=received_on,
        )


def withdraw_deposit(deposit: CashDeposit, reason: str, *, actor: User) -> bool:
    """Take a deposit back: the money is the station's cash again, every transfer of it reversed.

    For a deposit sent by mistake or with another amount than the bank credited, and for a cheque that
    bounced after its arrival; hand in anew what was right, void the gift whose cheque bounced. False when
    it was taken back already. The station does it while it is on its way, the host charity always. Raises
    ``Refused`` without a reason, or when the money has been spent since.
    """
    with transaction.atomic():
        deposit = lock(deposit)
        require(may_withdraw(actor, deposit))
        if deposit.withdrawn:
            return False
        reason = clean_name(reason)
        if not reason:
            raise Refused(_("State why the deposit is withdrawn: the reason stays in its history."), "reason")
        _reverse_all(deposit, reason, actor)
        return move(deposit, DepositState.WITHDRAWN, DEPOSIT_FLOW, actor=actor, why=reason)


def _reverse_all(deposit: CashDeposit, reason: str, actor: User) -> None:
    """Reverse its transfers, the latest first."""
    try:
        with transaction.atomic():
            for transfer in transfers_of(deposit).reverse():
                reverse(transfer, reason, actor=actor)
    except FloorPassed as passed:
        raise Refused(
            _(
                "This deposit of %(amount)s cannot be withdrawn: only %(left)s of it is left; "
                "the rest has been spent or committed. Release an approval first."
            )
            % {"amount": yuan(deposit.amount_fen), "left": yuan(passed.available)}
        ) from passed


def _check_day(fund: Fund, day: date, field: str) -> None:
    closed = fund.book.closed_through if fund.book else None
    if day > timezone.localdate():
        raise Refused(_("This date is in the future. Enter the actual date."), field)
    if closed and day <= closed:
        raise Refused(
            _("The books of this fund are closed through %(day)s. Enter a later date.")
            % {"day": closed.isoformat()},
            field,
        )


def _next_number(day: date) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('donations_deposit_number')")
        return f"JK-{day.year}-{cursor.fetchone()[0]:06}"
