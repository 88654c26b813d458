"""The report's three pictures, as SVG. The tables beside them hold the same figures.

They are drawn small and with few words: measuring text is what a chart costs.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from charity_hub.documents.charts import BLUE, CONFIG, GREY, ORANGE, Spec, to_svg, yuan
from charity_hub.reports.freezing import Figures
from funds.annual_report.wording import IN, MONTH, OUT, SOURCES, USES

# From ¥100,000 on, axes count in units of ¥10,000, as people do.
WAN_FROM = 100_000_00
WAN = 10_000


def charts(figures: Figures) -> Mapping[str, bytes]:
    """The pictures that the year gives rise to; a year without income has no picture of it."""
    books: Any = figures["books"]
    pictures = {}
    if any(month["in"] or month["out"] for month in books["months"]):
        pictures["months.svg"] = to_svg(_months(books["months"]))
    for name, side, words, colour in (("in", "source", SOURCES, BLUE), ("out", "use", USES, ORANGE)):
        bars = [(words[row[side]], row["fen"]) for row in books[name]]
        if any(fen for _word, fen in bars):
            pictures[f"{name}.svg"] = to_svg(_bars(bars, colour))
    return pictures


def _scaled(fen: int, most: int) -> float:
    return yuan(fen) / (WAN if most >= WAN_FROM else 1)


def _axis(**more: Any) -> Spec:
    return {
        "title": None,
        "labelLimit": 0,
        "labelOverlap": False,
        "labelColor": GREY,
        "labelFontSize": 11,
    } | more


def _months(months: Iterable[Mapping[str, int]]) -> Spec:
    rows = list(months)
    most = max(abs(row[side]) for row in rows for side in ("in", "out"))
    values = [
        {"month": MONTH.format(row["month"]), "side": word, "amount": _scaled(row[side], most)}
        for row in rows
        for side, word in (("in", IN), ("out", OUT))
    ]
    return _drawing(
        values,
        width=560,
        height=150,
        encoding={
            "x": {
                "field": "month",
                "type": "ordinal",
                "sort": None,
                "axis": _axis(labelAngle=0, ticks=False),
            },
            "xOffset": {"field": "side", "sort": None},
            "y": {"field": "amount", "type": "quantitative", "axis": _axis(tickCount=4, domain=False)},
            "color": {
                "field": "side",
                "scale": {"domain": [IN, OUT], "range": [BLUE, ORANGE]},
                "legend": None,
            },
        },
    )


def _bars(bars: list[tuple[str, int]], colour: str) -> Spec:
    most = max(abs(fen) for _word, fen in bars)
    values = [{"word": word, "amount": _scaled(fen, most)} for word, fen in bars]
    return _drawing(
        values,
        width=250,
        height=24 * len(bars),
        encoding={
            "y": {"field": "word", "type": "nominal", "sort": None, "axis": _axis(ticks=False, domain=False)},
            "x": {"field": "amount", "type": "quantitative", "axis": _axis(tickCount=3, domain=False)},
            "color": {"value": colour},
        },
    )


def _drawing(values: list[dict[str, Any]], *, width: int, height: int, encoding: Spec) -> Spec:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "config": CONFIG,
        "data": {"values": values},
        "width": width,
        "height": height,
        "mark": {"type": "bar", "cornerRadiusEnd": 2},
        "encoding": encoding,
    }
