"""The verbs of long work. Rows are the truth, messages are hints: one lost or sent twice does no harm."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from charity_hub.errors import Refused
from charity_hub.jobs import job_lock
from charity_hub.jobs.models import Job, JobState
from charity_hub.jobs.registry import kind_of, may_see
from charity_hub.people.access import require
from charity_hub.people.models import User
from charity_hub.workflow.actions import lock, record

logger = logging.getLogger(__name__)

UNSENT_AFTER = timedelta(minutes=1)
RESEND_AFTER = timedelta(minutes=5)
MOST_ATTEMPTS = 3


class JobTakenOver(Exception):  # noqa: N818 - a way out, not a failure
    """Another worker has this job now; this one stops."""


def enqueue(kind: str, *, key: str, arguments: Mapping[str, Any], actor: User | None) -> Job:
    """Queue a piece of work, once for each ``key``: while one with the key is open, that one is returned.

    ``arguments`` must fit JSON. The worker is told when the transaction commits; if it cannot be told (the
    broker is down), the sweep tells it later, and nobody who clicked notices.
    """
    try:
        with transaction.atomic():
            job = Job.objects.create(kind=kind, key=key, arguments=dict(arguments), requested_by=actor)
    except IntegrityError:
        there = Job.objects.open().filter(key=key).first()
        # None: the one in the way ended in this very moment, so there is room now.
        return there or enqueue(kind, key=key, arguments=arguments, actor=actor)
    transaction.on_commit(lambda: send(job.pk))
    return job


def send(job_id: int) -> bool:
    """Tell a worker that a job waits; False when the broker cannot be reached (the sweep tries again)."""
    from charity_hub.jobs.tasks import run_job

    try:
        run_job.apply_async((job_id,), retry=False)
    except Exception:
        logger.exception("job %s waits: the broker cannot be reached", job_id)
        return False
    Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(heartbeat_at=timezone.now())
    return True


def run(job_id: int) -> None:
    """Do a job that waits; do nothing when it does not wait any more or somebody else is at it."""
    with job_lock.hold(job_id) as mine:
        job = _claim(job_id) if mine else None
        if job is not None:
            _work(job)


def progress(job: Job, done: int, total: int) -> None:
    """Show how far a job is. Call it outside of transactions, else nobody sees it before they commit.

    Raises ``JobTakenOver`` when this worker was given up for dead and the job is another's now.
    """
    if not _change(job, done=done, total=total, heartbeat_at=timezone.now()):
        raise JobTakenOver


def retry(job: Job, *, actor: User) -> Job:
    """Queue a failed job again; for one that is open already nothing happens. ``actor`` may look on at it.

    Raises ``Refused`` for work that is done, or was asked for anew.
    """
    require(may_see(actor, job))
    try:
        with transaction.atomic():
            job = lock(job)
            if job.is_open:
                return job
            if job.state != JobState.FAILED:
                raise Refused(_("This task is finished; there is nothing to retry."))
            _requeue(job, attempts=0)
            record(job, JobState.FAILED, JobState.QUEUED, actor=actor)
    except IntegrityError as error:
        raise Refused(_("The same task was requested again and is already queued or running.")) from error
    transaction.on_commit(lambda: send(job.pk))
    return job


def requeue_lost() -> int:
    """Give lost work another try: queued but never told, or running without a living worker.

    Returns how many workers were told.
    """
    running = list(Job.objects.filter(state=JobState.RUNNING))
    locked = job_lock.locked_jobs()  # after the jobs: one that ends in between is no longer running below
    lost = [job for job in running if not job_lock.is_locked(job.pk, locked) and _give_up(job)]
    now = timezone.now()
    untold = Job.objects.filter(state=JobState.QUEUED).filter(
        Q(heartbeat_at=None, created_at__lt=now - UNSENT_AFTER) | Q(heartbeat_at__lt=now - RESEND_AFTER)
    )
    waiting = {job.pk for job in lost} | set(untold.values_list("pk", flat=True))
    return sum(send(job_id) for job_id in sorted(waiting))


def _claim(job_id: int) -> Job | None:
    claimed = Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(
        state=JobState.RUNNING, attempts=F("attempts") + 1, heartbeat_at=timezone.now(), error=""
    )
    return Job.objects.select_related("requested_by").get(pk=job_id) if claimed else None


def _work(job: Job) -> None:
    try:
        kind_of(job).function(job)
    except JobTakenOver:
        logger.warning("job %s, attempt %s: another worker has it", job.pk, job.attempts)
    except Refused as refused:
        _end(job, JobState.FAILED, error=str(refused))
    except Exception:
        logger.exception("job %s (%s) failed", job.pk, job)
        _end(job, JobState.FAILED, error=_unexpected(job))
    else:
        _end(job, JobState.DONE)


def _unexpected(job: Job) -> str:
    return _(
        "An unexpected error occurred. Try again; if it happens once more, tell the "
        "administrator the number %(number)s."
    ) % {"number": job.pk}


@transaction.atomic
def _end(job: Job, state: JobState, error: str = "") -> None:
    now = timezone.now()
    if _change(job, state=state, error=error, finished_at=now, heartbeat_at=now):
        job.state, job.error, job.finished_at = state, error, now
        if state == JobState.FAILED:
            kind_of(job).failed(job)


def _change(job: Job, **changes: Any) -> bool:
    """Write to the row only while this very attempt is the running one."""
    attempt = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)
    return attempt.update(**changes) == 1


def _requeue(job: Job, **changes: Any) -> None:
    changes |= {"state": JobState.QUEUED, "error": "", "finished_at": None, "heartbeat_at": None}
    Job.objects.filter(pk=job.pk).update(**changes)
    job.refresh_from_db()


def _give_up(job: Job) -> bool:
    """Take a job from its dead worker. Returns whether it gets another try; after three it has failed."""
    logger.warning("job %s (%s), attempt %s: its worker is gone", job.pk, job, job.attempts)
    if job.attempts >= MOST_ATTEMPTS:
        error = _("The task was interrupted %(times)d times for an unknown reason. Tell the administrator.")
        _end(job, JobState.FAILED, error=error % {"times": job.attempts})
        return False
    return _change(job, state=JobState.QUEUED, heartbeat_at=None)
