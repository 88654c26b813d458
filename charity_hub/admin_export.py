"""Export from the administration: the selected rows as listed, as Excel without formulas."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from charity_hub.portal.exports import MOST_ROWS, Column, excel_response, workbook


class ExportedAdmin(admin.ModelAdmin[Any]):
    """Adds the action "Export to Excel", which writes the columns of the list."""

    actions = ("export_to_excel",)

    @admin.action(description=_("Export to Excel"), permissions=["view"])
    def export_to_excel(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponseBase:
        names = [str(name) for name in self.get_list_display(request)]
        heads = [Column(str(_head(self, name))) for name in names]
        title = str(self.opts.verbose_name_plural)
        stream = workbook(self._rows(queryset[:MOST_ROWS], names), heads, title=title)
        return excel_response(stream, f"{self.opts.model_name}-{timezone.localdate():%Y%m%d}.xlsx")

    def _rows(self, queryset: QuerySet[Any], names: list[str]) -> Iterator[list[object]]:
        for row in queryset.iterator(chunk_size=2000):
            yield [_cell(self, row, name) for name in names]


def _head(page: admin.ModelAdmin[Any], name: str) -> object:
    if name == "__str__":
        return page.opts.verbose_name
    if hasattr(page, name):
        return getattr(getattr(page, name), "short_description", name)
    return getattr(page.opts.get_field(name), "verbose_name", name)


def _cell(page: admin.ModelAdmin[Any], row: Any, name: str) -> object:
    if name == "__str__":
        return str(row)
    if hasattr(page, name):
        return strip_tags(str(getattr(page, name)(row)))
    if hasattr(row, f"get_{name}_display"):
        return str(getattr(row, f"get_{name}_display")())
    return getattr(row, name)
