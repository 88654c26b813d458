from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charity_hub.people.access import AnyUser
from charity_hub.people.models import Role
from donations.stations.models import Station


class RegisterState(models.TextChoices):
    UPLOADED = "uploaded", _("Columns to confirm")
    CHECKED = "checked", _("Checked")
    IMPORTING = "importing", _("Being imported")
    IMPORTED = "imported", _("Imported")
    DISCARDED = "discarded", _("Discarded")


# Its columns and answers may still change, and it may be discarded.
CHANGEABLE = (RegisterState.UPLOADED, RegisterState.CHECKED)
WORKED_BY = (Role.STATION_WORKER, Role.STREET_STAFF)


class RegisterQuerySet(models.QuerySet["Register"]):
    def in_scope_of(self, user: AnyUser) -> "RegisterQuerySet":
        """Registers of the stations that a station worker or the street's staff works with."""
        return self.filter(station__in=Station.objects.in_scope_of(user, *WORKED_BY))


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
    # Empty where the command line brought it in and nobody was named.
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    objects: ClassVar[RegisterQuerySet] = RegisterQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "donations_register"
        verbose_name = _("register")
        verbose_name_plural = _("registers")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.station} {timezone.localtime(self.uploaded_at):%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("registers:detail", args=[self.pk])

    @property
    def uploader(self) -> str:
        """Who brought it in, in words."""
        return str(self.uploaded_by or _("command line"))

    @property
    def reference(self) -> str:
        """Its number as it stands in the workbook of rows to mend."""
        return f"DJ-{self.pk:06}"


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


class RegisterAnswer(models.Model):
    """What somebody decided about one question of a register: about a row, or (row 0) about the whole.

    ``about`` says which question, with all that would be recorded: read otherwise, it is another question.
    """

    register = models.ForeignKey(Register, models.CASCADE, related_name="answers")
    about = models.CharField(max_length=240)
    row = models.PositiveIntegerField()
    take = models.BooleanField()
    why = models.CharField(max_length=300, blank=True)
    # Empty where the command line imported it and nobody was named.
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "donations_register_answer"
        ordering = ["row", "id"]
        constraints = [
            models.UniqueConstraint(fields=["register", "about"], name="register_question_answered_once"),
            models.CheckConstraint(
                condition=models.Q(row__gt=0) | ~models.Q(why=""), name="answer_about_a_register_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.row}"

    @property
    def keeps_id(self) -> bool:
        """Whether it says that an ID beside several names is this row's."""
        return self.about.endswith("|keep_id")
