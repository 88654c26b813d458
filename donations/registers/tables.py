"""Registers as the desk lists them."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from charity_hub.portal.filters import HubFilter
from charity_hub.portal.tables import CodeLinkColumn, HubTable, StateColumn, TimeColumn
from donations.registers.models import Register


class RegisterTable(HubTable):
    reference = CodeLinkColumn(verbose_name=_("Register"), order_by="pk")
    file = tables.Column(accessor="file__name", verbose_name=_("File"))
    fund = tables.Column(attrs={"td": {"class": "hub-wide"}})
    uploader = tables.Column(verbose_name=_("Uploaded by"), order_by="uploaded_by")
    uploaded_at = TimeColumn()
    state = StateColumn()

    class Meta(HubTable.Meta):
        model = Register
        fields = ("reference", "file", "station", "fund", "uploader", "uploaded_at", "state")
        order_by = "-reference"
        empty_text = _("No register has been imported yet.")


class RegisterFilter(HubFilter):
    class Meta:
        model = Register
        fields = ["state"]
