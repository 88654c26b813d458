"""Stations as staff see them."""

from django.utils.translation import gettext_lazy as _

from charity_hub.portal.tables import A, CodeColumn, HubTable, LinkColumn, StateColumn
from donations.stations.models import Station


class StationTable(HubTable):
    name = LinkColumn(to=("stations:desk_detail", [A("code")]))
    code = CodeColumn()
    phone = CodeColumn()
    state = StateColumn()

    class Meta(HubTable.Meta):
        model = Station
        fields = ("name", "code", "region", "operator", "contact", "phone", "state")
        order_by = "code"
        empty_text = _("No station yet. Open the first one, so that people know where to give.")
