"""Charts: one Vega-Lite specification, drawn on the page by vega-embed and in PDFs as SVG.

A table beside the chart always has the same figures. Colours are those
of the portal's style sheet, which colour-blind people can distinguish; two series also differ in shape or
place.
"""

import json
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

import vl_convert
from django.conf import settings

from charity_hub.documents import fonts

type Spec = dict[str, Any]

COLOURS_FILE = "static/css/colours.css"
COLOURS: dict[str, str] = dict(
    re.findall(r"--hub-chart-(\w+): (#\w{6});", (settings.BASE_DIR / COLOURS_FILE).read_text())
)
IN, OUT, WORDS, LINES = (COLOURS[name] for name in ("in", "out", "words", "lines"))
PALETTE = [colour for name, colour in COLOURS.items() if name not in {"words", "lines"}]
VEGA_LITE = "6.4"

CONFIG: Spec = {
    "font": "Noto Sans SC, sans-serif",
    "background": "transparent",
    "view": {"stroke": None},
    "range": {"category": PALETTE},
    "axis": {
        "labelColor": WORDS, "titleColor": WORDS, "gridColor": LINES, "domainColor": LINES,
        "tickColor": LINES, "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal",
    },
    "legend": {"orient": "top", "title": None, "labelFontSize": 12, "symbolType": "square"},
}  # fmt: skip


def yuan(fen: int) -> float:
    """Fen as yuan for an axis; a float, not for calculations."""
    return float(Decimal(fen) / 100)


def stacked_months(
    rows: Iterable[tuple[str, Sequence[int]]],
    *,
    names: Sequence[str],
    unit: str,
    width: int | str = "container",
    height: int = 300,
) -> Spec:
    """One bar per month, with a part for each series that is not empty; ``unit`` names the axis.

    Months without movement are included. ``rows`` are (month as ``2026-03``, fen in the order of
    ``names``). On the page, a click on a name in the legend highlights its series.
    """
    months = list(rows)
    values = [
        {"month": month, "what": name, "place": place, "yuan": yuan(fen)}
        for month, amounts in months
        for place, (name, fen) in enumerate(zip(names, amounts, strict=True))
        if fen
    ]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "config": CONFIG,
        "data": {"values": values},
        "width": width,
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "params": [
            {"name": "chosen", "select": {"type": "point", "fields": ["what"]}, "bind": "legend"},
        ],
        "mark": {"type": "bar", "tooltip": True},
        "encoding": {
            "x": {
                "field": "month",
                "type": "ordinal",
                "title": None,
                "scale": {"domain": [month for month, _amounts in months]},
            },
            "y": {
                "field": "yuan",
                "type": "quantitative",
                "title": unit,
                "axis": {"format": ",.0f", "tickCount": 5},
            },
            "color": {"field": "what", "type": "nominal", "scale": {"domain": list(names)}},
            "order": {"field": "place"},
            "opacity": {"condition": {"param": "chosen", "value": 1}, "value": 0.15},
            "tooltip": [
                # Two different blank names: series are identified by their values.
                {"field": "month", "title": " "},
                {"field": "what", "title": "  "},
                {"field": "yuan", "format": ",.2f", "title": unit},
            ],
        },
    }


@cache
def _register_fonts() -> None:
    for folder in fonts.folders():
        vl_convert.register_font_directory(str(folder))


def to_svg(spec: Spec, *, width: int = 620) -> bytes:
    """The chart as SVG for paper, text in Noto Sans SC. ``width`` in pixels replaces ``container``."""
    _register_fonts()
    drawn = spec | {"width": width} if spec.get("width") == "container" else spec
    return vl_convert.vegalite_to_svg(json.dumps(drawn), vl_version=VEGA_LITE).encode()
