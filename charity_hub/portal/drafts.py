"""Drafts: what a person types into a form is saved while typing, and deleted once it is sent.

``form_page(..., draft="gift:ZD-440605011-01")`` does all of it. The key names the form and its subject;
it consists of letters, digits and ``:._-``.

A form that is opened again is empty and offers its draft. If the draft were filled in without asking, new
typing would
mix with it (500 typed before a saved 200 is 500,200). ``?draft=restore`` fills it in.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone

from charity_hub.people.models import User
from charity_hub.portal.models import Draft

if TYPE_CHECKING:
    from charity_hub.portal.forms import CardForm

# Never saved: data of a single submission, and sensitive data.
NOT_KEPT: Final = frozenset({"csrfmiddlewaretoken", "confirmed", "answered", "change", "kept", "opened_by"})
LONGEST: Final = 200_000
KEPT_DAYS: Final = 30
# Drafts per person; the oldest is deleted when there are more.
MOST_DRAFTS: Final = 50


def save_draft(user: User, form_key: str, typed: QueryDict) -> datetime | None:
    """Save the typed values; returns the time, or None if there is nothing to save or too much."""
    kept = typed.copy()
    for name in list(kept):
        if name in NOT_KEPT or "password" in name:
            del kept[name]
    data = kept.urlencode()
    if len(data) > LONGEST or not any(value.strip() for values in kept.lists() for value in values[1]):
        return None
    draft, made = Draft.objects.update_or_create(user=user, form_key=form_key, defaults={"data": data})
    if made:
        oldest = Draft.objects.filter(user=user).order_by("-saved_at", "-pk")[MOST_DRAFTS:]
        Draft.objects.filter(pk__in=list(oldest.values_list("pk", flat=True))).delete()
    return draft.saved_at


def find_draft(user: User, form_key: str) -> Draft | None:
    """The saved draft, unless it is older than ``KEPT_DAYS``."""
    return Draft.objects.filter(user=user, form_key=form_key, saved_at__gte=_still_kept()).first()


def offer_draft(request: HttpRequest, form: "CardForm", form_key: str) -> dict[str, Any]:
    """Save what a signed-in person types into ``form``; returns what its page shows of an earlier draft.

    ``draft`` is offered, or is in the form already if the address asked for it (``restored``).
    """
    if not form_key or not isinstance(request.user, User):
        return {}
    form.draft_url = reverse("portal:draft", args=[form_key])
    draft = None if form.is_bound else find_draft(request.user, form_key)
    restored = draft is not None and request.GET.get("draft") == "restore"
    if draft and restored:
        restore(draft, form)
    return {"draft": draft, "restored": restored}


def delete_old_drafts() -> int:
    """Delete the drafts that are too old to be offered; returns their number."""
    return Draft.objects.filter(saved_at__lt=_still_kept()).delete()[0]


def _still_kept() -> datetime:
    return timezone.now() - timedelta(days=KEPT_DAYS)


def restore(draft: Draft, form: forms.BaseForm) -> None:
    """Fill an unsent form with the saved values."""
    typed = QueryDict(draft.data)
    for name, field in form.fields.items():
        html_name = form.add_prefix(name)
        if field.widget.value_omitted_from_data(typed, {}, html_name) or name in NOT_KEPT:
            continue
        form.initial[name] = field.widget.value_from_datadict(typed, {}, html_name)


def forget_draft(user: User, form_key: str) -> None:
    """Delete a draft, for example because it was sent."""
    Draft.objects.filter(user=user, form_key=form_key).delete()
