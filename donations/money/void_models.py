from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charity_hub.guards import Kept, ReadOnly

PERSON = settings.AUTH_USER_MODEL


class VoidRequestState(models.TextChoices):
    ASKED = "asked", _("Waiting for the charity")
    GRANTED = "granted", _("Voided")
    DECLINED = "declined", _("Declined")


class VoidRequestQuerySet(models.QuerySet["VoidRequest"]):
    def waiting(self) -> "VoidRequestQuerySet":
        """Requests that nobody has decided."""
        return self.filter(state=VoidRequestState.ASKED)


class VoidRequest(models.Model):
    """Somebody at a station asks the host charity to void a gift."""

    gift = models.ForeignKey(
        "donations.Gift", models.PROTECT, related_name="void_requests", verbose_name=_("gift")
    )
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(
        _("state"), max_length=10, choices=VoidRequestState.choices, default=VoidRequestState.ASKED
    )
    asked_by = models.ForeignKey(PERSON, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    decided_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    answer = models.CharField(_("answer"), max_length=200, blank=True)

    objects: ClassVar[VoidRequestQuerySet] = VoidRequestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "donations_void_request"
        verbose_name = _("request to void a gift")
        verbose_name_plural = _("requests to void gifts")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["gift"], condition=Q(state="asked"), name="void_request_waits_once_per_gift"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="void_request_has_a_reason"),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by=None)
                | (~Q(state="asked") & Q(decided_by__isnull=False)),
                name="void_request_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("asked_by")),
                name="void_request_not_decided_by_who_asked",
            ),
        ]
        triggers = [
            Kept("void_request_is_never_deleted"),
            ReadOnly("void_request_is_never_edited", exclude=["state", "decided_by", "answer"]),
            ReadOnly(
                "void_request_keeps_its_decision",
                fields=["decided_by", "answer"],
                unless="OLD.state = 'asked' AND NEW.state <> 'asked'",
            ),
        ]

    def __str__(self) -> str:
        return str(self.gift)
