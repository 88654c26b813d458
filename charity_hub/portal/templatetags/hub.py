"""How the portal writes money, dates, states, phones, icons, charts and QR codes.

    {% load hub %}
    {{ gift.amount_fen|yuan }}   {{ fund.code|figure }}   {{ gift.given_on|day }}   {% state gift %}
    {{ phone|masked_phone }}
    {% icon "coin" %}   {% chart spec _("In and out by month") rows %}   {% qr url %}

``rows`` of a chart is a list of rows, the first one the head; they are shown as a table under the chart.
"""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from django import template
from django.db import models
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from charity_hub import money
from charity_hub.documents.capital_numerals import amount_in_capitals
from charity_hub.documents.qr import svg as qr_svg
from charity_hub.people.masks import mask_id, mask_phone
from charity_hub.portal import month_charts
from charity_hub.portal.desk import days_left
from charity_hub.portal.icons import strokes
from charity_hub.portal.month_charts import Month, monthly_bars
from charity_hub.portal.state_colours import state_colour

register = template.Library()

# Amounts, days, and codes like JZ-2026-000123 within sentences.
_FIGURES: Final = re.compile(r"-?¥[\d,]+\.\d\d|\d{4}-\d\d-\d\d|\b[A-Z]{2}-\d[\d-]*\d")


@register.filter
def figure(text: object) -> SafeString:
    """An amount, a number, a code: never wrapped, with digits of equal width."""
    return format_html('<span class="hub-figure">{}</span>', text)


@register.filter
def unbroken(text: object) -> str:
    """Text in which every amount, day and code is a figure; safe HTML stays as it is."""
    words = str(text)
    if isinstance(words, SafeString):
        return words
    return mark_safe(_FIGURES.sub(_as_figure, escape(words)))  # noqa: S308 - escaped just before


def _as_figure(found: re.Match[str]) -> str:
    return figure(found[0])


@register.filter
def yuan(fen: int | str | None) -> str:
    """Fen as ``¥12,345.60``, a figure; empty for None."""
    return "" if fen is None or fen == "" else figure(money.yuan(int(fen)))


@register.filter
def capitals(fen: int) -> str:
    """Fen in the Chinese capitals of financial documents: 人民币壹仟零伍元整."""
    return amount_in_capitals(fen)


@register.filter
def day(value: date | datetime | None) -> str:
    """A date as ``2026-03-05``, a figure; for a time, its date in Asia/Shanghai."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = timezone.localdate(value) if timezone.is_aware(value) else value.date()
    return figure(value.isoformat())


@register.filter
def moment(value: datetime | None) -> str:
    """A time as ``2026-03-05 14:03`` in Asia/Shanghai, a figure."""
    return figure(f"{timezone.localtime(value):%Y-%m-%d %H:%M}") if value else ""


@register.filter
def month(value: date) -> str:
    """A month in the present language: 2026年3月, March 2026."""
    return date_format(value, "YEAR_MONTH_FORMAT")


@register.filter
def percent(basis_points: int) -> str:
    """Basis points as ``5%`` or ``2.5%``."""
    whole, part = divmod(basis_points, 100)
    return f"{whole}.{part:02}".rstrip("0").rstrip(".") + "%"


@register.filter
def thousands(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


@register.filter
def masked_phone(phone: str) -> str:
    return mask_phone(phone)


@register.filter
def masked_id(number: str) -> str:
    return mask_id(number)


@register.filter
def masked_account(number: str) -> str:
    from charity_hub.people.masks import mask_account

    return mask_account(number)


@register.simple_tag
def state(row: Any, value: str | None = None) -> SafeString:
    """The state of the row as a label with its colour. ``value`` replaces the row's own, such as an
    earlier one.
    """
    shown = value if value is not None else row.state
    word = row.get_state_display() if value is None else _word(row, value)
    return badge(word, state_colour(type(row), str(shown)))


@register.simple_tag
def move_url(move: Any, row: models.Model) -> str:
    """The address of a move's page for this row."""
    address: str = move.url(row)
    return address


@register.simple_tag
def badge(word: object, colour: str = "grey") -> SafeString:
    """A label in a muted colour of the palette (grey, blue, green, yellow, orange, red, teal)."""
    return format_html('<span class="hub-badge hub-{}">{}</span>', colour, word)


def _word(row: models.Model, value: str) -> str:
    choices = dict(getattr(type(row)._meta.get_field("state"), "flatchoices", []))
    return str(choices.get(value, value))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A Tabler icon: decorative unless a label is given."""
    drawn = mark_safe(strokes(name))  # noqa: S308 - Tabler's own file
    if label:
        return format_html(
            '<svg class="ti" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', label, drawn
        )
    return format_html('<svg class="ti" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', drawn)


@register.inclusion_tag("portal/parts/chart.html", takes_context=True)
def chart(
    context: template.Context,
    spec: dict[str, Any] | str,
    title: str,
    rows: Iterable[Sequence[object]] = (),
    *,
    opened: bool = False,
) -> dict[str, Any]:
    """A Vega-Lite chart with the same figures as a table below it, collapsed unless ``opened``."""
    number = int(context.render_context.get("charts") or 0) + 1
    context.render_context["charts"] = number
    head, *body = list(rows) or [[]]
    return {
        "id": f"chart-{number}",
        "spec": json.loads(spec) if isinstance(spec, str) else spec,
        "title": title,
        "head": head,
        "rows": [_labelled(row, head) for row in body],
        "opened": opened,
    }


@register.inclusion_tag("portal/parts/bars.html")
def month_bars(months: Sequence[Month], title: str, rows: Iterable[Sequence[object]] = ()) -> dict[str, Any]:
    """Inflow and outflow by month as bars; with ``rows``, whose first is the header, also as a table
    below.
    """
    words = _("Income"), _("Spending")
    return {
        "bars": monthly_bars(months, words),
        "key": list(zip(("in", "out"), words, strict=True)),
        **data_table(title, rows),
    }


@register.inclusion_tag("portal/parts/data_table.html")
def data_table(title: str, rows: Iterable[Sequence[object]]) -> dict[str, Any]:
    """A table whose first row is the header and whose first column names the rows."""
    head, *body = rows or [()]
    return {"title": title, "head": head, "rows": [_labelled(row, head) for row in body]}


@register.simple_tag
def trend_line(amounts: Sequence[int]) -> SafeString:
    """Amounts of fen, month after month, as a small line."""
    if not amounts:
        return SafeString()
    words = _("from %(first)s to %(last)s") % {"first": yuan(amounts[0]), "last": yuan(amounts[-1])}
    return month_charts.trend_line(amounts, words)


def _labelled(row: Sequence[object], head: Sequence[object]) -> tuple[object, list[tuple[object, object]]]:
    """A row's name, and its figures with their column names, which a phone shows beside each figure."""
    return row[0], list(zip(head[1:], row[1:], strict=True))


@register.simple_tag
def qr(url: str) -> SafeString:
    """A QR code of the address, as SVG."""
    return mark_safe(qr_svg(url))  # noqa: S308 - drawn by us, the address is encoded in its modules


@register.simple_tag(takes_context=True)
def link_with(context: template.Context, **changes: object) -> str:
    """The present address with some query values changed; ``None`` removes one."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.filter
def label_of(bound: BoundField) -> str:
    return str(bound.label)


@register.simple_tag
def deadline(due: date) -> SafeString:
    """A deadline as text, in stronger colours as it comes nearer."""
    left = days_left(due)
    if left < 0:
        words, colour = ngettext("%(days)s day late", "%(days)s days late", -left), "red"
    elif left == 0:
        words, colour = _("due today"), "orange"
    else:
        words = ngettext("due in %(days)s day", "due in %(days)s days", left)
        colour = "yellow" if left <= 7 else "grey"
    return format_html(
        '<time class="hub-badge hub-{}" datetime="{}" title="{}">{}</time>',
        colour,
        due.isoformat(),
        due.isoformat(),
        words % {"days": abs(left)},
    )
