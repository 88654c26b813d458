from itertools import dropwhile, groupby
from typing import Any, override

import django_filters
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from charity_hub.money import yuan
from charity_hub.portal.filters import HubFilter, PinyinSearchFilter
from charity_hub.portal.month_charts import Month
from charity_hub.portal.tables import (
    A,
    CodeColumn,
    DayColumn,
    HubTable,
    LinkColumn,
    NumberColumn,
    StateColumn,
)
from charity_hub.portal.templatetags.hub import badge
from charity_hub.reports.models import AnnualReport, AnnualReportQuerySet, ReportState
from charity_hub.reports.registry import Label, Row

# A version that a later one took the place of is issued still, and is shown and found by this word.
REPLACED = ("replaced", _("Replaced"))
SEARCHED = ["subject_name", "subject_code", "region__name", "region__pinyin"]


class YearFilter(django_filters.ChoiceFilter):
    """A choice among the years that there are reports of."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, label=_("Year"), choices=self._years, empty_label=_("all years"), **kwargs)

    @staticmethod
    def _years() -> list[tuple[int, str]]:
        years = AnnualReport.objects.order_by("-year").values_list("year", flat=True).distinct()
        return [(year, str(year)) for year in years]


class DeskReportFilter(HubFilter):
    q = PinyinSearchFilter(fields=SEARCHED, spelled=["subject_name"])
    year = YearFilter()
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[*ReportState.choices, REPLACED],
        empty_label=_("all states"),
        method="in_state",
    )

    def in_state(self, reports: AnnualReportQuerySet, _name: str, value: str) -> AnnualReportQuerySet:
        """The rows that the list shows with the chosen word."""
        if value == REPLACED[0]:
            return reports.replaced()
        rows = reports.filter(state=value)
        return rows.latest_issued() if value == ReportState.ISSUED else rows

    class Meta:
        model = AnnualReport
        fields = ["q", "year", "state"]


class PublicReportFilter(HubFilter):
    q = PinyinSearchFilter(fields=SEARCHED, spelled=["subject_name"])
    year = YearFilter()

    class Meta:
        model = AnnualReport
        fields = ["q", "year"]


class ReportStateColumn(StateColumn):
    """The state of a version; of an issued one that no longer counts, that it was replaced."""

    @override
    def render(self, record: Any) -> SafeString:
        return badge(REPLACED[1]) if record.is_replaced else super().render(record)

    @override
    def value(self, record: Any) -> str:
        return str(REPLACED[1]) if record.is_replaced else super().value(record)


class DeskReportTable(HubTable):
    subject_name = LinkColumn(to=("reports:desk_detail", [A("pk")]), verbose_name=_("Report of"))
    subject_code = CodeColumn()
    year = NumberColumn(verbose_name=_("Year"))
    version = NumberColumn(verbose_name=_("Version"))
    state = ReportStateColumn(verbose_name=_("State"))
    deadline = DayColumn(verbose_name=_("Due"), orderable=False)
    issued_at = DayColumn(verbose_name=_("Issued on"))

    class Meta(HubTable.Meta):
        model = AnnualReport
        fields = ("subject_name", "subject_code", "year", "version", "state", "deadline", "issued_at")
        order_by = ("-year", "subject_name")

    def render_year(self, value: int) -> str:
        return str(value)


class PublicReportTable(HubTable):
    subject_name = LinkColumn(verbose_name=_("Report of"))
    subject_code = CodeColumn()
    year = NumberColumn(verbose_name=_("Year"))
    version = NumberColumn(verbose_name=_("Version"))
    issued_at = DayColumn(verbose_name=_("Issued on"))

    class Meta(HubTable.Meta):
        model = AnnualReport
        fields = ("subject_name", "subject_code", "region", "year", "version", "issued_at")
        order_by = ("-year", "subject_name")

    def render_year(self, value: int) -> str:
        return str(value)


type Picture = tuple[list[Month], list[list[str]]]


def grouped_rows(report: AnnualReport) -> list[tuple[Label, list[Row]]]:
    """The readable rows that no chart shows, under their groups; nothing before the figures are there."""
    if not report.figures:
        return []
    rows = [row for row in report.builder.rows(report.figures) if not row.charted]
    return [(group, list(members)) for group, members in groupby(rows, key=lambda row: str(row.group))]


def months_picture(report: AnnualReport) -> Picture | None:
    """In and out by month since the first with either, as bars and as a table; None in a year without."""
    books: Any = (report.figures or {}).get("books", {})
    rows = books.get("months", [])
    every = [Month(f"{report.year}-{row['month']:02}", row["in"], row["out"]) for row in rows]
    months = list(dropwhile(lambda month: not month.moved, every))
    if not months:
        return None
    table = [[month.name, yuan(month.inflow), yuan(month.outflow)] for month in months]
    return months, [[gettext("Month"), gettext("Income"), gettext("Spending")], *table]
