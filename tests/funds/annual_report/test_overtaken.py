"""A report that names an agreement which has been overtaken since: not issued, and told to everybody."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from charity_hub.errors import Refused
from charity_hub.reports.changes import changes_kept, changes_since
from charity_hub.reports.models import AnnualReport
from funds.annual_report import figures
from funds.profile.agreement_models import AgreementVersion
from funds.profile.models import Fund
from tests.builders import agreement_version
from tests.charity_hub.reports.scenes import computed, fund_of_2024, issue, issued, recomputing, written

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-03-05 10:00+08:00")]

DECEMBER = date(2025, 12, 1)


def version_from(fund: Fund, day: date, **terms: Any) -> AgreementVersion:
    return agreement_version(fund, valid_from=day, signed_on=day, **terms)


def told(report: AnnualReport) -> list[tuple[str, str, str]]:
    return [(str(change.label), change.then, change.now) for change in changes_since(report)]


@pytest.fixture
def before_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures are frozen as they were before agreements had versions."""
    agreement = figures._agreement

    def without_versions(*about: Any) -> dict[str, Any]:
        found = agreement(*about)
        return {name: found[name] for name in found.keys() - {"version", "holds_from", "fee_rates"}}

    monkeypatch.setattr(figures, "_agreement", without_versions)


def test_draft_that_names_an_overtaken_agreement_is_not_issued() -> None:
    fund = fund_of_2024()
    report = written(fund=fund)
    version_from(fund, DECEMBER, aim="新宗旨")
    with pytest.raises(Refused, match="Version 2, from 2025-12-01"):
        issue(report)
    report.refresh_from_db()
    assert not report.is_issued


def test_draft_computed_anew_is_issued_with_the_agreement_that_holds() -> None:
    fund = fund_of_2024()
    report = written(fund=fund)
    version_from(fund, DECEMBER, management_fee_bp=100)
    done = issue(computed(recomputing(report)))
    assert done.figures is not None
    assert (done.figures["fund"]["version"], done.figures["fund"]["fee_bp"]) == (2, 100)


def test_version_of_the_year_after_overtakes_nothing() -> None:
    fund = fund_of_2024()
    report = written(fund=fund)
    version_from(fund, date(2026, 1, 1), management_fee_bp=100)
    assert changes_since(report) == []
    assert issue(report).is_issued


def test_each_overtaken_term_is_told_then_and_now() -> None:
    fund = fund_of_2024()
    report = written(fund=fund)
    version_from(fund, DECEMBER, management_fee_bp=100)
    assert told(report) == [
        ("Version", "Version 1, from 2024-06-01", "Version 2, from 2025-12-01"),
        ("Management fee", "5%", "1%"),
        ("Management fees, by the day of the gift", "5%", "5%; from 2025-12-01 on 1%"),
    ]


def test_issued_report_tells_everybody_that_its_agreement_was_overtaken() -> None:
    fund = fund_of_2024()
    report = issued(fund=fund)
    assert changes_kept(report) == []
    version_from(fund, DECEMBER, aim="新宗旨")
    page = Client().get(report.get_absolute_url(), {"compare": "1"}).text
    assert "Version 2, from 2025-12-01" in page


@pytest.mark.usefixtures("before_versions")
def test_report_frozen_before_agreements_had_versions_has_not_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    report = issued()
    monkeypatch.undo()
    assert changes_since(report) == []


@pytest.mark.usefixtures("before_versions")
def test_draft_frozen_before_agreements_had_versions_is_issued(monkeypatch: pytest.MonkeyPatch) -> None:
    report = written()
    monkeypatch.undo()
    assert issue(report).is_issued
