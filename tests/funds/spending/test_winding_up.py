"""What becomes of requests when their fund winds up."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from charity_hub.errors import Refused
from charity_hub.workflow.actions import history
from funds.profile.models import Fund, FundState
from funds.profile.winding_up import closing_warnings
from funds.profile.workflow import close_fund, wind_up_fund
from funds.spending import winding_up
from funds.spending.models import SpendingRequest, SpendingState
from funds.spending.registrations import ended
from funds.spending.workflow import approve_request, revise_request
from tests.builders import active_fund, spending_request, spending_terms
from tests.cast import client_of, jun, mei, ping, qin
from tests.funds.attacks import refused_by, sql, triggers_off, without_guard

pytestmark = pytest.mark.django_db

WHY = "协议到期。"


def ended_with_its_fund(state: str = SpendingState.FILED) -> SpendingRequest:
    request = spending_request(state=state)
    wind_up_fund(request.fund, WHY, actor=ping())
    request.refresh_from_db()
    return request


@pytest.mark.parametrize("state", [SpendingState.FILED, SpendingState.RETURNED])
def test_undecided_request_ends_with_its_fund(state: str) -> None:
    assert ended_with_its_fund(state).state == SpendingState.ENDED


@pytest.mark.parametrize("state", [SpendingState.APPROVED, SpendingState.PAID, SpendingState.WITHDRAWN])
def test_decided_request_stays_as_it_is(state: str) -> None:
    assert ended_with_its_fund(state).state == state


def test_history_of_the_request_says_who_ended_it_and_why() -> None:
    last = history(ended_with_its_fund()).last()
    assert last is not None
    assert (last.old, last.new, last.actor, last.why) == ("filed", "ended", ping(), WHY)


def test_filer_reads_the_reason_on_the_request() -> None:
    request = ended_with_its_fund()
    page = client_of(mei()).get(f"/desk/spending/{request.number}/")
    assert page.context["told"] == WHY


def test_filer_finds_the_ended_request_among_the_tasks_for_two_weeks() -> None:
    request = ended_with_its_fund()
    assert [item.title for item in ended(mei())] == [f"{request.number} {request.title}"]
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert ended(mei()) == []


def test_nobody_else_is_told() -> None:
    ended_with_its_fund()
    assert [len(ended(one)) for one in (mei(), jun())] == [1, 0]


def test_fund_stays_in_force_when_a_request_cannot_be_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    request = spending_request()

    def fails(*_args: object, **_named: object) -> None:
        raise Refused("no")

    monkeypatch.setattr(winding_up, "end_request", fails)
    with pytest.raises(Refused):
        wind_up_fund(request.fund, WHY, actor=ping())
    assert Fund.objects.get().state == FundState.ACTIVE


def test_ended_request_is_not_approved() -> None:
    with pytest.raises(Refused):
        approve_request(ended_with_its_fund(), actor=qin())


def test_ended_request_is_not_revised() -> None:
    request = ended_with_its_fund(SpendingState.RETURNED)
    with pytest.raises(Refused):
        revise_request(request, terms=spending_terms(request.fund, title="另一事项"), actor=mei())


def test_page_says_how_many_requests_will_end_and_how_many_are_still_paid() -> None:
    fund = active_fund()
    for state in (SpendingState.FILED, SpendingState.FILED, SpendingState.RETURNED, SpendingState.APPROVED):
        spending_request(fund, state)
    page = client_of(ping()).get(f"/desk/funds/{fund.code}/wind-up/").content.decode()
    assert "3 open requests will be ended" in page
    assert "Approved, not yet paid: 1, ¥1,000.00 in total." in page


def test_fund_without_requests_has_nothing_to_foresee() -> None:
    assert closing_warnings(active_fund()) == []


def test_request_left_open_by_an_older_version_ends_when_the_fund_closes() -> None:
    fund = active_fund(seed_money_fen=0, seed_money_from="")
    request = spending_request(fund)
    with triggers_off():
        sql("UPDATE funds_fund SET state = 'winding_up' WHERE id = %s", fund.pk)
    close_fund(fund, actor=ping())
    request.refresh_from_db()
    assert request.state == SpendingState.ENDED


def test_fund_cannot_wind_up_round_its_open_requests() -> None:
    request = spending_request()
    without_guard(Fund, "fund_moves_are_recorded")
    with refused_by("spending_ends_with_its_fund"):
        sql("UPDATE funds_fund SET state = 'winding_up' WHERE id = %s", request.fund_id)


@pytest.mark.parametrize(
    ("state", "step"),
    [(SpendingState.RETURNED, "filed"), (SpendingState.FILED, "approved")],
)
@pytest.mark.parametrize("fund_state", ["suspended", "winding_up", "closed"])
def test_request_goes_on_with_an_active_fund_alone(state: SpendingState, step: str, fund_state: str) -> None:
    request = spending_request(state=state)
    fund_becomes(request, fund_state)
    with refused_by("spending_needs_a_fund_in_force"):
        sql("UPDATE funds_spending_request SET state = %s WHERE id = %s", step, request.pk)


@pytest.mark.parametrize("fund_state", ["suspended", "closed"])
def test_request_is_paid_from_a_fund_in_force_alone(fund_state: str) -> None:
    request = spending_request(state=SpendingState.APPROVED)
    fund_becomes(request, fund_state)
    with refused_by("spending_needs_a_fund_in_force"):
        sql("UPDATE funds_spending_request SET state = 'paid' WHERE id = %s", request.pk)


def test_no_request_is_filed_with_a_suspended_fund() -> None:
    request = spending_request()
    fund_becomes(request, "suspended")
    fresh = {"id", "number"}
    columns = [field.attname for field in SpendingRequest._meta.concrete_fields if field.name not in fresh]
    others = ", ".join(columns)
    with refused_by("spending_needs_a_fund_in_force"):
        sql(
            f"INSERT INTO funds_spending_request (number, {others}) "
            f"SELECT 'ZC-2026-99999', {others} FROM funds_spending_request WHERE id = %s",
            request.pk,
        )


def fund_becomes(request: SpendingRequest, state: str) -> None:
    with triggers_off():
        sql("UPDATE funds_fund SET state = %s WHERE id = %s", state, request.fund_id)


def test_ended_request_never_changes() -> None:
    request = ended_with_its_fund()
    with refused_by("spending_final_never_changes"):
        sql("UPDATE funds_spending_request SET pinyin = 'x' WHERE id = %s", request.pk)
