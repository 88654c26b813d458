"""What PostgreSQL refuses of spending requests, attacked round Python."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from charity_hub.ledger.actions import Line, post, reverse
from charity_hub.ledger.models import Account, Transfer
from funds.profile.accounts import bank_of
from funds.profile.models import Purpose
from funds.spending.models import SpendingRequest, SpendingState
from tests.builders import active_fund, gift, purpose_of, spending_request
from tests.cast import mei, ping, qin
from tests.funds.attacks import refused_by, sql, sql_unchecked, triggers_off, without_guard, without_rule

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def moves_need_no_history() -> None:
    """These tests move rows by SQL alone; that a move has its history row is tested for every workflow."""
    without_guard(SpendingRequest, "spendingrequest_moves_are_recorded")


FLOW = {
    "filed": {"returned", "withdrawn", "approved", "ended"},
    "returned": {"filed", "withdrawn", "ended"},
    "approved": {"paid", "released"},
}
MOVES = [(old, new) for old in SpendingState.values for new in SpendingState.values if old != new]

# Columns that a state needs beside it; the move itself is what is tested.
UNDECIDED = "approved_by_id = NULL, approved_on = NULL"
APPROVED = "approved_by_id = {ping}, approved_on = '2026-01-01'"
UNPAID = "paid_by_id = NULL, paid_on = NULL, bank_reference = ''"
PAID = "paid_by_id = {qin}, paid_on = '2026-01-01', bank_reference = 'B1'"
NEEDED = {
    "filed": f"{UNDECIDED}, {UNPAID}",
    "returned": f"{UNDECIDED}, {UNPAID}",
    "withdrawn": f"{UNDECIDED}, {UNPAID}",
    "ended": f"{UNDECIDED}, {UNPAID}",
    "approved": f"{APPROVED}, {UNPAID}",
    "released": f"{APPROVED}, {UNPAID}",
    "paid": f"{APPROVED}, {PAID}",
}


def move(request: SpendingRequest, state: str) -> None:
    columns = NEEDED[state].format(ping=ping().pk, qin=qin().pk)
    sql(f"UPDATE funds_spending_request SET state = %s, {columns} WHERE id = %s", state, request.pk)


@pytest.mark.parametrize(("old", "new"), MOVES)
def test_state_moves_exactly_by_the_table(old: str, new: str) -> None:
    request = spending_request()
    without_rule("funds_spending_request", "spending_agrees_with_its_transfers")
    with triggers_off():
        move(request, old)
    if old == "approved":
        _move_on_from_approved(request, new)
    elif old in {"paid", "released", "withdrawn", "ended"}:
        with refused_by("spendingrequest_moves_by_its_workflow"):
            move(request, new)
    elif new in FLOW[old]:
        move(request, new)
        assert SpendingRequest.objects.get(pk=request.pk).state == new
    else:
        with refused_by("spendingrequest_moves_by_its_workflow"):
            move(request, new)


def _move_on_from_approved(request: SpendingRequest, new: str) -> None:
    """An approved row keeps its approver, so only the state and the payment are written."""
    columns = f"{PAID}, ".format(qin=qin().pk) if new == "paid" else ""
    statement = f"UPDATE funds_spending_request SET {columns}state = %s WHERE id = %s"
    if new in FLOW["approved"]:
        sql(statement, new, request.pk)
        assert SpendingRequest.objects.get(pk=request.pk).state == new
    else:
        with refused_by("spendingrequest_moves_by_its_workflow"):
            sql(statement, new, request.pk)


@pytest.mark.parametrize("state", [SpendingState.FILED, SpendingState.RETURNED, SpendingState.APPROVED])
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("amount_fen", 1),
        ("payee_name", "别人"),
        ("payee_account", "gAAAA-other"),
        ("payee_bank", "别处银行"),
        ("use", "other"),
        ("title", "别的"),
        ("explanation", "别的"),
    ],
)
def test_what_was_filed_never_changes(state: SpendingState, column: str, value: object) -> None:
    request = spending_request(state=state)
    with refused_by("spending_says_what_was_filed"):
        sql(f"UPDATE funds_spending_request SET {column} = %s WHERE id = %s", value, request.pk)


def test_a_returned_request_changes_as_it_is_filed_again() -> None:
    request = spending_request(state=SpendingState.RETURNED)
    sql("UPDATE funds_spending_request SET state = 'filed', amount_fen = 7 WHERE id = %s", request.pk)
    assert SpendingRequest.objects.get(pk=request.pk).amount_fen == 7


@pytest.mark.parametrize(("column", "value"), [("number", "ZC-1999-00001")])
def test_number_and_key_never_change(column: str, value: object) -> None:
    request = spending_request(state=SpendingState.RETURNED)
    with refused_by("spending_keeps_its_filer"):
        sql(f"UPDATE funds_spending_request SET {column} = %s WHERE id = %s", value, request.pk)


def test_the_day_of_approval_never_changes() -> None:
    request = spending_request(state=SpendingState.APPROVED)
    with refused_by("spending_decided_figures_never_change"):
        sql("UPDATE funds_spending_request SET approved_on = '2020-01-01' WHERE id = %s", request.pk)


def test_purpose_of_an_approved_request_never_changes() -> None:
    request = spending_request(state=SpendingState.APPROVED)
    other = purpose_of(request.fund, "children")
    with refused_by("spending_says_what_was_filed"):
        sql("UPDATE funds_spending_request SET purpose_id = %s WHERE id = %s", other.pk, request.pk)


@pytest.mark.parametrize("state", ["paid", "released", "withdrawn"])
def test_what_is_final_never_changes_at_all(state: str) -> None:
    request = spending_request(state=state)
    with refused_by("spending_final_never_changes"):
        sql("UPDATE funds_spending_request SET pinyin = '改' WHERE id = %s", request.pk)


def test_purpose_of_another_fund_is_refused() -> None:
    request = spending_request(state=SpendingState.RETURNED)
    other = active_fund("JJ-440106018-01", name="别处基金")
    with refused_by("spending_purpose_of_its_fund"):
        sql(
            "UPDATE funds_spending_request SET state = 'filed', purpose_id = %s WHERE id = %s",
            purpose_of(other).pk,
            request.pk,
        )


@pytest.mark.parametrize("amount", [0, -1, 10_000_000_001])
def test_impossible_amount_is_refused(amount: int) -> None:
    request = spending_request(state=SpendingState.RETURNED)
    with refused_by("spending_amount_up_to_100_million_yuan"):
        sql(
            "UPDATE funds_spending_request SET state = 'filed', amount_fen = %s WHERE id = %s",
            amount,
            request.pk,
        )


def approve(request: SpendingRequest, approver: int) -> None:
    sql(
        "UPDATE funds_spending_request SET state = 'approved', approved_on = '2026-01-01', "
        "approved_by_id = %s WHERE id = %s",
        approver,
        request.pk,
    )


def pay(request: SpendingRequest, payer: int) -> None:
    sql(
        "UPDATE funds_spending_request SET state = 'paid', paid_on = approved_on, bank_reference = 'B1', "
        "paid_by_id = %s WHERE id = %s",
        payer,
        request.pk,
    )


def test_filer_never_approves() -> None:
    with refused_by("spending_not_approved_by_its_filer"):
        approve(spending_request(), mei().pk)


def test_approver_never_pays() -> None:
    with refused_by("spending_not_paid_by_its_approver"):
        pay(spending_request(state=SpendingState.APPROVED), ping().pk)


def test_filer_never_pays() -> None:
    with refused_by("spending_not_paid_by_its_filer"):
        pay(spending_request(state=SpendingState.APPROVED), mei().pk)


def test_approved_request_names_its_approver() -> None:
    with refused_by("spending_decided_names_its_approver"):
        sql("UPDATE funds_spending_request SET state = 'approved' WHERE id = %s", spending_request().pk)


def test_paid_request_names_day_and_reference() -> None:
    request = spending_request(state=SpendingState.APPROVED)
    with refused_by("spending_paid_names_payer_day_and_reference"):
        sql(
            "UPDATE funds_spending_request SET state = 'paid', paid_by_id = %s WHERE id = %s",
            qin().pk,
            request.pk,
        )


def test_request_is_never_deleted() -> None:
    with refused_by("spending_is_never_deleted"):
        sql("DELETE FROM funds_spending_request WHERE id = %s", spending_request().pk)


def test_requests_are_never_truncated() -> None:
    spending_request()
    with refused_by("spending_is_never_truncated"):
        sql("TRUNCATE funds_spending_request CASCADE")


# --- the books ----------------------------------------------------------------------------------


def transfer_of(request: SpendingRequest, step: str) -> Transfer:
    return Transfer.objects.get(idempotency_key=f"spending:{request.pk}:{step}")


def test_approval_commits_in_the_books() -> None:
    with refused_by("spending_agrees_with_its_transfers"):
        approve(spending_request(), ping().pk)


def test_payment_is_in_the_books() -> None:
    with refused_by("spending_agrees_with_its_transfers"):
        pay(spending_request(state=SpendingState.APPROVED), qin().pk)


def test_release_is_in_the_books() -> None:
    request = spending_request(state=SpendingState.APPROVED)
    with refused_by("spending_agrees_with_its_transfers"):
        sql("UPDATE funds_spending_request SET state = 'released' WHERE id = %s", request.pk)


@pytest.mark.parametrize(
    ("state", "step"), [("approved", "commit"), ("released", "release"), ("paid", "payment")]
)
def test_its_transfer_is_not_reversed_without_it(state: str, step: str) -> None:
    request = spending_request(state=state)
    with refused_by("spending_agrees_with_its_transfers"), transaction.atomic():
        reverse(transfer_of(request, step), "试", actor=None)
        sql("SELECT")


def test_nothing_is_committed_for_a_request_that_nobody_approved() -> None:
    request = spending_request()
    net, committed = request.purpose.accounts
    with refused_by("spending_agrees_with_its_transfers"), transaction.atomic():
        post(
            "commit",
            [Line(net, 100_000), Line(committed, -100_000)],
            key=f"spending:{request.pk}:commit",
            source=request,
            occurred_on=timezone.localdate(),
        )
        sql("SELECT")


def approve_and_commit(request: SpendingRequest, given_for: Purpose) -> None:
    net, _committed = given_for.accounts
    _net, committed = request.purpose.accounts
    with transaction.atomic():
        sql_unchecked(
            "UPDATE funds_spending_request SET state = 'approved', approved_on = '2026-01-01', "
            "approved_by_id = %s WHERE id = %s",
            ping().pk,
            request.pk,
        )
        post(
            "commit",
            [Line(net, 100_000), Line(committed, -100_000)],
            key=f"spending:{request.pk}:commit",
            source=request,
            occurred_on=date(2026, 1, 1),
        )
        sql("SELECT")


def test_what_was_given_for_its_purpose_is_committed() -> None:
    request = spending_request()
    approve_and_commit(request, request.purpose)


def test_what_was_given_for_another_purpose_is_not_committed() -> None:
    request = spending_request()
    other = purpose_of(request.fund, "schooling")
    gift(purpose=other, amount_fen=100_000)
    with refused_by("spending_agrees_with_its_transfers"):
        approve_and_commit(request, other)


def pay_out_of(account: Account, request: SpendingRequest, *, fen: int = 100_000, days: int = 0) -> None:
    """Pay a request as it stands, today, and post so much from this account, so many days before."""
    _net, committed = request.purpose.accounts
    with transaction.atomic():
        sql_unchecked(
            "UPDATE funds_spending_request SET state = 'paid', paid_on = %s, bank_reference = 'B1', "
            "paid_by_id = %s WHERE id = %s",
            timezone.localdate(),
            qin().pk,
            request.pk,
        )
        post(
            "payment:service",
            [Line(committed, fen), Line(account, -fen)],
            key=f"spending:{request.pk}:payment",
            source=request,
            occurred_on=timezone.localdate() - timedelta(days=days),
        )
        sql("SELECT")


def test_what_is_paid_leaves_the_bank() -> None:
    request = spending_request(state=SpendingState.APPROVED)
    pay_out_of(bank_of(request.fund), request)


def test_what_is_paid_does_not_go_back_to_the_purpose() -> None:
    request = spending_request(state=SpendingState.APPROVED)
    with refused_by("spending_agrees_with_its_transfers"):
        pay_out_of(request.purpose.accounts[0], request)


@pytest.mark.parametrize(("fen", "days"), [(99_999, 0), (100_000, 1)], ids=["another amount", "another day"])
def test_payment_that_says_otherwise_is_refused(fen: int, days: int) -> None:
    request = spending_request(state=SpendingState.APPROVED, on=timezone.localdate() - timedelta(days=1))
    with refused_by("spending_agrees_with_its_transfers"):
        pay_out_of(bank_of(request.fund), request, fen=fen, days=days)
