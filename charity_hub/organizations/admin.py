from typing import Any, override

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from import_export import resources
from import_export.admin import ImportExportModelAdmin
from import_export.formats.base_formats import CSV
from unfold.contrib.import_export.forms import ExportForm, ImportForm

from charity_hub.admin_history import TrackedAdmin
from charity_hub.admin_model import HubAdmin
from charity_hub.organizations.models import Organization, normal_credit_code
from charity_hub.pinyin import sounds_like


class ExcelCSV(CSV):
    """CSV with a byte order mark, so that a Chinese Excel reads it as UTF-8."""

    def export_data(self, dataset: Any, **kwargs: Any) -> str:
        return "\ufeff" + str(super().export_data(dataset, **kwargs))

    def create_dataset(self, in_stream: Any, **kwargs: Any) -> Any:
        return super().create_dataset(in_stream.removeprefix("\ufeff"), **kwargs)


class OrganizationResource(resources.ModelResource):
    """Rows of a table of organizations, identified by name and region; the region is given by its code."""

    class Meta:
        model = Organization
        import_id_fields = ["name", "region"]
        fields = [
            "kind",
            "name",
            "uscc",
            "region",
            "address",
            "phone",
            "contact",
            "may_fundraise_publicly",
            "qualification_number",
            "qualified_from",
            "qualified_until",
            "active",
        ]
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True

    def before_import_row(self, row: dict[str, Any], **_kwargs: Any) -> None:
        row["uscc"] = normal_credit_code(str(row.get("uscc") or "")) or None


@admin.register(Organization)
class OrganizationAdmin(TrackedAdmin, HubAdmin, ImportExportModelAdmin):
    list_display = ["name", "kind", "region", "uscc", "may_fundraise_publicly", "active"]
    list_filter = ["kind", "may_fundraise_publicly", "active"]
    list_select_related = ["region"]
    search_fields = ["name", "uscc", "region__full_name", "region__pinyin", "contact"]
    autocomplete_fields = ["region"]
    list_per_page = 50
    resource_classes = [OrganizationResource]
    import_form_class = ImportForm
    export_form_class = ExportForm
    formats = [ExcelCSV]
    fieldsets = [
        (None, {"fields": ["kind", "name", "uscc", "region", "active"]}),
        (_("Contact"), {"fields": ["address", "phone", "contact"]}),
        (
            _("Public-fundraising qualification"),
            {
                "fields": [
                    "may_fundraise_publicly",
                    "qualification_number",
                    "qualified_from",
                    "qualified_until",
                ]
            },
        ),
    ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Organization], search_term: str
    ) -> tuple[QuerySet[Organization], bool]:
        """Search also by the pinyin of the name, every word in any place; used by every field that picks
        an organization, too.
        """
        found, may_double = super().get_search_results(request, queryset, search_term)
        words = search_term.split()
        if words and search_term.isascii():
            names = queryset.order_by().values_list("pk", "name")
            sounding = [pk for pk, name in names if all(sounds_like(name, word) for word in words)]
            found |= queryset.filter(pk__in=sounding)
        return found, may_double

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An organization is deactivated, never deleted: money and decisions depend on it."""
        return False
