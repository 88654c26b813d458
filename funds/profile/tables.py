import django_tables2 as tables
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from charity_hub.ledger.models import Account, AccountKind
from charity_hub.portal.tables import A, DayColumn, HubTable, LinkColumn, MoneyColumn, StateColumn
from funds.profile.models import Fund


def with_money(funds: QuerySet[Fund]) -> QuerySet[Fund]:
    """Funds with ``holds``: all their money in fen, wherever it is."""
    assets = Account.objects.filter(book=OuterRef("book"), kind=AccountKind.ASSET).order_by()
    total = assets.values("book").annotate(total=Sum("balance")).values("total")
    return funds.annotate(holds=Coalesce(Subquery(total), 0))


class FundTable(HubTable):
    name = LinkColumn(to=("fund_desk:fund", [A("code")]))
    region = tables.Column(accessor="region__name", verbose_name=_("Region"))
    holds = MoneyColumn(verbose_name=_("Money now"))
    activated_on = DayColumn(verbose_name=_("Active since"))
    state = StateColumn()

    class Meta(HubTable.Meta):
        model = Fund
        fields = ("code", "name", "region", "host", "state", "holds", "activated_on")
        empty_text = _("No fund yet. A street office proposes one together with its host charity.")
