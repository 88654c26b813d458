"""``manage.py annual_reports YEAR [--fund CODE …] [--wait]``: calculate the reports of a year,
one job each.
"""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from charity_hub.jobs.models import JobState
from charity_hub.people.models import User
from charity_hub.reports.actions import request_reports
from charity_hub.reports.models import AnnualReport, ReportState
from charity_hub.reports.registry import builders

FUND = "fund"
# Seconds without progress before --wait says that no worker seems to run, and before it gives up.
SILENT = 8
GIVE_UP = 600
PAUSE = 0.5


pause = time.sleep


class Command(BaseCommand):
    help = "Queue the annual reports of a year; the same again queues only what is missing or has failed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument(
            "--fund", action="extend", nargs="+", default=[], metavar="CODE", help="Only these."
        )
        parser.add_argument(
            "--wait", action="store_true", help="Show the progress until all are made; fail if any did."
        )

    def handle(self, *_args: Any, year: int, fund: list[str], wait: bool, **_options: Any) -> None:
        everyone = User(is_superuser=True, is_active=True)
        reports: list[AnnualReport] = []
        refused: list[tuple[str, str]] = []
        for builder in builders():
            codes = [one.code for one in builder.subjects(everyone, year).order_by("code")]
            if fund:
                codes = fund if builder.kind == FUND else []
            batch = request_reports(builder.kind, codes, year, actor=None)
            reports += batch.reports
            refused += batch.refused
        for code, sentence in refused:
            self.stderr.write(f"{code}: {sentence}")
        waiting = sum(report.state == ReportState.COMPUTING for report in reports)
        self.stdout.write(
            _("%(count)s reports of %(year)s: %(waiting)s queued, %(there)s there already.")
            % {"count": len(reports), "year": year, "waiting": waiting, "there": len(reports) - waiting}
        )
        failed = self._wait(reports) if wait else []
        for report, error in failed:
            self.stderr.write(f"{report.subject_code}: {error}")
        if failed or (refused and fund):
            raise CommandError(
                _("%(failed)s of %(count)s reports were not created; the reasons are listed above.")
                % {"failed": len(failed) + len(refused), "count": len(reports) + len(refused)}
            )

    def _wait(self, reports: list[AnnualReport]) -> list[tuple[AnnualReport, str]]:
        """Show the progress until every report is finished or has failed; returns the failed ones with
        their reasons.
        """
        ids = [report.pk for report in reports]
        moved_at, before, told = time.monotonic(), None, False
        while True:
            now = list(
                AnnualReport.objects.filter(pk__in=ids)
                .select_related("job")
                .defer("figures")
                .order_by("subject_code")
            )
            failed = [one for one in now if _has_failed(one)]
            made = sum(one.state != ReportState.COMPUTING for one in now)
            state = (made, len(failed), sum(one.job.done for one in now if one.job))
            if state != before:
                self.stdout.write(_progress(made, len(failed), len(now)))
                moved_at, before = time.monotonic(), state
            if made + len(failed) == len(now):
                return [(one, one.job.error if one.job else "") for one in failed]
            silent = time.monotonic() - moved_at
            if silent > SILENT and not told:
                told = True
                self.stderr.write(
                    _(
                        "No progress: is a worker running? Start one (`make run` or `celery -A "
                        "config worker`); queued jobs are kept."
                    )
                )
            if silent > GIVE_UP:
                raise CommandError(
                    _("No progress for %(minutes)s minutes. Start a worker, then try again.")
                    % {"minutes": GIVE_UP // 60}
                )
            pause(PAUSE)


def _progress(made: int, failed: int, count: int) -> str:
    if failed:
        return _("%(made)s of %(count)s created, %(failed)s failed") % {
            "made": made,
            "count": count,
            "failed": failed,
        }
    return _("%(made)s of %(count)s created") % {"made": made, "count": count}


def _has_failed(report: AnnualReport) -> bool:
    return (
        report.state == ReportState.COMPUTING
        and report.job is not None
        and report.job.state == JobState.FAILED
    )
