"""The verbs of an annual report. Each is one transaction, quiet when repeated,
``Refused`` from the wrong state.

``actor`` is staff of the subject's street; None where the portal itself acts (a command, a job).
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from charity_hub.documents import certificates
from charity_hub.documents.uploads import store_made
from charity_hub.errors import Refused
from charity_hub.jobs.actions import enqueue
from charity_hub.money import yuan
from charity_hub.people.models import User
from charity_hub.reports.frozen_figures import Figures, digest
from charity_hub.reports.models import REPORT_FLOW, AnnualReport, ReportState
from charity_hub.reports.printing import facts_of_issue, file_name, print_report, sha256
from charity_hub.reports.registry import Subject, builder_of
from charity_hub.reports.rules import refuse_discarded, refuse_outdated, refuse_unfinished, require_writer
from charity_hub.workflow.actions import lock, move, record

JOB_KIND = "annual_report"
CERTIFICATE_KIND = "annual_report"


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
def correct(report: AnnualReport, note: str, *, actor: User | None) -> AnnualReport:
    """Begin a new version of an issued report; ``note`` tells the public what is corrected and why.

    The issued version stays as it is. The words are taken over; the figures are computed anew. The same
    again returns
    the version that is open. Raises ``Refused`` for a report that is not issued, or without a note.
    """
    locked = lock(report)
    require_writer(actor, locked.region_id)
    refuse_discarded(locked)
    newest = AnnualReport.objects.of(report.subject_kind, report.subject_code, report.year)[0]
    if not newest.is_issued and newest.version > 1:
        return newest
    if not newest.is_issued:
        raise Refused(_("This report is not issued yet: change the draft instead of correcting it."))
    if not note.strip():
        raise Refused(_("State what is corrected and why: the note is printed in the new version."), "note")
    subject = subject_for(report.subject_kind, report.subject_code, report.year)
    words = {name: getattr(newest, name) for name in ("results", "problems", "next_plan")}
    version = newest.version + 1
    _begin(
        subject, report.subject_kind, report.year, version=version, note=note.strip(), actor=actor, **words
    )
    opened = _newest(report.subject_kind, report.subject_code, report.year)
    if opened is None or opened.is_issued:
        # Somebody else began the same version, and discarded it in this very moment.
        return correct(report, note, actor=actor)
    _queue(opened, actor=actor)
    return opened


@transaction.atomic
def keep_figures(report: AnnualReport, figures: Figures) -> bool:
    """Freeze computed figures into a version that waits for them; False when it no longer does."""
    locked = lock(report)
    if locked.state != ReportState.COMPUTING:
        return False
    changes: dict[str, Any] = {
        "figures": figures,
        "figures_hash": digest(figures),
        "computed_at": timezone.now(),
    }
    return move(locked, ReportState.DRAFT, REPORT_FLOW, actor=None, **changes)


@transaction.atomic
def recompute(report: AnnualReport, *, actor: User | None) -> AnnualReport:
    """Compute a draft's figures anew from the books as they are now.
    Raises ``Refused`` for an issued report.
    """
    locked = lock(report)
    require_writer(actor, locked.region_id)
    with override(settings.LANGUAGE_CODE):
        why = _("Figures to be recalculated")
    move(locked, ReportState.COMPUTING, REPORT_FLOW, actor=actor, why=why)
    _queue(locked, actor=actor)
    return locked


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


@transaction.atomic
def discard(report: AnnualReport, reason: str, *, actor: User) -> AnnualReport:
    """Take an open version away for good; its row stays, with the reason, and its number is free again.

    A job at work on it ends without making anything. Again, it is quiet. Raises ``Refused`` for an issued
    report, or without a reason.
    """
    locked = lock(report)
    require_writer(actor, locked.region_id)
    if locked.is_issued:
        raise Refused(_("This report is issued and cannot be changed. Begin a correction instead."))
    if locked.is_open and not reason.strip():
        raise Refused(_("State why the draft is discarded: the reason stays in its history."), "reason")
    move(locked, ReportState.DISCARDED, REPORT_FLOW, actor=actor, why=reason.strip())
    return locked


@transaction.atomic
def issue(report: AnnualReport, *, actor: User, close_year: bool = False) -> AnnualReport:
    """Issue a draft: its pages are printed from the frozen figures and stored, its code answers from now on.

    Issuing again is quiet. Earlier versions stay readable; their codes say that they were replaced. Nobody
    posts into the subject's books between the last look at them and the issue. With ``close_year`` its books
    are closed through the year in the same step, where its kind has books to close.
    Raises ``Refused`` while the year lasts, without words, or when the books have changed since the figures
    were frozen.
    """
    locked = lock(report)
    require_writer(actor, locked.region_id)
    if locked.is_issued:
        return locked
    refuse_discarded(locked)
    refuse_unfinished(locked)
    refuse_outdated(locked)
    locked.issued_at, locked.issued_by = timezone.now(), actor
    locked.certificate = certificates.issue(CERTIFICATE_KIND, locked, _certified(locked))
    locked.issue_facts = facts_of_issue(locked)
    pages = print_report(locked)
    changes: dict[str, Any] = {
        "issued_at": locked.issued_at,
        "issued_by": actor,
        "certificate": locked.certificate,
        "issue_facts": locked.issue_facts,
        "pdf": store_made(file_name(locked), pages, "application/pdf", owner=locked, actor=actor),
        "pdf_hash": sha256(pages),
    }
    move(locked, ReportState.ISSUED, REPORT_FLOW, actor=actor, why=locked.correction_note, **changes)
    _replace_earlier(locked)
    closing = locked.builder.closing
    if close_year and closing:
        closing.close(locked.subject_code, locked.year, actor)
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


def _queue(report: AnnualReport, *, actor: User | None) -> bool:
    """Queue the computing of a version; False when it was queued before and is still at it."""
    job = enqueue(JOB_KIND, key=f"{JOB_KIND}:{report.pk}", arguments={"report": report.pk}, actor=actor)
    if report.job_id == job.pk:
        return False
    report.job = job
    report.save(update_fields=["job"])
    return True


def _certified(report: AnnualReport) -> dict[str, object]:
    totals = report.figures["books"]["totals"] if report.figures else {}
    return {
        "subject": report.subject_name,
        "code": report.subject_code,
        "year": report.year,
        "version": report.version,
        "issued_on": timezone.localdate(report.issued_at).isoformat(),
        "figures_hash": report.figures_hash,
        "address": report.get_absolute_url(),
        **{name: yuan(totals[name]) for name in ("opening", "in", "out", "closing")},
    }


def _replace_earlier(report: AnnualReport) -> None:
    versions = AnnualReport.objects.of(report.subject_kind, report.subject_code, report.year).issued()
    for earlier in versions.filter(version__lt=report.version).select_related("certificate"):
        if earlier.certificate is not None:
            with override(settings.LANGUAGE_CODE):
                why = _("Replaced by version %(version)s.") % {"version": report.version}
            certificates.revoke(earlier.certificate, why)
