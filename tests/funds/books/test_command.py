from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from charity_hub.ledger.models import Book
from charity_hub.workflow.actions import history
from tests import cast
from tests.builders import draft_fund, gift
from tests.charity_hub.reports.scenes import fund_of_2024

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-03-05 10:00+08:00")]


def called(*arguments: str) -> str:
    out = StringIO()
    call_command("close_month", *arguments, stdout=out)
    return out.getvalue()


def test_it_closes_every_fund_that_has_books() -> None:
    fund_of_2024()
    draft_fund(name="没有账的示例基金")
    assert "1 of 1 funds closed through 2025-12-31" in called("2025-12")
    book = Book.objects.get()
    assert book.closed_through == date(2025, 12, 31)
    assert [row.why for row in history(book)] == ["By the command close_month"]


def test_again_it_closes_nothing() -> None:
    fund_of_2024()
    called("2025-12")
    assert "0 of 1 funds" in called("2025-12", "--fund", cast.FUND_CODE)


def test_it_tells_what_is_not_finished() -> None:
    fund_of_2024()
    gift(given_on=date(2025, 12, 30), amount_fen=30_000)
    assert f"{cast.FUND_CODE}: ¥300.00 of cash" in called("2025-12")


@pytest.mark.parametrize("month", ["2025", "2025-13", "december"])
def test_what_is_no_month_is_refused(month: str) -> None:
    with pytest.raises(CommandError, match="2025-12"):
        called(month)


def test_an_unknown_fund_is_an_error_and_closes_nothing() -> None:
    fund_of_2024()
    with pytest.raises(CommandError, match="JJ-0"):
        called("2025-12", "--fund", cast.FUND_CODE, "JJ-0")
    assert Book.objects.get().closed_through is None


def test_a_month_that_lasts_is_refused() -> None:
    fund_of_2024()
    with pytest.raises(CommandError, match=cast.FUND_CODE):
        called("2999-01")
