"""The verbs about people: grant and end a membership, change a name, switch an account off and on."""

from datetime import date, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from charity_hub.errors import Refused
from charity_hub.organizations.models import Organization
from charity_hub.people.access import forget_memberships, is_administrator
from charity_hub.people.models import (
    FUND_ROLES,
    ORGANIZATION_ROLES,
    REGION_ROLES,
    Membership,
    Role,
    RoleConfirmation,
    User,
)
from charity_hub.people.sms import send_text
from charity_hub.regions.models import Region


def rename(user: User, name: str) -> None:
    """Write a person's name; the history keeps the old one."""
    user.name = name
    user.save(update_fields=["name"])


def invite(user: User) -> None:
    """Text a person that they have an account here, and how they set a password."""
    address = f"{settings.SITE_URL}{reverse('account_reset_password')}"
    send_text(
        user.phone,
        _("You have an account at Charity Hub. Set your password at %(address)s") % {"address": address},
    )


def scope_problem(role: str, scope: Region | Organization | str | None) -> str | None:
    """A sentence that says why this role is not held in this scope, or None when it is."""
    if role in REGION_ROLES and not isinstance(scope, Region):
        return _("This role is held in a region. Choose the region.")
    if role in ORGANIZATION_ROLES and not isinstance(scope, Organization):
        return _("This role is held in an organization. Choose the organization.")
    if role in FUND_ROLES and not (isinstance(scope, str) and scope):
        return _("This role is held in a fund. Choose the fund.")
    if role == Role.REVIEWER and scope is not None:
        return _("Reviewers belong to the pool alone. Leave region, organization and fund empty.")
    return None


def _authorise(actor: User, holder: User) -> None:
    if not is_administrator(actor):
        raise Refused(_("Only administrators grant and end roles."))
    if actor.pk == holder.pk:
        raise Refused(_("Nobody grants or ends their own roles. Ask another administrator."))


@transaction.atomic
def grant_membership(
    holder: User,
    role: Role,
    scope: Region | Organization | str | None = None,
    *,
    starts_on: date | None = None,
    ends_on: date | None = None,
    actor: User,
) -> Membership:
    """Give a person a role at a region, an organization, a fund (its code) or, for reviewers, nowhere.

    The same role in the same scope that is in force already is returned as it is. Raises ``Refused`` when
    the actor is no administrator or the holder themself, or the scope does not fit the role.
    """
    _authorise(actor, holder)
    if problem := scope_problem(role, scope):
        raise Refused(problem, "role")
    starts_on = starts_on or timezone.localdate()
    if ends_on and ends_on < starts_on:
        raise Refused(_("The last day is before the first day."), "ends_on")
    User.objects.select_for_update().get(pk=holder.pk)
    place = {
        "region": scope if isinstance(scope, Region) else None,
        "organization": scope if isinstance(scope, Organization) else None,
        "fund_code": scope if isinstance(scope, str) else "",
    }
    forget_memberships(holder)
    held = Membership.objects.held().filter(user=holder, role=role, **place).first()
    return held or Membership.objects.create(
        user=holder, role=role, starts_on=starts_on, ends_on=ends_on, **place
    )


CONFIRMATION_REFUSED = {
    "role_is_confirmed_by_an_administrator": gettext_lazy(
        "Who became administrator only a short time ago does not confirm roles yet."
    ),
    "role_is_confirmed_as_it_is_held": gettext_lazy("This role has changed meanwhile. Look at it again."),
    "role_is_not_confirmed_by_who_gave_it": gettext_lazy(
        "You gave this role. Another administrator confirms it."
    ),
}


@transaction.atomic
def confirm_role(holder: User, membership: Membership | None, *, actor: User) -> RoleConfirmation:
    """End the wait of a new officer or, without a membership, of a new administrator.

    Who may is PostgreSQL's rule; raises ``Refused`` with its sentence.
    """
    _authorise(actor, holder)
    confirmation = RoleConfirmation(
        person=holder,
        membership=membership,
        role=membership.role if membership else "",
        organization=membership.organization if membership else None,
        confirmed_by=actor,
        wait_hours=settings.OFFICER_WAIT_HOURS,
    )
    try:
        with transaction.atomic():
            confirmation.save()
    except DatabaseError as error:
        rule = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if rule not in CONFIRMATION_REFUSED:
            raise
        raise Refused(str(CONFIRMATION_REFUSED[rule])) from error
    forget_memberships(holder)
    return confirmation


@transaction.atomic
def end_membership(membership: Membership, *, last_day: date | None = None, actor: User) -> Membership:
    """Let a membership end after ``last_day`` (default: yesterday, so at once). Ended ones stay as they are.

    A membership that has not begun yet is dated so that it never does. Raises ``Refused`` as granting does.
    """
    _authorise(actor, membership.user)
    membership = Membership.objects.select_for_update().select_related("user").get(pk=membership.pk)
    last_day = last_day or timezone.localdate() - timedelta(days=1)
    if membership.ends_on and membership.ends_on <= last_day:
        return membership
    membership.ends_on = last_day
    membership.starts_on = min(membership.starts_on, last_day)
    membership.save(update_fields=["starts_on", "ends_on"])
    forget_memberships(membership.user)
    return membership
