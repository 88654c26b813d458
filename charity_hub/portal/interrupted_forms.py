"""A form that is sent after the writer was signed out: kept as a draft and restored after signing in.

Each form contains a signed token that names the person who opened it. Without one nothing is kept, because
the owner is unknown.
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
# In the address of the form to restore.
AGAIN: Final = "again"


class Note(NamedTuple):
    """The person who opened a form, and the form's unique key."""

    owner: int
    key: str


def sign_note(user: AnyUser) -> str:
    """The token of a form, which identifies its person and the form itself."""
    return signing.dumps(Note(user.pk, uuid.uuid4().hex), salt=SALT) if isinstance(user, User) else ""


def read_note(request: HttpRequest) -> Note | None:
    """The token of the submitted form; None without a valid and recent one."""
    try:
        return Note(*signing.loads(request.POST.get(NOTE, ""), salt=SALT, max_age=GOOD_FOR))
    except signing.BadSignature:
        return None


def own_note(request: HttpRequest, user: AnyUser) -> Note | None:
    """The valid and recent token of the submitted form, if this person opened it."""
    note = read_note(request)
    return note if note and note.owner == user.pk else None


def keep_interrupted(request: HttpRequest) -> str:
    """Keep the submitted form; returns the address that restores it, empty if nothing was kept."""
    note = read_note(request)
    user = User.objects.filter(pk=note.owner, is_active=True).first() if note else None
    came = urlsplit(request.headers.get("HX-Current-URL") or request.get_full_path())
    if user is None or save_draft(user, _key(came.path), request.POST) is None:
        return ""
    asked = QueryDict(came.query, mutable=True)
    asked[AGAIN] = "1"
    return f"{came.path}?{asked.urlencode()}"


def restore_interrupted(request: HttpRequest, form: forms.BaseForm) -> bool:
    """Fill the form with what the person sent while signed out; returns whether there was something."""
    if AGAIN not in request.GET or not isinstance(request.user, User):
        return False
    kept = find_draft(request.user, _key(request.path))
    if kept:
        restore(kept, form)
    return kept is not None


def forget_interrupted(request: HttpRequest) -> None:
    """Delete the kept form after it was sent by a signed-in person."""
    if AGAIN in request.GET and isinstance(request.user, User):
        forget_draft(request.user, _key(request.path))


def _key(path: str) -> str:
    return f"sent:{path}"[:120]
