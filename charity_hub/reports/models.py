from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charity_hub.guards import Kept, ReadOnly
from charity_hub.people.models import User

if TYPE_CHECKING:
    from charity_hub.reports.registry import Builder

PERSON = settings.AUTH_USER_MODEL


class ReportState(models.TextChoices):
    COMPUTING = "computing", _("Being calculated")
    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued")
    DISCARDED = "discarded", _("Discarded")


OPEN = (ReportState.COMPUTING, ReportState.DRAFT)


class AnnualReportQuerySet(models.QuerySet["AnnualReport"]):
    def issued(self) -> "AnnualReportQuerySet":
        return self.filter(state=ReportState.ISSUED)

    def replaced(self) -> "AnnualReportQuerySet":
        """Issued versions that a later one took the place of: their certificates say so."""
        return self.issued().filter(certificate__revoked_at__isnull=False)

    def open(self) -> "AnnualReportQuerySet":
        """Versions that are still being computed or written; at most one a subject and year."""
        return self.filter(state__in=OPEN)

    def not_discarded(self) -> "AnnualReportQuerySet":
        """Everything but discarded drafts."""
        return self.exclude(state=ReportState.DISCARDED)

    def of(self, kind: str, code: str, year: int) -> "AnnualReportQuerySet":
        """All versions of one subject's report of one year but discarded ones, newest first."""
        reports = self.not_discarded().filter(subject_kind=kind, subject_code=code, year=year)
        return reports.order_by("-version")

    def latest_issued(self) -> "AnnualReportQuerySet":
        """The issued version that stands, of each subject and year: what the public reads."""
        newer = AnnualReport.objects.issued().filter(
            subject_kind=models.OuterRef("subject_kind"),
            subject_code=models.OuterRef("subject_code"),
            year=models.OuterRef("year"),
            version__gt=models.OuterRef("version"),
        )
        return self.issued().filter(~models.Exists(newer))

    def in_scope_of(self, user: User | AnonymousUser) -> "AnnualReportQuerySet":
        """Reports on the subjects that ``user`` may read on the desk."""
        from charity_hub.reports.registry import builders

        condition = Q(pk__in=[])
        for builder in builders():
            codes = builder.subjects(user, None).values("code")
            condition |= Q(subject_kind=builder.kind, subject_code__in=codes)
        return self.filter(condition)


class AnnualReport(models.Model):
    """One version of the annual report of one subject (a fund, by its code).

    ``figures`` are what its builder computed, frozen: dicts and lists of strings and integers only.
    ``figures_hash`` is the SHA-256 of their canonical JSON (``charity_hub.reports.frozen_figures``).
    ``issue_facts`` is everything else that the pages print; with figures and words it makes them again bit
    for bit.
    """

    subject_kind = models.CharField(_("kind of subject"), max_length=20)
    subject_code = models.CharField(_("code"), max_length=40)
    subject_name = models.CharField(_("name"), max_length=120)
    region = models.ForeignKey("charity_hub.Region", models.PROTECT, verbose_name=_("region"))
    year = models.PositiveSmallIntegerField(_("year"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    state = models.CharField(
        _("state"), max_length=10, choices=ReportState.choices, default=ReportState.COMPUTING
    )
    job = models.ForeignKey("charity_hub.Job", models.PROTECT, null=True, blank=True, related_name="+")
    figures = models.JSONField(_("figures"), null=True, blank=True)
    figures_hash = models.CharField(_("hash of the figures"), max_length=64, blank=True)
    computed_at = models.DateTimeField(_("calculated"), null=True, blank=True)
    results = models.TextField(_("results"), blank=True)
    problems = models.TextField(_("problems"), blank=True)
    next_plan = models.TextField(_("plan for next year"), blank=True)
    # Counts the savings of the words, so that two people who write at once notice each other.
    words_version = models.PositiveIntegerField(default=0)
    words_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("narrative by")
    )
    words_at = models.DateTimeField(_("narrative saved"), null=True, blank=True)
    correction_note = models.TextField(_("what is corrected and why"), blank=True)
    certificate = models.ForeignKey(
        "charity_hub.Certificate", models.PROTECT, null=True, blank=True, related_name="+"
    )
    pdf = models.ForeignKey(
        "charity_hub.Document", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("PDF")
    )
    pdf_hash = models.CharField(_("hash of the PDF"), max_length=64, blank=True)
    issue_facts = models.JSONField(_("facts of the issue"), null=True, blank=True)
    requested_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("requested by")
    )
    requested_at = models.DateTimeField(_("requested"), auto_now_add=True)
    issued_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("issued by")
    )
    issued_at = models.DateTimeField(_("issued"), null=True, blank=True)

    objects: ClassVar[AnnualReportQuerySet] = AnnualReportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "reports_annual_report"
        verbose_name = _("annual report")
        verbose_name_plural = _("annual reports")
        ordering = ["-year", "subject_code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_code", "year", "version"],
                condition=~Q(state="discarded"),
                name="annual_report_version_once",
            ),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_code", "year"],
                condition=Q(state__in=["computing", "draft"]),
                name="annual_report_one_open_version",
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(correction_note=""), name="annual_report_correction_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["computing", "discarded"])
                | (Q(figures__isnull=False) & ~Q(figures_hash="")),
                name="annual_report_draft_has_figures",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued")
                | (
                    Q(certificate__isnull=False, pdf__isnull=False, issue_facts__isnull=False)
                    & Q(issued_by__isnull=False, issued_at__isnull=False)
                    & ~Q(pdf_hash="")
                ),
                name="annual_report_issued_with_pdf_and_certificate",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued") | ~(Q(results="") | Q(problems="") | Q(next_plan="")),
                name="annual_report_issued_with_words",
            ),
        ]
        triggers = [
            Kept("annual_report_is_never_removed"),
            ReadOnly("annual_report_issued_is_final", unless="OLD.state <> 'issued'"),
            ReadOnly("annual_report_discarded_is_final", unless="OLD.state <> 'discarded'"),
            ReadOnly(
                "annual_report_keeps_its_subject",
                fields=["id", "subject_kind", "subject_code", "year", "version", "correction_note"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_name} {self.year} v{self.version}"

    def get_absolute_url(self) -> str:
        return reverse(
            "reports:version", args=[self.subject_kind, self.subject_code, self.year, self.version]
        )

    @property
    def builder(self) -> "Builder":
        from charity_hub.reports.registry import builder_of

        return builder_of(self.subject_kind)

    @property
    def is_issued(self) -> bool:
        return self.state == ReportState.ISSUED

    @property
    def is_replaced(self) -> bool:
        """Whether it was issued and a later version took its place."""
        return self.certificate is not None and self.certificate.revoked_at is not None

    @property
    def is_open(self) -> bool:
        """Whether it is being computed or written: neither issued nor discarded."""
        return self.state in OPEN

    @property
    def year_is_over(self) -> bool:
        """Whether the report's year has ended (Asia/Shanghai): before that it cannot be issued."""
        return self.year < timezone.localdate().year

    @property
    def deadline(self) -> date:
        """The last day to issue it: 31 May of the year after (order 81)."""
        return deadline_of(self.year)

    @property
    def has_words(self) -> bool:
        return bool(self.results.strip() and self.problems.strip() and self.next_plan.strip())


def deadline_of(year: int) -> date:
    """Annual reports are due by 31 May of the year after."""
    return date(year + 1, 5, 31)
