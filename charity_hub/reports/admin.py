from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from charity_hub.admin_model import ReadOnlyAdmin
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
    fields = (
        ("subject_name", "subject_code", "region"),
        ("year", "version", "state"),
        "page",
        ("results", "problems", "next_plan"),
        "correction_note",
        ("requested_by", "requested_at", "computed_at"),
        ("issued_by", "issued_at"),
        ("figures_hash", "pdf_hash"),
    )
    readonly_fields = ("page",)

    @admin.display(description=_("report"))
    def page(self, report: AnnualReport) -> SafeString:
        """The figures are read where everybody reads them."""
        return format_html('<a href="{}">{}</a>', report.get_absolute_url(), _("Open the report"))
