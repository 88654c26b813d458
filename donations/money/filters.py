"""What gifts and donors are filtered by."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from charity_hub.people.access import person
from charity_hub.people.client_address import address_of
from charity_hub.portal.filters import DayRangeFilter, HubFilter, SearchFilter
from donations.money.models import Donor, Gift
from donations.money.permissions import donor_name_visible_to
from donations.money.search import donors_matching, gifts_matching, gifts_of_donors_matching
from donations.stations.models import Station
from funds.profile.models import Fund, Purpose


def visible_funds(request: Any) -> QuerySet[Fund]:
    """The funds whose gifts this person may see."""
    if request is None:
        return Fund.objects.none()
    gifts = Station.objects.in_scope_of(request.user).values("funds")
    return (Fund.objects.in_scope_of(request.user) | Fund.objects.filter(pk__in=gifts)).public().distinct()


def visible_purposes(request: Any) -> QuerySet[Purpose]:
    return Purpose.objects.filter(fund__in=visible_funds(request)).select_related("fund")


def visible_stations(request: Any) -> QuerySet[Station]:
    return Station.objects.none() if request is None else Station.objects.in_scope_of(request.user)


class PurposeFilter(django_filters.ModelChoiceFilter):
    """A purpose, named with its fund."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Purpose"), queryset=visible_purposes, **kwargs)
        self.extra["null_label"] = None


class GiftSearchFilter(SearchFilter):
    """Gifts by number, official receipt, or the donor's name or pinyin.

    For whom names are masked, a name finds the gifts alone that may be published with it.
    """

    def filter(self, qs: Any, value: str) -> Any:
        if not value.strip():
            return qs
        of_donors = gifts_of_donors_matching(value) & donor_name_visible_to(self.parent.request.user)
        return qs.filter(gifts_matching(value) | of_donors)


class GiftFilter(HubFilter):
    q = GiftSearchFilter(label=_("Number, receipt, name or pinyin"))
    given_on = DayRangeFilter(label=_("Date"))
    fund = django_filters.ModelChoiceFilter(label=_("Fund"), queryset=visible_funds)
    purpose = PurposeFilter()
    station = django_filters.ModelChoiceFilter(label=_("Station"), queryset=visible_stations)

    class Meta:
        model = Gift
        fields = ["q", "given_on", "fund", "purpose", "station", "way", "state"]


class DonorSearchFilter(SearchFilter):
    """Donors by name, pinyin or phone."""

    def filter(self, qs: Any, value: str) -> Any:
        if not value.strip():
            return qs
        request = self.parent.request
        return qs.filter(donors_matching(person(request), value, address_of(request)))


class DonorFilter(HubFilter):
    q = DonorSearchFilter(label=_("Name, pinyin, phone or its last four digits"))

    class Meta:
        model = Donor
        fields = ["q", "kind"]
