"""Two people in the same second, on real connections."""

from functools import partial

import pytest

from charity_hub.workflow.actions import history
from funds.agreement.actions import agree_version, withdraw_version
from funds.agreement.models import AgreementVersion, VersionState
from funds.profile.lifecycle import wind_up_fund
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
