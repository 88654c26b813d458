"""The table of months as files: exact yuan with two decimals, one row per month."""

import csv
import io
from collections.abc import Callable, Sequence

from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from charity_hub.money import as_decimal
from charity_hub.portal.exports import Column, excel_response, workbook
from funds.profile.models import Fund
from funds.public.figures import MonthRow

BOM = "\ufeff"  # so that Excel reads Chinese in a CSV


def _heads() -> list[str]:
    return [_("Month"), _("Income (yuan)"), _("Spending (yuan)"), _("Month-end balance (yuan)")]


def _row(row: MonthRow) -> tuple[object, ...]:
    return f"{row.month:%Y-%m}", as_decimal(row.inflow), as_decimal(row.outflow), as_decimal(row.balance)


def as_csv(_fund: Fund, rows: Sequence[MonthRow], name: str) -> HttpResponse:
    """Comma-separated, for any program."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_heads())
    for month, *amounts in map(_row, rows):
        writer.writerow([month, *(f"{amount:.2f}" for amount in amounts)])
    answer = HttpResponse(BOM + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def as_xlsx(fund: Fund, rows: Sequence[MonthRow], name: str) -> HttpResponseBase:
    """An Excel sheet."""
    columns = [Column(head, 18) for head in _heads()]
    return excel_response(workbook(map(_row, rows), columns, title=fund.code), f"{name}.xlsx")


def as_json(fund: Fund, rows: Sequence[MonthRow], _name: str) -> HttpResponse:
    """For machines: whole fen."""
    months = [
        {
            "month": f"{row.month:%Y-%m}",
            "in_fen": row.inflow,
            "out_fen": row.outflow,
            "balance_fen": row.balance,
        }
        for row in rows
    ]
    return JsonResponse({"fund": fund.code, "name": fund.name, "months": months})


FORMATS: dict[str, Callable[[Fund, Sequence[MonthRow], str], HttpResponseBase]] = {
    "csv": as_csv,
    "xlsx": as_xlsx,
    "json": as_json,
}
