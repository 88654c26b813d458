"""Stations for anyone, and for the staff who keep them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from charity_hub.people.access import ANYONE, access, person, require, roles
from charity_hub.people.models import Role
from charity_hub.portal.form_page import form_page
from charity_hub.portal.list_page import list_page
from charity_hub.portal.page_cache import cached_for_visitors
from donations.deposits.permissions import may_hand_in
from donations.money.permissions import may_record
from donations.stations.accounts import cash_of
from donations.stations.actions import NOT_YOURS, change_station, open_station
from donations.stations.filters import DeskStationFilter, StationFilter
from donations.stations.forms import StationForm
from donations.stations.models import Station
from donations.stations.permissions import KEEPERS, may_manage
from donations.stations.tables import StationTable
from donations.stations.workflow import STATION
from funds.profile.models import Fund

READERS = roles(
    Role.STREET_STAFF,
    Role.DISTRICT_OFFICER,
    Role.CITY_OFFICER,
    Role.AUDITOR,
    Role.CHARITY_OFFICER,
    Role.STATION_WORKER,
)
CARDS_A_PAGE = 24


@access(ANYONE)
@require_safe
@cached_for_visitors
def station_list(request: HttpRequest) -> HttpResponseBase:
    active = Prefetch("funds", Fund.objects.active(), to_attr="collects_for")
    stations = Station.objects.open().select_related("region").prefetch_related(active)
    chosen = StationFilter(request.GET, queryset=stations, request=request)
    page = Paginator(chosen.qs if chosen.is_valid() else stations, CARDS_A_PAGE).get_page(
        request.GET.get("page")
    )
    partial = request.headers.get("HX-Request-Type") == "partial"
    template = "donations/stations/parts/cards.html" if partial else "donations/stations/list.html"
    answer = render(request, template, {"title": _("Donation stations"), "filter": chosen, "page": page})
    patch_vary_headers(answer, ["HX-Request-Type"])
    return answer


@access(ANYONE)
@require_safe
@cached_for_visitors
def station_detail(request: HttpRequest, code: str) -> HttpResponseBase:
    station = get_object_or_404(Station.objects.select_related("region", "operator"), code=code)
    return render(
        request,
        "donations/stations/detail.html",
        {"title": station.name, "station": station, "funds": station.funds.active()},
    )


@access(READERS)
@require_safe
def desk_list(request: HttpRequest) -> HttpResponseBase:
    add = (reverse("stations:add"), _("Open a station")) if KEEPERS.allows(request.user) else None
    return list_page(
        request,
        queryset=Station.objects.in_scope_of(request.user).select_related("region", "operator"),
        filterset_class=DeskStationFilter,
        table_class=StationTable,
        title=_("Stations"),
        export_name="stations",
        context={"actions": "donations/stations/parts/list_actions.html", "add": add, "empty_action": add},
    )


@access(READERS)
@require_safe
def desk_detail(request: HttpRequest, code: str) -> HttpResponseBase:
    station = station_in_scope(request, code)
    return render(
        request,
        "donations/stations/desk_detail.html",
        {
            "title": station.name,
            "station": station,
            "facts": _facts(station),
            "funds": station.funds.all(),
            "cash": [account for account in cash_of(station) if account.balance],
            "keeps": may_manage(request.user, station),
            "may_record": may_record(request.user, station),
            "may_hand_in": may_hand_in(request.user, station),
            **STATION.shown(person(request), station),
        },
    )


@access(KEEPERS)
def add(request: HttpRequest) -> HttpResponseBase:
    user = person(request)
    form = StationForm(request.POST or None, user=user)
    form.cancel_url = reverse("stations:desk_list")

    def act() -> str:
        station = open_station(**form.cleaned_data, actor=user)
        messages.success(request, _("The station is open. Its code is %(code)s.") % {"code": station.code})
        return reverse("stations:desk_detail", args=[station.code])

    return form_page(request, form, act, title=_("Open a station"), draft="station:new")


@access(KEEPERS)
def edit(request: HttpRequest, code: str) -> HttpResponseBase:
    station = _kept(request, code)
    back = reverse("stations:desk_detail", args=[code])
    form = StationForm(
        request.POST or None, instance=Station.objects.get(pk=station.pk), user=person(request)
    )
    form.cancel_url = back

    def act() -> str:
        change_station(station, **form.cleaned_data, actor=person(request))
        messages.success(request, _("Saved. The public page shows it already."))
        return back

    return form_page(request, form, act, title=_("Change “%(station)s”") % {"station": station.name})


def station_in_scope(request: HttpRequest, code: str) -> Station:
    stations = Station.objects.in_scope_of(request.user).select_related("region", "operator")
    return get_object_or_404(stations, code=code)


def _kept(request: HttpRequest, code: str) -> Station:
    station = station_in_scope(request, code)
    require(may_manage(request.user, station), NOT_YOURS)
    return station


def _facts(station: Station) -> list[tuple[str, Any]]:
    return [
        (_("Code"), station.code),
        (_("Region"), station.region),
        (_("Operated by"), station.operator),
        (_("Address"), station.address),
        (_("Opening hours"), station.opening_hours),
        (_("Contact person"), station.contact),
        (_("Phone"), station.phone),
    ]
