"""A proposal that is over, and whose turn it is then."""

import pytest

from funds.agreement.actions import give_back_version
from funds.agreement.models import AgreementVersion, VersionState
from funds.profile.lifecycle import wind_up_fund
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
    give_back_version(version, "请附补充协议。", actor=ping())
    assert "proposes the change anew" in page_of(version)
    wind_up_fund(fund, "协议到期。", actor=ping())
    assert "proposes the change anew" not in page_of(version)
