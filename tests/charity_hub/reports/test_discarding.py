"""An open version is taken away with a reason; what is issued stays."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from charity_hub.errors import Refused
from charity_hub.jobs.actions import run
from charity_hub.jobs.models import Job, JobState
from charity_hub.reports import actions, changes, compute_job
from charity_hub.reports.frozen_figures import Figures
from charity_hub.reports.models import AnnualReport, ReportState
from charity_hub.reports.queries import overviews
from charity_hub.reports.workflow import discard_report, issue_report, recompute_report
from charity_hub.workflow.actions import history
from tests import cast
from tests.cast import client_of
from tests.charity_hub.reports.scenes import (
    WHY_NOT,
    WORDS,
    computed,
    discarded,
    draft,
    issued,
    requested,
    versions,
)
from tests.charity_hub.reports.test_guarantees import refused

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-03-05 10:00+08:00")]


def test_a_discarded_draft_keeps_its_row_and_its_reason() -> None:
    report = discarded()
    assert report.state == ReportState.DISCARDED
    assert [row.why for row in history(report)][-1] == WHY_NOT
    assert not versions().exists()


def test_again_it_is_quiet() -> None:
    report = discarded()
    discard_report(report, "另一个理由", actor=cast.mei())
    assert history(report).count() == 3


def test_a_reason_is_needed() -> None:
    with pytest.raises(Refused) as raised:
        discard_report(draft(), "  ", actor=cast.mei())
    assert raised.value.field == "reason"


def test_an_issued_report_stays() -> None:
    report = issued()
    with pytest.raises(Refused):
        discarded(report)
    report.refresh_from_db()
    assert report.is_issued


def test_staff_of_another_street_discards_nothing() -> None:
    with pytest.raises(PermissionDenied):
        discard_report(draft(), WHY_NOT, actor=cast.jun())


def test_the_report_is_made_anew_as_the_same_version() -> None:
    first = discarded()
    second = requested()
    assert second.pk != first.pk
    assert (second.version, second.state, second.results) == (1, ReportState.COMPUTING, "")
    assert computed(second).state == ReportState.DRAFT


def test_a_discarded_correction_leaves_the_issued_version_standing() -> None:
    first = issued()
    discarded(actions.correct(first, "更正。", actor=cast.mei()))
    assert list(versions()) == [first]
    assert actions.correct(first, "再更正。", actor=cast.mei()).version == 2


def test_nothing_more_is_done_with_it() -> None:
    report = discarded()
    steps: list[Callable[[], object]] = [
        lambda: actions.write_words(report, **WORDS, seen=1, actor=cast.mei()),
        lambda: issue_report(report, actor=cast.mei()),
        lambda: actions.correct(report, "更正。", actor=cast.mei()),
        lambda: recompute_report(report, actor=cast.mei()),
    ]
    for step in steps:
        with pytest.raises(Refused):
            step()


def test_a_job_that_waits_for_it_ends_without_making_anything() -> None:
    report = discarded(requested())
    run(Job.objects.get().pk)
    report.refresh_from_db()
    assert (Job.objects.get().state, report.figures) == (JobState.DONE, None)


def test_a_job_at_work_on_it_ends_without_keeping_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    report = requested()

    def discard_meanwhile(one: AnnualReport) -> Figures:
        discarded(one)
        return changes.figures_now(one)

    monkeypatch.setattr(compute_job, "figures_now", discard_meanwhile)
    run(Job.objects.get().pk)
    report.refresh_from_db()
    assert (report.state, report.figures, Job.objects.get().state) == ("discarded", None, JobState.DONE)


def test_the_year_counts_as_not_begun() -> None:
    discarded()
    assert [(year.begun, year.missing) for year in overviews(cast.mei()) if year.year == 2025] == [(0, 1)]


def test_it_is_discarded_on_a_page_that_asks_why() -> None:
    report, client = draft(), client_of(cast.mei())
    address = reverse("reports:discard", args=[report.pk])
    assert address in client.get(reverse("reports:desk_detail", args=[report.pk])).text
    assert client.post(address, {"reason": ""}).status_code == 200
    assert client.post(address, {"reason": WHY_NOT}).status_code == 302
    page = client.get(reverse("reports:desk_detail", args=[report.pk])).text
    assert "This draft was discarded" in page
    assert WHY_NOT in page
    assert address not in page


# --- PostgreSQL itself ---


def test_a_discarded_draft_is_never_changed() -> None:
    report = discarded()
    for change in ("results = 'else'", "state = 'draft'", "state = 'issued'"):
        refused(
            "annual_report_discarded_is_final",
            f"UPDATE reports_annual_report SET {change} WHERE id = %s",
            report.pk,
        )


def test_an_issued_report_is_not_discarded() -> None:
    refused(
        "annual_report_issued_is_final",
        "UPDATE reports_annual_report SET state = 'discarded' WHERE id = %s",
        issued().pk,
    )


def test_numbers_of_discarded_drafts_are_given_again_and_no_others() -> None:
    discarded()
    report = requested()
    with connection.cursor() as cursor:
        cursor.execute("SELECT version, state FROM reports_annual_report ORDER BY id")
        assert cursor.fetchall() == [(1, "discarded"), (1, "computing")]
    refused(
        "annual_report_keeps_its_subject",
        "UPDATE reports_annual_report SET version = 2 WHERE id = %s",
        report.pk,
    )
