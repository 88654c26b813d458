"""Charts: one Vega-Lite specification, drawn in the page by vega-embed and on paper as SVG.

The same figures always stand beside the chart as a table; these are only pictures of them. Colours are
Okabe and Ito's, which colour-blind people tell apart; two series also differ in shape or place.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

import vl_convert

from charity_hub.documents import fonts

type Spec = dict[str, Any]

BLUE, ORANGE, GREEN, PURPLE, SKY, RED, YELLOW, GREY = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#5A6675",
)  # fmt: skip
PALETTE = [BLUE, ORANGE, GREEN, PURPLE, SKY, RED, GREY]
VEGA_LITE = "6.4"

CONFIG: Spec = {
    "font": "Noto Sans SC, sans-serif",
    "background": "transparent",
    "view": {"stroke": None},
    "range": {"category": PALETTE},
    "axis": {
        "labelColor": GREY, "titleColor": GREY, "gridColor": "#E3E8EE", "domainColor": "#C8D0DA",
        "tickColor": "#C8D0DA", "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal",
    },
    "legend": {"orient": "top", "title": None, "labelFontSize": 12, "symbolType": "square"},
}  # fmt: skip


def _spec(
    values: Sequence[Mapping[str, Any]], *, width: int | str, height: int | Spec, **layers: Any
) -> Spec:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "config": CONFIG,
        "data": {"values": list(values)},
        "width": width,
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        **layers,
    }


def yuan(fen: int) -> float:
    """Fen as yuan for an axis: a picture, not a figure to reckon with."""
    return float(Decimal(fen) / 100)


def monthly_bars(
    rows: Iterable[tuple[str, int, int]],
    *,
    words: tuple[str, str],
    unit: str,
    width: int | str = "container",
    height: int = 240,
) -> Spec:
    """Two bars a month: ``rows`` are (month as ``2026-03``, in, out) in fen.

    ``words`` name in and out, ``unit`` the axis.
    """
    values = [
        {"month": month, "what": word, "yuan": yuan(fen), "place": place}
        for month, *pair in rows
        for place, (word, fen) in enumerate(zip(words, pair, strict=True))
    ]
    return _spec(
        values,
        width=width,
        height=height,
        mark={"type": "bar", "cornerRadiusEnd": 2},
        encoding={
            "x": {
                "field": "month",
                "type": "ordinal",
                "title": None,
                "axis": {"labelAngle": -45, "labelOverlap": True},
            },
            "xOffset": {"field": "place", "type": "nominal"},
            "y": {
                "field": "yuan",
                "type": "quantitative",
                "title": unit,
                "axis": {"format": ",.0f", "tickCount": 5},
            },
            "color": {
                "field": "what",
                "type": "nominal",
                "scale": {"domain": list(words), "range": [BLUE, ORANGE]},
            },
            "tooltip": [
                {"field": "month", "title": " "},
                {"field": "what", "title": " "},
                {"field": "yuan", "format": ",.2f", "title": unit},
            ],
        },
    )


def ranked_bars(
    rows: Iterable[tuple[str, int]], *, unit: str, width: int | str = "container", colour: str = BLUE
) -> Spec:
    """A bar for each name, the largest on top. ``rows`` are (name, fen)."""
    values = [{"name": name, "yuan": yuan(fen)} for name, fen in rows]
    bars = {
        "mark": {"type": "bar", "cornerRadiusEnd": 2, "color": colour},
        "encoding": {
            "y": {
                "field": "name",
                "type": "nominal",
                "sort": "-x",
                "title": None,
                "axis": {"labelLimit": 180},
            },
            "x": {
                "field": "yuan",
                "type": "quantitative",
                "title": unit,
                "axis": {"format": ",.0f", "tickCount": 4},
            },
            "tooltip": [{"field": "name", "title": " "}, {"field": "yuan", "format": ",.2f", "title": unit}],
        },
    }
    return _spec(values, width=width, height={"step": 28}, **bars)


def balance_line(
    rows: Iterable[tuple[str, int]], *, unit: str, width: int | str = "container", height: int = 200
) -> Spec:
    """How a balance went, month by month. ``rows`` are (month as ``2026-03``, balance in fen at its end)."""
    values = [{"month": month, "yuan": yuan(fen)} for month, fen in rows]
    return _spec(
        values,
        width=width,
        height=height,
        mark={"type": "line", "point": True, "color": GREEN, "interpolate": "step-after"},
        encoding={
            "x": {
                "field": "month",
                "type": "ordinal",
                "title": None,
                "axis": {"labelAngle": -45, "labelOverlap": True},
            },
            "y": {
                "field": "yuan",
                "type": "quantitative",
                "title": unit,
                "axis": {"format": ",.0f", "tickCount": 5},
            },
            "tooltip": [{"field": "month", "title": " "}, {"field": "yuan", "format": ",.2f", "title": unit}],
        },
    )


@cache
def _register_fonts() -> None:
    for folder in fonts.folders():
        vl_convert.register_font_directory(str(folder))


def to_svg(spec: Spec, *, width: int = 620) -> bytes:
    """The chart as SVG for paper, text in Noto Sans SC. ``width`` in pixels replaces ``container``."""
    _register_fonts()
    drawn = spec | {"width": width} if spec.get("width") == "container" else spec
    return vl_convert.vegalite_to_svg(json.dumps(drawn), vl_version=VEGA_LITE).encode()
