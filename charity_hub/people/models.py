from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, phone: str, name: str, password: str | None = None, **fields: Any) -> "User":
        """A person with a verified phone (E.164, e.g. ``+8613800001234``)."""
        user = self.model(phone=phone, name=name, **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, phone: str, name: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(
            phone, name, password, is_staff=True, is_superuser=True, phone_verified=True, **fields
        )


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can sign in. The phone is the identity."""

    phone = models.CharField(_("phone"), max_length=16, unique=True)
    phone_verified = models.BooleanField(_("phone verified"), default=False)
    name = models.CharField(_("name"), max_length=40, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("administrator"), default=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "phone"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        db_table = "people_user"
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name or self.phone


class Role(models.TextChoices):
    CITY_OFFICER = "city_officer", _("City officer")
    DISTRICT_OFFICER = "district_officer", _("District officer")
    STREET_STAFF = "street_staff", _("Street staff")
    AUDITOR = "auditor", _("Auditor")
    CHARITY_OFFICER = "charity_officer", _("Charity officer")
    STATION_WORKER = "station_worker", _("Station worker")
    AGENCY_WORKER = "agency_worker", _("Agency worker")
    COMMITTEE_MEMBER = "committee_member", _("Committee member")
    FUND_SUPERVISOR = "fund_supervisor", _("Fund supervisor")
    REVIEWER = "reviewer", _("Reviewer")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        """Those in force today (Asia/Shanghai)."""
        today = timezone.localdate()
        return self.filter(starts_on__lte=today).filter(
            models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=today)
        )


class Membership(models.Model):
    """A role in one scope: a region, an organization, a fund (by its code) or the reviewer pool."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=24, choices=Role.choices)
    region = models.ForeignKey(
        "charity_hub.Region", models.PROTECT, null=True, blank=True, verbose_name=_("region")
    )
    organization = models.ForeignKey(
        "charity_hub.Organization", models.PROTECT, null=True, blank=True, verbose_name=_("organization")
    )
    fund_code = models.CharField(_("fund"), max_length=24, blank=True)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects: ClassVar[MembershipQuerySet] = MembershipQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "people_membership"
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(role="reviewer", region=None, organization=None, fund_code="")
                    | models.Q(region__isnull=False, organization=None, fund_code="")
                    | models.Q(region=None, organization__isnull=False, fund_code="")
                    | (models.Q(region=None, organization=None) & ~models.Q(fund_code=""))
                ),
                name="membership_has_exactly_one_scope",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="membership_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        scope = self.region or self.organization or self.fund_code
        return f"{self.get_role_display()} · {scope}" if scope else self.get_role_display()


class Look(models.Model):
    """One sight of personal data in full: who looked, at what, when, from where."""

    user = models.ForeignKey(User, models.PROTECT, related_name="looks", verbose_name=_("person"))
    subject = models.CharField(_("what was shown"), max_length=120)
    field = models.CharField(_("field"), max_length=40)
    address = models.GenericIPAddressField(_("network address"), null=True)
    at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        db_table = "people_look"
        verbose_name = _("look at personal data")
        verbose_name_plural = _("looks at personal data")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.user} · {self.subject} · {self.field}"


class TextMessage(models.Model):
    """An SMS handed to the carrier. In development they stay here and are shown at ``/dev/sms/``."""

    phone = models.CharField(_("phone"), max_length=16)
    text = models.CharField(_("text"), max_length=200)
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)

    class Meta:
        db_table = "people_text_message"
        verbose_name = _("text message")
        verbose_name_plural = _("text messages")
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return f"{self.phone} · {self.sent_at:%Y-%m-%d %H:%M}"
