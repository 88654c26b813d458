from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from charity_hub.jobs import actions
from charity_hub.jobs.models import Job, JobState
from charity_hub.jobs.registry import kind_of, may_see
from charity_hub.people.access import SIGNED_IN, access
from charity_hub.people.models import User


def _job_for(request: HttpRequest, pk: int) -> tuple[Job, User]:
    job = get_object_or_404(Job.objects.select_related("requested_by"), pk=pk)
    if not isinstance(request.user, User) or not may_see(request.user, job):
        raise Http404
    return job, request.user


def _shown(job: Job) -> dict[str, object]:
    kind = kind_of(job)
    done = job.state == JobState.DONE
    return {
        "title": kind.title,
        "job": job,
        "result_url": kind.url(job) if done else "",
    }


@access(SIGNED_IN)
@require_safe
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One piece of long work: how far it is, what went wrong, where the result is."""
    found, _user = _job_for(request, pk)
    return render(request, "jobs/job.html", _shown(found))


@access(SIGNED_IN)
@require_safe
@never_cache
def job_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress bar alone, asked for again and again until the work has ended."""
    found, _user = _job_for(request, pk)
    return render(request, "jobs/parts/progress.html", _shown(found))


@access(SIGNED_IN)
@require_POST
def job_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Queue a failed job again."""
    found, user = _job_for(request, pk)
    actions.retry(found, actor=user)
    return redirect("jobs:job", pk=pk)
