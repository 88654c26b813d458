"""Cash on its way: the list, handing in, receiving."""

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from charity_hub.ledger.models import Account
from charity_hub.money import yuan
from charity_hub.people.access import access, person, require
from charity_hub.people.models import Role
from charity_hub.portal.form_page import form_page
from charity_hub.portal.list_page import list_page
from charity_hub.portal.templatetags.hub import figure
from charity_hub.workflow.actions import history
from donations.money.accounts import cash_of
from donations.money.deposit_models import CashDeposit, DepositState
from donations.money.deposits import hand_in_cash, receive_cash, withdraw_deposit
from donations.money.filters import DepositFilter
from donations.money.forms import DepositForm, ReceiveForm, WithdrawForm
from donations.money.permissions import (
    CASHIERS,
    HANDS_IN,
    RECEIVES,
    WITHDRAWS,
    is_bank_officer,
    may_hand_in,
    may_receive,
    may_withdraw,
)
from donations.money.tables import DepositTable
from donations.stations.models import Station
from funds.profile.models import Fund


@access(CASHIERS)
@require_safe
def deposit_list(request: HttpRequest) -> HttpResponseBase:
    add = (reverse("gifts:deposit_add"), _("Deposit cash")) if HANDS_IN.allows(request.user) else None
    return list_page(
        request,
        queryset=CashDeposit.objects.in_scope_of(request.user).select_related("station", "fund"),
        filterset_class=DepositFilter,
        table_class=DepositTable,
        title=_("Cash deposits"),
        export_name="deposits",
        context={"actions": "donations/money/parts/list_actions.html", "add": add, "empty_action": add},
    )


@access(HANDS_IN)
def deposit_add(request: HttpRequest) -> HttpResponseBase:
    user = person(request)
    station = _station(request)
    if station is None:
        return render(request, "donations/money/no_station.html", {"title": _("Deposit cash")})
    held = [account for account in cash_of(station) if account.balance]
    if request.method == "GET" and not held:
        return render(request, "donations/money/nothing_held.html", {"title": _("Deposit cash")})
    form = DepositForm(
        request.POST or None, funds=Fund.objects.filter(book__in=[account.book_id for account in held])
    )
    form.cancel_url = reverse("stations:desk_detail", args=[station.code])

    def act() -> str:
        deposit = hand_in_cash(station=station, **form.cleaned_data, actor=user)
        messages.success(
            request,
            _("Deposited. The number is %(number)s; the charity confirms its arrival.")
            % {"number": deposit.number},
        )
        return deposit.get_absolute_url()

    return form_page(
        request,
        form,
        act,
        title=_("Deposit cash of %(station)s") % {"station": station.name},
        template="donations/money/deposit_add.html",
        confirm=True,
        context={"held": _held(held), "station": station},
    )


@access(CASHIERS)
@require_safe
def deposit_detail(request: HttpRequest, number: str) -> HttpResponseBase:
    deposit = _deposit(request, number)
    return render(
        request,
        "donations/money/deposit_detail.html",
        {
            "title": deposit.number,
            "deposit": deposit,
            "facts": _facts(deposit),
            "transitions": history(deposit),
            "may_receive": deposit.state == DepositState.HANDED_IN and may_receive(request.user, deposit),
            "may_withdraw": not deposit.withdrawn and may_withdraw(request.user, deposit),
        },
    )


@access(RECEIVES)
def deposit_receive(request: HttpRequest, number: str) -> HttpResponseBase:
    deposit = _deposit(request, number)
    require(is_bank_officer(request.user, deposit), _("Only the host charity of the fund confirms this."))
    form = ReceiveForm(request.POST or None, deposit=deposit)
    form.cancel_url = deposit.get_absolute_url()

    def act() -> str:
        receive_cash(deposit, **form.cleaned_data, actor=person(request))
        messages.success(
            request, _("%(amount)s have arrived at the bank.") % {"amount": yuan(deposit.amount_fen)}
        )
        return deposit.get_absolute_url()

    return form_page(
        request,
        form,
        act,
        title=_("Has %(amount)s arrived?") % {"amount": yuan(deposit.amount_fen)},
        template="donations/money/deposit_receive.html",
        context={"facts": _facts(deposit)},
    )


@access(WITHDRAWS)
def deposit_withdraw(request: HttpRequest, number: str) -> HttpResponseBase:
    deposit = _deposit(request, number)
    require(
        deposit.withdrawn or may_withdraw(request.user, deposit),
        _("Only the charity's officers withdraw a deposit that has arrived."),
    )
    form = WithdrawForm(request.POST or None)
    form.cancel_url = deposit.get_absolute_url()

    def act() -> str:
        withdraw_deposit(deposit, form.cleaned_data["reason"], actor=person(request))
        messages.success(
            request,
            _("%(amount)s is back in the station's cash.") % {"amount": yuan(deposit.amount_fen)},
        )
        return deposit.get_absolute_url()

    return form_page(
        request,
        form,
        act,
        title=_("Withdraw deposit %(number)s") % {"number": deposit.number},
        template="donations/money/deposit_receive.html",
        confirm=True,
        context={
            "facts": _facts(deposit),
            "confirm_part": "donations/money/parts/at_stake.html",
            "confirm_lead": _("Withdrawing cannot be undone."),
            "confirm_label": _("Withdraw the deposit"),
        },
    )


def _station(request: HttpRequest) -> Station | None:
    code = request.GET.get("station")
    if code:
        station = get_object_or_404(Station.objects.in_scope_of(request.user), code=code)
        require(may_hand_in(request.user, station), _("Only the station's own workers deposit its cash."))
        return station
    return Station.objects.in_scope_of(request.user, Role.STATION_WORKER).first()


def _deposit(request: HttpRequest, number: str) -> CashDeposit:
    deposits: QuerySet[CashDeposit] = CashDeposit.objects.in_scope_of(request.user).select_related(
        "station", "fund", "handed_in_by", "received_by"
    )
    return get_object_or_404(deposits, number=number)


def _held(accounts: Iterable[Account]) -> list[tuple[str, str]]:
    return [(account.book.name, figure(yuan(account.balance))) for account in accounts]


def _facts(deposit: CashDeposit) -> list[tuple[str, object]]:
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
