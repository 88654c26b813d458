from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from charity_hub.guards import Deleted, Inserted, Updated, tracked
from charity_hub.people.access import AnyUser
from charity_hub.people.models import Role
from donations.stations.scopes import reach_of


class StationState(models.TextChoices):
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class StationQuerySet(models.QuerySet["Station"]):
    def open(self) -> "StationQuerySet":
        return self.filter(state=StationState.OPEN)

    def in_scope_of(self, user: AnyUser, *roles: Role) -> "StationQuerySet":
        """Stations that a person's roles reach: by operator, by region, or by the charity they collect for.

        With ``roles`` only memberships of these roles count, e.g. those who may change what is found.
        """
        reach = reach_of(user, roles)
        if reach.everything:
            return self
        collects_for = Station.funds.through.objects.filter(
            models.Q(fund__host__in=reach.hosting.organizations)
            | models.Q(fund__code__in=reach.watching.funds)
        )
        return self.filter(
            reach.regional.regions_q()
            | models.Q(operator__in=reach.operating.organizations)
            | models.Q(pk__in=collects_for.values("station"))
        )


@tracked()
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

    objects: ClassVar[StationQuerySet] = StationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "donations_station"
        verbose_name = _("donation station")
        verbose_name_plural = _("donation stations")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^ZD-\d{2,12}-\d{2,4}$"),
                name="station_code_is_zd_region_number",
                violation_error_message=_("A station's code reads ZD-region-number, like ZD-440605011-01."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


# For which funds a station collects, and since when: the rows that Django keeps for ``Station.funds``.
@tracked(Inserted(), Updated(), Deleted(), model_name="StationFundEvent")
class StationFund(Station.funds.through):  # type: ignore[name-defined]
    class Meta:
        proxy = True
