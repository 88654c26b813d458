from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charity_hub.money import yuan
from charity_hub.portal.tables import A, DayColumn, HubTable, LinkColumn, MoneyColumn, StateColumn
from funds.spending.models import SpendingRequest


def _total(table: "SpendingTable") -> str:
    """The sum of everything that is filtered, not of the page alone."""
    return yuan(table.data.data.aggregate(total=Sum("amount_fen", default=0))["total"])


class SpendingTable(HubTable):
    number = LinkColumn(to=("spending:request", [A("number")]), footer=lambda: _("Together"))
    filed_at = DayColumn()
    amount_fen = MoneyColumn(footer=lambda table: _total(table))
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
