"""What nobody needs any more goes by itself: sign-ups that were never verified, sessions, old audit rows.

Each sweep may run twice, at once or again: what is gone is gone.
"""

from datetime import timedelta
from typing import Final

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from charity_hub.people.models import Look, SignIn, User

UNVERIFIED_DAYS: Final = 7


def delete_unverified_sign_ups() -> int:
    """Delete accounts that somebody asked for and never verified, and that nothing depends on.

    People whom an administrator entered, or who ever signed in, stay, whatever their phone.
    """
    before = timezone.now() - timedelta(days=UNVERIFIED_DAYS)
    asked_for = User.objects.filter(
        phone_verified=False, last_login=None, is_staff=False, is_superuser=False, date_joined__lt=before
    )
    swept = 0
    for pk in _entered_by_nobody(_free(asked_for)).values_list("pk", flat=True):
        with transaction.atomic():
            locked = asked_for.select_for_update(skip_locked=True).filter(pk=pk)
            # Locked, nothing new can point to it; so look once more before it goes.
            if locked.first() and (still := _free(asked_for.filter(pk=pk))).exists():
                swept += still.delete()[0]
    return swept


def _free(people: models.QuerySet[User]) -> models.QuerySet[User]:
    """Those to whom no row of any app points; their history, which outlives them, does not count."""
    for relation in User._meta.related_objects:
        if relation.on_delete is not models.DO_NOTHING:
            rows = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            people = people.filter(~Exists(rows))
    return people


def _entered_by_nobody(people: models.QuerySet[User]) -> models.QuerySet[User]:
    events = User._meta.get_field("events").related_model._base_manager
    by_hand = events.filter(
        pgh_obj_id=OuterRef("pk"), pgh_label="insert", pgh_context__metadata__user__isnull=False
    )
    return people.filter(~Exists(by_hand.exclude(pgh_context__metadata__user=None)))


def delete_ended_sessions() -> int:
    """Delete sessions that are over, and what allauth noted about them; returns how many notes went."""
    SessionStore.clear_expired()
    known = Session.objects.filter(session_key=OuterRef("session_key"))
    swept: int = UserSession.objects.filter(~Exists(known)).delete()[0]
    return swept


def delete_old_audit_rows() -> int:
    """Delete audit rows older than ``AUDIT_KEPT_MONTHS``; PostgreSQL refuses the younger than six months."""
    before = timezone.now() - timedelta(days=31 * settings.AUDIT_KEPT_MONTHS)
    looks, _by_model = Look.objects.filter(at__lt=before).delete()
    sign_ins, _by_model = SignIn.objects.filter(at__lt=before).delete()
    return looks + sign_ins
