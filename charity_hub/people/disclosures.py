"""Every showing of whole personal data leaves a row: who looked, at what, when, from where (PIPL 51)."""

from typing import Final

from django.db import models
from django.http import HttpRequest

from charity_hub.people.client_address import address_of
from charity_hub.people.models import Look, User

# The field of a look that showed nothing whole: a number that was typed turned out to be the subject's.
MATCHED: Final = "match"


def note_match(user: User, subject: models.Model, address: str | None) -> Look:
    """Record that a number which this person typed turned out to be the subject's."""
    return Look.objects.create(user=user, subject=_named(subject), field=MATCHED, address=address)


def record_look(request: HttpRequest, subject: models.Model, field: str) -> Look:
    """Record that the person of this request sees ``field`` of ``subject`` unmasked; call it before showing.

    The row names the subject by its kind and number, never by the data itself.
    """
    if not isinstance(request.user, User):
        raise TypeError("Whole personal data is never shown to anonymous people")
    return Look.objects.create(
        user=request.user,
        subject=_named(subject),
        field=field,
        address=address_of(request),
    )


def _named(subject: models.Model) -> str:
    return f"{subject._meta.label_lower}:{subject.pk}"
