"""What the ground floor shows of cash on its way."""

from urllib.parse import urlencode

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from charity_hub.ledger.kinds import Direction, TransferKind, register_kinds
from charity_hub.ledger.proofs import register_proof
from charity_hub.money import yuan
from charity_hub.people.models import User
from charity_hub.portal.registry import DeskFigure, register_desk_figures, register_menu
from donations.deposits.models import CashDeposit
from donations.deposits.permissions import CASHIERS
from donations.deposits.workflow import HANDED_IN

SOURCE = "donations.cashdeposit"


def register() -> None:
    register_kinds(
        TransferKind("deposit", gettext_lazy("Cash deposited at the bank"), Direction.MOVE, SOURCE),
        TransferKind(
            "deposit_received", gettext_lazy("Cash arrived at the charity's bank"), Direction.MOVE, SOURCE
        ),
    )
    register_proof(SOURCE, rule="cash_deposit_agrees_with_its_transfers")
    register_menu("desk", gettext_lazy("Cash deposits"), "deposits:list", "cash", rule=CASHIERS, order=36)
    register_desk_figures("deposits", under_way, rule=CASHIERS, order=21)


def under_way(user: User) -> list[DeskFigure]:
    """The deposits that nobody has confirmed yet."""
    deposits = CashDeposit.objects.in_scope_of(user).on_their_way()
    sums = deposits.order_by().aggregate(count=Count("pk"), fen=Sum("amount_fen", default=0))
    count = sums["count"]
    words = ngettext("%(count)s deposit", "%(count)s deposits", count) % {"count": f"{count:,}"}
    url = f"{reverse('deposits:list')}?{urlencode({'state': HANDED_IN.value})}"
    return [DeskFigure(_("In transit"), yuan(sums["fen"]), words, url)]
