"""The workflow of annual reports, walked whole."""

from collections.abc import Callable
from pathlib import Path

import pytest

from charity_hub.reports.models import AnnualReport, ReportState
from charity_hub.reports.workflow import REPORTS
from tests.charity_hub.reports.scenes import discarded, draft, issued, requested, written
from tests.funds.attacks import refused_by, sql
from tests.workflows import assert_walks

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-03-05 10:00+08:00")]

IN_STATE: dict[str, Callable[[], AnnualReport]] = {
    ReportState.COMPUTING: requested,
    ReportState.DRAFT: written,
    ReportState.ISSUED: issued,
    ReportState.DISCARDED: discarded,
}


def test_every_move_by_everybody_in_every_state() -> None:
    assert_walks(
        REPORTS,
        made=lambda state: IN_STATE[state](),
        data={},
        golden=Path(__file__).parent / "moves.txt",
    )


def test_a_move_without_its_history_row_is_refused() -> None:
    report = draft()
    with refused_by("annualreport_moves_are_recorded"):
        sql("UPDATE reports_annual_report SET state = 'discarded' WHERE id = %s", report.pk)
