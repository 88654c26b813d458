"""The gift form: one page, from the amount to the number, and the next gift at once."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from charity_hub.people.access import access, person, require
from charity_hub.people.client_address import address_of
from charity_hub.people.models import User
from charity_hub.plain_text import name_key
from charity_hub.portal.drafts import forget_draft, offer_draft
from charity_hub.portal.forms import refusals
from charity_hub.portal.interrupted_forms import forget_interrupted, restore_interrupted
from charity_hub.portal.sent_forms import act_once
from donations.money.actions import record_gift
from donations.money.donor_lookup import Found, id_indexes, look_up, phone_indexes
from donations.money.forms import GiftForm
from donations.money.models import Donor, DonorKind, Gift
from donations.money.permissions import RECORDERS, RECORDING, may_record
from donations.money.queries import gifts_of_day, totals_of
from donations.money.questions import fingerprint, questions
from donations.stations.models import Station
from funds.profile.models import Fund

MOST_SUGGESTED = 6
LATEST_SHOWN = 12
FEWEST_LETTERS = 2


@access(RECORDERS)
@never_cache
def gift_add(request: HttpRequest) -> HttpResponseBase:
    user = person(request)
    stations = list(Station.objects.in_scope_of(user, *RECORDING).open())
    station = _chosen(request, stations)
    if station is None:
        return render(request, "donations/money/no_station.html", {"title": _("Record a gift")})
    form = GiftForm(request.POST or None, station=station, user=user)
    form.cancel_url = reverse("gifts:list")
    asked: list[str] = []
    if request.method == "POST" and form.is_valid():
        asked = _questions(form, request)
        if not asked:
            with refusals(form):
                return redirect(act_once(request, lambda: _recorded(request, form, station, user)))
    page = _page(request, form, station, stations, asked)
    page |= offer_draft(request, form, _draft_key(station))
    if request.method == "GET" and restore_interrupted(request, form):
        page |= {"interrupted": True, "draft": None, "saved": None}
    return render(request, "donations/money/gift_add.html", page)


def _draft_key(station: Station) -> str:
    return f"gift:{station.code}"


def _chosen(request: HttpRequest, stations: list[Station]) -> Station | None:
    """The station of the address; else the one of this clerk's last gift, else the first one."""
    code = request.GET.get("station")
    if code:
        station = get_object_or_404(Station.objects.in_scope_of(request.user), code=code)
        require(
            may_record(request.user, station), _("Gifts at this station are recorded by its own workers.")
        )
        return station
    last = Gift.objects.filter(recorded_by=request.user.pk, station__in=stations).order_by("-pk").first()
    return next(
        (one for one in stations if last and one.pk == last.station_id), stations[0] if stations else None
    )


def _questions(form: GiftForm, request: HttpRequest) -> list[str]:
    """What is still to be asked: nothing once exactly these questions were answered."""
    typed, picked = form.gift(), form.cleaned_data["donor"]
    found = Found()
    if not picked and typed.donor_kind != DonorKind.ANONYMOUS:
        found = look_up(
            person(request),
            Donor.objects.filter(charity=typed.purpose.fund.host),
            *RECORDING,
            phones=phone_indexes(typed.phone),
            ids=id_indexes(typed.id_number),
            address=address_of(request),
        )
    asked = questions(typed, picked, found, person(request))
    if asked and form.cleaned_data["answered"] != fingerprint(asked):
        form.ask(fingerprint(asked))
        return asked
    return []


def _recorded(request: HttpRequest, form: GiftForm, station: Station, user: User) -> str:
    new = form.gift()
    gift = record_gift(
        new, station=station, fund=new.purpose.fund, donor=form.cleaned_data["donor"], actor=user
    )
    forget_draft(user, _draft_key(station))
    forget_interrupted(request)
    return f"{reverse('gifts:add')}?{urlencode({'station': station.code, 'saved': gift.number})}"


def _page(
    request: HttpRequest, form: GiftForm, station: Station, stations: list[Station], asked: list[str]
) -> dict[str, Any]:
    day = form.get_initial_for_field(form.fields["given_on"], "given_on")
    gifts = gifts_of_day(station, day)
    saved = Gift.objects.filter(
        number=request.GET.get("saved", ""), station=station, recorded_by=request.user.pk
    )
    return {
        "title": _("Record a gift"),
        "form": form,
        "station": station,
        "stations": stations,
        "asked": asked,
        "saved": saved.select_related("donor").first() if request.method == "GET" else None,
        "day": day,
        "is_today": day == timezone.localdate(),
        "gifts": gifts[:LATEST_SHOWN],
        "totals": totals_of(gifts),
        "closed": not any(choice for choice in form.fields["purpose"].widget.choices),
    }


@access(RECORDERS)
@require_POST
def donor_matches(request: HttpRequest, code: str) -> HttpResponseBase:
    """Donors on file who may be meant by what is typed so far.

    By POST, so that no name or number ends in a log.
    """
    station = get_object_or_404(Station.objects.in_scope_of(request.user, *RECORDING), code=code)
    charities = Fund.objects.filter(stations=station).values("host")
    donors = Donor.objects.filter(charity__in=charities)
    name, phone, id_number = (request.POST.get(field, "") for field in ("name", "phone", "id_number"))
    found = look_up(
        person(request),
        donors,
        *RECORDING,
        phones=phone_indexes(name, phone),
        ids=id_indexes(name, id_number),
        address=address_of(request),
    )
    shown = found.told or _named(donors, request)
    return render(
        request,
        "donations/money/parts/donor_matches.html",
        {"donors": shown[:MOST_SUGGESTED], "elsewhere": found.others, "limited": found.limited},
    )


def _named(donors: QuerySet[Donor], request: HttpRequest) -> QuerySet[Donor]:
    """By part of the name or of its pinyin: only donors who gave within this clerk's reach (PIPL 6)."""
    word = name_key(request.POST.get("name", "")[:120])
    if len(word) < FEWEST_LETTERS:
        return donors.none()
    near = Donor.objects.in_scope_of(request.user, *RECORDING)
    match = Q(name_key__contains=word) | Q(pinyin__contains=word)
    return donors.filter(match, merged_into=None, pk__in=near.values("pk")).order_by("name_key", "pk")
