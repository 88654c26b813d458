"""Whose task cash is: the station's workers hand it in, the host charity's officers confirm its arrival."""

from typing import Final

from charity_hub.people.access import AnyUser, roles
from charity_hub.people.models import Role
from donations.stations.models import Station

CASHIERS: Final = roles(
    Role.STATION_WORKER,
    Role.STREET_STAFF,
    Role.CHARITY_OFFICER,
    Role.AUDITOR,
    Role.DISTRICT_OFFICER,
    Role.CITY_OFFICER,
)
HANDS_IN: Final = roles(Role.STATION_WORKER)


def may_hand_in(user: AnyUser, station: Station) -> bool:
    """Whether this person brings the station's cash to the bank."""
    return Station.objects.in_scope_of(user, Role.STATION_WORKER).filter(pk=station.pk).exists()
