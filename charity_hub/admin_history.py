"""What became of a row: every change that PostgreSQL kept, with who made it, when and from where."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from pghistory.models import Events

from charity_hub.people.models import User

LONGEST_VALUE = 120


@dataclass(frozen=True)
class Change:
    """One kept change: (field, before, after) of everything that it touched."""

    at: datetime
    by: str
    where: str
    what: str
    fields: list[tuple[str, str, str]]


def changes_of(row: models.Model) -> Iterator[Change]:
    """The changes of one row, newest first."""
    kept = Events.objects.tracks(row)  # type: ignore[no-untyped-call]
    events = list(kept.order_by("-pgh_created_at", "-pgh_id"))
    contexts = [event.pgh_context or {} for event in events]
    people = User.objects.in_bulk({context["user"] for context in contexts if context.get("user")})
    for event, context in zip(events, contexts, strict=True):
        actor = people.get(context.get("user"))
        yield Change(
            at=event.pgh_created_at,
            by=str(actor) if actor else _("the system"),
            where=str(context.get("url", "")),
            what=_("Made") if event.pgh_label == "insert" else _("Changed"),
            fields=[
                (_label(row, name), _short(before), _short(after))
                for name, (before, after) in (event.pgh_diff or {}).items()
            ],
        )


def _label(row: models.Model, name: str) -> str:
    try:
        return str(row._meta.get_field(name.removesuffix("_id")).verbose_name)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return name


def _short(value: Any) -> str:
    return "–" if value in (None, "") else str(value)[:LONGEST_VALUE]


class KeptHistory:
    """Mixin for a ModelAdmin: its history page shows what PostgreSQL kept, not the admin's own notes."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = get_object_or_404(self.model, pk=object_id)  # type: ignore[attr-defined]
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": _("History of %(row)s") % {"row": row},
            "opts": row._meta,
            "object": row,
            "changes": changes_of(row),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/kept_history.html", context)
