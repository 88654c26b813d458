"""What keeps a fund from being proposed or submitted: a sentence, and the field where it is mended."""

from datetime import timedelta

import pytest
from django.utils import timezone

from charity_hub.errors import Refused
from charity_hub.organizations.models import Kind
from funds.profile.actions import propose_fund
from funds.profile.models import Position, Purpose
from funds.profile.rules import submission_errors
from funds.profile.terms import NewPurpose, Seat
from funds.profile.workflow import submit_fund
from tests.builders import COMMITTEE, PURPOSES, draft_fund, organization, proposal, region
from tests.cast import ada, mei

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
SUPERVISOR = COMMITTEE[-1]


def members(count: int) -> list[Seat]:
    """A committee of ``count`` with a chair, and a supervisor beside it."""
    chair = Seat("主任", Position.CHAIR)
    return [chair, *(Seat(f"委员{number}") for number in range(1, count)), SUPERVISOR]


def refused_field(**fields: object) -> str | None:
    """The field that keeps such a proposal from being submitted; None when it is submitted."""
    try:
        submit_fund(draft_fund(**fields), actor=mei())
    except Refused as refused:
        return refused.field
    return None


def test_sound_proposal_is_submitted() -> None:
    assert refused_field() is None


@pytest.mark.parametrize("count", [5, 7, 9])
def test_odd_committee_of_at_least_five_is_enough(count: int) -> None:
    assert refused_field(committee=members(count)) is None


@pytest.mark.parametrize("count", [1, 3, 4, 6, 8])
def test_small_or_even_committee_is_refused(count: int) -> None:
    assert refused_field(committee=members(count)) == "committee"


def test_committee_without_a_chair_is_refused() -> None:
    seats = [Seat(f"委员{number}") for number in range(5)]
    assert refused_field(committee=[*seats, SUPERVISOR]) == "committee"


def test_committee_with_two_chairs_is_refused() -> None:
    seats = members(5)
    assert refused_field(committee=[*seats[:4], Seat("副主任", Position.CHAIR), SUPERVISOR]) == "committee"


def test_committee_without_a_supervisor_is_refused() -> None:
    assert refused_field(committee=members(5)[:-1]) == "committee"


def test_supervisor_who_sits_on_the_committee_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        propose_fund(proposal(committee=[*members(5), Seat("主任", Position.SUPERVISOR)]), actor=mei())
    assert refused.value.field == "committee"


def test_fund_without_purposes_is_refused() -> None:
    assert refused_field(purposes=[]) == "purposes"


def test_fund_with_restricted_purposes_alone_is_refused() -> None:
    assert refused_field(purposes=PURPOSES[:3]) == "purposes"


def test_two_unrestricted_purposes_are_refused_at_once() -> None:
    both = [NewPurpose("不限定", restricted=False), NewPurpose("其他", restricted=False)]
    with pytest.raises(Refused) as refused:
        propose_fund(proposal(purposes=both), actor=mei())
    assert refused.value.field == "purposes"


def test_purpose_listed_twice_is_refused_at_once() -> None:
    with pytest.raises(Refused) as refused:
        propose_fund(proposal(purposes=[*PURPOSES, NewPurpose("助学")]), actor=mei())
    assert refused.value.field == "purposes"


@pytest.mark.parametrize("rate", [0, 1, 1000])
def test_management_fee_from_0_to_10_percent_is_taken(rate: int) -> None:
    assert draft_fund(management_fee_bp=rate).management_fee_bp == rate


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("management_fee_bp", 1001),
        ("seed_money_fen", -1),
        ("seed_money_fen", 10_000_000_001),
        ("starts_on", TODAY - timedelta(days=400)),
        ("ends_on", TODAY - timedelta(days=30)),
    ],
)
def test_what_postgresql_would_refuse_is_refused_with_its_field(field: str, value: object) -> None:
    with pytest.raises(Refused) as refused:
        propose_fund(proposal(**{field: value}), actor=mei())
    assert refused.value.field == field


@pytest.mark.parametrize("field", ["aim", "use_terms", "termination_terms", "leftover_terms"])
def test_agreement_that_leaves_a_term_out_is_refused(field: str) -> None:
    assert refused_field(**{field: "  "}) == field


def test_seed_money_from_nobody_is_refused() -> None:
    assert refused_field(seed_money_from="") == "seed_money_from"


def test_agreement_signed_in_the_future_is_refused() -> None:
    tomorrow = TODAY + timedelta(days=1)
    assert refused_field(signed_on=tomorrow, starts_on=tomorrow) == "signed_on"


def test_agreement_that_has_ended_is_refused() -> None:
    assert refused_field(ends_on=TODAY - timedelta(days=1)) == "ends_on"


def test_host_that_is_no_charity_is_refused() -> None:
    assert refused_field(host=organization("示例公司", Kind.COMPANY, may_fundraise_publicly=True)) == "host"


def test_host_that_is_not_active_is_refused() -> None:
    host = organization("停办示例慈善会", Kind.CHARITY, may_fundraise_publicly=True, active=False)
    assert refused_field(host=host) == "host"


def test_host_without_the_qualification_is_refused_by_article_26() -> None:
    fund = draft_fund(host=organization("小示例慈善会", Kind.CHARITY))
    assert "26" in next(iter(submission_errors(fund))).sentence


def test_leftovers_cannot_go_to_a_fund_of_another_charity() -> None:
    elsewhere = draft_fund(host=organization("小示例慈善会", Kind.CHARITY))
    assert refused_field(leftover_fund=elsewhere) == "leftover_fund"


def test_leftovers_cannot_go_to_a_draft_whose_charity_may_still_change() -> None:
    assert refused_field(leftover_fund=draft_fund(name="一号基金")) == "leftover_fund"


def test_every_problem_of_a_draft_is_told_at_once() -> None:
    fund = draft_fund(committee=[], purposes=[], aim="")
    assert {problem.field for problem in submission_errors(fund)} == {"aim", "committee", "purposes"}


@pytest.mark.parametrize("code", ["44", "4406", "440605"])
def test_fund_of_a_whole_district_city_or_province_is_not_proposed(code: str) -> None:
    with pytest.raises(Refused, match="not a street or community") as refused:
        propose_fund(proposal(region=region(code)), actor=ada())
    assert refused.value.field == "region"


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [
        (Purpose(name="不限定用途资金", restricted=False), False),
        (Purpose(name="Unrestricted", restricted=False), False),
        (Purpose(name="社区急需", restricted=False), True),
        (Purpose(name="助学", restricted=True), False),
    ],
)
def test_unrestricted_purpose_is_marked_where_its_name_does_not_say_it(
    purpose: Purpose, expected: object
) -> None:
    assert purpose.to_be_marked is expected
