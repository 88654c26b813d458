"""A form that is sent after its writer was signed out: kept as their draft, and back in the form afterwards.

Each form carries a signed note of who opened it. Without one nothing is kept: nobody knows whose it is.
"""

import uuid
from datetime import timedelta
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from django import forms
from django.core import signing
from django.http import HttpRequest, QueryDict

from charity_hub.people.access import AnyUser
from charity_hub.people.models import User
from charity_hub.portal.drafts import find_draft, forget_draft, restore, save_draft

NOTE: Final = "opened_by"
SALT: Final = "charity_hub.portal.interrupted"
GOOD_FOR: Final = timedelta(days=7)
# In the address of the form that is to hold again what was typed.
AGAIN: Final = "again"


class Note(NamedTuple):
    """Who opened a form, and the key that no other form has."""

    owner: int
    key: str


def sign_note(user: AnyUser) -> str:
    """What a form carries so that it is known whose it is and which one."""
    return signing.dumps(Note(user.pk, uuid.uuid4().hex), salt=SALT) if isinstance(user, User) else ""


def read_note(request: HttpRequest) -> Note | None:
    """The note of the form that was sent; None for one without a sound and fresh one."""
    try:
        return Note(*signing.loads(request.POST.get(NOTE, ""), salt=SALT, max_age=GOOD_FOR))
    except signing.BadSignature:
        return None


def own_note(request: HttpRequest, user: AnyUser) -> Note | None:
    """The sound and fresh note of the form that was sent, if this person opened it."""
    note = read_note(request)
    return note if note and note.owner == user.pk else None


def keep_interrupted(request: HttpRequest) -> str:
    """Keep the form that was sent; returns the address at which it is back, empty when nothing was kept."""
    note = read_note(request)
    user = User.objects.filter(pk=note.owner, is_active=True).first() if note else None
    came = urlsplit(request.headers.get("HX-Current-URL") or request.get_full_path())
    if user is None or save_draft(user, _key(came.path), request.POST) is None:
        return ""
    asked = QueryDict(came.query, mutable=True)
    asked[AGAIN] = "1"
    return f"{came.path}?{asked.urlencode()}"


def restore_interrupted(request: HttpRequest, form: forms.BaseForm) -> bool:
    """Fill the form with what its reader sent when they were signed out; whether there was something."""
    if AGAIN not in request.GET or not isinstance(request.user, User):
        return False
    kept = find_draft(request.user, _key(request.path))
    if kept:
        restore(kept, form)
    return kept is not None


def forget_interrupted(request: HttpRequest) -> None:
    """It was sent, this time with somebody signed in."""
    if AGAIN in request.GET and isinstance(request.user, User):
        forget_draft(request.user, _key(request.path))


def _key(path: str) -> str:
    return f"sent:{path}"[:120]
