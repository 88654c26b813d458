"""Who hears on the desk that somebody's account was changed: whoever shares a fund with them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from charity_hub.people.models import Role, User
from funds.profile.models import Fund
from funds.profile.permissions import sharing_a_fund
from funds.profile.registrations import account_notices
from tests import cast
from tests.builders import active_fund, membership, region, user
from tests.cast import other_charity

pytestmark = pytest.mark.django_db


def test_two_people_share_a_fund_where_both_read_one() -> None:
    active_fund()
    active_fund("JJ-440106018-01", host=other_charity())
    membership(user("城示例", "+8613722220001"), Role.CITY_OFFICER, at=region("4401"))
    people = [*User.objects.all(), *(person for person in cast.everybody().values() if person)]
    inactive = user("离示例", "+8613722220002", is_active=False)
    membership(inactive, Role.STREET_STAFF, at=cast.guicheng())
    everybody = {*people, inactive}
    for reader in everybody:
        mine = Fund.objects.in_scope_of(reader)
        theirs = {one: Fund.objects.in_scope_of(one).values("pk") for one in everybody}
        expected = {one for one in everybody if mine.filter(pk__in=theirs[one]).exists()}
        assert sharing_a_fund(reader, everybody) == expected


def test_twenty_changed_accounts_take_as_many_queries_as_two() -> None:
    active_fund()

    def queries(count: int) -> int:
        for number in range(count):
            colleague = user(f"同事{number}", f"+861373333{count:02}{number:02}", last_login=timezone.now())
            membership(colleague, Role.STREET_STAFF, at=cast.guicheng())
            colleague.phone = f"+861374444{count:02}{number:02}"
            colleague.save()
        reader = User.objects.get(pk=cast.mei().pk)
        with CaptureQueriesContext(connection) as captured:
            assert len(account_notices(reader)) >= count
        return len(captured)

    assert queries(2) == queries(20)
