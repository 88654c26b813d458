"""Who does what with annual reports: the street's staff write and issue them,
whoever has the fund in scope reads them.
"""

from charity_hub.people.access import AnyUser, roles, scope_of
from charity_hub.people.models import Role
from charity_hub.reports.models import AnnualReport

WRITERS = roles(Role.STREET_STAFF)
READERS = roles(
    Role.STREET_STAFF,
    Role.CITY_OFFICER,
    Role.DISTRICT_OFFICER,
    Role.AUDITOR,
    Role.CHARITY_OFFICER,
    Role.COMMITTEE_MEMBER,
    Role.FUND_SUPERVISOR,
)


def may_write_in(user: AnyUser, region_code: str) -> bool:
    """Whether this person is staff of the street whose reports on this region are."""
    return scope_of(user, Role.STREET_STAFF).covers_region(region_code)


def may_write(user: AnyUser, report: AnnualReport) -> bool:
    """Whether this person is staff of the street that the report's subject lies in."""
    return may_write_in(user, report.region_id)


def may_read_pages(user: AnyUser, report: AnnualReport) -> bool:
    """Issued pages are for anyone."""
    return report.is_issued or AnnualReport.objects.in_scope_of(user).filter(pk=report.pk).exists()
