from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from charity_hub.documents.models import Certificate, Document
from charity_hub.inspection import ReadOnlyAdmin


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    list_display = ("name", "content_type", "size", "owner_type", "uploaded_by", "created_at", "open")
    list_filter = ("content_type", "owner_type")
    list_select_related = ("owner_type", "uploaded_by")
    search_fields = ("name", "sha256")
    date_hierarchy = "created_at"

    @admin.display(description=_("file"))
    def open(self, document: Document) -> SafeString:
        address = reverse("documents:document", args=[document.pk])
        return format_html('<a href="{}">{}</a>', address, _("Open"))


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    list_display = ("spaced_code", "kind", "issued_at", "revoked_at", "revoked_why")
    list_filter = ("kind", ("revoked_at", admin.EmptyFieldListFilter))
    search_fields = ("code",)
    date_hierarchy = "issued_at"
