"""Charts of inflow and outflow by month, and trends, drawn on the server: no script, shown at once, and
printable.

The drawing stretches to its container, so the text around it keeps the page's font size on every screen.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from charity_hub.money import yuan

# Units of the drawing: the width of each month's column, the greatest height of bars.
COLUMN: Final = 10
HEIGHT: Final = 1000
STEPS: Final = (2, 4, 6, 8, 10)


class Month(NamedTuple):
    """``name`` as ``2026-03``; inflow and outflow in fen."""

    name: str
    inflow: int
    outflow: int

    @property
    def moved(self) -> bool:
        """Whether there was any movement. Charts begin with the first month of which this is true."""
        return bool(self.inflow or self.outflow)


class Bars(NamedTuple):
    """The drawing, the labels at its left edge from top to bottom, those below it from left to right."""

    drawing: SafeString
    heights: tuple[str, str, str]
    names: list[str]


def monthly_bars(months: Sequence[Month], words: tuple[str, str]) -> Bars:
    """Two bars per month, inflow on the left and outflow on the right; ``words`` are their labels."""
    top = round_top(max((max(one.inflow, one.outflow) for one in months), default=0))
    columns = "".join(_column(number, month, top, words) for number, month in enumerate(months))
    drawing = (
        f'<svg class="hub-bars" viewBox="0 0 {COLUMN * len(months)} {HEIGHT}" preserveAspectRatio="none"'
        f' aria-hidden="true">{columns}</svg>'
    )
    # Only numbers and escaped text.
    safe = mark_safe(drawing)  # noqa: S308
    return Bars(safe, (_whole(top), _whole(top // 2), _whole(0)), _some(months))


def trend_line(amounts: Sequence[int], words: str) -> SafeString:
    """Amounts as a line over an axis from zero to the largest; ``words`` describe it.

    Empty for fewer than two.
    """
    if len(amounts) < 2:
        return SafeString()
    top = max(*amounts, 1)
    points = [f"{COLUMN * place},{HEIGHT - _height(fen, top)}" for place, fen in enumerate(amounts)]
    right = COLUMN * (len(amounts) - 1)
    return format_html(
        '<svg class="hub-trend" viewBox="0 0 {right} {height}" preserveAspectRatio="none" role="img"'
        ' aria-label="{words}"><path d="M0,{height}L{line}L{right},{height}Z"/>'
        '<polyline points="{line}"/></svg>',
        right=right,
        height=HEIGHT,
        words=words,
        line=" ".join(points),
    )


def round_top(fen: int) -> int:
    """The smallest of 2, 4, 6, 8, 10, 20, 40, … yuan that is at least ``fen``; its half is a round number
    too.
    """
    unit = 100
    while True:
        for step in STEPS:
            if fen <= step * unit:
                return step * unit
        unit *= 10


def _column(number: int, month: Month, top: int, words: tuple[str, str]) -> str:
    left = number * COLUMN
    hover = f'<rect class="hub-bar-month" x="{left}" y="0" width="{COLUMN}" height="{HEIGHT}"/>'
    bars = _bar("in", left + 1, month.inflow, top) + _bar("out", left + 5, month.outflow, top)
    return f"<g><title>{escape(_says(month, words))}</title>{hover}{bars}</g>"


def _bar(name: str, x: int, fen: int, top: int) -> str:
    if fen <= 0:
        return ""
    height = _height(fen, top)
    return f'<rect class="hub-bar-{name}" x="{x}" y="{HEIGHT - height}" width="4" height="{height}"/>'


def _height(fen: int, top: int) -> int:
    """A bar for a small amount keeps a visible height."""
    return max(fen * HEIGHT // top, HEIGHT // 200)


def _says(month: Month, words: tuple[str, str]) -> str:
    return f"{month.name} · {words[0]} {yuan(month.inflow)} · {words[1]} {yuan(month.outflow)}"


def _whole(fen: int) -> str:
    return yuan(fen).removesuffix(".00")


def _some(months: Sequence[Month]) -> list[str]:
    """The first, the middle and the last month; a phone has no room for more."""
    if len(months) < 3:
        return [one.name for one in months]
    return [months[0].name, months[(len(months) - 1) // 2].name, months[-1].name]
