"""The workflow of stations, walked whole."""

from pathlib import Path

import pytest

from donations.stations.models import Station, StationState
from donations.stations.workflow import STATION, close_station
from tests.builders import station
from tests.cast import mei
from tests.funds.attacks import refused_by, sql
from tests.workflows import assert_walks

pytestmark = pytest.mark.django_db


def station_in(state: str) -> Station:
    made = station()
    if state == StationState.CLOSED:
        close_station(made, "示例原因", actor=mei())
    made.refresh_from_db()
    return made


def test_every_move_by_everybody_in_every_state() -> None:
    assert_walks(STATION, made=station_in, data={}, golden=Path(__file__).parent / "moves.txt")


def test_closing_without_its_history_row_is_refused() -> None:
    with refused_by("station_moves_are_recorded"):
        sql("UPDATE donations_station SET state = 'closed' WHERE id = %s", station().pk)
