"""Registrations of this room: a work list of reported years that are still open."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charity_hub.people.models import User
from charity_hub.portal.registry import WorkItem, WorkList, register_worklist
from charity_hub.reports.models import AnnualReport
from funds.annual_report.figures import KIND
from funds.profile.models import Fund

MOST_SHOWN = 10


def register() -> None:
    register_worklist(WorkList("years-to-close", gettext_lazy("Years to close"), "lock", years_to_close))


def years_to_close(user: User) -> list[WorkItem]:
    """For the street: funds whose annual report is issued while its year is still open."""
    reports = AnnualReport.objects.issued().filter(subject_kind=KIND, subject_code=OuterRef("code"))
    newest = reports.order_by("-year").values("year")[:1]
    funds = Fund.objects.served_by(user).annotate(reported=Subquery(newest)).filter(reported__isnull=False)
    still_open = funds.filter(
        Q(book__closed_through=None)
        | Q(book__closed_through__year__lt=F("reported"))
        | Q(book__closed_through__year=F("reported"), book__closed_through__month__lt=12)
    )
    return [
        WorkItem(
            title=fund.name,
            url=reverse("books:close", args=[fund.code]),
            detail=_("The report of %(year)s is issued; its books are still open.") % {"year": year},
        )
        for fund, year in _with_years(still_open.order_by("code")[:MOST_SHOWN])
    ]


def _with_years(funds: Iterable[Any]) -> list[tuple[Fund, int]]:
    return [(fund, fund.reported) for fund in funds]
