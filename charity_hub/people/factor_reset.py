"""Taking a lost second factor away: the person signs in again without it and has to set up a new one."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.people.access import is_administrator
from charity_hub.people.models import FactorReset, User
from charity_hub.people.second_factor import FACTORS
from charity_hub.people.sms import NotSent, send_text


@transaction.atomic
def reset_second_factor(person: User, *, reason: str, actor: User | None) -> FactorReset:
    """Remove every factor and recovery code of a person, end their sessions, and record by whom and why.

    ``actor`` is another administrator, or None on the command line. Raises ``Refused`` with a sentence when
    it is not, when no reason is given, or when the person has no second factor.
    """
    if actor is not None and not is_administrator(actor):
        raise Refused(_("Only administrators reset a second factor."))
    if actor is not None and actor.pk == person.pk:
        raise Refused(_("Nobody resets their own second factor. Ask another administrator."))
    if not (reason := " ".join(reason.split())):
        raise Refused(_("Say why, and how you know that it is them."), "reason")
    User.objects.select_for_update().get(pk=person.pk)
    if not is_mfa_enabled(person, FACTORS):
        raise Refused(_("This person has no second factor. They set one up when they sign in."))
    Authenticator.objects.filter(user=person).delete()
    for session in UserSession.objects.filter(user=person):
        session.end()
    return FactorReset.objects.create(person=person, actor=actor, reason=reason)


def tell_of_reset(reset: FactorReset) -> list[User]:
    """Text both, so that no stolen session and no false call goes unnoticed; returns who was not reached."""
    unreached = [] if _told(reset.person, _to_person(reset)) else [reset.person]
    if reset.actor is not None and not _told(reset.actor, _to_actor(reset)):
        unreached.append(reset.actor)
    return unreached


def _to_person(reset: FactorReset) -> str:
    if reset.actor is None:
        return _(
            "Your second factor at Charity Hub was reset. Sign in and set up a new one. If you did not ask "
            "for this, call your administrator at once."
        )
    return _(
        "%(name)s has reset your second factor at Charity Hub. Sign in and set up a new one. If you did not "
        "ask for this, call an administrator at once."
    ) % {"name": reset.actor.name}


def _to_actor(reset: FactorReset) -> str:
    return _(
        "You have reset the second factor of %(name)s at Charity Hub. If it was not you, call another "
        "administrator at once."
    ) % {"name": reset.person.name}


def _told(person: User, text: str) -> bool:
    try:
        send_text(person.phone, text)
    except NotSent:
        return False
    return True
