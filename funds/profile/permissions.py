"""Whose task it is: the street proposes, the host charity decides. Administrators count as both."""

from charity_hub.people.access import AnyUser, roles, scope_of
from charity_hub.people.models import Role
from funds.profile.models import FUND_READERS, HOST_READERS, REGION_READERS, Fund

READERS = roles(*dict.fromkeys((*REGION_READERS, *HOST_READERS, *FUND_READERS)))
DOERS = roles(Role.STREET_STAFF, Role.CHARITY_OFFICER)


def works_for_region(user: AnyUser, region_code: str) -> bool:
    """Whether ``user`` is street staff of a region that covers this one."""
    return scope_of(user, Role.STREET_STAFF).covers_region(region_code)


def works_for_street(user: AnyUser, fund: Fund) -> bool:
    """Whether ``user`` is street staff of the fund's region: proposes it, files its spending."""
    return works_for_region(user, fund.region_id)


def works_for_host(user: AnyUser, fund: Fund) -> bool:
    """Whether ``user`` is a charity officer of the fund's host charity: reviews, approves, pays."""
    scope = scope_of(user, Role.CHARITY_OFFICER)
    return scope.everything or fund.host_id in scope.organizations
