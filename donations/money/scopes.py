"""Which gifts, and which cash, a person's roles reach."""

from django.db.models import Q, QuerySet

from charity_hub.ledger.models import Account, AccountRole
from donations.stations.models import Station
from donations.stations.scopes import Reach
from funds.profile.models import Fund


def gifts_within(reach: Reach) -> Q:
    """The gifts of the stations and funds within reach, named by their ids.

    The ids are read first, in two small queries. PostgreSQL knows from its statistics how many gifts each
    station and fund has, so it walks the index of the latest gifts where that is less than sorting all of
    them; through joins it knew nothing, and sorted.
    """
    return Q(station__in=_ids(_stations(reach))) | Q(fund__in=_ids(_funds(reach)))


def cash_within(reach: Reach) -> QuerySet[Account]:
    """The accounts of stations' cash of the stations and funds whose gifts are within reach."""
    cash = Account.objects.filter(role=AccountRole.STATION_CASH)
    if reach.everything:
        return cash
    of_stations = Q(party__in=_stations(reach).order_by().values("pk"))
    return cash.filter(of_stations | Q(book__fund__in=_funds(reach).order_by().values("pk")))


def _stations(reach: Reach) -> QuerySet[Station]:
    operated = Q(operator__in=reach.operating.organizations)
    return Station.objects.filter(reach.regional.regions_q() | operated)


def _funds(reach: Reach) -> QuerySet[Fund]:
    hosted, watched = Q(host__in=reach.hosting.organizations), Q(code__in=reach.watching.funds)
    return Fund.objects.filter(reach.regional.regions_q() | hosted | watched)


def _ids(rows: QuerySet[Station] | QuerySet[Fund]) -> list[int]:
    return list(rows.order_by().values_list("pk", flat=True))
