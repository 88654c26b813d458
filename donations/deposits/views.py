"""Cash on its way: the list, one deposit, handing in."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from charity_hub.money import yuan
from charity_hub.people.access import access, person, require
from charity_hub.people.models import Role
from charity_hub.portal.form_page import form_page
from charity_hub.portal.list_page import list_page
from charity_hub.portal.templatetags.hub import figure
from donations.deposits.actions import hand_in_cash
from donations.deposits.filters import DepositFilter
from donations.deposits.forms import DepositForm
from donations.deposits.models import CashDeposit
from donations.deposits.permissions import CASHIERS, HANDS_IN, may_hand_in
from donations.deposits.queries import facts_of
from donations.deposits.tables import DepositTable
from donations.deposits.workflow import DEPOSIT
from donations.stations.accounts import cash_of
from donations.stations.models import Station
from funds.profile.models import Fund


@access(CASHIERS)
@require_safe
def deposit_list(request: HttpRequest) -> HttpResponseBase:
    add = (reverse("deposits:add"), _("Deposit cash")) if HANDS_IN.allows(request.user) else None
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
        return render(request, "donations/deposits/nothing_held.html", {"title": _("Deposit cash")})
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
        template="donations/deposits/add.html",
        confirm=True,
        context={"held": [(account.book.name, figure(yuan(account.balance))) for account in held]},
    )


def _station(request: HttpRequest) -> Station | None:
    code = request.GET.get("station")
    if code:
        station = get_object_or_404(Station.objects.in_scope_of(request.user), code=code)
        require(may_hand_in(request.user, station), _("Only the station's own workers deposit its cash."))
        return station
    return Station.objects.in_scope_of(request.user, Role.STATION_WORKER).first()


@access(CASHIERS)
@require_safe
def deposit_detail(request: HttpRequest, number: str) -> HttpResponseBase:
    deposit = deposit_in_scope(request, number)
    return render(
        request,
        "donations/deposits/detail.html",
        {
            "title": deposit.number,
            "deposit": deposit,
            "facts": facts_of(deposit),
            **DEPOSIT.shown(person(request), deposit),
        },
    )


def deposit_in_scope(request: HttpRequest, number: str) -> CashDeposit:
    """The deposit of this number that the person may see, or 404."""
    deposits = CashDeposit.objects.in_scope_of(request.user)
    return get_object_or_404(
        deposits.select_related("station", "fund__host", "handed_in_by", "received_by"), number=number
    )
