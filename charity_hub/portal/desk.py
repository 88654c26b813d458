"""What a desk shows out of every room: what waits, figures and panels, and what a search finds."""

from datetime import date
from typing import Any, Final, NamedTuple

from django.utils import timezone

from charity_hub.people.models import User
from charity_hub.portal.registry import DeskFigure, Search, WorkItem, WorkList, registry

NO_DEADLINE: Final = date.max
MOST_ITEMS: Final = 8


class Waiting(NamedTuple):
    """A work list with its items, the most urgent first."""

    worklist: WorkList
    items: list[WorkItem]

    @property
    def first(self) -> list[WorkItem]:
        return self.items[:MOST_ITEMS]

    @property
    def rest(self) -> list[WorkItem]:
        return self.items[MOST_ITEMS:]


class Found(NamedTuple):
    """What a search found in one room."""

    search: Search
    items: list[WorkItem]


def waiting_for(user: User) -> list[Waiting]:
    """The work lists that hold something for this person, the one with the nearest deadline first."""
    lists = [
        Waiting(worklist, sorted(worklist.items(user), key=_urgency))
        for worklist in registry.worklists.values()
    ]
    return sorted((one for one in lists if one.items), key=lambda one: _urgency(one.items[0]))


def _urgency(item: WorkItem) -> tuple[date, date]:
    return (item.deadline or NO_DEADLINE, item.since or NO_DEADLINE)


def figures_for(user: User) -> list[DeskFigure]:
    """The figures that the rooms put on this person's desk, in order."""
    rooms = sorted(registry.desk_figures.values(), key=lambda room: room.order)
    return [figure for room in rooms if room.rule.allows(user) for figure in room.figures(user)]


def panels_for(user: User) -> list[dict[str, Any]]:
    """The panels that show something to this person, in order, each with its template and context."""
    panels = sorted(registry.desk_panels.values(), key=lambda panel: panel.order)
    shown = [(panel.template, panel.context(user)) for panel in panels if panel.rule.allows(user)]
    return [{"template": template, "context": context} for template, context in shown if context is not None]


def found_by(user: User, text: str, address: str | None = None) -> list[Found]:
    """What every registered search finds for the text, empty ones left out."""
    if not text.strip():
        return []
    found = [Found(search, search.find(user, text.strip(), address)) for search in registry.searches.values()]
    return [one for one in found if one.items]


def days_left(deadline: date) -> int:
    """Days from today (Asia/Shanghai) to the deadline; negative once it has passed."""
    return (deadline - timezone.localdate()).days
