"""From a request to a paid bill."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from charity_hub.errors import Refused
from charity_hub.ledger.actions import Line, close_month, open_account, post
from charity_hub.ledger.models import AccountKind, AccountRole, Book, Transfer
from charity_hub.workflow.actions import history
from funds.profile.accounts import money_of
from funds.profile.lifecycle import retire_purpose
from funds.profile.models import Fund
from funds.profile.workflow import suspend_fund, wind_up_fund
from funds.spending.actions import file_request
from funds.spending.models import SpendingRequest, SpendingState, Use
from funds.spending.workflow import (
    SPENDING,
    approve_request,
    pay_request,
    release_request,
    return_request,
    revise_request,
    withdraw_request,
)
from tests.builders import active_fund, purpose_of, spending_request, spending_terms
from tests.cast import ada, jun, mei, ping, qin, rui

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def paid(request: SpendingRequest, **changes: Any) -> bool:
    values: dict[str, Any] = {"paid_on": TODAY, "bank_reference": "B0001", "actor": qin()} | changes
    return pay_request(request, **values)


def free(fund: Fund, slug: str = "unrestricted") -> int:
    return purpose_of(fund, slug).accounts[0].normal_balance


def test_request_gets_a_number_of_the_year() -> None:
    assert spending_request().number.startswith(f"ZC-{TODAY.year}-0")


def test_filing_commits_nothing() -> None:
    assert money_of(spending_request().fund).committed == 0


@pytest.mark.parametrize("amount", [0, -1, 10_000_000_001])
def test_impossible_amount_is_refused_at_its_field(amount: int) -> None:
    fund = active_fund()
    with pytest.raises(Refused) as refused:
        file_request(spending_terms(fund, amount_fen=amount), fund=fund, actor=mei())
    assert refused.value.field == "amount_fen"


def test_purpose_of_another_fund_is_refused_at_its_field() -> None:
    fund, other = active_fund(), active_fund("JJ-440106018-01", name="别处基金")
    with pytest.raises(Refused) as refused:
        file_request(spending_terms(other), fund=fund, actor=mei())
    assert refused.value.field == "purpose"


def test_suspended_fund_takes_no_request() -> None:
    fund = active_fund()
    suspend_fund(fund, "核查", actor=ping())
    with pytest.raises(Refused):
        file_request(spending_terms(fund), fund=fund, actor=mei())


def test_staff_of_another_street_do_not_file_here() -> None:
    fund = active_fund()
    with pytest.raises(PermissionDenied):
        file_request(spending_terms(fund), fund=fund, actor=jun())


def test_charity_officer_does_not_file() -> None:
    fund = active_fund()
    with pytest.raises(PermissionDenied):
        file_request(spending_terms(fund), fund=fund, actor=ping())


def test_approval_commits_the_amount() -> None:
    request = spending_request(amount_fen=12_345)
    approve_request(request, actor=ping())
    money = money_of(request.fund)
    assert (money.free, money.committed, money.bank) == (10_000_000 - 12_345, 12_345, 10_000_000)


def test_approving_twice_commits_once() -> None:
    request = spending_request(state=SpendingState.APPROVED)
    assert approve_request(request, actor=qin()) is False
    assert Transfer.objects.filter(kind="commit").count() == 1


def test_more_than_the_purpose_holds_is_refused_with_both_figures() -> None:
    request = spending_request(amount_fen=10_000_001)
    with pytest.raises(Refused, match=r"不限定.*¥100,000\.00.*¥100,000\.01"):
        approve_request(request, actor=ping())


def test_refused_approval_leaves_the_request_as_it_was() -> None:
    request = spending_request(amount_fen=10_000_001)
    with pytest.raises(Refused):
        approve_request(request, actor=ping())
    request.refresh_from_db()
    assert (request.state, request.approved_by) == (SpendingState.FILED, None)


def test_filer_does_not_approve_even_as_administrator() -> None:
    fund = active_fund()
    request = file_request(spending_terms(fund), fund=fund, actor=ada())
    with pytest.raises(Refused):
        approve_request(request, actor=ada())


def test_street_does_not_approve() -> None:
    with pytest.raises(PermissionDenied):
        approve_request(spending_request(), actor=mei())


def test_officer_of_another_charity_does_not_approve() -> None:
    with pytest.raises(PermissionDenied):
        approve_request(spending_request(), actor=rui())


def test_suspended_fund_approves_nothing() -> None:
    request = spending_request()
    suspend_fund(request.fund, "核查", actor=ping())
    with pytest.raises(Refused):
        approve_request(request, actor=ping())


def test_request_changed_since_it_was_opened_is_not_approved_blindly() -> None:
    request = spending_request()
    seen = history(request).last()
    assert seen is not None
    return_request(request, "金额有误", actor=qin())
    revise_request(request, terms=spending_terms(request.fund, amount_fen=999), actor=mei())
    with pytest.raises(Refused):
        approve_request(request, actor=ping(), seen=seen.pk)


def test_returned_request_is_revised_and_waits_again() -> None:
    request = spending_request(state=SpendingState.RETURNED)
    revise_request(request, terms=spending_terms(request.fund, amount_fen=999), actor=mei())
    request.refresh_from_db()
    assert (request.state, request.amount_fen) == (SpendingState.FILED, 999)


def test_request_that_waits_is_not_revised() -> None:
    request = spending_request()
    with pytest.raises(Refused):
        revise_request(request, terms=spending_terms(request.fund, amount_fen=999), actor=mei())


def test_only_the_filer_revises() -> None:
    request = spending_request(state=SpendingState.RETURNED)
    with pytest.raises(PermissionDenied):
        revise_request(request, terms=spending_terms(request.fund), actor=ada())


def test_giving_back_needs_a_reason() -> None:
    with pytest.raises(Refused):
        return_request(spending_request(), " ", actor=ping())


def test_filed_request_is_withdrawn() -> None:
    request = spending_request()
    withdraw_request(request, actor=mei())
    request.refresh_from_db()
    assert request.state == SpendingState.WITHDRAWN


def test_approved_request_is_not_withdrawn() -> None:
    with pytest.raises(Refused):
        withdraw_request(spending_request(state=SpendingState.APPROVED), actor=mei())


def test_release_gives_the_amount_back_to_its_purpose() -> None:
    request = spending_request(state=SpendingState.RELEASED)
    money = money_of(request.fund)
    assert (money.free, money.committed) == (10_000_000, 0)


def test_releasing_twice_gives_back_once() -> None:
    request = spending_request(state=SpendingState.RELEASED)
    assert release_request(request, "再次", actor=ping()) is False


def test_payment_leaves_the_bank_and_carries_its_use() -> None:
    request = spending_request(state=SpendingState.APPROVED, amount_fen=12_345, use=Use.AID)
    paid(request)
    money = money_of(request.fund)
    assert (money.bank, money.committed, money.free) == (9_987_655, 0, 9_987_655)
    assert Transfer.objects.filter(kind="payment:aid", actor=qin()).count() == 1


def test_second_press_on_pay_is_a_quiet_no_op() -> None:
    request = spending_request(state=SpendingState.APPROVED)
    paid(request)
    assert paid(request) is False
    assert Transfer.objects.filter(kind="payment:service").count() == 1


def test_approver_does_not_pay() -> None:
    with pytest.raises(Refused):
        paid(spending_request(state=SpendingState.APPROVED), actor=ping())


def test_filer_does_not_pay_even_as_administrator() -> None:
    fund = active_fund()
    request = file_request(spending_terms(fund), fund=fund, actor=ada())
    approve_request(request, actor=ping())
    with pytest.raises(Refused):
        paid(request, actor=ada())


def test_request_that_is_not_approved_is_not_paid() -> None:
    with pytest.raises(Refused):
        paid(spending_request())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("paid_on", TODAY + timedelta(days=1)),
        ("paid_on", TODAY - timedelta(days=1)),
        ("bank_reference", "  "),
    ],
)
def test_wrong_payment_is_refused_at_its_field(field: str, value: object) -> None:
    request = spending_request(state=SpendingState.APPROVED)
    with pytest.raises(Refused) as refused:
        paid(request, **{field: value})
    assert refused.value.field == field


def test_payment_in_a_closed_month_is_refused() -> None:
    long_ago = TODAY - timedelta(days=70)
    fund = active_fund(on=long_ago, signed_on=long_ago, starts_on=long_ago)
    request = spending_request(fund, SpendingState.APPROVED, on=long_ago)
    close_month(Book.objects.get(fund=fund), long_ago)
    with pytest.raises(Refused):
        paid(request, paid_on=long_ago)


def test_suspended_fund_pays_nothing() -> None:
    request = spending_request(state=SpendingState.APPROVED)
    suspend_fund(request.fund, "核查", actor=ping())
    with pytest.raises(Refused):
        paid(request)


def test_fund_that_winds_up_still_pays_what_was_approved() -> None:
    request = spending_request(state=SpendingState.APPROVED)
    wind_up_fund(request.fund, "到期", actor=ping())
    assert paid(request) is True


def test_account_number_of_the_payee_is_never_plain_in_the_database() -> None:
    request = spending_request(payee_account="6222020000001234567")
    with connection.cursor() as cursor:
        cursor.execute("SELECT payee_account FROM funds_spending_request WHERE id = %s", [request.pk])
        (stored,) = cursor.fetchone()
    assert "1234567" not in stored
    assert request.payee_account == "6222020000001234567"


def test_bank_that_holds_less_than_is_paid_says_where_the_rest_lies() -> None:
    fund = active_fund(seed_money_fen=100)
    cash = open_account(
        Book.objects.get(fund=fund),
        f"cash:ZD-1:{fund.code}",
        "现金",
        AccountKind.ASSET,
        role=AccountRole.STATION_CASH,
    )
    net = purpose_of(fund).accounts[0]
    post("trial:person", [Line(cash, 5_000), Line(net, -5_000)], key="g", occurred_on=TODAY)
    request = spending_request(fund, SpendingState.APPROVED, amount_fen=3_000)
    with pytest.raises(Refused, match=r"¥1\.00.*¥30\.00.*¥50\.00"):
        paid(request)
    request.refresh_from_db()
    assert request.state == SpendingState.APPROVED


def test_retired_purpose_is_spent_from_no_more() -> None:
    fund = active_fund()
    retire_purpose(purpose_of(fund, "children"), actor=ping())
    terms = spending_terms(fund, purpose=purpose_of(fund, "children"))
    with pytest.raises(Refused) as refused:
        file_request(terms, fund=fund, actor=mei())
    assert refused.value.field == "purpose"


def test_desk_and_page_say_the_same_day() -> None:
    request = spending_request(state=SpendingState.APPROVED, on=TODAY - timedelta(days=3))
    (item,) = SPENDING.items(pay_request.rows_waiting(qin()))
    assert item.since == request.approved_on == TODAY - timedelta(days=3)
