"""Who acts on a fund: the street proposes, the host charity decides. Administrators count as both."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from charity_hub.people.access import AnyUser, holding_every_role, roles, scope_of
from charity_hub.people.models import Membership, Role, User
from funds.profile.models import FUND_READERS, HOST_READERS, REGION_READERS, Fund

READERS = roles(*dict.fromkeys((*REGION_READERS, *HOST_READERS, *FUND_READERS)))
DOERS = roles(Role.STREET_STAFF, Role.CHARITY_OFFICER)


def works_for_region(user: AnyUser, region_code: str) -> bool:
    """Whether ``user`` is street staff of a region that covers this one."""
    return scope_of(user, Role.STREET_STAFF).covers_region(region_code)


def works_for_street(user: AnyUser, fund: Fund) -> bool:
    """Whether ``user`` is street staff of the fund's region, who propose it and file its spending."""
    return works_for_region(user, fund.region_id)


def works_for_host(user: AnyUser, fund: Fund) -> bool:
    """Whether ``user`` is a charity officer of the fund's host charity, who review, approve and pay."""
    scope = scope_of(user, Role.CHARITY_OFFICER)
    return scope.everything or fund.host_id in scope.organizations


def sharing_a_fund(user: AnyUser, people: Collection[User]) -> set[User]:
    """Those of these people who can read a fund on the desk that ``user`` can read too; two or three
    queries in all.
    """
    mine = Fund.objects.in_scope_of(user)
    if not people or not mine.exists():
        return set()
    read_by_both = mine.filter(
        Q(region__pk__startswith=OuterRef("region"))
        | Q(host=OuterRef("organization"))
        | Q(code=OuterRef("fund_code"))
    )
    readers = [*REGION_READERS, *HOST_READERS, *FUND_READERS]
    held = Membership.objects.current().filter(user__in=people, user__is_active=True, role__in=readers)
    sharing = set(held.filter(Exists(read_by_both)).values_list("user", flat=True))
    sharing |= holding_every_role(people)
    return {person for person in people if person.pk in sharing}
