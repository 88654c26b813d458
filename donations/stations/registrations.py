"""What the frame shows of stations."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from charity_hub.people.models import User
from charity_hub.pinyin import sounds_like
from charity_hub.portal.registry import WorkItem, register_menu, register_search
from donations.stations.models import Station
from donations.stations.views import READERS
from funds.profile.models import Fund
from funds.public.panels import register_panel

MOST_FOUND = 8


def register() -> None:
    register_menu("public", _("Donation stations"), "stations:list", "building-store", order=20)
    register_menu("desk", _("Stations"), "stations:desk_list", "building-store", rule=READERS, order=50)
    register_panel(
        "donations/stations/parts/where_to_give.html",
        where_to_give,
        order=20,
        anchor="where-to-give",
        label=_("Where to give"),
    )
    register_search("stations", _("Stations"), find_stations)


def where_to_give(fund: Fund) -> Mapping[str, Any]:
    """The open stations that collect for a fund, for anyone."""
    shown = ["code", "name", "address", "opening_hours", "phone"]
    return {"stations": list(Station.objects.open().filter(funds=fund).values(*shown))}


def find_stations(user: User, text: str, _address: str | None = None) -> list[WorkItem]:
    """Stations in scope whose name, code or address holds the text, in Chinese or in pinyin."""
    word = text.strip().lower()
    stations = Station.objects.in_scope_of(user).select_related("region")
    found = [
        station
        for station in stations
        if word in f"{station.name} {station.code} {station.address}".lower()
        or sounds_like(station.name, word)
    ]
    return [
        WorkItem(
            station.name,
            reverse("stations:desk_detail", args=[station.code]),
            f"{station.code} · {station.address}",
        )
        for station in found[:MOST_FOUND]
    ]
