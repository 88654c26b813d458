"""What is no move of an annual report: asking for one, correcting it, writing its words.

Each is one transaction, quiet when repeated, ``Refused`` from the wrong state.

``actor`` is staff of the subject's street; None where the portal itself acts (a command, a job).
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from charity_hub.documents import certificates
from charity_hub.errors import Refused
from charity_hub.jobs.actions import enqueue
from charity_hub.people.models import User
from charity_hub.reports.models import AnnualReport, ReportState
from charity_hub.reports.registry import Subject, builder_of
from charity_hub.reports.rules import refuse_discarded, require_writer
from charity_hub.workflow.actions import lock, record
from charity_hub.workflow.moves import Data

JOB_KIND = "annual_report"


class Batch(NamedTuple):
    """What a request for many reports came to. ``queued`` are those of ``reports`` that this very request
    queued; the others were there or under way already.
    """

    reports: list[AnnualReport]
    queued: list[AnnualReport]
    refused: list[tuple[str, str]]


def subject_for(kind: str, code: str, year: int) -> Subject:
    """The subject, if it can have a report of this year.

    Raises ``Refused`` for a code that nothing has, a year before the subject began or after it ended, a
    year to come.
    """
    try:
        subject = builder_of(kind).subject(code)
    except LookupError:
        raise Refused(
            _("There is nothing with the code %(code)s. Check the code.") % {"code": code}, "code"
        ) from None
    last = min(subject.last_year, timezone.localdate().year)
    if subject.first_year <= year <= last:
        return subject
    raise Refused(
        _("%(name)s has no report of %(year)s. Choose a year from %(first)s to %(last)s.")
        % {"name": subject.name, "year": year, "first": subject.first_year, "last": last},
        "year",
    )


def request_report(kind: str, code: str, year: int, *, actor: User | None) -> AnnualReport:
    """Have the report of a year made, as a job; the same again returns the version that is there, quietly.

    That is the open version or, when none is open, the latest issued one (``correct`` begins a new version).
    A version whose computing failed is queued again. Raises ``Refused``, see ``subject_for``.
    """
    report, _queued = _request(kind, code, year, actor=actor)
    return report


@transaction.atomic
def _request(kind: str, code: str, year: int, *, actor: User | None) -> tuple[AnnualReport, bool]:
    """The version that answers a request, and whether this request queued it."""
    subject = subject_for(kind, code, year)
    require_writer(actor, subject.region_id)
    while (report := _newest(kind, code, year)) is None:
        _begin(subject, kind, year, version=1, actor=actor)
    return report, report.state == ReportState.COMPUTING and _queue(report, actor=actor)


def request_reports(kind: str, codes: Iterable[str], year: int, *, actor: User | None) -> Batch:
    """Have many reports made, one job each; what cannot be made is told apart, with the reason,
    and stops nothing.
    """
    batch = Batch([], [], [])
    for code in codes:
        try:
            report, queued = _request(kind, code, year, actor=actor)
        except Refused as refused:
            batch.refused.append((code, str(refused)))
            continue
        batch.reports.append(report)
        if queued:
            batch.queued.append(report)
    return batch


@transaction.atomic
def correct(report: AnnualReport, reason: str, *, actor: User | None) -> AnnualReport:
    """Begin a new version of an issued report; ``reason`` tells the public what is corrected and why.

    The issued version stays as it is. The words are taken over; the figures are computed anew. The same
    again returns the version that is open. Raises ``Refused`` for a report that is not issued, or without a
    reason.
    """
    locked = lock(report)
    require_writer(actor, locked.region_id)
    refuse_discarded(locked)
    newest = AnnualReport.objects.of(report.subject_kind, report.subject_code, report.year)[0]
    if not newest.is_issued and newest.version > 1:
        return newest
    if not newest.is_issued:
        raise Refused(_("This report is not issued yet: change the draft instead of correcting it."))
    if not (note := reason.strip()):
        raise Refused(_("State what is corrected and why: the note is printed in the new version."), "reason")
    subject = subject_for(report.subject_kind, report.subject_code, report.year)
    words = {name: getattr(newest, name) for name in ("results", "problems", "next_plan")}
    version = newest.version + 1
    _begin(subject, report.subject_kind, report.year, version=version, note=note, actor=actor, **words)
    opened = _newest(report.subject_kind, report.subject_code, report.year)
    if opened is None or opened.is_issued:
        # Somebody else began the same version, and discarded it in this very moment.
        return correct(report, reason, actor=actor)
    _queue(opened, actor=actor)
    return opened


@transaction.atomic
def write_words(
    report: AnnualReport, *, results: str, problems: str, next_plan: str, seen: int, actor: User
) -> AnnualReport:
    """Save the street's words in an open version. ``seen`` is the ``words_version`` that the writer started
    from.

    Raises ``Refused`` when somebody else has saved since, or the report is issued.
    """
    locked = lock(report)
    require_writer(actor, locked.region_id)
    refuse_discarded(locked)
    words = {"results": results.strip(), "problems": problems.strip(), "next_plan": next_plan.strip()}
    if locked.is_issued:
        raise Refused(_("This report is issued and cannot be changed. Begin a correction instead."))
    if all(getattr(locked, name) == text for name, text in words.items()):
        return locked
    if locked.words_version != seen:
        raise Refused(
            _(
                "%(name)s saved this narrative while you were writing. Open the page in a second "
                "tab, compare, and save again."
            )
            % {"name": locked.words_by or _("Somebody else")}
        )
    for name, text in words.items():
        setattr(locked, name, text)
    locked.words_version += 1
    locked.words_by, locked.words_at = actor, timezone.now()
    locked.save(update_fields=[*words, "words_version", "words_by", "words_at"])
    return locked


def _newest(kind: str, code: str, year: int) -> AnnualReport | None:
    """The newest version, locked; one that is being discarded is waited for and does not count."""
    versions = AnnualReport.objects.of(kind, code, year)
    return versions.select_for_update(of=("self",), no_key=True).first()


def _begin(
    subject: Subject, kind: str, year: int, *, version: int, actor: User | None, note: str = "", **words: str
) -> None:
    """Insert a version, or leave it to whoever inserts the same in this moment."""
    made = AnnualReport(
        subject_kind=kind,
        subject_code=subject.code,
        subject_name=subject.name,
        region_id=subject.region_id,
        year=year,
        version=version,
        correction_note=note,
        requested_by=actor,
        **words,
    )
    AnnualReport.objects.bulk_create([made], ignore_conflicts=True)
    mine = AnnualReport.objects.of(kind, subject.code, year).filter(version=version, job=None).first()
    if mine is not None:
        record(mine, "", ReportState.COMPUTING, actor=actor, why=note)


def compute_later(report: AnnualReport, actor: User, _data: Data) -> None:
    """Have a job compute the figures of a locked version."""
    _queue(report, actor=actor)


def _queue(report: AnnualReport, *, actor: User | None) -> bool:
    """Queue the computing of a version; False when it was queued before and is still at it."""
    job = enqueue(JOB_KIND, key=f"{JOB_KIND}:{report.pk}", arguments={"report": report.pk}, actor=actor)
    if report.job_id == job.pk:
        return False
    report.job = job
    report.save(update_fields=["job"])
    return True


def replace_earlier(report: AnnualReport) -> None:
    """Mark the certificates of the versions before this one as replaced."""
    versions = AnnualReport.objects.of(report.subject_kind, report.subject_code, report.year).issued()
    for earlier in versions.filter(version__lt=report.version).select_related("certificate"):
        if earlier.certificate is not None:
            with override(settings.LANGUAGE_CODE):
                why = _("Replaced by version %(version)s.") % {"version": report.version}
            certificates.revoke(earlier.certificate, why)
