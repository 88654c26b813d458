"""Cards that higher layers add to a fund's public page: the latest gifts, the stations, the issued reports.

    register_panel("gifts/panel.html", latest_gifts, order=10, anchor="latest-gifts", label=_("Gifts"))

``context(fund)`` returns what the template needs, in a fixed number of queries. The panel must be the same
for every visitor, because the page is cached for some seconds.
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
    """Add a card to every fund's page. Its template gets the context as ``panel`` and the fund as ``fund``.

    ``anchor`` is the id of an element that the card always shows; the page's menu links to it.
    """
    _panels[template] = Panel(template, context, order, anchor, label)


def panels_of(fund: Fund) -> list[dict[str, Any]]:
    """The panels in order, each with its template and context."""
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
