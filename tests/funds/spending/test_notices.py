"""Who is told of a request that moved."""

import pytest
from django.utils import timezone

from charity_hub.notices.models import Notice
from charity_hub.people.models import User
from funds.spending.workflow import pay_request, return_request
from tests import cast
from tests.builders import spending_request

pytestmark = pytest.mark.django_db


def told(person: User) -> list[str]:
    return [f"{notice.kind} {notice.url}" for notice in Notice.objects.in_portal(person)]


def test_who_filed_a_request_hears_that_it_was_returned_and_why() -> None:
    request = spending_request()
    return_request(request, "附件不清楚", actor=cast.ping())
    (notice,) = Notice.objects.in_portal(cast.mei())
    assert notice.facts == {"number": request.number, "amount": "¥1,000.00", "reason": "附件不清楚"}
    assert notice.url == f"/desk/spending/{request.number}/"
    assert told(cast.ping()) == []


def test_who_filed_a_request_hears_once_that_it_was_paid() -> None:
    request = spending_request(state="approved")
    for _press in range(2):
        pay_request(request, actor=cast.qin(), paid_on=timezone.localdate(), bank_reference="2026-1")
    assert told(cast.mei()) == [f"spending_paid /desk/spending/{request.number}/"]
