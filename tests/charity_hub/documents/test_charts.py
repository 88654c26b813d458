"""Charts: what they show, and that they draw without reaching outside."""

import json

from charity_hub.documents import charts

ROWS = [("2026-02", [1_050, 0]), ("2026-03", [123_456, 50])]


def spec() -> charts.Spec:
    return charts.stacked_months(ROWS, names=["助学", "不限定"], unit="元")


def test_months_are_drawn_in_the_words_given() -> None:
    svg = charts.to_svg(spec()).decode()
    assert all(word in svg for word in ("助学", "不限定", "2026-03"))


def test_the_text_of_a_chart_is_in_our_font() -> None:
    assert 'font-family="Noto Sans SC, sans-serif"' in charts.to_svg(spec()).decode()


def test_fen_become_yuan_on_the_axis_and_nothing_is_no_piece() -> None:
    drawn = [(one["month"], one["what"], one["yuan"]) for one in spec()["data"]["values"]]
    assert drawn == [("2026-02", "助学", 10.5), ("2026-03", "助学", 1234.56), ("2026-03", "不限定", 0.5)]


def test_a_month_in_which_nothing_moved_keeps_its_place() -> None:
    rows = [("2026-01", [100]), ("2026-02", [0]), ("2026-03", [100])]
    svg = charts.to_svg(charts.stacked_months(rows, names=["助学"], unit="元")).decode()
    assert svg.index("2026-01") < svg.index("2026-02") < svg.index("2026-03")


def test_a_spec_is_plain_json_that_loads_nothing() -> None:
    assert "url" not in json.loads(json.dumps(spec()))["data"]


def test_the_series_have_colours_that_colour_blind_people_tell_apart() -> None:
    assert spec()["config"]["range"]["category"][:2] == [charts.BLUE, charts.ORANGE]
