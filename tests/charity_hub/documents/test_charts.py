"""Charts: what they show, and that they draw without reaching outside."""

import json

from charity_hub.documents import charts


def test_months_are_drawn_in_the_words_given() -> None:
    svg = charts.to_svg(
        charts.monthly_bars([("2026-03", 1_050, 50)], words=("收入", "支出"), unit="元")
    ).decode()
    assert "收入" in svg
    assert "支出" in svg
    assert "2026-03" in svg


def test_the_text_of_a_chart_is_in_our_font() -> None:
    svg = charts.to_svg(charts.ranked_bars([("助学", 500_000)], unit="元")).decode()
    assert 'font-family="Noto Sans SC, sans-serif"' in svg


def test_fen_become_yuan_on_the_axis() -> None:
    spec = charts.balance_line([("2026-03", 123_456)], unit="元")
    assert spec["data"]["values"] == [{"month": "2026-03", "yuan": 1234.56}]


def test_a_spec_is_plain_json_that_loads_nothing() -> None:
    text = json.dumps(charts.monthly_bars([("2026-03", 1, 2)], words=("in", "out"), unit="yuan"))
    assert "url" not in json.loads(text)["data"]


def test_the_two_series_have_colours_that_colour_blind_people_tell_apart() -> None:
    spec = charts.monthly_bars([], words=("in", "out"), unit="yuan")
    assert spec["encoding"]["color"]["scale"]["range"] == [charts.BLUE, charts.ORANGE]
