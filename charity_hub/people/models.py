from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from charity_hub.guards import AppendOnly, Stamped, WrittenByTriggers, tracked


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


@tracked(exclude=["password", "last_login"], meta={"db_table": "people_user_event"})
class User(AbstractBaseUser, PermissionsMixin):
    """A person who can sign in. The phone is the identity."""

    phone = models.CharField(_("phone"), max_length=16, unique=True)
    phone_verified = models.BooleanField(_("phone verified"), default=False)
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=40, blank=True)
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

    def get_full_name(self) -> str:
        """What the administration calls whoever has signed in."""
        return self.name


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


# The kind of scope that each role is held in; reviewers belong to no scope but the pool.
REGION_ROLES = (Role.CITY_OFFICER, Role.DISTRICT_OFFICER, Role.STREET_STAFF, Role.AUDITOR)
ORGANIZATION_ROLES = (Role.CHARITY_OFFICER, Role.STATION_WORKER, Role.AGENCY_WORKER)
FUND_ROLES = (Role.COMMITTEE_MEMBER, Role.FUND_SUPERVISOR)


# Roles that approve and pay: in force once OFFICER_WAIT_HOURS have passed since they were granted.
DECIDING_ROLES = (Role.CHARITY_OFFICER,)


def before_the_wait() -> datetime:
    """Who held a deciding role, or was an administrator, at this time may act on it now."""
    return timezone.now() - timedelta(hours=settings.OFFICER_WAIT_HOURS)


def posted_transfers() -> models.QuerySet[Any]:
    """What is in the books. While there is nothing nobody can pay, so new officers need not wait."""
    return apps.get_model("charity_hub", "Transfer")._base_manager.all()


def role_fits_scope() -> models.Q:
    return (
        models.Q(role__in=REGION_ROLES, region__isnull=False)
        | models.Q(role__in=ORGANIZATION_ROLES, organization__isnull=False)
        | (models.Q(role__in=FUND_ROLES) & ~models.Q(fund_code=""))
        | models.Q(role=Role.REVIEWER)
    )


class MembershipQuerySet(models.QuerySet["Membership"]):
    def held(self) -> "MembershipQuerySet":
        """Those whose days include today (Asia/Shanghai), in force or about to be."""
        today = timezone.localdate()
        return self.filter(starts_on__lte=today).filter(
            models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=today)
        )

    def current(self) -> "MembershipQuerySet":
        """Those in force: held today and, for roles that decide about money, for ``OFFICER_WAIT_HOURS``.

        Since when says PostgreSQL's history: the row is not asked, which somebody may have rewritten. A
        second administrator's word ends the wait, and before anything was posted there is none.
        """
        held = self.held()
        if not settings.OFFICER_WAIT_HOURS:
            return held
        history: Any = Membership._meta.get_field("events").related_model
        same = {name: models.OuterRef(name) for name in ("user", "role", "organization")}
        then = history.objects.filter(pgh_obj=models.OuterRef("pk"), pgh_created_at__lte=before_the_wait())
        confirmed = RoleConfirmation.objects.standing().filter(
            membership=models.OuterRef("pk"), person=models.OuterRef("user"), role=models.OuterRef("role")
        )
        return held.exclude(
            ~models.Exists(then.filter(**same)),
            ~models.Exists(confirmed.filter(organization=models.OuterRef("organization"))),
            models.Exists(posted_transfers()),
            role__in=DECIDING_ROLES,
        )


@tracked(meta={"db_table": "people_membership_event"})
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
                violation_error_message=_("Name one region, one organization or one fund, not several."),
            ),
            models.CheckConstraint(
                condition=role_fits_scope(),
                name="membership_role_fits_its_scope",
                violation_error_message=_("This role is not held in such a place."),
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="membership_ends_after_it_starts",
                violation_error_message=_("The last day is before the first day."),
            ),
        ]

    def __str__(self) -> str:
        scope = self.region or self.organization or self.fund_code
        return f"{self.get_role_display()} · {scope}" if scope else self.get_role_display()


class RoleConfirmationQuerySet(models.QuerySet["RoleConfirmation"]):
    def standing(self) -> "RoleConfirmationQuerySet":
        """Those by administrators who had waited for at least ``OFFICER_WAIT_HOURS`` themselves."""
        return self.filter(wait_hours__gte=settings.OFFICER_WAIT_HOURS)


class RoleConfirmation(models.Model):
    """A second administrator's word for a role that waits: from then on it is in force. Append-only.

    Without a membership it is for an administrator. PostgreSQL refuses one by the person, by whoever gave the
    role, and by somebody who has not been an administrator for ``wait_hours``.
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("person"))
    membership = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="confirmations")
    role = models.CharField(_("role"), max_length=24, choices=Role.choices, blank=True)
    organization = models.ForeignKey(
        "charity_hub.Organization",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("organization"),
    )
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", db_index=False, verbose_name=_("confirmed by")
    )
    wait_hours = models.PositiveSmallIntegerField(editable=False)
    at = models.DateTimeField(_("time"), db_default=Now())

    objects: ClassVar[RoleConfirmationQuerySet] = RoleConfirmationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "people_role_confirmation"
        verbose_name = _("confirmation of a role")
        verbose_name_plural = _("confirmations of roles")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(confirmed_by=models.F("person")),
                name="role_is_confirmed_by_somebody_else",
            ),
        ]
        triggers = [
            Stamped("role_confirmation_is_dated_by_the_database", "at"),
            AppendOnly("role_confirmation_is_never_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {timezone.localtime(self.at):%Y-%m-%d %H:%M}"


class Look(models.Model):
    """One sight of personal data in full: who looked, at what, when, from where."""

    user = models.ForeignKey(User, models.PROTECT, related_name="looks", verbose_name=_("person"))
    subject = models.CharField(_("what was shown"), max_length=120)
    field = models.CharField(_("field"), max_length=40)
    address = models.GenericIPAddressField(_("network address"), null=True)
    at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        db_table = "people_look"
        verbose_name = _("view of personal data")
        verbose_name_plural = _("views of personal data")
        ordering = ["-at"]
        triggers = [Stamped("look_is_dated_by_the_database", "at")]

    def __str__(self) -> str:
        return f"{self.user} · {self.subject} · {self.field}"


class PhoneChangeQuerySet(models.QuerySet["PhoneChange"]):
    def by_another(self, person: User) -> "PhoneChangeQuerySet":
        """Changes of the person's number that they did not make themselves."""
        return self.filter(person=person).exclude(by=person)

    def still_awaited(self) -> "PhoneChangeQuerySet":
        """Changes since which ``FACTOR_RESET_WAIT_HOURS`` are not over yet."""
        wait = timedelta(hours=settings.FACTOR_RESET_WAIT_HOURS)
        return self.filter(at__gt=timezone.now() - wait)


class PhoneChange(models.Model):
    """A person's number that was replaced, written by PostgreSQL whoever changes it. Append-only.

    Accounts that are younger than a day and were never used may be corrected without one.
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="phone_changes", verbose_name=_("person"))
    old = models.CharField(_("old number"), max_length=16)
    new = models.CharField(_("new number"), max_length=16)
    by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
        help_text=_("Empty: not by way of a page."),
    )
    at = models.DateTimeField(_("time"), db_default=Now())

    objects: ClassVar[PhoneChangeQuerySet] = PhoneChangeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "people_phone_change"
        verbose_name = _("change of a phone number")
        verbose_name_plural = _("changes of phone numbers")
        ordering = ["-id"]
        triggers = [
            Stamped("phone_change_is_dated_by_the_database", "at"),
            WrittenByTriggers("phone_change_is_written_by_triggers"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {timezone.localtime(self.at):%Y-%m-%d %H:%M}"


class FactorEvent(models.TextChoices):
    ADDED = "added", _("Added")
    CHANGED = "changed", _("Changed")
    REMOVED = "removed", _("Removed")


class FactorChange(models.Model):
    """A second factor that came, changed or went, written by PostgreSQL whoever does it. Append-only.

    A recovery code that was used changes the row that holds them. Sessions have no such history: one that is
    deleted signs somebody out, and ``SignIn`` says who came in.
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="factor_changes", verbose_name=_("person"))
    # The row of allauth's table, which may be gone.
    factor = models.BigIntegerField(editable=False)
    type = models.CharField(_("factor"), max_length=20)
    event = models.CharField(_("what happened"), max_length=8, choices=FactorEvent.choices)
    by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("by"),
        help_text=_("Empty: not by way of a page."),
    )
    at = models.DateTimeField(_("time"), db_default=Now())

    class Meta:
        db_table = "people_factor_change"
        verbose_name = _("change of a second factor")
        verbose_name_plural = _("changes of second factors")
        ordering = ["-id"]
        indexes = [models.Index(fields=["factor", "-id"], name="factor_change_latest")]
        triggers = [
            Stamped("factor_change_is_dated_by_the_database", "at"),
            WrittenByTriggers("factor_change_is_written_by_triggers"),
            AppendOnly("factor_change_is_never_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {timezone.localtime(self.at):%Y-%m-%d %H:%M}"


class ResetState(models.TextChoices):
    ASKED = "asked", _("Asked for")
    CONFIRMED = "confirmed", _("Confirmed")
    WITHDRAWN = "withdrawn", _("Stopped")
    EXECUTED = "executed", _("Carried out")


class Grounds(models.TextChoices):
    """By what a reset was confirmed."""

    ADMINISTRATOR = "administrator", _("Second administrator")
    RECOVERY_CODE = "recovery_code", _("The person's recovery code")
    ALONE = "alone", _("One administrator alone")
    COMMAND_LINE = "command_line", _("Command line")


OPEN_RESETS = (ResetState.ASKED, ResetState.CONFIRMED)


class FactorResetQuerySet(models.QuerySet["FactorReset"]):
    def open(self) -> "FactorResetQuerySet":
        """Those that may still be carried out or stopped."""
        return self.filter(state__in=OPEN_RESETS)


class FactorReset(models.Model):
    """A lost second factor to be taken away: whose, asked by whom, why, and by whom it was confirmed.

    PostgreSQL keeps what was asked for, what has ended, and the wait after a changed number.
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="factor_resets", verbose_name=_("person"))
    actor = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("asked by"),
        help_text=_("Empty: from the command line."),
    )
    reason = models.CharField(_("reason"), max_length=200)
    at = models.DateTimeField(_("asked at"), auto_now_add=True)
    wait_hours = models.PositiveSmallIntegerField(_("hours to wait"), default=0)
    state = models.CharField(_("state"), max_length=12, choices=ResetState.choices, default=ResetState.ASKED)
    grounds = models.CharField(_("confirmed by way of"), max_length=16, choices=Grounds.choices, blank=True)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("confirmed by")
    )
    executed_at = models.DateTimeField(_("carried out at"), null=True)

    objects: ClassVar[FactorResetQuerySet] = FactorResetQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "people_factor_reset"
        verbose_name = _("reset of a second factor")
        verbose_name_plural = _("resets of second factors")
        ordering = ["-id"]
        triggers = [Stamped("factor_reset_is_dated_by_the_database", "at")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="factor_reset_has_a_reason"),
            models.CheckConstraint(
                condition=models.Q(actor=None) | ~models.Q(actor=models.F("person")),
                name="factor_reset_is_done_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by=None)
                | (~models.Q(confirmed_by=models.F("person")) & ~models.Q(confirmed_by=models.F("actor"))),
                name="factor_reset_is_confirmed_by_a_third",
            ),
            models.CheckConstraint(
                condition=models.Q(grounds=Grounds.ADMINISTRATOR, confirmed_by__isnull=False)
                | (~models.Q(grounds=Grounds.ADMINISTRATOR) & models.Q(confirmed_by=None)),
                name="factor_reset_names_its_second_administrator",
            ),
            models.CheckConstraint(
                condition=models.Q(grounds=Grounds.COMMAND_LINE, actor=None)
                | (~models.Q(grounds=Grounds.COMMAND_LINE) & models.Q(actor__isnull=False)),
                name="factor_reset_without_asker_is_from_the_command_line",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ResetState.WITHDRAWN)
                | models.Q(state=ResetState.ASKED, grounds="")
                | (models.Q(state__in=[ResetState.CONFIRMED, ResetState.EXECUTED]) & ~models.Q(grounds="")),
                name="factor_reset_is_confirmed_on_grounds",
            ),
            models.CheckConstraint(
                condition=models.Q(state=ResetState.EXECUTED, executed_at__isnull=False)
                | (~models.Q(state=ResetState.EXECUTED) & models.Q(executed_at=None)),
                name="factor_reset_says_when_it_was_carried_out",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(state__in=[ResetState.ASKED, ResetState.CONFIRMED]),
                name="factor_reset_open_once_per_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {timezone.localtime(self.at):%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        """Whether it may still be carried out or stopped."""
        return self.state in OPEN_RESETS


class TextMessage(models.Model):
    """An SMS that the development backend kept; ``/dev/sms/`` shows them."""

    phone = models.CharField(_("phone"), max_length=16)
    text = models.CharField(_("text"), max_length=200)
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)

    class Meta:
        db_table = "people_text_message"
        verbose_name = _("text message")
        verbose_name_plural = _("text messages")
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return f"{self.phone} · {timezone.localtime(self.sent_at):%Y-%m-%d %H:%M}"


class SignInEvent(models.TextChoices):
    SIGNED_IN = "signed_in", _("Signed in")
    SIGNED_OUT = "signed_out", _("Signed out")
    REGISTERED = "registered", _("Registered")
    WRONG_PASSWORD = "wrong_password", _("Wrong phone or password")
    WRONG_CODE = "wrong_code", _("Wrong code")
    WRONG_FACTOR = "wrong_factor", _("Wrong second factor")
    LOCKED_OUT = "locked_out", _("Locked out after too many tries")
    FACTOR_ADDED = "factor_added", _("Second factor added")
    FACTOR_REMOVED = "factor_removed", _("Second factor removed")
    PASSWORD_CHANGED = "password_changed", _("Password changed")


class SignIn(models.Model):
    """One thing that happened at the door: time, who, what, by which means, from where. Append-only."""

    at = models.DateTimeField(_("time"), auto_now_add=True, db_index=True)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="sign_ins", verbose_name=_("person")
    )
    phone = models.CharField(_("phone as given"), max_length=40, blank=True)
    event = models.CharField(_("what happened"), max_length=20, choices=SignInEvent.choices)
    method = models.CharField(_("by"), max_length=60, blank=True)
    address = models.GenericIPAddressField(_("network address"), null=True, blank=True)
    browser = models.CharField(_("browser"), max_length=200, blank=True)

    class Meta:
        db_table = "people_sign_in"
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        ordering = ["-id"]
        triggers = [Stamped("sign_in_is_dated_by_the_database", "at")]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M} {self.get_event_display()}"
