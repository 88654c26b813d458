"""Computing figures: one look at the books for all of them, and the job that does it."""

from charity_hub.jobs.actions import progress
from charity_hub.jobs.models import Job
from charity_hub.reports.actions import keep_figures
from charity_hub.reports.changes import figures_now
from charity_hub.reports.models import AnnualReport, ReportState
from charity_hub.reports.printing import print_report

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
