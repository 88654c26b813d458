"""What PostgreSQL refuses of funds, attacked round Python."""

import pytest
from django.db import DatabaseError, transaction

from charity_hub.ledger.actions import reverse
from charity_hub.ledger.models import Transfer
from funds.profile.models import Fund, FundState
from funds.profile.workflow import wind_up_fund
from tests.builders import active_fund, draft_fund, purpose_of, region
from tests.cast import mei, other_charity, ping
from tests.funds.attacks import refused_by, sql, triggers_off, without_guard, without_rule

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def moves_need_no_history() -> None:
    """These tests move rows by SQL alone; that a move has its history row is tested in ``test_workflow``."""
    without_guard(Fund, "fund_moves_are_recorded")


SECOND = "JJ-440605011-02"
FLOW = {
    "draft": {"under_review"},
    "under_review": {"draft", "active"},
    "active": {"suspended", "winding_up"},
    "suspended": {"active", "winding_up"},
    "winding_up": {"closed"},
    "closed": set[str](),
}
MOVES = [(old, new) for old in FundState.values for new in FundState.values if old != new]


@pytest.mark.parametrize(("old", "new"), MOVES)
def test_state_moves_exactly_by_the_table(old: str, new: str) -> None:
    fund = active_fund()
    without_rule("funds_fund", "fund_closed_with_its_accounts")
    without_rule("funds_fund", "fund_agrees_with_its_transfers")
    with triggers_off():
        sql("UPDATE funds_fund SET state = %s WHERE id = %s", old, fund.pk)
    if new in FLOW[old]:
        sql("UPDATE funds_fund SET state = %s WHERE id = %s", new, fund.pk)
        assert Fund.objects.get(pk=fund.pk).state == new
    else:
        with refused_by("fund_moves_by_its_workflow"):
            sql("UPDATE funds_fund SET state = %s WHERE id = %s", new, fund.pk)


def test_fund_is_born_a_draft() -> None:
    fund = draft_fund()
    fund.pk, fund.code, fund.state = None, "JJ-1-01", FundState.CLOSED
    with refused_by("fund_moves_by_its_workflow"), transaction.atomic():
        fund.save(force_insert=True)


def test_active_fund_keeps_an_odd_committee() -> None:
    fund = active_fund()
    with refused_by("fund_committee_odd_at_least_five_one_chair"):
        sql("DELETE FROM funds_committee_member WHERE fund_id = %s AND name = '委员甲示例'", fund.pk)


def test_active_fund_keeps_five_members() -> None:
    fund = active_fund()
    with refused_by("fund_committee_odd_at_least_five_one_chair"):
        sql(
            "DELETE FROM funds_committee_member WHERE fund_id = %s AND name IN ('委员甲示例', '委员乙示例')",
            fund.pk,
        )


def test_active_fund_keeps_exactly_one_chair() -> None:
    fund = active_fund()
    with refused_by("fund_committee_odd_at_least_five_one_chair"):
        sql("UPDATE funds_committee_member SET position = 'member' WHERE fund_id = %s", fund.pk)


def test_active_fund_keeps_a_supervisor() -> None:
    fund = active_fund()
    with refused_by("fund_has_a_supervisor"):
        sql("DELETE FROM funds_committee_member WHERE fund_id = %s AND position = 'supervisor'", fund.pk)


def test_seat_cannot_wander_off_to_another_fund() -> None:
    fund, other = active_fund(), draft_fund(name="二号基金", committee=[])
    with refused_by("fund_committee_odd_at_least_five_one_chair"):
        sql(
            "UPDATE funds_committee_member SET fund_id = %s WHERE fund_id = %s AND name = '委员甲示例'",
            other.pk,
            fund.pk,
        )


def test_one_person_has_one_seat() -> None:
    fund = active_fund()
    with refused_by("committee_member_once_per_fund"):
        sql(
            "INSERT INTO funds_committee_member (fund_id, name, position, represents) "
            "VALUES (%s, '监督员示例', 'member', '')",
            fund.pk,
        )


def test_draft_may_have_any_committee() -> None:
    fund = draft_fund()
    sql("DELETE FROM funds_committee_member WHERE fund_id = %s", fund.pk)
    assert not fund.committee.exists()


def test_public_fund_is_never_deleted() -> None:
    fund = active_fund()
    with refused_by("fund_is_never_deleted"):
        sql("DELETE FROM funds_fund WHERE id = %s", fund.pk)


def test_activation_is_refused_by_sql_without_book_and_activator() -> None:
    fund = draft_fund()
    sql("UPDATE funds_fund SET state = 'under_review' WHERE id = %s", fund.pk)
    with refused_by("fund_activated_before_it_is_public"):
        sql("UPDATE funds_fund SET state = 'active' WHERE id = %s", fund.pk)


def naming(taker: Fund) -> Fund:
    """A fund under review, agreed in all its parts, that leaves its money to another one."""
    fund = active_fund(SECOND, name="二号基金")
    with triggers_off():
        sql(
            "UPDATE funds_fund SET state = 'under_review', leftover_fund_id = %s WHERE id = %s",
            taker.pk,
            fund.pk,
        )
    return fund


def activate(fund: Fund) -> None:
    sql("UPDATE funds_fund SET state = 'active' WHERE id = %s", fund.pk)


def test_leftovers_of_a_first_agreement_stay_with_its_host() -> None:
    taker = active_fund()
    fund = naming(taker)
    activate(fund)
    assert Fund.objects.get(pk=fund.pk).leftover_fund == taker


def test_first_agreement_that_names_a_fund_of_another_charity_is_never_activated() -> None:
    active_fund()
    elsewhere = active_fund("JJ-440106018-01", name="别处基金", host=other_charity())
    with refused_by("fund_leftovers_stay_with_the_host"):
        activate(naming(elsewhere))


def test_first_agreement_that_names_a_draft_is_never_activated() -> None:
    active_fund()
    active_fund(SECOND, name="二号基金")
    with refused_by("fund_leftovers_stay_with_the_host"):
        activate(naming(draft_fund(name="三号基金")))


def test_fund_is_not_activated_without_its_seed_money_in_the_books() -> None:
    fund = active_fund(seed_money_fen=0, seed_money_from="")
    with triggers_off():
        sql("UPDATE funds_fund SET state = 'under_review', seed_money_fen = 1 WHERE id = %s", fund.pk)
    with refused_by("fund_agrees_with_its_transfers"):
        activate(fund)


def test_seed_money_of_a_public_fund_is_not_reversed() -> None:
    seed = Transfer.objects.get(idempotency_key=f"seed:{active_fund().code}")
    with refused_by("fund_agrees_with_its_transfers"), transaction.atomic():
        reverse(seed, "试", actor=None)
        sql("SELECT")


@pytest.mark.parametrize("seed", [10_000_000, 0], ids=["with money", "emptied, accounts open"])
def test_fund_is_not_closed_before_its_accounts(seed: int) -> None:
    fund = active_fund(seed_money_fen=seed)
    wind_up_fund(fund, "到期", actor=ping())
    with refused_by("fund_closed_with_its_accounts"):
        sql("UPDATE funds_fund SET state = 'closed', closed_on = '2026-01-01' WHERE id = %s", fund.pk)


def test_purpose_is_not_retired_before_its_accounts() -> None:
    purpose = purpose_of(active_fund(), "children")
    with refused_by("purpose_retired_with_its_accounts"):
        sql("UPDATE funds_purpose SET retired_on = '2026-01-01' WHERE id = %s", purpose.pk)


def test_proposer_is_never_the_activator() -> None:
    fund = draft_fund()
    with refused_by("fund_not_activated_by_its_proposer"):
        sql("UPDATE funds_fund SET activated_by_id = %s WHERE id = %s", mei().pk, fund.pk)


@pytest.mark.parametrize(
    ("column", "value"),
    [("code", "JJ-9-01"), ("seed_money_fen", 1), ("management_fee_bp", 999), ("activated_on", "2020-01-01")],
)
def test_agreed_terms_of_a_public_fund_never_change(column: str, value: object) -> None:
    fund = active_fund()
    with refused_by("fund_agreed_terms_never_change"):
        sql(f"UPDATE funds_fund SET {column} = %s WHERE id = %s", value, fund.pk)


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("management_fee_bp", 1001, "fund_management_fee_at_most_10_percent"),
        ("seed_money_fen", -1, "fund_seed_money_up_to_100_million_yuan"),
        ("starts_on", "1999-01-01", "fund_signed_before_it_starts"),
        ("ends_on", "1999-01-01", "fund_ends_after_it_starts"),
    ],
)
def test_draft_holds_no_impossible_terms(column: str, value: object, constraint: str) -> None:
    fund = draft_fund()
    with refused_by(constraint):
        sql(f"UPDATE funds_fund SET {column} = %s WHERE id = %s", value, fund.pk)


def test_second_unrestricted_purpose_is_refused() -> None:
    fund = active_fund()
    with refused_by("purpose_unrestricted_once_per_fund"):
        sql(
            "INSERT INTO funds_purpose (fund_id, slug, name, restricted, position) "
            "VALUES (%s, 'other', '其他', false, 9)",
            fund.pk,
        )


def test_purpose_that_holds_accounts_does_not_become_unrestricted() -> None:
    purpose = purpose_of(active_fund(), "children")
    with refused_by("purpose_with_accounts_never_changes"):
        sql("UPDATE funds_purpose SET restricted = false WHERE id = %s", purpose.pk)


def test_purpose_that_holds_accounts_is_never_deleted() -> None:
    purpose = purpose_of(active_fund(), "children")
    with refused_by("purpose_with_accounts_is_never_deleted"):
        sql("DELETE FROM funds_purpose WHERE id = %s", purpose.pk)


def test_unrestricted_purpose_never_retires_by_sql() -> None:
    purpose = purpose_of(active_fund())
    with refused_by("purpose_unrestricted_never_retires"):
        sql("UPDATE funds_purpose SET retired_on = '2026-01-01' WHERE id = %s", purpose.pk)


def test_histories_are_append_only() -> None:
    active_fund()
    with pytest.raises(DatabaseError):
        sql("UPDATE funds_fundevent SET state = 'closed'")


def test_fund_never_belongs_to_a_district() -> None:
    fund, district = draft_fund(), region("440605")
    with refused_by("fund_of_a_street_or_community"):
        sql("UPDATE funds_fund SET region_id = %s WHERE id = %s", district.pk, fund.pk)
