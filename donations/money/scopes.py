"""Which gifts a person's roles reach."""

from django.db.models import Q, QuerySet

from donations.stations.models import Station
from donations.stations.scopes import Reach
from funds.profile.models import Fund


def gifts_within(reach: Reach) -> Q:
    """The gifts of the stations and funds within reach, named by their ids.

    The ids are read first, in two small queries. PostgreSQL knows from its statistics how many gifts each
    station and fund has, so it walks the index of the latest gifts where that is less than sorting all of
    them; through joins it knew nothing, and sorted.
    """
    regional = reach.regional.regions_q()
    stations = regional | Q(operator__in=reach.operating.organizations)
    funds = regional | Q(host__in=reach.hosting.organizations) | Q(code__in=reach.watching.funds)
    of_stations = Q(station__in=_ids(Station.objects.filter(stations)))
    return of_stations | Q(fund__in=_ids(Fund.objects.filter(funds)))


def _ids(rows: QuerySet[Station] | QuerySet[Fund]) -> list[int]:
    return list(rows.order_by().values_list("pk", flat=True))
