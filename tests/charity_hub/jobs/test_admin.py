"""The administration's page of jobs: to look at, and to try again."""

import pytest

from charity_hub.jobs.models import Job, JobState
from tests.cast import ada, client_of

pytestmark = pytest.mark.django_db
LIST = "/admin/charity_hub/job/"


def test_jobs_are_listed_and_found_by_key() -> None:
    Job.objects.create(kind="annual_report", key="fund:2025:JJ-440605011-01")
    answer = client_of(ada()).get(LIST, {"q": "JJ-440605011-01"})
    assert answer.status_code == 200
    assert "fund:2025:JJ-440605011-01" in answer.content.decode()


@pytest.mark.parametrize("page", ["add/", "{pk}/delete/"])
def test_nothing_is_added_or_deleted(page: str) -> None:
    job = Job.objects.create(kind="annual_report", key="k")
    assert client_of(ada()).get(LIST + page.format(pk=job.pk)).status_code == 403


def test_failed_jobs_are_tried_again_and_others_left_alone() -> None:
    failed = Job.objects.create(kind="annual_report", key="a", state=JobState.FAILED, error="broken")
    done = Job.objects.create(kind="annual_report", key="b", state=JobState.DONE)
    answer = client_of(ada()).post(LIST, {"action": "retry", "_selected_action": [failed.pk, done.pk]})
    assert answer.status_code == 302
    failed.refresh_from_db()
    done.refresh_from_db()
    assert (failed.state, done.state) == (JobState.QUEUED, JobState.DONE)


@pytest.mark.filterwarnings("error")
def test_the_steps_that_can_be_taken_are_offered() -> None:
    Job.objects.create(kind="annual_report", key="a")
    form = client_of(ada()).get(LIST).context["action_form"]
    assert form.fields["action"].choices == [("", "Select action"), ("retry", "Try failed jobs again")]
