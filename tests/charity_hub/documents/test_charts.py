"""Charts: what they show, and that they draw without reaching outside."""

import json
from itertools import combinations
from math import dist
from operator import truediv

import pytest
from django.conf import settings

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


# What a colour becomes for eyes without red or without green cones (Machado, Oliveira, Fernandes 2009).
DICHROMATS = {
    "protan": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "deutan": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
}
TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
WHITE = (0.9505, 1.0, 1.089)
type Matrix = tuple[tuple[float, float, float], ...]


def times(matrix: Matrix, vector: list[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def lab(colour: str, eye: str) -> tuple[float, float, float]:
    """The colour as this eye sees it, in CIE L*a*b*."""
    linear = [(int(colour[at : at + 2], 16) / 255) ** 2.2 for at in (1, 3, 5)]
    seen = [min(max(part, 0), 1) for part in times(DICHROMATS[eye], linear)]
    x, y, z = (part ** (1 / 3) for part in map(truediv, times(TO_XYZ, seen), WHITE))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("eye", DICHROMATS)
def test_the_series_have_colours_that_colour_blind_people_tell_apart(eye: str) -> None:
    near = {
        (one, other): dist(lab(one, eye), lab(other, eye)) for one, other in combinations(charts.PALETTE, 2)
    }
    assert min(near.values()) > 10
    assert near[charts.IN, charts.OUT] > 40


def test_pages_charts_and_print_share_their_colours() -> None:
    """A colour of a chart stands in the style sheet alone."""
    root = settings.BASE_DIR
    printed = (root / "funds/annual_report/typst/parts.typ").read_text()
    assert charts.COLOURS_FILE in printed
    others = [*root.glob("static/css/*.css"), *root.glob("*/**/*.typ"), *root.glob("*/**/charts.py")]
    own = root / charts.COLOURS_FILE
    again = [
        path.name
        for path in others
        if path != own and "node_modules" not in path.parts and charts.OUT in path.read_text().lower()
    ]
    assert again == []
    assert spec()["config"]["range"]["category"][:2] == [charts.IN, charts.OUT]
