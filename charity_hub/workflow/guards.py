"""The guards of a workflow in PostgreSQL, generated from its table of moves."""

from collections.abc import Collection, Iterable
from typing import Any

import pgtrigger

from charity_hub.guards import LONGEST_NAME, Guard, refusal


class StartsAndMoves(Guard):
    """A row begins in one of the states of ``start`` and changes its state only by ``moves``."""

    when = pgtrigger.Before

    def __init__(self, name: str, *, start: Collection[str], moves: Iterable[tuple[str, str]]) -> None:
        self.rule, self.start, self.moves = name, sorted(start), sorted(set(moves))
        super().__init__(name=name[:LONGEST_NAME], operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"))

    def get_func(self, model: Any) -> str:  # noqa: ARG002 - as the others of pgtrigger
        start = ", ".join(f"'{state}'" for state in self.start)
        moves = ", ".join(f"('{old}', '{new}')" for old, new in self.moves)
        begins = refusal(self.rule, "'% does not begin as %', TG_TABLE_NAME, NEW.state")
        moved = refusal(self.rule, "'% does not move from % to %', TG_TABLE_NAME, OLD.state, NEW.state")
        return f"""
            IF TG_OP = 'INSERT' THEN
                IF NEW.state NOT IN ({start}) THEN {begins} END IF;
            ELSIF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN ({moves}) THEN {moved}
            END IF;
            RETURN NEW;
        """


class MovesAreRecorded(Guard):
    """At commit, a row that moved (or began, with ``start``) has a history row of the same transaction."""

    when = pgtrigger.After
    timing = pgtrigger.Deferred

    def __init__(self, name: str, *, start: bool = True) -> None:
        self.rule = name
        moved: pgtrigger.Operation = pgtrigger.UpdateOf("state")
        super().__init__(name=name[:LONGEST_NAME], operation=pgtrigger.Insert | moved if start else moved)

    def get_func(self, model: Any) -> str:
        label, name = model._meta.app_label, model._meta.model_name
        key = model._meta.pk.column
        missing = refusal(
            self.rule, "'% %: its move to % is not in the history', TG_TABLE_NAME, row, NEW.state"
        )
        return f"""
            DECLARE
                row bigint := NEW."{key}";
                before text := '';
            BEGIN
                IF TG_OP = 'UPDATE' THEN
                    before := OLD.state;
                    IF before = NEW.state THEN RETURN NULL; END IF;
                END IF;
                IF NOT EXISTS (
                    SELECT FROM workflow_transition t JOIN django_content_type c ON c.id = t.source_type_id
                    WHERE c.app_label = '{label}' AND c.model = '{name}' AND t.source_id = row
                        AND t.old = before AND t.new = NEW.state AND t.at >= transaction_timestamp()
                ) THEN {missing}
                END IF;
                RETURN NULL;
            END;
        """
