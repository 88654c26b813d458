"""The same report asked for, corrected and issued at once, by real threads on real PostgreSQL."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from charity_hub.documents.models import Certificate, Document
from charity_hub.jobs import tasks
from charity_hub.jobs.models import Job
from charity_hub.reports import actions
from charity_hub.workflow.actions import history
from tests import cast
from tests.charity_hub.reports.scenes import YEAR, fund_of_2024, issued, versions, written

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.time_machine("2026-03-05 10:00+08:00")]


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda *_args, **_options: None)


def at_once(count: int, target: Callable[[], object]) -> list[object]:
    """What ``count`` threads that start together come back with."""
    start, results = threading.Barrier(count), []

    def one() -> None:
        try:
            start.wait()
            results.append(target())
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_twenty_requests_open_one_version() -> None:
    fund_of_2024()
    results = at_once(20, lambda: actions.request_report("fund", cast.FUND_CODE, YEAR, actor=None).pk)
    assert len(results) == 20
    assert set(results) == {versions().get().pk}
    assert Job.objects.filter(kind="annual_report").count() == 1
    assert history(versions().get()).count() == 1


def test_twenty_corrections_open_one_version() -> None:
    report = issued()
    results = at_once(20, lambda: actions.correct(report, "更正。", actor=None).version)
    assert results == [2] * 20
    assert versions().count() == 2


def test_eight_issues_print_one_pdf() -> None:
    report, mei = written(), cast.mei()
    results = at_once(8, lambda: actions.issue(report, actor=mei).pdf_id)
    assert results == [versions().get().pdf_id] * 8
    assert Document.objects.count() == Certificate.objects.count() == 1
