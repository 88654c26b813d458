"""The list page: filter in the URL, sort, page, export of exactly what is filtered.

    @access(roles(Role.STATION_WORKER, Role.AUDITOR))
    def gift_list(request: HttpRequest) -> HttpResponseBase:
        return list_page(
            request,
            queryset=Gift.objects.in_scope_of(request.user).select_related("fund", "purpose", "donor"),
            filterset_class=GiftFilter,
            table_class=GiftTable,
            title=_("Gifts"),
            export_name="gifts",
        )

Public lists give ``context={"layout": "layouts/public.html"}``. Other keys the page knows: ``lead`` (a
sentence under the title), ``actions`` (a template with header buttons), ``empty`` (what to do when there is
nothing yet), ``empty_action`` (url, label) and ``live`` (true while something in the list is at work:
the table then asks for itself again every two seconds). Your own template extends ``portal/list.html`` or
includes ``portal/parts/list.html``.
The queries: the table's page, its count, and whatever the filters' choices need.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django_filters import FilterSet
from django_tables2.rows import BoundRow

from charity_hub.errors import Refused
from charity_hub.portal.exports import MOST_ROWS, Column, excel_response, workbook
from charity_hub.portal.tables import HubTable

PAGE_SIZES: Final = (20, 50, 100)


def list_page(
    request: HttpRequest,
    *,
    queryset: QuerySet[Any],
    filterset_class: type[FilterSet],
    table_class: type[HubTable],
    title: str | Promise,
    export_name: str,
    template: str = "portal/list.html",
    context: Mapping[str, Any] | None = None,
    count: int | None = None,
) -> HttpResponseBase:
    """The page, only its table (htmx), or the Excel file (``?export=xlsx``).

    ``count`` is the number of filtered rows, if the caller knows it: then it is not counted again.
    """
    filterset = filterset_class(request.GET, queryset=queryset, request=request)
    rows = filterset.qs if filterset.is_valid() else queryset.none()
    table = table_class(rows, request=request, count=count)
    _sort(request, table)
    if request.GET.get("export") == "xlsx":
        return _export(table, title=str(title), name=export_name)
    table.paginate(per_page=_page_size(request))
    table.page = table.paginator.get_page(request.GET.get("page"))
    shown = {
        "title": title,
        "filter": filterset,
        "table": table,
        "page_sizes": PAGE_SIZES,
        "export_name": export_name,
        "address": clean_address(request),
        **(context or {}),
    }
    if not _wants_table_only(request):
        answer = render(request, template, shown)
    else:
        answer = render(request, "portal/parts/table.html", shown)
        _push_address(request, answer)
    patch_vary_headers(answer, ["HX-Request-Type"])
    return answer


def clean_address(request: HttpRequest) -> str:
    """The list's address with the filters that are set, without empty ones."""
    query = request.GET.copy()
    for name, values in list(query.lists()):
        if not any(value not in {"", "unknown"} for value in values):
            del query[name]
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _push_address(request: HttpRequest, answer: HttpResponse) -> None:
    """Set the browser's address to that of the list, unless it is the same: each push adds a step for the
    back button.
    """
    address = clean_address(request)
    shown = urlsplit(request.headers.get("HX-Current-URL", ""))._replace(scheme="", netloc="", fragment="")
    if shown.geturl() != address:
        answer["HX-Push-Url"] = address


def _sort(request: HttpRequest, table: HubTable) -> None:
    """Sort by the columns in the address; rows that are equal keep one order on every page."""
    if asked := request.GET.getlist("sort"):
        table.order_by = asked
    queryset: QuerySet[Any] = table.data.data
    if table.order_by:
        table.data.data = queryset.order_by(*queryset.query.order_by, "pk")


def _page_size(request: HttpRequest) -> int:
    given = request.GET.get("per_page", "")
    return int(given) if given in {str(size) for size in PAGE_SIZES} else PAGE_SIZES[0]


def _wants_table_only(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request-Type") == "partial"


def _export(table: HubTable, *, title: str, name: str) -> HttpResponseBase:
    queryset: QuerySet[Any] = table.data.data
    if queryset.count() > MOST_ROWS:
        raise Refused(
            _(
                "This is more than %(most)s rows, too many for one Excel file. "
                "Narrow the list with the filters and export again."
            )
            % {"most": f"{MOST_ROWS:,}"}
        )
    names = [column.name for column in table.columns if not column.column.exclude_from_export]
    heads = [Column(table.columns[name].header, 18) for name in names]
    stream = workbook(_values(table, queryset, names), heads, title=title)
    return excel_response(stream, f"{name}-{timezone.localdate():%Y%m%d}.xlsx")


def _values(table: HubTable, queryset: QuerySet[Any], names: list[str]) -> Iterator[list[object]]:
    for record in queryset.iterator(chunk_size=2000):
        row = BoundRow(record, table=table)
        yield [_value(row, name) for name in names]


def _value(row: BoundRow, name: str) -> object:
    value = row.get_cell_value(name)
    return None if value == row.table.default else value
