from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class RegisterState(models.TextChoices):
    UPLOADED = "uploaded", _("Columns to confirm")
    CHECKED = "checked", _("Checked")
    IMPORTING = "importing", _("Being imported")
    IMPORTED = "imported", _("Imported")
    DISCARDED = "discarded", _("Discarded")


REGISTER_FLOW = {
    RegisterState.UPLOADED: {RegisterState.CHECKED, RegisterState.DISCARDED},
    RegisterState.CHECKED: {RegisterState.UPLOADED, RegisterState.IMPORTING, RegisterState.DISCARDED},
    RegisterState.IMPORTING: {RegisterState.IMPORTED},
    RegisterState.IMPORTED: set(),
    RegisterState.DISCARDED: set(),
}


class Register(models.Model):
    """One uploaded workbook of one station, for one fund."""

    station = models.ForeignKey(
        "donations.Station", models.PROTECT, related_name="registers", verbose_name=_("station")
    )
    fund = models.ForeignKey("funds.Fund", models.PROTECT, related_name="+", verbose_name=_("fund"))
    file = models.ForeignKey("charity_hub.Document", models.PROTECT, related_name="+")
    columns = models.JSONField(_("columns"), default=dict)
    summary = models.JSONField(_("summary"), default=dict)
    state = models.CharField(
        _("state"), max_length=10, choices=RegisterState.choices, default=RegisterState.UPLOADED
    )
    job = models.ForeignKey("charity_hub.Job", models.PROTECT, null=True, blank=True, related_name="+")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    class Meta:
        db_table = "donations_register"
        verbose_name = _("register")
        verbose_name_plural = _("registers")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.station} {self.uploaded_at:%Y-%m-%d %H:%M}"


class RememberedColumn(models.Model):
    """What a station's column of this title was confirmed to hold."""

    station = models.ForeignKey("donations.Station", models.CASCADE, related_name="+")
    title = models.CharField(max_length=120)
    field = models.CharField(max_length=24)

    class Meta:
        db_table = "donations_remembered_column"
        constraints = [
            models.UniqueConstraint(fields=["station", "title"], name="remembered_column_once_per_station"),
        ]

    def __str__(self) -> str:
        return f"{self.title} → {self.field}"
