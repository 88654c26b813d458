"""Funds and spending in the administration, to read. Texts can be corrected here; money never moves."""

from typing import Any, override

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display

from charity_hub.admin_export import ExportedAdmin
from charity_hub.admin_history import TrackedAdmin
from charity_hub.admin_model import HubAdmin, ReadOnlyAdmin
from charity_hub.money import yuan
from charity_hub.people.masks import mask_account
from funds.models import AgreementVersion, CommitteeMember, Fund, Purpose, SpendingRequest
from funds.spending.rules import percent

WORDS = [
    "aim",
    "agreement_number",
    "use_terms",
    "rights_terms",
    "termination_terms",
    "leftover_terms",
]


class Words(TrackedAdmin, ExportedAdmin, HubAdmin):
    """Rows that are created by actions: the administration can correct their texts and nothing else."""

    words: tuple[str, ...] = ()

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fields = super().get_fields(request, obj) if self.fields is None else self.fields
        return [str(name) for name in fields if name not in self.words]


class Part(TabularInline):
    """Rows of a fund, read-only."""

    extra = 0
    can_delete = False
    tab = True

    @override
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PurposePart(Part):
    model = Purpose
    fields = ["name", "slug", "restricted", "net_account", "committed_account", "retired_on"]


class SeatPart(Part):
    model = CommitteeMember
    fields = ["name", "position", "represents"]


@admin.register(Fund)
class FundAdmin(Words):
    list_display = ["code", "name", "region", "host", "state", "activated_on"]
    list_filter = ["state", ("host", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["region", "host"]
    search_fields = ["code", "name", "pinyin", "region__full_name", "host__name"]
    date_hierarchy = "activated_on"
    inlines = [PurposePart, SeatPart]
    history_parts = ((Purpose, "fund"), (CommitteeMember, "fund"))
    words = tuple(WORDS)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Agreed terms change only by a new version; the texts of a draft can be corrected here."""
        fields = super().get_readonly_fields(request, obj)
        return fields if obj is None or obj.activated_on is None else [*fields, *self.words]

    identity = ("code", "name", "region", "host", "state")
    terms = (*WORDS, "signed_on", "starts_on", "ends_on", "leftover_fund", "fee")
    rest = (
        "seed_money",
        "seed_money_from",
        "book",
        "proposed_by",
        "activated_by",
        "activated_on",
        "closed_on",
    )
    fields = (*identity, *terms, *rest)

    @override
    def get_fieldsets(self, request: HttpRequest, obj: Fund | None = None) -> Any:
        """Show the agreement in its own section, with a note when a later version of it was agreed on."""
        return [
            (None, {"fields": self.identity}),
            self._agreement(obj),
            (None, {"fields": self.rest}),
        ]

    def _agreement(self, fund: Fund | None) -> tuple[str, dict[str, Any]]:
        if fund is None or not AgreementVersion.objects.agreed().filter(fund=fund).exists():
            return gettext("Agreement"), {"fields": self.terms}
        versions = reverse("admin:funds_agreementversion_changelist", query={"fund__id__exact": fund.pk})
        told = gettext("These are the original terms; the agreement has since been changed.")
        hint = format_html(
            '{} <a href="{}" class="font-medium text-primary-600 dark:text-primary-500">{}</a>',
            told,
            versions,
            gettext("See later versions"),
        )
        return gettext("First agreement"), {"fields": self.terms, "description": hint}

    @display(description=_("seed money"))
    def seed_money(self, fund: Fund) -> str:
        return yuan(fund.seed_money_fen)

    @display(description=_("management fee"))
    def fee(self, fund: Fund) -> str:
        return f"{percent(fund.management_fee_bp)}%"


@admin.register(Purpose)
class PurposeAdmin(TrackedAdmin, ExportedAdmin, ReadOnlyAdmin):
    list_display = ["name", "fund", "restricted", "holds", "retired_on"]
    list_filter = ["restricted", ("fund", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["fund", "net_account"]
    search_fields = ["name", "slug", "fund__code", "fund__name", "fund__pinyin"]

    @display(description=_("available"))
    def holds(self, purpose: Purpose) -> str:
        return yuan(purpose.net_account.normal_balance) if purpose.net_account else ""


@admin.register(CommitteeMember)
class CommitteeMemberAdmin(Words):
    list_display = ["name", "position", "represents", "fund"]
    list_filter = ["position", ("fund", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["fund"]
    search_fields = ["name", "represents", "fund__code", "fund__name", "fund__pinyin"]
    fields = ["fund", "name", "position", "represents"]
    words = ("name", "represents")


@admin.register(AgreementVersion)
class AgreementVersionAdmin(TrackedAdmin, ExportedAdmin, ReadOnlyAdmin):
    list_display = ["fund", "number", "valid_from", "state", "proposed_by", "agreed_by", "agreed_on"]
    list_filter = ["state", ("fund", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["fund", "proposed_by", "agreed_by"]
    search_fields = ["fund__code", "fund__name", "fund__pinyin", "agreement_number", "reason"]
    date_hierarchy = "valid_from"


@admin.register(SpendingRequest)
class SpendingRequestAdmin(TrackedAdmin, ExportedAdmin, ReadOnlyAdmin):
    list_display = ["number", "title", "fund", "purpose", "payee_name", "amount", "state", "paid_on"]
    list_filter = ["state", "use", ("fund", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["fund", "purpose"]
    search_fields = ["number", "title", "payee_name", "pinyin", "fund__code", "fund__name", "fund__pinyin"]
    date_hierarchy = "filed_at"
    fields = [
        "number",
        "fund",
        "purpose",
        "use",
        "title",
        "explanation",
        "beneficiaries",
        "payee_kind",
        "payee_name",
        "payee_bank",
        "account",
        "amount",
        "state",
        "filed_by",
        "filed_at",
        "approved_by",
        "approved_on",
        "paid_by",
        "paid_on",
        "bank_reference",
    ]

    @display(description=_("amount"), ordering="amount_fen")
    def amount(self, request: SpendingRequest) -> str:
        return yuan(request.amount_fen)

    @display(description=_("payee's account"))
    def account(self, request: SpendingRequest) -> str:
        return mask_account(request.payee_account)
