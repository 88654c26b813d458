from datetime import date

import pytest
from django.test import Client

from charity_hub.errors import Refused
from charity_hub.reports import changes
from charity_hub.reports.changes import changes_kept, changes_since
from charity_hub.reports.frozen_figures import Figures
from charity_hub.reports.models import AnnualReport
from donations.money.workflow import void_gift
from tests import cast
from tests.builders import gift, spending_request
from tests.charity_hub.reports.scenes import (
    YEAR,
    computed,
    draft,
    fund_of_2024,
    issue,
    issued,
    recomputing,
    written,
)

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-03-05 10:00+08:00")]


def test_unchanged_books_differ_in_nothing() -> None:
    fund_of_2024()
    gift(given_on=date(YEAR, 5, 1))
    assert changes_since(draft()) == []


def test_a_late_gift_shows_which_figures_differ() -> None:
    report = draft()
    gift(given_on=date(YEAR, 5, 1), amount_fen=12_345)
    changed = {(change.label, change.then, change.now) for change in changes_since(report)}
    assert ("Income", "¥0.00", "¥123.45") in {(str(label), then, now) for label, then, now in changed}


def test_what_happens_in_another_year_changes_nothing() -> None:
    report = draft()
    gift(given_on=date(2026, 1, 2))
    spending_request(state="paid", on=date(2026, 1, 3))
    assert changes_since(report) == []


def test_a_voided_gift_shows_on_an_issued_report() -> None:
    fund_of_2024()
    given = gift(given_on=date(YEAR, 5, 1))
    report = issued()
    void_gift(given, "记错", actor=cast.ping())
    assert changes_since(report)


def computations(monkeypatch: pytest.MonkeyPatch) -> list[AnnualReport]:
    """The reports that the books are asked about from now on, one entry each time."""
    asked: list[AnnualReport] = []
    now = changes.figures_now

    def counted(report: AnnualReport) -> Figures:
        asked.append(report)
        return now(report)

    monkeypatch.setattr(changes, "figures_now", counted)
    return asked


def test_a_crowd_that_compares_makes_the_books_be_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    address = issued().get_absolute_url()
    asked = computations(monkeypatch)
    for _visitor in range(5):
        assert "No changes" in Client().get(address, {"compare": "1"}).text
    assert len(asked) == 1


def test_a_posting_makes_them_be_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    report = issued()
    assert changes_kept(report) == []
    asked = computations(monkeypatch)
    gift(given_on=date(YEAR, 5, 1), amount_fen=12_345)
    assert any(change.now == "¥123.45" for change in changes_kept(report))
    assert len(asked) == 1


def test_a_draft_with_old_figures_is_not_issued() -> None:
    report = written()
    gift(given_on=date(YEAR, 5, 1))
    with pytest.raises(Refused):
        issue(report)
    fresh = computed(recomputing(report))
    assert issue(fresh).is_issued
