"""Tables that know money, days, states and how to fold into cards on a phone.

    class GiftTable(HubTable):
        number = LinkColumn()                    # linkify: the row's get_absolute_url
        amount_fen = MoneyColumn()
        given_on = DayColumn()
        state = StateColumn()

        class Meta(HubTable.Meta):
            model = Gift
            fields = ("number", "donor", "amount_fen", "given_on", "state")

Every column says by ``value()`` what goes into the Excel export. A model without ``get_absolute_url`` takes
``LinkColumn(to=("donations:gift", [A("number")]))``.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tables2.data import TableQuerysetData
from django_tables2.utils import A

from charity_hub.money import as_decimal, yuan
from charity_hub.portal.templatetags.hub import day, state

__all__ = [
    "A",
    "CodeColumn",
    "CodeLinkColumn",
    "DayColumn",
    "HubTable",
    "LinkColumn",
    "MaskedColumn",
    "MoneyColumn",
    "NumberColumn",
    "StateColumn",
    "TimeColumn",
    "YesNoColumn",
]


class IdsFirst(TableQuerysetData):
    """Finds the rows of a page by id first, then reads them, so that page 2,000 does not read the rows before
    it.

    Rows are counted unless ``count`` is given.
    """

    def __init__(self, data: models.QuerySet[Any], count: int | None) -> None:
        super().__init__(data)
        self.count = count

    def __len__(self) -> int:
        return int(super().__len__()) if self.count is None else self.count

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, slice):
            return super().__getitem__(key)
        rows: models.QuerySet[Any] = self.data
        return rows.filter(pk__in=rows.values("pk")[key])


class HubTable(tables.Table):
    """The base of all tables. ``Meta.empty_text`` says what to do if there is nothing."""

    def __init__(
        self,
        data: models.QuerySet[Any],
        *,
        request: HttpRequest | None = None,
        count: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(IdsFirst(data, count), **kwargs)
        self.request = request  # otherwise django-tables2 would accept any page size from the address

    class Meta:
        template_name = "portal/table.html"
        attrs = {"class": "table table-vcenter hub-table"}
        empty_text = _("Nothing here yet.")
        per_page = 20


class LinkColumn(tables.Column):
    """The column that links to the row's own page. ``to`` is a url name, or (url name, [accessors])."""

    def __init__(self, *args: Any, to: str | tuple[str, Sequence[A]] | None = None, **kwargs: Any) -> None:
        linkify = True if to is None else to
        kwargs.setdefault("attrs", {"td": {"class": "hub-main-cell"}})
        super().__init__(*args, linkify=linkify, **kwargs)

    def value(self, value: object) -> str:
        return str(value)


class CodeLinkColumn(LinkColumn):
    """The same for rows identified by a number: never wrapped."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, attrs={"td": {"class": "hub-main-cell hub-figure"}}, **kwargs)


class NumberColumn(tables.Column):
    """Whole numbers, right-aligned, with thousands separators."""

    attrs = {"th": {"class": "text-end"}, "td": {"class": "text-end hub-figure"}}

    def render(self, value: int) -> str:
        return f"{value:,}"

    def value(self, value: int) -> int:
        return value


class MoneyColumn(tables.Column):
    """Fen, shown as ``¥12,345.60`` and exported as a number of yuan."""

    attrs = {"th": {"class": "text-end"}, "td": {"class": "text-end hub-figure"}}

    def render(self, value: int) -> str:
        return yuan(value)

    def value(self, value: int) -> Decimal:
        return as_decimal(value)


class CodeColumn(tables.Column):
    """A code, a number in letters or a phone."""

    attrs = {"td": {"class": "hub-figure"}}


class DayColumn(tables.Column):
    """A date, as ``2026-03-05``."""

    attrs = {"td": {"class": "hub-figure"}}

    def render(self, value: date) -> str:
        return day(value)

    def value(self, value: date) -> date:
        return timezone.localdate(value) if isinstance(value, datetime) else value


class TimeColumn(tables.Column):
    """A point in time, as ``2026-03-05 14:03`` in Asia/Shanghai."""

    attrs = {"td": {"class": "hub-figure"}}

    def render(self, value: datetime) -> str:
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"

    def value(self, value: datetime) -> datetime:
        return value


class YesNoColumn(tables.Column):
    """Yes or no, as a word."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, empty_values=(None,), **kwargs)

    def render(self, value: object) -> str:
        return gettext("Yes") if value else gettext("No")

    def value(self, value: object) -> str:
        return self.render(value)


class StateColumn(tables.Column):
    """A state as a label with its colour."""

    def render(self, record: models.Model) -> SafeString:
        return state(record)

    def value(self, record: Any) -> str:
        return str(record.get_state_display())


class MaskedColumn(tables.Column):
    """Masked personal data, on the screen and in the export: ``MaskedColumn(mask=mask_phone)``."""

    def __init__(self, *args: Any, mask: Callable[[str], str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mask = mask

    def render(self, value: str) -> SafeString:
        return format_html('<span class="hub-figure">{}</span>', self.mask(value))

    def value(self, value: str) -> str:
        return self.mask(value)
