"""A fund's public figures: from month totals, and the same as the books."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charity_hub.ledger.actions import reverse
from charity_hub.ledger.models import Entry
from funds.profile.models import Fund
from funds.public.figures import Figures, MonthRow, figures_of, with_balances
from funds.public.periods import latest_months, months_later, one_year, whole_life
from tests.builders import active_fund, draft_fund
from tests.cast import mei
from tests.funds.public.money import moved

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 20)
SEED = 10_000_000


@pytest.fixture(autouse=True)
def _today() -> object:
    with time_machine.travel("2026-03-20 12:00:00+08:00", tick=False):
        yield


def fund() -> Fund:
    began = date(2025, 11, 3)
    return active_fund(on=began, signed_on=began, starts_on=began)


def now(of: Fund) -> Figures:
    return figures_of(of, latest_months(TODAY))


def test_a_new_fund_holds_its_seed_money() -> None:
    figures = now(fund())
    assert (figures.balance, figures.inflow, figures.outflow, figures.committed) == (SEED, SEED, 0, 0)
    assert figures.sources == [("seed", SEED)]


def test_gifts_come_in_by_source_the_largest_first() -> None:
    given = fund()
    moved(given, "trial:person", 300, date(2026, 1, 5))
    moved(given, "trial:anonymous", 200, date(2026, 1, 6))
    moved(given, "trial:person", 100, date(2026, 2, 5))
    assert now(given).sources == [("seed", SEED), ("trial:person", 400), ("trial:anonymous", 200)]


def test_a_promise_is_not_spending() -> None:
    promised = fund()
    moved(promised, "trial:committed", 5_000, date(2026, 2, 1))
    figures = now(promised)
    assert (figures.balance, figures.committed, figures.outflow) == (SEED, 5_000, 0)


def test_a_payment_goes_out_by_use() -> None:
    paid = fund()
    moved(paid, "trial:committed", 5_000, date(2026, 2, 1))
    moved(paid, "trial:aid", 3_000, date(2026, 2, 2))
    figures = now(paid)
    assert (figures.balance, figures.committed, figures.outflow) == (SEED - 3_000, 2_000, 3_000)
    assert figures.uses == [("trial:aid", 3_000)]


def test_a_reversed_gift_counts_as_never_given() -> None:
    voided = fund()
    reverse(moved(voided, "trial:person", 300, date(2026, 1, 5)), "typing error", actor=mei())
    figures = now(voided)
    assert (figures.balance, figures.inflow) == (SEED, SEED)
    assert figures.sources == [("seed", SEED)]


def test_months_run_with_the_balance_at_their_end() -> None:
    running = fund()
    moved(running, "trial:person", 300, date(2026, 1, 31))
    moved(running, "trial:committed", 200, date(2026, 2, 1))
    moved(running, "trial:goods", 200, date(2026, 2, 28))
    assert now(running).months[-4:] == [
        MonthRow(date(2025, 12, 1), 0, 0, SEED),
        MonthRow(date(2026, 1, 1), 300, 0, SEED + 300),
        MonthRow(date(2026, 2, 1), 0, 200, SEED + 100),
        MonthRow(date(2026, 3, 1), 0, 0, SEED + 100),
    ]


def test_months_before_anything_happened_are_left_out() -> None:
    assert now(fund()).months[0].month == date(2025, 11, 1)


def test_a_year_starts_from_what_was_held_before() -> None:
    old = fund()
    moved(old, "trial:person", 300, date(2026, 1, 31))
    figures = figures_of(old, one_year(2026, TODAY))
    assert figures.months[0] == MonthRow(date(2026, 1, 1), 300, 0, SEED + 300)
    assert (figures.inflow_in_period, figures.inflow) == (300, SEED + 300)
    assert figures.sources == [("trial:person", 300)]


def test_a_year_shows_nothing_that_came_later() -> None:
    old = fund()
    moved(old, "trial:person", 300, date(2026, 1, 31))
    figures = figures_of(old, one_year(2025, TODAY))
    assert figures.months[-1] == MonthRow(date(2025, 12, 1), 0, 0, SEED)
    assert figures.balance == SEED + 300


def test_purposes_add_up_to_the_fund() -> None:
    split = fund()
    moved(split, "trial:person", 700, date(2026, 1, 5), "children")
    moved(split, "trial:committed", 500, date(2026, 1, 6), "children")
    moved(split, "trial:aid", 400, date(2026, 1, 7), "children")
    figures = now(split)
    children = next(row for row in figures.purposes if row.purpose.slug == "children")
    assert (children.inflow, children.outflow, children.free, children.committed) == (700, 400, 200, 100)
    assert sum(row.held for row in figures.purposes) == figures.inflow - figures.outflow == figures.balance


def test_the_last_month_ends_with_the_balance_now() -> None:
    moving = fund()
    moved(moving, "trial:organization", 12_345, date(2026, 3, 1))
    figures = now(moving)
    assert figures.months[-1].balance == figures.balance


def test_leftovers_go_out_of_one_fund_and_into_the_other() -> None:
    giver = fund()
    taker = active_fund("JJ-440605011-02", seed_money_fen=0)
    hand_over(giver, taker, 4_000)
    assert now(giver).uses == [("trial:handover", 4_000)]
    assert now(taker).sources == [("trial:handover", 4_000)]
    assert now(taker).balance == 4_000


def hand_over(giver: Fund, taker: Fund, fen: int) -> None:
    from charity_hub.ledger.actions import Line, post
    from funds.profile.accounts import bank_of
    from tests.builders import purpose_of

    lines = [
        Line(purpose_of(giver).accounts[0], fen),
        Line(bank_of(giver), -fen),
        Line(bank_of(taker), fen),
        Line(purpose_of(taker).accounts[0], -fen),
    ]
    post("trial:handover", lines, key="leftover-test", occurred_on=TODAY)


def test_a_draft_fund_has_nothing() -> None:
    figures = now(draft_fund())
    assert (figures.balance, figures.months, figures.first_month) == (0, [], None)


def test_the_bank_holds_what_came_in_by_bank() -> None:
    banked = fund()
    moved(banked, "trial:person", 300, date(2026, 1, 5))
    assert now(banked).places.bank == SEED + 300


def test_balances_of_many_funds_take_one_query() -> None:
    one, other = fund(), active_fund("JJ-440605011-02")
    moved(one, "trial:person", 300, date(2026, 1, 5))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert with_balances([one, other]) == [(one, SEED + 300), (other, SEED)]
    assert len(queries) == 1


def test_the_figures_are_those_of_the_ledgers_entries() -> None:
    """Over three years, in every direction, with reversals; the rule is written out once more here."""
    old = active_fund(on=date(2023, 5, 2), signed_on=date(2023, 5, 1), starts_on=date(2023, 5, 1))
    for number in range(34):
        month, slug = months_later(date(2023, 6, 1), number), ("unrestricted", "children")[number % 2]
        moved(old, f"trial:{('person', 'organization', 'came')[number % 3]}", 1_000 + number, month, slug)
        moved(old, "trial:committed", 500 + number, month, slug)
        spent = moved(old, f"trial:{('aid', 'goods')[number % 2]}", 300 + number, month, slug)
        if number % 5 == 0:
            reverse(spent, "typing error", actor=mei())
    hand_over(old, active_fund("JJ-440605011-02", seed_money_fen=0), 4_000)
    for period in (latest_months(TODAY), one_year(2024, TODAY), whole_life(date(2023, 5, 1), TODAY)):
        figures, flows = figures_of(old, period), _flows(old)
        within = [flow for flow in flows if period.start <= flow[0].replace(day=1) <= period.last]
        assert (figures.inflow, figures.outflow) == (_sum(flows, "in"), _sum(flows, "out"))
        assert figures.balance == figures.inflow - figures.outflow
        assert dict(figures.sources) == _by_kind(within, "in")
        assert dict(figures.uses) == _by_kind(within, "out")
        for row in figures.purposes:
            own = [flow for flow in flows if flow[3] == row.purpose.slug]
            assert (row.inflow, row.outflow) == (_sum(own, "in"), _sum(own, "out"))
        for shown in figures.months:
            own = [flow for flow in flows if flow[0].replace(day=1) == shown.month]
            assert (shown.inflow, shown.outflow) == (_sum(own, "in"), _sum(own, "out"))
            through = [flow for flow in flows if flow[0].replace(day=1) <= shown.month]
            assert shown.balance == _sum(through, "in") - _sum(through, "out")


type _Flow = tuple[date, str, str, str, int]


def _flows(of: Fund) -> list[_Flow]:
    """Day, direction, kind, purpose and fen of every entry by which money came in or went out."""
    entries = Entry.objects.filter(account__book=of.book_id).values_list(
        "transfer__occurred_on", "transfer__kind", "account__role", "amount",
        "account__purpose__slug", "account__committed_purpose__slug",
    )  # fmt: skip
    found: list[_Flow] = []
    for day, kind, role, amount, free, committed in entries:
        if role == "free" and kind in {"seed", "trial:person", "trial:organization", "trial:came"}:
            found.append((day, "in", kind, free, -amount))
        elif role == "free" and kind == "trial:handover":
            found.append((day, "out", kind, free, amount))
        elif role == "committed" and kind in {"trial:aid", "trial:goods"}:
            found.append((day, "out", kind, committed, amount))
    return found


def _sum(flows: list[_Flow], way: str) -> int:
    return sum(flow[4] for flow in flows if flow[1] == way)


def _by_kind(flows: list[_Flow], way: str) -> dict[str, int]:
    kinds = {flow[2] for flow in flows if flow[1] == way}
    sums = {kind: _sum([flow for flow in flows if flow[2] == kind], way) for kind in kinds}
    return {kind: fen for kind, fen in sums.items() if fen}


def test_no_entry_is_ever_read() -> None:
    read = fund()
    moved(read, "trial:person", 300, date(2026, 1, 5))
    with CaptureQueriesContext(connection) as queries:
        now(read)
    assert len(queries) == 3
    assert not [query for query in queries if "ledger_entry" in query["sql"]]
