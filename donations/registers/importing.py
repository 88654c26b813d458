"""Recording a register's good rows, a thousand at a time; may be killed anywhere and run again."""

from collections.abc import Callable, Iterator, Sequence
from itertools import dropwhile
from typing import Any

from django.db import transaction

from charity_hub.jobs.actions import progress
from charity_hub.jobs.models import Job
from charity_hub.people.models import User
from charity_hub.workflow.actions import lock, move
from donations.money.actions import record_gifts
from donations.money.models import Gift
from donations.money.rules import NewGift
from donations.registers.models import REGISTER_FLOW, Register, RegisterState
from donations.registers.sources import Entry, batches, entries, keys_for, open_register
from donations.registers.tally import Tally
from donations.registers.twins import keys_there, twins_of
from funds.profile.models import Purpose

JOB_KIND = "import_register"
BATCH = 1_000


def run_import(
    register: Register, *, actor: User, report: Callable[[int], None] = lambda _done: None
) -> None:
    """Record the good rows of a register that is being imported, from where it stopped; then it is imported.

    Each batch and the note of how far it came are one transaction. ``report`` hears the rows done so far.
    """
    purposes = {purpose.name: purpose for purpose in register.fund.purposes.all()}
    with open_register(register) as source:
        tally = Tally(source.terms.purposes)
        found = entries(source, keys_for(source, register.station, register.fund), tally)
        through = register.summary["import"]["through"]
        todo: Iterator[Entry] = dropwhile(lambda entry: entry[0].number <= through, found)
        for batch in batches(todo, BATCH):
            report(_take(register, batch, purposes, actor))
    with transaction.atomic():
        locked = lock(register)
        summary = locked.summary | tally.as_summary()
        move(locked, RegisterState.IMPORTED, REGISTER_FLOW, actor=actor, summary=summary)


def nothing_yet(*, skip_doubles: bool) -> dict[str, Any]:
    """The count of an import that has not begun: rows done, gifts added, rows there already, left out."""
    return {
        "skip_doubles": skip_doubles,
        "through": 0,
        "added": 0,
        "added_fen": 0,
        "there": 0,
        "left_out": 0,
    }


def _take(register: Register, batch: Sequence[Entry], purposes: dict[str, Purpose], actor: User) -> int:
    """Record one batch. Rows that another worker took meanwhile are left alone."""
    with transaction.atomic():
        locked = lock(register)
        count = locked.summary["import"]
        fresh = [entry for entry in batch if entry[0].number > count["through"]]
        if fresh and locked.state == RegisterState.IMPORTING:
            wanted = _without_doubles(fresh, register) if count["skip_doubles"] else fresh
            new = [_new_gift(entry, purposes, register, actor) for entry in wanted]
            gifts = record_gifts(new, station=register.station, fund=register.fund, actor=actor)
            _note(locked, count, fresh, wanted, gifts)
        return int(count["added"] + count["there"] + count["left_out"])


def _without_doubles(batch: Sequence[Entry], register: Register) -> list[Entry]:
    """The batch without likely doubles, within the register and with the fund's other gifts."""
    there = keys_there(batch)
    new = [entry for entry in batch if entry[1] not in there]
    twins = {row.number for row, _number in twins_of(new, register.fund)}
    return [entry for entry in batch if entry[0].double_of is None and entry[0].number not in twins]


def _new_gift(entry: Entry, purposes: dict[str, Purpose], register: Register, actor: User) -> NewGift:
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
        handler=row.handler or actor.name or register.station.contact,
        publish_name=row.publish_name,
        publish_amount=row.publish_amount,
        official_receipt=row.receipt,
        note=row.note,
        key=key,
    )


def _note(
    register: Register,
    count: dict[str, Any],
    fresh: Sequence[Entry],
    wanted: Sequence[Entry],
    gifts: Sequence[Gift],
) -> None:
    """Write down how far the import has come, in the transaction that recorded the gifts."""
    count["through"] = fresh[-1][0].number
    count["added"] += len(gifts)
    count["added_fen"] += sum(gift.amount_fen for gift in gifts)
    count["there"] += len(wanted) - len(gifts)
    count["left_out"] += len(fresh) - len(wanted)
    register.save(update_fields=["summary"])


def import_job(job: Job) -> None:
    """Import a register as a job: the job's bar moves with every batch."""
    register = Register.objects.select_related("station", "fund__book", "fund__host", "file").get(
        pk=job.arguments["register"]
    )
    total = register.summary["acceptable"]
    if register.state == RegisterState.IMPORTING and job.requested_by is not None:
        progress(job, 0, total)
        run_import(register, actor=job.requested_by, report=lambda done: progress(job, done, total))
