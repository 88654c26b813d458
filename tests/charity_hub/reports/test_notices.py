"""Who is told that figures cannot be computed."""

import pytest

from charity_hub.errors import Refused
from charity_hub.jobs.actions import MOST_ATTEMPTS, requeue_lost, retry, run
from charity_hub.jobs.models import Job, JobState
from charity_hub.notices.models import Notice
from charity_hub.reports import compute_job
from charity_hub.reports.models import AnnualReport
from charity_hub.reports.workflow import recompute_report
from tests import cast
from tests.charity_hub.reports.scenes import draft, requested

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-03-05 10:00+08:00", tick=True)]


def books_contradict(monkeypatch: pytest.MonkeyPatch) -> None:
    def compute(_report: AnnualReport) -> None:
        raise Refused("账目不平。")

    monkeypatch.setattr(compute_job, "figures_now", compute)


def test_who_asked_for_a_report_hears_why_it_cannot_be_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    books_contradict(monkeypatch)
    report = requested()
    run(report.job_id or 0)
    (notice,) = Notice.objects.in_portal(cast.mei())
    assert (notice.kind, notice.url) == ("report_failed", f"/desk/reports/{report.pk}/")
    assert notice.facts == {"report": f"{report.subject_name} 2025", "reason": "账目不平。"}


def test_who_tries_again_in_vain_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    books_contradict(monkeypatch)
    report = requested()
    run(report.job_id or 0)
    run(retry(Job.objects.get(), actor=cast.mei()).pk)
    assert Notice.objects.in_portal(cast.mei()).count() == 2


def test_a_report_whose_workers_are_lost_is_told_of_too() -> None:
    requested()
    Job.objects.update(state=JobState.RUNNING, attempts=MOST_ATTEMPTS)
    requeue_lost()
    assert Notice.objects.in_portal(cast.mei()).count() == 1


def test_who_had_a_draft_computed_anew_is_told_in_place_of_who_began_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    report = draft()
    assert not Notice.objects.exists()
    books_contradict(monkeypatch)
    recompute_report(report, actor=cast.ada())
    report.refresh_from_db()
    run(report.job_id or 0)
    assert [notice.person for notice in Notice.objects.all()] == [cast.ada()]
