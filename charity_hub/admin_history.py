"""The history button of the administration: every change of a row, by whom, on which page, field by field.

    class FundAdmin(TrackedAdmin, ModelAdmin):
        history_parts = (CommitteeMember, "fund"), (Purpose, "fund")

Reads what django-pghistory's triggers have written, whoever changed the row: the portal, a command or psql.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, ClassVar, NamedTuple

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from charity_hub.people.encryption import EncryptedTextField
from charity_hub.people.masks import mask_phone
from charity_hub.people.models import User

MOST_CHANGES = 500
# Fields without interest, and fields that may not be shown.
PLUMBING = frozenset({"id", "pinyin", "key", "created_at"})
SECRETS = frozenset({"password"})


class Change(NamedTuple):
    """One changed field, or a row that was added or removed."""

    at: datetime
    who: str
    where: str
    row: str
    field: str
    old: str
    new: str


class TrackedAdmin(admin.ModelAdmin[Any]):
    """Shows a row's recorded changes, and those of the rows that belong to it, behind "History"."""

    history_parts: ClassVar[Sequence[tuple[type[models.Model], str]]] = ()

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        changes = changes_of(row, self.history_parts)[:MOST_CHANGES]
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of %(row)s") % {"row": row},
            "object": row,
            "opts": self.opts,
            "changes": changes,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/row_history.html", context)


def changes_of(row: models.Model, parts: Sequence[tuple[type[models.Model], str]] = ()) -> list[Change]:
    """All recorded changes of a row and of the rows that belong to it, the latest first."""
    events = list(_events_of(type(row), "pgh_obj_id", row.pk))
    for model, link in parts:
        events += _events_of(model, f"{link}_id", row.pk)
    words = _Words()
    changes = [change for one in _by_row(events) for change in _steps(one, words)]
    changes.sort(key=lambda change: change.at)
    return changes[::-1]


def _events_of(model: type[models.Model], field: str, pk: Any) -> list[Any]:
    events: Any = model._meta.get_field("events").related_model
    return list(events.objects.filter(**{field: pk}).select_related("pgh_context").order_by("pgh_id"))


def _by_row(events: list[Any]) -> Iterator[list[Any]]:
    def row(event: Any) -> tuple[str, int]:
        return event._meta.label, event.pgh_obj_id

    for _key, group in groupby(sorted(events, key=row), row):
        yield sorted(group, key=lambda event: event.pgh_id)


class _Words:
    """Values as text; each related row is read once."""

    def __init__(self) -> None:
        self.rows: dict[tuple[type[models.Model], Any], str] = {}

    def row(self, model: type[models.Model], pk: Any) -> str:
        if (model, pk) not in self.rows:
            found = model._base_manager.filter(pk=pk).first()
            self.rows[model, pk] = str(found or pk)
        return self.rows[model, pk]

    def value(self, field: Any, value: Any) -> str:
        if value in (None, ""):
            return ""
        if isinstance(field, EncryptedTextField) or field.name in SECRETS or field.name.endswith("_index"):
            return "****"
        if field.name == "phone" and field.model.pgh_tracked_model is User:
            return mask_phone(value)
        if field.remote_field:
            return self.row(field.remote_field.model, value)
        if isinstance(value, datetime):
            return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        return str(dict(field.flatchoices).get(value, value))


def _steps(events: list[Any], words: _Words) -> Iterator[Change]:
    before: Any = None
    for event in events:
        context = event.pgh_context.metadata if event.pgh_context else {}
        who = words.row(User, context["user"]) if context.get("user") else _("the system")
        head = (event.pgh_created_at, who, context.get("url", ""), _title(event))
        if event.pgh_label == "delete":
            yield Change(*head, "", "", _("deleted"))
        else:
            for field, old, new in _differences(before, event, words):
                yield Change(*head, field, old, new)
        before = event


def _title(event: Any) -> str:
    model: Any = event._meta.get_field("pgh_obj").related_model
    names = (getattr(event, name, "") for name in ("number", "code", "name"))
    return f"{model._meta.verbose_name} {next(filter(None, names), event.pgh_obj_id)}"


def _differences(before: Any, after: Any, words: _Words) -> Iterator[tuple[str, str, str]]:
    for field in after._meta.concrete_fields:
        if field.name.startswith("pgh_") or field.name in PLUMBING:
            continue
        old = getattr(before, field.attname) if before else None
        new = getattr(after, field.attname)
        if old != new and not (before is None and new in (None, "")):
            yield str(field.verbose_name), words.value(field, old), words.value(field, new)
