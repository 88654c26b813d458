"""A report shows the agreement that was in force at the year's end."""

from datetime import date
from typing import Any

import pytest

from charity_hub.reports.printing import print_report
from funds.annual_report.figures import compute
from funds.profile.models import Fund
from tests import cast
from tests.builders import agreement_version
from tests.charity_hub.reports.scenes import draft, fund_of_2024
from tests.funds.annual_report.test_pages import pages_of

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-03-05 10:00+08:00")]


@pytest.fixture
def fund() -> Fund:
    """Its agreement was changed on 1 July 2025 and once more on 1 February 2026."""
    fund = fund_of_2024()
    for day, fee in ((date(2025, 7, 1), 300), (date(2026, 2, 1), 200)):
        agreement_version(fund, valid_from=day, signed_on=day, aim=f"{day}的宗旨", management_fee_bp=fee)
    return fund


def agreed(year: int) -> dict[str, Any]:
    found: dict[str, Any] = compute(cast.FUND_CODE, year)["fund"]
    return found


def test_year_before_the_change_shows_the_first_agreement(fund: Fund) -> None:
    shown = agreed(2024)
    assert (shown["version"], shown["aim"], shown["fee_bp"]) == (1, fund.aim, 500)
    assert len(shown["fee_rates"]) == 1


def test_year_of_the_change_shows_what_holds_at_its_end(fund: Fund) -> None:
    shown = agreed(2025)
    assert (shown["version"], shown["holds_from"], shown["aim"]) == (2, "2025-07-01", "2025-07-01的宗旨")
    assert [rate["bp"] for rate in shown["fee_rates"]] == [500, 300]


def test_running_year_shows_what_holds_today(fund: Fund) -> None:
    assert agreed(2026)["version"] == 3


def test_print_names_the_version_and_each_rate_since_when(fund: Fund) -> None:
    text = "".join(pages_of(print_report(draft(fund=fund))))
    assert "第2版，自2025年7月1日起生效" in text
    assert "自2024年6月1日起的捐赠：累计不超过捐赠收入的5.00%" in text
    assert "自2025年7月1日起的捐赠：累计不超过捐赠收入的3.00%" in text


def test_print_of_the_first_agreement_speaks_of_no_version() -> None:
    text = "".join(pages_of(print_report(draft())))
    assert cast.FUND_CODE in text
    assert "起生效" not in text
