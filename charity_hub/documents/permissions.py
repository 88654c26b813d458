"""Who may read a document: the row that owns it decides.

A room registers its rule once, in its ``registrations.register()``::

    register_owner(Gift, lambda user, gift: scope_of(user).covers(gift.station))
"""

from collections.abc import Callable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from charity_hub.documents.models import Document
from charity_hub.people.access import AnyUser, is_administrator

type MayRead = Callable[[AnyUser, Any], bool]

type Published = Callable[[Document], bool]

_rules: dict[type[models.Model], MayRead] = {}
_published: dict[type[models.Model], Published] = {}


def register_owner(
    model: type[models.Model], may_read: MayRead, *, published: Published | None = None
) -> None:
    """Let rows of ``model`` own documents: ``may_read(user, row)`` decides, also for anonymous visitors.

    ``published(document)`` tells whether everybody may read a single document.
    """
    _rules[model] = may_read
    if published:
        _published[model] = published


def owner_of(document: Document) -> models.Model | None:
    """The row that owns the document, or None if it has none or the row was deleted."""
    if document.owner_type_id is None:
        return None
    model = ContentType.objects.get_for_id(document.owner_type_id).model_class()
    return model._base_manager.filter(pk=document.owner_id).first() if model else None


def may_read_of(user: AnyUser, owner: models.Model) -> bool:
    """Whether this person may read the documents of a row, by the row's rule."""
    rule = _rules.get(type(owner))
    return rule is not None and rule(user, owner)


def may_read(user: AnyUser, document: Document) -> bool:
    """Whether this person may read the file: administrators, and people whom the owner's rule allows today.

    Having uploaded it does not count: a role that has ended gives no access.
    """
    if is_administrator(user):
        return True
    owner = owner_of(document)
    return owner is not None and (may_read_of(user, owner) or _is_published(document, owner))


def _is_published(document: Document, owner: models.Model) -> bool:
    rule = _published.get(type(owner))
    return rule is not None and rule(document)
