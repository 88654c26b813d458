"""In and out by month as a drawing: true heights, every figure in words, nothing for nothing."""

import re

import pytest

from charity_hub.portal.month_charts import HEIGHT, Month, monthly_bars, round_top, trend_line

WORDS = ("In", "Out")


def heights(kind: str, *months: Month) -> list[int]:
    drawing = monthly_bars(months, WORDS).drawing
    return [int(found) for found in re.findall(rf'class="hub-bar-{kind}"[^>]* height="(\d+)"', drawing)]


@pytest.mark.parametrize(
    ("fen", "top"),
    [
        (0, 200),
        (200, 200),
        (201, 400),
        (401, 600),
        (601, 800),
        (801, 1_000),
        (1_001, 2_000),
        (9_999_900, 10_000_000),
    ],
)
def test_the_top_is_the_next_round_number(fen: int, top: int) -> None:
    assert round_top(fen) == top


def test_bars_are_as_high_as_their_amounts() -> None:
    months = Month("2026-01", 1_000, 500), Month("2026-02", 250, 0)
    assert heights("in", *months) == [HEIGHT, HEIGHT // 4]
    assert heights("out", *months) == [HEIGHT // 2]


def test_a_little_is_still_seen() -> None:
    assert heights("in", Month("2026-01", 1, 0), Month("2026-02", 100_000_000, 0))[0] > 0


def test_months_say_their_figures() -> None:
    drawing = monthly_bars([Month("2026-01", 123_450, 60)], WORDS).drawing
    assert "<title>2026-01 · In ¥1,234.50 · Out ¥0.60</title>" in drawing


def test_words_around_name_the_top_the_middle_and_three_months() -> None:
    bars = monthly_bars([Month(f"2026-{number:02}", 150_000, 0) for number in range(1, 6)], WORDS)
    assert bars.heights == ("¥2,000", "¥1,000", "¥0")
    assert bars.names == ["2026-01", "2026-03", "2026-05"]


def test_words_in_the_drawing_are_never_markup() -> None:
    drawing = monthly_bars([Month("<b>", 1, 1)], WORDS).drawing
    assert "&lt;b&gt;" in drawing
    assert "<b>" not in drawing


def test_a_trend_stands_on_zero_and_reaches_its_largest_amount() -> None:
    drawn = trend_line([0, 50, 100], "<b>")
    assert f'points="0,{HEIGHT - HEIGHT // 200} 10,{HEIGHT // 2} 20,0"' in drawn
    assert "<b>" not in drawn


def test_a_single_month_is_no_trend() -> None:
    assert trend_line([100], "") == ""
