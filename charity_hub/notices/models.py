from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from charity_hub.guards import ReadOnly
from charity_hub.notices.registry import kind_of, known
from charity_hub.people.models import User
from charity_hub.workflow.guards import StartsAndMoves


class Channel(models.TextChoices):
    """How a notice reaches a person."""

    SITE = "site", _("In the portal")
    TEXT = "text", _("Text messages")
    WECHAT = "wechat", _("WeChat")


class NoticeState(models.TextChoices):
    """In the portal a notice is there at once; what goes out waits for its turn."""

    WAITING = "waiting", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not sent")
    UNSURE = "unsure", _("May not have been sent")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def in_portal(self, user: User) -> "NoticeQuerySet":
        """What this person reads in the portal, the newest first."""
        return self.filter(person=user, channel=Channel.SITE).order_by("-pk")

    def unread(self, user: User) -> "NoticeQuerySet":
        return self.in_portal(user).filter(read_at=None)

    def not_sent(self) -> "NoticeQuerySet":
        """What staff must look at: messages that did not go out, or of which nobody knows."""
        return self.filter(state__in=[NoticeState.FAILED, NoticeState.UNSURE])


class Notice(models.Model):
    """What one person is told by one channel. The same ``key`` tells once; rows are written by actions."""

    person = models.ForeignKey(User, models.CASCADE, related_name="notices", verbose_name=_("person"))
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    kind = models.CharField(_("kind"), max_length=40)
    key = models.CharField(_("event"), max_length=120)
    facts = models.JSONField(_("facts"), default=dict, encoder=DjangoJSONEncoder)
    url = models.CharField(_("address"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=NoticeState, default=NoticeState.WAITING)
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    due_at = models.DateTimeField(_("not before"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("why not"), max_length=200, blank=True)
    handed_over_at = models.DateTimeField(_("handed over"), null=True, blank=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        db_table = "notices_notice"
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(fields=["person", "channel", "key"], name="notice_tells_once"),
            models.CheckConstraint(
                condition=~Q(channel="site") | Q(state="sent"), name="notice_in_the_portal_is_there_at_once"
            ),
            models.CheckConstraint(
                condition=Q(channel="site") | Q(read_at=None), name="notice_is_read_in_the_portal"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="notice_waiting"),
            models.Index(fields=["person", "-id"], condition=Q(channel="site"), name="notice_of_a_person"),
            models.Index(fields=["person"], condition=Q(channel="site", read_at=None), name="notice_unread"),
        ]
        triggers = [
            ReadOnly("notice_stays_as_written", fields=["person", "channel", "kind", "key", "facts", "url"]),
            StartsAndMoves(
                "notice_moves_by_sending",
                start=["waiting", "sent"],
                moves=[
                    ("waiting", "sending"),
                    ("sending", "sent"),
                    ("sending", "waiting"),
                    ("sending", "failed"),
                    ("sending", "unsure"),
                    ("failed", "waiting"),
                    ("unsure", "waiting"),
                ],
            ),
        ]

    def __str__(self) -> str:
        """The words in the language at hand; for a kind that is gone, its code."""
        return str(kind_of(self.kind).words) % self.facts if known(self.kind) else self.kind


class NoticeChoice(models.Model):
    """Whether a person wants notices of a kind by a channel; without a row the kind decides."""

    person = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=40)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    wanted = models.BooleanField(_("wanted"))

    class Meta:
        db_table = "notices_choice"
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "channel"], name="notice_choice_is_one"),
            models.CheckConstraint(condition=~Q(channel="site"), name="notice_in_the_portal_is_no_choice"),
        ]
