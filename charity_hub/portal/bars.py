"""In and out by month, drawn on the server: no script to load, there at once, and on paper too.

The drawing stretches to its place, so the words around it stay in the page's own type, whatever the screen.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from charity_hub.money import yuan

# Units of the drawing: each month is a column of this width, bars grow up to this height.
COLUMN: Final = 10
HEIGHT: Final = 1000
STEPS: Final = (2, 4, 10)


class Month(NamedTuple):
    """``name`` as ``2026-03``; what came in and went out, in fen."""

    name: str
    came: int
    went: int


class Bars(NamedTuple):
    """The drawing, the words at its left edge from top to bottom, those below it from left to right."""

    drawing: SafeString
    heights: tuple[str, str, str]
    names: list[str]


def monthly_bars(months: Sequence[Month], words: tuple[str, str]) -> Bars:
    """Two bars a month, in on the left and out on the right; ``words`` name them."""
    top = round_top(max((max(one.came, one.went) for one in months), default=0))
    columns = format_html_join(
        "",
        "<g><title>{}</title>{}</g>",
        ((_says(one, words), _pair(n, one, top)) for n, one in enumerate(months)),
    )
    drawing = format_html(
        '<svg class="hub-bars" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">{}</svg>',
        COLUMN * len(months),
        HEIGHT,
        columns,
    )
    return Bars(drawing, (_whole(top), _whole(top // 2), _whole(0)), _some(months))


def round_top(fen: int) -> int:
    """The smallest of 2, 4, 10, 20, 40, 100, … yuan that is at least ``fen``."""
    unit = 100
    while True:
        for step in STEPS:
            if fen <= step * unit:
                return step * unit
        unit *= 10


def _pair(number: int, month: Month, top: int) -> SafeString:
    left = number * COLUMN
    bars = (("in", left + 1, month.came), ("out", left + 5, month.went))
    hover = format_html(
        '<rect class="hub-bar-month" x="{}" y="0" width="{}" height="{}"/>', left, COLUMN, HEIGHT
    )
    return hover + format_html_join(
        "",
        '<rect class="hub-bar-{}" x="{}" y="{}" width="4" height="{}"/>',
        ((name, x, HEIGHT - _height(fen, top), _height(fen, top)) for name, x, fen in bars if fen > 0),
    )


def _height(fen: int, top: int) -> int:
    """Never so small that something looks like nothing."""
    return max(fen * HEIGHT // top, HEIGHT // 200)


def _says(month: Month, words: tuple[str, str]) -> str:
    return f"{month.name} · {words[0]} {yuan(month.came)} · {words[1]} {yuan(month.went)}"


def _whole(fen: int) -> str:
    return yuan(fen).removesuffix(".00")


def _some(months: Sequence[Month]) -> list[str]:
    """The first, the middle and the last month; no more fit a phone."""
    if len(months) < 3:
        return [one.name for one in months]
    return [months[0].name, months[(len(months) - 1) // 2].name, months[-1].name]
