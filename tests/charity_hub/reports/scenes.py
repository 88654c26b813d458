"""What the tests of annual reports start from: a small kind of subject, and versions in each state."""

from datetime import date

from django.db.models import QuerySet

from charity_hub.jobs.models import Job
from charity_hub.people.models import User
from charity_hub.reports import actions
from charity_hub.reports.compute_job import compute_report
from charity_hub.reports.models import AnnualReport
from charity_hub.reports.workflow import discard_report, issue_report, recompute_report
from funds.profile.models import Fund
from tests import cast
from tests.builders import active_fund

YEAR = 2025
WHY_NOT = "年份选错了。"
WORDS = {"results": "完成居家安全改造。", "problems": "没有发现问题。", "next_plan": "继续改造。"}


def fund_of_2024(code: str = cast.FUND_CODE) -> Fund:
    return active_fund(code, on=date(2024, 6, 3), signed_on=date(2024, 5, 20), starts_on=date(2024, 6, 1))


def requested(year: int = YEAR, *, actor: User | None = None, fund: Fund | None = None) -> AnnualReport:
    fund = fund or fund_of_2024()
    return actions.request_report("fund", fund.code, year, actor=actor or cast.mei())


def draft(year: int = YEAR, *, actor: User | None = None, fund: Fund | None = None) -> AnnualReport:
    """A version whose figures are there."""
    return computed(requested(year, actor=actor, fund=fund))


def computed(report: AnnualReport) -> AnnualReport:
    """What the worker makes of a version that waits for its figures."""
    job = Job.objects.get(pk=report.job_id or 0)
    Job.objects.filter(pk=job.pk).update(state="running", attempts=1)
    job.refresh_from_db()
    compute_report(job)
    Job.objects.filter(pk=job.pk).update(state="done")
    report.refresh_from_db()
    return report


def written(year: int = YEAR, *, actor: User | None = None, fund: Fund | None = None) -> AnnualReport:
    """A draft with the street's words."""
    return actions.write_words(draft(year, actor=actor, fund=fund), **WORDS, seen=0, actor=cast.mei())


def issued(year: int = YEAR, *, actor: User | None = None, fund: Fund | None = None) -> AnnualReport:
    return issue(written(year, actor=actor, fund=fund))


def issue(report: AnnualReport, actor: User | None = None) -> AnnualReport:
    """The report as it is after somebody, mei unless named, issued it."""
    issue_report(report, actor=actor or cast.mei())
    return AnnualReport.objects.get(pk=report.pk)


def recomputing(report: AnnualReport) -> AnnualReport:
    recompute_report(report, actor=cast.mei())
    return AnnualReport.objects.get(pk=report.pk)


def discarded(report: AnnualReport | None = None) -> AnnualReport:
    report = report or written()
    discard_report(report, WHY_NOT, actor=cast.mei())
    return AnnualReport.objects.get(pk=report.pk)


def versions(year: int = YEAR) -> QuerySet[AnnualReport]:
    return AnnualReport.objects.of("fund", cast.FUND_CODE, year)
