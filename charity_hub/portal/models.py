from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from charity_hub.people.encryption import EncryptedTextField


class SentForm(models.Model):
    """A submitted form: its unique key, and where it redirected."""

    key = models.UUIDField(primary_key=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    answers = models.CharField(max_length=64)
    target = models.CharField(max_length=400, blank=True)
    sent_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects: ClassVar[models.Manager["SentForm"]] = models.Manager()

    class Meta:
        db_table = "portal_sent_form"
        verbose_name = _("sent form")
        verbose_name_plural = _("sent forms")

    def __str__(self) -> str:
        return str(self.key)


class Draft(models.Model):
    """What a person has typed into a form and not sent yet. Encrypted as a whole, because it may contain
    anything.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    form_key = models.CharField(_("form"), max_length=120)
    data = EncryptedTextField(_("what was typed"))
    saved_at = models.DateTimeField(_("saved"), auto_now=True)

    objects: ClassVar[models.Manager["Draft"]] = models.Manager()

    class Meta:
        db_table = "portal_draft"
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(fields=["user", "form_key"], name="draft_once_per_person_and_form"),
        ]

    def __str__(self) -> str:
        return self.form_key
