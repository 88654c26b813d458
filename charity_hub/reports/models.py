from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportState(models.TextChoices):
    COMPUTING = "computing", _("Being computed")
    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued")


class AnnualReport(models.Model):
    """One version of the annual report of one subject (a fund, by its code)."""

    subject_kind = models.CharField(_("kind of subject"), max_length=20)
    subject_code = models.CharField(_("subject"), max_length=40)
    subject_name = models.CharField(_("name"), max_length=120)
    region = models.ForeignKey("charity_hub.Region", models.PROTECT, verbose_name=_("region"))
    year = models.PositiveSmallIntegerField(_("year"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    state = models.CharField(
        _("state"), max_length=10, choices=ReportState.choices, default=ReportState.COMPUTING
    )
    job = models.ForeignKey("charity_hub.Job", models.SET_NULL, null=True, blank=True, related_name="+")
    figures = models.JSONField(_("figures"), null=True, blank=True)
    figures_hash = models.CharField(_("hash of the figures"), max_length=64, blank=True)
    computed_at = models.DateTimeField(_("computed"), null=True, blank=True)
    results = models.TextField(_("results"), blank=True)
    problems = models.TextField(_("problems"), blank=True)
    next_plan = models.TextField(_("plan for next year"), blank=True)
    correction_note = models.TextField(_("what is corrected and why"), blank=True)
    certificate = models.ForeignKey(
        "charity_hub.Certificate", models.PROTECT, null=True, blank=True, related_name="+"
    )
    pdf = models.ForeignKey(
        "charity_hub.Document", models.PROTECT, null=True, blank=True, related_name="+"
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    issued_at = models.DateTimeField(_("issued"), null=True, blank=True)

    class Meta:
        db_table = "reports_annual_report"
        verbose_name = _("annual report")
        verbose_name_plural = _("annual reports")
        ordering = ["-year", "subject_code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_code", "year", "version"],
                name="annual_report_version_once",
            ),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_code", "year"],
                condition=~models.Q(state="issued"),
                name="annual_report_one_open_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_name} {self.year} v{self.version}"
