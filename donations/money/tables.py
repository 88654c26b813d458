"""Gifts and donors as staff see them: phones and IDs masked, names as far as they are entitled."""

from typing import Any

import django_tables2 as tables
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from charity_hub.people.masks import mask_id, mask_name, mask_phone
from charity_hub.portal.tables import (
    CodeLinkColumn,
    DayColumn,
    HubTable,
    LinkColumn,
    MaskedColumn,
    MoneyColumn,
    NumberColumn,
    StateColumn,
    YesNoColumn,
)
from donations.money.models import Donor, Gift
from donations.money.permissions import donor_visible_to

WIDE = {"td": {"class": "hub-wide"}}


class DonorColumn(tables.Column):
    """The donor's name; masked for those who only watch over the fund, unless its publication was agreed.

    The table says in ``knows`` whose donors are known.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(accessor="donor__name", empty_values=(), verbose_name=_("Donor"), **kwargs)

    def render(self, record: Gift, table: Any) -> str:
        if record.donor is None:
            return str(record.get_donor_kind_display())
        if record.publish_name or table.knows(record):
            return record.donor.name
        return mask_name(record.donor.name)

    def value(self, record: Gift, table: Any) -> str:
        return self.render(record, table)


class UseColumn(tables.Column):
    """What a gift is for: the purpose, and the fund below it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(accessor="purpose", verbose_name=_("For"), attrs=WIDE, **kwargs)

    def render(self, record: Gift) -> SafeString:
        return two_lines(record.purpose.name, record.fund.name)

    def value(self, record: Gift) -> str:
        return record.purpose.name


class WayColumn(tables.Column):
    """How a gift was given, and the station below it."""

    def render(self, record: Gift) -> SafeString:
        return two_lines(record.get_way_display(), record.station.name)

    def value(self, record: Gift) -> str:
        return record.get_way_display()


def two_lines(first: str, second: str) -> SafeString:
    """Two facts in one cell, the second below the first."""
    return format_html('<span>{}<br><span class="hub-quiet">{}</span></span>', first, second)


# Columns that the screen has no room for: the export has them.
EXPORTED_ONLY = ("fund", "station", "handler", "official_receipt", "publish_name", "publish_amount", "note")


class GiftTable(HubTable):
    # Numbers are drawn together with ids: sorted by id, the latest come from an index.
    number = CodeLinkColumn(order_by="pk")
    donor = DonorColumn()
    purpose = UseColumn()
    amount_fen = MoneyColumn()
    given_on = DayColumn()
    way = WayColumn(attrs=WIDE)
    state = StateColumn()
    publish_name = YesNoColumn()
    publish_amount = YesNoColumn()

    class Meta(HubTable.Meta):
        model = Gift
        fields = ("number", "donor", "amount_fen", "given_on", "way", "purpose", "state", *EXPORTED_ONLY)
        sequence = fields
        order_by = ("-given_on", "-number")
        empty_text = _("No gift yet. Record the first one, or import a register.")

    def __init__(self, data: QuerySet[Gift], *, request: HttpRequest, **kwargs: Any) -> None:
        hidden = () if "export" in request.GET else EXPORTED_ONLY
        super().__init__(data, request=request, exclude=hidden, **kwargs)
        self.knows = donor_visible_to(request.user)


class DonorTable(HubTable):
    name = LinkColumn(order_by="pinyin")
    phone = MaskedColumn(mask=mask_phone, orderable=False)
    id_number = MaskedColumn(mask=mask_id, orderable=False)
    gift_count = NumberColumn(verbose_name=_("Number of gifts"))
    given_fen = MoneyColumn(verbose_name=_("Total given"))
    last_on = DayColumn(verbose_name=_("Last gift"))

    class Meta(HubTable.Meta):
        model = Donor
        fields = ("name", "kind", "phone", "id_number", "charity", "gift_count", "given_fen", "last_on")
        order_by = "name"
        empty_text = _("No donor yet. Donors appear with their first gift.")

    def __init__(self, data: QuerySet[Donor], *, request: HttpRequest, **kwargs: Any) -> None:
        hidden = () if "export" in request.GET else ("charity",)
        super().__init__(data, request=request, exclude=hidden, **kwargs)

    def order_last_on(
        self,
        donors: QuerySet[Donor],
        descending: bool,  # noqa: FBT001 - called so by django-tables2
    ) -> tuple[QuerySet[Donor], bool]:
        """Those without a gift that counts come last, either way."""
        last = F("last_on")
        by = last.desc(nulls_last=True) if descending else last.asc(nulls_last=True)
        return donors.order_by(by), True
