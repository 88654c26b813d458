"""What somebody with a role can do on the desk, in a sentence each: docs/explanation/access.md in short."""

from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from charity_hub.people.access import is_administrator
from charity_hub.people.models import Membership, Role, User

DUTIES: Final[dict[Role, Promise]] = {
    Role.CITY_OFFICER: _("You read all funds, gifts and annual reports of the city and change nothing."),
    Role.DISTRICT_OFFICER: _(
        "You read all funds, gifts and annual reports of the district and change nothing."
    ),
    Role.STREET_STAFF: _(
        "You propose funds, record gifts, file spending requests and write the annual reports of your street."
    ),
    Role.AUDITOR: _("You read everything in your region, donors' names included, and change nothing."),
    Role.CHARITY_OFFICER: _(
        "You review funds, approve and pay spending requests, and confirm cash that arrived at your bank."
    ),
    Role.STATION_WORKER: _("You record gifts at your stations and deposit their cash at the bank."),
    Role.AGENCY_WORKER: _(
        "Projects of your organization are not kept on this portal yet. You read the public pages."
    ),
    Role.COMMITTEE_MEMBER: _("You read the gifts, the spending and the annual reports of your fund."),
    Role.FUND_SUPERVISOR: _("You watch over the gifts, the spending and the annual reports of your fund."),
    Role.REVIEWER: _("Applications are not reviewed on this portal yet. You read the public pages."),
}


def roles_of(user: User) -> dict[str, Any]:
    """The roles held today, each with its scope and what it is for: one query."""
    held = Membership.objects.current().filter(user=user).select_related("region", "organization")
    roles = [(one, DUTIES[Role(one.role)]) for one in held.order_by("pk")]
    return {"administrator": is_administrator(user), "roles": roles}
