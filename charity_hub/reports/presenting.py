"""A report's figures as the pages show them."""

from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from charity_hub.documents.charts import Spec, monthly_bars
from charity_hub.money import yuan
from charity_hub.reports.models import AnnualReport
from charity_hub.reports.registry import Label, Row

type Picture = tuple[Spec, list[list[str]]]


def grouped_rows(report: AnnualReport) -> list[tuple[Label, list[Row]]]:
    """The readable rows that no chart shows, under their groups; nothing before the figures are there."""
    if not report.figures:
        return []
    rows = [row for row in report.builder.rows(report.figures) if not row.charted]
    return [(group, list(members)) for group, members in groupby(rows, key=lambda row: str(row.group))]


def months_picture(report: AnnualReport) -> Picture | None:
    """In and out by month: the chart and the same figures as a table; None in a year without either."""
    books: Any = (report.figures or {}).get("books", {})
    months = [(f"{report.year}-{row['month']:02}", row["in"], row["out"]) for row in books.get("months", [])]
    if not any(came or went for _month, came, went in months):
        return None
    table = [
        [_("Month"), _("In"), _("Out")],
        *([month, yuan(came), yuan(went)] for month, came, went in months),
    ]
    return monthly_bars(months, words=(_("In"), _("Out")), unit=_("yuan")), table
