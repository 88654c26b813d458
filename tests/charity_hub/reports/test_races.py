"""The same report asked for, corrected and issued at once, by real threads on real PostgreSQL."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction

from charity_hub.documents.models import Certificate, Document
from charity_hub.errors import Refused
from charity_hub.jobs import tasks
from charity_hub.jobs.models import Job
from charity_hub.reports import actions, printing, workflow
from charity_hub.reports.models import AnnualReport, ReportState
from charity_hub.reports.workflow import discard_report
from charity_hub.workflow.actions import history
from donations.money.models import Gift
from funds.agreement.workflow import agree_version
from funds.profile.agreement_models import VersionState
from funds.profile.models import Fund
from tests import cast
from tests.builders import agreement_version, gift, station
from tests.charity_hub.ledger.test_races import somebody_waits
from tests.charity_hub.reports.scenes import (
    YEAR,
    computed,
    draft,
    fund_of_2024,
    issue,
    issued,
    versions,
    written,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.time_machine("2026-03-05 10:00+08:00")]


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda *_args, **_options: None)


def at_once(count: int, target: Callable[[], object]) -> list[object]:
    """What ``count`` threads that start together come back with."""
    return side_by_side(*[target] * count)


def side_by_side(*targets: Callable[[], object]) -> list[object]:
    """What threads that start together come back with, in the order given."""
    start, results = threading.Barrier(len(targets)), dict[int, object]()

    def one(place: int) -> None:
        try:
            start.wait()
            results[place] = targets[place]()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(place,)) for place in range(len(targets))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[place] for place in range(len(targets))]


def test_twenty_requests_open_one_version() -> None:
    fund_of_2024()
    results = at_once(20, lambda: actions.request_report("fund", cast.FUND_CODE, YEAR, actor=None).pk)
    assert len(results) == 20
    assert set(results) == {versions().get().pk}
    assert Job.objects.filter(kind="annual_report").count() == 1
    assert history(versions().get()).count() == 1


def test_a_request_waits_for_the_only_draft_to_be_discarded_and_begins_anew() -> None:
    report, mei, discarded = draft(), cast.mei(), threading.Barrier(2)

    def discard() -> object:
        with transaction.atomic():
            discard_report(report, "年份选错了。", actor=mei)
            discarded.wait()
            return somebody_waits()

    def request() -> object:
        discarded.wait()
        return actions.request_report("fund", cast.FUND_CODE, YEAR, actor=mei)

    waited, made = side_by_side(discard, request)
    assert waited
    assert isinstance(made, AnnualReport)
    assert (made.state, made.pk) == (ReportState.COMPUTING, versions().get().pk)
    assert made.pk != report.pk


def test_a_correction_that_somebody_else_begins_and_discards_meanwhile_is_begun_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Asked for from an older version, the other correction holds another row: the two do not wait."""
    first, mei, begin = issued(), cast.mei(), actions._begin
    second = issue(computed(actions.correct(first, "更正。", actor=mei)))

    def begin_second_to_somebody_else(*arguments: Any, **named: Any) -> None:
        monkeypatch.setattr(actions, "_begin", begin)
        (other,) = side_by_side(lambda: actions.correct(first, "他人的更正。", actor=mei))
        assert isinstance(other, AnnualReport)
        begin(*arguments, **named)
        side_by_side(lambda: discard_report(other, "重复。", actor=mei))

    monkeypatch.setattr(actions, "_begin", begin_second_to_somebody_else)
    opened = actions.correct(second, "再更正。", actor=mei)
    assert (opened.version, opened.state, opened.correction_note) == (3, ReportState.COMPUTING, "再更正。")
    assert list(versions()) == [opened, second, first]


def test_twenty_corrections_open_one_version() -> None:
    report = issued()
    results = at_once(20, lambda: actions.correct(report, "更正。", actor=None).version)
    assert results == [2] * 20
    assert versions().count() == 2


def test_eight_issues_print_one_pdf() -> None:
    report, mei = written(), cast.mei()
    results = at_once(8, lambda: issue(report, mei).pdf_id)
    assert results == [versions().get().pdf_id] * 8
    assert Document.objects.count() == Certificate.objects.count() == 1


def test_a_gift_under_way_is_waited_for_and_the_issue_refused() -> None:
    """Posted before the comparison, committed after it: without the book's lock it would slip through."""
    report, mei = written(), cast.mei()
    posted = threading.Barrier(2)

    def give() -> object:
        with transaction.atomic():
            gift(given_on=date(YEAR, 5, 1))
            posted.wait()
            return somebody_waits()

    def issue_it() -> object:
        posted.wait()
        return issue(report, mei)

    cast.wen()
    station()
    waited, refused = side_by_side(give, issue_it)
    assert waited
    assert isinstance(refused, Refused)
    assert versions().get().state == ReportState.DRAFT


def test_a_version_being_agreed_on_is_waited_for_and_the_issue_refused() -> None:
    report, mei, ping = written(), cast.mei(), cast.ping()
    december = date(YEAR, 12, 1)
    fund = Fund.objects.get(code=cast.FUND_CODE)
    version = agreement_version(fund, valid_from=december, signed_on=december, state=VersionState.PROPOSED)
    agreed = threading.Barrier(2)

    def agree() -> object:
        with transaction.atomic():
            agree_version(version, actor=ping)
            agreed.wait()
            return somebody_waits()

    def issue_it() -> object:
        agreed.wait()
        return issue(report, mei)

    waited, refused = side_by_side(agree, issue_it)
    assert waited
    assert isinstance(refused, Refused)
    assert versions().get().state == ReportState.DRAFT


def test_a_gift_after_the_comparison_waits_until_the_report_is_issued(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    report, mei, compared = written(), cast.mei(), threading.Barrier(2)
    cast.wen()
    station()
    printed = printing.print_report

    def print_slowly(one: AnnualReport) -> bytes:
        compared.wait()
        waiting.append(somebody_waits())
        return printed(one)

    def give() -> object:
        compared.wait()
        return gift(given_on=date(YEAR, 5, 1))

    waiting: list[bool] = []
    monkeypatch.setattr(workflow, "print_report", print_slowly)
    issued_now, given = side_by_side(lambda: issue(report, mei), give)
    assert waiting == [True]
    assert isinstance(issued_now, AnnualReport)
    assert isinstance(given, Gift)
