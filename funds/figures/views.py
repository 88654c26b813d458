"""The desk page with a fund's figures by month."""

from collections.abc import Iterator
from datetime import date

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from charity_hub.documents.charts import stacked_months
from charity_hub.money import as_decimal, yuan
from charity_hub.people.access import access
from charity_hub.portal.exports import Column, excel_response, workbook
from funds.figures.queries import Grid, Question, ask
from funds.profile.permissions import READERS
from funds.profile.views import fund_in_scope
from funds.public.periods import Period, asked_period


@access(READERS)
@require_safe
def figures(request: HttpRequest, code: str) -> HttpResponseBase:
    """The answer to the question in the address, as a chart and a table, or as Excel."""
    fund, today = fund_in_scope(request, code), timezone.localdate()
    asked = request.GET.get("show", "")
    question = Question(asked) if asked in Question.values else Question.SOURCES
    period = asked_period(request.GET.get("year", ""), today)
    grid = ask(fund, question, period)
    if request.GET.get("export") == "xlsx":
        heads = [Column(_("Month")), *map(Column, grid.names), Column(_("Total"))]
        name = f"{fund.code}-{question.value}-{period.year or 'latest'}.xlsx"
        return excel_response(workbook(_exported(grid), heads, title=str(question.label)), name)
    shown = {
        "title": _("Monthly figures · %(fund)s") % {"fund": fund},
        "fund": fund,
        "questions": Question.choices,
        "question": question,
        "period": period,
        "years": _years(fund.activated_on, period, today),
        "grid": grid,
        "spec": stacked_months(
            [(f"{month:%Y-%m}", row) for month, row in grid.months], names=grid.names, unit=_("yuan")
        ),
        "rows": _table(grid),
    }
    return render(request, "funds/figures/figures.html", shown)


def _years(began: date | None, period: Period, today: date) -> list[int]:
    """The years that can be chosen, the latest first, including the requested one."""
    first = min(began or today, period.start if period.year else today)
    return list(range(today.year, first.year - 1, -1))


def _table(grid: Grid) -> list[list[str]]:
    """The figures as text: the latest month first, below the sums if sums make sense."""
    rows = [[_("Month"), *grid.names, _("Total")]]
    if grid.adds_up and grid.months:
        rows.append([_("All months"), *_in_words(grid.sums)])
    for month, row in reversed(grid.months):
        rows.append([date_format(month, "YEAR_MONTH_FORMAT"), *_in_words(row)])
    return rows


def _in_words(row: list[int]) -> list[str]:
    """The figures and their sum as text; zero is left empty."""
    return [*(yuan(fen) if fen else "" for fen in row), yuan(sum(row))]


def _exported(grid: Grid) -> Iterator[list[object]]:
    for month, row in grid.months:
        yield [month, *(as_decimal(fen) for fen in (*row, sum(row)))]
