"""Real Celery workers, a real broker (the folder in ``VAR_DIR``, or Redis where ``REDIS_URL`` says so)."""

import os
import select
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.db import connection

from charity_hub.jobs.actions import enqueue
from charity_hub.jobs.models import Job, JobState
from tests.charity_hub.jobs.specimen_kind import GATE

pytestmark = [
    pytest.mark.celery,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("celery"),
]
PATIENCE = 60


def database_url() -> str:
    there = connection.settings_dict
    sign_in = f"{quote(there['USER'], safe='')}:{quote(there['PASSWORD'], safe='')}"
    port = f":{there['PORT']}" if there["PORT"] else ""
    return f"postgres://{sign_in}@{there['HOST']}{port}/{there['NAME']}?{urlencode(there['OPTIONS'])}"


@contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """A worker of its own process, on the test's database and broker; killed at the end."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "--app",
        "config",
        "worker",
        "--pool",
        "solo",
        "--loglevel",
        "error",
    ]
    command += ["--include", "tests.charity_hub.jobs.specimen_kind", "--without-gossip", "--without-mingle"]
    process = subprocess.Popen(  # noqa: S603 - our own worker
        command,
        env=os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "config.settings"},
        cwd=Path(settings.BASE_DIR),
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


class Ear:
    """Hears what the specimen says, in order."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("LISTEN specimen")
        self.raw = connection.connection

    def next(self) -> str:
        while not self.raw.notifies:
            assert select.select([self.raw], [], [], PATIENCE)[0], "the worker said nothing"
            self.raw.poll()
        return str(self.raw.notifies.pop(0).payload)

    def wait_until_ended(self, job: Job) -> Job:
        """The lifeline is let go of when the work has ended: waiting for it is waiting for the end."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [0x6A6F62, job.pk])
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [0x6A6F62, job.pk])
        job.refresh_from_db()
        return job


@pytest.fixture
def ear() -> Ear:
    return Ear()


def queued() -> Job:
    return enqueue("celery-specimen", key=uuid.uuid4().hex, arguments={}, actor=None)


def test_a_worker_does_what_was_queued(ear: Ear) -> None:
    job = queued()
    with worker():
        assert [ear.next(), ear.next()] == ["begun 1", "passed 1"]
        assert ear.wait_until_ended(job).state == JobState.DONE


def test_a_worker_killed_half_way_and_started_again_ends_once(ear: Ear) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [GATE])
    job = queued()
    with worker() as first:
        assert ear.next() == "begun 1"
        first.kill()
        first.wait()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [GATE])
    with worker():
        assert [ear.next(), ear.next()] == ["begun 2", "passed 2"]
        ear.wait_until_ended(job)
    assert (job.state, job.attempts) == (JobState.DONE, 2)
