"""Registration of each room's menu, work lists, figures, panels and search.

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
a menu entry is shown to people who may open its page. A second registration of a name replaces the first.
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
# "start" is not a menu but the row of buttons at the top of the desk.
type Space = Literal["public", "desk", "me", "start"]
type PanelContext = Callable[[HttpRequest], Mapping[str, Any]]
type DeskContext = Callable[[User], Mapping[str, Any] | None]

DEFAULT_RULES: dict[str, Rule] = {"public": ANYONE, "me": SIGNED_IN, "desk": STAFF, "start": STAFF}


@dataclass(frozen=True)
class MenuEntry:
    """A link to a page; ``url_name`` takes no arguments."""

    space: str
    label: Label
    url_name: str
    icon: str
    rule: Rule
    order: int


@dataclass(frozen=True)
class WorkItem:
    """One item of a work list or a search result; without ``url`` it is only text."""

    title: Label
    url: str
    detail: Label = ""
    since: date | None = None
    deadline: date | None = None
    tone: str = "blue"


type Finder = Callable[[User, str, str | None], list[WorkItem]]


@dataclass(frozen=True)
class WorkList:
    """Work of one kind that waits for a person. ``items`` must use a fixed number of queries."""

    name: str
    title: Label
    icon: str
    items: Callable[[User], list[WorkItem]]


@dataclass(frozen=True)
class Panel:
    """A part of a home page: a template and its context."""

    template: str
    context: PanelContext
    order: int


@dataclass(frozen=True)
class DeskFigure:
    """One figure at the top of the desk: ``value`` as text, ``detail`` explains it."""

    label: Label
    value: str
    detail: Label = ""
    url: str = ""


@dataclass(frozen=True)
class DeskFigures:
    """The figures of one room. ``figures`` counts what the person's lists show, in a fixed number of
    queries.
    """

    figures: Callable[[User], list[DeskFigure]]
    rule: Rule
    order: int


@dataclass(frozen=True)
class DeskPanel:
    """A part of the desk. Its context is None if there is nothing to show to this person."""

    template: str
    context: DeskContext
    rule: Rule
    order: int


@dataclass(frozen=True)
class Search:
    """A search of one room: ``find`` returns what this person may see, best matches first, at most a dozen.

    Its arguments are the person, the text, and the network address.
    """

    name: str
    title: Label
    find: Finder


@dataclass
class Registry:
    """All registrations; one for the process."""

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
    """Add a page to a space's menu, for people whom ``rule`` allows (by default all of the space)."""
    entry = MenuEntry(space, label, url_name, icon, rule or DEFAULT_RULES[space], order)
    registry.menu[space, url_name] = entry


def register_start(
    label: Label, url_name: str, icon: str, *, rule: Rule | None = None, order: int = 100
) -> None:
    """Add a button for a frequent task at the top of the desk."""
    register_menu("start", label, url_name, icon, rule=rule, order=order)


def register_worklist(worklist: WorkList) -> None:
    """Add a work list to the desk; it is shown to people for whom it has items."""
    registry.worklists[worklist.name] = worklist


def register_home_panel(template: str, context: PanelContext, order: int = 100) -> None:
    """Add a panel to the public home page."""
    registry.home_panels[template] = Panel(template, context, order)


def register_me_panel(template: str, context: PanelContext, order: int = 100) -> None:
    """Add a panel to the residents' home page, ``/me/``."""
    registry.me_panels[template] = Panel(template, context, order)


def register_desk_figures(
    name: str, figures: Callable[[User], list[DeskFigure]], *, rule: Rule = STAFF, order: int = 100
) -> None:
    """Add a room's figures to the top of the desk, for people whom ``rule`` allows.

    ``figures`` must use the querysets of the room's lists, so that a person's figures count only what their
    lists show.
    """
    registry.desk_figures[name] = DeskFigures(figures, rule, order)


def register_desk_panel(template: str, context: DeskContext, *, rule: Rule = STAFF, order: int = 100) -> None:
    """Add a panel to the desk of people whom ``rule`` allows; scoped as ``register_desk_figures`` says."""
    registry.desk_panels[template] = DeskPanel(template, context, rule, order)


def register_search(name: str, title: Label, find: Finder) -> None:
    """Add a room to the desk's search."""
    registry.searches[name] = Search(name, title, find)


def menu_of(space: Space, user: AnyUser) -> list[MenuEntry]:
    """The entries of a space's menu that this person may open."""
    entries = [entry for entry in registry.menu.values() if entry.space == space]
    return sorted((entry for entry in entries if entry.rule.allows(user)), key=lambda entry: entry.order)
