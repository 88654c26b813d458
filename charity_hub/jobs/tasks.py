from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from charity_hub.jobs import actions


@shared_task(name="charity_hub.jobs.tasks.run_job")
def run_job(job_id: int) -> None:
    """Do one job; safe to be told twice, and by two workers at once."""
    actions.run(job_id)


@shared_task(name="charity_hub.jobs.tasks.requeue_lost_jobs")
def requeue_lost_jobs() -> int:
    """Every minute: give work whose message or worker was lost another try."""
    return actions.requeue_lost()


@worker_ready.connect
def _pick_up_what_was_left(**_signal: Any) -> None:
    """A worker that starts after a crash does not wait for the next minute."""
    requeue_lost_jobs.apply_async(retry=False)
