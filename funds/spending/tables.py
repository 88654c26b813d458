import django_tables2 as tables
from django.db.models import Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charity_hub.money import yuan
from charity_hub.portal.tables import DayColumn, HubTable, MoneyColumn, StateColumn
from funds.profile.tables import over
from funds.spending.models import SpendingRequest


def _total(table: "SpendingTable") -> str:
    """The sum of all filtered rows, not only of the page."""
    return yuan(table.data.data.aggregate(total=Sum("amount_fen", default=0))["total"])


class SpendingTable(HubTable):
    title = tables.Column(attrs={"td": {"class": "hub-main-cell"}}, footer=lambda: _("Total"))
    amount_fen = MoneyColumn(footer=lambda table: _total(table))
    filed_at = DayColumn()
    paid_on = DayColumn()
    state = StateColumn()

    class Meta(HubTable.Meta):
        model = SpendingRequest
        fields = (
            "number",
            "title",
            "fund",
            "purpose",
            "payee_name",
            "amount_fen",
            "state",
            "filed_at",
            "paid_on",
        )
        empty_text = gettext_lazy("No spending request yet. Street staff file one from the fund's page.")

    def before_render(self, _request: HttpRequest) -> None:
        """On the screen some columns share a cell; the export has separate columns."""
        for name in ("number", "purpose", "paid_on"):
            self.columns.hide(name)

    def render_title(self, record: SpendingRequest) -> SafeString:
        return over(record.title, record.number, reverse("spending:request", args=[record.number]))

    def value_title(self, record: SpendingRequest) -> str:
        return record.title

    def render_fund(self, record: SpendingRequest) -> SafeString:
        return over(record.fund, record.purpose)

    def value_fund(self, record: SpendingRequest) -> str:
        return record.fund.name
