"""What apps above add to a fund's public page: the latest gifts, the stations, the issued reports.

    register_panel("donations/money/public_panel.html", latest_gifts, order=10)

``context(fund)`` returns what the template needs, in a fixed number of queries. The panel must read the same
for every visitor: it may be shown again to the next one while nothing in the database has changed.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from funds.profile.models import Fund

type Context = Callable[[Fund], Mapping[str, Any]]


class Panel(NamedTuple):
    template: str
    context: Context
    order: int


_panels: dict[str, Panel] = {}


def register_panel(template: str, context: Context, order: int = 100) -> None:
    """Put a card on every fund's page; its template finds the context as ``panel``, the fund as ``fund``."""
    _panels[template] = Panel(template, context, order)


def panels_of(fund: Fund) -> list[dict[str, Any]]:
    """The panels in order, each with its template and what it shows."""
    ordered = sorted(_panels.values(), key=lambda panel: panel.order)
    return [{"template": panel.template, "context": panel.context(fund)} for panel in ordered]
