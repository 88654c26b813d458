"""A link in a warning by which the person stops what was done to their account, without signing in.

It is signed for one number and works for ``FACTOR_RESET_WAIT_HOURS``, as long as what it stops waits. The
number that the account had before comes back; every other number stops a reset alone. So the number that
somebody else gave the account never takes it back again.
"""

from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner, b62_decode
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.people.masks import mask_phone
from charity_hub.people.models import FactorReset, PhoneChange, ResetState, User
from charity_hub.people.workflow import RESET_FLOW
from charity_hub.workflow.actions import lock, move

SIGNER: Final = TimestampSigner(salt="charity_hub.people.stop_links")


class Stoppable(NamedTuple):
    """Whose account it is, to which number the link went, until when it works, and what it stops."""

    person: User
    number: str
    until: datetime
    change: PhoneChange | None
    reset: FactorReset | None


def stop_link(person: User, number: str) -> str:
    """The whole address of the page that stops what waits, for a text message to this number (E.164)."""
    token = SIGNER.sign(f"{person.pk}.{number.removeprefix('+')}")
    return f"{settings.SITE_URL}{reverse('people:stop', args=[token])}"


def read_stop_link(token: str) -> Stoppable:
    """What a link stops now. Raises ``Refused`` when it is not ours, is too old, or nothing waits."""
    wait = timedelta(hours=settings.FACTOR_RESET_WAIT_HOURS)
    try:
        who, digits = SIGNER.unsign(token, max_age=wait).split(".")
    except BadSignature as wrong:
        raise Refused(
            _("This link no longer works, or was not copied whole. Call an administrator.")
        ) from wrong
    person, number = User.objects.get(pk=who), f"+{digits}"
    until = datetime.fromtimestamp(b62_decode(token.split(":")[-2]), UTC) + wait
    reset = FactorReset.objects.open().filter(person=person).select_related("actor").first()
    change = takes_back(person, number)
    if change is None and reset is None:
        raise Refused(_("Nothing is left to be stopped."))
    return Stoppable(person, number, until, change, reset)


@transaction.atomic
def stop(token: str) -> None:
    """Withdraw the reset, give the number back, sign the account out. Raises ``Refused`` as reading does."""
    User.objects.select_for_update().get(pk=read_stop_link(token).person.pk)
    found = read_stop_link(token)
    if found.reset:
        why = _("By the link in the warning to %(number)s") % {"number": mask_phone(found.number)}
        move(lock(found.reset), ResetState.WITHDRAWN, RESET_FLOW, actor=None, why=why)
    if found.change:
        found.person.phone = found.number
        found.person.save(update_fields=["phone"])
    for session in UserSession.objects.filter(user=found.person):
        session.end()


def takes_back(person: User, number: str) -> PhoneChange | None:
    """The change that this number takes back: the first by somebody else that the wait is not over for."""
    if User.objects.filter(phone=number).exists():
        return None
    changes = PhoneChange.objects.by_another(person).filter(by__isnull=False).still_awaited()
    first = changes.select_related("by").order_by("pk").first()
    return first if first and first.old == number else None
