"""Every move × every member of the cast × every state of a workflow, tried and written down.

    def test_walk(walk_file) -> None:
        assert_walks(SPENDING, made=spending_request_in, data=ASKED, golden=HERE / "moves.txt")

The golden file is read by eye: for each state and move, who gets it done. ``WRITE=1`` writes it anew.
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
    """Whether the move is made; whatever it did is undone."""
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
    """One line for each state and move: the members of the cast who get it done. ``made(state)`` builds a row
    in a state, ``data[move.name](row)`` is what the move's form would ask for.
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
    """The walk of this workflow is the one that was read and kept in ``golden``."""
    found = walk(workflow, made, data)
    if os.environ.get("WRITE"):
        golden.write_text(found)
    assert found == golden.read_text()
