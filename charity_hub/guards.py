"""Guards: what PostgreSQL guarantees about a model's rows, for every program. Declared beside the model.

    @tracked(meta={"db_table": "people_membership_event"})
    class Membership(models.Model):
        class Meta:
            triggers = [
                Kept("membership_is_never_deleted"),
                ReadOnly("membership_keeps_its_person", fields=["user"]),
                Stamped("membership_is_dated_by_the_database", "created_at"),
            ]

``migrate`` installs them (``charity_hub.sql``). The triggers that pgtrigger itself renders obey the session
setting ``pgtrigger.ignore``, which any role may set; guards do not. The error of a refusal names the guard as
its
constraint. ``tracked`` is ``pghistory.track`` whose triggers are guards, and whose history is
append-only.

There is one exception: the owner of a table who changes the keys of personal data (``people_door_is_open``)
rewrites history rows with the new key, and no history row is added for that.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import pghistory
import pghistory.trigger
import pgtrigger
import pgtrigger.compiler
from django.db import models

DOOR: Final = "IF people_door_is_open(TG_RELID) THEN RETURN coalesce(NEW, OLD); END IF;"

# The name that pgtrigger gives a function, and with it a trigger, ends in five characters of a hash.
LONGEST_NAME: Final = 63 - len("pgtrigger_") - len("_12345")


class GuardSql(pgtrigger.compiler.UpsertTriggerSql):
    """pgtrigger's statement for a trigger, without the check of ``pgtrigger.ignore``."""

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}() RETURNS trigger AS $$
                {declare}
                BEGIN
                    {func}
                END;
            $$ LANGUAGE plpgsql SET search_path = public, pg_temp;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid}
                {when} {operation} ON {table}
                {timing}
                {referencing}
                FOR EACH {level} {condition}
                EXECUTE FUNCTION {execute};

            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class Guard(pgtrigger.Trigger):
    """A trigger that no session setting switches off."""

    def compile(self, model: Any) -> pgtrigger.compiler.Trigger:
        compiled = super().compile(model)
        arguments = {name: value for name, value in compiled.sql.kwargs.items() if name != "ignore_func_name"}
        return pgtrigger.compiler.Trigger(name=self.name, sql=GuardSql(**arguments))


class Refusal(Guard):
    """A guard that refuses its events under its own name.

    ``name`` is the name of the rule; the error has it as its constraint.
    """

    when = pgtrigger.Before
    level = pgtrigger.Statement

    def __init__(self, name: str, **options: Any) -> None:
        self.rule = name
        super().__init__(name=name[:LONGEST_NAME], **options)

    def get_func(self, model: Any) -> str:  # noqa: ARG002 - as the others of pgtrigger
        return refusal(self.rule, "'% of %: refused', TG_OP, TG_TABLE_NAME")


def refusal(rule: str, message: str) -> str:
    """The PL/pgSQL that refuses with ``rule`` as the constraint."""
    return (
        f"RAISE EXCEPTION {message} "
        f"USING ERRCODE = 'restrict_violation', CONSTRAINT = '{rule}', TABLE = TG_TABLE_NAME;"
    )


class Kept(Refusal):
    """Rows are never deleted or truncated."""

    operation = pgtrigger.Delete | pgtrigger.Truncate


class AppendOnly(Refusal):
    """Rows are never changed or deleted."""

    operation = pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate


class OwnersAlone(Refusal):
    """Only the role that owns the table writes rows: what the code declares, written by ``migrate``."""

    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate

    def get_func(self, model: Any) -> str:
        return f"IF NOT people_owns(TG_RELID) THEN {super().get_func(model)} END IF; RETURN NULL;"


class WrittenByTriggers(Refusal):
    """Only triggers, or the role that owns the table, insert rows."""

    operation = pgtrigger.Insert

    def get_func(self, model: Any) -> str:
        refused = super().get_func(model)
        return f"IF pg_trigger_depth() < 2 AND NOT people_owns(TG_RELID) THEN {refused} END IF; RETURN NULL;"


class ReadOnly(Refusal):
    """These fields of a row (or all but ``exclude``) never change once it is written.

    ``unless``, SQL over OLD and NEW, is the condition under which a change is allowed.
    """

    level = pgtrigger.Row

    def __init__(
        self, name: str, *, fields: Sequence[str] = (), exclude: Sequence[str] = (), unless: str = "false"
    ) -> None:
        self.fields, self.exclude, self.unless = fields, exclude, unless
        super().__init__(name, operation=pgtrigger.Update)

    def compile(self, model: Any) -> pgtrigger.compiler.Trigger:
        if self.fields:  # With a column list, PostgreSQL skips updates of other columns without a call.
            self.operation = pgtrigger.UpdateOf(*self.columns(model))
        return super().compile(model)

    def columns(self, model: Any) -> list[str]:
        """The read-only columns. Raises ``FieldDoesNotExist`` for a field that the model does not have."""
        chosen = self.fields or [field.name for field in model._meta.concrete_fields]
        left = {model._meta.get_field(name).name for name in self.exclude}
        return [str(model._meta.get_field(name).column) for name in chosen if name not in left]

    def get_func(self, model: Any) -> str:
        old, new = (
            ", ".join(f'{row}."{column}"' for column in self.columns(model)) for row in ("OLD", "NEW")
        )
        return f"""
            IF ROW({old}) IS DISTINCT FROM ROW({new}) AND ({self.unless}) IS NOT TRUE THEN
                {super().get_func(model)}
            END IF;
            RETURN NEW;
        """


class Stamped(Guard):
    """When a row is inserted, the field is set to the database's clock."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert

    def __init__(self, name: str, field: str) -> None:
        self.field = field
        super().__init__(name=name[:LONGEST_NAME])

    def get_func(self, model: Any) -> str:
        column = model._meta.get_field(self.field).column
        return f'NEW."{column}" := clock_timestamp(); RETURN NEW;'


class _HistoryEvent(Guard, pghistory.trigger.Event):
    """Writes a row of history, except for a change of keys by the table's owner."""

    def get_func(self, model: Any) -> pgtrigger.Func:
        inherited: Any = super()
        return pgtrigger.Func(f"{DOOR} {inherited.get_func(model).func}")


class _HistoryKept(AppendOnly):
    def get_func(self, model: Any) -> str:
        return f"{DOOR} {super().get_func(model)}"


class _Guarded(pghistory.RowEvent):
    def add_event_trigger(self, event_model: Any) -> None:
        event = _HistoryEvent(
            event_model=event_model,
            label=self.label,
            name=self.trigger_name,
            row=self.row,
            operation=self.operation,
            condition=self.condition,
            level=self.level,
        )
        pgtrigger.register(event)(event_model.pgh_tracked_model)


class Inserted(_Guarded, pghistory.InsertEvent):
    """A row of history for each inserted row."""


class Updated(_Guarded, pghistory.UpdateEvent):
    """A row of history for each row in which a tracked field changes."""


class Deleted(_Guarded, pghistory.DeleteEvent):
    """A row of history for each deleted row."""


def tracked[M: type[models.Model]](
    *trackers: _Guarded, meta: dict[str, Any] | None = None, **options: Any
) -> Callable[[M], M]:
    """Keep a history of a model's rows, as ``pghistory.track`` does, with guards.

    Without ``trackers``: of inserts, updates and deletes.
    """
    guards = [_HistoryKept("history_is_never_changed"), WrittenByTriggers("history_is_written_by_triggers")]
    meta = {"triggers": guards, **(meta or {})}
    track: Callable[[M], M] = pghistory.track(
        *(trackers or (Inserted(), Updated(), Deleted())), append_only=False, meta=meta, **options
    )
    return track
