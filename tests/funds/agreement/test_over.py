"""A proposal that is over: whose turn it is then, and what it stays compared with."""

from datetime import timedelta

import pytest
from django.utils import timezone

from funds.agreement.workflow import return_version, withdraw_version
from funds.profile.agreement_models import AgreementVersion, VersionState
from funds.profile.workflow import wind_up_fund
from tests.builders import active_fund, agreement_version
from tests.cast import client_of, mei, ping

pytestmark = pytest.mark.django_db

PROPOSED = VersionState.PROPOSED


def page_of(version: AgreementVersion) -> str:
    """What the street reads on the version's page."""
    return client_of(mei()).get(f"/desk/funds/{version.fund.code}/agreement/{version.pk}/").text


def test_given_back_proposal_of_a_fund_that_winds_up_is_nobodys_turn() -> None:
    fund = active_fund()
    version = agreement_version(fund, state=PROPOSED)
    return_version(version, "请附补充协议。", actor=ping())
    assert "proposes the change again" in page_of(version)
    wind_up_fund(fund, "协议到期。", actor=ping())
    assert "proposes the change again" not in page_of(version)


@pytest.mark.parametrize("over", [VersionState.RETURNED, VersionState.WITHDRAWN])
def test_proposal_that_is_over_stays_beside_what_was_agreed_when_it_was_proposed(over: VersionState) -> None:
    fund = active_fund()
    version = agreement_version(fund, state=PROPOSED, aim="落空的宗旨")
    if over == VersionState.RETURNED:
        return_version(version, "请附补充协议。", actor=ping())
    else:
        withdraw_version(version, actor=mei())
    agreement_version(fund, aim="后来的宗旨")
    page = page_of(version)
    assert fund.aim in page
    assert "后来的宗旨" not in page


def test_proposal_that_is_over_stays_beside_the_version_before_it() -> None:
    fund = active_fund()
    agreement_version(fund, aim="第二版宗旨")
    version = agreement_version(
        fund, valid_from=timezone.localdate() + timedelta(days=1), state=PROPOSED, aim="落空的宗旨"
    )
    withdraw_version(version, actor=mei())
    page = page_of(version)
    assert "第二版宗旨" in page
    assert fund.aim not in page
