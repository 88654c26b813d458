import django_tables2 as tables
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from charity_hub.ledger.models import Account, AccountKind
from charity_hub.portal.tables import DayColumn, HubTable, MoneyColumn, StateColumn
from funds.profile.models import Fund


def with_money(funds: QuerySet[Fund]) -> QuerySet[Fund]:
    """Funds with ``holds``: their total balance in fen."""
    assets = Account.objects.filter(book=OuterRef("book"), kind=AccountKind.ASSET).order_by()
    total = assets.values("book").annotate(total=Sum("balance")).values("total")
    return funds.annotate(holds=Coalesce(Subquery(total), 0))


def over(main: object, under: object, address: str = "") -> SafeString:
    """A cell of two lines: the main text, with a link if an address is given, and a muted line below."""
    line = format_html('<a href="{}">{}</a>', address, main) if address else format_html("{}", main)
    return format_html('<span class="hub-lines">{}<span class="hub-under">{}</span></span>', line, under)


class FundTable(HubTable):
    name = tables.Column(attrs={"td": {"class": "hub-main-cell"}})
    region = tables.Column(accessor="region__name", verbose_name=_("Region"))
    holds = MoneyColumn(verbose_name=_("Current balance"))
    activated_on = DayColumn(verbose_name=_("Active since"))
    state = StateColumn()

    class Meta(HubTable.Meta):
        model = Fund
        fields = ("code", "name", "region", "host", "state", "holds", "activated_on")
        empty_text = _("No fund yet. A street office proposes one together with its host charity.")

    def before_render(self, _request: HttpRequest) -> None:
        """On the screen the code is below the name; the export has separate columns."""
        self.columns.hide("code")

    def render_name(self, record: Fund) -> SafeString:
        return over(record.name, record.code, reverse("fund_desk:fund", args=[record.code]))

    def value_name(self, record: Fund) -> str:
        return record.name
