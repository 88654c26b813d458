import json
from typing import Any, override

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from charity_hub.admin_model import ReadOnlyAdmin
from charity_hub.documents.certificates import kinds
from charity_hub.documents.models import Certificate, Document


class OwnerFilter(admin.RelatedOnlyFieldListFilter):
    """The kinds of rows that have documents."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.title = _("belongs to")


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    list_display = ("name", "content_type", "size", "belongs_to", "uploader", "created_at", "open")
    list_filter = ("content_type", ("owner_type", OwnerFilter))
    list_select_related = ("owner_type", "uploaded_by")
    search_fields = ("name", "sha256")
    date_hierarchy = "created_at"
    fields = ("name", "open", "content_type", "size", "sha256", "belongs_to", "uploader", "created_at")
    readonly_fields = ("open", "belongs_to", "uploader")

    @admin.display(description=_("belongs to"))
    def belongs_to(self, document: Document) -> str:
        return f"{document.owner_type.name} {document.owner_id}" if document.owner_type else ""

    @admin.display(description=_("uploaded by"), ordering="uploaded_by__name")
    def uploader(self, document: Document) -> str:
        return str(document.uploaded_by or "")

    @admin.display(description=_("file"))
    def open(self, document: Document) -> SafeString:
        address = reverse("documents:document", args=[document.pk])
        return format_html('<a href="{}">{}</a>', address, _("Open the file"))


class KindFilter(admin.SimpleListFilter):
    """Kinds of certificates, by their titles."""

    title = _("kind")
    parameter_name = "kind"

    @override
    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [(name, str(kind.title)) for name, kind in kinds().items()]

    @override
    def queryset(self, request: HttpRequest, queryset: QuerySet[Certificate]) -> QuerySet[Certificate]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    list_display = ("printed_code", "kind_shown", "issued_at", "replaced_at", "revoked_at", "revoked_why")
    list_filter = (
        KindFilter,
        ("revoked_at", admin.EmptyFieldListFilter),
        ("replaced_at", admin.EmptyFieldListFilter),
    )
    search_fields = ("code",)
    date_hierarchy = "issued_at"
    fields = (
        "printed_code",
        "kind_shown",
        "facts_shown",
        "facts_stored",
        "source_shown",
        "issued_at",
        "replaced_at",
        "revoked_at",
        "revoked_why",
    )
    readonly_fields = ("printed_code", "kind_shown", "facts_shown", "facts_stored", "source_shown")

    @admin.display(description=_("code"), ordering="code")
    def printed_code(self, certificate: Certificate) -> str:
        return certificate.spaced_code

    @admin.display(description=_("kind"), ordering="kind")
    def kind_shown(self, certificate: Certificate) -> str:
        kind = kinds().get(certificate.kind)
        return str(kind.title) if kind else certificate.kind

    @admin.display(description=_("content of the document"))
    def facts_shown(self, certificate: Certificate) -> SafeString | str:
        """As shown on the page of its code."""
        kind = kinds().get(certificate.kind)
        shown = {"certificate": certificate, "facts": certificate.facts}
        return render_to_string(kind.template, shown) if kind else ""

    @admin.display(description=_("as it is stored"))
    def facts_stored(self, certificate: Certificate) -> SafeString:
        """As stored, without escaping of Chinese characters."""
        facts = json.dumps(certificate.facts, ensure_ascii=False, indent=2, sort_keys=True)
        return format_html('<pre class="whitespace-pre-wrap break-all">{}</pre>', facts)

    @admin.display(description=_("belongs to"))
    def source_shown(self, certificate: Certificate) -> str:
        return f"{certificate.source_type.name} {certificate.source_id}"
