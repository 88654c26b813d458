"""What colleagues are to know of somebody's account: a changed number, a reset factor, a new role with money.

Whoever shares a fund with the person sees it on the desk for ``NOTICE_DAYS``; the funds say who that is.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from charity_hub.people.models import (
    DECIDING_ROLES,
    FactorReset,
    Membership,
    PhoneChange,
    RoleConfirmation,
    User,
)

NOTICE_DAYS: Final = 7
MOST_OF_A_KIND: Final = 100


class Notice(NamedTuple):
    """One sentence about a person's account, and when it happened."""

    person: User
    sentence: str
    at: datetime


def recent_notices() -> list[Notice]:
    """What happened to whose account in the last ``NOTICE_DAYS``, the latest first; four or five queries."""
    since = timezone.now() - timedelta(days=NOTICE_DAYS)
    found = [*_changed_numbers(since), *_resets(since), *_new_officers(since), *_confirmed(since)]
    return sorted(found, key=lambda notice: notice.at, reverse=True)


def _changed_numbers(since: datetime) -> Iterator[Notice]:
    """Only of people who work here or did: residents change theirs every day."""
    staff = User.objects.filter(Q(is_staff=True) | Q(memberships__isnull=False))
    changes = PhoneChange.objects.filter(at__gte=since, person__in=staff).select_related("person", "by")
    for change in changes[:MOST_OF_A_KIND]:
        if change.by is None:
            words = _("%(name)s: the phone number was changed, not by way of a page")
        elif change.by_id == change.person_id:
            words = _("%(name)s has changed their own phone number")
        else:
            words = _("%(name)s: the phone number was changed by %(actor)s")
        yield Notice(change.person, words % {"name": change.person, "actor": change.by}, change.at)


def _resets(since: datetime) -> Iterator[Notice]:
    resets = FactorReset.objects.filter(at__gte=since).select_related("person", "actor")
    for reset in resets[:MOST_OF_A_KIND]:
        words = _("%(name)s: reset of the second factor, asked for by %(actor)s: %(state)s")
        asker = reset.actor or _("the command line")
        said = {"name": reset.person, "actor": asker, "state": reset.get_state_display()}
        yield Notice(reset.person, words % said, reset.at)


def _new_officers(since: datetime) -> Iterator[Notice]:
    """Who has just got a role that moves money, from an administrator's page."""
    events: Any = Membership._meta.get_field("events").related_model
    granted = events.objects.filter(
        pgh_label="insert", role__in=DECIDING_ROLES, pgh_created_at__gte=since, pgh_context__isnull=False
    ).select_related("user", "organization", "pgh_context")
    latest = list(granted.order_by("-pgh_id")[:MOST_OF_A_KIND])
    actors = User.objects.in_bulk({event.pgh_context.metadata.get("user") for event in latest} - {None})
    for event in latest:
        if actor := actors.get(event.pgh_context.metadata.get("user")):
            since = timezone.localtime(event.pgh_created_at + timedelta(hours=settings.OFFICER_WAIT_HOURS))
            words = _("%(name)s becomes an officer of %(charity)s on %(time)s, granted by %(actor)s")
            said = {"name": event.user, "charity": event.organization, "actor": actor}
            said["time"] = f"{since:%m-%d %H:%M}"
            yield Notice(event.user, words % said, event.pgh_created_at)


def _confirmed(since: datetime) -> Iterator[Notice]:
    """Whose new role is in force before its wait is over."""
    told = RoleConfirmation.objects.filter(at__gte=since).select_related("person", "confirmed_by")
    for one in told[:MOST_OF_A_KIND]:
        words = _("%(name)s: the new role is in force at once, confirmed by %(actor)s")
        yield Notice(one.person, words % {"name": one.person, "actor": one.confirmed_by}, one.at)
