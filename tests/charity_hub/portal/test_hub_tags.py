from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template

from charity_hub.money import as_decimal, yuan
from charity_hub.pinyin import sounds_like, spell
from funds.profile.models import Fund, FundState


def drawn(source: str, **context: object) -> str:
    return Template("{% load hub %}" + source).render(Context(context))


def figure(text: str) -> str:
    return f'<span class="hub-figure">{text}</span>'


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (1_234_560, "¥12,345.60"),
        (1, "¥0.01"),
        (0, "¥0.00"),
        (-150, "-¥1.50"),
        (10**16 + 1, "¥100,000,000,000,000.01"),
    ],
)
def test_money_is_written_exactly(fen: int, words: str) -> None:
    assert yuan(fen) == words
    assert drawn("{{ fen|yuan }}", fen=fen) == figure(words)


def test_money_goes_into_spreadsheets_without_loss() -> None:
    assert str(as_decimal(10_000_000_001)) == "100000000.01"


def test_nothing_is_written_as_nothing() -> None:
    assert (
        drawn("{{ a|yuan }}{{ b|day }}{{ c|moment }}{{ d|thousands }}", a=None, b=None, c=None, d=None) == ""
    )


def test_a_day_is_the_day_in_shanghai() -> None:
    late = datetime(2026, 3, 4, 17, 30, tzinfo=UTC)
    assert drawn("{{ a|day }} {{ b|day }} {{ b|moment }}", a=date(2026, 3, 5), b=late) == " ".join(
        map(figure, ["2026-03-05", "2026-03-05", "2026-03-05 01:30"])
    )


def test_figures_in_words_are_kept_whole_and_the_words_escaped() -> None:
    shown = drawn("{{ words|unbroken }}", words="<b> JZ-2026-000123 · -¥1,234.50 (2026-03-05)")
    figures = [figure(one) for one in ("JZ-2026-000123", "-¥1,234.50", "2026-03-05")]
    assert shown == "&lt;b&gt; {} · {} ({})".format(*figures)


def test_what_is_html_already_is_not_escaped_again() -> None:
    assert drawn("{{ fen|yuan|unbroken }}", fen=100) == figure("¥1.00")


@pytest.mark.parametrize(
    ("points", "words"), [(500, "5%"), (250, "2.5%"), (0, "0%"), (1000, "10%"), (125, "1.25%")]
)
def test_basis_points_are_written_as_percent(points: int, words: str) -> None:
    assert drawn("{{ points|percent }}", points=points) == words


def test_a_state_is_a_word_with_a_colour() -> None:
    fund = Fund(state=FundState.ACTIVE)
    badge = drawn("{% state fund %}", fund=fund)
    assert "hub-green" in badge
    assert str(FundState.ACTIVE.label) in badge
    assert str(FundState.DRAFT.label) in drawn("{% state fund 'draft' %}", fund=fund)


def test_words_of_people_are_escaped() -> None:
    page = drawn("{% badge words %}", words="<b>")
    assert "&lt;b&gt;" in page
    assert "<b>" not in page


def test_a_phone_is_masked() -> None:
    assert drawn("{{ phone|masked_phone }}", phone="+8613800001234") == "138****1234"


def test_an_icon_is_decoration_unless_it_has_a_name() -> None:
    assert 'aria-hidden="true"' in drawn("{% icon 'gift' %}")
    assert 'aria-label="Gift"' in drawn("{% icon 'gift' 'Gift' %}")


def test_a_chart_comes_with_its_figures_as_a_table_and_no_inline_script() -> None:
    rows = [["Month", "In"], ["2026-03", "¥1.00"]]
    page = drawn(
        "{% chart spec 'Money' rows %}{% chart spec 'Again' %}", spec={"title": "</script><b>"}, rows=rows
    )
    assert '<th scope="row">2026-03</th><td data-label="In">¥1.00</td>' in page
    assert "</script><b>" not in page
    assert 'id="chart-1"' in page
    assert 'id="chart-2"' in page
    assert page.count("<script") == page.count('type="application/json"')


def test_names_are_found_by_their_sound() -> None:
    assert spell("桂城街道") == "guichengjiedao gcjd"
    assert sounds_like("桂城街道", "GuiCheng")
    assert not sounds_like("桂城街道", "shimen")
