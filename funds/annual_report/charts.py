"""The report's chart, as SVG: inflow and outflow by month. The table below it has the same figures.

It is small, with little text in one font and with plain corners, because measuring text and drawing arcs take
most of a chart's time. The shares of sources and uses are bars in the tables (``typst/parts.typ``).
"""

from collections.abc import Mapping
from itertools import dropwhile
from typing import Any

from charity_hub.documents import charts as drawing
from charity_hub.documents.charts import CONFIG, Spec, to_svg, yuan
from charity_hub.portal.month_charts import round_top
from charity_hub.reports.frozen_figures import Figures

# The report is a Chinese document in every language of the portal. These words are part of the layout of an
# issued report, so they are not translated: translations change with releases.
IN, OUT = "收入", "支出"
MONTH = "{}月"


# From ¥100,000 on, the axis is in units of ¥10,000; the template prints the unit.
WAN_FROM = 100_000_00
WAN = 10_000


def charts(figures: Figures) -> Mapping[str, bytes]:
    """The charts of the year; none for a year without movements."""
    books: Any = figures["books"]
    months = list(dropwhile(lambda month: not (month["in"] or month["out"]), books["months"]))
    return {"months.svg": to_svg(_months(months))} if months else {}


def _months(months: list[dict[str, int]]) -> Spec:
    sums = [row[side] for row in months for side in ("in", "out")]
    most = max(map(abs, sums))
    low, top = -round_top(-min(*sums, 0)) if min(sums) < 0 else 0, round_top(max(*sums, 0))
    ticks = [_scaled(fen, most) for fen in (low, top // 2, top)]
    values = [
        {"month": MONTH.format(row["month"]), "side": word, "amount": _scaled(row[side], most)}
        for row in months
        for side, word in (("in", IN), ("out", OUT))
    ]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "config": CONFIG | {"font": "Noto Sans SC"},
        "data": {"values": values},
        "width": 560,
        "height": 150,
        "mark": "bar",
        "encoding": {
            "x": {
                "field": "month",
                "type": "ordinal",
                "sort": None,
                "axis": _axis(labelAngle=0, ticks=False),
            },
            "xOffset": {"field": "side", "sort": None},
            "y": {
                "field": "amount",
                "type": "quantitative",
                "scale": {"domain": [ticks[0], ticks[-1]], "nice": False},
                "axis": _axis(values=sorted({0, *ticks}), domain=False),
            },
            "color": {
                "field": "side",
                "scale": {"domain": [IN, OUT], "range": [drawing.IN, drawing.OUT]},
                "legend": None,
            },
        },
    }


def _scaled(fen: int, most: int) -> float:
    return yuan(fen) / (WAN if most >= WAN_FROM else 1)


def _axis(**more: Any) -> Spec:
    return {
        "title": None,
        "labelLimit": 0,
        "labelOverlap": False,
        "labelColor": drawing.WORDS,
        "labelFontSize": 11,
    } | more
