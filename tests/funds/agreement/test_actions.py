"""A change of an agreement: proposed by the street, agreed to by somebody else at the host charity."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from charity_hub.errors import Refused
from charity_hub.notices.models import Notice
from charity_hub.people.models import Role, User
from charity_hub.workflow.actions import history
from funds.agreement.actions import propose_version
from funds.agreement.terms import changed
from funds.agreement.workflow import agree_version, return_version, withdraw_version
from funds.profile.agreement_models import AgreementVersion, VersionState
from funds.profile.agreements import version_on, versions_of
from funds.profile.models import Fund
from funds.profile.workflow import suspend_fund, wind_up_fund
from tests.builders import active_fund, agreement_version, draft_fund, membership
from tests.cast import ada, guicheng, jun, mei, ping, qin, rui

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
SECOND = "JJ-440605011-02"
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def proposed(fund: Fund, **changes: Any) -> AgreementVersion:
    return agreement_version(fund, state=VersionState.PROPOSED, **changes)


def propose(
    fund: Fund,
    *,
    valid_from: date = TODAY,
    reason: str = "因",
    actor: User | None = None,
    **changes: Any,
) -> AgreementVersion:
    """Mei's proposal of another purpose from today on."""
    terms = changed(fund, **{"aim": "新的宗旨", "signed_on": TODAY} | changes)
    return propose_version(fund, terms, valid_from=valid_from, reason=reason, actor=actor or mei())


def told_last(row: Fund | AgreementVersion) -> str:
    """The reason that stands last in a row's history."""
    return history(row).values_list("why", flat=True).order_by("-pk")[0]


def test_nothing_reads_otherwise_before_the_host_agrees() -> None:
    fund = active_fund()
    proposed(fund, aim="新的宗旨")
    assert version_on(fund).terms.aim == fund.aim


def test_agreed_version_holds_from_its_day_and_the_first_one_until_the_day_before() -> None:
    fund = active_fund()
    agreement_version(fund, aim="新的宗旨")
    assert version_on(fund, YESTERDAY).terms.aim == fund.aim
    assert version_on(fund, TODAY).terms.aim == "新的宗旨"
    assert [(one.number, one.holds_until) for one in versions_of(fund)] == [(1, YESTERDAY), (2, None)]


def test_version_of_a_coming_day_waits_for_it() -> None:
    fund = active_fund()
    agreement_version(fund, valid_from=TOMORROW, aim="新的宗旨")
    assert (version_on(fund).number, version_on(fund, TOMORROW).number) == (1, 2)


def test_first_version_holds_before_its_first_day_too() -> None:
    assert version_on(active_fund(), date(1999, 1, 1)).number == 1


def test_fund_tells_in_its_history_since_when_it_reads_otherwise_and_why() -> None:
    fund = active_fund()
    agreement_version(fund)
    told = told_last(fund)
    assert told.endswith("扩大服务范围。")
    assert str(TODAY) in told


def test_agreeing_twice_is_quiet() -> None:
    version = agreement_version(active_fund())
    assert agree_version(version, actor=qin()) is False


def test_suspended_fund_changes_its_agreement_too() -> None:
    fund = active_fund()
    suspend_fund(fund, "核查", actor=ping())
    assert agreement_version(fund).number == 2


@pytest.mark.parametrize("person", [ping, jun])
def test_only_the_street_proposes(person: Any) -> None:
    fund = active_fund()
    with pytest.raises(PermissionDenied):
        propose(fund, actor=person())


@pytest.mark.parametrize("person", [mei, rui])
def test_only_the_host_agrees(person: Any) -> None:
    version = proposed(active_fund())
    with pytest.raises(PermissionDenied):
        agree_version(version, actor=person())


def test_administrator_does_not_agree_to_their_own_proposal() -> None:
    fund = active_fund()
    version = propose(fund, actor=ada())
    with pytest.raises(Refused):
        agree_version(version, actor=ada())


def test_officer_who_is_street_staff_too_does_not_agree_to_their_own_proposal() -> None:
    fund, both = active_fund(), qin()
    membership(both, Role.STREET_STAFF, at=guicheng())
    version = propose(fund, actor=both)
    with pytest.raises(Refused):
        agree_version(version, actor=both)


def test_reason_is_needed() -> None:
    fund = active_fund()
    with pytest.raises(Refused) as refused:
        propose(fund, reason=" ")
    assert refused.value.field == "reason"


def test_slip_in_the_agreement_number_alone_can_be_put_right() -> None:
    fund = active_fund()
    agreement_version(fund, aim=fund.aim, agreement_number="示例〔2025〕1号")
    assert version_on(fund).terms.agreement_number == "示例〔2025〕1号"


def test_second_proposal_waits_for_the_first() -> None:
    fund = active_fund()
    proposed(fund)
    with pytest.raises(Refused, match="awaiting the host charity"):
        proposed(fund, aim="又一宗旨")


def test_terms_of_a_draft_are_changed_with_the_draft() -> None:
    fund = draft_fund()
    with pytest.raises(Refused, match="Draft"):
        proposed(fund)


def test_given_back_proposal_says_why_and_makes_room_for_another() -> None:
    fund = active_fund()
    version = proposed(fund)
    return_version(version, "请附补充协议。", actor=ping())
    assert told_last(version) == "请附补充协议。"
    assert agreement_version(fund, aim="又一宗旨").number == 2


def test_withdrawn_proposal_changes_nothing() -> None:
    fund = active_fund()
    version = proposed(fund)
    withdraw_version(version, actor=mei())
    with pytest.raises(Refused):
        agree_version(version, actor=ping())
    assert version_on(fund).number == 1


def test_proposal_ends_with_its_fund_and_says_why() -> None:
    fund = active_fund()
    version = proposed(fund)
    wind_up_fund(fund, "协议到期。", actor=ping())
    assert AgreementVersion.objects.get().state == VersionState.ENDED
    assert told_last(version) == "协议到期。"


def test_what_was_agreed_on_stays_when_the_fund_winds_up() -> None:
    fund = active_fund()
    agreement_version(fund)
    wind_up_fund(fund, "协议到期。", actor=ping())
    assert version_on(fund).number == 2


def test_officers_of_the_host_are_told_of_a_proposal_and_others_are_not() -> None:
    officers = {ping(), qin()}  # who is there before it
    version = proposed(active_fund())
    told = {notice.person: notice.url for notice in Notice.objects.filter(channel="site")}
    page = f"/desk/funds/{version.fund.code}/agreement/{version.pk}/"
    assert told == dict.fromkeys(officers, page)
