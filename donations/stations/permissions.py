"""Whose task a station is: the staff of its own street open, change, close and reopen it."""

from typing import Final

from charity_hub.people.access import AnyUser, roles
from charity_hub.people.models import Role
from donations.stations.models import Station

KEEPERS: Final = roles(Role.STREET_STAFF)


def may_manage(user: AnyUser, station: Station) -> bool:
    """Whether this person changes, closes and reopens the station."""
    return Station.objects.in_scope_of(user, Role.STREET_STAFF).filter(pk=station.pk).exists()
