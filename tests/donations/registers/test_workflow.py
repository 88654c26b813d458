"""The workflow of registers, walked whole."""

from collections.abc import Callable
from pathlib import Path

import pytest

from donations.registers.actions import check_register, import_good_rows
from donations.registers.models import Register
from donations.registers.workflow import REGISTERS, begin_import, discard_register
from tests import cast
from tests.donations.registers.bringing import uploaded
from tests.funds.attacks import refused_by, sql
from tests.workflows import assert_walks

pytestmark = pytest.mark.django_db


def checked(folder: Path) -> Register:
    return check_register(uploaded(folder), actor=cast.wen())


def importing(folder: Path) -> Register:
    register = checked(folder)
    begin_import(register, actor=cast.wen())
    return register


def imported(folder: Path) -> Register:
    return import_good_rows(checked(folder), actor=cast.wen())


def discarded(folder: Path) -> Register:
    register = uploaded(folder)
    discard_register(register, actor=cast.wen())
    return register


IN_STATE: dict[str, Callable[[Path], Register]] = {
    "uploaded": uploaded,
    "checked": checked,
    "importing": importing,
    "imported": imported,
    "discarded": discarded,
}


def test_every_move_by_everybody_in_every_state(tmp_path: Path) -> None:
    assert_walks(
        REGISTERS,
        made=lambda state: IN_STATE[state](tmp_path),
        data={},
        golden=Path(__file__).parent / "moves.txt",
    )


@pytest.mark.parametrize("state", ["importing", "imported"])
def test_a_register_is_not_recorded_before_it_is_checked(tmp_path: Path, state: str) -> None:
    register = uploaded(tmp_path)
    with refused_by("register_moves_by_its_workflow"):
        sql("UPDATE donations_register SET state = %s WHERE id = %s", state, register.pk)


@pytest.mark.parametrize("made", [imported, discarded])
def test_what_is_over_is_not_opened_again(tmp_path: Path, made: Callable[[Path], Register]) -> None:
    register = made(tmp_path)
    with refused_by("register_moves_by_its_workflow"):
        sql("UPDATE donations_register SET state = 'checked' WHERE id = %s", register.pk)


def test_a_move_without_its_history_row_is_refused(tmp_path: Path) -> None:
    register = checked(tmp_path)
    with refused_by("register_moves_are_recorded"):
        sql("UPDATE donations_register SET state = 'discarded' WHERE id = %s", register.pk)


@pytest.mark.parametrize(
    ("made", "move"),
    [(uploaded, "check"), (checked, "import"), (importing, "finish"), (imported, ""), (discarded, "")],
)
def test_what_is_not_recorded_yet_waits_for_its_workers(
    tmp_path: Path, made: Callable[[Path], Register], move: str
) -> None:
    register = made(tmp_path)
    lists = [each for each in REGISTERS.moves if each.waiting]
    for person, waits in [(cast.wen(), True), (cast.mei(), True), (cast.jun(), False)]:
        found = [each.name for each in lists if register in each.rows_waiting(person)]
        assert found == ([move] if move and waits else [])
