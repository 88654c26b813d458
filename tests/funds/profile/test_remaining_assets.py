"""Handing over what is left: as agreed, or elsewhere when the named fund cannot take it."""

from typing import Any

import pytest
from django.utils import timezone

from charity_hub.errors import Refused
from charity_hub.ledger.actions import Line, open_account, post
from charity_hub.ledger.models import Account, AccountKind, AccountRole, Book, Transfer
from charity_hub.workflow.actions import history
from funds.profile.accounts import bank_of, money_of
from funds.profile.models import Fund
from funds.profile.remaining_assets import Diversion, began_winding_up, hand_over_remaining_assets
from funds.profile.workflow import close_fund, suspend_fund, wind_up_fund
from funds.spending.models import SpendingState
from tests.builders import active_fund, agreement_version, purpose_of, spending_request
from tests.cast import client_of, other_charity, ping, qin
from tests.funds.attacks import sql, triggers_off

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
SECOND = "JJ-440605011-02"
THIRD = "JJ-440605011-03"


def winding_up(**fields: Any) -> Fund:
    fund = active_fund(**fields)
    wind_up_fund(fund, "协议到期。", actor=ping())
    return Fund.objects.get(pk=fund.pk)


def cash_at_station(fund: Fund, amount: int) -> Account:
    """Cash given for the unrestricted purpose that still lies at a station."""
    cash = open_account(
        Book.objects.get(fund=fund),
        f"cash:ZD-1:{fund.code}",
        "现金",
        AccountKind.ASSET,
        role=AccountRole.STATION_CASH,
    )
    net, _committed = purpose_of(fund).accounts
    post("trial:person", [Line(cash, amount), Line(net, -amount)], key="gift-1", occurred_on=TODAY)
    return cash


def test_leftovers_leave_by_the_bank() -> None:
    fund = winding_up()
    hand_over_remaining_assets(fund, actor=qin(), bank_reference="B1")
    assert (money_of(fund).total, bank_of(fund).balance) == (0, 0)


def test_leftovers_of_every_purpose_go_to_the_fund_that_the_agreement_names() -> None:
    taker = active_fund()
    fund = winding_up(code="JJ-440605011-02", name="二号基金", leftover_fund=taker)
    hand_over_remaining_assets(fund, actor=qin())
    assert (money_of(fund).total, money_of(taker).total, money_of(taker).free) == (0, 20_000_000, 20_000_000)


def test_handing_over_needs_a_bank_reference_when_money_leaves() -> None:
    with pytest.raises(Refused) as refused:
        hand_over_remaining_assets(winding_up(), actor=qin())
    assert refused.value.field == "bank_reference"


def test_handing_over_twice_is_a_quiet_no_op() -> None:
    fund = winding_up()
    hand_over_remaining_assets(fund, actor=qin(), bank_reference="B1")
    assert hand_over_remaining_assets(fund, actor=qin(), bank_reference="B1") is None


def test_who_began_the_winding_up_does_not_hand_over() -> None:
    with pytest.raises(Refused):
        hand_over_remaining_assets(winding_up(), actor=ping(), bank_reference="B1")


def test_leftovers_stay_while_spending_is_committed() -> None:
    spending_request(state=SpendingState.APPROVED, amount_fen=12_300)
    with pytest.raises(Refused, match=r"¥123\.00"):
        hand_over_remaining_assets(winding_up(), actor=qin(), bank_reference="B1")


def test_leftovers_stay_while_cash_lies_at_a_station() -> None:
    cash_at_station(active_fund(), 45_600)
    with pytest.raises(Refused, match=r"¥456\.00"):
        hand_over_remaining_assets(winding_up(), actor=qin(), bank_reference="B1")


def test_active_fund_does_not_hand_over() -> None:
    with pytest.raises(Refused):
        hand_over_remaining_assets(active_fund(), actor=qin(), bank_reference="B1")


def named_but_suspended() -> Fund:
    """A fund that winds up and whose agreement names a fund that is suspended."""
    taker = active_fund()
    fund = winding_up(code=SECOND, name="二号基金", leftover_fund=taker)
    suspend_fund(taker, "核查", actor=ping())
    return fund


def test_leftovers_do_not_go_to_a_fund_that_is_suspended() -> None:
    with pytest.raises(Refused, match="Choose another fund") as refused:
        hand_over_remaining_assets(named_but_suspended(), actor=qin())
    assert refused.value.field == "taker"


def test_leftovers_go_to_another_fund_when_the_named_one_is_suspended() -> None:
    fund = named_but_suspended()
    other = active_fund(THIRD, name="三号基金")
    hand_over_remaining_assets(fund, actor=qin(), instead=Diversion("原接收基金暂停。", other))
    assert (money_of(fund).total, money_of(other).free) == (0, 20_000_000)


@pytest.mark.parametrize("end", ["winding_up", "closed"])
def test_leftovers_go_to_the_charity_when_the_named_fund_has_ended(end: str) -> None:
    taker = active_fund(seed_money_fen=0, seed_money_from="")
    fund = winding_up(code=SECOND, name="二号基金", leftover_fund=taker)
    wind_up_fund(taker, "到期", actor=ping())
    if end == "closed":
        close_fund(taker, actor=ping())
    hand_over_remaining_assets(
        fund, actor=qin(), bank_reference="B1", instead=Diversion("原接收基金已终止。")
    )
    assert (money_of(fund).total, bank_of(fund).balance) == (0, 0)


def test_charity_itself_takes_leftovers_by_a_bank_payment_alone() -> None:
    with pytest.raises(Refused) as refused:
        hand_over_remaining_assets(named_but_suspended(), actor=qin(), instead=Diversion("原接收基金暂停。"))
    assert refused.value.field == "bank_reference"


def test_diverting_needs_a_reason() -> None:
    with pytest.raises(Refused) as refused:
        hand_over_remaining_assets(
            named_but_suspended(), actor=qin(), bank_reference="B1", instead=Diversion("  ")
        )
    assert refused.value.field == "reason"


def test_diversion_stays_in_the_history_with_who_and_why() -> None:
    fund = named_but_suspended()
    hand_over_remaining_assets(fund, actor=qin(), bank_reference="B1", instead=Diversion("原接收基金暂停。"))
    last = history(fund).last()
    assert last is not None
    assert last.actor == qin()
    assert "¥100,000.00" in last.why
    assert "原接收基金暂停。" in last.why


def test_who_diverted_the_leftovers_did_not_begin_the_winding_up() -> None:
    fund = named_but_suspended()
    hand_over_remaining_assets(fund, actor=qin(), bank_reference="B1", instead=Diversion("原接收基金暂停。"))
    assert [began_winding_up(one, fund) for one in (ping(), qin())] == [True, False]


def test_fund_of_another_charity_takes_no_leftovers() -> None:
    fund = named_but_suspended()
    elsewhere = active_fund("JJ-440106018-01", name="别处基金", host=other_charity())
    with pytest.raises(Refused) as refused:
        hand_over_remaining_assets(fund, actor=qin(), instead=Diversion("原接收基金暂停。", elsewhere))
    assert refused.value.field == "taker"


def named_but_elsewhere(table: str = "funds_fund") -> Fund:
    """A fund that winds up and whose agreement names an active fund of another charity, by SQL alone."""
    fund = active_fund()
    if table == "funds_agreement_version":
        agreement_version(fund)
    wind_up_fund(fund, "协议到期。", actor=ping())
    elsewhere = active_fund("JJ-440106018-01", name="别处基金", host=other_charity())
    of_it = "id" if table == "funds_fund" else "fund_id"
    with triggers_off():
        sql(f"UPDATE {table} SET leftover_fund_id = %s WHERE {of_it} = %s", elsewhere.pk, fund.pk)
    return Fund.objects.get(pk=fund.pk)


@pytest.mark.parametrize("table", ["funds_fund", "funds_agreement_version"])
def test_leftovers_never_go_to_another_charity_even_where_the_agreement_says_so(table: str) -> None:
    fund = named_but_elsewhere(table)
    with pytest.raises(Refused, match="its host is 别处示例慈善会") as refused:
        hand_over_remaining_assets(fund, actor=qin())
    assert refused.value.field == "taker"
    assert not Transfer.objects.filter(kind="leftover").exists()


def test_leftovers_named_for_another_charity_go_to_the_charity_that_holds_them() -> None:
    fund = named_but_elsewhere()
    elsewhere = Fund.objects.get(host=other_charity())
    before = money_of(elsewhere).total
    hand_over_remaining_assets(fund, actor=qin(), bank_reference="B1", instead=Diversion("协议写错了基金。"))
    assert (money_of(fund).total, bank_of(fund).balance, money_of(elsewhere).total) == (0, 0, before)


def test_page_says_that_another_charity_hosts_the_named_fund() -> None:
    fund = named_but_elsewhere()
    page = client_of(qin()).get(f"/desk/funds/{fund.code}/hand-over/").content.decode()
    assert "its host is 别处示例慈善会" in page


def test_leftovers_are_not_diverted_from_a_fund_that_can_take_them() -> None:
    fund = winding_up(code=SECOND, name="二号基金", leftover_fund=active_fund())
    with pytest.raises(Refused):
        hand_over_remaining_assets(fund, actor=qin(), bank_reference="B1", instead=Diversion("另有安排。"))
    assert not Transfer.objects.filter(kind="leftover").exists()


def test_page_offers_the_charity_and_its_active_funds() -> None:
    fund = named_but_suspended()
    other = active_fund(THIRD, name="三号基金")
    form = client_of(qin()).get(f"/desk/funds/{fund.code}/hand-over/").context["form"]
    assert [label for _value, label in form.fields["taker"].choices] == [
        "桂城示例慈善会 itself, by bank transfer",
        other.name,
    ]


def test_page_hands_over_to_the_fund_that_was_chosen() -> None:
    fund = named_but_suspended()
    other = active_fund(THIRD, name="三号基金")
    form = {"taker": other.pk, "reason": "原接收基金暂停。", "bank_reference": ""}
    client_of(qin()).post(f"/desk/funds/{fund.code}/hand-over/", form)
    assert money_of(other).free == 20_000_000
