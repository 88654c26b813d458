"""Stations as staff see them."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from charity_hub.portal.tables import A, HubTable, LinkColumn, StateColumn
from donations.stations.models import Station

UNBROKEN = {"td": {"class": "hub-figure text-nowrap"}}


class StationTable(HubTable):
    name = LinkColumn(to=("stations:desk_detail", [A("code")]))
    code = tables.Column(attrs=UNBROKEN)
    phone = tables.Column(attrs=UNBROKEN)
    state = StateColumn()

    class Meta(HubTable.Meta):
        model = Station
        fields = ("name", "code", "region", "operator", "contact", "phone", "state")
        order_by = "code"
        empty_text = _("No station yet. Open the first one, so that people know where to give.")
