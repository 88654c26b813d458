"""Who may make a move, as a condition on rows: one definition for pages, actions, buttons and work lists."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db import models
from django.db.models import Q, QuerySet

from charity_hub.people.access import STAFF, AnyUser, Rule, roles, scope_of
from charity_hub.people.models import Membership, Role, User

NOBODY: Final = Q(pk__in=[])
# An empty Q stands for nothing when it is joined by OR.
EVERYTHING: Final = ~NOBODY


@dataclass(frozen=True)
class Who:
    """``rule`` decides who may open the page; ``rows`` are the rows on which this person may act."""

    rule: Rule
    rows: Callable[[AnyUser], Q]

    def includes(self, user: AnyUser, row: models.Model) -> bool:
        """Whether ``user`` may act on this row as stored in the database."""
        return type(row)._base_manager.filter(self.rows(user), pk=row.pk).exists()

    def __or__(self, other: "Who") -> "Who":
        either = Rule(
            f"{self.rule}, {other.rule}",
            lambda user: self.rule.allows(user) or other.rule.allows(user),
        )
        return Who(either, lambda user: self.rows(user) | other.rows(user))

    def __and__(self, other: "Who") -> "Who":
        return Who(self.rule, lambda user: self.rows(user) & other.rows(user))

    def where(self, condition: Q) -> "Who":
        """The same people, limited to rows for which ``condition`` is true."""
        return Who(self.rule, lambda user: self.rows(user) & condition)


def holders(*wanted: Role, region: str = "", organization: str = "") -> Who:
    """People with one of these roles today whose scope covers the row, and administrators.

    ``region`` and ``organization`` are the paths from a row to what the scope must cover, as in a query:
    ``holders(Role.CHARITY_OFFICER, organization="fund__host")``.
    """

    def rows(user: AnyUser) -> Q:
        scope = scope_of(user, *wanted)
        if scope.everything:
            return EVERYTHING
        covered = NOBODY
        if region:
            covered |= scope.regions_q(region)
        if organization:
            covered |= Q(**{f"{organization}__in": scope.organizations})
        return covered

    return Who(roles(*wanted), rows)


def holders_for(row: models.Model, *wanted: Role, region: str = "", organization: str = "") -> QuerySet[User]:
    """The people who may act on this row today by ``holders`` with the same arguments, without
    administrators.
    """
    paths = [path for path in (region, organization) if path]
    found = type(row)._base_manager.values(*paths).get(pk=row.pk)
    covering = NOBODY
    if region:
        code = str(found[region])
        covering |= Q(region_id__in=[code[:length] for length in range(1, len(code) + 1)])
    if organization:
        covering |= Q(organization=found[organization])
    held = Membership.objects.current().filter(covering, role__in=wanted)
    return User.objects.filter(pk__in=held.values("user"), is_active=True)


def named(field: str) -> Who:
    """The staff member in this field of the row, such as ``filed_by``."""
    return Who(STAFF, lambda user: Q(**{field: user.pk}))


def not_named(field: str) -> Who:
    """Staff members other than the one in this field of the row."""
    return Who(STAFF, lambda user: ~Q(**{field: user.pk}))
