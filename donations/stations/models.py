from django.db import models
from django.utils.translation import gettext_lazy as _


class StationState(models.TextChoices):
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class Station(models.Model):
    """A donation station. Its workers are station workers of the organization that operates it."""

    code = models.CharField(_("code"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=80)
    region = models.ForeignKey("charity_hub.Region", models.PROTECT, verbose_name=_("region"))
    operator = models.ForeignKey(
        "charity_hub.Organization", models.PROTECT, related_name="stations", verbose_name=_("operated by")
    )
    funds = models.ManyToManyField("funds.Fund", related_name="stations", verbose_name=_("collects for"))
    address = models.CharField(_("address"), max_length=200)
    phone = models.CharField(_("phone"), max_length=40)
    contact = models.CharField(_("contact person"), max_length=40)
    opening_hours = models.CharField(_("opening hours"), max_length=120)
    state = models.CharField(
        _("state"), max_length=8, choices=StationState.choices, default=StationState.OPEN
    )

    class Meta:
        db_table = "donations_station"
        verbose_name = _("donation station")
        verbose_name_plural = _("donation stations")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
