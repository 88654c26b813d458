"""The moves of a cash deposit: somebody else at the charity confirms it; a wrong one is taken back."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charity_hub.money import yuan
from charity_hub.people.models import Role, User
from charity_hub.workflow.moves import Data, Move, Reason, Workflow
from charity_hub.workflow.rules import holders
from donations.deposits.actions import post_arrival, return_cash
from donations.deposits.forms import ReceiveForm, WithdrawForm
from donations.deposits.models import CashDeposit, DepositState
from donations.deposits.queries import facts_of
from donations.deposits.rules import check_arrival

HANDED_IN, RECEIVED, WITHDRAWN = DepositState.HANDED_IN, DepositState.RECEIVED, DepositState.WITHDRAWN
STATION = holders(Role.STATION_WORKER, organization="station__operator")
HOST = holders(Role.CHARITY_OFFICER, organization="fund__host")


def _received(_deposit: CashDeposit, actor: User, data: Data) -> Data:
    return {"received_by": actor, "received_on": data["received_on"]}


receive_cash = Move[CashDeposit](
    "receive",
    HANDED_IN,
    RECEIVED,
    by=HOST,
    not_by=["handed_in_by"],
    left_to=_("You deposited this cash yourself. Somebody else at the charity must confirm its arrival."),
    reason=Reason.MAY_BE_GIVEN,
    form=ReceiveForm,
    check=check_arrival,
    changes=_received,
    effect=post_arrival,
    label=_("Confirm its arrival"),
    lead=_("Confirm it once the charity's bank statement shows the money."),
    done=_("Confirmed: the money has arrived at the bank."),
    icon="check",
    waiting=_("Cash in transit to your bank"),
)
withdraw_deposit = Move[CashDeposit](
    "withdraw",
    [HANDED_IN, RECEIVED],
    WITHDRAWN,
    # The station while the cash is on its way; afterwards the host charity alone.
    by=HOST | STATION.where(~Q(state=RECEIVED)),
    reason=Reason.NEEDED,
    form=WithdrawForm,
    effect=return_cash,
    label=_("Withdraw"),
    lead=_("The money returns to the station's cash. Deposit the correct amount again."),
    confirm=_("Withdrawing cannot be undone."),
    done=_("The deposit is withdrawn: the money is the station's cash again."),
    icon="arrow-back-up",
    danger=True,
)


def _item(deposit: CashDeposit) -> tuple[str, str]:
    return f"{deposit.number} · {yuan(deposit.amount_fen)}", f"{deposit.station.name} · {deposit.fund.name}"


def _page(deposit: CashDeposit) -> Mapping[str, Any]:
    return {"facts": facts_of(deposit), "confirm_part": "workflow/parts/at_stake.html"}


DEPOSIT = Workflow(
    CashDeposit,
    moves=[receive_cash, withdraw_deposit],
    start=[HANDED_IN],
    namespace="deposits",
    item=_item,
    related=["station", "fund"],
    days={HANDED_IN: "handed_in_on", RECEIVED: "received_on"},
    colours={HANDED_IN: "yellow", RECEIVED: "green", WITHDRAWN: "grey"},
    turns={HANDED_IN: _("Next: an officer of %(host)s confirms that the money has arrived.")},
    names=lambda deposit: {"host": deposit.fund.host},
    template="donations/deposits/step.html",
    context=_page,
)
