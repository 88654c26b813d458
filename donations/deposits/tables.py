"""Deposits as staff see them."""

from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from charity_hub.portal.tables import CodeLinkColumn, DayColumn, HubTable, MoneyColumn, StateColumn
from donations.deposits.models import CashDeposit
from donations.money.tables import WIDE, two_lines


class StationFundColumn(tables.Column):
    """Whose cash it was: the station, and the fund below it."""

    def render(self, record: CashDeposit) -> SafeString:
        return two_lines(record.station.name, record.fund.name)

    def value(self, record: CashDeposit) -> str:
        return record.station.name


class DepositTable(HubTable):
    number = CodeLinkColumn()
    station = StationFundColumn(attrs=WIDE)
    amount_fen = MoneyColumn()
    handed_in_on = DayColumn()
    received_on = DayColumn()
    state = StateColumn()

    class Meta(HubTable.Meta):
        model = CashDeposit
        fields = ("number", "station", "fund", "amount_fen", "handed_in_on", "slip", "received_on", "state")
        order_by = "-number"
        empty_text = _("No cash deposits yet.")

    def __init__(self, data: QuerySet[CashDeposit], *, request: HttpRequest, **kwargs: Any) -> None:
        hidden = () if "export" in request.GET else ("fund",)
        super().__init__(data, request=request, exclude=hidden, **kwargs)
