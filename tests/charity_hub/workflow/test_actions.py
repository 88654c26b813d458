"""How a row moves from one state to the next."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from charity_hub.errors import Refused
from charity_hub.jobs.models import Job
from charity_hub.workflow.actions import history, lock, move, record
from tests.builders import user

pytestmark = pytest.mark.django_db

FLOW = {"queued": {"running"}, "running": {"done", "failed"}, "failed": {"queued"}}


def a_job() -> Job:
    return lock(Job.objects.create(kind="example", key="example:1"))


def test_a_move_writes_who_and_why() -> None:
    job, mover = a_job(), user()
    assert move(job, "running", FLOW, actor=mover, why="its turn")
    job.refresh_from_db()
    assert job.state == "running"
    (step,) = history(job)
    assert (step.old, step.new, step.actor, step.why) == ("queued", "running", mover, "its turn")


def test_a_move_carries_other_changes_along() -> None:
    job = a_job()
    move(job, "running", FLOW, actor=None, attempts=1)
    job.refresh_from_db()
    assert job.attempts == 1


def test_a_move_to_where_it_is_already_changes_nothing() -> None:
    job = a_job()
    assert not move(job, "queued", FLOW, actor=None)
    assert not history(job).exists()


def test_a_move_the_table_does_not_know_is_refused() -> None:
    job = a_job()
    with pytest.raises(Refused, match="no longer possible"):
        move(job, "done", FLOW, actor=None)
    job.refresh_from_db()
    assert job.state == "queued"


def test_a_stale_row_cannot_be_moved() -> None:
    job = a_job()
    stale = Job.objects.get(pk=job.pk)
    move(job, "running", FLOW, actor=None)
    with pytest.raises(RuntimeError):
        move(stale, "running", FLOW, actor=None)


@pytest.mark.django_db(transaction=True)
def test_a_lock_needs_a_transaction() -> None:
    job = Job.objects.create(kind="example", key="example:1")
    with pytest.raises(RuntimeError):
        lock(job)


@pytest.mark.parametrize(
    "attack", ["UPDATE workflow_transition SET why = 'x'", "DELETE FROM workflow_transition"]
)
def test_history_is_never_rewritten(attack: str) -> None:
    record(a_job(), "", "queued", actor=None)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)
