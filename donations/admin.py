"""Stations, gifts, donors and cash in the administration: to look at.

Of a station, what it publishes is mended here.
"""

from typing import Any, override

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from charity_hub.admin_export import ExportedAdmin
from charity_hub.admin_history import TrackedAdmin
from charity_hub.admin_model import HubAdmin, ReadOnlyAdmin
from charity_hub.ledger.admin import EstimatingPaginator
from charity_hub.money import yuan
from charity_hub.people.masks import mask_id, mask_phone
from donations.models import CashDeposit, Donor, Gift, Station, VoidRequest
from donations.stations.actions import change_station

PUBLISHED = ["name", "operator", "funds", "address", "phone", "contact", "opening_hours"]


class InspectionAdmin(TrackedAdmin, ExportedAdmin, ReadOnlyAdmin):
    """Rows that actions write: searched, filtered, exported, never edited."""

    paginator = EstimatingPaginator
    show_full_result_count = False
    list_per_page = 50


@admin.register(Station)
class StationAdmin(TrackedAdmin, ExportedAdmin, HubAdmin):
    list_display = ["code", "name", "region", "operator", "phone", "state"]
    list_filter = ["state", ("operator", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["region", "operator"]
    search_fields = ["code", "name", "address", "region__full_name", "region__pinyin", "operator__name"]
    autocomplete_fields = ["operator", "funds"]
    fields = ["code", "region", "state", *PUBLISHED]
    readonly_fields = ["code", "region", "state"]

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        """The street opens stations on its desk."""
        return False

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A station is closed instead."""
        return False

    def save_model(self, request: HttpRequest, obj: Station, form: Any, change: Any) -> None:
        """Nothing here: ``save_related`` calls the action that the desk calls."""

    @override
    def save_related(self, request: Any, form: Any, formsets: Any, change: Any) -> None:
        wanted = {name: form.cleaned_data[name] for name in PUBLISHED}
        change_station(Station.objects.get(pk=form.instance.pk), **wanted, actor=request.user)


@admin.register(Donor)
class DonorAdmin(InspectionAdmin):
    list_display = ["name", "kind", "masked_phone", "masked_id", "charity", "created_at"]
    list_filter = ["kind", ("charity", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["charity"]
    search_fields = ["name", "pinyin"]
    fields = ["name", "kind", "masked_phone", "masked_id", "charity", "merged_into", "created_at"]
    readonly_fields = ["masked_phone", "masked_id"]

    @display(description=_("phone"))
    def masked_phone(self, donor: Donor) -> str:
        return mask_phone(donor.phone)

    @display(description=_("ID or credit code"))
    def masked_id(self, donor: Donor) -> str:
        return mask_id(donor.id_number)


@admin.register(Gift)
class GiftAdmin(InspectionAdmin):
    list_display = [
        "number",
        "donor_name",
        "amount",
        "given_on",
        "way",
        "fund",
        "purpose",
        "station",
        "state",
    ]
    list_filter = [
        "state",
        "way",
        "donor_kind",
        ("fund", admin.RelatedOnlyFieldListFilter),
        ("station", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["donor", "fund", "purpose", "station"]
    search_fields = ["number", "official_receipt", "donor__name", "donor__pinyin"]
    date_hierarchy = "given_on"
    fields = [
        "number",
        "state",
        "donor_name",
        "amount",
        "way",
        "given_on",
        "fund",
        "purpose",
        "station",
        "handler",
        "publish_name",
        "publish_amount",
        "official_receipt",
        "note",
        "recorded_by",
        "recorded_at",
        "voided_by",
        "transfer",
    ]
    readonly_fields = ["donor_name", "amount"]

    @display(description=_("donor"))
    def donor_name(self, gift: Gift) -> str:
        return gift.donor.name if gift.donor else gift.get_donor_kind_display()

    @display(description=_("amount"), ordering="amount_fen")
    def amount(self, gift: Gift) -> str:
        return yuan(gift.amount_fen)


@admin.register(CashDeposit)
class CashDepositAdmin(InspectionAdmin):
    list_display = ["number", "station", "fund", "amount", "handed_in_on", "slip", "received_on", "state"]
    list_filter = [
        "state",
        ("station", admin.RelatedOnlyFieldListFilter),
        ("fund", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["station", "fund"]
    search_fields = ["number", "slip", "station__name", "fund__name", "fund__pinyin"]
    date_hierarchy = "handed_in_on"
    fields = [
        "number",
        "state",
        "station",
        "fund",
        "amount",
        "handed_in_on",
        "slip",
        "handed_in_by",
        "received_on",
        "received_by",
    ]
    readonly_fields = ["amount"]

    @display(description=_("amount"), ordering="amount_fen")
    def amount(self, deposit: CashDeposit) -> str:
        return yuan(deposit.amount_fen)


@admin.register(VoidRequest)
class VoidRequestAdmin(ExportedAdmin, ReadOnlyAdmin):
    list_display = ["gift", "reason", "state", "asked_by", "asked_at", "decided_by", "answer"]
    list_filter = ["state"]
    list_select_related = ["gift", "asked_by", "decided_by"]
    search_fields = ["gift__number", "reason"]
    date_hierarchy = "asked_at"
    fields = ["gift", "reason", "state", "asked_by", "asked_at", "decided_by", "answer"]
