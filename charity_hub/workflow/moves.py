"""The table of moves of a model, declared once in a room's ``workflow.py``::

    approve_request = Move[SpendingRequest](
        "approve", FILED, APPROVED, by=host_officer, not_by=("filed_by",), reason=Reason.MAY_BE_GIVEN,
        check=check_approval, changes=approved_today, effect=commit_amount,
        label=_("Approve"), lead=_("The amount is reserved."), done=_("Approved."), icon="circle-check",
    )
    SPENDING = Workflow(SpendingRequest, moves=[approve_request, ...], start=[FILED], locks=["fund"])

A move is its action: ``approve_request(request, actor=officer)``. It locks the row and what ``locks`` names,
asks all that is declared again, writes the new state with its history row, and does the rest, all in one
transaction. Its page, its button and its work list come from ``workflow.views`` and ``Workflow``.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, cast

import pgtrigger
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.expressions import Combinable
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.notices.actions import notify
from charity_hub.people.access import require
from charity_hub.people.models import User
from charity_hub.portal.forms import CardForm
from charity_hub.portal.registry import WorkItem, WorkList, register_worklist
from charity_hub.portal.state_colours import register_colours
from charity_hub.workflow.actions import history, lock, moved_on, record, required_reason, with_last_move
from charity_hub.workflow.forms import MoveForm, ReasonForm, RemarkForm
from charity_hub.workflow.guards import MovesAreRecorded, StartsAndMoves
from charity_hub.workflow.models import Transition
from charity_hub.workflow.rules import Who

type Text = str | Promise
type Data = Mapping[str, Any]


class Reason(StrEnum):
    """Whether a move says why."""

    NONE = "none"
    MAY_BE_GIVEN = "may be given"
    NEEDED = "needed"


FORMS: Mapping[Reason, Callable[..., CardForm]] = {
    Reason.NONE: MoveForm,
    Reason.MAY_BE_GIVEN: RemarkForm,
    Reason.NEEDED: ReasonForm,
}


class Move[Row: models.Model]:
    """One move. Calling it with a row makes the move; returns False if the row is already there.

    ``name``: its address, ``give-back``. ``sources``: the state or states from which it leads to
    ``target``. ``by``: who may make it; None for a move of the system, which has no page. ``not_by``: fields
    that name who made an earlier move, and ``not_movers`` names of earlier moves in the history:
    these people must leave this move to somebody else, and ``left_to`` tells them so. The same is true for
    people of ``by``
    who are not among ``only`` on this row. ``check(row, actor, data)`` raises ``Refused``. ``changes(row,
    actor,
    data)`` returns the fields to write with the state; ``effect(row, actor, data)`` runs after that, for
    example to
    post to the ledger. ``data`` is the form's data, the reason included. ``again(row, actor,
    data)`` checks a call for a row that is in ``target`` already, and raises ``Refused`` if it is not
    just a repetition. ``action(row, actor=, **data)`` replaces all of this for
    a move with its own function: jobs, or several rows at once.

    On its page: ``label`` (without one there is no button), ``lead``, ``form(data, row=row)``,
    ``warnings(row)`` in whole sentences, ``done``; ``danger`` for a move that is hard to undo; ``confirm``
    for a binding one: the answers are shown again with this sentence before it is made; ``ready`` tells
    whether to show the button yet; ``own_page`` for a page made by the room itself. ``looks_at`` names an
    encrypted field that only this page shows in full; each look is recorded.

    ``tells``: who is notified, with which kind of notice.

    ``waiting`` is the title of the work list of the people who may make the move (or of ``waits_for``),
    limited to
    rows of ``where``; ``tone`` is its colour.
    """

    workflow: "Workflow[Row]"
    do_not_call_in_templates = True

    def __init__(
        self,
        name: str,
        sources: str | Collection[str],
        target: str,
        *,
        label: Text = "",
        by: Who | None = None,
        not_by: Sequence[str] = (),
        not_movers: Sequence[str] = (),
        only: Who | None = None,
        left_to: Text = "",
        reason: Reason = Reason.NONE,
        form: Callable[..., CardForm] | None = None,
        check: Callable[[Row, User, Data], None] | None = None,
        changes: Callable[[Row, User, Data], Data] | None = None,
        effect: Callable[[Row, User, Data], None] | None = None,
        again: Callable[[Row, User, Data], None] | None = None,
        action: Callable[..., object] | None = None,
        lead: Text = "",
        done: Text = "",
        icon: str = "arrow-right",
        danger: bool = False,
        confirm: Text = "",
        warnings: Callable[[Row], list[str]] | None = None,
        ready: Callable[[Row], bool] | None = None,
        looks_at: str = "",
        own_page: bool = False,
        tells: Sequence["Tell[Row]"] = (),
        waiting: Text = "",
        waits_for: Who | None = None,
        where: Combinable | Q | None = None,
        tone: str = "yellow",
    ) -> None:
        self.name, self.target = name, target
        self.sources = frozenset({sources} if isinstance(sources, str) else sources)
        self.label, self.lead, self.done, self.icon, self.danger = label, lead, done, icon, danger
        self.confirm, self.by, self.only, self.left_to, self.reason = confirm, by, only, left_to, reason
        self.not_by, self.not_movers = tuple(not_by), tuple(not_movers)
        self.form = form or FORMS[reason]
        self.check, self.changes, self.effect = check, changes, effect
        self.again, self.action, self.tells = again, action, tuple(tells)
        self.warnings, self.ready, self.looks_at, self.own_page = warnings, ready, looks_at, own_page
        self.waiting, self.waits_for, self.where, self.tone = waiting, waits_for or by, where or Q(), tone

    def __call__(
        self, row: Row, reason: str = "", *, actor: User | None, seen: int | None = None, **data: Any
    ) -> bool:
        """Make the move, in a transaction; returns False and does nothing if the row is already there.

        ``actor`` is None if the portal itself acts: a command or a job may make every move. ``seen`` is the
        newest history row that ``actor`` has read: a row that moved since then is refused. Raises
        ``PermissionDenied`` for people who may not make the move, ``Refused`` with a sentence if it is not
        possible.
        """
        if self.action:
            return bool(self.action(row, actor=actor, **({"reason": reason} if reason else {}), **data))
        with transaction.atomic():
            row = self.workflow.lock(row)
            require(actor is None or self.by is None or self.by.includes(actor, row))
            whom = cast("User", actor)  # None only if a command or a job makes the move
            if state_of(row) == self.target:
                if self.again:
                    self.again(row, whom, data)
                return False
            self._check(row, actor, seen)
            why = self._why(reason)
            data["reason"] = why
            if self.check:
                self.check(row, whom, data)
            changes = self.changes(row, whom, data) if self.changes else {}
            old = state_of(row)
            write(row, {"state": self.target, **changes})
            made = record(row, old, self.target, actor=actor, why=why)
            if self.effect:
                self.effect(row, whom, data)
            for tell in self.tells:
                tell(row, made, url=self.workflow.url(row))
            return True

    def _check(self, row: Row, actor: User | None, seen: int | None) -> None:
        if not self.possible(row):
            raise moved_on(row)
        latest = history(row).last() if seen is not None else None
        if latest and latest.pk != seen:
            raise Refused(_("This was changed after you opened it. Read it again, then decide."))
        if actor and self.left_to_others(actor, row):
            raise Refused(str(self.left_to))

    def _why(self, reason: str) -> str:
        return required_reason(reason) if self.reason == Reason.NEEDED else reason.strip()

    def possible(self, row: Row) -> bool:
        """Whether the row is in a state from which the move leads."""
        return state_of(row) in self.sources

    def left_to_others(self, user: User, row: Row) -> bool:
        """Whether ``user`` must leave the move to another person, usually because they made an earlier
        move.
        """
        if user.pk in {row.serializable_value(field) for field in self.not_by}:
            return True
        if self.only and not self.only.includes(user, row):
            return True
        made = self._made_by(user)
        return made is not None and type(row)._base_manager.filter(made, pk=row.pk).exists()

    def _made_by(self, user: User) -> Q | None:
        """Rows of which ``user`` made one of the moves of ``not_movers``."""
        pairs = Q()
        for name in self.not_movers:
            earlier = self.workflow.named(name)
            pairs |= Q(old__in=earlier.sources, new=earlier.target)
        if not pairs:
            return None
        kind = ContentType.objects.get_for_model(self.workflow.model)
        moves = Transition.objects.filter(
            pairs, source_type=kind, source_id=models.OuterRef("pk"), actor=user
        )
        return Q(models.Exists(moves))

    def url(self, row: Row) -> str:
        """The address of the move's page for this row."""
        return f"{self.workflow.url(row)}{self.name}/"

    def rows_waiting(self, user: User) -> models.QuerySet[Row]:
        """The keys of the rows on which this person may make the move now."""
        rows = self.workflow.model._base_manager.filter(self.where, state__in=self.sources)
        if self.waits_for is None:
            return rows.none()
        for field in self.not_by:
            rows = rows.exclude(**{field: user.pk})
        if made := self._made_by(user):
            rows = rows.exclude(made)
        if self.only:
            rows = rows.filter(self.only.rows(user))
        return rows.filter(self.waits_for.rows(user)).order_by("pk")


@dataclass(frozen=True, slots=True)
class Tell[Row: models.Model]:
    """A notice of a move to these people, except the actor. ``facts`` and ``reason`` fill its text."""

    kind: str
    people: Callable[[Row], Iterable[User]]
    facts: Callable[[Row], Mapping[str, str]]

    def __call__(self, row: Row, made: Transition, *, url: str) -> None:
        others = [person for person in self.people(row) if person.pk != made.actor_id]
        facts = {"reason": made.why, **self.facts(row)}
        notify(self.kind, others, key=f"{self.kind}:{made.pk}", url=url, **facts)


class Workflow[Row: models.Model]:
    """All moves of a model, one workflow per model. Creating it registers guards, work lists and colours.

    ``start``: the states in which a row begins, with a history row unless ``start_recorded`` is false (for
    models with thousands of rows that name their creator themselves). ``locks``: the fields whose rows are
    locked first, in this order. ``namespace`` is the url namespace of its pages; the pages of moves are
    below the row's own page, ``url(row)``. ``colours``: one for each state. ``turns``: for each state a
    sentence that says who acts next, filled with ``names(row)``; ``turn_instead(row)`` returns another
    sentence or None. ``item``: title and detail of a row in a work list, which also reads ``related`` but
    not the fields in ``unread``; ``deadline(row)`` is the last day to finish it.
    ``days``: the field with the day of a state; the days of other states come from the history.
    ``template`` and ``context(row)`` are those of the pages of moves.
    """

    def __init__(
        self,
        model: type[Row],
        *,
        moves: Sequence[Move[Row]],
        start: Collection[str],
        start_recorded: bool = True,
        colours: Mapping[str, str],
        namespace: str,
        item: Callable[[Row], tuple[Text, Text]],
        related: Sequence[str] = (),
        unread: Sequence[str] = (),
        deadline: Callable[[Row], date | None] = lambda _row: None,
        days: Mapping[str, str] | None = None,
        locks: Sequence[str] = (),
        turns: Mapping[str, Text] | None = None,
        names: Callable[[Row], Mapping[str, object]] | None = None,
        turn_instead: Callable[[Row], Text | None] | None = None,
        template: str = "portal/form.html",
        context: Callable[[Row], Data] | None = None,
        url: Callable[[Row], str] | None = None,
    ) -> None:
        self.model, self.moves, self.locks = model, tuple(moves), tuple(locks)
        self.namespace, self.url = namespace, url or resolve_url
        self.item, self.related, self.days = item, tuple(related), days or {}
        self.unread, self.deadline = tuple(unread), deadline
        self.turns, self.names, self.turn_instead = turns or {}, names, turn_instead
        self.template, self.context = template, context
        for move in self.moves:
            move.workflow = self
        self._guard(start, start_recorded=start_recorded)
        register_colours(model, colours)
        for move in self.moves:
            if move.waiting:
                register_worklist(self._worklist(move))

    def _guard(self, start: Collection[str], *, start_recorded: bool) -> None:
        called = self.model._meta.model_name
        pairs = {(old, move.target) for move in self.moves for old in move.sources if move.target}
        pgtrigger.register(
            StartsAndMoves(f"{called}_moves_by_its_workflow", start=start, moves=pairs),
            MovesAreRecorded(f"{called}_moves_are_recorded", start=start_recorded),
        )(self.model)

    def _worklist(self, move: Move[Row]) -> WorkList:
        return WorkList(
            f"{self.namespace}-{move.name}",
            move.waiting,
            move.icon,
            lambda user: self.items(move.rows_waiting(user), move.tone),
        )

    def items(self, rows: models.QuerySet[Row], tone: str = "blue") -> list[WorkItem]:
        """Rows as items of a work list or search results."""
        found = []
        rows = rows.select_related(*self.related) if self.related else rows
        for row in with_last_move(rows.defer(*self.unread)):
            title, detail = self.item(row)
            since, deadline = self._since(row), self.deadline(row)
            found.append(WorkItem(title, self.url(row), detail, since=since, deadline=deadline, tone=tone))
        return found

    def _since(self, row: Any) -> date | None:
        """The day on which the row came into its state (Asia/Shanghai)."""
        day: date | None = getattr(row, self.days.get(row.state, "moved_at"))
        return timezone.localdate(day) if isinstance(day, datetime) else day

    def named(self, name: str) -> Move[Row]:
        """The move of this name. Raises ``KeyError`` for an unknown name."""
        return {move.name: move for move in self.moves}[name]

    def lock(self, row: Row) -> Row:
        """Read the row again under a lock, after the rows in ``locks``."""
        parents = {field: lock(getattr(row, field)) for field in self.locks}
        row = lock(row)
        for field, parent in parents.items():
            setattr(row, field, parent)
        return row

    def offered(self, user: User, row: Row) -> list[Move[Row]]:
        """The moves whose buttons this person sees, in the order of the table; one query."""
        asked = {
            move.name.replace("-", "_"): move
            for move in self.moves
            if move.by and move.label and move.possible(row) and not move.left_to_others(user, row)
        }
        may = {
            f"may_{name}": ExpressionWrapper(move.by.rows(user), output_field=BooleanField())
            for name, move in asked.items()
            if move.by
        }
        told = self.model._base_manager.filter(pk=row.pk).annotate(**may).values(*may).first() or {}
        return [
            move
            for name, move in asked.items()
            if told.get(f"may_{name}") and (move.ready is None or move.ready(row))
        ]

    def turn(self, row: Row) -> str:
        """Who acts next, as a sentence; empty in a final state."""
        instead = self.turn_instead(row) if self.turn_instead else None
        sentence = self.turns.get(state_of(row), "") if instead is None else instead
        return str(sentence) % (self.names(row) if self.names else {})

    def shown(self, user: User, row: Row) -> dict[str, Any]:
        """The context of a detail page: ``moves``, ``turn`` and ``transitions``."""
        return {"moves": self.offered(user, row), "turn": self.turn(row), "transitions": history(row)}


def state_of(row: models.Model) -> str:
    """The state with which the row was read."""
    return str(row.serializable_value("state"))


def write(row: models.Model, changes: Data) -> None:
    """Write these fields of a locked row."""
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=list(changes))


def latest(row: models.Model) -> Transition | None:
    """The newest history row."""
    return history(row).last()
