"""A fund's figures for a year, beside what was done to its books."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charity_hub.errors import Refused
from charity_hub.ledger.actions import close_month
from charity_hub.reports import actions as reports
from charity_hub.reports.frozen_figures import canonical
from donations.deposits.actions import hand_in_cash
from donations.deposits.workflow import receive_cash
from donations.money.workflow import void_gift
from funds.annual_report.books import Books, _check
from funds.annual_report.figures import basis_points, compute, fund_subject
from funds.books.open_items import open_items
from funds.profile.models import Fund
from funds.profile.remaining_assets import hand_over_remaining_assets
from funds.profile.workflow import wind_up_fund
from tests import cast
from tests.builders import active_fund, draft_fund, gift, purpose_of, spending_request, station
from tests.charity_hub.reports.scenes import fund_of_2024, issued

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-03-05 10:00+08:00")]

SEED = 10_000_000


@pytest.fixture
def fund() -> Fund:
    return fund_of_2024()


type Row = dict[str, Any]


def books(year: int = 2025) -> Row:
    found: Row = compute(cast.FUND_CODE, year)["books"]
    return found


def by(rows: list[Row], name: str, key: str) -> Row:
    return next(row for row in rows if row[name] == key)


def test_the_first_year_begins_at_nothing_and_takes_in_the_seed_money(fund: Fund) -> None:
    figures = books(2024)
    assert figures["totals"] | {} == {
        "opening": 0,
        "opening_committed": 0,
        "in": SEED,
        "out": 0,
        "closing": SEED,
        "closing_committed": 0,
        "restricted": 0,
        "unrestricted": SEED,
    }
    assert by(figures["in"], "source", "seed")["months"][5] == SEED


def test_a_year_begins_where_the_last_one_ended(fund: Fund) -> None:
    gift(given_on=date(2024, 12, 31), amount_fen=100)
    gift(given_on=date(2025, 1, 1), amount_fen=30)
    assert books(2024)["totals"]["closing"] == SEED + 100
    assert books(2025)["totals"]["opening"] == SEED + 100
    assert books(2025)["totals"]["in"] == 30


def test_gifts_stand_under_their_source_and_month(fund: Fund) -> None:
    gift(given_on=date(2025, 3, 5), amount_fen=100)
    gift(given_on=date(2025, 3, 9), amount_fen=50, donor_kind="anonymous", name="", phone="")
    gift(
        given_on=date(2025, 12, 31),
        amount_fen=7,
        donor_kind="organization",
        name="示例公司",
        phone="0757-86330000",
    )
    figures = books()
    assert {row["source"]: row["fen"] for row in figures["in"]} == {
        "gift:person": 100,
        "gift:organization": 7,
        "gift:anonymous": 50,
    }
    assert (figures["months"][2]["in"], figures["months"][11]["in"]) == (150, 7)


def test_payments_stand_under_their_use_month_and_purpose(fund: Fund) -> None:
    gift(given_on=date(2025, 1, 5), amount_fen=500, purpose=purpose_of(fund, "children"))
    spending_request(
        fund,
        "paid",
        on=date(2025, 6, 1),
        amount_fen=200,
        use="activity",
        purpose=purpose_of(fund, "children"),
    )
    figures = books()
    assert by(figures["out"], "use", "activity")["months"][5] == 200
    children = by(figures["purposes"], "slug", "children")
    assert (children["in"], children["out"], children["closing"]) == (500, 200, 300)
    assert figures["totals"]["restricted"] == 300


def test_what_is_approved_and_not_paid_is_committed_and_not_spent(fund: Fund) -> None:
    spending_request(fund, "approved", on=date(2025, 12, 20), amount_fen=400)
    spending_request(fund, "paid", on=date(2025, 11, 1), amount_fen=100)
    totals = books()["totals"]
    assert (totals["out"], totals["closing_committed"], totals["closing"]) == (100, 400, SEED - 100)
    assert books(2026)["totals"]["opening_committed"] == 400


def test_a_released_approval_leaves_no_trace_in_the_year(fund: Fund) -> None:
    spending_request(fund, "released", on=date(2025, 12, 20), amount_fen=400)
    assert books()["totals"]["closing_committed"] == 0


def test_money_is_at_the_bank_at_the_station_and_on_its_way(fund: Fund) -> None:
    gift(given_on=date(2025, 3, 1), amount_fen=1_000)
    gift(given_on=date(2025, 3, 1), amount_fen=300, way="bank_transfer")
    first, second = (
        hand_in_cash(
            station=station(),
            fund=fund,
            amount_fen=amount,
            slip=f"示例{amount}",
            handed_in_on=date(2025, 12, 30),
            actor=cast.wen(),
        )
        for amount in (600, 150)
    )
    receive_cash(first, received_on=date(2025, 12, 31), actor=cast.ping())
    receive_cash(second, received_on=date(2026, 1, 2), actor=cast.ping())
    closing = {place["place"]: place["closing"] for place in books()["places"]}
    assert closing == {"bank": SEED + 300 + 600, "cash": 250, "transit": 150}


def test_a_gift_voided_while_its_month_is_open_never_came_in(fund: Fund) -> None:
    wrong = gift(given_on=date(2025, 5, 1), amount_fen=700)
    assert books()["totals"]["in"] == 700
    void_gift(wrong, "记错", actor=cast.ping())
    assert books()["totals"]["in"] == 0
    assert compute(cast.FUND_CODE, 2025)["sections"]["gifts"]["count"] == 0


def test_a_gift_voided_after_its_month_was_closed_comes_off_the_later_year(fund: Fund) -> None:
    wrong = gift(given_on=date(2025, 5, 1), amount_fen=100)
    assert fund.book is not None
    close_month(fund.book, date(2025, 12, 1))
    void_gift(wrong, "记错", actor=cast.ping())
    assert books(2025)["totals"]["in"] == 100
    assert books(2026)["totals"]["in"] == -100
    assert compute(cast.FUND_CODE, 2025)["sections"]["gifts"]["count"] == 1
    assert compute(cast.FUND_CODE, 2026)["sections"]["gifts"]["adjusted_fen"] == -100


def test_leftovers_go_out_of_one_fund_and_come_into_the_other(fund: Fund) -> None:
    day = date(2024, 6, 3)
    ending = active_fund("JJ-440605011-02", on=day, signed_on=day, starts_on=day, leftover_fund=fund)
    wind_up_fund(ending, "协议期满。", actor=cast.ping())
    hand_over_remaining_assets(ending, actor=cast.qin(), on=date(2025, 9, 1))
    figures = compute(ending.code, 2025)["books"]
    assert by(figures["out"], "use", "leftover")["months"][8] == SEED
    assert figures["payments"]["adjusted_fen"] == SEED
    assert figures["totals"]["closing"] == 0
    assert by(books()["in"], "source", "leftover")["fen"] == SEED


def test_an_empty_year_has_figures_all_the_same(fund: Fund) -> None:
    figures = compute(cast.FUND_CODE, 2025)
    assert figures["books"]["totals"]["closing"] == SEED
    assert figures["sections"]["gifts"]["largest"] == []
    assert canonical(figures)


def test_ratios_are_basis_points_beside_their_yardsticks(fund: Fund) -> None:
    gift(given_on=date(2025, 2, 1), amount_fen=2_000_000)
    fee = {"use": "management_fee", "payee_name": fund.host.name, "payee_kind": "organization"}
    spending_request(fund, "paid", on=date(2025, 3, 1), amount_fen=50_000, **fee)
    spending_request(fund, "paid", on=date(2025, 3, 1), amount_fen=950_000)
    ratios = books()["ratios"]
    assert (ratios["fee_of_gifts_bp"], ratios["fee_of_out_bp"], ratios["spent_of_last_in_bp"]) == (
        250,
        500,
        1000,
    )


def test_gifts_of_every_kind_of_donor_bear_the_fee(fund: Fund) -> None:
    gift(given_on=date(2025, 2, 1), amount_fen=1_000)
    gift(given_on=date(2025, 2, 2), amount_fen=20_000, donor_kind="anonymous", name="", phone="")
    company = {"donor_kind": "organization", "name": "示例公司", "phone": "0757-86330000"}
    gift(given_on=date(2025, 2, 3), amount_fen=300_000, **company)
    assert books()["ratios"]["gifts_fen"] == 321_000


def test_income_of_last_year_is_of_every_source_and_of_that_year_alone(fund: Fund) -> None:
    gift(given_on=date(2024, 12, 31), amount_fen=100)
    gift(given_on=date(2024, 12, 31), amount_fen=20, donor_kind="anonymous", name="", phone="")
    gift(given_on=date(2025, 1, 1), amount_fen=3)
    assert books()["ratios"]["last_in_fen"] == SEED + 120


def test_payments_are_listed_from_the_first_to_the_last_day(fund: Fund) -> None:
    days = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1)]
    for day in days:
        spending_request(fund, "paid", on=day, amount_fen=100)
    assert [row["paid_on"] for row in books()["payments"]["listed"]] == ["2025-01-01", "2025-12-31"]


def test_gifts_are_counted_from_the_first_to_the_last_day(fund: Fund) -> None:
    for day in (date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1)):
        gift(given_on=day)
    assert compute(cast.FUND_CODE, 2025)["sections"]["gifts"]["count"] == 2


@pytest.mark.parametrize(("approved_on", "left"), [(date(2025, 12, 31), 1), (date(2026, 1, 1), 0)])
def test_what_was_approved_on_the_last_day_is_an_open_end(fund: Fund, approved_on: date, left: int) -> None:
    spending_request(fund, "approved", on=approved_on, amount_fen=100)
    assert len(open_items(fund, date(2025, 12, 31))) == left


@pytest.mark.parametrize(("given_on", "left"), [(date(2025, 12, 31), 1), (date(2026, 1, 1), 0)])
def test_cash_of_the_last_day_is_an_open_end(fund: Fund, given_on: date, left: int) -> None:
    gift(given_on=given_on)
    assert len(open_items(fund, date(2025, 12, 31))) == left


def test_a_ratio_without_a_base_is_left_out(fund: Fund) -> None:
    assert set(books(2024)["ratios"]) == {"fee_fen", "gifts_fen", "last_in_fen"}


@pytest.mark.parametrize(
    ("part", "whole", "points"), [(1, 3, 3333), (2, 3, 6667), (1, 8, 1250), (1, 20_000, 1), (0, 5, 0)]
)
def test_basis_points_round_halves_up(part: int, whole: int, points: int) -> None:
    assert basis_points(part, whole) == points


def test_people_who_are_paid_are_not_named(fund: Fund) -> None:
    spending_request(
        fund, "paid", on=date(2025, 4, 1), payee_kind="person", payee_name="受助示例", beneficiaries=1
    )
    spending_request(fund, "paid", on=date(2025, 4, 2), payee_kind="organization", payee_name="示例服务部")
    assert [payment["payee"] for payment in books()["payments"]["listed"]] == ["", "示例服务部"]
    assert "受助示例" not in canonical(compute(cast.FUND_CODE, 2025))


def test_donors_are_named_only_where_they_agreed(fund: Fund) -> None:
    gift(given_on=date(2025, 4, 1), name="𠮷示例", phone="13800000001", publish_name=True, amount_fen=300)
    gift(given_on=date(2025, 4, 1), name="㙟示例", phone="13800000002", amount_fen=200)
    gift(
        given_on=date(2025, 4, 1), name="丙示例", phone="13800000003", publish_name=True, publish_amount=False
    )
    section = compute(cast.FUND_CODE, 2025)["sections"]["gifts"]
    assert [(one["donor"], one["fen"]) for one in section["largest"]] == [("𠮷示例", 300), ("", 200)]
    assert (section["count"], section["donors"]) == (3, 3)


def test_the_report_of_the_year_before_stands_as_on_time_or_late(fund: Fund) -> None:
    (missing,) = compute(cast.FUND_CODE, 2025)["disclosures"]
    assert (missing["due"], missing["issued_on"], missing["late"]) == ("2025-05-31", "", 1)
    issued(2024)
    (late,) = compute(cast.FUND_CODE, 2025)["disclosures"]
    assert (late["issued_on"], late["late"]) == ("2026-03-05", 1)
    issued(2025)
    (on_time,) = compute(cast.FUND_CODE, 2026)["disclosures"]
    assert on_time["late"] == 0


def test_books_that_contradict_themselves_make_no_report(fund: Fund) -> None:
    figures = Books(fund, 2025).figures()
    figures["places"][0]["closing"] += 1
    with pytest.raises(Refused, match="verify_ledger"):
        _check(fund, figures)


def test_a_fund_that_was_never_active_has_no_report(fund: Fund) -> None:
    with pytest.raises(Refused):
        fund_subject(draft_fund().code)


def test_computing_takes_as_many_queries_for_fifty_gifts_as_for_one(fund: Fund) -> None:
    gift(given_on=date(2025, 4, 1))
    spending_request(fund, "paid", on=date(2025, 4, 2), amount_fen=100)
    with CaptureQueriesContext(connection) as few:
        compute(cast.FUND_CODE, 2025)
    for day in range(1, 28):
        gift(given_on=date(2025, 5, day))
    spending_request(fund, "paid", on=date(2025, 4, 2), amount_fen=100)
    with CaptureQueriesContext(connection) as many:
        compute(cast.FUND_CODE, 2025)
    assert len(many) == len(few) <= 20


def test_a_failed_computation_says_why_on_the_job(fund: Fund, monkeypatch: pytest.MonkeyPatch) -> None:
    from charity_hub.jobs.actions import run
    from charity_hub.jobs.models import Job

    def contradicting(_self: Books) -> Row:
        raise Refused("账簿不平。")

    report = reports.request_report("fund", cast.FUND_CODE, 2025, actor=None)
    monkeypatch.setattr(Books, "figures", contradicting)
    assert report.job_id is not None
    run(report.job_id)
    assert Job.objects.get(pk=report.job_id).error == "账簿不平。"
