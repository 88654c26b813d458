from typing import Any, override

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from charity_hub.admin_model import ReadOnlyAdmin
from charity_hub.regions.models import Region, RegionQuerySet


@admin.register(Region)
class RegionAdmin(ReadOnlyAdmin):
    list_display = ["code", "full_name", "level"]
    list_filter = ["level"]
    search_fields = ["code", "name", "pinyin"]
    list_per_page = 50
    show_full_result_count = False
    fields = ["code", "name", "full_name", "level", "parent", "pinyin"]

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Region], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search by code, name or pinyin, every word in any place; used by every field that picks a
        region.
        """
        assert isinstance(queryset, RegionQuerySet)  # noqa: S101 - for the type checker
        return (queryset.find(search_term) if search_term.split() else queryset), False
