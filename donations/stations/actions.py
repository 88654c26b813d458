"""Opening and changing stations. Closing and reopening: ``workflow``."""

import re
from collections.abc import Collection

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charity_hub.errors import Refused
from charity_hub.organizations.models import Organization
from charity_hub.people.access import require
from charity_hub.people.models import User
from charity_hub.regions.models import Region
from charity_hub.workflow.actions import lock, record
from donations.stations.models import Station, StationState
from donations.stations.permissions import may_manage
from funds.profile.models import Fund, FundState
from funds.profile.permissions import works_for_region

# Namespace of the advisory lock under which a region's stations are numbered.
_STATIONS_OF_REGION = 0x53544E53
NOT_YOURS = gettext_lazy("Only the staff of the station's own street can change it.")
TAKES_MONEY = frozenset({FundState.ACTIVE, FundState.SUSPENDED})


@transaction.atomic
def open_station(
    *,
    name: str,
    region: Region,
    operator: Organization,
    funds: Collection[Fund],
    address: str,
    phone: str,
    contact: str,
    opening_hours: str,
    code: str = "",
    actor: User,
) -> Station:
    """Open a station; without a ``code`` it gets the region's next one (``ZD-440605011-02``).

    ``actor`` is street staff of the region. Raises ``Refused`` when a fund takes no money or the code is
    taken or ill-formed.
    """
    require(works_for_region(actor, region.pk), NOT_YOURS)
    _check_funds(funds)
    station = Station.objects.create(
        code=_free_code(region, code),
        name=name,
        region=region,
        operator=operator,
        address=address,
        phone=phone,
        contact=contact,
        opening_hours=opening_hours,
    )
    station.funds.set(funds)
    record(station, "", StationState.OPEN, actor=actor)
    return station


def change_station(
    station: Station,
    *,
    name: str,
    operator: Organization,
    funds: Collection[Fund],
    address: str,
    phone: str,
    contact: str,
    opening_hours: str,
    actor: User,
) -> Station:
    """Change what a station publishes and for whom it collects. Its code and region stay.

    ``actor`` is street staff of its region. Raises ``Refused`` when a fund that is added takes no money.
    """
    with transaction.atomic():
        station = _locked(station, actor)
        before = set(station.funds.all())
        _check_funds([fund for fund in funds if fund not in before])
        station.name, station.operator, station.address = name, operator, address
        station.phone, station.contact, station.opening_hours = phone, contact, opening_hours
        station.save(update_fields=["name", "operator", "address", "phone", "contact", "opening_hours"])
        station.funds.set(funds)
    return station


def _locked(station: Station, actor: User) -> Station:
    station = lock(station)
    require(may_manage(actor, station), NOT_YOURS)
    return station


def _check_funds(funds: Collection[Fund]) -> None:
    for fund in funds:
        if fund.state not in TAKES_MONEY:
            raise Refused(
                _("A station cannot accept gifts for “%(fund)s”: the fund is not active (%(state)s).")
                % {"fund": fund.name, "state": fund.get_state_display()},
                "funds",
            )


def _free_code(region: Region, wanted: str) -> str:
    if not wanted:
        return _next_code(region)
    named = re.fullmatch(r"ZD-(\d{9}|\d{12})-\d{2,4}", wanted)
    if not named or not region.pk.startswith(named[1]):  # its own region, or the street around it
        raise Refused(
            _("A station's code is ZD, the code of its region and a number, like %(example)s.")
            % {"example": f"ZD-{region.pk}-01"},
            "code",
        )
    if Station.objects.filter(code=wanted).exists():
        raise Refused(_("There is a station with the code %(code)s already.") % {"code": wanted}, "code")
    return wanted


def _next_code(region: Region) -> str:
    """One more than the highest number of the region, under a lock, so that two clerks get two codes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_STATIONS_OF_REGION, region.pk])
    prefix = f"ZD-{region.pk}-"
    codes = Station.objects.filter(code__startswith=prefix).values_list("code", flat=True)
    highest = max((int(code.removeprefix(prefix)) for code in codes), default=0)
    return f"{prefix}{highest + 1:02}"
