"""The history button of the administration: every change of a row, by whom, field by field.

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
from django.utils.translation import gettext as _

from charity_hub.people.encryption import EncryptedTextField
from charity_hub.people.models import User

MOST_CHANGES = 500


class Change(NamedTuple):
    """One field that was given a value, or a row that came or went."""

    at: datetime
    who: str
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
    names = _names(events)
    changes = [change for one in _by_row(events) for change in _steps(one, names)]
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


def _names(events: list[Any]) -> dict[int, str]:
    ids = {who for event in events if (who := _who(event)) is not None}
    return {person.pk: str(person) for person in User.objects.filter(pk__in=ids)}


def _who(event: Any) -> int | None:
    context = event.pgh_context
    return context.metadata.get("user") if context else None


def _steps(events: list[Any], names: dict[int, str]) -> Iterator[Change]:
    before: Any = None
    for event in events:
        who = names.get(_who(event) or 0, "")
        row = _title(event)
        if event.pgh_label == "delete":
            yield Change(event.pgh_created_at, who, row, "", "", str(_("deleted")))
        else:
            for field, old, new in _differences(before, event):
                yield Change(event.pgh_created_at, who, row, field, old, new)
        before = event


def _title(event: Any) -> str:
    model: Any = event._meta.get_field("pgh_obj").related_model
    names = (getattr(event, name, "") for name in ("number", "code", "name"))
    return f"{model._meta.verbose_name} {next(filter(None, names), event.pgh_obj_id)}"


def _differences(before: Any, after: Any) -> Iterator[tuple[str, str, str]]:
    for field in after._meta.concrete_fields:
        if field.name.startswith("pgh_") or field.name in {"id", "pinyin", "key", "created_at"}:
            continue
        old = getattr(before, field.attname) if before else None
        new = getattr(after, field.attname)
        if old != new and not (before is None and new in (None, "")):
            yield str(field.verbose_name), _shown(field, old), _shown(field, new)


def _shown(field: Any, value: Any) -> str:
    if value in (None, ""):
        return ""
    if isinstance(field, EncryptedTextField):
        return "****"
    return str(dict(field.flatchoices).get(value, value))
