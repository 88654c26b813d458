"""The desk: figures and panels that the rooms register, for those whom their rules allow."""

import pytest

from charity_hub.people.access import roles
from charity_hub.people.models import Role, User
from charity_hub.portal.desk import figures_for, panels_for
from charity_hub.portal.registry import DeskFigure, Registry, register_desk_figures, register_desk_panel
from tests import cast

pytestmark = pytest.mark.django_db


def figures(label: str) -> list[DeskFigure]:
    return [DeskFigure(label, "¥1.00")]


def test_figures_come_in_order_to_those_whom_their_rule_allows(empty_registry: Registry) -> None:
    register_desk_figures("late", lambda _user: figures("late"), order=20)
    register_desk_figures("early", lambda _user: figures("early"), order=10)
    register_desk_figures("auditors", lambda _user: figures("auditors"), rule=roles(Role.AUDITOR))
    assert [one.label for one in figures_for(cast.mei())] == ["early", "late"]
    assert [one.label for one in figures_for(cast.yan())] == ["early", "late", "auditors"]


def test_a_panel_without_anything_to_show_is_left_out(empty_registry: Registry) -> None:
    register_desk_panel("empty.html", lambda _user: None)
    register_desk_panel("full.html", lambda user: {"who": user.name})
    assert panels_for(cast.mei()) == [{"template": "full.html", "context": {"who": cast.mei().name}}]


def test_a_rule_that_says_no_costs_no_query_of_the_room(empty_registry: Registry) -> None:
    def never(_user: User) -> None:
        raise AssertionError

    register_desk_panel("auditors.html", never, rule=roles(Role.AUDITOR))
    assert panels_for(cast.mei()) == []


@pytest.mark.parametrize(
    "person",
    [
        *(cast.mei, cast.ping, cast.wen, cast.yan, cast.hua, cast.feng, cast.dong, cast.shi),
        *(cast.ji, cast.su, cast.ada),
    ],
)
def test_nobodys_desk_is_empty(person: object) -> None:
    """Each role has its panel of what it is for; whoever reads nothing else is led to the public pages."""
    assert callable(person)
    answer = cast.client_of(person()).get("/desk/")
    assert 'id="my-roles"' in answer.text
    assert answer.context["figures"] or 'href="/funds/"' in answer.text.split("</aside>")[1]
