"""What a spending request must be: filed by the street, decided and paid by three different people."""

from django.db.models import Sum
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.ledger.models import MonthTotal
from charity_hub.money import LEAST_FEN, MOST_FEN, yuan
from funds.profile.models import Fund, FundState
from funds.spending.models import PayeeKind, SpendingRequest, SpendingState, Use
from funds.spending.terms import SpendingTerms


def check_terms(fund: Fund, terms: SpendingTerms) -> None:
    """Raise ``Refused``, with the field, unless these terms may be filed with this fund."""
    if not LEAST_FEN <= terms.amount_fen <= MOST_FEN:
        raise Refused(
            _("Give an amount from %(least)s to %(most)s.")
            % {"least": yuan(LEAST_FEN), "most": yuan(MOST_FEN)},
            "amount_fen",
        )
    if terms.purpose.fund_id != fund.pk:
        raise Refused(
            _("This purpose belongs to another fund. Choose one of this fund's purposes."), "purpose"
        )
    if terms.purpose.retired_on:
        raise Refused(
            _("“%(purpose)s” is retired. Choose another purpose.") % {"purpose": terms.purpose}, "purpose"
        )
    if terms.use == Use.MANAGEMENT_FEE:
        _check_fee_payee(fund, terms)


def check_fund_spends(fund: Fund) -> None:
    """Raise ``Refused`` unless the fund is active."""
    if fund.state != FundState.ACTIVE:
        raise Refused(
            _(
                "This fund is “%(state)s”: only an active fund files and approves spending. Have it resumed "
                "if it is suspended, or take another fund."
            )
            % {"state": fund.get_state_display()}
        )


def check_fund_pays(fund: Fund) -> None:
    """Raise ``Refused`` unless the fund is active, or winding up and paying what was approved."""
    if fund.state not in {FundState.ACTIVE, FundState.WINDING_UP}:
        raise Refused(
            _("This fund is “%(state)s”: nothing is paid from it now. Have it resumed first.")
            % {"state": fund.get_state_display()}
        )


def _check_fee_payee(fund: Fund, terms: SpendingTerms) -> None:
    if terms.payee_kind != PayeeKind.ORGANIZATION or terms.payee_name != fund.host.name:
        raise Refused(
            _("A management fee goes to the host charity. Enter %(host)s as the payee.")
            % {"host": fund.host},
            "payee_name",
        )


def gifts_received(fund: Fund) -> int:
    """What was given to a fund to date, in fen, voided gifts taken off; seed money is no gift."""
    totals = MonthTotal.objects.filter(account__purpose__fund=fund, kind__startswith="gift:").aggregate(
        credit=Sum("credits", default=0), debit=Sum("debits", default=0)
    )
    return int(totals["credit"] - totals["debit"])


def fee_decided(fund: Fund, *, but: SpendingRequest | None = None) -> int:
    """Management fee already approved or paid, in fen."""
    decided = fund.spending.filter(
        use=Use.MANAGEMENT_FEE, state__in=[SpendingState.APPROVED, SpendingState.PAID]
    )
    if but:
        decided = decided.exclude(pk=but.pk)
    return int(decided.aggregate(total=Sum("amount_fen", default=0))["total"])


def check_fee(fund: Fund, amount_fen: int, *, but: SpendingRequest | None = None) -> None:
    """Raise ``Refused`` when management fees would pass what the agreement allows of the gifts to date."""
    gifts, taken = gifts_received(fund), fee_decided(fund, but=but)
    allowed = gifts * fund.management_fee_bp // 10_000
    if taken + amount_fen > allowed:
        raise Refused(
            _(
                "The agreement allows a management fee of %(rate)s%% of the gifts: %(allowed)s of %(gifts)s "
                "to date. %(taken)s is taken already, so at most %(left)s can follow; this request is for "
                "%(amount)s."
            )
            % {
                "rate": percent(fund.management_fee_bp),
                "allowed": yuan(allowed),
                "gifts": yuan(gifts),
                "taken": yuan(taken),
                "left": yuan(max(allowed - taken, 0)),
                "amount": yuan(amount_fen),
            },
            "amount_fen",
        )


def percent(basis_points: int) -> str:
    """``550`` is ``5.5``, ``500`` is ``5``."""
    whole, part = divmod(basis_points, 100)
    return f"{whole}.{part:02}".rstrip("0").rstrip(".")
