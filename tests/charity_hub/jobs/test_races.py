"""Two workers at once, and a worker that is killed: with real threads, processes and PostgreSQL."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from charity_hub.jobs import actions, job_lock, registry, tasks
from charity_hub.jobs.actions import enqueue, requeue_lost, run
from charity_hub.jobs.models import Job, JobState
from charity_hub.jobs.registry import register_job

pytestmark = pytest.mark.django_db(transaction=True)

# A worker that takes up one job, says so, and then hangs in the middle of it.
HANGING_WORKER = """
import sys, time, django
django.setup()
from django.db import connection
from charity_hub.jobs import actions, registry
connection.settings_dict["NAME"] = sys.argv[2]
registry.register_job("specimen", lambda job: (print("working", flush=True), time.sleep(600)), "Specimen")
actions.run(int(sys.argv[1]))
"""


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What was done, by whomever in this process."""
    noted: list[int] = []
    monkeypatch.setattr(registry, "_kinds", {})
    monkeypatch.setattr(tasks.run_job, "apply_async", lambda *_args, **_options: None)
    register_job("specimen", lambda job: noted.append(job.pk), "Specimen")
    return noted


def in_threads(count: int, work: "threading.Barrier", target: object) -> None:
    def one() -> None:
        try:
            work.wait()
            target()  # type: ignore[operator]
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_eight_workers_with_the_same_message_do_the_work_once(done: list[int]) -> None:
    job = enqueue("specimen", key="k", arguments={}, actor=None)
    in_threads(8, threading.Barrier(8), lambda: run(job.pk))
    assert done == [job.pk]


def test_eight_clicks_queue_the_work_once(done: list[int]) -> None:
    in_threads(8, threading.Barrier(8), lambda: enqueue("specimen", key="k", arguments={}, actor=None))
    assert Job.objects.count() == 1


def test_eight_sweeps_give_a_lost_job_one_try(done: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    job = enqueue("specimen", key="k", arguments={}, actor=None)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, attempts=1)
    sent: list[int] = []

    def note(job_id: int) -> bool:
        sent.append(job_id)
        return True

    monkeypatch.setattr(actions, "send", note)
    in_threads(8, threading.Barrier(8), requeue_lost)
    assert sent == [job.pk]


def test_a_worker_killed_half_way_loses_nothing_and_does_nothing_twice(done: list[int]) -> None:
    job = enqueue("specimen", key="k", arguments={}, actor=None)
    worker = subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, "-c", HANGING_WORKER, str(job.pk), connection.settings_dict["NAME"]],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        cwd=Path(settings.BASE_DIR),
        stdout=subprocess.PIPE,
    )
    assert worker.stdout is not None
    try:
        assert worker.stdout.readline() == b"working\n"
        assert requeue_lost() == 0, "the worker lives"
        run(job.pk)
        assert done == [], "a second worker stops at the door"
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    wait_until_postgres_noticed(job)
    assert requeue_lost() == 1
    run(job.pk)
    job.refresh_from_db()
    assert done == [job.pk]
    assert (job.state, job.attempts) == (JobState.DONE, 2)


def wait_until_postgres_noticed(job: Job) -> None:
    """PostgreSQL ends a killed client's session by itself; waiting for its lock is waiting for that."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [job_lock.CLASS, job.pk])
        cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [job_lock.CLASS, job.pk])
