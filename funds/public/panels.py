"""What apps above add to a fund's public page: the latest gifts, the stations, the issued reports.

    register_panel("gifts/panel.html", latest_gifts, order=10, anchor="latest-gifts", label=_("Gifts"))

``context(fund)`` returns what the template needs, in a fixed number of queries. The panel must read the same
for every visitor: it is kept for some seconds and shown to the next one.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise

from funds.profile.models import Fund

type Context = Callable[[Fund], Mapping[str, Any]]


class Panel(NamedTuple):
    template: str
    context: Context
    order: int
    anchor: str = ""
    label: str | Promise = ""


_panels: dict[str, Panel] = {}


def register_panel(
    template: str, context: Context, order: int = 100, *, anchor: str = "", label: str | Promise = ""
) -> None:
    """Put a card on every fund's page; its template finds the context as ``panel``, the fund as ``fund``.

    With ``anchor``, the id of something that the card always shows, the page's menu leads there.
    """
    _panels[template] = Panel(template, context, order, anchor, label)


def panels_of(fund: Fund) -> list[dict[str, Any]]:
    """The panels in order, each with its template and what it shows."""
    ordered = sorted(_panels.values(), key=lambda panel: panel.order)
    return [
        {
            "template": panel.template,
            "context": panel.context(fund),
            "anchor": panel.anchor,
            "label": panel.label,
        }
        for panel in ordered
    ]
