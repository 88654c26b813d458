"""A real Celery worker, killed half-way through many reports, and another one that finishes them."""

from contextlib import closing
from datetime import date

import pytest
from django.db import connection, connections

from charity_hub.jobs.models import Job
from charity_hub.reports import actions
from charity_hub.reports.changes import books_differ
from charity_hub.reports.models import AnnualReport, ReportState
from tests.builders import active_fund
from tests.charity_hub.jobs.test_celery import worker

pytestmark = [
    pytest.mark.celery,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("celery"),
]
FUNDS = 5
PATIENCE = 600


def wait_until(sql: str) -> None:
    """Ask PostgreSQL again and again until it says yes; it does the waiting."""
    for _try in range(PATIENCE):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT coalesce(({sql}), false), pg_sleep(0.05)")
            if cursor.fetchone()[0]:
                return
    raise AssertionError(f"still not: {sql}")


def test_a_worker_killed_half_way_ends_with_the_same_reports_none_twice() -> None:
    day = date(2024, 6, 3)
    funds = [
        active_fund(
            f"JJ-440605011-{number:02}", on=day, signed_on=day, starts_on=day, name=f"示例基金{number}"
        )
        for number in range(1, FUNDS + 1)
    ]
    reports = actions.request_reports("fund", [fund.code for fund in funds], 2025, actor=None).reports
    with closing(connections.create_connection("default")) as held:
        held.set_autocommit(False)
        with held.cursor() as cursor:
            cursor.execute("SELECT id FROM reports_annual_report WHERE id = %s FOR UPDATE", [reports[2].pk])
        with worker() as first:
            wait_until("SELECT count(*) > 0 FROM pg_locks WHERE NOT granted")
            first.kill()
            first.wait()
    begun = AnnualReport.objects.get(pk=reports[2].pk)
    assert begun.state == ReportState.COMPUTING, "the worker died in the middle of it"
    with worker():
        wait_until("SELECT count(*) = 0 FROM jobs_job WHERE state IN ('queued', 'running')")
    made = AnnualReport.objects.order_by("subject_code")
    assert [(report.subject_code, report.version, report.state) for report in made] == [
        (fund.code, 1, ReportState.DRAFT) for fund in funds
    ]
    assert not any(books_differ(report) for report in made)
    assert Job.objects.filter(kind="annual_report").count() == FUNDS
