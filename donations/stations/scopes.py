"""What a person's roles reach in donations, told apart by the role that reaches it."""

from collections.abc import Collection
from dataclasses import dataclass

from charity_hub.people.access import AnyUser, Scope, scope_of
from charity_hub.people.models import Role

REGIONAL = frozenset({Role.STREET_STAFF, Role.DISTRICT_OFFICER, Role.CITY_OFFICER, Role.AUDITOR})
OPERATING = frozenset({Role.STATION_WORKER})
HOSTING = frozenset({Role.CHARITY_OFFICER})
WATCHING = frozenset({Role.COMMITTEE_MEMBER, Role.FUND_SUPERVISOR})


@dataclass(frozen=True)
class Reach:
    """Regions by a regional role, stations by their operator, funds by their host or by a seat beside
    them.
    """

    everything: bool
    regional: Scope
    operating: Scope
    hosting: Scope
    watching: Scope

    @property
    def hosting_alone(self) -> bool:
        """Whether it comes from a host charity alone, or from nowhere."""
        return not self.everything and self.regional.empty and self.operating.empty and self.watching.empty


def reach_of(user: AnyUser, roles: Collection[Role] = ()) -> Reach:
    """The reach of the memberships in force today; only those with one of ``roles`` count, if any are
    given.
    """
    wanted = frozenset(roles) or frozenset(Role)

    def scope(some: frozenset[Role]) -> Scope:
        return scope_of(user, *(some & wanted)) if some & wanted else Scope()

    return Reach(
        everything=scope_of(user).everything,
        regional=scope(REGIONAL),
        operating=scope(OPERATING),
        hosting=scope(HOSTING),
        watching=scope(WATCHING),
    )
