"""The desk's figures of gifts and cash: what the lists show, of one's scope alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from charity_hub.people.models import User
from charity_hub.portal.registry import registry
from donations.deposits.registrations import under_way
from donations.money.desk import cash_by_station, gifts_and_cash, latest_at_stations
from donations.money.models import Way
from donations.money.workflow import void_gift
from funds.profile.models import Fund
from tests import cast
from tests.builders import active_fund, cash_deposit, gift, organization, station

pytestmark = pytest.mark.django_db


def elsewhere() -> Fund:
    """Another street's fund at another charity, with its station and ¥7.77 in cash there."""
    fund = active_fund("JJ-440106018-01", host=cast.other_charity(), seed_money_fen=0)
    other = station("ZD-440106018-01", funds=[fund], operator=organization("别处示例机构"), actor=cast.jun())
    gift(station=other, fund=fund, amount_fen=777, actor=cast.jun())
    return fund


def here() -> None:
    """¥100.00 in cash of which ¥50.00 are on their way to the bank, and ¥3.00 by bank transfer."""
    gift()
    gift(amount_fen=300, way=Way.BANK_TRANSFER)
    cash_deposit()


def figures(person: Callable[[], User]) -> list[str]:
    user = person()
    shown = [registry.desk_figures[name] for name in ("gifts", "deposits")]
    return [one.value for part in shown if part.rule.allows(user) for one in part.figures(user)]


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        (cast.mei, ["¥103.00", "¥103.00", "¥50.00", "¥50.00"]),
        (cast.ping, ["¥103.00", "¥103.00", "¥50.00", "¥50.00"]),
        (cast.wen, ["¥103.00", "¥103.00", "¥50.00", "¥50.00"]),
        (cast.yan, ["¥103.00", "¥103.00", "¥50.00", "¥50.00"]),
        (cast.dong, ["¥103.00", "¥103.00", "¥50.00", "¥50.00"]),
        (cast.shi, ["¥103.00", "¥103.00", "¥50.00", "¥50.00"]),
        (cast.hua, ["¥103.00", "¥103.00", "¥50.00"]),
        (cast.feng, ["¥103.00", "¥103.00", "¥50.00"]),
        (cast.jun, ["¥7.77", "¥7.77", "¥7.77", "¥0.00"]),
        (cast.rui, ["¥7.77", "¥7.77", "¥7.77", "¥0.00"]),
        (cast.ada, ["¥110.77", "¥110.77", "¥57.77", "¥50.00"]),
    ],
)
def test_figures_are_those_of_the_scope(person: Callable[[], User], seen: list[str]) -> None:
    here()
    elsewhere()
    assert figures(person) == seen


def test_a_station_of_two_charities_shows_each_its_own_cash() -> None:
    one, other = active_fund(), active_fund("JJ-440605011-02", host=cast.other_charity())
    shared = station(funds=[one, other])
    gift(station=shared)
    gift(station=shared, fund=other, amount_fen=777)
    assert [place.fen for place in (cash_by_station(cast.ping()) or {})["places"]] == [10_000]
    assert [place.fen for place in (cash_by_station(cast.rui()) or {})["places"]] == [777]
    assert [place.fen for place in (cash_by_station(cast.wen()) or {})["places"]] == [10_000, 777]


def test_who_hands_the_cash_in_is_offered_it() -> None:
    gift()
    assert [place.may_hand_in for place in (cash_by_station(cast.wen()) or {})["places"]] == [True]
    assert [place.may_hand_in for place in (cash_by_station(cast.ping()) or {})["places"]] == [False]


def test_voided_gifts_and_earlier_days_do_not_count() -> None:
    today = timezone.localdate()
    gift(given_on=today.replace(day=1) - timedelta(days=1))
    void_gift(gift(amount_fen=200), "记错金额", actor=cast.wen())
    gift(amount_fen=300)
    assert figures(cast.mei)[:2] == ["¥3.00", "¥3.00"]


def test_a_figure_leads_to_the_list_that_adds_up_to_it() -> None:
    gift(given_on=timezone.localdate() - timedelta(days=40))
    here()
    for figure in gifts_and_cash(cast.wen()):
        if figure.url:
            rows = cast.client_of(cast.wen()).get(figure.url).context["table"].page.object_list.data
            assert f"¥{sum(row.amount_fen for row in rows) / 100:.2f}" == figure.value


def test_fifty_gifts_cost_as_many_queries_as_one(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """The person's stations and funds, then gifts; cash; deposits. Then cash by place and the stations."""
    gift()
    wen = cast.wen()
    gifts_and_cash(wen)  # reads the memberships, once for each person
    for _round in range(2):
        with django_assert_num_queries(7):
            gifts_and_cash(wen)
            under_way(wen)
            cash_by_station(wen)
        for number in range(50):
            gift(name=f"示例{number}", phone="")


def test_a_stations_worker_sees_its_last_gifts_and_what_came_in_by_month() -> None:
    elsewhere()
    assert latest_at_stations(cast.wen()) is None
    days = [timezone.localdate() - timedelta(days=number) for number in (70, 0, 0, 0, 0, 0)]
    gifts = [gift(given_on=day, amount_fen=100 + number) for number, day in enumerate(days)]
    void_gift(gifts[-1], "重复登记", actor=cast.wen())
    panel = latest_at_stations(cast.wen())
    assert panel is not None
    assert [one.pk for one in panel["gifts"]] == [one.pk for one in reversed(gifts[1:])]
    assert (panel["trend"][0], panel["trend"][-1]) == (100, 101 + 102 + 103 + 104)
