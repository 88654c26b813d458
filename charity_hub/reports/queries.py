"""How far the reports of a year are: what has begun, what waits, what is issued."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from charity_hub.people.access import AnyUser
from charity_hub.reports.models import AnnualReport, ReportState, deadline_of
from charity_hub.reports.registry import builders

# Years back from this one that the desk looks at.
YEARS_BACK = 3


@dataclass(frozen=True)
class YearOverview:
    """The reports of one year in somebody's scope, counted. ``subjects`` can have one,
    ``begun`` have a version.
    """

    year: int
    subjects: int
    begun: int
    computing: int
    failed: int
    draft: int
    issued: int

    @property
    def missing(self) -> int:
        return max(self.subjects - self.begun, 0)

    @property
    def computed(self) -> int:
        return self.begun - self.computing

    @property
    def at_work(self) -> bool:
        return self.computing > self.failed

    @property
    def over(self) -> bool:
        return self.year < timezone.localdate().year

    @property
    def deadline(self) -> date:
        return deadline_of(self.year)


def overviews(user: AnyUser) -> list[YearOverview]:
    """This year and the three before it, as far as anything can be reported on; a fixed number of queries."""
    this_year = timezone.localdate().year
    return _of_years(user, range(this_year, this_year - YEARS_BACK - 1, -1))


def due_now(user: AnyUser) -> YearOverview | None:
    """Last year, whose reports are due on 31 May; None where nothing could be reported on."""
    last_year = timezone.localdate().year - 1
    return next(iter(_of_years(user, range(last_year, last_year - 1, -1))), None)


def _of_years(user: AnyUser, years: range) -> list[YearOverview]:
    counted = {row["year"]: row for row in _counts(user, years)}
    return list(_overviews(user, years, counted))


def _counts(user: AnyUser, years: range) -> Iterator[Mapping[str, Any]]:
    subjects = Count("subject_code", distinct=True)
    reports = AnnualReport.objects.not_discarded().in_scope_of(user).filter(year__in=list(years)).order_by()
    yield from reports.values("year").annotate(
        begun=subjects,
        computing=Count("pk", filter=Q(state=ReportState.COMPUTING)),
        failed=Count("pk", filter=Q(state=ReportState.COMPUTING, job__state="failed")),
        draft=Count("pk", filter=Q(state=ReportState.DRAFT)),
        issued=Count("subject_code", distinct=True, filter=Q(state=ReportState.ISSUED)),
    )


def _overviews(
    user: AnyUser, years: range, counted: Mapping[int, Mapping[str, int]]
) -> Iterator[YearOverview]:
    for year in years:
        subjects = sum(builder.subjects(user, year).count() for builder in builders())
        found: Mapping[str, int] = counted.get(year, {})
        if subjects or found:
            names = ("begun", "computing", "failed", "draft", "issued")
            yield YearOverview(year, subjects, **{name: found.get(name, 0) for name in names})
