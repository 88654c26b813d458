from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.db import models
from django.utils.translation import gettext_lazy as _

from charity_hub.guards import Stamped


class Transition(models.Model):
    """One move of one row, in its history. Append-only in PostgreSQL."""

    source_type = models.ForeignKey("contenttypes.ContentType", models.PROTECT, related_name="+")
    source_id = models.BigIntegerField()
    source = GenericForeignKey("source_type", "source_id")
    old = models.CharField(_("from"), max_length=24, blank=True)
    new = models.CharField(_("to"), max_length=24)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    why = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        db_table = "workflow_transition"
        verbose_name = _("transition")
        verbose_name_plural = _("transitions")
        ordering = ["id"]
        indexes = [models.Index(fields=["source_type", "source_id"], name="transition_by_source")]
        triggers = [Stamped("transition_is_dated_by_the_database", "at")]

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"
