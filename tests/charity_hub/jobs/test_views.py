"""The page of a job: who sees it, what it says, when it stops asking."""

import pytest

from charity_hub.jobs import registry
from charity_hub.jobs.actions import enqueue
from charity_hub.jobs.models import Job, JobState
from charity_hub.jobs.registry import register_job
from charity_hub.people.models import User
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_kinds", {})
    register_job(
        "specimen",
        lambda _job: None,
        "Specimen work",
        url=lambda job: f"/results/{job.pk}/",
        seen_by=lambda user, _job: user in {cast.mei(), cast.ping()},
    )


def job_of_mei(*, requested_by: User | None = None, **fields: object) -> Job:
    job = enqueue("specimen", key="k", arguments={}, actor=requested_by or cast.mei())
    Job.objects.filter(pk=job.pk).update(**fields)
    return job


def page(job: Job, part: str = "") -> str:
    answer = cast.client_of(cast.mei(), headers={"accept-language": "en"}).get(f"/jobs/{job.pk}/{part}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_those_with_the_role_see_how_far_it_is() -> None:
    text = page(job_of_mei(state=JobState.RUNNING, done=3, total=10))
    assert "Specimen work" in text
    assert "3 of 10" in text
    assert "You may close this page" in text


@pytest.mark.parametrize("part", ["", "progress/"])
def test_finished_work_no_longer_says_that_it_goes_on(part: str) -> None:
    text = page(job_of_mei(state=JobState.DONE), part)
    assert "See the result" in text
    assert "the task continues" not in text


def test_those_with_the_role_and_administrators_see_it() -> None:
    job = job_of_mei()
    assert cast.client_of(cast.ping()).get(f"/jobs/{job.pk}/").status_code == 200
    assert cast.client_of(cast.ada()).get(f"/jobs/{job.pk}/").status_code == 200


@pytest.mark.parametrize("part", ["", "progress/"])
def test_others_find_nothing(part: str) -> None:
    assert cast.client_of(cast.bo()).get(f"/jobs/{job_of_mei().pk}/{part}").status_code == 404


def test_having_asked_for_a_job_opens_nothing() -> None:
    job = job_of_mei(state=JobState.FAILED, requested_by=cast.bo())
    assert cast.client_of(cast.bo()).get(f"/jobs/{job.pk}/").status_code == 404
    assert cast.client_of(cast.bo()).post(f"/jobs/{job.pk}/retry/").status_code == 404


def test_others_cannot_try_it_again() -> None:
    job = job_of_mei(state=JobState.FAILED)
    assert cast.client_of(cast.bo()).post(f"/jobs/{job.pk}/retry/").status_code == 404


def test_visitors_are_asked_to_sign_in() -> None:
    assert cast.client_of(None).get(f"/jobs/{job_of_mei().pk}/").status_code == 302


def test_the_bar_asks_for_itself_while_the_work_goes_on() -> None:
    job = job_of_mei(state=JobState.RUNNING)
    text = page(job, "progress/")
    assert f'hx-get="/jobs/{job.pk}/progress/"' in text
    assert "<html" not in text


@pytest.mark.parametrize("state", [JobState.DONE, JobState.FAILED])
def test_the_bar_stops_asking_when_the_work_has_ended(state: JobState) -> None:
    assert "hx-get" not in page(job_of_mei(state=state), "progress/")


def test_a_done_job_leads_to_its_result() -> None:
    job = job_of_mei(state=JobState.DONE)
    assert f'href="/results/{job.pk}/"' in page(job)


def test_a_failed_job_says_why_and_can_be_tried_again() -> None:
    job = job_of_mei(state=JobState.FAILED, error="The fund is closed.")
    assert "The fund is closed." in page(job)
    answer = cast.client_of(cast.mei()).post(f"/jobs/{job.pk}/retry/")
    assert answer["Location"] == f"/jobs/{job.pk}/"
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


def test_trying_again_needs_a_post() -> None:
    assert cast.client_of(cast.mei()).get(f"/jobs/{job_of_mei().pk}/retry/").status_code == 405
