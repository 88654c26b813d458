"""The two basic actions of every state machine."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.people.models import User
from charity_hub.plain_text import visible
from charity_hub.workflow.models import Transition

type Flow[S: str] = Mapping[S, AbstractSet[S]]


def lock[M: models.Model](row: M) -> M:
    """Read the row again and lock it until the transaction ends."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("lock() needs a transaction")
    return type(row)._base_manager.select_for_update(of=("self",), no_key=True).get(pk=row.pk)


def record(row: models.Model, old: str, new: str, *, actor: User | None, why: str = "") -> Transition:
    """Write the history row of a move (``old`` is empty for a new row)."""
    return Transition.objects.create(
        source_type=ContentType.objects.get_for_model(row),
        source_id=row.pk,
        old=old,
        new=new,
        actor=actor,
        why=why,
    )


def move[S: str](
    row: models.Model, to: S, flow: Flow[S], *, actor: User | None, why: str = "", **changes: Any
) -> bool:
    """Move a locked row to the state ``to``, together with ``changes`` of its other fields.

    Returns False, and changes nothing, if the row is already in that state. Raises ``Refused`` if ``flow``
    does not allow the move. Call ``lock`` first, in the same transaction.
    """
    old = row.state  # type: ignore[attr-defined]
    if old == to:
        return False
    if to not in flow.get(old, frozenset()):
        raise moved_on(row)
    changed = type(row)._base_manager.filter(pk=row.pk, state=old).update(state=to, **changes)
    if changed != 1:
        raise RuntimeError("move() needs a row that lock() returned")
    row.state = to  # type: ignore[attr-defined]
    for name, value in changes.items():
        setattr(row, name, value)
    record(row, old, to, actor=actor, why=why)
    return True


def required_reason(reason: str) -> str:
    """The reason, without invisible characters. Raises ``Refused`` at ``reason`` if it is empty."""
    if not (reason := visible(reason).strip()):
        raise Refused(_("Give the reason: it is kept in the history for others to see."), "reason")
    return reason


def moved_on(row: models.Model) -> Refused:
    """The sentence for a person whose page is older than the row's state."""
    words = dict(getattr(type(row)._meta.get_field("state"), "flatchoices", []))
    state = row.serializable_value("state")
    return Refused(
        _(
            "This is now “%(state)s”, so that step is no longer possible. Reload the page to "
            "see its present state."
        )
        % {"state": words.get(state, state)}
    )


def history(row: models.Model) -> models.QuerySet[Transition]:
    """All moves of a row, oldest first, with the people who made them."""
    return Transition.objects.filter(
        source_type=ContentType.objects.get_for_model(row), source_id=row.pk
    ).select_related("actor")


def with_last_move(rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """The rows with ``moved_at``: when each reached its present state."""
    moves = Transition.objects.filter(
        source_type=ContentType.objects.get_for_model(rows.model), source_id=models.OuterRef("pk")
    ).exclude(old=models.F("new"))
    moved: models.QuerySet[Any] = rows.annotate(
        moved_at=models.Subquery(moves.order_by("-id").values("at")[:1])
    )
    return moved
