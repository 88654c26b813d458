import re
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from charity_hub.people.access import roles
from charity_hub.people.models import Role, User
from charity_hub.portal.desk import found_by, waiting_for
from charity_hub.portal.icons import strokes
from charity_hub.portal.registry import (
    Registry,
    WorkItem,
    WorkList,
    menu_of,
    register_menu,
    register_search,
    register_worklist,
    registry,
)
from charity_hub.portal.state_colours import colours_of
from tests import cast

TODAY = date(2026, 3, 5)
pytestmark = pytest.mark.django_db


def test_the_menu_is_ordered_and_shows_what_the_rule_lets_through(empty_registry: Registry) -> None:
    register_menu("desk", "Late", "portal:me", "x", order=9)
    register_menu("desk", "For auditors", "portal:home", "x", rule=roles(Role.AUDITOR), order=1)
    register_menu("desk", "Early", "portal:desk", "x", order=5)
    assert [entry.label for entry in menu_of("desk", cast.mei())] == ["Early", "Late"]
    assert [entry.label for entry in menu_of("desk", cast.yan())] == ["For auditors", "Early", "Late"]
    assert menu_of("desk", AnonymousUser()) == []


def test_a_menu_entry_registered_again_replaces_the_first(empty_registry: Registry) -> None:
    register_menu("public", "Old", "portal:home", "x")
    register_menu("public", "New", "portal:home", "x")
    assert [entry.label for entry in menu_of("public", AnonymousUser())] == ["New"]


def test_the_desk_starts_with_the_nearest_deadline(empty_registry: Registry) -> None:
    calm = [WorkItem("No hurry", "/", since=TODAY)]
    urgent = [
        WorkItem("Next week", "/", deadline=TODAY + timedelta(7)),
        WorkItem("Tomorrow", "/", deadline=TODAY + timedelta(1)),
    ]
    register_worklist(WorkList("calm", "Calm", "x", lambda _user: calm))
    register_worklist(WorkList("none", "None", "x", lambda _user: []))
    register_worklist(WorkList("urgent", "Urgent", "x", lambda _user: urgent))
    waiting = waiting_for(cast.mei())
    assert [one.worklist.name for one in waiting] == ["urgent", "calm"]
    assert [item.title for item in waiting[0].items] == ["Tomorrow", "Next week"]


def test_a_search_asks_every_room_and_leaves_out_the_empty_ones(empty_registry: Registry) -> None:
    def find(_user: User, text: str, _address: str | None) -> list[WorkItem]:
        return [WorkItem(f"found {text}", "/")]

    register_search("one", "One", find)
    register_search("two", "Two", lambda _user, _text, _address: [])
    assert [(one.search.name, one.items[0].title) for one in found_by(cast.mei(), " abc ")] == [
        ("one", "found abc")
    ]
    assert found_by(cast.mei(), "  ") == []


def test_every_state_of_every_model_has_its_colour() -> None:
    ours = {"charity_hub", "funds", "donations", "projects", "volunteers"}
    colourless = {
        f"{model._meta.label}: {value}"
        for model in apps.get_models()
        if model._meta.app_label in ours and not hasattr(model, "pgh_tracked_model")
        for field in model._meta.fields
        if field.name == "state"
        for value, _word in field.flatchoices
        if value not in colours_of(model)
    }
    assert colourless == set()


def test_every_icon_in_the_menus_exists() -> None:
    menu = {entry.icon for entry in registry.menu.values()}
    for name in menu | {one.icon for one in registry.worklists.values()}:
        assert "<path" in strokes(name)


def test_every_icon_in_the_templates_exists() -> None:
    pages = (settings.BASE_DIR / "templates").rglob("*.html")
    names = re.compile(r"""(?:icon |icon_name=|icon_name\|default:)["']([^"']+)["']""")
    used = {name for page in pages for name in names.findall(page.read_text())}
    assert {name for name in used if "<path" in strokes(name)} == used != set()


def test_an_icon_that_nobody_drew_is_an_error() -> None:
    with pytest.raises(LookupError, match="no-such-thing"):
        strokes("no-such-thing")
