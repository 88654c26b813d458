"""Forms act once: sent five times, sent again after a lost answer or from the browser's history, a form acts
once.

Each rendered form contains a signed token with a unique key (``portal.interrupted_forms``). The first
submission stores the key in the transaction of the action. PostgreSQL accepts no key twice, so another
submission waits
for the first one, does nothing and redirects to the same place. A form without a token, or with an old one,
is
refused and shown again with a new token: keys are kept for longer than tokens are valid.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.people.access import person
from charity_hub.people.models import User
from charity_hub.portal.drafts import NOT_KEPT
from charity_hub.portal.interrupted_forms import own_note
from charity_hub.portal.models import SentForm

SALT: Final = "charity_hub.portal.once"
KEPT: Final = timedelta(days=30)


def act_once[Target: str | HttpResponseBase](request: HttpRequest, act: Callable[[], Target]) -> Target | str:
    """Do what the form of this request asks for, unless it was done before; returns where to go.

    Raises ``Refused`` for a form that was sent already with other answers or has no valid token, and whatever
    ``act`` raises; then no key is stored. The person of the request must be signed in.
    """
    user = person(request)
    note = own_note(request, user)
    if note is None:
        raise Refused(
            _(
                "This form was open for too long or arrived incomplete. Check that it was not sent already, "
                "then send it once more."
            )
        )
    answers = _digest(request)
    try:
        with transaction.atomic():
            sent = _first(note.key, user, answers)
            target = act()
            sent.target = target if isinstance(target, str) else target.headers.get("Location", "")
            sent.save(update_fields=["target"])
            return target
    except _SentBefore:
        return _led_before(SentForm.objects.get(key=note.key), answers, request.path)


class _SentBefore(Exception):  # noqa: N818 - a way out, not a failure
    """The key exists."""


def _first(key: str, user: User, answers: str) -> SentForm:
    try:
        with transaction.atomic():
            return SentForm.objects.create(key=key, user=user, answers=answers)
    except IntegrityError as error:
        raise _SentBefore from error


def _led_before(sent: SentForm, answers: str, sent_from: str) -> str:
    if sent.answers != answers:
        raise Refused(
            _(
                "This form was already sent with other answers. Check what was saved. To make another "
                "entry, open the form again."
            )
        )
    return sent.target or sent_from


def _digest(request: HttpRequest) -> str:
    """The answers as a keyed hash, so that the row does not reveal them."""
    answers = [(name, values) for name, values in sorted(request.POST.lists()) if name not in NOT_KEPT]
    files = [(name, file.name, file.size) for name, sent in sorted(request.FILES.lists()) for file in sent]
    return salted_hmac(SALT, json.dumps([answers, files]), algorithm="sha256").hexdigest()


def delete_old_sent_forms() -> int:
    """Delete old keys; returns their number."""
    return SentForm.objects.filter(sent_at__lt=timezone.now() - KEPT).delete()[0]
