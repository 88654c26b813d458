"""The job that computes a report's figures, all from one look at the books."""

from django.db import transaction
from django.urls import reverse

from charity_hub.jobs.actions import progress
from charity_hub.jobs.models import Job
from charity_hub.notices.actions import notify
from charity_hub.reports.changes import figures_now
from charity_hub.reports.frozen_figures import Figures
from charity_hub.reports.models import AnnualReport, ReportState
from charity_hub.reports.printing import print_report
from charity_hub.reports.workflow import freeze_figures
from charity_hub.workflow.actions import lock

STEPS = 3


def compute_report(job: Job) -> None:
    """The job of one report: compute, freeze, print once to see that the pages can be made. May run twice.

    Of a draft that is discarded before or meanwhile nothing is made, and the job is done.
    """
    report = AnnualReport.objects.get(pk=job.arguments["report"])
    if report.state == ReportState.COMPUTING:
        progress(job, 0, STEPS)
        figures = figures_now(report)
        progress(job, 1, STEPS)
        keep_figures(report, figures)
    progress(job, 2, STEPS)
    report = AnnualReport.objects.get(pk=report.pk)
    if report.figures and report.state != ReportState.DISCARDED:
        print_report(report)
    progress(job, STEPS, STEPS)


@transaction.atomic
def keep_figures(report: AnnualReport, figures: Figures) -> bool:
    """Freeze computed figures into a version that waits for them; False when it no longer does."""
    locked = lock(report)
    return freeze_figures.possible(locked) and freeze_figures(locked, actor=None, figures=figures)


def result_of(job: Job) -> str:
    """The page of the version that a job computes."""
    return reverse("reports:desk_detail", args=[job.arguments["report"]])


def tell_failure(job: Job) -> None:
    """Tell whoever asked for it that the figures could not be computed, and why."""
    if job.requested_by:
        report = AnnualReport.objects.defer("figures").get(pk=job.arguments["report"])
        notify(
            "report_failed",
            [job.requested_by],
            key=f"report_failed:{job.pk}:{job.finished_at}",
            url=result_of(job),
            report=f"{report.subject_name} {report.year}",
            reason=job.error,
        )
