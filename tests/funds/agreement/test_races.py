"""Two people in the same second, on real connections."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.utils import timezone

from charity_hub.workflow.actions import history
from funds.agreement.workflow import agree_version, withdraw_version
from funds.books.closing import close_books
from funds.profile.agreement_models import AgreementVersion, VersionState
from funds.profile.models import Fund
from funds.profile.workflow import wind_up_fund
from tests.builders import active_fund, agreement_version
from tests.cast import mei, ping, qin
from tests.funds.spending.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_officers_who_agree_at_once_make_one_version() -> None:
    version = agreement_version(active_fund(), state=VersionState.PROPOSED)
    officers = [ping(), qin()]
    answers = at_once([partial(agree_version, version, actor=officer) for officer in officers])
    assert sorted(map(str, answers)) == ["False", "True"]
    assert history(version).filter(new=VersionState.AGREED).count() == 1


def test_version_is_either_agreed_on_or_withdrawn() -> None:
    version = agreement_version(active_fund(), state=VersionState.PROPOSED)
    street, host = mei(), ping()
    answers = at_once(
        [lambda: agree_version(version, actor=host), lambda: withdraw_version(version, actor=street)]
    )
    assert answers.count(True) == 1


def test_version_and_the_closing_of_its_first_month_see_each_other() -> None:
    long_ago = date(2025, 1, 1)
    fund = active_fund(signed_on=long_ago, starts_on=long_ago)
    last_month = timezone.localdate().replace(day=1) - timedelta(days=1)
    version = agreement_version(fund, state=VersionState.PROPOSED, valid_from=last_month, signed_on=long_ago)
    host, street = ping(), mei()
    agreed, closed = at_once(
        [
            lambda: agree_version(version, actor=host),
            lambda: close_books(Fund.objects.get(pk=fund.pk), last_month, actor=street),
        ]
    )
    assert closed is True
    assert agreed is True or "closed through" in str(agreed)


def test_no_proposal_stays_open_with_a_fund_that_winds_up_meanwhile() -> None:
    version = agreement_version(active_fund(), state=VersionState.PROPOSED)
    one, other = ping(), qin()
    at_once(
        [
            lambda: agree_version(version, actor=one),
            lambda: wind_up_fund(version.fund, "协议到期。", actor=other),
        ]
    )
    assert AgreementVersion.objects.get().state in {VersionState.AGREED, VersionState.ENDED}
