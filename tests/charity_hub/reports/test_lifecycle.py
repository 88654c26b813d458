from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from charity_hub.documents.certificates import find
from charity_hub.errors import Refused
from charity_hub.jobs.models import Job
from charity_hub.reports import actions
from charity_hub.reports.frozen_figures import digest
from charity_hub.reports.models import AnnualReport, ReportState
from charity_hub.reports.printing import make_again
from charity_hub.workflow.actions import history
from tests import cast
from tests.charity_hub.reports.scenes import (
    WORDS,
    YEAR,
    computed,
    draft,
    fund_of_2024,
    issue,
    issued,
    recomputing,
    requested,
    versions,
    written,
)

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-03-05 10:00+08:00")]


def test_request_makes_a_version_and_a_job() -> None:
    report = requested()
    assert (report.version, report.state, report.region_id) == (1, ReportState.COMPUTING, "440605011")
    assert Job.objects.get(pk=report.job_id or 0).arguments == {"report": report.pk}


def test_request_twice_is_one_version_and_one_job() -> None:
    assert requested().pk == requested().pk
    assert Job.objects.count() == 1


def test_request_after_a_failed_job_queues_another() -> None:
    report = requested()
    Job.objects.update(state="failed")
    again = requested()
    assert again.pk == report.pk
    assert again.job_id != report.job_id


def test_request_of_an_issued_year_changes_nothing() -> None:
    report = issued()
    assert requested().pk == report.pk
    assert versions().count() == 1


def test_staff_of_another_street_has_no_report_made() -> None:
    with pytest.raises(PermissionDenied):
        requested(actor=cast.jun())


def test_staff_of_another_street_issues_nothing() -> None:
    report = written()
    with pytest.raises(PermissionDenied):
        issue(report, cast.jun())


@pytest.mark.parametrize("year", [2023, 2027])
def test_request_outside_the_funds_years_is_refused(year: int) -> None:
    with pytest.raises(Refused, match=r"2024.*2026") as refused:
        requested(year)
    assert refused.value.field == "year"


def test_request_of_an_unknown_fund_is_refused() -> None:
    with pytest.raises(Refused, match="JJ-0"):
        actions.request_report("fund", "JJ-0", YEAR, actor=None)


def test_many_requests_tell_those_refused_apart() -> None:
    fund_of_2024()
    batch = actions.request_reports("fund", [cast.FUND_CODE, "JJ-0"], YEAR, actor=None)
    assert [report.subject_code for report in batch.reports] == [cast.FUND_CODE]
    assert [code for code, _sentence in batch.refused] == ["JJ-0"]


def test_computing_freezes_the_figures_with_their_hash() -> None:
    report = draft()
    assert report.state == ReportState.DRAFT
    assert report.figures_hash == digest(report.figures)


def test_computing_twice_keeps_the_first_figures() -> None:
    report = requested()
    computed(report)
    at = report.computed_at
    assert computed(report).computed_at == at
    assert history(report).count() == 2


def test_words_are_saved_with_their_writer() -> None:
    report = written()
    assert (report.results, report.words_version) == (WORDS["results"], 1)
    assert report.words_by == cast.mei()


def test_words_of_two_writers_do_not_overwrite_each_other() -> None:
    report = written()
    with pytest.raises(Refused, match="梅示例"):
        actions.write_words(report, results="另一版", problems="", next_plan="", seen=0, actor=cast.ada())
    report.refresh_from_db()
    assert report.results == WORDS["results"]


def test_the_same_words_again_are_quiet() -> None:
    report = written()
    assert actions.write_words(report, **WORDS, seen=0, actor=cast.ada()).words_version == 1


def test_recompute_brings_new_figures_into_the_draft() -> None:
    report = recomputing(written())
    assert report.state == ReportState.COMPUTING
    assert computed(report).state == ReportState.DRAFT
    assert report.results == WORDS["results"]


def test_issue_stores_pdf_certificate_and_hashes() -> None:
    report = issued()
    assert report.state == ReportState.ISSUED
    assert report.pdf is not None
    assert report.pdf.sha256 == report.pdf_hash
    assert report.certificate is not None
    found = find(report.certificate.code)
    assert found is not None
    assert found.facts["figures_hash"] == report.figures_hash


def test_issue_twice_is_quiet() -> None:
    report = issued()
    again = issue(report, cast.ada())
    assert (again.issued_by, again.pdf_id) == (cast.mei(), report.pdf_id)


def test_issue_without_words_is_refused() -> None:
    with pytest.raises(Refused):
        issue(draft())


def test_issue_while_the_year_lasts_is_refused() -> None:
    report = written(2026)
    with pytest.raises(Refused, match="2026"):
        issue(report)


def test_issue_while_computing_is_refused() -> None:
    report = recomputing(written())
    with pytest.raises(Refused):
        issue(report)


def test_issued_words_and_figures_are_final() -> None:
    report = issued()
    with pytest.raises(Refused):
        actions.write_words(report, results="改", problems="改", next_plan="改", seen=1, actor=cast.mei())
    with pytest.raises(Refused):
        recomputing(report)


def test_pages_made_again_are_the_same_to_the_bit() -> None:
    remade = make_again(AnnualReport.objects.get(pk=issued().pk))
    assert remade.same
    assert remade.same_layout


def test_a_changed_file_in_the_archive_is_noticed() -> None:
    report = issued()
    assert report.pdf is not None
    Path(report.pdf.file.path).write_bytes(b"%PDF-1.7 something else")
    remade = make_again(AnnualReport.objects.get(pk=report.pk))
    assert not remade.same
    assert remade.stored != report.pdf_hash


def test_correction_is_a_new_version_with_the_words_of_the_old() -> None:
    first = issued()
    second = actions.correct(first, "更正受益人次。", actor=cast.mei())
    assert (second.version, second.state, second.results) == (2, ReportState.COMPUTING, first.results)
    assert actions.correct(first, "再来一次。", actor=cast.mei()).pk == second.pk
    assert versions().count() == 2


def test_correction_needs_a_note() -> None:
    with pytest.raises(Refused) as refused:
        actions.correct(issued(), "  ", actor=cast.mei())
    assert refused.value.field == "reason"


def test_correction_of_a_draft_is_refused() -> None:
    with pytest.raises(Refused):
        actions.correct(draft(), "更正。", actor=cast.mei())


def test_issued_correction_replaces_the_old_version_and_leaves_it_readable() -> None:
    first = issued()
    second = issue(computed(actions.correct(first, "更正。", actor=cast.mei())))
    first.refresh_from_db()
    assert (first.state, second.version) == (ReportState.ISSUED, 2)
    assert first.certificate is not None
    assert "2" in first.certificate.revoked_why
    assert list(AnnualReport.objects.latest_issued()) == [second]
    assert make_again(AnnualReport.objects.get(pk=first.pk)).same
