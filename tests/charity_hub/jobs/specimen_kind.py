"""A kind of job for a real worker: says that it has begun, and ends when it is let."""

from django.db import connection

from charity_hub.jobs.actions import progress
from charity_hub.jobs.models import Job
from charity_hub.jobs.registry import register_job

GATE = 4_711


def specimen(job: Job) -> None:
    """Announce the attempt, wait at the gate (an advisory lock that the test may hold), report progress."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('specimen', %s)", [f"begun {job.attempts}"])
        cursor.execute("SELECT pg_advisory_lock(%s)", [GATE])
        cursor.execute("SELECT pg_advisory_unlock(%s)", [GATE])
    progress(job, 1, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('specimen', %s)", [f"passed {job.attempts}"])


register_job("celery-specimen", specimen, "Specimen")
