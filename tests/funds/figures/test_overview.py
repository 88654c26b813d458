"""The overview of funds on the desk: street by street, of one's scope alone, at a fixed price."""

from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from charity_hub.ledger.models import MonthTotal
from charity_hub.people.models import User
from funds.books.flows import flow_sums, flows, moved_in
from funds.figures.overview import Street, streets_of
from funds.figures.registrations import held_now, overview
from funds.public.periods import months_later
from tests import cast
from tests.builders import active_fund, gift, spending_request
from tests.charity_hub.reports.scenes import fund_of_2024, issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def _two_streets() -> None:
    """Guicheng's fund with a gift and a payment, and another city's with seed money alone."""
    gift(amount_fen=77_700)
    spending_request(state="paid", amount_fen=30_000)
    active_fund("JJ-440106018-01", host=cast.other_charity(), seed_money_fen=1_234_500)


def names(streets: list[Street]) -> list[str]:
    return [street.name for street in streets]


@pytest.mark.usefixtures("_two_streets")
@pytest.mark.parametrize(
    ("person", "seen"),
    [
        *((who, ["桂城街道"]) for who in (cast.mei, cast.ping, cast.yan, cast.hua, cast.feng)),
        *((who, ["桂城街道"]) for who in (cast.dong, cast.shi)),
        *((who, ["示例街道"]) for who in (cast.jun, cast.rui)),
        *((who, []) for who in (cast.wen, cast.ji, cast.su, cast.lan)),
        (cast.ada, ["示例街道", "桂城街道"]),
    ],
)
def test_everybody_sees_the_streets_of_their_scope(person: object, seen: list[str]) -> None:
    assert callable(person)
    assert names(streets_of(person())) == seen


@pytest.mark.usefixtures("_two_streets")
def test_the_sum_at_the_head_counts_the_funds_in_scope_alone() -> None:
    assert [one.value for one in held_now(cast.mei())] == ["¥100,477.00"]
    assert [one.value for one in held_now(cast.jun())] == ["¥12,345.00"]


@pytest.mark.usefixtures("_two_streets")
def test_a_street_adds_up_its_funds_those_of_communities_too() -> None:
    active_fund("JJ-440605011020-01", seed_money_fen=500)
    (street,) = streets_of(cast.yan())
    assert [row.fund.code for row in street.funds] == ["JJ-440605011-01", "JJ-440605011020-01"]
    assert (street.balance, street.inflow, street.outflow) == (10_048_200, 10_078_200, 30_000)


def test_the_trend_ends_with_the_balance_and_begins_with_the_fund() -> None:
    began = months_later(timezone.localdate(), -2)
    active_fund(seed_money_fen=10_000, on=began, signed_on=began, starts_on=began)
    gift(amount_fen=500)
    ((row,),) = (street.funds for street in streets_of(cast.mei()))
    assert row.trend == [10_000, 10_000, 10_500]


def test_a_report_that_is_due_is_missed_until_it_is_issued() -> None:
    last_year = timezone.localdate().year - 1
    fund_of_2024()
    ((row,),) = (street.funds for street in streets_of(cast.mei()))
    assert row.report is not None
    assert row.report.colour == "yellow"
    issued(last_year)
    ((row,),) = (street.funds for street in streets_of(cast.mei()))
    assert row.report is not None
    assert row.report.colour == "green"


def test_nine_funds_cost_as_many_queries_as_one(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """Funds, street names, month totals, reports, balances."""
    active_fund()
    yan = cast.yan()
    streets_of(yan)
    with django_assert_num_queries(5):
        streets_of(yan)
    for number in range(8):
        active_fund(f"JJ-{440605012 + number}-01", seed_money_fen=100)
    with django_assert_num_queries(5):
        assert len(streets_of(yan)) == 9


def test_postgresql_sums_flows_by_the_rule_of_the_books() -> None:
    gift(amount_fen=77_700)
    spending_request(state="paid", amount_fen=30_000)
    spending_request(state="released", amount_fen=40_000)
    fund = active_fund()
    purposes = list(fund.purposes.all())
    net = {one.net_account_id: one.pk for one in purposes if one.net_account_id}
    committed = {one.committed_account_id: one.pk for one in purposes if one.committed_account_id}
    flowed = list(flows(moved_in([*net, *committed], date(2000, 1, 1), timezone.localdate()), net, committed))
    sums = MonthTotal.objects.filter(account__book=fund.book_id).aggregate(**flow_sums())
    assert sums["inflow"] == sum(one.fen for one in flowed if one.comes_in) == 10_077_700
    assert sums["outflow"] == sum(one.fen for one in flowed if not one.comes_in) == 30_000


@pytest.mark.parametrize(
    ("person", "by_street"), [(cast.yan, True), (cast.dong, True), (cast.shi, True), (cast.mei, False)]
)
def test_offices_above_the_streets_read_by_street_be_it_one(
    person: Callable[[], User], *, by_street: bool
) -> None:
    active_fund()
    shown = overview(person())
    assert shown is not None
    assert shown["by_street"] == by_street
