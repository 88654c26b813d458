from datetime import date

import pytest

from funds.public.periods import latest_months, months_later, one_year, whole_life


@pytest.mark.parametrize(
    ("count", "there"),
    [(0, date(2026, 3, 1)), (10, date(2027, 1, 1)), (-3, date(2025, 12, 1)), (-15, date(2024, 12, 1))],
)
def test_months_are_counted_across_years(count: int, there: date) -> None:
    assert months_later(date(2026, 3, 31), count) == there


def test_the_latest_months_are_24_with_the_present_one() -> None:
    months = latest_months(date(2026, 3, 31)).months
    assert (len(months), months[0], months[-1]) == (24, date(2024, 4, 1), date(2026, 3, 1))


def test_a_past_year_has_twelve_months() -> None:
    assert len(one_year(2025, date(2026, 3, 31)).months) == 12


def test_the_present_year_ends_with_the_present_month() -> None:
    assert one_year(2026, date(2026, 3, 31)).months[-1] == date(2026, 3, 1)


def test_a_whole_life_begins_with_its_first_month() -> None:
    assert whole_life(date(2025, 12, 24), date(2026, 2, 1)).months == [
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]
