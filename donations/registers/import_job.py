"""Recording a register's good rows, batch by batch; may be killed anywhere and run again."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from itertools import dropwhile
from typing import Any

from django.db import transaction

from charity_hub.jobs.actions import progress
from charity_hub.jobs.models import Job
from charity_hub.people.models import User
from charity_hub.workflow.actions import lock
from donations.money.actions import PreparedGift, enter_gifts, prepare_gifts
from donations.money.bulk_insert import GiftRow
from donations.money.rules import NewGift
from donations.registers.dry_run import dry_run
from donations.registers.duplicates import IdsOnFile, Overlap, duplicates_of, existing_keys
from donations.registers.models import Register, RegisterState
from donations.registers.questions import DOUBLE, ID_OF_ANOTHER, RECORDED_BEFORE, TWIN, Answers, about
from donations.registers.source_file import (
    Entry,
    Source,
    batches,
    entries,
    keys_for,
    open_register,
    recorded_at,
)
from donations.registers.summary import RegisterSummary
from donations.registers.workflow import finish_import, return_to_decide
from funds.profile.models import Purpose

type Ready = tuple[Entry, PreparedGift]

JOB_KIND = "import_register"
# While a batch is written the next one is read; the first is small, for nothing can be written before it.
FIRST_BATCH, BATCH = 500, 2_500


def run_import(
    register: Register,
    source: Source,
    *,
    actor: User | None,
    report: Callable[[int], None] = lambda _done: None,
) -> None:
    """Record the good rows of a register that is being imported, from where it stopped; then it is imported.

    One that came from the command line with rows in question is checked instead: they are to be decided.

    Each batch and the note of how far it came are one transaction. ``report`` hears the rows done so far.
    """
    register = _whole(register)
    purposes = {purpose.name: purpose for purpose in register.fund.purposes.all()}
    tally = RegisterSummary(source.terms.purposes)
    found = entries(source, keys_for(source, register.station, register.fund), tally)
    through = register.summary["import"]["through"]
    aside = UnrecordedRows(source.answers)
    todo: Iterator[Entry] = dropwhile(lambda entry: entry[0].number <= through, found)
    for batch in read_ahead(_prepared(todo, register, purposes, actor, source.answers)):
        report(_take(register, batch, actor, aside))
    with transaction.atomic():
        locked = lock(register)
        end, summary = finish_import, locked.summary
        if "rows" not in summary:  # brought in from the command line, not checked before
            source.own = recorded_at(locked)
            asked = aside.asked(source, register)
            summary["import"]["there"] -= asked
            summary |= tally.as_summary()
            if tally.question_count or aside.ids or asked:
                end = return_to_decide
                reader = register.uploaded_by
                seen = dry_run(source, register.station, register.fund, reader=reader, limited=False)
                summary |= seen.as_summary()
        if end(locked, actor=actor):
            locked.summary = summary
            locked.save(update_fields=["summary"])


def _whole(register: Register) -> Register:
    """The register with all that reading ahead asks of it: that thread must not use the database."""
    return Register.objects.select_related("station", "fund__book", "file").get(pk=register.pk)


def read_ahead[T](found: Iterator[T]) -> Iterator[T]:
    """The same things, the next one made in another thread while PostgreSQL is busy with this one."""
    with ThreadPoolExecutor(1, "read-ahead") as reader:
        coming = reader.submit(copy_context().run, _next_of, found)
        while (one := coming.result()) is not None:
            coming = reader.submit(copy_context().run, _next_of, found)
            yield one


def _next_of[T](found: Iterator[T]) -> T | None:
    return next(found, None)


def nothing_yet(*, skip_doubles: bool, at: Sequence[str] = ()) -> dict[str, Any]:
    """The count of an import that has not begun: rows done, gifts added, rows there already, left out.

    ``at`` is when gifts of the register were recorded by an import before this one.
    """
    return {
        "skip_doubles": skip_doubles,
        "through": 0,
        "added": 0,
        "added_fen": 0,
        "there": 0,
        "left_out": 0,
        "at": list(at),
    }


def _prepared(
    todo: Iterator[Entry],
    register: Register,
    purposes: dict[str, Purpose],
    actor: User | None,
    answers: Answers,
) -> Iterator[list[Ready]]:
    """Batches with everything done that needs no database."""
    for batch in batches(todo, BATCH, first=FIRST_BATCH):
        decided = (_decided(entry, answers, register) for entry in batch)
        new = [_new_gift(entry, purposes, register, actor) for entry in decided]
        yield list(zip(batch, prepare_gifts(new, register.fund), strict=True))


def _decided(entry: Entry, answers: Answers, register: Register) -> Entry:
    """The row as it was decided to record it: as one more gift, without an ID that is known as another's."""
    row, key = entry
    if not answers:
        return entry
    if answers.get(about(key, [ID_OF_ANOTHER])):
        row = replace(row, id_number="")
    return row, f"{key}:{register.pk}" if answers.get(about(key, [RECORDED_BEFORE])) else key


@dataclass(slots=True)
class UnrecordedRows:
    """Rows that are not recorded, by decision or for want of one, and what the import found of them."""

    answers: Answers
    ids: list[Entry] = field(default_factory=list)
    overlap: Overlap = field(default_factory=Overlap)
    first_with: dict[str, str] = field(default_factory=dict)

    def without(self, batch: Sequence[Ready], register: Register, *, skip_doubles: bool) -> list[Ready]:
        """The batch without likely doubles that are left out and without IDs of others."""
        rows = [entry for entry, _gift in batch]
        there = existing_keys(rows)
        new = [entry for entry in rows if entry[1] not in there]
        self.overlap.note(rows, there)
        reader = register.uploaded_by
        others = [
            (row, key)
            for row, key in IdsOnFile.of(new, register.fund, reader).asked(new, self.first_with)
            if not self.answers.get(about(key, [ID_OF_ANOTHER]))
        ]
        self.ids += others
        asks = skip_doubles or self.answers
        twins = {id(row) for row, _number in duplicates_of(new, register.fund, reader)} if asks else set()
        apart = {id(row) for row, _key in others}
        return [
            ready
            for ready in batch
            if id(ready[0][0]) not in apart and self._keeps(ready[0], twins, skip=skip_doubles)
        ]

    def _keeps(self, entry: Entry, twins: set[int], *, skip: bool) -> bool:
        row, key = entry
        asked = [TWIN] if id(row) in twins else [DOUBLE] if row.double_of and not row.questions else []
        return not asked or self.answers.get(about(key, asked), not skip)

    def asked(self, source: Source, register: Register) -> int:
        """How many rows may be gifts recorded earlier, or further ones like them."""
        if source.reference is not None:
            return 0
        return len(self.overlap.doubtful(register.station, register.fund, source.own))


def _take(register: Register, batch: Sequence[Ready], actor: User | None, aside: UnrecordedRows) -> int:
    """Record one batch. Rows that another worker took meanwhile are left alone."""
    with transaction.atomic():
        locked = lock(register)
        count = locked.summary["import"]
        fresh = [ready for ready in batch if ready[0][0].number > count["through"]]
        if fresh and locked.state == RegisterState.IMPORTING:
            wanted = aside.without(fresh, register, skip_doubles=count["skip_doubles"])
            gifts = enter_gifts(
                [gift for _entry, gift in wanted], station=register.station, fund=register.fund, actor=actor
            )
            _note(locked, count, fresh, wanted, gifts)
        return int(count["added"] + count["there"] + count["left_out"])


def _new_gift(entry: Entry, purposes: dict[str, Purpose], register: Register, actor: User | None) -> NewGift:
    row, key = entry
    if row.given_on is None:
        raise RuntimeError(f"row {row.number} has no date")
    return NewGift(
        purpose=purposes[row.purpose],
        donor_kind=row.donor_kind,
        name=row.name,
        phone=row.phone,
        id_number=row.id_number,
        amount_fen=row.amount_fen,
        way=row.way,
        given_on=row.given_on,
        handler=row.handler or (actor and actor.name) or register.station.contact,
        publish_name=row.publish_name,
        publish_amount=row.publish_amount,
        official_receipt=row.receipt,
        note=row.note,
        key=key,
    )


def _note(
    register: Register,
    count: dict[str, Any],
    fresh: Sequence[Ready],
    wanted: Sequence[Ready],
    gifts: Sequence[GiftRow],
) -> None:
    """Write down how far the import has come, in the transaction that recorded the gifts."""
    count["through"] = fresh[-1][0][0].number
    count["added"] += len(gifts)
    count["added_fen"] += sum(gift.amount_fen for gift in gifts)
    count["there"] += len(wanted) - len(gifts)
    if gifts:
        count["at"].append(gifts[0].recorded_at.isoformat())
    count["left_out"] += len(fresh) - len(wanted)
    register.save(update_fields=["summary"])


def import_job(job: Job) -> None:
    """Import a register as a job: the job's bar moves with every batch."""
    register = _whole(Register(pk=job.arguments["register"]))
    total = register.summary.get("acceptable", 0)
    if register.state == RegisterState.IMPORTING:
        progress(job, 0, total)
        with open_register(register) as source:
            run_import(
                register, source, actor=job.requested_by, report=lambda done: progress(job, done, total)
            )
