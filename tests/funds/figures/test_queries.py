"""What the months answer: the same books as the public page, divided as asked."""

from datetime import date

import pytest

from charity_hub.ledger.actions import reverse
from charity_hub.ledger.kinds import in_words
from funds.figures.queries import Grid, Question, ask
from funds.profile.models import Fund
from funds.public.figures import figures_of
from funds.public.periods import latest_months, one_year
from tests.builders import active_fund, draft_fund
from tests.cast import mei
from tests.funds.public.money import moved

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-03-20 12:00+08:00")]
TODAY = date(2026, 3, 20)
SEED = 10_000_000
NOVEMBER, JANUARY, FEBRUARY = date(2025, 11, 1), date(2026, 1, 1), date(2026, 2, 1)


@pytest.fixture
def fund() -> Fund:
    began = date(2025, 11, 3)
    made = active_fund(on=began, signed_on=began, starts_on=began)
    moved(made, "trial:person", 300, date(2026, 1, 5))
    moved(made, "trial:anonymous", 200, date(2026, 1, 6))
    moved(made, "trial:committed", 5_000, date(2026, 2, 1))
    moved(made, "trial:aid", 3_000, date(2026, 2, 2))
    return made


def answered(fund: Fund, question: Question, year: int | None = None) -> Grid:
    return ask(fund, question, one_year(year, TODAY) if year else latest_months(TODAY))


def of_month(grid: Grid, month: date) -> dict[str, int]:
    """The series that have something in this month."""
    row = dict(grid.months)[month]
    return {name: fen for name, fen in zip(grid.names, row, strict=True) if fen}


def test_sources_come_the_largest_first_and_only_those_there_are(fund: Fund) -> None:
    grid = answered(fund, Question.SOURCES)
    individuals, anonymous = in_words("trial:person"), in_words("trial:anonymous")
    assert grid.names == [in_words("seed"), individuals, anonymous]
    assert of_month(grid, JANUARY) == {individuals: 300, anonymous: 200}


def test_months_begin_with_the_first_that_has_something(fund: Fund) -> None:
    assert next(month for month, _row in answered(fund, Question.SOURCES).months) == NOVEMBER


def test_what_came_in_is_divided_by_purpose(fund: Fund) -> None:
    grid = answered(fund, Question.RECEIVED, 2026)
    assert grid.names == [purpose.name for purpose in fund.purposes.all()]
    assert sum(grid.sums) == 500


@pytest.mark.parametrize("question", [Question.USES, Question.SPENT])
def test_a_promise_is_not_spending(fund: Fund, question: Question) -> None:
    assert sum(answered(fund, question).sums) == 3_000


def test_what_is_held_counts_what_was_before_and_what_is_promised(fund: Fund) -> None:
    grid = answered(fund, Question.HELD, 2026)
    held = {month: sum(row) for month, row in grid.months}
    assert held[JANUARY] == SEED + 500
    assert held[FEBRUARY] == SEED + 500 - 3_000
    assert not grid.adds_up


def test_what_is_held_is_what_the_public_page_says(fund: Fund) -> None:
    public = {row.month: row.balance for row in figures_of(fund, latest_months(TODAY)).months}
    assert {month: sum(row) for month, row in answered(fund, Question.HELD).months} == public


def test_a_voided_gift_counts_as_never_given(fund: Fund) -> None:
    reverse(moved(fund, "trial:organization", 900, date(2026, 1, 7)), "typing error", actor=mei())
    assert sum(answered(fund, Question.SOURCES, 2026).sums) == 500


@pytest.mark.parametrize("question", Question)
def test_a_fund_without_books_has_no_months(question: Question) -> None:
    assert answered(draft_fund(), question).months == []
