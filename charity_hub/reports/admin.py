from django.contrib import admin

from charity_hub.inspection import ReadOnlyAdmin
from charity_hub.reports.models import AnnualReport


@admin.register(AnnualReport)
class AnnualReportAdmin(ReadOnlyAdmin):
    list_display = (
        "subject_name",
        "year",
        "version",
        "state",
        "region",
        "computed_at",
        "issued_at",
        "issued_by",
    )
    list_filter = ("state", "year", "subject_kind")
    list_select_related = ("region", "issued_by")
    search_fields = ("subject_name", "subject_code", "figures_hash", "pdf_hash")
    date_hierarchy = "issued_at"
