"""PostgreSQL itself keeps what was issued: each test goes round Python and must be refused."""

import psycopg2
import pytest
from django.db import IntegrityError, connection, transaction

from charity_hub.reports.models import AnnualReport
from tests.charity_hub.reports.scenes import draft, issued, requested, written

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-03-05 10:00+08:00")]

TABLE = AnnualReport._meta.db_table
COLUMNS = [str(field.column) for field in AnnualReport._meta.concrete_fields if field.column != "id"]


def refused(constraint: str, sql: str, *values: int | None) -> None:
    with pytest.raises(IntegrityError) as raised, transaction.atomic():
        connection.cursor().execute(sql, values)
    cause = raised.value.__cause__
    assert isinstance(cause, psycopg2.Error)
    assert cause.diag.constraint_name == constraint


def copied(report: AnnualReport, **changes: str) -> str:
    """An INSERT of a copy of the row, with some columns given by SQL expressions."""
    values = ", ".join(changes.get(column, column) for column in COLUMNS)
    return f"INSERT INTO {TABLE} ({', '.join(COLUMNS)}) SELECT {values} FROM {TABLE} WHERE id = {report.pk}"


@pytest.mark.parametrize(
    "change",
    [
        "results = 'else'",
        "figures = '{}'",
        "figures = jsonb_set(figures, '{books,totals,in}', '1'), figures_hash = 'x'",
        "pdf_hash = repeat('0', 64)",
        "pdf_id = NULL",
        "state = 'draft'",
        "issued_at = now()",
        "issue_facts = '{}'",
        "job_id = NULL",
        "version = 2",
    ],
)
def test_an_issued_report_is_never_changed(change: str) -> None:
    report = issued()
    refused(
        "annual_report_issued_is_final", f"UPDATE reports_annual_report SET {change} WHERE id = %s", report.pk
    )


def test_no_report_is_deleted() -> None:
    refused("annual_report_is_never_removed", "DELETE FROM reports_annual_report WHERE id = %s", draft().pk)


def test_reports_are_not_truncated() -> None:
    issued()
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    refused("annual_report_is_never_removed", "TRUNCATE reports_annual_report CASCADE")


def test_figures_are_not_changed_without_their_hash() -> None:
    report = draft()
    change = f"UPDATE {TABLE} SET figures = jsonb_set(figures, '{{books,totals,in}}', '1') WHERE id = %s"
    refused("annual_report_hash_is_of_its_figures", change, report.pk)


def test_a_hash_is_not_changed_without_its_figures() -> None:
    change = "UPDATE reports_annual_report SET figures_hash = repeat('0', 64) WHERE id = %s"
    refused("annual_report_hash_is_of_its_figures", change, draft().pk)


def test_figures_hold_no_fractions() -> None:
    change = f"UPDATE {TABLE} SET figures = jsonb_set(figures, '{{books,totals,in}}', '1.5') WHERE id = %s"
    refused("annual_report_figures_are_integers", change, draft().pk)


def test_a_report_is_not_issued_straight_from_computing() -> None:
    change = "UPDATE reports_annual_report SET state = 'issued' WHERE id = %s"
    refused("annualreport_moves_by_its_workflow", change, requested().pk)


def test_a_report_is_not_issued_without_words() -> None:
    report = issued()
    change = (
        "UPDATE reports_annual_report SET state = 'issued', certificate_id = %s, pdf_id = %s, pdf_hash = 'x',"
    )
    change += " issue_facts = '{}', issued_by_id = requested_by_id, issued_at = now() WHERE id = %s"
    other = draft(2024)
    refused("annual_report_issued_with_words", change, report.certificate_id, report.pdf_id, other.pk)


def test_a_report_is_not_issued_without_pdf_and_certificate() -> None:
    change = "UPDATE reports_annual_report SET state = 'issued' WHERE id = %s"
    refused("annual_report_issued_with_pdf_and_certificate", change, written().pk)


def test_a_draft_has_figures() -> None:
    change = "UPDATE reports_annual_report SET state = 'draft' WHERE id = %s"
    refused("annual_report_draft_has_figures", change, requested().pk)


@pytest.mark.parametrize("column", ["year", "version", "subject_code"])
def test_what_a_report_is_about_never_changes(column: str) -> None:
    value = "'JJ-0'" if column == "subject_code" else f"{column} + 1"
    change = f"UPDATE reports_annual_report SET {column} = {value} WHERE id = %s"
    refused("annual_report_keeps_its_subject", change, draft().pk)


def test_two_versions_are_never_open_at_once() -> None:
    sql = copied(draft(), version="version + 1", state="'computing'", correction_note="'why'")
    refused("annual_report_one_open_version", sql)


def test_versions_leave_no_gap() -> None:
    sql = copied(issued(), version="version + 2", state="'computing'", correction_note="'why'")
    refused("annual_report_versions_are_consecutive", sql)


def test_a_version_is_not_begun_as_issued() -> None:
    sql = copied(issued(), version="version + 1", correction_note="'why'")
    refused("annualreport_moves_by_its_workflow", sql)


def test_a_correction_says_why() -> None:
    sql = copied(issued(), version="version + 1", state="'computing'")
    refused("annual_report_correction_says_why", sql)
