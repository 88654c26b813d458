"""The content of a desk from all rooms: work lists, figures, panels, and search results."""

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
    """The search results of one room."""

    search: Search
    items: list[WorkItem]


def waiting_for(user: User) -> list[Waiting]:
    """This person's work lists that are not empty, the one with the nearest deadline first."""
    lists = [
        Waiting(worklist, sorted(worklist.items(user), key=_urgency))
        for worklist in registry.worklists.values()
    ]
    return sorted((one for one in lists if one.items), key=lambda one: _urgency(one.items[0]))


def _urgency(item: WorkItem) -> tuple[date, date]:
    return (item.deadline or NO_DEADLINE, item.since or NO_DEADLINE)


def figures_for(user: User) -> list[DeskFigure]:
    """The rooms' figures on this person's desk, in order."""
    rooms = sorted(registry.desk_figures.values(), key=lambda room: room.order)
    return [figure for room in rooms if room.rule.allows(user) for figure in room.figures(user)]


def panels_for(user: User) -> list[dict[str, Any]]:
    """The panels that are not empty for this person, in order, each with its template and context."""
    panels = sorted(registry.desk_panels.values(), key=lambda panel: panel.order)
    shown = [(panel.template, panel.context(user)) for panel in panels if panel.rule.allows(user)]
    return [{"template": template, "context": context} for template, context in shown if context is not None]


def found_by(user: User, text: str, address: str | None = None) -> list[Found]:
    """The results of every registered search for the text, without empty ones."""
    if not text.strip():
        return []
    found = [Found(search, search.find(user, text.strip(), address)) for search in registry.searches.values()]
    return [one for one in found if one.items]


def days_left(deadline: date) -> int:
    """Days from today (Asia/Shanghai) to the deadline; negative after it."""
    return (deadline - timezone.localdate()).days
