"""What somebody uploaded, filed or started is not theirs any more once their role has ended."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from charity_hub.documents.uploads import documents_of
from charity_hub.jobs.actions import enqueue
from charity_hub.people.models import Membership, User
from charity_hub.portal.desk import waiting_for
from donations.registers.import_job import JOB_KIND
from funds.agreement.workflow import return_version
from funds.spending.actions import file_request
from funds.spending.winding_up import end_open_requests
from funds.spending.workflow import return_request
from tests import cast
from tests.builders import (
    active_fund,
    agreement_version,
    membership,
    region,
    spending_request,
    spending_terms,
)
from tests.charity_hub.documents.files import PDF
from tests.charity_hub.reports import scenes
from tests.donations.registers.bringing import uploaded

pytestmark = pytest.mark.django_db

type Scene = Callable[[Path], tuple[User, list[str]]]


def role_ended_yesterday(person: User) -> User:
    """Their role here is over; another one, at another street, keeps them at the desk."""
    day = timezone.localdate() - timedelta(days=1)
    Membership.objects.filter(user=person).update(starts_on=day, ends_on=day)
    membership(person, at=region("440106018"))
    return User.objects.get(pk=person.pk)


def a_register(folder: Path) -> tuple[User, list[str]]:
    register = uploaded(folder)
    job = enqueue(JOB_KIND, key="r", arguments={"register": register.pk}, actor=cast.wen())
    pages = [register.get_absolute_url(), f"{register.get_absolute_url()}bad-rows/"]
    return cast.wen(), [f"/documents/{register.file_id}/", f"/jobs/{job.pk}/", *pages]


def a_request(_folder: Path) -> tuple[User, list[str]]:
    fund = active_fund()
    papers = [SimpleUploadedFile("报价.pdf", PDF)]
    request = file_request(spending_terms(fund), fund=fund, actor=cast.mei(), papers=papers)
    files = [f"/documents/{one.pk}/" for one in documents_of(request)]
    return cast.mei(), [*files, f"/desk/spending/{request.number}/"]


def a_report(_folder: Path) -> tuple[User, list[str]]:
    report = scenes.requested()
    return cast.mei(), [f"/jobs/{report.job_id}/", reverse("reports:desk_detail", args=[report.pk])]


@pytest.mark.parametrize("scene", [a_register, a_request, a_report])
def test_pages_and_files_are_closed_with_the_role(scene: Scene, tmp_path: Path) -> None:
    person, addresses = scene(tmp_path)
    before = cast.client_of(person)
    assert [before.get(address, follow=True).status_code for address in addresses] == [200] * len(addresses)

    after = cast.client_of(role_ended_yesterday(person))

    assert [after.get(address).status_code for address in addresses] == [404] * len(addresses)


def test_the_desk_forgets_what_waited_for_the_role() -> None:
    end_open_requests(spending_request().fund, "基金终止。", cast.ping())
    return_request(spending_request(), "请补充报价单。", actor=cast.ping())
    version = agreement_version(active_fund(), state="proposed")
    return_version(version, "请补充。", actor=cast.ping())
    mine = {"spending-revise", "spending-ended", "agreement-withdraw"}
    assert mine <= {one.worklist.name for one in waiting_for(cast.mei())}

    assert not mine & {one.worklist.name for one in waiting_for(role_ended_yesterday(cast.mei()))}
