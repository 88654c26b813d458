"""Every move × every member of the cast × every state of a workflow, tried and recorded.

    def test_walk(walk_file) -> None:
        assert_walks(SPENDING, made=spending_request_in, data=ASKED, golden=HERE / "moves.txt")

A person reviews the golden file: for each state and move, who can make it. ``WRITE=1`` writes it again.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from charity_hub.errors import Refused
from charity_hub.people.models import User
from charity_hub.workflow.moves import Move, Workflow
from tests import cast


def _tried(move: Move[Any], row: models.Model, actor: User, data: Mapping[str, Any]) -> bool:
    """Whether the move is made; all its effects are rolled back."""
    with suppress(Refused, PermissionDenied), transaction.atomic():
        made = move(row, "理由", actor=actor, **data)
        transaction.set_rollback(True)
        return made
    return False


def _makers(
    move: Move[Any],
    row: models.Model,
    people: Mapping[str, User],
    data: Mapping[str, Callable[[models.Model], Mapping[str, Any]]],
) -> str:
    asked = data[move.name](row) if move.name in data else {}
    return " ".join(name for name, person in people.items() if _tried(move, row, person, asked)) or "-"


def walk(
    workflow: Workflow[Any],
    made: Callable[[str], models.Model],
    data: Mapping[str, Callable[[models.Model], Mapping[str, Any]]],
) -> str:
    """One line for each state and move: the members of the cast who can make it. ``made(state)`` creates a
    row
    in a state, ``data[move.name](row)`` is the data of the move's form.
    """
    people = {name: person for name, person in cast.everybody().items() if person}
    lines: list[str] = []
    for state, _word in workflow.model._meta.get_field("state").choices:
        with transaction.atomic():
            row = made(state)
            lines += [
                f"{state:<14}{move.name:<14}{_makers(move, row, people, data)}"
                for move in workflow.moves
                if move.by
            ]
            transaction.set_rollback(True)
    return "\n".join(lines) + "\n"


def assert_walks(
    workflow: Workflow[Any],
    *,
    made: Callable[[str], models.Model],
    data: Mapping[str, Callable[[models.Model], Mapping[str, Any]]],
    golden: Path,
) -> None:
    """The walk of this workflow is the one that was reviewed and stored in ``golden``."""
    found = walk(workflow, made, data)
    if os.environ.get("WRITE"):
        golden.write_text(found)
    assert found == golden.read_text()
