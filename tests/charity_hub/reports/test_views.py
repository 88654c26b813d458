import hashlib
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from charity_hub.ledger.actions import close_month
from charity_hub.ledger.models import Book
from charity_hub.people.models import User
from charity_hub.reports import actions
from charity_hub.reports.models import AnnualReport, ReportState
from tests import cast
from tests.builders import gift
from tests.cast import client_of
from tests.charity_hub.reports.scenes import (
    WORDS,
    YEAR,
    computed,
    draft,
    fund_of_2024,
    issue,
    issued,
    requested,
    versions,
    written,
)

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-03-05 10:00+08:00")]

WRITING = ("desk_words", "issue", "correct", "discard")


def url(name: str, report: AnnualReport) -> str:
    return reverse(f"reports:{name}", args=[report.pk])


def copies(report: AnnualReport, count: int) -> None:
    """The same report for ``count`` earlier years, past the guards that would want each one made."""
    made = []
    for year in range(report.year - count, report.year):
        copy = AnnualReport.objects.get(pk=report.pk)
        copy.pk, copy.year = None, year
        made.append(copy)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        AnnualReport.objects.bulk_create(made)
        cursor.execute("SET session_replication_role = DEFAULT")


# --- the public's pages ---


def test_the_same_code_of_another_kind_is_another_report() -> None:
    report = issued()
    of_a_station = reverse("reports:report", args=["station", report.subject_code, report.year])
    assert Client().get(of_a_station).status_code == 404


@pytest.mark.parametrize("rest", ["", "1/", "1/figures.json"])
def test_an_address_from_before_there_were_kinds_leads_to_the_report(rest: str) -> None:
    report = issued()
    client, old = Client(), f"/reports/{report.subject_code}/{report.year}/{rest}"
    answer = client.get(old)
    new = f"/reports/fund/{report.subject_code}/{report.year}/{rest}"
    assert (answer.status_code, answer["Location"]) == (301, new)
    assert client.get(new).status_code == 200


def test_anyone_finds_an_issued_report() -> None:
    report = issued()
    page = Client().get(reverse("reports:list"))
    assert report.get_absolute_url() in page.text


def test_the_home_page_leads_to_the_reports_issued_last() -> None:
    draft()
    assert "Latest annual reports" not in client_of(None).get("/").text
    report = issued()
    assert f'<a href="{report.get_absolute_url()}">' in client_of(None).get("/").text


def test_nobody_outside_sees_a_draft() -> None:
    report = written()
    assert report.subject_name not in Client().get(reverse("reports:list")).text
    assert Client().get(report.get_absolute_url()).status_code == 404


def test_the_public_page_shows_figures_words_and_pdf() -> None:
    fund_of_2024()
    gift(given_on=date(YEAR, 4, 1), amount_fen=123_456)
    report = issued()
    page = Client().get(reverse("reports:report", args=["fund", cast.FUND_CODE, YEAR]))
    assert "¥1,234.56" in page.text
    assert WORDS["results"] in page.text
    assert reverse("documents:document", args=[report.pdf_id]) in page.text


def test_anyone_downloads_the_pdf_of_an_issued_report() -> None:
    report = issued()
    answer = Client().get(reverse("documents:document", args=[report.pdf_id]))
    assert answer.status_code == 200
    assert hashlib.sha256(answer.getvalue()).hexdigest() == report.pdf_hash


def test_the_frozen_figures_hash_to_what_the_report_prints() -> None:
    report = issued()
    answer = Client().get(reverse("reports:figures", args=["fund", cast.FUND_CODE, YEAR, 1]))
    assert hashlib.sha256(answer.content).hexdigest() == report.figures_hash


def test_a_replaced_version_stays_readable_and_says_so() -> None:
    first = issued()
    second = issue(computed(actions.correct(first, "更正。", actor=cast.mei())))
    page = Client().get(first.get_absolute_url())
    assert second.get_absolute_url() in page.text
    assert (
        Client().get(reverse("reports:report", args=["fund", cast.FUND_CODE, YEAR])).context["report"]
        == second
    )


def test_the_verify_page_tells_of_the_replacement() -> None:
    first = issued()
    assert first.certificate is not None
    verify = reverse("documents:verify", args=[first.certificate.code])
    assert first.figures_hash in Client().get(verify).text
    issue(computed(actions.correct(first, "更正。", actor=cast.mei())))
    first.certificate.refresh_from_db()
    assert first.certificate.revoked_why in Client().get(verify).text


def test_anyone_may_ask_whether_the_books_have_changed() -> None:
    report = issued()
    unchanged = Client().get(report.get_absolute_url(), {"compare": 1})
    assert (unchanged.context["compared"], unchanged.context["changes"]) == (True, [])
    gift(given_on=date(YEAR, 5, 1), amount_fen=4_321)
    assert "¥43.21" in Client().get(report.get_absolute_url(), {"compare": 1}).text


# --- the desk ---


@pytest.mark.parametrize("name", ["mei", "ping", "yan", "hua", "ada"])
def test_whoever_has_the_fund_in_scope_reads_its_draft(name: str) -> None:
    report = draft()
    client = client_of(getattr(cast, name)())
    assert client.get(url("desk_detail", report)).status_code == 200
    assert client.get(url("desk_preview", report))["Content-Type"] == "application/pdf"


@pytest.mark.parametrize("name", ["jun", "rui"])
def test_another_streets_report_is_not_found(name: str) -> None:
    report = draft()
    assert client_of(getattr(cast, name)()).get(url("desk_detail", report)).status_code == 404


@pytest.mark.parametrize("name", ["wen", "lan", "bo"])
def test_people_without_the_role_are_refused(name: str) -> None:
    assert client_of(getattr(cast, name)()).get(reverse("reports:desk_list")).status_code == 403


def test_strangers_are_led_to_sign_in() -> None:
    assert Client().get(reverse("reports:desk_list")).status_code == 302


@pytest.mark.parametrize("name", ["ping", "yan", "hua"])
@pytest.mark.parametrize("view", WRITING)
def test_readers_do_not_write(name: str, view: str) -> None:
    report = written()
    assert client_of(getattr(cast, name)()).post(url(view, report), {}).status_code == 403


def test_street_staff_of_elsewhere_do_not_write() -> None:
    report = written()
    assert [client_of(cast.jun()).post(url(view, report), {}).status_code for view in WRITING] == [404] * 4


def test_the_button_makes_the_reports_of_ones_own_street() -> None:
    fund_of_2024()
    client_of(cast.jun()).post(reverse("reports:desk_make"), {"year": YEAR})
    assert not versions().exists()
    client_of(cast.mei()).post(reverse("reports:desk_make"), {"year": YEAR})
    assert versions().get().requested_by == cast.mei()


def test_the_button_needs_a_year() -> None:
    answer = client_of(cast.mei()).post(reverse("reports:desk_make"), {"year": "soon"}, follow=True)
    assert [str(message) for message in answer.context["messages"]]


def test_the_button_tells_what_it_began_from_what_was_there() -> None:
    fund_of_2024()
    client, make = client_of(cast.mei()), reverse("reports:desk_make")
    first, again = (client.post(make, {"year": YEAR}, follow=True).context["messages"] for _press in range(2))
    assert [str(message).split(":")[0] for message in first] == [f"1 report of {YEAR} is queued"]
    assert [str(message).split(";")[0] for message in again] == [
        f"1 report of {YEAR} already exists or is being created"
    ]


def test_progress_is_shown_while_figures_are_computed() -> None:
    report = requested()
    client = client_of(cast.mei())
    assert reverse("jobs:progress", args=[report.job_id]) in client.get(url("desk_detail", report)).text
    years = reverse("reports:desk_years")
    assert years in client.get(years).text
    computed(report)
    assert f'hx-get="{years}"' not in client.get(years).text


def test_the_list_asks_for_itself_again_while_figures_are_computed() -> None:
    report = requested()
    client, address = client_of(cast.mei()), reverse("reports:desk_list") + "?state=computing"
    poll = f'hx-get="{address}"'
    assert poll in client.get(address).text
    assert poll in client.get(address, headers={"HX-Request": "true", "HX-Request-Type": "partial"}).text
    computed(report)
    assert poll not in client.get(address).text


def test_words_are_written_on_the_page() -> None:
    report = draft()
    client_of(cast.mei()).post(url("desk_words", report), WORDS | {"seen": 0})
    report.refresh_from_db()
    assert report.next_plan == WORDS["next_plan"]


def test_the_second_writer_keeps_the_text_and_sees_who_was_first() -> None:
    report = written()
    page = client_of(cast.ada()).post(url("desk_words", report), WORDS | {"results": "我的稿子", "seen": 0})
    assert "我的稿子" in page.text
    assert cast.mei().name in page.text


def test_a_report_is_issued_from_the_desk() -> None:
    report = written()
    client = client_of(cast.mei())
    assert WORDS["results"] in client.get(url("issue", report)).text
    client.post(url("issue", report))
    report.refresh_from_db()
    assert report.issued_by == cast.mei()


def test_the_year_is_closed_with_the_report_unless_the_tick_is_taken_out() -> None:
    report, client = written(), client_of(cast.mei())
    assert 'name="close_year"' in client.get(url("issue", report)).text
    client.post(url("issue", report), {"close_year": "on"})
    assert Book.objects.get().closed_through == date(YEAR, 12, 31)


def test_without_the_tick_the_year_stays_open() -> None:
    report = written()
    client_of(cast.mei()).post(url("issue", report))
    report.refresh_from_db()
    assert report.issued_by == cast.mei()
    assert Book.objects.get().closed_through is None


def test_a_report_that_is_refused_closes_nothing() -> None:
    report = written()
    gift(given_on=date(YEAR, 5, 1))
    client_of(cast.mei()).post(url("issue", report), {"close_year": "on"})
    assert Book.objects.get().closed_through is None


def test_what_the_year_leaves_undone_is_said_before_the_issue() -> None:
    fund_of_2024()
    gift(given_on=date(YEAR, 12, 30), amount_fen=12_300)
    assert "¥123.00 of cash" in client_of(cast.mei()).get(url("issue", written())).text


def test_a_closed_year_is_not_asked_about_again() -> None:
    report = written()
    close_month(Book.objects.get(), date(YEAR, 12, 1))
    page = client_of(cast.mei()).get(url("issue", report)).text
    assert WORDS["results"] in page
    assert 'name="close_year"' not in page


def test_why_a_report_cannot_be_issued_is_said_on_the_page() -> None:
    report = draft()
    page = client_of(cast.mei()).post(url("issue", report))
    assert page.status_code == 200
    assert page.context["form"].non_field_errors()


def test_a_correction_is_begun_on_the_desk() -> None:
    report = issued()
    client = client_of(cast.mei())
    client.post(url("correct", report), {"reason": "更正受益人次。"})
    assert versions()[0].correction_note == "更正受益人次。"


def test_a_draft_is_computed_anew_from_the_desk() -> None:
    report = written()
    client_of(cast.mei()).post(url("recompute", report))
    report.refresh_from_db()
    assert report.state == ReportState.COMPUTING


def test_an_issued_report_is_made_again_and_compared() -> None:
    page = client_of(cast.yan()).get(url("desk_again", issued()))
    assert page.context["remade"].same


def test_an_issued_report_has_no_draft_preview() -> None:
    report = issued()
    assert client_of(cast.mei()).get(url("desk_preview", report)).status_code == 302


def test_what_waits_for_the_street_is_on_its_desk() -> None:
    fund_of_2024()
    page = client_of(cast.mei()).get(reverse("portal:desk"))
    assert "2026-05-31" in page.text
    report = draft()
    assert url("desk_detail", report) in client_of(cast.mei()).get(reverse("portal:desk")).text
    assert url("desk_detail", report) not in client_of(cast.jun()).get(reverse("portal:desk")).text


# --- queries: session and user, the count and the page, the choices of years, and on the desk memberships
# and years ---


def queries(path: str, person: User | None = None) -> int:
    client = client_of(person)
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["list", "desk_list"])
def test_lists_take_as_many_queries_for_fifty_reports_as_for_one(name: str) -> None:
    report = issued()
    path = reverse(f"reports:{name}") + "?per_page=100"
    person = cast.mei() if name == "desk_list" else None
    few = queries(path, person)
    copies(report, 49)
    assert queries(path, person) == few <= 16


def test_a_report_page_takes_a_fixed_number_of_queries() -> None:
    report = issued()
    assert queries(report.get_absolute_url()) <= 6
    assert queries(url("desk_detail", report), cast.mei()) <= 14
