"""Long work: queued once, done once, and never lost without a word."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import TestCase
from django.utils import timezone, translation
from kombu.exceptions import OperationalError

from charity_hub.errors import Refused
from charity_hub.jobs import actions, job_lock, registry, tasks
from charity_hub.jobs.actions import JobTakenOver, enqueue, progress, requeue_lost, retry, run
from charity_hub.jobs.models import Job, JobState
from charity_hub.jobs.registry import register_job
from charity_hub.workflow.actions import history
from tests import cast

pytestmark = pytest.mark.django_db


class Worker:
    """What a job did, and what was sent to the broker."""

    def __init__(self) -> None:
        self.done: list[int] = []
        self.sent: list[int] = []


@pytest.fixture(autouse=True)
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    """A kind of job that notes what it does, and a broker that notes what it is told."""
    noted = Worker()
    monkeypatch.setattr(registry, "_kinds", {})
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda args, **_options: noted.sent.append(args[0]))
    kind_that(lambda job: noted.done.append(job.pk))
    return noted


def queued(key: str = "k", **fields: Any) -> Job:
    job = enqueue("specimen", key=key, arguments={"year": 2025}, actor=cast.mei())
    if fields:
        Job.objects.filter(pk=job.pk).update(**fields)
        job.refresh_from_db()
    return job


def kind_that(function: Callable[[Job], None]) -> None:
    register_job("specimen", function, "Specimen", seen_by=lambda user, _job: user == cast.mei())


def after(job: Job) -> Job:
    job.refresh_from_db()
    return job


def test_the_row_is_there_before_the_message(worker: Worker) -> None:
    with TestCase.captureOnCommitCallbacks() as callbacks:
        job = queued()
    assert after(job).state == JobState.QUEUED
    assert worker.sent == []
    callbacks[0]()
    assert worker.sent == [job.pk]


def test_nothing_is_sent_when_the_request_is_rolled_back(worker: Worker) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True), transaction.atomic():
        queued()
        transaction.set_rollback(True)
    assert worker.sent == []
    assert not Job.objects.exists()


def test_the_same_work_is_queued_once() -> None:
    assert queued("a") == queued("a")
    assert queued("a") != queued("b")


def test_the_same_work_can_be_asked_for_again_when_it_is_done() -> None:
    first = queued()
    run(first.pk)
    assert queued() != first


def test_sql_cannot_open_the_same_work_twice() -> None:
    job = queued()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO jobs_job (kind, key, arguments, state, done, total, error, attempts, created_at)"
            " VALUES ('x', %s, '{}', 'running', 0, 0, '', 0, now())",
            [job.key],
        )


def test_a_broker_that_is_down_does_not_fail_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_args: object, **_options: object) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.run_job, "apply_async", down)
    with TestCase.captureOnCommitCallbacks(execute=True):
        job = queued()
    assert after(job).state == JobState.QUEUED
    assert job.heartbeat_at is None


def test_work_is_done(worker: Worker) -> None:
    job = queued()
    run(job.pk)
    assert worker.done == [job.pk]
    assert after(job).state == JobState.DONE
    assert job.finished_at is not None
    assert job.attempts == 1


def test_a_message_that_comes_twice_does_the_work_once(worker: Worker) -> None:
    job = queued()
    run(job.pk)
    run(job.pk)
    assert worker.done == [job.pk]


def test_a_message_for_a_row_that_is_gone_does_nothing(worker: Worker) -> None:
    run(999_999)
    assert worker.done == []


def test_the_task_runs_the_job(worker: Worker) -> None:
    job = queued()
    tasks.run_job(job.pk)
    assert worker.done == [job.pk]


def test_a_refusal_is_the_jobs_error() -> None:
    def refuse(_job: Job) -> None:
        raise Refused("The fund is closed.")

    kind_that(refuse)
    job = queued()
    run(job.pk)
    assert after(job).state == JobState.FAILED
    assert job.error == "The fund is closed."


def test_an_unexpected_failure_shows_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    def break_down(_job: Job) -> None:
        raise RuntimeError("secret inner state")

    kind_that(break_down)
    job = queued()
    with translation.override("en"):
        run(job.pk)
    assert after(job).state == JobState.FAILED
    assert job.error.startswith("An unexpected error")
    assert "secret inner state" not in job.error
    assert "secret inner state" in caplog.text


def test_a_kind_that_nobody_registered_fails() -> None:
    job = enqueue("unheard-of", key="u", arguments={}, actor=None)
    run(job.pk)
    assert after(job).state == JobState.FAILED


def test_progress_is_written_while_the_work_goes_on() -> None:
    seen: list[tuple[int, int]] = []

    def work(job: Job) -> None:
        progress(job, 3, 10)
        seen.append(Job.objects.values_list("done", "total").get(pk=job.pk))

    kind_that(work)
    run(queued().pk)
    assert seen == [(3, 10)]


def test_a_worker_that_was_given_up_stops_and_changes_nothing() -> None:
    def work(job: Job) -> None:
        Job.objects.filter(pk=job.pk).update(attempts=2)
        with pytest.raises(JobTakenOver):
            progress(job, 1, 2)
        progress(job, 2, 2)

    kind_that(work)
    job = queued()
    run(job.pk)
    assert after(job).state == JobState.RUNNING
    assert job.done == 0


def test_a_failed_job_can_be_tried_again(worker: Worker) -> None:
    job = queued(state=JobState.FAILED, error="broken", attempts=3)
    with TestCase.captureOnCommitCallbacks(execute=True):
        retry(job, actor=cast.mei())
    assert after(job).state == JobState.QUEUED
    assert job.error == ""
    assert worker.sent == [job.pk]
    step = history(job).get()
    assert (step.old, step.new, step.actor) == ("failed", "queued", cast.mei())


def test_trying_again_twice_is_quiet(worker: Worker) -> None:
    job = queued(state=JobState.FAILED)
    with TestCase.captureOnCommitCallbacks(execute=True):
        retry(job, actor=cast.mei())
        retry(job, actor=cast.mei())
    assert worker.sent == [job.pk]


def test_only_who_may_look_on_tries_it_again() -> None:
    job = queued(state=JobState.FAILED)
    with pytest.raises(PermissionDenied):
        retry(job, actor=cast.wen())


def test_a_done_job_is_not_tried_again() -> None:
    with pytest.raises(Refused):
        retry(queued(state=JobState.DONE), actor=cast.mei())


def test_a_failed_job_is_not_tried_again_beside_its_successor() -> None:
    failed = queued(state=JobState.FAILED)
    queued()
    with pytest.raises(Refused):
        retry(failed, actor=cast.mei())


def test_the_sweep_sends_what_was_never_sent(worker: Worker) -> None:
    job = queued(created_at=timezone.now() - timedelta(minutes=2))
    assert requeue_lost() == 1
    assert worker.sent == [job.pk]


@pytest.mark.parametrize(
    "fields",
    [
        {"created_at": timezone.now() + timedelta(hours=1)},
        {"created_at": timezone.now() - timedelta(minutes=3), "heartbeat_at": timezone.now()},
        {"state": JobState.DONE},
        {"state": JobState.FAILED},
    ],
)
def test_the_sweep_leaves_alone_what_is_not_lost(worker: Worker, fields: dict[str, Any]) -> None:
    queued(**fields)
    assert requeue_lost() == 0
    assert worker.sent == []


def test_the_sweep_takes_a_running_job_from_its_dead_worker(worker: Worker) -> None:
    job = queued(state=JobState.RUNNING, attempts=1)
    assert requeue_lost() == 1
    assert after(job).state == JobState.QUEUED
    run(job.pk)
    assert worker.done == [job.pk]


def test_the_sweep_leaves_a_living_worker_alone(worker: Worker) -> None:
    job = queued(state=JobState.RUNNING, attempts=1)
    with job_lock.hold(job.pk) as mine:
        assert mine
        assert requeue_lost() == 0
    assert after(job).state == JobState.RUNNING


def test_work_that_kills_three_workers_has_failed(worker: Worker) -> None:
    job = queued(state=JobState.RUNNING, attempts=actions.MOST_ATTEMPTS)
    with translation.override("en"):
        requeue_lost()
    assert after(job).state == JobState.FAILED
    assert "3 times" in job.error
    assert worker.sent == []
