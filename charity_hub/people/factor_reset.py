"""Taking a lost second factor away: asked by one administrator, confirmed by another, stopped by the person.

Once it is carried out, the person signs in without the factor and has to set up a new one. Where there is no
second administrator, a wait and the warnings stand in for one.
"""

from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.people.access import administrators_at, is_administrator
from charity_hub.people.alerts import alert
from charity_hub.people.models import FactorReset, Grounds, PhoneChange, ResetState, User
from charity_hub.people.second_factor import FACTORS
from charity_hub.people.stop_links import stop_link
from charity_hub.people.workflow import RESET_FLOW
from charity_hub.workflow.actions import lock, move, record


@transaction.atomic
def ask_for_reset(person: User, *, reason: str, actor: User, recovery_code: str = "") -> FactorReset:
    """Ask that every factor of a person be taken away; one of their recovery codes confirms it at once.

    Asking again for the same person gives the same row. Raises ``Refused`` when the actor is no other
    administrator, no reason is given, the person has no factor, or the code is not theirs.
    """
    _authorise(actor, person)
    reason = _sound(reason, person)
    found = FactorReset.objects.open().filter(person=person).first()
    if found and found.actor_id != actor.pk:
        raise Refused(_("Another administrator has asked for this already. Confirm or stop it."))
    reset = found or FactorReset.objects.create(
        person=person, actor=actor, reason=reason, wait_hours=settings.FACTOR_RESET_WAIT_HOURS
    )
    if not found:
        record(reset, "", ResetState.ASKED, actor=actor, why=reason)
    if recovery_code and reset.state == ResetState.ASKED:
        if not _is_theirs(person, recovery_code):
            raise Refused(_("This is none of the person's recovery codes that still work."), "recovery_code")
        _confirm(lock(reset), actor, grounds=Grounds.RECOVERY_CODE)
        reset.refresh_from_db()
    return reset


@transaction.atomic
def confirm_reset(reset: FactorReset, *, actor: User) -> FactorReset:
    """Confirm what another administrator asked for; unless a number was just changed, it is carried out.

    Raises ``Refused`` when the actor asked for it, is the person, or became administrator within the wait.
    """
    reset = _locked(reset)
    _authorise(actor, reset.person)
    if reset.actor_id == actor.pk:
        raise Refused(_("You asked for this. Another administrator confirms it."))
    if reset.confirmed_by_id == actor.pk:
        return reset
    if actor not in administrators_at(_begin_of_wait(reset)):
        raise Refused(
            _("Who became administrator less than %(hours)s hours ago does not confirm this yet.")
            % {"hours": reset.wait_hours}
        )
    _confirm(reset, actor, grounds=Grounds.ADMINISTRATOR, confirmed_by=actor)
    return reset


@transaction.atomic
def carry_out_reset(reset: FactorReset, *, actor: User) -> FactorReset:
    """Take the factors away once the wait is over. Raises ``Refused`` with a sentence while it is not."""
    reset = _locked(reset)
    _authorise(actor, reset.person)
    if reset.state == ResetState.EXECUTED:
        return reset
    if reset.state == ResetState.ASKED and second_administrators(reset).exists():
        raise Refused(_("Another administrator, or one of the person's recovery codes, confirms this first."))
    if until := waits_until(reset):
        day = timezone.localtime(until)
        raise Refused(
            _("This waits until %(time)s, so that the warnings are read in time.")
            % {"time": f"{day:%Y-%m-%d %H:%M}"}
        )
    _execute(reset, actor)
    return reset


@transaction.atomic
def stop_reset(reset: FactorReset, *, actor: User) -> FactorReset:
    """Leave the factors as they are. The person concerned may do that, and every administrator."""
    reset = _locked(reset)
    if actor.pk != reset.person_id and not is_administrator(actor):
        raise Refused(_("The person concerned stops this, or an administrator."))
    move(reset, ResetState.WITHDRAWN, RESET_FLOW, actor=actor)
    return reset


@transaction.atomic
def reset_from_command_line(person: User, *, reason: str) -> FactorReset:
    """Take the factors away at once: whoever runs the server may do as much anyhow. Raises ``Refused``."""
    reason = _sound(reason, person)
    for waiting in FactorReset.objects.open().filter(person=person):
        move(lock(waiting), ResetState.WITHDRAWN, RESET_FLOW, actor=None)
    reset = FactorReset.objects.create(
        person=person,
        reason=reason,
        state=ResetState.EXECUTED,
        grounds=Grounds.COMMAND_LINE,
        executed_at=timezone.now(),
    )
    record(reset, "", ResetState.EXECUTED, actor=None, why=reason)
    _take_away(person)
    return reset


def waits_until(reset: FactorReset) -> datetime | None:
    """From when on a reset may be carried out: after a changed number, and unconfirmed; None: at once."""
    last = PhoneChange.objects.filter(person=reset.person_id).first()
    begun = [last.at] if last else []
    if reset.state == ResetState.ASKED:
        begun.append(reset.at)
    until = max(begun, default=_begin_of_wait(reset)) + timedelta(hours=reset.wait_hours)
    return until if until > timezone.now() else None


def second_administrators(reset: FactorReset) -> QuerySet[User]:
    """Those who could confirm a reset, now or before long.

    Who was administrator when the wait began counts too, so that nobody is left alone by switching the
    others off.
    """
    now = User.objects.filter(is_superuser=True, is_active=True)
    either = User.objects.filter(
        Q(pk__in=now.values("pk")) | Q(pk__in=administrators_at(_begin_of_wait(reset)).values("pk"))
    )
    return either.exclude(pk__in=[reset.person_id, reset.actor_id])


def _begin_of_wait(reset: FactorReset) -> datetime:
    return timezone.now() - timedelta(hours=reset.wait_hours)


def _authorise(actor: User, person: User) -> None:
    if not is_administrator(actor):
        raise Refused(_("Only administrators reset a second factor."))
    if actor.pk == person.pk:
        raise Refused(_("Nobody resets their own second factor. Ask another administrator."))


def _sound(reason: str, person: User) -> str:
    """The reason, tidied, with the person locked: of two resets at once the second sees the first."""
    if not (reason := " ".join(reason.split())):
        raise Refused(_("State why, and how you verified their identity."), "reason")
    User.objects.select_for_update().get(pk=person.pk)
    if not is_mfa_enabled(person, FACTORS):
        raise Refused(_("This person has no second factor. They set one up when they sign in."))
    return reason


def _locked(reset: FactorReset) -> FactorReset:
    """The person first, as everywhere: a number that is being changed is changed before or after."""
    User.objects.select_for_update().get(pk=reset.person_id)
    return lock(reset)


def _is_theirs(person: User, code: str) -> bool:
    codes = Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES).first()
    return codes is not None and RecoveryCodes(codes).validate_code(code)


def _confirm(reset: FactorReset, actor: User, **how: Any) -> None:
    move(reset, ResetState.CONFIRMED, RESET_FLOW, actor=actor, **how)
    if waits_until(reset) is None:
        _execute(reset, actor)


def _execute(reset: FactorReset, actor: User) -> None:
    grounds = reset.grounds or Grounds.ALONE
    move(reset, ResetState.EXECUTED, RESET_FLOW, actor=actor, grounds=grounds, executed_at=timezone.now())
    _take_away(reset.person)


def _take_away(person: User) -> None:
    Authenticator.objects.filter(user=person).delete()
    for session in UserSession.objects.filter(user=person):
        session.end()


def notify_of_reset(reset: FactorReset) -> list[User]:
    """Text everybody concerned where a reset stands; returns who was not reached at all their numbers."""
    if reset.state == ResetState.WITHDRAWN:
        return []
    unreached = [] if alert(reset.person, lambda number: _to_person(reset, number)) else [reset.person]
    texts = []
    if reset.state == ResetState.EXECUTED:
        texts += [(reset.actor, _to_actor(reset))] if reset.actor else []
    else:
        texts += [(one, _to_others(reset)) for one in second_administrators(reset).filter(is_active=True)]
    return unreached + [reader for reader, text in texts if not alert(reader, text)]


def _to_person(reset: FactorReset, number: str) -> str:
    if reset.actor is None:
        return _(
            "Your second factor at Charity Hub was reset. Sign in and set up a new one. If you did not ask "
            "for this, call your administrator at once."
        )
    if reset.state == ResetState.EXECUTED:
        return _(
            "%(name)s has reset your second factor at Charity Hub. Sign in and set up a new one. If you did "
            "not ask for this, call an administrator at once."
        ) % {"name": reset.actor.name}
    words = _("%(name)s asks to reset your second factor at Charity Hub. Not wanted? Stop it here: %(link)s")
    return words % {"name": reset.actor.name, "link": stop_link(reset.person, number)}


def _to_actor(reset: FactorReset) -> str:
    return _(
        "You have reset the second factor of %(name)s at Charity Hub. If it was not you, change your "
        "password at once."
    ) % {"name": reset.person.name}


def _to_others(reset: FactorReset) -> str:
    words = _("%(actor)s asks to reset the second factor of %(name)s. Confirm or stop it on your desk.")
    return words % {"actor": reset.actor, "name": reset.person.name}
