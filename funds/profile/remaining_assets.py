"""Handing over the leftovers of a fund that winds up, as the agreement says or as an officer decides.

The agreement may name a fund that is itself suspended, winding up or closed by then, and money never goes to
a fund of another charity. Then an officer of the host charity chooses another of
its active funds, or the host charity itself, and records the reason.
"""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from charity_hub.errors import Refused
from charity_hub.ledger.actions import Line, post
from charity_hub.ledger.models import Transfer
from charity_hub.money import yuan
from charity_hub.people.access import require
from charity_hub.people.models import User
from charity_hub.workflow.actions import history, lock, record, required_reason
from funds.profile.accounts import FundMoney, bank_of, money_of
from funds.profile.agreements import version_on
from funds.profile.models import Fund, FundQuerySet, FundState
from funds.profile.permissions import works_for_host


@dataclass(frozen=True)
class Diversion:
    """Another recipient of the leftovers, and why. Without a fund it is the host charity itself, by bank."""

    reason: str
    fund: Fund | None = None


def named_recipient(fund: Fund, on: date | None = None) -> Fund | None:
    """The fund that the agreement names for the leftovers on that day, today by default."""
    return version_on(fund, on).terms.leftover_fund


def recipient_excluded(fund: Fund, on: date | None = None) -> bool:
    """Whether the fund that the agreement names for the leftovers cannot take them in its present state."""
    taker = named_recipient(fund, on)
    return taker is not None and (taker.state != FundState.ACTIVE or taker.host_id != fund.host_id)


def possible_recipients(fund: Fund) -> FundQuerySet:
    """The active funds of the same host charity that may take the leftovers instead."""
    return Fund.objects.active().filter(host=fund.host_id).exclude(pk=fund.pk)


def began_winding_up(user: User, fund: Fund) -> bool:
    """Whether ``user`` began the winding-up, so that another person must hand over the money."""
    began = history(fund).filter(~Q(old=FundState.WINDING_UP), new=FundState.WINDING_UP)
    return began.filter(actor=user).exists()


@transaction.atomic
def hand_over_remaining_assets(
    fund: Fund,
    *,
    actor: User,
    on: date | None = None,
    bank_reference: str = "",
    instead: Diversion | None = None,
) -> Transfer | None:
    """Move the balances of all purposes to the recipient that the agreement names (kind ``leftover``).

    The recipient is the unrestricted purpose of the fund that the agreement in force on that day names;
    without one the
    money leaves the bank, for which ``bank_reference`` is needed. ``instead`` is required, and only accepted,
    if the named
    fund cannot take the money; it is recorded in the fund's history. ``actor`` is an officer of the host, but
    not the person
    who began the winding-up. Returns None if nothing is left. Raises ``Refused`` while spending is committed
    or cash is
    not banked.
    """
    on = on or timezone.localdate()
    _lock_all(fund, named_recipient(fund, on), instead)
    fund = lock(fund)
    require(works_for_host(actor, fund))
    if fund.state != FundState.WINDING_UP:
        raise Refused(_("Leftovers are handed over while a fund is winding up. Begin the winding-up first."))
    money = money_of(fund)
    if not money.total and not money.committed:
        return None
    _refuse_before_all_is_in(fund, money, actor)
    taker = _diverted_to(fund, on, instead) if recipient_excluded(fund, on) else _as_agreed(fund, on, instead)
    if not taker and not bank_reference.strip():
        raise Refused(
            _("Enter the bank reference of the payment that hands over the leftovers."), "bank_reference"
        )
    if instead:
        _write_down(fund, on, money, instead, actor)
    return post(
        "leftover",
        _lines(fund, taker),
        key=_key(fund),
        occurred_on=on,
        memo=_memo(fund, on, bank_reference, instead),
        source=fund,
        actor=actor,
    )


def _lock_all(fund: Fund, named: Fund | None, instead: Diversion | None) -> None:
    """Lock the fund and the funds that may take its leftovers, in order of their ids."""
    keys = [one.pk for one in (fund, named, instead.fund if instead else None) if one]
    list(Fund.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk"))


def _refuse_before_all_is_in(fund: Fund, money: FundMoney, actor: User) -> None:
    if money.committed:
        raise Refused(
            _("%(amount)s is approved and not yet paid. Pay or release it first.")
            % {"amount": yuan(money.committed)}
        )
    if money.not_banked:
        raise Refused(
            _("%(amount)s is at stations or in transit to the bank. Have it deposited and confirmed first.")
            % {"amount": yuan(money.not_banked)}
        )
    if began_winding_up(actor, fund):
        raise Refused(
            _("You began the winding-up. Another officer of the host charity must hand over the leftovers.")
        )


def _as_agreed(fund: Fund, on: date, instead: Diversion | None) -> Fund | None:
    if instead:
        raise Refused(
            _("The leftovers can go where the agreement says. Reload the page and hand them over there.")
        )
    return named_recipient(fund, on)


def _diverted_to(fund: Fund, on: date, instead: Diversion | None) -> Fund | None:
    if instead is None:
        raise Refused(excluded_recipient_message(fund, on), "taker")
    required_reason(instead.reason)
    if instead.fund and not possible_recipients(fund).filter(pk=instead.fund.pk).exists():
        raise Refused(
            _("“%(fund)s” is not an active fund of %(host)s. Choose another fund, or the charity itself.")
            % {"fund": instead.fund, "host": fund.host},
            "taker",
        )
    return instead.fund


def excluded_recipient_message(fund: Fund, on: date | None = None) -> str:
    """Why the leftovers cannot go to the named recipient, and what to do about it."""
    taker = named_recipient(fund, on)
    if taker is None:
        raise ValueError(f"the agreement of {fund.code} names no fund for the leftovers")
    if taker.host_id != fund.host_id:
        return _named_elsewhere(fund, taker)
    sentence = _(
        "The agreement names “%(fund)s” for the leftovers, but it is “%(state)s” and cannot "
        "receive them. Choose another fund of %(host)s or the charity itself and give the "
        "reason, or wait until that fund is active again."
    )
    return sentence % {"fund": taker, "state": taker.get_state_display(), "host": fund.host}


def _named_elsewhere(fund: Fund, taker: Fund) -> str:
    sentence = _(
        "The agreement names “%(fund)s” for the leftovers, but its host is %(other)s, and "
        "money cannot go to another charity's fund. Choose another fund of %(host)s or the "
        "charity itself, and give the reason."
    )
    return sentence % {"fund": taker, "other": taker.host, "host": fund.host}


def _write_down(fund: Fund, on: date, money: FundMoney, instead: Diversion, actor: User) -> None:
    """Record the decision in the fund's history, beside the transfer."""
    with override(settings.LANGUAGE_CODE):
        why = _("Leftovers of %(amount)s were handed over to “%(taker)s”, not to “%(named)s”. %(reason)s") % {
            "amount": yuan(money.total),
            "taker": instead.fund or fund.host,
            "named": named_recipient(fund, on),
            "reason": instead.reason.strip(),
        }
    record(fund, fund.state, fund.state, actor=actor, why=why)


def _key(fund: Fund) -> str:
    stem = f"leftover:{fund.code}:"
    before = Transfer.objects.filter(kind="leftover", idempotency_key__startswith=stem).count()
    return f"{stem}{before + 1}"


def _memo(fund: Fund, on: date, bank_reference: str, instead: Diversion | None) -> str:
    reason = instead.reason.strip() if instead else version_on(fund, on).terms.leftover_terms
    return f"{bank_reference.strip()} {reason}".strip()[:200]


def _lines(fund: Fund, taker: Fund | None) -> list[Line]:
    lines = [
        Line(purpose.net_account, purpose.net_account.normal_balance)
        for purpose in fund.purposes.select_related("net_account")
        if purpose.net_account and purpose.net_account.balance
    ]
    total = sum(line.amount for line in lines)
    lines.append(Line(bank_of(fund), -total))
    if taker:
        net, _committed = taker.purposes.get(restricted=False).accounts
        lines += [Line(bank_of(taker), total), Line(net, -total)]
    return lines
