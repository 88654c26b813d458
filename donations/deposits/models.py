from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charity_hub.guards import Kept, ReadOnly, tracked
from charity_hub.money import MOST_FEN
from charity_hub.people.access import AnyUser
from charity_hub.people.models import Role
from donations.stations.scopes import reach_of

PERSON = settings.AUTH_USER_MODEL


class DepositState(models.TextChoices):
    HANDED_IN = "handed_in", _("In transit")
    RECEIVED = "received", _("Confirmed by the charity")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class CashDepositQuerySet(models.QuerySet["CashDeposit"]):
    def in_scope_of(self, user: AnyUser, *roles: Role) -> "CashDepositQuerySet":
        """Deposits of a person's stations, or for funds of the person's charity or region."""
        reach = reach_of(user, roles)
        if reach.everything:
            return self
        return self.filter(
            reach.regional.regions_q("station__region")
            | reach.regional.regions_q("fund__region")
            | Q(station__operator__in=reach.operating.organizations)
            | Q(fund__host__in=reach.hosting.organizations)
        )

    def on_their_way(self) -> "CashDepositQuerySet":
        return self.filter(state=DepositState.HANDED_IN)


@tracked()
class CashDeposit(models.Model):
    """Cash and cheques of one fund that a station paid in at the host charity's bank."""

    number = models.CharField(_("number"), max_length=24, unique=True)
    station = models.ForeignKey(
        "donations.Station", models.PROTECT, related_name="deposits", verbose_name=_("station")
    )
    fund = models.ForeignKey("funds.Fund", models.PROTECT, related_name="+", verbose_name=_("fund"))
    amount_fen = models.BigIntegerField(_("amount"))
    handed_in_on = models.DateField(_("deposited on"), default=timezone.localdate)
    slip = models.CharField(_("deposit slip number"), max_length=60)
    state = models.CharField(
        _("state"), max_length=10, choices=DepositState.choices, default=DepositState.HANDED_IN
    )
    handed_in_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("deposited by"))
    received_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("received by")
    )
    received_on = models.DateField(_("received on"), null=True, blank=True)

    objects: ClassVar[CashDepositQuerySet] = CashDepositQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "donations_cash_deposit"
        verbose_name = _("cash deposit")
        verbose_name_plural = _("cash deposits")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, amount_fen__lte=MOST_FEN),
                name="cash_deposit_amount_up_to_100_million_yuan",
            ),
            models.CheckConstraint(
                condition=Q(received_by=None) | ~Q(received_by=models.F("handed_in_by")),
                name="cash_deposit_not_received_by_who_handed_it_in",
            ),
            models.CheckConstraint(
                condition=Q(state="handed_in", received_by=None, received_on=None)
                | Q(state="received", received_by__isnull=False, received_on__isnull=False)
                | Q(state="withdrawn", received_by=None, received_on=None)
                | Q(state="withdrawn", received_by__isnull=False, received_on__isnull=False),
                name="cash_deposit_received_by_someone_on_a_day",
            ),
        ]
        triggers = [
            Kept("cash_deposit_is_never_deleted"),
            ReadOnly("cash_deposit_is_never_edited", exclude=["state", "received_by", "received_on"]),
            ReadOnly(
                "cash_deposit_keeps_who_received_it",
                fields=["received_by", "received_on"],
                unless="OLD.state = 'handed_in' AND NEW.state = 'received'",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("deposits:detail", args=[self.number])

    @property
    def withdrawn(self) -> bool:
        return self.state == DepositState.WITHDRAWN

    @property
    def days_underway(self) -> int:
        """Whole days since it was handed in, or until it was received."""
        until: date = self.received_on or timezone.localdate()
        return (until - self.handed_in_on).days
