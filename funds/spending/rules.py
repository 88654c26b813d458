"""The rules for a spending request: filed by the street, decided on and paid by three different people."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.ledger.kinds import Direction, codes
from charity_hub.ledger.models import Entry, MonthTotal
from charity_hub.money import LEAST_FEN, MOST_FEN, yuan
from charity_hub.people.models import User
from funds.profile.agreements import fee_rates
from funds.profile.models import Fund, FundState
from funds.spending.models import PayeeKind, SpendingRequest, SpendingState, Use


def check_terms(fund: Fund, terms: SpendingRequest) -> None:
    """Raise ``Refused``, with the field, unless these terms may be filed with this fund now."""
    check_fund_spends(fund)
    if not LEAST_FEN <= terms.amount_fen <= MOST_FEN:
        raise Refused(
            _("Enter an amount from %(least)s to %(most)s.")
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
        check_fee(fund, terms.amount_fen)


def check_approval(request: SpendingRequest, _actor: User, _data: Mapping[str, Any]) -> None:
    """Raise ``Refused`` unless the fund can spend and the management fee stays within the agreement."""
    check_fund_spends(request.fund)
    if request.use == Use.MANAGEMENT_FEE:
        check_fee(request.fund, request.amount_fen, but=request)


def check_payment(request: SpendingRequest, _actor: User, data: Mapping[str, Any]) -> None:
    """Raise ``Refused``, with the field, unless the fund can pay, on a day from the approval to today."""
    check_fund_pays(request.fund)
    if data["paid_on"] > timezone.localdate():
        raise Refused(
            _("This date is in the future. Record the payment after the bank has made it."), "paid_on"
        )
    if request.approved_on and data["paid_on"] < request.approved_on:
        raise Refused(
            _("The request was approved on %(day)s. Enter that day or a later date.")
            % {"day": request.approved_on},
            "paid_on",
        )
    if not data["bank_reference"].strip():
        raise Refused(_("Enter the bank reference of the payment."), "bank_reference")


def check_fund_spends(fund: Fund) -> None:
    """Raise ``Refused`` unless the fund is active."""
    if fund.state != FundState.ACTIVE:
        raise Refused(
            _(
                "This fund is “%(state)s”: spending is filed and approved only for an active "
                "fund. Have it resumed if it is suspended, or choose another fund."
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


def _check_fee_payee(fund: Fund, terms: SpendingRequest) -> None:
    if terms.payee_kind != PayeeKind.ORGANIZATION or terms.payee_name != fund.host.name:
        raise Refused(
            _("A management fee goes to the host charity. Enter %(host)s as the payee.")
            % {"host": fund.host},
            "payee_name",
        )


def gifts_received(fund: Fund, *, before: date | None = None) -> int:
    """Gifts to date or before a day, in fen; seed money is not a gift.

    Voided gifts are subtracted, even if the reversal is dated on this day or later, in an open month.
    """
    months = MonthTotal.objects.filter(account__purpose__fund=fund, kind__in=codes(*Direction, donated=True))
    if before:
        months = months.filter(month__lt=before.replace(day=1))
    totals = months.aggregate(credit=Sum("credits", default=0), debit=Sum("debits", default=0))
    received = int(totals["credit"] - totals["debit"])
    return received + _gifts_of_the_month(fund, before) + _undone_since(fund, before) if before else received


def _gifts_of_the_month(fund: Fund, before: date) -> int:
    """The part that month totals cannot give: gifts on the days of one month before this day."""
    if before.day == 1:
        return 0
    return _gift_entries(
        fund, transfer__occurred_on__gte=before.replace(day=1), transfer__occurred_on__lt=before
    )


def _undone_since(fund: Fund, day: date) -> int:
    """Reversals, dated this day or later, of gifts given before it: zero or negative."""
    return _gift_entries(
        fund,
        transfer__reverses__isnull=False,  # so that PostgreSQL starts with the few reversals
        transfer__reverses__occurred_on__lt=day,
        transfer__occurred_on__gte=day,
    )


def _gift_entries(fund: Fund, **those: object) -> int:
    """The sum of these entries of the fund's gifts, in fen, positive for income."""
    gifts = codes(*Direction, donated=True)
    entries = Entry.objects.filter(account__purpose__fund=fund, transfer__kind__in=gifts, **those)
    return -int(entries.aggregate(fen=Sum("amount", default=0))["fen"])


def fee_allowed(fund: Fund) -> int:
    """The management fee that the agreement allows for the gifts to date, in fen, rounded down.

    Each gift counts with the rate in force on its day.
    """
    rates = fee_rates(fund)
    ends: list[date | None] = [*(rate.since for rate in rates[1:]), None]
    received = [gifts_received(fund, before=end) for end in ends]
    parts = [upto - before for upto, before in zip(received, [0, *received], strict=False)]
    return sum(part * rate.basis_points for part, rate in zip(parts, rates, strict=True)) // 10_000


def fee_decided(fund: Fund, *, but: SpendingRequest | None = None) -> int:
    """Management fee already approved or paid, in fen."""
    decided = fund.spending.filter(
        use=Use.MANAGEMENT_FEE, state__in=[SpendingState.APPROVED, SpendingState.PAID]
    )
    if but:
        decided = decided.exclude(pk=but.pk)
    return int(decided.aggregate(total=Sum("amount_fen", default=0))["total"])


def check_fee(fund: Fund, amount_fen: int, *, but: SpendingRequest | None = None) -> None:
    """Raise ``Refused`` if management fees would exceed what the agreement allows for the gifts to date."""
    gifts, taken = gifts_received(fund), fee_decided(fund, but=but)
    allowed = fee_allowed(fund)
    if taken + amount_fen > allowed:
        raise Refused(
            _(
                "The agreement allows a management fee of %(rates)s of the gifts: %(allowed)s of "
                "%(gifts)s to date. %(taken)s has been charged, so at most %(left)s can follow; "
                "this request is for %(amount)s."
            )
            % {
                "rates": _rates_in_words(fund),
                "allowed": yuan(allowed),
                "gifts": yuan(gifts),
                "taken": yuan(taken),
                "left": yuan(max(allowed - taken, 0)),
                "amount": yuan(amount_fen),
            },
            "amount_fen",
        )


def _rates_in_words(fund: Fund) -> str:
    """“5%”; if a new version changed the rate, “3%, from 2026-07-01 on 5%”."""
    first, *later = fee_rates(fund)
    changes = [
        _("from %(day)s on %(rate)s%%") % {"day": one.since, "rate": percent(one.basis_points)}
        for one in later
    ]
    return "; ".join([f"{percent(first.basis_points)}%", *changes])


def percent(basis_points: int) -> str:
    """``550`` is ``5.5``, ``500`` is ``5``."""
    whole, part = divmod(basis_points, 100)
    return f"{whole}.{part:02}".rstrip("0").rstrip(".")
