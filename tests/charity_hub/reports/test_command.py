from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from charity_hub.jobs.actions import run
from charity_hub.jobs.models import Job
from charity_hub.management.commands import annual_reports
from charity_hub.reports.models import ReportState
from tests import cast
from tests.charity_hub.reports.scenes import YEAR, draft, fund_of_2024, versions

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-03-05 10:00+08:00")]


def called(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("annual_reports", str(YEAR), *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the command pauses, a worker does what is queued."""

    def work(_seconds: float) -> None:
        for job in Job.objects.filter(state="queued"):
            run(job.pk)

    monkeypatch.setattr(annual_reports, "pause", work)


def test_it_queues_every_funds_report() -> None:
    fund_of_2024()
    out, _err = called()
    assert "1 queued" in out
    assert versions().get().state == ReportState.COMPUTING


def test_again_it_finds_what_is_there() -> None:
    draft()
    out, _err = called()
    assert "0 queued, 1 there already" in out


def test_one_fund_may_be_named() -> None:
    fund_of_2024()
    called("--fund", cast.FUND_CODE)
    assert versions().count() == 1


def test_an_unknown_fund_is_an_error() -> None:
    with pytest.raises(CommandError):
        called("--fund", "JJ-0")


def test_waiting_ends_when_all_are_made(worker: None) -> None:
    fund_of_2024()
    out, _err = called("--wait")
    assert "1 of 1" in out
    assert versions().get().state == ReportState.DRAFT


def test_waiting_tells_of_a_failure(worker: None, monkeypatch: pytest.MonkeyPatch) -> None:
    fund_of_2024()
    monkeypatch.setattr("charity_hub.reports.compute_job.figures_now", lambda _report: 1 / 0)
    with pytest.raises(CommandError, match="1 of 1"):
        called("--wait")


def test_without_a_worker_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    fund_of_2024()
    monkeypatch.setattr(annual_reports, "pause", lambda _seconds: None)
    monkeypatch.setattr(annual_reports, "SILENT", 0)
    monkeypatch.setattr(annual_reports, "GIVE_UP", 0)
    err = StringIO()
    with pytest.raises(CommandError):
        call_command("annual_reports", str(YEAR), "--wait", stdout=StringIO(), stderr=err)
    assert "worker" in err.getvalue()
