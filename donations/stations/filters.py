"""What stations are filtered by."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from charity_hub.portal.filters import HubFilter, PinyinSearchFilter
from charity_hub.regions.models import Level, Region
from donations.stations.models import Station, StationState
from funds.profile.models import Fund


def regions_with_stations(_request: Any = None) -> QuerySet[Region]:
    """The districts and streets that have a station."""
    codes = Station.objects.values_list("region", flat=True).distinct()
    wanted = {code[:size] for code in codes for size in (Level.DISTRICT, Level.STREET) if len(code) >= size}
    return Region.objects.filter(pk__in=wanted)


class StationFilter(HubFilter):
    """For anyone: where, and for which fund."""

    q = PinyinSearchFilter(fields=["name", "address", "code"], spelled=["name"])
    region = django_filters.ModelChoiceFilter(
        label=_("District or street"), queryset=regions_with_stations, method="within"
    )
    fund = django_filters.ModelChoiceFilter(
        label=_("Fund"),
        queryset=Fund.objects.active().filter(stations__state=StationState.OPEN).distinct(),
        field_name="funds",
    )

    class Meta:
        model = Station
        fields = ["q", "region", "fund"]

    def within(self, queryset: QuerySet[Station], _name: str, region: Region) -> QuerySet[Station]:
        return queryset.filter(region__pk__startswith=region.pk)


class DeskStationFilter(HubFilter):
    """For staff: closed ones too."""

    q = PinyinSearchFilter(fields=["name", "address", "code", "contact"], spelled=["name"])

    class Meta:
        model = Station
        fields = ["q", "state"]
