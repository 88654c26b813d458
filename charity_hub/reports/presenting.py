"""A report's figures as the pages show them."""

from itertools import dropwhile, groupby
from typing import Any

from django.utils.translation import gettext as _

from charity_hub.money import yuan
from charity_hub.portal.bars import Month
from charity_hub.reports.models import AnnualReport
from charity_hub.reports.registry import Label, Row

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
    table = [[month.name, yuan(month.came), yuan(month.went)] for month in months]
    return months, [[_("Month"), _("Income"), _("Spending")], *table]
