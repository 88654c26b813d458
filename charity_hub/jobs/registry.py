"""What kinds of long work there are: each room registers its own in ``registrations.register()``.

    register_job("annual_report", compute_report, _("Annual report"), url=result_of, seen_by=is_of_the_street)

A job's function gets the job and may be run twice for the same job (a worker was killed half-way): it must
find out what is done already, and end the same. It reports with ``jobs.actions.progress``; raising
``Refused`` ends the job as failed with that sentence. ``failed`` is called in the transaction that says so.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.utils.functional import Promise

from charity_hub.jobs.models import Job
from charity_hub.people.access import is_administrator
from charity_hub.people.models import User


class JobKind(NamedTuple):
    function: Callable[[Job], None]
    title: str | Promise
    # Where the result is to be seen once the job is done; empty for none.
    url: Callable[[Job], str]
    # Who may see the job beside administrators. Having asked for it does not count: roles end.
    seen_by: Callable[[User, Job], bool]
    # Called with each job that has failed, in the transaction in which it does.
    failed: Callable[[Job], object]


_kinds: dict[str, JobKind] = {}


def register_job(
    kind: str,
    function: Callable[[Job], None],
    title: str | Promise,
    *,
    url: Callable[[Job], str] = lambda _job: "",
    seen_by: Callable[[User, Job], bool] = lambda _user, _job: False,
    failed: Callable[[Job], object] = lambda _job: None,
) -> None:
    """Name a kind of job, the function that does it, the page that shows its result, and who may look on.

    ``seen_by`` asks for the role that somebody holds now in the scope of the job's subject.
    """
    _kinds[kind] = JobKind(function, title, url, seen_by, failed)


def _unknown(job: Job) -> None:
    raise LookupError(f"no job kind {job.kind!r} is registered")


def kind_of(job: Job) -> JobKind:
    """How a job is done; of a kind that nothing registered (any more), one that fails."""
    none = JobKind(
        _unknown, job.kind, lambda _job: "", seen_by=lambda _user, _job: False, failed=lambda _job: None
    )
    return _kinds.get(job.kind, none)


def may_see(user: User, job: Job) -> bool:
    """Whether this person may look at the job and try it again, by the role they hold today."""
    return is_administrator(user) or kind_of(job).seen_by(user, job)
