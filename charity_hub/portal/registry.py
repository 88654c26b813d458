"""What the frame shows from every room: menu, work lists, figures, panels, search.

A room registers its own in ``registrations.py``, which its app's ``ready()`` calls::

    def register() -> None:
        register_menu("desk", _("Funds"), "funds:desk_list", "building-bank", rule=roles(...), order=20)
        register_menu("public", _("Funds"), "funds:list", "building-bank", order=10)
        register_start(_("Propose a fund"), "funds:propose", "plus", rule=roles(...), order=20)
        register_worklist(WorkList("funds-review", _("Funds to review"), "building-bank", funds_to_review))
        register_home_panel("funds/parts/home.html", home_figures, order=10)
    register_desk_figures("funds", held_now, rule=READERS, order=10)
    register_desk_panel("funds/parts/desk.html", funds_of, rule=READERS, order=10)
        register_search("funds", _("Funds"), find_funds)

Labels are lazy translations, icons are names of Tabler icons, ``rule`` is a rule of ``people.access``:
a menu entry is shown to those whom the page behind it lets in. Registering the same name again replaces it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.functional import Promise

from charity_hub.people.access import ANYONE, SIGNED_IN, STAFF, AnyUser, Rule
from charity_hub.people.models import User

type Label = str | Promise
# "start" is no menu but the row of buttons at the head of the desk.
type Space = Literal["public", "desk", "me", "start"]
type PanelContext = Callable[[HttpRequest], Mapping[str, Any]]
type DeskContext = Callable[[User], Mapping[str, Any] | None]

DEFAULT_RULES: dict[str, Rule] = {"public": ANYONE, "me": SIGNED_IN, "desk": STAFF, "start": STAFF}


@dataclass(frozen=True)
class MenuEntry:
    """A way to a page: ``url_name`` takes no arguments."""

    space: str
    label: Label
    url_name: str
    icon: str
    rule: Rule
    order: int


@dataclass(frozen=True)
class WorkItem:
    """One thing that waits for somebody, or that a search found; without ``url`` it is only to be read."""

    title: Label
    url: str
    detail: Label = ""
    since: date | None = None
    deadline: date | None = None
    tone: str = "blue"


type Finder = Callable[[User, str, str | None], list[WorkItem]]


@dataclass(frozen=True)
class WorkList:
    """What waits for one person, of one kind. ``items`` must cost a fixed number of queries."""

    name: str
    title: Label
    icon: str
    items: Callable[[User], list[WorkItem]]


@dataclass(frozen=True)
class Panel:
    """A piece of a home page: a template and what it is given."""

    template: str
    context: PanelContext
    order: int


@dataclass(frozen=True)
class DeskFigure:
    """One figure at the head of the desk: ``value`` in words, ``detail`` what it is made of."""

    label: Label
    value: str
    detail: Label = ""
    url: str = ""


@dataclass(frozen=True)
class DeskFigures:
    """Figures of one room. ``figures`` counts what the person's lists show, in a fixed number of queries."""

    figures: Callable[[User], list[DeskFigure]]
    rule: Rule
    order: int


@dataclass(frozen=True)
class DeskPanel:
    """A piece of the desk. Its context is None where there is nothing to show to this person."""

    template: str
    context: DeskContext
    rule: Rule
    order: int


@dataclass(frozen=True)
class Search:
    """A place to look: ``find`` answers with what this person may see, the nearest first, at most a dozen.

    It is told who asks, for what, and from which network address.
    """

    name: str
    title: Label
    find: Finder


@dataclass
class Registry:
    """Everything that was registered; one for the process."""

    menu: dict[tuple[str, str], MenuEntry] = field(default_factory=dict)
    worklists: dict[str, WorkList] = field(default_factory=dict)
    home_panels: dict[str, Panel] = field(default_factory=dict)
    me_panels: dict[str, Panel] = field(default_factory=dict)
    desk_figures: dict[str, DeskFigures] = field(default_factory=dict)
    desk_panels: dict[str, DeskPanel] = field(default_factory=dict)
    searches: dict[str, Search] = field(default_factory=dict)


registry = Registry()


def register_menu(
    space: Space, label: Label, url_name: str, icon: str, *, rule: Rule | None = None, order: int = 100
) -> None:
    """Put a page into a space's menu, for those whom ``rule`` allows (by default all of the space)."""
    entry = MenuEntry(space, label, url_name, icon, rule or DEFAULT_RULES[space], order)
    registry.menu[space, url_name] = entry


def register_start(
    label: Label, url_name: str, icon: str, *, rule: Rule | None = None, order: int = 100
) -> None:
    """Offer at the head of the desk what people there begin many times a day."""
    register_menu("start", label, url_name, icon, rule=rule, order=order)


def register_worklist(worklist: WorkList) -> None:
    """Put a work list on the desk; it is shown to those for whom it has items."""
    registry.worklists[worklist.name] = worklist


def register_home_panel(template: str, context: PanelContext, order: int = 100) -> None:
    """Put a panel on the public home page."""
    registry.home_panels[template] = Panel(template, context, order)


def register_me_panel(template: str, context: PanelContext, order: int = 100) -> None:
    """Put a panel on the residents' home page, ``/me/``."""
    registry.me_panels[template] = Panel(template, context, order)


def register_desk_figures(
    name: str, figures: Callable[[User], list[DeskFigure]], *, rule: Rule = STAFF, order: int = 100
) -> None:
    """Put a room's figures at the head of the desk, for those whom ``rule`` allows.

    ``figures`` must read by the querysets of the room's lists, so that nobody's figure counts what their
    lists do not show.
    """
    registry.desk_figures[name] = DeskFigures(figures, rule, order)


def register_desk_panel(template: str, context: DeskContext, *, rule: Rule = STAFF, order: int = 100) -> None:
    """Put a panel on the desk of those whom ``rule`` allows; scoped as ``register_desk_figures`` says."""
    registry.desk_panels[template] = DeskPanel(template, context, rule, order)


def register_search(name: str, title: Label, find: Finder) -> None:
    """Let the desk's search look into a room."""
    registry.searches[name] = Search(name, title, find)


def menu_of(space: Space, user: AnyUser) -> list[MenuEntry]:
    """The entries of a space's menu that lead this person somewhere."""
    entries = [entry for entry in registry.menu.values() if entry.space == space]
    return sorted((entry for entry in entries if entry.rule.allows(user)), key=lambda entry: entry.order)
